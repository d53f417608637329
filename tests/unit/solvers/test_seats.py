from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, permutations, product
from random import Random

import pytest

from planner.solvers import seats_full
from planner.solvers.seats import CarriagePlan, seat_parties
from planner.solvers.seats_bound import Floor, Group, count_pairs, least_carriages
from planner.solvers.seats_full import bound_full, count_filled, line_up
from planner.solvers.seats_model import improve, realise
from planner.solvers.seats_problem import Carriage, Kind, Limits, Party, Purse, Seating, Weights
from planner.solvers.seats_start import fill_greedily, fit_most
from tests.bench.seats import make_train

WEIGHTS = Weights()


def _kinds(parties: Sequence[Party]) -> Counter[Kind]:
    return Counter(
        Kind(-1 if party.employer is None else party.employer, party.stop, party.size, party.accessible)
        for party in parties
    )


def _cost(parties: Sequence[Party], places: Sequence[int | None], weights: Weights = WEIGHTS) -> int:
    """The price of a plan, from the definition."""
    seated = [(party, place) for party, place in zip(parties, places, strict=True) if place is not None]
    employers = {(party.employer, place) for party, place in seated if party.employer is not None}
    return weights.employer * len(employers) + weights.stop * len({(p.stop, place) for p, place in seated})


def _lawful(parties: Sequence[Party], carriages: Sequence[Carriage], places: Sequence[int | None]) -> bool:
    heads: Counter[int] = Counter()
    needy: Counter[int] = Counter()
    for party, place in zip(parties, places, strict=True):
        if place is not None:
            heads[place] += party.size
            needy[place] += party.accessible
            if party.accessible and not carriages[place].accessible:
                return False
    if any(needy[n] > c.wheelchairs for n, c in enumerate(carriages) if c.wheelchairs is not None):
        return False
    return all(heads[place] <= carriage.seats for place, carriage in enumerate(carriages))


def _best(
    parties: Sequence[Party], carriages: Sequence[Carriage], weights: Weights = WEIGHTS
) -> tuple[int, int]:
    """The most heads, and the least cost of seating all: brute force; -1 where not all can be."""
    most, least = 0, -1
    choices: list[int | None] = [None, *range(len(carriages))]
    whole = sum(party.size for party in parties) <= sum(carriage.seats for carriage in carriages)
    for places in product(choices[1:], repeat=len(parties)) if whole else ():
        if _lawful(parties, carriages, places):
            cost = _cost(parties, places, weights)
            least = cost if least < 0 else min(least, cost)
    if least >= 0:
        return sum(party.size for party in parties), least
    for places in product(choices, repeat=len(parties)):
        if _lawful(parties, carriages, places):
            heads = sum(p.size for p, place in zip(parties, places, strict=True) if place is not None)
            most = max(most, heads)
    return most, -1


def _tiny(dice: Random, *, most: int) -> tuple[list[Party], list[Carriage]]:
    """Up to ``most`` parties and two carriages, with few seats free or a few too few."""
    parties = [
        Party(
            size=dice.choice((1, 1, 1, 2, 2, 3, 4)),
            employer=dice.choice((None, 0, 1, 2, 3)),
            stop=dice.randrange(3),
            accessible=dice.random() < 0.1,
        )
        for _ in range(dice.randint(1, most))
    ]
    heads = sum(party.size for party in parties)
    first = dice.randint(0, heads)
    seats = (first, max(heads - first + dice.choice((-1, 0, 0, 1, 3)), 0))
    carriages = [Carriage(seats=number, accessible=dice.random() < 0.6) for number in seats]
    if dice.random() < 0.3:  # families in need for every second seat or so, and one place in a carriage
        parties = [replace(party, accessible=dice.random() < 0.4) for party in parties]
        carriages = [replace(carriage, accessible=True, wheelchairs=1) for carriage in carriages]
    return parties, carriages


def _check(parties: Sequence[Party], carriages: Sequence[Carriage], plan: CarriagePlan) -> None:
    assert len(plan.carriages) == len(parties)
    assert _lawful(parties, carriages, plan.carriages)
    assert plan.cost == _cost(parties, plan.carriages)
    assert plan.bound <= plan.cost


def test_brute_force_agrees_on_tiny_trains(tiny: int) -> None:
    many = min(200, tiny)
    short = closed = 0
    for seed in range(many):
        parties, carriages = _tiny(Random(seed), most=10 if seed % 20 == 0 else 7)
        plan = seat_parties(parties, carriages, limits=Limits(effort=1.0))
        _check(parties, carriages, plan)
        most, least = _best(parties, carriages)
        seated = [party for party, place in zip(parties, plan.carriages, strict=True) if place is not None]
        assert sum(party.size for party in seated) == most, seed
        assert plan.must_leave == sum(party.size for party in parties) - most, seed
        if least >= 0:
            assert plan.cost == plan.bound == least, seed
            floor = count_pairs(_kinds(parties), carriages).cost(WEIGHTS)
            assert floor <= least, seed
            closed += floor == least
        short += bool(plan.left)
    assert short > many / 10
    assert closed > 0.3 * many


def test_the_count_never_exceeds_the_least_cost_of_three_carriages() -> None:
    for seed in range(120):
        dice = Random(seed)
        parties, carriages = _tiny(dice, most=6)
        carriages.append(Carriage(seats=dice.randint(0, 3), accessible=dice.random() < 0.5))
        _, least = _best(parties, carriages)
        if least >= 0:
            assert count_pairs(_kinds(parties), carriages).cost(WEIGHTS) <= least, seed


def _full_train(seed: int) -> tuple[list[Party], list[Carriage]]:
    """Two or three equal carriages with hardly a seat free, all of them accessible or only the first."""
    dice = Random(seed)
    number = dice.choice((2, 3))
    parties, _ = _tiny(dice, most=9 if number == 2 else 6)
    if seed % 2:  # few stops and many employers make it hard to fill carriages with whole ones
        parties = [
            replace(party, stop=place % (1 + seed % 3 // 2), employer=place // 2 if seed % 5 else place)
            for place, party in enumerate(parties)
        ]
    if seed % 4 > 1:
        parties = [replace(party, accessible=dice.random() < 0.4) for party in parties]
    seats = -(-sum(party.size for party in parties) // number) + (seed % 7 == 0)
    return parties, [Carriage(seats=seats, accessible=seed % 4 < 2 or not n) for n in range(number)]


def test_the_bound_for_full_trains_never_exceeds_the_least_cost() -> None:
    stronger = sharper = 0
    for seed in (*range(350), 53255, 53790, 53859, 54091, 54515, 54755, 55267):
        parties, carriages = _full_train(seed)
        _, least = _best(parties, carriages)
        if least >= 0:
            counts = _kinds(parties)
            anywhere = _kinds([replace(party, accessible=False) for party in parties])
            for weights in (WEIGHTS, Weights(employer=15, stop=4)):
                floor = count_pairs(counts, carriages)
                bound = bound_full(counts, carriages, weights=weights, floor=floor)
                assert bound <= (least if weights == WEIGHTS else _best(parties, carriages, weights)[1]), seed
                stronger += bound > floor.cost(weights)
                sharper += bound > bound_full(anywhere, carriages, weights=weights, floor=floor)
    assert stronger > 20
    assert sharper > 10


def _fill_by_hand(heads: Sequence[int], *, width: int, free: int) -> int:
    """The most sets that fill carriages, over all ways to put heads into sets."""
    groupings: list[list[int]] = [[]]
    for number in heads:
        groupings = [
            [*sets[:place], sets[place] + number, *sets[place + 1 :]]
            if place < len(sets)
            else [*sets, number]
            for sets in groupings
            for place in range(len(sets) + 1)
        ]
    most = 0
    for sets in groupings:
        wasted = list(accumulate(sorted(-number % width for number in sets)))
        most = max(most, sum(waste <= free for waste in wasted))
    return most


def test_all_sets_of_employers_that_fill_carriages_are_found() -> None:
    for seed in range(120):
        dice = Random(seed)
        width = dice.randint(3, 12)
        heads = [dice.randint(1, width + 3) for _ in range(dice.randint(1, 6))]
        free = dice.randrange(width)
        filled = count_filled(heads, width=width, free=free)
        for number, waste in enumerate(filled):
            assert _fill_by_hand(heads, width=width, free=waste) >= number, seed
            assert not waste or _fill_by_hand(heads, width=width, free=waste - 1) < number, seed
        assert len(filled) == _fill_by_hand(heads, width=width, free=free) + 1, seed


def _least_apart(heads: Sequence[int], rooms: Sequence[int]) -> int:
    """The fewest places more than groups, over all orders of groups and gaps before ends of rooms."""
    ends, least = list(accumulate(rooms)), len(heads) * len(rooms)
    for order in permutations(heads):
        begins = {0: 0}
        for number in order:
            reached: dict[int, int] = {}
            for begin, apart in begins.items():
                for start in {begin, *(min(end for end in ends if end >= begin) for _ in range(begin > 0))}:
                    after = start + number
                    cost = apart + sum(start < end < after for end in ends)
                    if after <= ends[-1]:
                        reached[after] = min(reached.get(after, cost), cost)
            begins = reached
        least = min([least, *begins.values()])
    return least


def test_a_line_up_parts_as_few_groups_as_its_rooms_allow() -> None:
    for seed in range(120):
        dice = Random(seed)
        rooms = [dice.randint(2, 9) for _ in range(dice.randint(1, 4))]
        heads = [dice.randint(1, 6) for _ in range(dice.randint(1, 5))]
        shares = line_up(heads, rooms)
        if sum(heads) > sum(rooms):
            assert shares is None
            continue
        assert shares is not None
        assert all(sum(share.values()) <= room for share, room in zip(shares, rooms, strict=True))
        assert [sum(share.get(group, 0) for share in shares) for group in range(len(heads))] == heads
        assert sum(map(len, shares)) - len(heads) == _least_apart(heads, rooms), seed


def _groups(*heads: int) -> dict[Kind, int]:
    """Single heads of one employer for each stop."""
    return {Kind(stop, stop, 1, False): number for stop, number in enumerate(heads)}


def test_counts_how_stops_share_carriages() -> None:
    tens = [Carriage(seats=10)] * 3
    assert count_pairs(_groups(10, 10, 10), tens) == Floor(employers=3, stops=3)
    assert count_pairs(_groups(11, 9, 10), tens) == Floor(employers=4, stops=4)
    assert count_pairs(_groups(12, 9, 9), tens) == Floor(employers=4, stops=5)
    assert count_pairs(_groups(11, 8, 11), tens) == Floor(employers=5, stops=5)
    # Each stop alone would find two carriages, but not all of them at once.
    mixed = [Carriage(seats=number) for number in (8, 7, 4, 3)]
    assert count_pairs(_groups(11, 11), mixed) == Floor(employers=4, stops=4)
    assert count_pairs(_groups(13, 9), mixed) == Floor(employers=4, stops=5)


def test_counts_who_must_meet_in_the_accessible_carriage() -> None:
    needy = {Kind(stop, stop, 1, True): 1 for stop in range(2)}
    others = {Kind(stop, stop, 1, False): 8 for stop in range(2)}
    two = [Carriage(seats=10, accessible=True), Carriage(seats=10)]
    assert count_pairs(others, two) == Floor(employers=2, stops=2)
    assert count_pairs(needy | others, two) == Floor(employers=3, stops=3)
    both = [Carriage(seats=10, accessible=True)] * 2
    assert count_pairs(needy | others, both) == Floor(employers=2, stops=2)


def test_least_carriages_takes_the_accessible_ones_that_are_needed() -> None:
    carriages = [Carriage(seats=9), Carriage(seats=3, accessible=True), Carriage(seats=4, accessible=True)]
    assert least_carriages(Group(heads=9), carriages) == 1
    assert least_carriages(Group(heads=9, accessible=1), carriages) == 2
    assert least_carriages(Group(heads=7, accessible=5), carriages) == 2
    assert least_carriages(Group(heads=14, accessible=1), carriages) == 3


@pytest.mark.parametrize("kind", ["roomy", "full"])
def test_a_train_is_seated_whole_and_proved(kind: str) -> None:
    parties, carriages = make_train(kind, 455, seed=4)
    plan = seat_parties(parties, carriages, limits=Limits(effort=3.0, seed=1))
    _check(parties, carriages, plan)
    assert plan.left == ()
    assert plan.proved


def test_effort_repeats_exactly_and_betters_what_a_stop_leaves() -> None:
    parties, carriages = make_train("full", 1105, seed=1)
    plans = [
        seat_parties(parties, carriages, limits=limits)
        for limits in (
            Limits(effort=0.1, seed=1),
            Limits(effort=0.1, seed=1),
            Limits(seconds=60, stop=lambda: True),
        )
    ]
    for plan in plans:
        _check(parties, carriages, plan)
        assert plan.left == ()
    assert plans[0] == plans[1]
    assert plans[0].cost < plans[2].cost


def test_greedy_lets_small_parties_leave_for_a_family() -> None:
    parties = [Party(size=size, employer=0, stop=0) for size in (3, 3, 2, 1, 1)]
    carriages = [Carriage(seats=5), Carriage(seats=5)]
    loads = fill_greedily(_kinds(parties), carriages)
    assert loads is not None
    for load in loads:
        assert sum(kind.size * number for kind, number in load.items()) == 5
    assert fill_greedily(_kinds(parties), [Carriage(seats=2)] * 5) is None


def test_who_stands_first_is_seated_first() -> None:
    parties = [Party(size=2, employer=number, stop=0) for number in range(5)]
    carriages = [Carriage(seats=5), Carriage(seats=3)]
    plan = seat_parties(parties, carriages, limits=Limits(effort=1.0))
    assert plan.left == (3, 4)
    assert plan.must_leave == 4
    assert plan.proved


def test_those_in_need_stay_behind_without_an_accessible_carriage() -> None:
    parties = [Party(size=1, employer=None, stop=0, accessible=True), Party(size=1, employer=None, stop=0)]
    plan = seat_parties(parties, [Carriage(seats=9)], limits=Limits(effort=1.0))
    assert plan.carriages == (None, 0)
    assert plan.must_leave == 1


def test_each_place_for_a_wheelchair_is_taken_once() -> None:
    parties = [Party(size=2, employer=0, stop=0, accessible=True) for _ in range(3)]
    carriages = [Carriage(seats=9, accessible=True, wheelchairs=1), Carriage(seats=9, accessible=True)]
    plan = seat_parties(parties, carriages, limits=Limits(effort=1.0))
    assert plan.carriages == (1, 1, 1)
    plan = seat_parties(parties, [carriages[0]] * 2, limits=Limits(effort=1.0))
    assert sorted(plan.carriages[:2], key=str) == [0, 1]
    assert (plan.left, plan.must_leave) == ((2,), 2)


def test_fits_more_than_greed_would() -> None:
    kinds = [Kind(0, 0, size, False) for size in (6, 5, 5, 4, 4, 4)]
    loads, left, must_leave = fit_most(kinds, [Carriage(seats=14)] * 2, purse=Purse(Limits(effort=1.0)))
    assert not left
    assert must_leave == 0
    assert sorted(sum(kind.size * n for kind, n in load.items()) for load in loads) == [14, 14]


def test_an_employer_of_two_stops_counts_once_in_a_carriage() -> None:
    parties = [Party(size=1, employer=0, stop=stop) for stop in (0, 1, 0, 1)]
    carriages = [Carriage(seats=2)] * 2
    plan = seat_parties(parties, carriages, limits=Limits(effort=1.0))
    assert plan.proved
    assert plan.cost == 2 * 10 + 2 * 15
    dear = Weights(employer=1000, stop=1)
    plan = seat_parties(
        [*parties[:2], *[replace(p, employer=1) for p in parties[:2]]],
        carriages,
        limits=Limits(effort=1.0),
        weights=dear,
    )
    assert plan.carriages[0] == plan.carriages[1]
    assert plan.cost == plan.bound == 2004


def test_single_heads_that_no_families_can_follow_are_not_realised() -> None:
    kind = Kind(0, 0, 2, False)
    seating = Seating(
        carriages=(Carriage(seats=3), Carriage(seats=3)), loads=({kind: 1}, {kind: 1}), weights=WEIGHTS
    )
    purse = Purse(Limits(effort=1.0))
    head = kind._replace(size=1)
    assert realise(seating, purse, heads=({head: 3}, {head: 1}), limits=purse.grant(1.0)) is not None
    assert realise(seating, purse, heads=({head: 3}, {}), limits=purse.grant(1.0)) is None


def test_single_heads_bound_whole_families() -> None:
    kinds = {Kind(0, 0, 2, False): 2, Kind(1, 0, 1, False): 2}
    loads = ({Kind(0, 0, 2, False): 1, Kind(1, 0, 1, False): 1},) * 2
    seating = Seating(carriages=(Carriage(seats=3), Carriage(seats=3)), loads=loads, weights=WEIGHTS)
    assert seating.counts == kinds
    purse = Purse(Limits(effort=2.0))
    heads = improve(seating.in_heads(), purse, limits=purse.grant(0.5), workers=1)
    whole = improve(seating, purse, limits=purse.grant(0.5), workers=1)
    assert heads.bound == heads.cost == 60
    assert whole.bound == whole.cost == 70


def test_single_heads_of_a_family_in_need_take_no_place_each() -> None:
    seating = Seating(
        carriages=(Carriage(seats=3, accessible=True, wheelchairs=1),),
        loads=({Kind(0, 0, 2, True): 1},),
        weights=WEIGHTS,
    )
    purse = Purse(Limits(effort=1.0))
    heads = improve(seating.in_heads(), purse, limits=purse.grant(0.5), workers=1)
    assert heads.loads is not None
    assert heads.bound == seating.cost


def test_seats_left_free_are_counted_once_for_all_stops() -> None:
    assert seats_full._count_parts([[9], [9], [20]], width=10, free=1) == 2
    assert seats_full._count_parts([[9], [9], [20]], width=10, free=2) == 3


def test_some_limit_must_be_given() -> None:
    with pytest.raises(ValueError, match="limit"):
        Limits()


def test_nobody_and_nothing() -> None:
    assert seat_parties([], [], limits=Limits(effort=1.0)).carriages == ()
    assert seat_parties([], [Carriage(seats=9)], limits=Limits(effort=1.0)).proved
    plan = seat_parties([Party(size=1, employer=0, stop=0)], [], limits=Limits(effort=1.0))
    assert plan.left == (0,)
    assert plan.must_leave == 1


@pytest.mark.parametrize(("size", "employer", "stop"), [(0, 0, 0), (1, 0, -1), (1, -2, 0)])
def test_refuses_parties_that_are_none(size: int, employer: int, stop: int) -> None:
    with pytest.raises(ValueError, match="party"):
        Party(size=size, employer=employer, stop=stop)
    with pytest.raises(ValueError, match="carriage"):
        Carriage(seats=-1)


def test_the_bench_draws_trains_as_asked() -> None:
    parties, carriages = make_train("full", 1105, seed=2)
    assert make_train("full", 1105, seed=2) == (parties, carriages)
    assert make_train("full", 1105, seed=3)[0] != parties
    assert sum(party.size for party in parties) == 1105
    assert sum(carriage.seats for carriage in carriages) == 1106
    assert {party.stop for party in parties} == {0, 1, 2}
