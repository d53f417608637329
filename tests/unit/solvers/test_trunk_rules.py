"""Departures: each rule breaks alone and is named, a bill by hand, parties go whole into coaches."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

import pytest

from planner.solvers.trunk import (
    Coach,
    CoachKind,
    Costs,
    Line,
    Means,
    Party,
    Ride,
    Train,
    TrunkProblem,
    Weights,
    groups_of,
    price,
)
from planner.solvers.trunk.packing import Sizes, fill, pack, shortage

PARTIES = (
    Party(size=5, city=0, employer=7, ready=0, deadline=2),
    Party(size=4, city=0, employer=7, ready=1, deadline=2),
    Party(size=3, city=0, ready=0, deadline=1),
    Party(size=2, city=1, employer=7, ready=2, deadline=3),
    Party(size=1, city=1, ready=0, deadline=3, barred=frozenset({Means.POOLED})),
    Party(size=6, city=0, employer=7, ready=1, deadline=2),
)
PROBLEM = TrunkProblem(
    days=4,
    parties=PARTIES,
    kinds=(CoachKind(seats=10, vehicles=(0, 1, 2, 1)), CoachKind(seats=8, vehicles=(1, 1, 1, 0))),
    lines=(
        Line(city=0, employer=7, cost_fen=(1000, 900), away=2),
        Line(city=0, cost_fen=(800, None), away=1, head_fen=10),
        Line(city=1, cost_fen=(700, 600), away=1),
    ),
    trains=(Train(day=2, seats=6, head_fen=((0, 60), (1, 70)), fixed_fen=5000, least=4),),
    scheduled_fen=(400, None),
    weights=Weights(
        wait_fen=3, broken_fen=20, split_fen=111, short_fen=50, unserved_fen=9000, least=9, whole=10
    ),
)
COACHES = (
    Coach(city=0, employer=7, day=1, kind=0, parties=(0, 1)),
    Coach(city=1, employer=None, day=2, kind=1, parties=(3,)),
)
RIDES = (
    Ride(day=1, means=Means.DIRECT, vehicle=0),
    Ride(day=1, means=Means.DIRECT, vehicle=0),
    Ride(day=0, means=Means.SCHEDULED),
    Ride(day=2, means=Means.POOLED, vehicle=1),
    Ride(day=0, means=Means.LEFT),
    Ride(day=2, means=Means.TRAIN, vehicle=0),
)


def _ride(number: int, **changes: object) -> tuple[Ride, ...]:
    return (*RIDES[:number], replace(RIDES[number], **changes), *RIDES[number + 1 :])


def _coach(number: int, **changes: object) -> tuple[Coach, ...]:
    return (*COACHES[:number], replace(COACHES[number], **changes), *COACHES[number + 1 :])


def test_a_bill_by_hand() -> None:
    """Parties 1 and 5 are a group of ten that is split between the coach and the train."""
    priced = price(PROBLEM, (COACHES, RIDES))
    assert priced.faults == ()
    assert priced.costs == Costs(
        coaches=1000 + 600,
        trains=5000,
        fares=6 * 60,
        scheduled=3 * 400,
        left=9000,
        waiting=5 * 3 + 6 * 3,
        broken=2 * 20,
        split=111,
        short=6 * 50,
    )
    assert priced.fen == priced.costs.total
    assert (priced.whole, priced.split) == (1, 1)


@pytest.mark.parametrize(
    ("coaches", "rides", "fault"),
    [
        (COACHES, _ride(2, day=2), "party 2: leaves on day 2"),
        (COACHES, _ride(3, day=1), "party 3: leaves on day 1"),
        (COACHES, _ride(4, means=Means.POOLED, vehicle=1), "party 4: is barred from pooled"),
        (COACHES, _ride(4, means=Means.SCHEDULED), "party 4: takes transport that is not there"),
        (COACHES, _ride(2, means=Means.POOLED, vehicle=None), "party 2: rides in nothing"),
        (COACHES, _ride(2, means=Means.POOLED, vehicle=9), "party 2: rides in nothing"),
        (COACHES, _ride(5, means=Means.DIRECT, vehicle=0), "party 5: is not on its coach's list"),
        (COACHES, _ride(0, means=Means.POOLED), "party 0: rides in the wrong coach"),
        (COACHES, _ride(0, day=2), "party 0: rides in the wrong coach"),
        (COACHES, _ride(5, day=1), "party 5: rides in the wrong train"),
        (COACHES, _ride(1, means=Means.TRAIN, day=2), "train 0: 10 heads on 6 seats"),
        (
            COACHES,
            _ride(0, means=Means.SCHEDULED, vehicle=None),
            "party 0: sits in a coach and goes otherwise",
        ),
        (_coach(0, kind=1), RIDES, "coach 0: 9 heads on 8 seats"),
        (_coach(1, parties=(3, 0)), RIDES, "party 0: in more than one coach"),
        ((*COACHES, replace(COACHES[0], parties=())), RIDES, "kind 0, day 1: 2 coaches"),
        ((*COACHES, replace(COACHES[1], day=3, parties=())), RIDES, "kind 1, day 3: 1 coaches"),
        ((*COACHES, Coach(city=0, employer=None, day=1, kind=1, parties=())), RIDES, "coach 2: no such line"),
        ((*COACHES, Coach(city=1, employer=7, day=1, kind=1, parties=())), RIDES, "coach 2: no such line"),
    ],
)
def test_every_rule_is_named(coaches: tuple[Coach, ...], rides: tuple[Ride, ...], fault: str) -> None:
    faults = price(PROBLEM, (coaches, rides)).faults
    assert [found for found in faults if found.startswith(fault)], faults


def test_a_coach_that_is_still_away_is_counted() -> None:
    """The direct coach of day 1 is back on day 3; two of its kind are there on day 2, one of them at home."""
    more = Coach(city=1, employer=None, day=2, kind=0, parties=())
    assert price(PROBLEM, ((*COACHES, more), RIDES)).faults == ()
    assert price(PROBLEM, ((*COACHES, more, more), RIDES)).faults == ("kind 0, day 2: 3 coaches",)


def test_a_plan_has_a_ride_for_everybody() -> None:
    with pytest.raises(ValueError, match="every party"):
        price(PROBLEM, (COACHES, RIDES[1:]))


def test_groups_are_parties_alike() -> None:
    groups = groups_of(PROBLEM)
    assert sorted(group.members for group in groups) == [(0,), (1, 5), (2,), (3,), (4,)]
    assert [group.kept_whole(PROBLEM) for group in groups].count(True) == 1
    assert groups == tuple(sorted(groups, key=lambda group: (group.city, group.employer or -1, group.ready)))


@pytest.mark.parametrize(
    "broken",
    [
        {"days": 3},
        {"scheduled_fen": (400,)},
        {"kinds": (CoachKind(seats=10, vehicles=(1,)),) * 2},
        {"kinds": PROBLEM.kinds[:1]},
        {"lines": (*PROBLEM.lines, PROBLEM.lines[0])},
        {"weights": Weights(wait_fen=-1)},
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        replace(PROBLEM, **broken)


@pytest.mark.parametrize("size", [0, 61])
def test_a_party_has_up_to_sixty_heads(size: int) -> None:
    assert Party(size=60, city=0, ready=0, deadline=0).size == 60
    with pytest.raises(ValueError, match="60 heads"):
        Party(size=size, city=0, ready=0, deadline=0)


@pytest.mark.parametrize(("seats", "vehicles"), [(0, (1,)), (5, (-1,))])
def test_a_coach_has_a_seat_and_no_fewer_vehicles_than_none(seats: int, vehicles: tuple[int, ...]) -> None:
    assert CoachKind(seats=1, vehicles=(0,)).seats == 1
    with pytest.raises(ValueError, match="a coach"):
        CoachKind(seats=seats, vehicles=vehicles)


def _best_packing(sizes: Sizes, seats: tuple[int, ...], *, least: int) -> int | None:
    """Fewest heads short, over all ways of putting parties into coaches."""
    parties = [size for size, count in enumerate(sizes, 1) for _ in range(count)]
    best: int | None = None
    for where in product(range(len(seats)), repeat=len(parties)):
        loads = [0] * len(seats)
        for coach, size in zip(where, parties, strict=True):
            loads[coach] += size
        if all(load <= room for load, room in zip(loads, seats, strict=True)):
            short = sum(max(min(least, room) - load, 0) for load, room in zip(loads, seats, strict=True))
            best = short if best is None else min(best, short)
    return best


def test_packing_is_as_good_as_any() -> None:
    searched = refused = 0
    for seed in range(150):
        dice = Random(seed)
        sizes = tuple(dice.choice((0, 0, 1, 1, 2)) for _ in range(5))
        seats = tuple(sorted((dice.randint(5, 9) for _ in range(dice.randint(2, 3))), reverse=True))
        if sum(sizes) > 7:
            continue
        least = dice.choice((0, 4, 7))
        best, packed = _best_packing(sizes, seats, least=least), pack(sizes, seats, least=least)
        if packed is None:
            assert best is None, seed
            refused += 1
            continue
        assert tuple(map(sum, zip(*packed, strict=True))) == sizes
        assert shortage(packed, seats, least=least) == best, seed
        searched += any(fill(sizes, seats)[1])
    assert refused > 5
    assert searched > 0


def test_first_fit_leaves_what_finds_no_room() -> None:
    assert fill((0, 0, 0, 5), (10, 10)) == (((0, 0, 0, 2), (0, 0, 0, 2)), (0, 0, 0, 1))


def test_coaches_are_level_where_one_would_be_short() -> None:
    """Ten singles and two coaches of nine seats that should have five each."""
    assert fill((10,), (9, 9))[0] == ((9,), (1,))
    assert pack((10,), (9, 9), least=5) == ((5,), (5,))
