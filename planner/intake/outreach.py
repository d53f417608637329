"""Rows about fairs, tours and posts -> nouns of the model, each with the row it came from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Final, TypedDict, TypeVar

from planner.errors import Issue
from planner.intake import outreachcolumns as columns
from planner.intake.codes import Code
from planner.intake.column import Table
from planner.intake.found import Found
from planner.intake.rosterwords import parse_sex
from planner.intake.tables import Row, noun_cells, read_table
from planner.model.fairs import (
    Exhibitor,
    ExhibitorId,
    Fair,
    FairId,
    FairKind,
    Need,
    Resource,
    ResourceId,
    SeekerCount,
    Venue,
    VenueId,
)
from planner.model.fleet import VehicleTypeId
from planner.model.jobs import Post, PostId, Result, SeekerId, SexReason, Wish
from planner.model.outreach import Outreach
from planner.model.people import Sex
from planner.model.places import DestinationId, PlaceId
from planner.model.tours import Broker, NeedId, Squad, SquadId, TimeOfVisit, VisitNeed

T = TypeVar("T")

_NEED: Final = re.compile(r"([^\s:：]+)\s*[:：]\s*([1-9]\d{0,3})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOutreach:
    """The tables of :class:`Outreach`, row by row."""

    venues: tuple[Found[Venue], ...]
    resources: tuple[Found[Resource], ...]
    exhibitors: tuple[Found[Exhibitor], ...]
    fairs: tuple[Found[Fair], ...]
    seekers: tuple[Found[SeekerCount], ...]
    squads: tuple[Found[Squad], ...]
    visits: tuple[Found[VisitNeed], ...]
    brokers: tuple[Found[Broker], ...]
    posts: tuple[Found[Post], ...]
    wishes: tuple[Found[Wish], ...]
    results: tuple[Found[Result], ...] = ()
    """Read apart, for they need the others (``intake/results.py``)."""

    def to_outreach(self) -> Outreach:
        """Drop the rows they came from."""
        tables = {
            entry.name: tuple(found.value for found in getattr(self, entry.name)) for entry in fields(self)
        }
        return Outreach(**tables)


def read_outreach(folder: Path, issues: list[Issue]) -> FoundOutreach:
    """Read the CSV tables of fairs, tours and posts; troubles are added to ``issues``."""

    def found(table: Table, make: Callable[[Row], T]) -> tuple[Found[T], ...]:
        return tuple(Found(row=row, value=make(row)) for row in read_table(folder, table, issues=issues))

    return FoundOutreach(
        venues=found(columns.VENUES, _venue),
        resources=found(columns.RESOURCES, _resource),
        exhibitors=found(columns.EXHIBITORS, _exhibitor),
        fairs=found(columns.FAIRS, _fair),
        seekers=found(columns.SEEKERS, _seekers),
        squads=found(columns.SQUADS, _squad),
        visits=found(columns.VISITS, _visit),
        brokers=found(columns.BROKERS, _broker),
        posts=found(columns.POSTS, _post),
        wishes=found(columns.WISHES, _wish),
    )


def outreach_rows(outreach: Outreach) -> dict[Table, list[tuple[str, ...]]]:
    """The cells of each table that has any."""
    tables = {table: getattr(outreach, table.file.removesuffix(".csv")) for table in columns.TABLES}
    return {table: noun_cells(table, nouns) for table, nouns in tables.items() if nouns}


class _Days(TypedDict):
    first_day: date | None
    last_day: date | None
    weekdays: tuple[int, ...]
    closed: tuple[date, ...]


def _days(row: Row) -> _Days:
    return _Days(
        first_day=row.find_date("first_day"),
        last_day=row.find_date("last_day"),
        weekdays=tuple(sorted(row.choices("weekdays", _weekday, fallback=1))),
        closed=row.dates("closed"),
    )


def _weekday(word: str) -> int:
    if word not in columns.WEEKDAYS:
        raise ValueError(word)
    return int(word)


Id = TypeVar("Id", bound=str)


def _optional(row: Row, name: str, *, kind: Callable[[str], Id]) -> Id | None:
    value = row.text(name)
    return kind(value) if value else None


def _venue(row: Row) -> Venue:
    return Venue(
        id=VenueId(row.text("id")),
        name=row.text("name"),
        place_id=PlaceId(row.text("place_id")),
        capacity=row.integer("capacity"),
        booths=row.integer("booths"),
        kinds=row.choices("kinds", FairKind, fallback=FairKind.ON_SITE),
        fen_per_day=row.integer("fen_per_day"),
        **_days(row),
    )


def _resource(row: Row) -> Resource:
    return Resource(id=ResourceId(row.text("id")), name=row.text("name"), count=row.integer("count"))


def _exhibitor(row: Row) -> Exhibitor:
    return Exhibitor(
        id=ExhibitorId(row.text("id")),
        destination_id=DestinationId(row.text("destination_id")),
        employer=row.text("employer"),
        booths=row.integer("booths"),
        most_fairs=row.integer("most_fairs"),
        fen_per_fair=row.integer("fen_per_fair"),
        county=row.text("county"),
        **_days(row),
    )


def _fair(row: Row) -> Fair:
    return Fair(
        id=FairId(row.text("id")),
        name=row.text("name"),
        kind=row.choice("kind", FairKind, fallback=FairKind.ON_SITE),
        township_id=_optional(row, "township_id", kind=PlaceId),
        venues=tuple(VenueId(name) for name in row.texts("venues")),
        first_day=row.date("first_day"),
        last_day=row.date("last_day"),
        starts=row.time("starts"),
        ends=row.time("ends"),
        expected_visitors=row.integer("expected_visitors"),
        sectors=row.texts("sectors"),
        exhibitors=tuple(ExhibitorId(name) for name in row.texts("exhibitors")),
        needs=_needs(row),
        before_peak=row.flag("before_peak"),
        announced=row.find_date("announced"),
    )


def _needs(row: Row) -> tuple[Need, ...]:
    needs: list[Need] = []
    for part in row.texts("needs"):
        match = _NEED.fullmatch(part)
        if match is None:
            row.report(Code.FAIRS_NEED, "needs", value=part)
        else:
            needs.append(Need(resource_id=ResourceId(match[1]), count=int(match[2])))
    return tuple(needs)


def _seekers(row: Row) -> SeekerCount:
    return SeekerCount(
        village_id=PlaceId(row.text("village_id")), sector=row.text("sector"), heads=row.integer("heads")
    )


def _squad(row: Row) -> Squad:
    return Squad(
        id=SquadId(row.text("id")),
        name=row.text("name"),
        leader=row.text("leader"),
        leader_phone=row.text("leader_phone"),
        members=row.texts("members"),
        base_id=PlaceId(row.text("base_id")),
        vehicle_type_id=VehicleTypeId(row.text("vehicle_type_id")),
        shift_from=row.time("shift_from"),
        shift_to=row.time("shift_to"),
        skills=row.texts("skills"),
        exhibitors=tuple(ExhibitorId(name) for name in row.texts("exhibitors")),
        overnight=row.flag("overnight"),
        most_visits=row.integer("most_visits"),
        **_days(row),
    )


def _visit(row: Row) -> VisitNeed:
    return VisitNeed(
        id=NeedId(row.text("id")),
        village_id=PlaceId(row.text("village_id")),
        visits=row.integer("visits"),
        spacing_days=row.integer("spacing_days"),
        minutes=row.integer("minutes"),
        value_fen=row.integer("value_fen"),
        skill=row.text("skill"),
        exhibitor=_optional(row, "exhibitor", kind=ExhibitorId),
        when=row.choice("when", TimeOfVisit, fallback=TimeOfVisit.ANY),
        first_day=row.find_date("first_day"),
        last_day=row.find_date("last_day"),
    )


def _broker(row: Row) -> Broker:
    return Broker(
        village_id=PlaceId(row.text("village_id")),
        name=row.text("name"),
        phone=row.text("phone"),
        daytime=row.flag("daytime"),
        evening=row.flag("evening"),
        **_days(row),
    )


def _post(row: Row) -> Post:
    return Post(
        id=PostId(row.text("id")),
        destination_id=DestinationId(row.text("destination_id")),
        employer=row.text("employer"),
        title=row.text("title"),
        sector=row.text("sector"),
        count=row.integer("count"),
        wage_from_yuan=row.integer("wage_from_yuan"),
        wage_to_yuan=row.integer("wage_to_yuan"),
        age_from=row.integer("age_from"),
        age_to=row.integer("age_to"),
        skills=row.texts("skills"),
        sex=_sex(row),
        sex_reason=row.choice("sex_reason", SexReason, fallback=SexReason.MINE)
        if row.has("sex_reason")
        else None,
    )


def _sex(row: Row) -> Sex | None:
    return row.choice("sex", parse_sex, fallback=Sex.FEMALE) if row.has("sex") else None


def _wish(row: Row) -> Wish:
    return Wish(
        id=SeekerId(row.text("id")),
        village_id=_optional(row, "village_id", kind=PlaceId),
        sex=_sex(row),
        age=row.integer("age") if row.has("age") else None,
        group=row.text("group"),
        sectors=row.texts("sectors"),
        skills=row.texts("skills"),
        least_yuan=row.integer("least_yuan"),
        destinations=tuple(DestinationId(name) for name in row.texts("destinations")),
        offered=_optional(row, "offered", kind=PostId),
    )
