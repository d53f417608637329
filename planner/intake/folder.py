"""A campaign folder <-> Campaign. Reading reports every trouble at once; writing is the canonical form.

What is written reads back to an equal Campaign as long as texts are trimmed and on one line, lists hold
no ``|``, calls are in order of arrival, and sex and birth agree with the ID number: the state that
``load_campaign`` itself leaves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Final

from planner.errors import InputError, Issue, Where
from planner.intake import columns
from planner.intake.codes import Code, issue
from planner.intake.column import Table
from planner.intake.dates import moment_text
from planner.intake.dayrows import market_cells
from planner.intake.gazetteer import DestinationFinder, Gazetteer
from planner.intake.messages import messages_text, read_messages
from planner.intake.outline import outline_text, read_outline
from planner.intake.outreach import outreach_rows
from planner.intake.outreachrefs import check_people
from planner.intake.references import check_references
from planner.intake.results import read_results
from planner.intake.roster import has_errors, read_rosters
from planner.intake.rosterfile import roster_bytes
from planner.intake.rosterrow import RosterContext
from planner.intake.scenario import apply_scenario, read_scenario
from planner.intake.settings import Heading, read_settings, settings_text
from planner.intake.structure import Structure, read_structure
from planner.intake.tables import NO_DATE, NO_MOMENT, noun_cells, table_text, write_whole
from planner.intake.tourchecks import check_tours
from planner.model.campaign import Campaign, Direction, Ring, Rules
from planner.model.fleet import Call, Departure, DepartureId
from planner.model.people import Registration
from planner.model.places import Corridor, DestinationId, PlaceId, Stretch

ROSTER_SUFFIXES: Final = (".xlsx", ".csv", ".xls", ".ods")


def load_campaign(
    folder: Path, *, scenario: str = "", undecided: bool = False
) -> tuple[Campaign | None, tuple[Issue, ...]]:
    """Read a campaign folder, or a scenario of it, with every trouble found, in the order of files and rows.

    ``undecided`` takes people without a destination, too: fit for matching, which gives them one, not for a
    plan.

    The Campaign is None when anything but rows of a roster, or results, has an ERROR: half a road network
    would give wrong plans. A bad row of these is left out with its ERROR and the rest loads.
    """
    if not folder.is_dir():
        return None, (issue(Code.FOLDER_MISSING, Where(file=folder.name)),)
    issues: list[Issue] = []
    chosen = read_scenario(folder, scenario, issues=issues)
    heading, rules = read_settings(folder, issues, over=chosen.rules)
    found = read_structure(folder, issues)
    home = heading.direction is Direction.HOME
    check_references(found, heading.first_day, law=rules.fairs, home=home)
    found = apply_scenario(found, chosen, issues=issues)
    check_tours(found, rules.tours, first_day=heading.first_day)
    outline, messages = read_outline(folder, issues), read_messages(folder, issues)
    people, row_issues = _read_people(
        folder, found, first_day=heading.first_day, undecided=undecided, issues=issues
    )
    if people or not has_errors(issues):
        check_people(found.outreach, {person.id for person in people})
    results, result_issues = read_results(folder, found.outreach, unread=found.unread)
    found = replace(found, outreach=replace(found.outreach, results=results))
    usable = not has_errors(issues)
    campaign = _assemble(heading, rules, found=found, outline=outline, people=people) if usable else None
    campaign = None if campaign is None else replace(campaign, scenario=scenario, messages=messages)
    return campaign, _in_order([*issues, *row_issues, *result_issues])


def roster_paths(folder: Path) -> tuple[Path, ...]:
    """The rosters of a folder, by name: ``roster*`` in any format that can be read."""
    found = (path for path in folder.glob("roster*") if path.suffix.lower() in ROSTER_SUFFIXES)
    return tuple(sorted(found))


def _read_people(
    folder: Path, found: Structure, *, first_day: date, undecided: bool, issues: list[Issue]
) -> tuple[tuple[Registration, ...], tuple[Issue, ...]]:
    """The people of all rosters; troubles of whole files go to ``issues``, those of rows come back."""
    paths = roster_paths(folder)
    if not paths:
        issues.append(issue(Code.FILE_MISSING, Where(file=columns.ROSTER.file)))
        return (), ()
    if not found.places or not found.destinations:
        return (), ()  # every row would be wrong for want of places, and that they are missing has been said
    days = {entry.value.departs for entry in found.departures} - {NO_MOMENT}
    context = RosterContext(
        villages=Gazetteer(entry.value for entry in found.places),
        destinations=DestinationFinder(tuple(entry.value for entry in found.destinations)),
        first_day=None if first_day == NO_DATE else first_day,
        days=frozenset(moment.date() for moment in days),
        undecided=undecided,
    )
    rosters = read_rosters(paths, context)
    issues += rosters.file_issues
    return rosters.registrations, rosters.row_issues


def _assemble(
    heading: Heading,
    rules: Rules,
    *,
    found: Structure,
    outline: tuple[Ring, ...],
    people: tuple[Registration, ...],
) -> Campaign:
    return Campaign(
        id=heading.id,
        name=heading.name,
        office=heading.office,
        phone=heading.phone,
        first_day=heading.first_day,
        direction=heading.direction,
        county=heading.county,
        data_note=heading.data_note,
        rules=rules,
        places=tuple(entry.value for entry in found.places),
        roads=tuple(entry.value for entry in found.roads),
        vehicle_types=tuple(entry.value for entry in found.vehicle_types),
        fleet=tuple(entry.value for entry in found.fleet),
        crews=tuple(entry.value for entry in found.crews),
        drivers=tuple(entry.value for entry in found.drivers),
        destinations=tuple(entry.value for entry in found.destinations),
        employers=tuple(entry.value for entry in found.employers),
        corridors=_corridors(found),
        fares=tuple(entry.value for entry in found.fares),
        departures=_departures(found),
        consists=tuple(entry.value for entry in found.consists),
        allotments=tuple(entry.value for entry in found.allotments),
        contracts=tuple(entry.value for entry in found.contracts),
        overrides=tuple(entry.value for entry in found.overrides),
        locks=tuple(entry.value for entry in found.locks),
        outreach=found.outreach.to_outreach(),
        markets=tuple(entry.value for entry in found.markets),
        holidays=tuple(entry.value for entry in found.holidays),
        registrations=people,
        outline=outline,
    )


def _corridors(found: Structure) -> tuple[Corridor, ...]:
    parts: defaultdict[tuple[PlaceId, DestinationId], list[Stretch]] = defaultdict(list)
    for origin, destination, entry in found.stretches:
        parts[origin, destination].append(entry.value)
    return tuple(
        Corridor(origin_id=origin, destination_id=destination, stretches=tuple(stretches))
        for (origin, destination), stretches in parts.items()
    )


def _departures(found: Structure) -> tuple[Departure, ...]:
    calls: defaultdict[DepartureId, list[Call]] = defaultdict(list)
    for departure_id, entry in found.calls:
        calls[departure_id].append(entry.value)
    by_time = attrgetter("arrives", "destination_id")
    return tuple(
        replace(entry.value, calls=tuple(sorted(calls[entry.value.id], key=by_time)))
        for entry in found.departures
    )


def _in_order(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    rank = {table.file: at for at, table in enumerate(columns.FOLDER)}

    def key(entry: Issue) -> tuple[int, Where, str]:
        return rank.get(entry.where.file, len(rank)), entry.where, entry.code

    return tuple(sorted(issues, key=key))


def save_campaign(campaign: Campaign, folder: Path) -> None:
    """Write the folder in canonical form: equal campaigns give equal bytes.

    Raises InputError when the folder holds rosters besides roster.xlsx: they would be read again with it.
    """
    others = [path for path in roster_paths(folder) if path.name != columns.ROSTER.file]
    if others:
        raise InputError([issue(Code.FOLDER_OTHER_ROSTER, Where(file=path.name)) for path in others])
    folder.mkdir(parents=True, exist_ok=True)
    texts = settings_text(campaign)
    texts |= {table.file: table_text(table, rows) for table, rows in _rows(campaign).items()}
    if campaign.messages:
        texts[columns.MESSAGES.file] = messages_text(campaign.messages)
    if campaign.outline:
        texts[columns.OUTLINE_FILE] = outline_text(campaign.outline)
    optional = [table.file for table in columns.TABLES if not table.required]
    for name in (*optional, columns.OUTLINE_FILE, columns.MESSAGES.file):
        if name not in texts:
            (folder / name).unlink(missing_ok=True)
    for name, text in texts.items():
        write_whole(folder / name, text.encode())
    write_whole(folder / columns.ROSTER.file, roster_bytes(campaign))


def _rows(campaign: Campaign) -> dict[Table, list[tuple[str, ...]]]:
    """The cells of each table; optional ones only where there is something in them."""
    calls = [
        (departure.id, call.destination_id, moment_text(call.arrives))
        for departure in campaign.departures
        for call in departure.calls
    ]
    departures = [
        (
            entry.id,
            entry.mode.value,
            entry.number,
            entry.origin_id,
            moment_text(entry.departs),
            str(entry.quota),
            str(entry.fare_fen),
            str(entry.fixed_fen),
            entry.consist,
            entry.employer,
        )
        for entry in campaign.departures
    ]
    tables = {
        columns.PLACES: noun_cells(columns.PLACES, campaign.places),
        columns.ROADS: noun_cells(columns.ROADS, campaign.roads),
        columns.VEHICLE_TYPES: noun_cells(columns.VEHICLE_TYPES, campaign.vehicle_types),
        columns.FLEET: noun_cells(columns.FLEET, campaign.fleet),
        columns.DESTINATIONS: noun_cells(columns.DESTINATIONS, campaign.destinations),
        columns.DEPARTURES: departures,
        columns.CALLS: calls,
    }
    nouns: dict[Table, tuple[object, ...]] = {
        columns.VEHICLES: campaign.crews,
        columns.DRIVERS: campaign.drivers,
        columns.EMPLOYERS: campaign.employers,
        columns.FARES: campaign.fares,
        columns.CONSISTS: campaign.consists,
        columns.ALLOTMENTS: campaign.allotments,
        columns.CHARTERS: campaign.contracts,
        columns.OVERRIDES: campaign.overrides,
        columns.LOCKS: campaign.locks,
        columns.HOLIDAYS: campaign.holidays,
    }
    tables |= {table: noun_cells(table, found) for table, found in nouns.items() if found}
    tables |= outreach_rows(campaign.outreach)
    if campaign.corridors:
        tables[columns.CORRIDORS] = list(_stretch_cells(campaign))
    if campaign.markets:
        tables[columns.MARKETS] = [market_cells(rule) for rule in campaign.markets]
    return tables


def _stretch_cells(campaign: Campaign) -> Iterator[tuple[str, ...]]:
    for road in campaign.corridors:
        for part in road.stretches:
            figures = (part.length_m, part.drive_s // 60, int(part.expressway), int(part.mountain))
            yield (road.origin_id, road.destination_id, *map(str, figures))
