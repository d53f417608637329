"""Small random routing problems and their optimum by trying everything: the oracle of the routers.

Times and costs are worked out here from what the words of ``problem.py`` promise, by other means than its
own: a chain of stops ends at the later of ``end`` (begun as early as can be) and begin + ``way`` (never
waiting), and its shortest ride is that of the latest begin. A trip calls at a visit once at most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, combinations, pairwise, product
from random import Random
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.problem import (
    FOREVER,
    UNREACHABLE,
    Gate,
    RoutingProblem,
    VehicleClass,
    Visit,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.int64]

_EARLY: Final = -(10**12)


def random_problem(dice: Random) -> RoutingProblem:
    """Mix at random whatever a problem may hold: at most seven stops, so that trying everything ends."""
    rounds, parted = dice.random() < 0.4, dice.random() < 0.35
    stops, gates, starts = dice.randint(2, 4 if parted else 5 if rounds else 7), dice.randint(1, 2), 3
    roads = [_random_roads(dice, stops=stops, gates=gates, starts=starts) for _ in range(2)]
    clock = dice.choice((20_000, 26_000, 40_000))
    problem = RoutingProblem(
        visits=tuple(_random_visit(dice, gates=gates, clock=clock, parted=parted) for _ in range(stops)),
        gates=tuple(
            Gate(
                node=stops + gate,
                opens_s=dice.choice((0, clock - 4_000, clock)),
                closes_s=dice.choice((clock + 1_800, clock + 12_000, FOREVER)),
            )
            for gate in range(gates)
        ),
        vehicle_classes=tuple(
            replace(
                _random_class(dice, stops=stops, rounds=rounds),
                start=stops + gates + dice.randrange(starts),
                gates=dice.choice(((0,), (gates - 1,), tuple(range(gates)))),
            )
            for _ in range(dice.randint(1, 2 if rounds else 3))
        ),
        seconds=tuple(seconds for seconds, _ in roads),
        metres=tuple(metres for _, metres in roads),
        ride_limit_s=dice.choice((2_500, 5_000, 7_200, FOREVER)),
        turn_s=dice.choice((0, 600, 1_800)),
        turn_rests=dice.random() < 0.5,
        step_s=dice.choice((1, 300)),
    )
    if dice.random() < 0.05:  # nobody boards: a tour for what the stops are worth
        visits = tuple(replace(visit, heads=0, parts=(), service_s=0) for visit in problem.visits)
        problem = replace(problem, visits=visits)
    return problem


def _random_visit(dice: Random, *, gates: int, clock: int, parted: bool) -> Visit:
    parts: tuple[int, ...] = ()
    if parted and dice.random() < 0.5:
        parts = tuple(dice.randint(1, 6) for _ in range(dice.randint(2, 3)))
    heads = sum(parts) or dice.randint(1, 9)
    stop = dice.choice((0, 60, 200))
    visit = Visit(
        heads=heads,
        service_s=stop + dice.choice((7, 20)) * heads,
        prize=dice.choice((dice.randint(0, 30_000), heads * 100_000, heads * 100_000)),
        gates=(dice.randrange(gates),) if dice.random() < 0.15 else (),
        parts=parts,
        stop_s=stop,
    )
    if dice.random() < 0.3:
        opens = clock - dice.randint(1_000, 9_000)
        visit = replace(visit, opens_s=opens, closes_s=opens + dice.choice((0, 600, 6_000, 20_000)))
    return visit


def _random_class(dice: Random, *, stops: int, rounds: bool) -> VehicleClass:
    return VehicleClass(
        count=dice.choice((1, 1, 1, 2, 9)),
        capacity=dice.choice((6, 12, 18, 26)),
        start=0,
        profile=dice.randrange(2),
        fixed_fen=dice.choice((0, 8_000, 30_000)),
        per_km_fen=dice.choice((0, 220, 321)),
        per_hour_fen=dice.choice((0, 4_000, 7_777)),
        ready_s=dice.choice((0, 10_800, 15_500)),
        trips=dice.choice((1, 2, 3, 3)) if rounds else 1,
        barred=frozenset(visit for visit in range(stops) if dice.random() < 0.1),
        duration_limit_s=dice.choice((6_000, 12_000, FOREVER)),
        drive_limit_s=dice.choice((6_000, 12_000, FOREVER)),
        unbroken_limit_s=dice.choice((3_000, 8_000, 14_400, FOREVER)),
        unbroken_s=dice.choice((0, 0, 700)),
        rest_s=dice.choice((0, 1_200)),
    )


def _random_roads(dice: Random, *, stops: int, gates: int, starts: int) -> tuple[Matrix, Matrix]:
    """Seconds and metres, lopsided, some ways and whole places closed; the last start is an open one."""
    size = stops + gates + starts
    points = [(dice.uniform(-12, 12), dice.uniform(-12, 12)) for _ in range(size)]
    metres = np.zeros((size, size), dtype=np.int64)
    for a, b in product(range(size), repeat=2):
        if a != b:
            far = np.hypot(points[a][0] - points[b][0], points[a][1] - points[b][1])
            metres[a, b] = round(1300 * float(far) * dice.uniform(1, 1.3))
    seconds = metres * dice.choice((30, 36)) // 400
    closed = np.array([[dice.random() < 0.06 and a != b for b in range(size)] for a in range(size)])
    if dice.random() < 0.3:
        place = dice.randrange(stops)
        closed[place, :] = closed[:, place] = True
    seconds[closed] = metres[closed] = UNREACHABLE
    seconds[-1, :] = metres[-1, :] = 0
    if dice.random() < 0.25:
        seconds[:, stops] = metres[:, stops] = 0
    return seconds, metres


@dataclass(frozen=True, slots=True)
class Chain:
    """Calls in order and a gate, by one class: what any vehicle of it that begins there can expect."""

    first: int
    end: int
    way: int
    latest: int
    boarding: int
    shortest: int
    drive: int
    fen: int


@dataclass(frozen=True, slots=True)
class Idle:
    """A vehicle between trips."""

    fen: int
    node: int
    ready: int
    driven: int
    unbroken: int

    def at(self, node: int) -> Idle:
        """The same at another place."""
        return replace(self, node=node)


def link(problem: RoutingProblem, number: int, calls: tuple[tuple[int, int], ...], gate: int) -> Chain | None:
    """Work out a chain of (visit, heads) calls from the first to the gate; None if no begin is lawful."""
    kind, visits = problem.vehicle_classes[number], problem.visits
    seconds, metres = problem.seconds[kind.profile], problem.metres[kind.profile]
    nodes = [visit for visit, _ in calls] + [problem.gates[gate].node]
    drives = [int(seconds[a, b]) for a, b in pairwise(nodes)]
    if UNREACHABLE in drives:
        return None
    stays = [_stay(visits[visit], heads) for visit, heads in calls]
    latest = problem.gates[gate].closes_s
    for (visit, _), stay, drive in zip(calls[::-1], stays[::-1], drives[::-1], strict=True):
        latest = min(visits[visit].closes_s, latest - drive - stay)
    opens = [visits[visit].opens_s for visit, _ in calls] + [problem.gates[gate].opens_s]

    def arrive(begin: int) -> int:
        clock = max(begin, opens[0])
        for stay, drive, open_s in zip(stays, drives, opens[1:], strict=True):
            clock = max(clock + stay + drive, open_s)
        return clock

    closes = [visits[visit].closes_s for visit, _ in calls] + [problem.gates[gate].closes_s]
    clock = opens[0]
    for at, close in enumerate(closes):
        if clock > close:
            return None
        if at < len(stays):
            clock = max(clock + stays[at] + drives[at], opens[at + 1])
    fen = sum(
        _half_up(kind.per_km_fen * int(metres[a, b]), 1000)
        + _half_up(kind.per_hour_fen * (drive + stay), 3600)
        for (a, b), drive, stay in zip(pairwise(nodes), drives, stays, strict=True)
    )
    return Chain(
        first=nodes[0],
        end=arrive(_EARLY),
        way=sum(drives) + sum(stays),
        latest=latest,
        boarding=stays[0],
        shortest=arrive(latest) - latest,
        drive=sum(drives),
        fen=fen,
    )


def _stay(visit: Visit, heads: int) -> int:
    if heads == visit.heads:
        return visit.service_s
    return visit.stop_s + (heads * (visit.service_s - visit.stop_s) + visit.heads - 1) // visit.heads


def _half_up(value: int, unit: int) -> int:
    return (2 * value + unit) // (2 * unit)


def drive_chain(problem: RoutingProblem, number: int, standing: Idle, made: Chain) -> tuple[Idle, int] | None:
    """Make a chain from where a vehicle stands: how it stands then, and when it arrived; None if unlawful."""
    kind = problem.vehicle_classes[number]
    seconds, metres = problem.seconds[kind.profile], problem.metres[kind.profile]
    lead = int(seconds[standing.node, made.first])
    if lead == UNREACHABLE or standing.unbroken + lead > kind.unbroken_limit_s:
        return None
    rest = kind.rest_s if standing.unbroken + lead + problem.ride_limit_s > kind.unbroken_limit_s else 0
    begin = standing.ready + lead + rest
    driven = standing.driven + lead + made.drive
    if begin > made.latest or driven > kind.drive_limit_s:
        return None
    if made.shortest - made.boarding > problem.ride_limit_s:
        return None
    if lead + rest + made.shortest > kind.duration_limit_s:
        return None
    arrived = max(made.end, begin + made.way)
    fen = _half_up(kind.per_km_fen * int(metres[standing.node, made.first]), 1000)
    fen += _half_up(kind.per_hour_fen * lead, 3600)
    steps = (arrived + problem.step_s - 1) // problem.step_s
    after = Idle(
        fen=standing.fen + fen + made.fen,
        node=-1,
        ready=steps * problem.step_s + problem.turn_s,
        driven=driven,
        unbroken=0 if problem.turn_rests else standing.unbroken + lead + made.drive,
    )
    return after, arrived


def begin(problem: RoutingProblem, number: int) -> Idle:
    """How a vehicle of the class stands before its first trip, its fixed cost paid."""
    kind = problem.vehicle_classes[number]
    return Idle(fen=kind.fixed_fen, node=kind.start, ready=kind.ready_s, driven=0, unbroken=kind.unbroken_s)


def brute_force(problem: RoutingProblem) -> int:
    """The least objective in fen over all lawful plans."""
    items = [(number, part) for number, visit in enumerate(problem.visits) for part in _parts(visit)]
    best: dict[int, int] = {0: 0}
    for number, kind in enumerate(problem.vehicle_classes):
        loads = _shifts(problem, number, items)
        for _ in range(min(kind.count, len(items))):
            longer = dict(best)
            for done, fen in best.items():
                for load, more in loads.items():
                    if not done & load and fen + more < longer.get(done | load, fen + more + 1):
                        longer[done | load] = fen + more
            if longer == best:
                break
            best = longer
    return min(fen + _missed(problem, items, done) for done, fen in best.items())


def _parts(visit: Visit) -> range:
    return range(max(len(visit.parts), 1))


def _size(visit: Visit, part: int) -> int:
    return visit.parts[part] if visit.parts else visit.heads


def _missed(problem: RoutingProblem, items: list[tuple[int, int]], done: int) -> int:
    total = 0
    for number, visit in enumerate(problem.visits):
        left = [part for at, (v, part) in enumerate(items) if v == number and not done >> at & 1]
        behind = sum(_size(visit, part) for part in left)
        total += visit.prize * behind // visit.heads if visit.heads else visit.prize * len(left)
    return total


def _shifts(problem: RoutingProblem, number: int, items: list[tuple[int, int]]) -> dict[int, int]:
    """What one vehicle of the class can collect (as bits of ``items``), each at its least cost."""
    kind = problem.vehicle_classes[number]
    chains = {
        (load, gate): made
        for gate in kind.gates
        for load, made in _chains(problem, number, items, gate).items()
    }
    standing: dict[int, list[Idle]] = {0: [begin(problem, number)]}
    best: dict[int, int] = {}
    for _ in range(kind.trips):
        after: dict[int, list[Idle]] = {}
        for done, vehicles in standing.items():
            for (load, gate), made in chains.items():
                for vehicle, links in product(vehicles, made) if not done & load else ():
                    driven = drive_chain(problem, number, vehicle, links)
                    if driven is not None:
                        there = driven[0].at(problem.gates[gate].node)
                        _keep_idle(after.setdefault(done | load, []), there)
        for done, vehicles in after.items():
            best[done] = min([vehicle.fen for vehicle in vehicles] + [best.get(done, vehicles[0].fen)])
        standing = after
    return best


def _keep_idle(kept: list[Idle], new: Idle) -> None:
    """Keep what nothing at the same place beats in money, time and hours at the wheel alike."""

    def beats(a: Idle, b: Idle) -> bool:
        return (
            a.node == b.node
            and a.fen <= b.fen
            and a.ready <= b.ready
            and a.driven <= b.driven
            and a.unbroken <= b.unbroken
        )

    if not any(beats(old, new) for old in kept):
        kept[:] = [old for old in kept if not beats(new, old)]
        kept.append(new)


def _chains(
    problem: RoutingProblem, number: int, items: list[tuple[int, int]], gate: int
) -> dict[int, list[Chain]]:
    """Chains of the class to the gate by what they collect; of equal ones only those nothing beats."""
    kind = problem.vehicle_classes[number]
    calls: list[list[tuple[int, int]]] = []
    for visit, figures in enumerate(problem.visits):
        wanted = not figures.gates or gate in figures.gates
        mine = [at for at, (v, _) in enumerate(items) if v == visit and visit not in kind.barred and wanted]
        groups = chain.from_iterable(combinations(mine, size) for size in range(1, len(mine) + 1))
        calls.append(
            [(sum(1 << at for at in g), sum(_size(figures, items[at][1]) for at in g)) for g in groups]
        )
    found: dict[int, list[Chain]] = {}

    seconds = problem.seconds[kind.profile]

    def extend(made: tuple[tuple[int, int], ...], load: int, room: int, left: int) -> None:
        links = link(problem, number, made, gate) if made else None
        if links is not None:
            _keep_chain(found.setdefault(load, []), links)
        for visit, groups in enumerate(calls):
            if any(visit == called for called, _ in made):
                continue
            way = int(seconds[made[-1][0], visit]) if made else 0
            for bits, heads in groups if way != UNREACHABLE else ():
                rest = left - way - _stay(problem.visits[visit], heads) if made else left
                if heads <= room and rest >= 0:
                    extend((*made, (visit, heads)), load | bits, room - heads, rest)

    extend((), 0, kind.capacity, problem.ride_limit_s)
    return found


def _keep_chain(kept: list[Chain], new: Chain) -> None:
    def beats(a: Chain, b: Chain) -> bool:
        return (
            a.first == b.first
            and a.fen <= b.fen
            and a.end <= b.end
            and a.way <= b.way
            and a.latest >= b.latest
            and a.shortest <= b.shortest
            and a.shortest - a.boarding <= b.shortest - b.boarding
            and a.drive <= b.drive
        )

    if not any(beats(old, new) for old in kept):
        kept[:] = [old for old in kept if not beats(new, old)]
        kept.append(new)
