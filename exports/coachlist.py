"""The passenger list of a trunk coach: who comes with which run, who sits where, who leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.coaches import build_coach_facts, read_coach
from exports.coachviews import CoachGroup, CoachListView
from exports.dates import say_clock
from exports.personrows import PersonRows
from exports.privacy import Sheet
from exports.sheethead import build_head, departure_badge, run_badge, say_seat
from exports.views import BLANK_SIGN
from planner.model.campaign import Direction

if TYPE_CHECKING:
    from exports.coaches import Coach
    from exports.dossier import Dossier, Party
    from exports.views import ManifestRow
    from planner.model.fleet import Departure
    from planner.model.people import Registration

_COLUMNS = {
    Sheet.COACH_LIST: (
        "tick",
        "number",
        "bar",
        "seat",
        "name",
        "sex_age",
        "document",
        "phone",
        "home",
        "employer",
        "note",
    ),
    Sheet.COACH_OPERATOR_LIST: (
        "number",
        "seat",
        "name",
        "sex_age",
        "document_type",
        "document",
        "phone",
        "home",
        "run",
        "destination",
        "employer",
        "note",
    ),
}
_TURNED = {"run": "home.train_list.run", "destination": "home.train_list.stop"}
"""Columns that mean something else on the way home."""
_SIGNATURES = ("present", "absent", "captain", "driver")


def build_coach_list(
    dossier: Dossier, departure: Departure, *, sheet: Sheet = Sheet.COACH_LIST
) -> CoachListView:
    """Build the list of a coach as ``sheet`` may show it (captain: masked papers; operator: full).

    People stand in the order they come: by run as it arrives, then as its manifest calls them. Going home
    they stand by the run that takes them on.
    """
    word, coach = dossier.word, read_coach(dossier, departure)
    groups = _group(dossier, departure)
    parties = [party for people in groups.values() for party in people]
    rows = PersonRows(dossier, parties, day=departure.day, sheet=sheet)
    captains = _captain_notes(dossier, coach)
    return CoachListView(
        departure_id=departure.id,
        head=build_head(
            dossier,
            sheet,
            badge=departure_badge(dossier, departure),
            item=departure.id,
            facts=build_coach_facts(dossier, coach),
        ),
        columns=tuple(_say_column(dossier, name, sheet=sheet) for name in _COLUMNS[sheet]),
        seated=any(dossier.seat_of(person) for party in parties for person in party),
        note_and=word("sheet.note.and"),
        present=word("sheet.manifest.present", blank=BLANK_SIGN),
        groups=tuple(
            _build_group(
                dossier,
                run,
                rows=tuple(
                    rows.build(
                        person, party, captain=captains.get(person.id), ride=(say_seat(dossier, person),)
                    )
                    for party in people
                    for person in party
                ),
            )
            for run, people in groups.items()
        ),
        closing=word("sheet.coach_list.closing", phone=dossier.campaign.phone),
        signatures=tuple(word(f"sheet.signature.{name}") for name in _SIGNATURES),
    )


def _say_column(dossier: Dossier, name: str, *, sheet: Sheet) -> str:
    if dossier.campaign.direction is Direction.HOME and name in _TURNED:
        return dossier.word(_TURNED[name])
    return dossier.word(f"sheet.{sheet}.column.{name}")


def _group(dossier: Dossier, departure: Departure) -> dict[int | None, list[Party]]:
    """Parties by the run that brings them; of a party that splits over departures those of this one."""
    riders = {person.id: person for _, person in dossier.riders(departure.id)}
    groups: dict[int | None, list[Party]] = {}
    seen: set[str] = set()
    for person in sorted(riders.values(), key=dossier.arrival_order):
        if person.id not in seen:
            party = tuple(other for other in dossier.party_of(person) if other.id in riders)
            seen.update(other.id for other in party)
            groups.setdefault(dossier.run_of(person), []).append(party)
    return groups


def _captain_notes(dossier: Dossier, coach: Coach) -> dict[str, str]:
    """Say who leads all of them, and who a group of one firm."""
    groups = {
        each.registration_id: each.employer
        for each in dossier.plan.captains
        if each.departure_id == coach.departure.id and each.employer
    }
    whole = {
        each.registration_id
        for each in dossier.plan.captains
        if each.departure_id == coach.departure.id and not each.employer
    }

    def note(person: Registration) -> str:
        if person.id in groups and person.id not in whole:
            return dossier.word("sheet.note.captain_of", employer=groups[person.id])
        return dossier.word("sheet.note.captain")

    return {person.id: note(person) for person in coach.captains}


def _build_group(dossier: Dossier, run: int | None, *, rows: tuple[ManifestRow, ...]) -> CoachGroup:
    word = dossier.word
    heads = word("sheet.coach_list.heads", heads=len(rows))
    if run is None:
        key = "home" if dossier.campaign.direction is Direction.HOME else "sheet"
        return CoachGroup(time="", come=word(f"{key}.coach_list.alone"), heads=heads, rows=rows)
    route = next(route for route in dossier.routes if route.run == run)
    come = word(f"{'home' if route.home else 'sheet'}.coach_list.come", run=run_badge(dossier, run))
    at_s = route.start_s if route.home else route.arrive_s
    return CoachGroup(time=say_clock(at_s), come=come, heads=heads, rows=rows)
