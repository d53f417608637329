"""What came of the campaign as rows: the indicators of a report, and every fair and visit with its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.coachviews import IndicatorRow, ResultRow, TableView
from exports.dates import say_stamp
from exports.words import Value, label, text
from planner.model.fairs import FairKind
from planner.model.jobs import ResultKind
from planner.outcomes import sum_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exports.dossier import Dossier
    from planner.model.campaign import Campaign
    from planner.outcomes import Noted, Outcomes, Outstanding, Tally

_COLUMNS = ("name", "planned", "came", "share", "each")
_ROW_COLUMNS = ("kind", "item", "planned", "day", "visitors", "intents", "hires", "remark")


def build_indicators(found: Outcomes, *, locale: str) -> tuple[IndicatorRow, ...]:
    """Build the rows of a report: what there is nothing of is left out."""
    write = _Writer(locale)
    rows: list[IndicatorRow] = []
    if found.fairs.planned:
        rows.append(write.held("fairs", found.fairs))
        for kind, tally in found.fair_kinds.items():
            name = write.word("of_it", kind=label(FairKind(kind), locale=locale))
            rows.append(write.held("fairs", tally, name=name))
        rows += write.people("fair", found.fairs, to_fill=found.to_fill)
    rows += write.more("fairs", found.more_fairs)
    if found.visits.planned:
        rows.append(write.held("visits", found.visits))
        rows += write.people("visit", found.visits)
    rows += write.more("visits", found.more_visits)
    if found.squads:
        mean = write.word("per_squad", figure=_mean(found.hires_per_squad))
        rows.append(write.row("squads", planned=len(found.squads), came=found.squads_out, each=mean))
    if found.posts:
        percent = write.percent(found.posts_percent)
        rows.append(write.row("posts", planned=found.posts, came=found.hires, share=percent))
    if found.matched:
        rows.append(write.row("matched", planned=found.matched))
    return tuple(rows)


class _Writer:
    """Words of figures in one locale."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def word(self, key: str, **values: Value) -> str:
        return text(f"outcome.figure.{key}", locale=self.locale, **values)

    def percent(self, value: float | None) -> str:
        return "" if value is None else self.word("percent", percent=f"{value:.1f}")

    def row(
        self, key: str, *, planned: int = 0, came: int | None = None, share: str = "", each: str = ""
    ) -> IndicatorRow:
        """A figure; ``came`` None where results do not tell."""
        return IndicatorRow(
            name=self.word(key),
            planned=f"{planned:,}" if planned else "",
            came="" if came is None else f"{came:,}",
            share=share,
            each=each,
        )

    def held(self, key: str, tally: Tally, *, name: str = "") -> IndicatorRow:
        """How many were held of those planned."""
        percent = self.percent(100 * tally.held / tally.planned) if tally.planned else ""
        return IndicatorRow(
            name=name or self.word(key),
            planned=f"{tally.planned:,}",
            came=f"{tally.held:,}",
            share=percent,
            each="",
        )

    def more(self, key: str, tally: Tally) -> Iterator[IndicatorRow]:
        """What was held though nobody planned it, with its people."""
        if tally.held:
            people = {name: f"{getattr(tally, name):,}" for name in ("visitors", "intents", "hires")}
            yield self.row(f"more_{key}", came=tally.held, each=self.word("more_people", **people))

    def people(self, kind: str, tally: Tally, *, to_fill: int = 0) -> Iterator[IndicatorRow]:
        """Visitors, intents and hires, each for one fair or visit."""
        rate = tally.intent_percent
        shares = {
            "visitors": self.percent(100 * tally.visitors / tally.expected) if tally.expected else "",
            "intents": "" if rate is None else self.word("rate", percent=f"{rate:.1f}"),
            "hires": self.percent(100 * tally.hires / to_fill) if to_fill else "",
        }
        planned = {"visitors": tally.expected, "intents": 0, "hires": to_fill}
        for name in ("visitors", "intents", "hires"):
            mean = tally.per_head(name)
            each = "" if mean is None else self.word(f"per_{kind}", figure=_mean(mean))
            yield self.row(
                f"{kind}_{name}",
                planned=planned[name],
                came=getattr(tally, name),
                share=shares[name],
                each=each,
            )


def _mean(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


def name_item(campaign: Campaign, item: str, *, kind: ResultKind) -> str:
    """Name a fair, or a visit by its village."""
    if kind is ResultKind.FAIR:
        return next((fair.name for fair in campaign.outreach.fairs if fair.id == item), item)
    places = {place.id: place.name for place in campaign.places}
    village = next((need.village_id for need in campaign.outreach.visits if item in need.visit_ids), None)
    return item if village is None else f"{places.get(village, village)} {item}"


def say_remark(noted: Noted, *, locale: str) -> str:
    """Word how a result differs from the plan."""
    planned = "" if noted.planned is None else noted.planned.isoformat()
    return text(f"outcome.{noted.remark}", locale=locale, planned=planned, day=noted.result.day.isoformat())


def say_outstanding(campaign: Campaign, entry: Outstanding, *, locale: str) -> str:
    """Word what is over and has no result."""
    return text(
        "outcome.late" if entry.late else "outcome.outstanding",
        locale=locale,
        kind=label(entry.kind, locale=locale),
        item=name_item(campaign, entry.id, kind=entry.kind),
        day=entry.day.isoformat(),
        due=entry.due.isoformat(),
    )


def build_outcome_tables(dossier: Dossier) -> tuple[TableView, ...]:
    """Build the indicators and the rows behind them; nothing before there are results."""
    campaign, locale = dossier.campaign, dossier.locale
    if not campaign.outreach.results:
        return ()
    found = sum_up(campaign, dossier.plan, today=dossier.now.date())
    return (
        _table(dossier, "", rows=build_indicators(found, locale=locale)),
        _table(dossier, "rows_", rows=tuple(_rows(campaign, found, locale=locale))),
    )


def _table(
    dossier: Dossier, key: str, *, rows: tuple[IndicatorRow, ...] | tuple[ResultRow, ...]
) -> TableView:
    word, version = dossier.word, dossier.plan.version
    stamp = word("sheet.stamp", version=version, stamp=say_stamp(dossier.now))
    columns = (
        [f"row_column.{name}" for name in _ROW_COLUMNS] if key else [f"column.{name}" for name in _COLUMNS]
    )
    return TableView(
        name=word(f"outcome.{key}name"),
        title=word(f"outcome.{key}title", campaign=dossier.campaign.name, version=version),
        stamp=stamp,
        foot=f"{word('outcome.holder')}  {stamp}",
        data_note=dossier.campaign.data_note,
        columns=tuple(word(f"outcome.{name}") for name in columns),
        total="",
        rows=rows,
    )


def _rows(campaign: Campaign, found: Outcomes, *, locale: str) -> Iterator[ResultRow]:
    noted = {(entry.result.kind, entry.result.id, entry.result.day): entry for entry in found.noted}
    for result in campaign.outreach.results:
        entry = noted.get((result.kind, result.id, result.day))
        planned = result.day if entry is None else entry.planned
        remarks = [result.note, "" if entry is None else say_remark(entry, locale=locale)]
        yield ResultRow(
            kind=label(result.kind, locale=locale),
            item=name_item(campaign, result.id, kind=result.kind),
            planned="" if planned is None else planned.isoformat(),
            day=result.day.isoformat(),
            visitors=result.visitors,
            intents=result.intents,
            hires=result.hires,
            remark="  ".join(filter(None, remarks)),
        )
    for waiting in found.outstanding:
        yield ResultRow(
            kind=label(waiting.kind, locale=locale),
            item=name_item(campaign, waiting.id, kind=waiting.kind),
            planned=waiting.day.isoformat(),
            day="",
            visitors="",
            intents="",
            hires="",
            remark=say_outstanding(campaign, waiting, locale=locale),
        )
