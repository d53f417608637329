"""Tours within the hours at the wheel, and calls put in where that pays."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from planner.solvers.tours import TourTimes, find_slots, judge
from planner.solvers.tours.judge import starts
from planner.solvers.tours.order import ordered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.solvers.tours import Tour, TourProblem
    from planner.solvers.tours.candidates import Slot

_ALL: Final = 1 << 30


def drive_seconds(problem: TourProblem, tour: Tour, *, start: int) -> int:
    """Seconds at the wheel of a tour that begins at the node ``start``."""
    seconds = problem.seconds[problem.squads[tour.squad].profile]
    return sum(int(seconds[way]) for way in _ways(problem, tour, start=start))


def keep_order(
    problem: TourProblem, tours: Sequence[Tour], *, told: Sequence[Tour], limit_s: int
) -> tuple[Tour, ...]:
    """Where a day has the calls it had, make them in the order that was told, unless that costs too much.

    Too much is more than one moved call costs (``change_fen``). Days are lawful with either order.
    """
    before = {(one.squad, one.day): one for one in told}
    wakes = starts(problem, tours)
    kept: list[Tour] = []
    for tour in tours:
        at = tour.squad, tour.day
        old, start = before.get(at), wakes[at]
        if old is None or {*old.calls} != {*tour.calls} or old.lodge != tour.lodge:
            kept.append(tour)
            continue
        more_fen = _road_fen(problem, old, start=start) - _road_fen(problem, tour, start=start)
        lawful = isinstance(problem.times(old, start=start), TourTimes)
        lawful &= drive_seconds(problem, old, start=start) <= limit_s
        kept.append(old if lawful and more_fen <= problem.change_fen else tour)
    return tuple(kept)


def _ways(problem: TourProblem, tour: Tour, *, start: int) -> list[tuple[int, int]]:
    villages = [problem.villages[problem.calls[call].village].node for call in tour.calls]
    return [*pairwise((start, *villages, problem.end_of(tour)))]


def _road_fen(problem: TourProblem, tour: Tour, *, start: int) -> int:
    return sum(int(problem.arcs[tour.squad][way]) for way in _ways(problem, tour, start=start))


def keep_drive(problem: TourProblem, tours: Sequence[Tour], *, limit_s: int) -> tuple[Tour, ...]:
    """Take calls out of tours that drive longer than ``limit_s`` and put them in elsewhere if that pays.

    Out go the farthest of such a tour, or the nearest: whichever makes the cheaper plan.
    """
    wakes = starts(problem, tours)
    if all(drive_seconds(problem, one, start=wakes[one.squad, one.day]) <= limit_s for one in tours):
        return tuple(tours)
    made = [_shortened(problem, tours, limit_s=limit_s, farthest=farthest) for farthest in (True, False)]
    return min(made, key=lambda plan: judge(problem, plan).costs.objective_fen)


def _shortened(
    problem: TourProblem, tours: Sequence[Tour], *, limit_s: int, farthest: bool
) -> tuple[Tour, ...]:
    kept: list[Tour] = []
    wakes = starts(problem, tours)
    for tour in tours:
        start, shorter = wakes[tour.squad, tour.day], tour
        while shorter.calls and drive_seconds(problem, shorter, start=start) > limit_s:
            shorter = _without_one(problem, shorter, start=start, farthest=farthest)
        kept.append(shorter)
    cleared = _without_nights(problem, kept, limit_s=limit_s)
    made = {call for tour in cleared for call in tour.calls}
    lost = [call for tour in tours for call in tour.calls if call not in made]
    return put_in(problem, ordered(problem, cleared), calls=lost, limit_s=limit_s)


def put_in(
    problem: TourProblem, tours: Sequence[Tour], *, calls: Iterable[int], limit_s: int
) -> tuple[Tour, ...]:
    """Put calls, the dearest first, where each costs less than leaving it out."""
    plan = {(tour.squad, tour.day): tour for tour in tours}
    for call in sorted(calls, key=lambda call: (-problem.calls[call].prize_fen, call)):
        now = tuple(plan[at] for at in sorted(plan))
        slot = next(iter(lawful_slots(problem, now, call=call, limit_s=limit_s)), None)
        if slot is not None and slot.added_fen < 0:
            plan[slot.squad, slot.day] = slot.tour
    return tuple(plan[at] for at in sorted(plan))


def lawful_slots(
    problem: TourProblem, tours: tuple[Tour, ...], *, call: int, limit_s: int
) -> tuple[Slot, ...]:
    """All slots of a call within the hours at the wheel, the cheapest first."""
    wakes = starts(problem, tours)
    found = find_slots(problem, tours, call=call, most=_ALL)
    return tuple(
        slot
        for slot in found.best
        if drive_seconds(problem, slot.tour, start=wakes[slot.squad, slot.day]) <= limit_s
    )


def _without_one(problem: TourProblem, tour: Tour, *, start: int, farthest: bool) -> Tour:
    """Without the call that saves most at the wheel, or least; optional ones go first."""

    def worth(call: int) -> tuple[bool, int, int]:
        rest = replace(tour, calls=tuple(other for other in tour.calls if other != call))
        drive_s = drive_seconds(problem, rest, start=start)
        return problem.calls[call].required, drive_s if farthest else -drive_s, call

    out = min(tour.calls, key=worth)
    return replace(tour, calls=tuple(call for call in tour.calls if call != out))


def _without_nights(problem: TourProblem, tours: Sequence[Tour], *, limit_s: int) -> list[Tour]:
    """Bring squads home that drive too long even without calls: they stay out nowhere."""
    wakes = starts(problem, tours)
    far = {
        tour.squad
        for tour in tours
        if not tour.calls and drive_seconds(problem, tour, start=wakes[tour.squad, tour.day]) > limit_s
    }
    return [replace(tour, calls=(), lodge=None) if tour.squad in far else tour for tour in tours]
