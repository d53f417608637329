"""The tables of columns say the same as the model."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import date

import pytest

from planner.intake import columns, outreachcolumns
from planner.intake.column import Kind, Table
from planner.intake.rosterhead import Field
from planner.model.campaign import Rules
from planner.model.fairs import Exhibitor, Fair, Resource, SeekerCount, Venue
from planner.model.fleet import Call, Crew, Departure, FleetGroup, VehicleType
from planner.model.jobs import Post, Result, Wish
from planner.model.locks import Lock
from planner.model.places import Destination, Place, Road
from planner.model.tours import Broker, Squad, VisitNeed

NOUNS: list[tuple[Table, type, set[str]]] = [
    (columns.PLACES, Place, set()),
    (columns.ROADS, Road, set()),
    (columns.VEHICLE_TYPES, VehicleType, set()),
    (columns.FLEET, FleetGroup, set()),
    (columns.VEHICLES, Crew, set()),
    (columns.DESTINATIONS, Destination, set()),
    (columns.DEPARTURES, Departure, {"calls"}),
]


OUTREACH: list[tuple[Table, type]] = [
    (outreachcolumns.VENUES, Venue),
    (outreachcolumns.RESOURCES, Resource),
    (outreachcolumns.EXHIBITORS, Exhibitor),
    (outreachcolumns.FAIRS, Fair),
    (outreachcolumns.SEEKERS, SeekerCount),
    (outreachcolumns.SQUADS, Squad),
    (outreachcolumns.VISITS, VisitNeed),
    (outreachcolumns.BROKERS, Broker),
    (outreachcolumns.POSTS, Post),
    (outreachcolumns.WISHES, Wish),
    (outreachcolumns.RESULTS, Result),
    (columns.LOCKS, Lock),
]


@pytest.mark.parametrize(("table", "noun"), OUTREACH, ids=[table.file for table, _ in OUTREACH])
def test_a_table_of_outreach_has_the_fields_of_its_noun_and_their_defaults(table: Table, noun: type) -> None:
    assert sorted(table.names) == sorted(entry.name for entry in fields(noun))
    for entry in fields(noun):
        column = table.get_column(entry.name)
        assert column.required == (entry.default is MISSING)
        if entry.default not in {MISSING, None, ()}:
            value = int(entry.default) if isinstance(entry.default, bool) else entry.default
            assert column.default == str(value)


@pytest.mark.parametrize(("table", "noun", "elsewhere"), NOUNS, ids=[table.file for table, _, _ in NOUNS])
def test_a_table_has_the_fields_of_its_noun(table: Table, noun: type, elsewhere: set[str]) -> None:
    assert table.names == tuple(entry.name for entry in fields(noun) if entry.name not in elsewhere)
    for entry in fields(noun):
        if entry.name not in elsewhere:
            assert table.get_column(entry.name).required == (entry.default is MISSING)


def test_calls_name_their_departure() -> None:
    assert columns.CALLS.names == ("departure_id", *(entry.name for entry in fields(Call)))


def test_rules_have_every_field_and_its_default() -> None:
    rules = Rules(as_of=date(2020, 1, 1))
    expected: dict[str, object] = {"as_of": None, "source": "", "gate_open_min": 30, "gate_close_min": 5}
    for name in ("feeder", "trunk", "driving", "weights", "fairs", "tours", "matching"):
        group = getattr(rules, name)
        expected |= {f"{name}.{entry.name}": getattr(group, entry.name) for entry in fields(group)}
    assert set(columns.RULES.names) == set(expected)
    assert (rules.gate_open_min, rules.gate_close_min) == (30, 5)
    for name, value in expected.items():
        if value is not None:
            assert columns.RULES.get_column(name).default == str(value)


def test_the_roster_has_a_field_for_every_column() -> None:
    assert set(columns.ROSTER.names) == {field.value for field in Field} - {Field.COMPANIONS.value}


def test_every_column_is_explained() -> None:
    for table in columns.FOLDER:
        assert table.meaning
        for column in table.columns:
            assert column.meaning
            assert not (column.required and column.default)
            assert bool(column.choices) == (column.kind in {Kind.CHOICE, Kind.CHOICES})
