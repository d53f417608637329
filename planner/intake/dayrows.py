"""Rows of markets.csv and holidays.csv -> nouns of the model, as offices write them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from planner.almanac import find_town
from planner.intake.codes import Code
from planner.intake.gazetteer import Gazetteer, tidy, township_stem
from planner.intake.tables import Row
from planner.model.holidays import Holiday, HolidayKind
from planner.model.markets import BRANCHES, HIGHEST, MarketRule, RuleKind
from planner.model.places import Place, PlaceKind

_APART: Final = re.compile(r"[|;、,/\s]+")
_AROUND: Final = re.compile(r"[逢每]|周|星期|礼拜|日$")
_NUMERALS: Final = {word: number for number, word in enumerate("一二三四五六七八九十", start=1)}
_WEEKDAYS: Final = {**{word: _NUMERALS[word] for word in "一二三四五六"}, "日": 7, "天": 7}
_BRANCHES: Final = {word: number for number, word in enumerate(BRANCHES, start=1)}
_WORDS: Final = {
    RuleKind.SOLAR_TAIL: _NUMERALS,
    RuleKind.LUNAR_TAIL: _NUMERALS,
    RuleKind.WEEKDAY: _WEEKDAYS,
    RuleKind.BRANCH_CYCLE: _BRANCHES,
}


def parse_values(text: str, kind: RuleKind) -> tuple[int, ...]:
    """Read ``4|9``, ``四、九``, ``逢五十`` (5 and 10), ``周六``, ``辰戌日``. ValueError when it is none.

    Numerals and branches may stand without anything between them, digits may not: 16 could be one slip or two
    days. 0 is 10 where last digits count.
    """
    words, tails = _WORDS[kind], kind in {RuleKind.SOLAR_TAIL, RuleKind.LUNAR_TAIL}
    values: list[int] = []
    for part in filter(None, _APART.split(unicodedata.normalize("NFKC", text))):
        if part.isdecimal() and part.isascii() and kind is not RuleKind.BRANCH_CYCLE:
            values.append(int(part) or 10 * tails)
            continue
        bare = part if kind is RuleKind.WEEKDAY and part in words else _AROUND.sub("", part)
        bare = "日" if part.endswith(("周日", "期日", "拜日")) else bare
        if not bare or not set(bare) <= set(words):
            raise ValueError(text)
        values += [words[word] for word in bare]
    if not values or min(values) < 1 or max(values) > HIGHEST[kind]:
        raise ValueError(text)
    return tuple(sorted(set(values)))


def value_texts(rule: MarketRule) -> tuple[str, ...]:
    """The values of a rule as markets.csv has them."""
    branch = rule.kind is RuleKind.BRANCH_CYCLE
    return tuple(BRANCHES[value - 1] if branch else str(value) for value in rule.values)


def market_cells(rule: MarketRule) -> tuple[str, ...]:
    """A row of markets.csv."""
    return (
        rule.place,
        rule.kind.value,
        "|".join(value_texts(rule)),
        str(int(rule.also)),
        rule.source,
        rule.note,
    )


class MarketPlaces:
    """Whose market a row means: a township by name, with or without its kind (八开, 八开镇), or one place."""

    def __init__(self, places: Iterable[Place]) -> None:
        known = tuple(places)
        self._places = {place.id: place for place in known}
        self._villages = Gazetteer(known)
        self._towns: defaultdict[str, set[str]] = defaultdict(set)
        self._others: defaultdict[str, set[str]] = defaultdict(set)
        for place in known:
            town = find_town(place)
            if town:
                names = (town, *place.aliases) if place.kind is PlaceKind.TOWNSHIP else (town,)
                for name in names:
                    self._towns[tidy(name)].add(town)
                    self._towns[township_stem(tidy(name))].add(town)
            if place.kind in {PlaceKind.STATION, PlaceKind.DEPOT}:
                self._others[tidy(place.name)].add(place.id)

    def find(self, text: str) -> tuple[str, ...]:
        """What a name can mean, as a rule's ``place``: one, several, or none. 城关(古州) is either name."""
        plain = tidy(text)
        parts = [plain, *filter(None, re.split(r"[()]", plain))]
        hits = {hit for part in dict.fromkeys(parts) for hit in self._look_up(part)}
        return tuple(sorted(hits))

    def _look_up(self, text: str) -> set[str]:
        place = next((place for key, place in self._places.items() if key == text), None)
        if place is not None:
            return {place.name if place.kind is PlaceKind.TOWNSHIP else place.id}
        towns = self._towns.get(text) or self._towns.get(township_stem(text)) or self._others.get(text)
        if towns:
            return set(towns)
        match = self._villages.find_village(text)
        return (
            {match.id} if match.id else set(match.candidates if match.code is Code.VILLAGE_AMBIGUOUS else ())
        )


def read_market_rule(row: Row, places: MarketPlaces) -> MarketRule:
    """Read a row of markets.csv; a place that cannot be told stays as it is written, with an Issue."""
    name, parts = row.text("place"), (part.strip() for part in row.text("values").split("|"))
    text = "|".join(filter(None, parts))
    kind = row.choice("rule_kind", RuleKind, fallback=RuleKind.SOLAR_TAIL)
    values: tuple[int, ...] = (1,)
    if text and "rule_kind" not in row.faults and row.has("rule_kind"):
        try:
            values = parse_values(text, kind)
        except ValueError:
            known = BRANCHES if kind is RuleKind.BRANCH_CYCLE else f"1–{HIGHEST[kind]}"
            row.report(Code.MARKETS_VALUES, "values", value=text, allowed=known)
    hits = places.find(name) if name else ()
    if name and not hits:
        row.report(Code.MARKETS_UNKNOWN_PLACE, "place", value=name)
    if len(hits) > 1:
        row.report(Code.MARKETS_AMBIGUOUS_PLACE, "place", value=name, candidates="、".join(hits))
    return MarketRule(
        place=hits[0] if len(hits) == 1 else name,
        kind=kind,
        values=values,
        also=row.flag("also"),
        source=row.text("source"),
        note=row.text("note"),
    )


def read_holiday(row: Row) -> Holiday:
    """Read a row of holidays.csv."""
    first = row.date("first_day")
    return Holiday(
        name=row.text("name"),
        kind=row.choice("kind", HolidayKind, fallback=HolidayKind.HOLIDAY),
        first_day=first,
        last_day=row.date("last_day") if row.has("last_day") else first,
        source=row.text("source"),
        note=row.text("note"),
    )
