"""What people fixed by hand: which locks hold on the day a plan is made, and what became of each.

Today is an argument, or the campaign's; without it every lock holds, as in tests and when an old plan is
judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.model.locks import HeldLock, LockKind, LockState

if TYPE_CHECKING:
    from datetime import date

    from planner.model.campaign import Campaign
    from planner.model.locks import Lock
    from planner.model.plan import Plan, Route

Placing = tuple["date | None", str]
"""The day of something, None where the plan does not know, and its venue, squad or vehicle."""


def standing_locks(campaign: Campaign, kind: LockKind, *, today: date | None = None) -> dict[str, Lock]:
    """The locks of a kind that hold, by item; of several for one item the one that holds longest."""
    day = campaign.today if today is None else today
    found: dict[str, Lock] = {}
    for lock in sorted(campaign.locks, key=lambda lock: lock.until):
        if lock.kind is kind and (day is None or day <= lock.until):
            found[lock.item] = lock
    return found


def binding_locks(campaign: Campaign, plan: Plan, *, kind: LockKind) -> dict[str, Lock]:
    """The locks of a kind, by item, that a plan is judged by: over neither when it was made nor today.

    What ended since binds no more where there is a today: a plan that is kept becomes one made today.
    """
    over = {lock_key(entry.lock) for entry in plan.locks if entry.state is LockState.EXPIRED}
    standing = standing_locks(campaign, kind)
    return {item: lock for item, lock in standing.items() if lock_key(lock) not in over}


def lock_key(lock: Lock) -> tuple[str, str, str, str, str]:
    """What makes a lock the same: who and why may be corrected afterwards."""
    return lock.kind, lock.item, str(lock.day or ""), lock.to, lock.until.isoformat()


def judge_locks(campaign: Campaign, plan: Plan, *, previous: Plan | None) -> tuple[HeldLock, ...]:
    """Say of every lock of the campaign what became of it in a plan made after ``previous``."""
    found = placings(campaign, plan)
    told = {route.run: route for route in previous.routes} if previous else {}
    now = {route.run: route for route in plan.routes}
    held: list[HeldLock] = []
    for lock in campaign.locks:
        expired = campaign.today is not None and lock.until < campaign.today
        state = LockState.EXPIRED if expired else _compare(lock, found.get((lock.kind, lock.item)))
        if lock.kind is LockKind.ROUTE and state is LockState.KEPT:
            run = int(lock.item)
            state = _compare_runs(told.get(run), now[run], vehicle=lock.to)
        held.append(HeldLock(lock=lock, state=state))
    return tuple(held)


def broken_locks(plan: Plan) -> tuple[HeldLock, ...]:
    """Locks that held when the plan was made and are not kept in it."""
    return tuple(entry for entry in plan.locks if entry.state not in {LockState.KEPT, LockState.EXPIRED})


def placings(campaign: Campaign, plan: Plan) -> dict[tuple[LockKind, str], Placing]:
    """Where the plan has everything that can be locked."""
    days = {entry.id: entry.day for entry in (*campaign.departures, *plan.departures)}
    coaches = {run.departure_id: run.vehicle_id for run in plan.trunk_runs}
    found: dict[tuple[LockKind, str], Placing] = {
        (LockKind.DEPARTURE, name): (day, coaches.get(name, "")) for name, day in days.items()
    }
    for route in plan.routes:
        found[LockKind.ROUTE, str(route.run)] = (days.get(route.departure_id), route.vehicle_id)
    if plan.agenda is not None:
        for fair in plan.agenda.fairs:
            found[LockKind.FAIR, fair.fair_id] = (fair.day, fair.venue_id or "")
        for visit in plan.agenda.visits:
            found[LockKind.VISIT, visit.id] = (visit.day, visit.squad_id)
    return found


def _compare(lock: Lock, found: Placing | None) -> LockState:
    if found is None:
        return LockState.MISSING
    day, host = found
    if lock.day not in {None, day}:
        return LockState.OTHER_DAY
    return LockState.OTHER_HOST if lock.to not in {"", host} else LockState.KEPT


def _compare_runs(told: Route | None, now: Route, *, vehicle: str) -> LockState:
    """A run keeps its departure, its calls in order and when it is at the gate; seconds are its heads'.

    It keeps its vehicle, too, unless the lock names one.
    """
    if told is None:
        return LockState.UNTOLD
    if now.vehicle_id != (vehicle or told.vehicle_id):
        return LockState.OTHER_HOST
    was, is_now = (
        (
            route.departure_id,
            route.start_s if route.home else route.arrive_s,
            [stop.place_id for stop in route.stops],
        )
        for route in (told, now)
    )
    return LockState.KEPT if was == is_now else LockState.CHANGED
