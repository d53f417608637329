"""Whether the plan does what a named person fixed by hand for coaches and runs, and says so of every lock.

Fairs and visits have rules of their own. A lock that is not kept is a warning: the plan can be driven, and
who fixed it has to hear of it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from planner.check.case import travel_day
from planner.check.rule import Finding, Rule
from planner.decisions import binding_locks, lock_key
from planner.errors import Severity
from planner.model.fleet import DepartureId
from planner.model.locks import LockKind, LockState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.check.case import Case, Ride
    from planner.errors import Arg
    from planner.model.locks import Lock

_OURS: Final = (LockKind.DEPARTURE, LockKind.ROUTE)
_NOTHING: Final = "-"


def find_unlisted(case: Case) -> Iterator[Finding]:
    """Require that a plan names every lock of a coach or run once, and no lock that nobody made."""
    made = Counter(map(lock_key, case.campaign.locks))
    named = Counter(lock_key(entry.lock) for entry in case.plan.locks)
    for key in sorted(made.keys() | named.keys()):
        kind, item, *_ = key
        if named[key] > made[key] or (named[key] < made[key] and kind in _OURS):
            yield Finding(item, {"item": item, "times": named[key], "right": made[key]})


def find_unkept_departures(case: Case) -> Iterator[Finding]:
    """Require that a locked departure leaves on the day and with the vehicle that somebody fixed."""
    coaches = {run.departure_id: run.vehicle_id for run in case.plan.trunk_runs}
    for lock in binding_locks(case.campaign, case.plan, kind=LockKind.DEPARTURE).values():
        departure = case.departures.get(DepartureId(lock.item))
        day = None if departure is None else travel_day(departure)
        vehicle = coaches.get(DepartureId(lock.item), "")
        if day is None or lock.day not in {None, day} or lock.to not in {"", vehicle}:
            yield _finding(lock.item, lock, found=_write(day, vehicle))


def find_unkept_runs(case: Case) -> Iterator[Finding]:
    """Require that a locked run is driven on the day and by the vehicle that somebody fixed."""
    for lock in binding_locks(case.campaign, case.plan, kind=LockKind.ROUTE).values():
        ride = _find_ride(case, lock)
        day = None if ride is None or ride.departure is None else travel_day(ride.departure)
        vehicle = "" if ride is None else ride.route.vehicle_id
        if ride is None or lock.day not in {None, day} or lock.to not in {"", vehicle}:
            yield _finding(f"run {lock.item}", lock, found=_write(day, vehicle))


def find_untold_runs(case: Case) -> Iterator[Finding]:
    """Require that a locked run is what people were told: its calls, its vehicle and its arrival."""
    broken = {LockState.UNTOLD, LockState.CHANGED, LockState.OTHER_HOST}
    states = {lock_key(entry.lock): entry.state for entry in case.plan.locks}
    for lock in binding_locks(case.campaign, case.plan, kind=LockKind.ROUTE).values():
        ride, state = _find_ride(case, lock), states.get(lock_key(lock), LockState.KEPT)
        visible = ride is None or lock.to not in {"", ride.route.vehicle_id}
        if state in broken and not visible:
            yield _finding(f"run {lock.item}", lock, found=state.value)


def find_expired(case: Case) -> Iterator[Finding]:
    """Require that a lock still held on the day the plan was made."""
    for entry in case.plan.locks:
        if entry.state is LockState.EXPIRED:
            yield _finding(entry.lock.item, entry.lock, found=_NOTHING)


def _find_ride(case: Case, lock: Lock) -> Ride | None:
    numbers = (run for run in case.run_counts if str(run) == lock.item)
    return next(map(case.find_ride, numbers), None)


def _write(day: date | None, host: str) -> str:
    return " ".join(part for part in (day.isoformat() if day else "", host) if part) or _NOTHING


def _finding(item: str, lock: Lock, *, found: str) -> Finding:
    figures: dict[str, Arg] = {"item": lock.item, "wanted": _write(lock.day, lock.to), "found": found}
    figures |= {"who": lock.who, "why": lock.why, "until": lock.until.isoformat()}
    return Finding(item, figures)


RULES: Final = (
    Rule("lock.listed", "", find_unlisted, whole=True),
    Rule("lock.departure", "", find_unkept_departures, Severity.WARNING, whole=True),
    Rule("lock.route", "", find_unkept_runs, Severity.WARNING, whole=True),
    Rule("lock.told", "", find_untold_runs, Severity.WARNING, whole=True),
    Rule("lock.expired", "", find_expired, Severity.WARNING, whole=True),
)
