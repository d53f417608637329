"""Village and destination names as people write them -> ids. Several candidates are never chosen between.

A name is first looked up as written (full-width, spaces and 简/繁 aside), then by its stem: 红旗, 红旗村,
红旗村委会 and 红旗村民委员会 are one village unless two villages share the stem. What is only *similar* is
suggested, never taken.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from planner.intake.codes import Code
from planner.intake.vendored import simplify
from planner.model.places import Destination, DestinationId, Place, PlaceId, PlaceKind

_SPACE: Final = re.compile(r"\s+")
_VILLAGE_ENDS: Final = ("村民委员会", "村委会", "村委", "村")
_COMMUNITY_ENDS: Final = ("社区居民委员会", "社区居委会", "居民委员会", "居委会", "社区")
_PEOPLES: Final = "瑶|苗|侗|回|壮|土家|彝|白|满|藏|畲|水|布依|仡佬|蒙古|朝鲜|哈尼|傣|黎|傈僳|佤|羌|仫佬|毛南"
_TOWNSHIP_END: Final = re.compile(rf"(?:街道办事处|街道办|街道|办事处|镇|(?:(?:{_PEOPLES})族)*乡)$")
_TAIL: Final = re.compile(r"(?:第?(?:\d+|[一二三四五六七八九十]+))(?:村民小组|小组|组|生产队|队|号|户).*$")
_UP_TO_VILLAGE: Final = re.compile(r".+?(?:村委会|居委会|村|社区)(?=.)")
_UPPER_LEVEL: Final = re.compile(r"[省市州盟县区旗]")
_SHORTEST_STEM: Final = 2
_SUGGESTIONS: Final = 3
_CLOSENESS: Final = 0.6


def tidy(text: str) -> str:
    """The form in which names are compared: half-width, no spaces, simplified."""
    return simplify(_SPACE.sub("", unicodedata.normalize("NFKC", text)))


def township_stem(name: str) -> str:
    """A tidied township name without its kind: 八开 of 八开镇."""
    return _TOWNSHIP_END.sub("", name)


def _split_end(name: str) -> tuple[str, str]:
    """Stem of a tidied village name and its sort: ``村``, ``社区`` or neither."""
    for kind, ends in (("社区", _COMMUNITY_ENDS), ("村", _VILLAGE_ENDS)):
        for end in ends:
            if name.endswith(end) and len(name) > len(end):
                return name[: -len(end)], kind
    return name, ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a name leads to: an id, or the code of why not with what could have been meant."""

    id: str = ""
    code: Code | None = None
    candidates: tuple[str, ...] = ()


class Gazetteer:
    """The villages of a campaign, found by name."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = {place.id: place for place in places if place.kind is PlaceKind.VILLAGE}
        self._exact: defaultdict[str, set[PlaceId]] = defaultdict(set)
        self._stems: defaultdict[str, set[PlaceId]] = defaultdict(set)
        self._sorts: dict[PlaceId, set[str]] = {}
        self._townships = {tidy(place.township): place.township for place in self._places.values()}
        self._townships.pop("", None)
        self._stem_towns: defaultdict[str, set[str]] = defaultdict(set)
        for key in self._townships:
            self._stem_towns[township_stem(key)].add(key)
        for place in self._places.values():
            keys = [tidy(name) for name in (place.name, *place.aliases)]
            self._sorts[place.id] = {_split_end(key)[1] for key in keys}
            for key in keys:
                self._exact[key].add(place.id)
                self._stems[_split_end(key)[0]].add(place.id)
        self._known: dict[tuple[str, str], Match] = {}

    def find_village(self, village: str, township: str = "") -> Match:
        """Find the village that a row means; ``township`` may be empty or stand before the village."""
        key = (village, township)
        if key not in self._known:
            self._known[key] = self._look_up(tidy(village), tidy(township))
        return self._known[key]

    def _look_up(self, village: str, township: str) -> Match:
        if not village:
            return Match(code=Code.VILLAGE_MISSING)
        town = self._find_township(township) if township else ""
        if town is None:
            return Match(code=Code.TOWNSHIP_UNKNOWN, candidates=self._close_townships(township))
        hits = self._search(village, town)
        if len(hits) == 1:
            return self._found(next(iter(hits)), village)
        if hits:
            return Match(code=Code.VILLAGE_AMBIGUOUS, candidates=self._labels(hits))
        elsewhere = self._search(village, "") if town else frozenset[PlaceId]()
        if elsewhere:
            return Match(code=Code.VILLAGE_OTHER_TOWNSHIP, candidates=self._labels(elsewhere))
        return Match(code=Code.VILLAGE_UNKNOWN, candidates=self._close_villages(village, town))

    def _found(self, place_id: PlaceId, village: str) -> Match:
        """A hit; said aloud when 村 was written for what is now a 社区, or the other way round."""
        written = _split_end(village)[1]
        same = not written or written in self._sorts[place_id] or village == place_id
        return Match(
            id=place_id, code=None if same else Code.VILLAGE_OTHER_KIND, candidates=self._labels({place_id})
        )

    def _search(self, village: str, town: str) -> frozenset[PlaceId]:
        """The hits of the first reading of the text that has any."""
        for readings in (
            self._plain(village, town),
            self._with_township(village, town),
            _without_county(village, town),
        ):
            hits = frozenset[PlaceId]().union(*(self._named(name, place) for place, name in readings))
            if hits:
                return hits
        return frozenset()

    def _plain(self, village: str, town: str) -> Iterator[tuple[str, str]]:
        yield town, village

    def _with_township(self, text: str, town: str) -> Iterator[tuple[str, str]]:
        """Readings as 县 + 乡镇 + 村 + 组 in one cell; first by whole township names, then by their stems."""
        whole = [(key, text.partition(key)[2]) for key in self._townships if key in text]
        stems = [
            (key, text[len(stem) :])
            for stem, keys in self._stem_towns.items()
            if len(stem) >= _SHORTEST_STEM and text.startswith(stem)
            for key in keys
        ]
        found = [(key, rest) for key, rest in whole or stems if town in {"", key}]
        if not whole:
            found.append((town, text))
        for key, rest in found:
            for name in _village_parts(rest):
                yield key, name

    def _named(self, name: str, town: str) -> frozenset[PlaceId]:
        """Villages of that name: as written, else by stem and sort, else by stem alone."""
        if name in self._places:
            return self._inside({PlaceId(name)}, town)
        exact = self._inside(self._exact.get(name, set()), town)
        if exact:
            return exact
        stem, kind = _split_end(name)
        by_stem = self._inside(self._stems.get(stem, set()), town)
        same_kind = frozenset(place_id for place_id in by_stem if kind in self._sorts[place_id])
        return same_kind or by_stem

    def _inside(self, found: Iterable[PlaceId], town: str) -> frozenset[PlaceId]:
        return frozenset(
            place_id for place_id in found if not town or tidy(self._places[place_id].township) == town
        )

    def _find_township(self, text: str) -> str | None:
        """The key of a township written with or without its kind, alone or after its county."""
        if text in self._townships:
            return text
        stems = self._stem_towns.get(township_stem(text), set())
        inside = stems or {key for key in self._townships if key in text}
        return next(iter(inside)) if len(inside) == 1 else None

    def _labels(self, ids: Iterable[PlaceId]) -> tuple[str, ...]:
        return tuple(
            sorted(self._places[place_id].township + self._places[place_id].name for place_id in ids)
        )

    def _close_townships(self, text: str) -> tuple[str, ...]:
        close = difflib.get_close_matches(text, sorted(self._townships), _SUGGESTIONS, _CLOSENESS)
        return tuple(self._townships[key] for key in close)

    def _close_villages(self, village: str, town: str) -> tuple[str, ...]:
        ids = self._inside(self._places, town)
        names = sorted({tidy(self._places[place_id].name) for place_id in ids})
        close = difflib.get_close_matches(village, names, _SUGGESTIONS, _CLOSENESS)
        return tuple(label for name in close for label in self._labels(self._inside(self._exact[name], town)))


def _village_parts(text: str) -> Iterator[str]:
    """What may be the village in ``红旗村3组12号`` or ``红旗村老屋院子``."""
    bare = _TAIL.sub("", text)
    if bare:
        yield bare
    leading = _UP_TO_VILLAGE.match(bare)
    if leading:
        yield leading[0]


def _without_county(text: str, town: str) -> Iterator[tuple[str, str]]:
    """Readings of ``洞口县红旗村``: whatever follows a 省, 市, 县 or 区."""
    for mark in _UPPER_LEVEL.finditer(text):
        for name in _village_parts(text[mark.end() :]):
            yield town, name


_CITY_END: Final = re.compile(r"(?<=..)(?:市|站)$")
_PROVINCE: Final = re.compile(r"^.{2,8}?(?:省|自治区)(?=.{2})")


class DestinationFinder:
    """The campaign's destinations, found by name or alias; 邵阳 never finds 邵阳北."""

    def __init__(self, destinations: Sequence[Destination]) -> None:
        self._names = {entry.id: entry.name for entry in destinations}
        self._exact: defaultdict[str, set[DestinationId]] = defaultdict(set)
        self._stems: defaultdict[str, set[DestinationId]] = defaultdict(set)
        for entry in destinations:
            for name in (entry.name, *entry.aliases, entry.id):
                self._exact[tidy(name)].add(entry.id)
                self._stems[_city_stem(tidy(name))].add(entry.id)
        self._known: dict[str, Match] = {}

    def find_destination(self, text: str) -> Match:
        """Find where a row wants to go."""
        if text not in self._known:
            self._known[text] = self._look_up(tidy(text))
        return self._known[text]

    def _look_up(self, text: str) -> Match:
        if not text:
            return Match(code=Code.DESTINATION_MISSING)
        hits = self._exact.get(text) or self._stems.get(_city_stem(text)) or set()
        if len(hits) == 1:
            return Match(id=next(iter(hits)))
        if hits:
            labels = tuple(sorted(self._names[entry] for entry in hits))
            return Match(code=Code.DESTINATION_AMBIGUOUS, candidates=labels)
        close = difflib.get_close_matches(text, sorted(self._exact), _SUGGESTIONS, _CLOSENESS)
        names = {self._names[entry] for name in close for entry in self._exact[name]}
        return Match(code=Code.DESTINATION_UNKNOWN, candidates=tuple(sorted(names)))


def _city_stem(text: str) -> str:
    return _CITY_END.sub("", _PROVINCE.sub("", text))
