"""Fairs and visits from version to version: uid for life, SEQUENCE by one and only for what was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from planner.diff import advance_appointments
from planner.intake.planfile import plan_to_json, read_plan, write_plan
from planner.model.agenda import Agenda
from planner.model.events import Appointment, EventStatus
from planner.model.fairs import VenueId
from planner.model.plan import Plan
from tests.unit.exports.agendas import agenda_plan, fair_agenda, fair_campaign, moved

if TYPE_CHECKING:
    from pathlib import Path

CAMPAIGN = fair_campaign()
AGENDA = fair_agenda(CAMPAIGN)
OLD = agenda_plan(CAMPAIGN, AGENDA)


def _advance(agenda: Agenda, *, old: Plan = OLD, version: int = 2) -> dict[str, Appointment]:
    events = advance_appointments(CAMPAIGN, agenda, previous=old, version=version)
    return {event.uid.partition("@")[0]: event for event in events}


def test_first_version_begins_at_zero_with_stable_uids() -> None:
    events = _advance(AGENDA, old=replace(OLD, agenda=None), version=1)
    assert {name: event.sequence for name, event in events.items()} == dict.fromkeys(events, 0)
    assert {event.uid for event in events.values()} == {event.uid for event in OLD.agenda.events}  # pyright: ignore[reportOptionalMemberAccess]
    assert events["visit-n1-1"].uid == "visit-n1-1@example-fairs.breeze"
    assert events["fair-f-xixi"].uid == "fair-f-xixi@example-fairs.breeze"


def test_nothing_moves_by_itself() -> None:
    assert tuple(_advance(AGENDA).values()) == OLD.agenda.events  # pyright: ignore[reportOptionalMemberAccess]


def test_a_moved_visit_keeps_its_uid_and_rises_by_one_alone() -> None:
    events = _advance(moved(AGENDA, "n1-2", seconds=86_400))
    risen = {name: event.sequence for name, event in events.items() if event.sequence}
    assert risen == {"visit-n1-2": 1}
    event = events["visit-n1-2"]
    assert event.was is not None
    assert event.told.start_s - event.was.start_s == 86_400
    assert (event.since, event.left) == (2, ())


def test_seconds_nobody_was_told_are_silent() -> None:
    """09:07:30 is told as 09:05, and so is 09:08:00; its end, 10:08:00, as 10:10."""
    assert _advance(moved(AGENDA, "n1-2", seconds=30))["visit-n1-2"].sequence == 0


def test_who_exhibits_and_how_many_come_is_silent() -> None:
    fairs = tuple(replace(fair, bookings=(), expected_visitors=1) for fair in AGENDA.fairs)
    events = _advance(replace(AGENDA, fairs=fairs, squad_days=()))
    assert not any(event.sequence for event in events.values())


def test_another_squad_or_venue_is_told_to_the_one_before() -> None:
    events = _advance(moved(AGENDA, "n3-1", squad="q1"))
    assert (events["visit-n3-1"].sequence, events["visit-n3-1"].left) == (1, ("q2",))
    fairs = tuple(replace(fair, venue_id=VenueId("square")) for fair in AGENDA.fairs)
    events = _advance(replace(AGENDA, fairs=fairs))
    assert (events["fair-f-dongling"].sequence, events["fair-f-dongling"].left) == (1, ("yard",))
    assert (events["fair-f-live"].told.place_id, events["fair-f-live"].left) == ("430525982", ("",))


def test_all_who_had_it_are_kept() -> None:
    second = agenda_plan(CAMPAIGN, moved(AGENDA, "n3-1", squad="q9"), version=2, previous=OLD)
    event = _advance(moved(AGENDA, "n3-1", squad="q1"), old=second, version=3)["visit-n3-1"]
    assert (event.sequence, event.left) == (2, ("q2", "q9"))


def test_back_to_the_first_squad_leaves_the_second() -> None:
    second = agenda_plan(CAMPAIGN, moved(AGENDA, "n3-1", squad="q1"), version=2, previous=OLD)
    event = _advance(AGENDA, old=second, version=3)["visit-n3-1"]
    assert (event.sequence, event.left, event.told.host) == (2, ("q1",), "q2")


def test_cancelled_is_said_once_stays_and_can_come_back() -> None:
    gone = replace(AGENDA, visits=AGENDA.visits[1:])
    second = agenda_plan(CAMPAIGN, gone, version=2, previous=OLD)
    event = _advance(gone, old=second, version=3)["visit-n1-1"]
    assert (event.status, event.sequence, event.since) == (EventStatus.CANCELLED, 1, 2)
    third = agenda_plan(CAMPAIGN, gone, version=3, previous=second)
    back = _advance(AGENDA, old=third, version=4)["visit-n1-1"]
    assert (back.status, back.sequence, back.since, back.was) == (EventStatus.CONFIRMED, 2, 4, None)


def test_a_plan_file_keeps_them(tmp_path: Path) -> None:
    plan = agenda_plan(CAMPAIGN, moved(AGENDA, "n1-2", seconds=3_600), version=2, previous=OLD)
    assert '"events"' in plan_to_json(plan)
    write_plan(tmp_path / "plan.json", plan)
    assert read_plan(tmp_path / "plan.json") == plan


@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["stay", "later", "squad", "drop"])), max_size=8)
)
def test_sequence_counts_changes(steps: list[tuple[int, str]]) -> None:
    """Over any history: one more for each version that changed what was told of a visit, else the same."""
    plan, agenda = OLD, AGENDA
    counts = {visit.id: 0 for visit in AGENDA.visits}
    dropped: set[str] = set()
    for version, (place, act) in enumerate(steps, 2):
        visit = AGENDA.visits[place]
        if act == "drop":
            changed = visit.id not in dropped
            agenda = replace(agenda, visits=tuple(row for row in agenda.visits if row.id != visit.id))
            dropped.add(visit.id)
        elif act == "later" and visit.id not in dropped:
            changed, agenda = True, moved(agenda, visit.id, seconds=int(timedelta(days=1).total_seconds()))
        elif act == "squad" and visit.id not in dropped:
            now = next(row.squad_id for row in agenda.visits if row.id == visit.id)
            changed, agenda = True, moved(agenda, visit.id, squad="q1" if now == "q2" else "q2")
        else:
            changed = False
        counts[visit.id] += changed
        plan = agenda_plan(CAMPAIGN, agenda, version=version, previous=plan)
    assert plan.agenda is not None
    found = {event.item: event for event in plan.agenda.events if event.item in counts}
    assert {item: event.sequence for item, event in found.items()} == counts
    assert {item for item, event in found.items() if event.status is EventStatus.CANCELLED} == dropped
