"""``python -m tests.bench.seats``: fresh trains to be seated, and how near to their bound they come.

455 people in 6 carriages and 1,105 in 14, as many employers as ``EMPLOYERS``. An employer has a stop, drawn
by the Guangdong share of destinations, and draws parties by a lognormal weight; of the parties 52 % are
alone, 30 % two, the rest three to five; one in two hundred needs an accessible carriage. Trains are
``roomy`` (second-class carriages of 63 to 90 seats as they are built, about one seat in ten or twenty
free), ``full`` (equal carriages, one seat free) or ``coupled`` (the two trains of eight that ran from
Dongkou, all 1,112 seats of them). The same arguments give the same train.

Every party is then seated in rows of three and two: one in ten of two or more is with a child or two, and
accessible carriages have a place for a wheelchair in each of the first rows. In the end 60 coaches of 50
people, one after the other.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final

from planner.solvers.rows import Need, Room, RowParty
from planner.solvers.seat_maps import build_seat_map
from planner.solvers.seats_problem import Carriage, Limits, Party
from tests.bench.seated import SeatPlan, seat_everyone

EMPLOYERS: Final = 45
_STOPS: Final = {0: 20, 1: 24, 2: 18}
"""Guangzhou with the rest of the province, Humen (Dongguan), Shenzhen: percent of all destinations."""
_SIZES: Final = {1: 52, 2: 30, 3: 8, 4: 5, 5: 5}
_SPREAD: Final = 0.7
"""Of the logarithm of employers' weights: the largest has about five times the median."""
_NEEDY: Final = 0.005
_SEATS: Final = {
    ("roomy", 455): (90, 90, 75, 63, 90, 90),
    ("roomy", 1105): (90, 90, 75, 63, 90, 90, 85) * 2,
    ("full", 455): (76,) * 6,
    ("full", 1105): (79,) * 14,
    ("coupled", 1105): (33, 85, 85, 75, 63, 85, 85, 45) * 2,
}
_ACCESSIBLE: Final = {"roomy": (2, 9), "full": (2, 9), "coupled": (3, 11)}
"""Which carriages are accessible, counted from the front."""
_YOUNG: Final = 0.1
"""Share of families with children."""
_COACHES: Final = 60
_COACH_SEATS: Final = 50
SECONDS: Final = {455: 10.0, 1105: 20.0}


def make_train(kind: str, people: int, *, seed: int) -> tuple[tuple[Party, ...], tuple[Carriage, ...]]:
    """Draw the parties of one train, and its carriages."""
    dice = Random(f"{people}-{seed}")
    stops = dice.choices(tuple(_STOPS), tuple(_STOPS.values()), k=EMPLOYERS)
    weights = [dice.lognormvariate(0, _SPREAD) for _ in range(EMPLOYERS)]
    parties: list[Party] = []
    left = people
    while left:
        size = min(dice.choices(tuple(_SIZES), tuple(_SIZES.values()))[0], left)
        employer = dice.choices(range(EMPLOYERS), weights)[0]
        needy = dice.random() < _NEEDY
        parties.append(Party(size=size, employer=employer, stop=stops[employer], accessible=needy))
        left -= size
    seats = _SEATS[kind, people]
    places = _ACCESSIBLE[kind]
    carriages = tuple(Carriage(seats=n, accessible=place in places) for place, n in enumerate(seats))
    return tuple(parties), carriages


def make_groups(kind: str, people: int, *, seed: int) -> tuple[tuple[RowParty, ...], tuple[Room, ...]]:
    """The parties and carriages of such a train as people and rows."""
    parties, carriages = make_train(kind, people, seed=seed)
    dice = Random(f"{kind}-{people}-{seed} rows")
    rooms: list[Room] = []
    for carriage in carriages:
        seat_map = build_seat_map("3+2", carriage.seats)
        places = seat_map.find(f"{row}A" for row in range(1, 8)) if carriage.accessible else frozenset[int]()
        rooms.append(Room(seat_map=seat_map, wheelchair=places))
    return tuple(_group(party, dice) for party in parties), tuple(rooms)


def make_coach(seed: int) -> tuple[tuple[RowParty, ...], Room]:
    """A full coach for up to four employers, two of its people in need of a front seat."""
    dice = Random(f"coach {seed}")
    seat_map = build_seat_map("coach", _COACH_SEATS)
    groups: list[RowParty] = []
    left = _COACH_SEATS
    while left:
        size = min(dice.choices(tuple(_SIZES), tuple(_SIZES.values()))[0], left)
        employer = dice.randrange(1 + seed % 4)
        group = _group(Party(size=size, employer=employer, stop=employer % 2), dice)
        groups.append(replace(group, need=Need.FRONT) if len(groups) % 15 == 0 else group)
        left -= size
    return tuple(groups), Room(seat_map=seat_map, front=seat_map.find_rows([0, 1]))


def _group(party: Party, dice: Random) -> RowParty:
    young = party.size > 1 and dice.random() < _YOUNG
    children = dice.randint(1, min(2, party.size - 1)) if young else 0
    return RowParty(
        size=party.size,
        employer=party.employer,
        stop=party.stop,
        children=children,
        need=Need.WHEELCHAIR if party.accessible else Need.NONE,
    )


def main(arguments: Sequence[str]) -> int:
    """Seat every train asked for and print a row for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.seats", description=main.__doc__)
    parser.add_argument("--kind", nargs="+", default=["roomy", "full", "coupled"])
    parser.add_argument("--people", nargs="+", type=int, default=[455, 1105])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3, 4, 5])
    parser.add_argument("--seconds", type=float, help="10 for 455 people and 20 for 1,105 if not given")
    asked = parser.parse_args(arguments)
    _say("| people | train | seed | seats | cost | bound | gap % | in block % | faults | seconds |")
    _say("|---|---|---|---|---|---|---|---|---|---|")
    for people in asked.people:
        for kind in (kind for kind in asked.kind if (kind, people) in _SEATS):
            for seed in asked.seeds:
                groups, rooms = make_groups(kind, people, seed=seed)
                begun = time.monotonic()
                limits = Limits(seconds=asked.seconds or SECONDS[people], seed=seed)
                plan = seat_everyone(groups, rooms, limits=limits)
                took = time.monotonic() - begun
                seats = sum(len(room.free) for room in rooms)
                _say(f"| {people} | {kind} | {seed} | {seats} | {_figures(plan)} | {took:.1f} |")
    _seat_coaches()
    return 0


def _seat_coaches() -> None:
    coaches = [make_coach(seed) for seed in range(_COACHES)]
    begun = time.monotonic()
    plans = [seat_everyone(groups, [room], limits=Limits(seconds=1.0)) for groups, room in coaches]
    took = time.monotonic() - begun
    families = sum(plan.rows[0].families for plan in plans)
    share = 100 * sum(plan.rows[0].kept for plan in plans) / families
    faults = sum(map(_faults, plans))
    _say(f"{_COACHES} coaches of {_COACH_SEATS}: {share:.1f} % in block, {faults} faults, {took:.2f} s")


def _figures(plan: SeatPlan) -> str:
    carriages = plan.carriages
    gap = 100 * (carriages.cost - carriages.bound) / max(carriages.bound, 1)
    return f"{carriages.cost} | {carriages.bound} | {gap:.2f} | {100 * plan.share_kept:.1f} | {_faults(plan)}"


def _faults(plan: SeatPlan) -> int:
    """People left, needs unmet, children alone."""
    return len(plan.carriages.left) + len(plan.unmet) + plan.apart


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  the command prints


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
