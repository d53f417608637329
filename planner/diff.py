"""Two plans -> what changed for whom; the only place that moves a calendar event's SEQUENCE."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.change import Change, ChangeKind
from planner.model.agenda import Agenda
from planner.model.events import Appointment, AppointmentKind, EventStatus
from planner.model.plan import Event, Plan, Route
from planner.persondiff import list_person_changes
from planner.told import (
    TOLD_STEP_S,
    end_time_s,
    gather_time_s,
    meet_time_s,
    start_place,
    start_time_s,
    tell_fair,
    tell_visit,
)

if TYPE_CHECKING:
    from datetime import date

    from planner.model.campaign import Campaign
    from planner.model.events import Told


def plan_digest(plan: Plan, text: str) -> str:
    """Name a plan by its canonical JSON ``text`` (``intake.planfile.plan_to_json``), with its version."""
    return f"v{plan.version}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def advance_events(
    campaign: Campaign, routes: Sequence[Route], *, previous: Plan | None
) -> tuple[Event, ...]:
    """Events of the new routes and of runs that were cancelled, by run.

    A uid lives as long as its run number. SEQUENCE rises by one when time, place or status changes
    (RFC 5545 §3.8.7.4) and by nothing else: heads, vehicle and driver may change silently.
    """
    before = {event.run: event for event in previous.events} if previous else {}
    told = {route.run: _told_exactly(campaign, route) for route in previous.routes} if previous else {}
    events: list[Event] = []
    for route in routes:
        fresh = Event(
            uid=f"run-{route.run}@{campaign.id}.breeze",
            sequence=0,
            status=EventStatus.CONFIRMED,
            run=route.run,
            start_s=start_time_s(campaign, route),
            end_s=end_time_s(route),
            place_id=start_place(route),
        )
        old = before.get(route.run)
        if old is not None:
            shown = (old.status, old.start_s, old.end_s, old.place_id)
            moved = shown != (fresh.status, fresh.start_s, fresh.end_s, fresh.place_id)
            moved = moved or told.get(route.run) != _told_exactly(campaign, route)
            fresh = replace(fresh, uid=old.uid, sequence=old.sequence + int(moved))
        events.append(fresh)
    running = {route.run for route in routes}
    for run, old in before.items():
        if run not in running:
            step = int(old.status is not EventStatus.CANCELLED)
            events.append(replace(old, status=EventStatus.CANCELLED, sequence=old.sequence + step))
    return tuple(sorted(events, key=lambda event: event.run))


def advance_appointments(
    campaign: Campaign, agenda: Agenda, *, previous: Plan | None, version: int
) -> tuple[Appointment, ...]:
    """Fairs and visits of version ``version`` for the calendars, and those that were cancelled, by uid.

    As with runs a uid lives as long as its id, and SEQUENCE rises by one when time, place or status changes
    and by nothing else; for another squad or venue it is the status, which is cancelled in the calendar of
    the one before.
    """
    known = () if previous is None or previous.agenda is None else previous.agenda.events
    before = {entry.uid: entry for entry in known}
    fresh = {entry.uid: entry for entry in _list_appointments(campaign, agenda, version=version)}
    gone = [_cancel(old, version=version) for uid, old in before.items() if uid not in fresh]
    kept = [new if uid not in before else _carry(before[uid], new) for uid, new in fresh.items()]
    return tuple(sorted((*kept, *gone), key=lambda entry: entry.uid))


def _list_appointments(campaign: Campaign, agenda: Agenda, *, version: int) -> list[Appointment]:
    places = {venue.id: venue.place_id for venue in campaign.outreach.venues}
    told: list[tuple[AppointmentKind, str, Told]] = []
    for fair in agenda.fairs:
        place = None if fair.venue_id is None else places.get(fair.venue_id)
        told.append((AppointmentKind.FAIR, fair.fair_id, tell_fair(fair, place)))
    told += [(AppointmentKind.VISIT, visit.id, tell_visit(visit)) for visit in agenda.visits]
    return [
        Appointment(
            uid=f"{kind}-{item}@{campaign.id}.breeze",
            sequence=0,
            status=EventStatus.CONFIRMED,
            kind=kind,
            item=item,
            told=what,
            since=version,
        )
        for kind, item, what in told
    ]


def _carry(old: Appointment, new: Appointment) -> Appointment:
    """The appointment of the new plan with the life of the old one."""
    if (old.status, old.told) == (new.status, new.told):
        return old
    hosts = dict.fromkeys((*old.left, old.told.host))
    return replace(
        new,
        sequence=old.sequence + 1,
        was=None if old.told == new.told else old.told,
        left=tuple(host for host in hosts if host != new.told.host),
    )


def _cancel(old: Appointment, *, version: int) -> Appointment:
    if old.status is EventStatus.CANCELLED:
        return old
    return replace(old, status=EventStatus.CANCELLED, sequence=old.sequence + 1, since=version, was=None)


def _told_exactly(campaign: Campaign, route: Route) -> object:
    """What a calendar showed of a run: a few seconds more or less at a stop were told to nobody."""
    times = [meet_time_s(s) if route.home else gather_time_s(campaign, s) for s in route.stops]
    calls = tuple((s.place_id, at, s.gather, s.lat, s.lon) for s, at in zip(route.stops, times, strict=True))
    return route.departure_id, start_time_s(campaign, route) if route.home else None, calls


def _told(route: Route) -> object:
    """What is known of it without the campaign: exact while the lead to gather is whole steps."""
    times = [s.arrive_s if route.home else s.board_s for s in route.stops]
    calls = tuple(
        (s.place_id, at // TOLD_STEP_S, s.gather, s.lat, s.lon)
        for s, at in zip(route.stops, times, strict=True)
    )
    return route.departure_id, route.start_s if route.home else route.arrive_s, calls


def diff_plans(old: Plan, new: Plan) -> tuple[Change, ...]:
    """Every difference that somebody has to be told: runs, coaches, fairs, visits, then persons, in order."""
    return (
        *_run_changes(old, new),
        *_coach_changes(old, new),
        *_agenda_changes(old, new),
        *list_person_changes(old, new),
    )


def _agenda_changes(old: Plan, new: Plan) -> list[Change]:
    """Fairs and visits as people were told of them, then who was offered another post."""
    sides = (old.agenda or Agenda(), new.agenda or Agenda())
    fairs = [
        {fair.fair_id: _figure(fair.day, tell_fair(fair, None)) for fair in side.fairs} for side in sides
    ]
    visits = [{visit.id: _figure(visit.day, tell_visit(visit)) for visit in side.visits} for side in sides]
    posts = [{match.seeker_id: match.post_id for match in side.matches} for side in sides]
    post = ChangeKind.PERSON_POST
    return [
        *_moves(*fairs, kinds=(ChangeKind.FAIR_ADDED, ChangeKind.FAIR_DROPPED, ChangeKind.FAIR_MOVED)),
        *_invitations(*sides),
        *_moves(*visits, kinds=(ChangeKind.VISIT_ADDED, ChangeKind.VISIT_DROPPED, ChangeKind.VISIT_MOVED)),
        *_moves(*posts, kinds=(post, post, post)),
    ]


def _invitations(old: Agenda, new: Agenda) -> list[Change]:
    """Who is newly invited to each fair, called off, or has other booths; the fair may be new or gone."""
    was, now = (
        {fair.fair_id: {one.exhibitor_id: one.booths for one in fair.bookings} for fair in side.fairs}
        for side in (old, new)
    )
    changes: list[Change] = []
    for fair in sorted(was.keys() | now.keys()):
        before, after = was.get(fair, {}), now.get(fair, {})
        added, dropped = (
            " ".join(sorted(one.keys() - other.keys())) for one, other in ((after, before), (before, after))
        )
        other = sorted(firm for firm in before.keys() & after.keys() if before[firm] != after[firm])
        if added:
            changes.append(Change(kind=ChangeKind.FAIR_INVITED, item=fair, now=added))
        if dropped:
            changes.append(Change(kind=ChangeKind.FAIR_CALLED_OFF, item=fair, was=dropped))
        if other:
            had, has = (" ".join(f"{firm}:{side[firm]}" for firm in other) for side in (before, after))
            changes.append(Change(kind=ChangeKind.FAIR_BOOTHS, item=fair, was=had, now=has))
    return changes


def _figure(day: date, told: Told) -> str:
    clock = "-".join(f"{at // 3600 % 24:02d}:{at // 60 % 60:02d}" for at in (told.start_s, told.end_s))
    return f"{day.isoformat()} {clock} {told.host}".strip()


def _moves(
    was: Mapping[Any, str], now: Mapping[Any, str], *, kinds: tuple[ChangeKind, ChangeKind, ChangeKind]
) -> list[Change]:
    """What is new, gone or different, by id; ``kinds`` name the three."""
    added, dropped, moved = kinds
    changes: list[Change] = []
    for item in sorted(was.keys() | now.keys()):
        before, after = was.get(item), now.get(item)
        kind = added if before is None else dropped if after is None else moved
        if before != after:
            changes.append(Change(kind=kind, item=item, was=before or "-", now=after or "-"))
    return changes


def _run_changes(old: Plan, new: Plan) -> list[Change]:
    was = {route.run: route for route in old.routes}
    now = {route.run: route for route in new.routes}
    changes: list[Change] = []
    for run in sorted(was.keys() | now.keys()):
        item = f"run {run}"
        before, after = was.get(run), now.get(run)
        if before is None or after is None:
            kind = ChangeKind.RUN_ADDED if before is None else ChangeKind.RUN_CANCELLED
            changes.append(Change(kind=kind, item=item))
            continue
        if _told(before) != _told(after):
            first, moved = (
                route.start_s if route.home else route.stops[0].board_s for route in (before, after)
            )
            changes.append(Change(kind=ChangeKind.RUN_MOVED, item=item, was=first, now=moved))
        if before.vehicle_id != after.vehicle_id:
            was_vehicle, is_vehicle = before.vehicle_id, after.vehicle_id
            changes.append(Change(kind=ChangeKind.RUN_VEHICLE, item=item, was=was_vehicle, now=is_vehicle))
        if before.heads != after.heads:
            changes.append(Change(kind=ChangeKind.RUN_HEADS, item=item, was=before.heads, now=after.heads))
    return changes


def _coach_changes(old: Plan, new: Plan) -> list[Change]:
    """Of coaches in both plans: what people see when one is new or gone is that their departure changes."""
    was = {run.departure_id: run for run in old.trunk_runs}
    now = {run.departure_id: run for run in new.trunk_runs}
    changes: list[Change] = []
    for item in sorted(was.keys() & now.keys()):
        before, after = was[item], now[item]
        pairs = (
            (ChangeKind.COACH_VEHICLE, before.vehicle_id, after.vehicle_id),
            (ChangeKind.COACH_DRIVERS, " ".join(before.drivers), " ".join(after.drivers)),
        )
        changes += [Change(kind=kind, item=item, was=a, now=b) for kind, a, b in pairs if a != b]
    return changes
