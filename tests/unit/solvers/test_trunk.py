"""Departures: the cheapest plan against looking at all of them, every rule on larger ones, and the bound."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from itertools import count
from random import Random

import numpy as np
import pytest

from planner.solvers.routing.children import Crew
from planner.solvers.routing.frames import Done
from planner.solvers.routing.highs import Limits, relax
from planner.solvers.routing.search import Progress
from planner.solvers.trunk import (
    CoachKind,
    Line,
    Means,
    Party,
    Prices,
    Ride,
    Train,
    TrunkBudget,
    TrunkProblem,
    TrunkSolution,
    Weights,
    price,
    recompute,
    solve_trunk,
)
from planner.solvers.trunk import solve as stages
from planner.solvers.trunk.bound import Patience, Sites, climb, first_prices
from planner.solvers.trunk.cities import Map, Promise, Region, near_ways, put_back
from planner.solvers.trunk.dive import dive, seat
from planner.solvers.trunk.filling import cost, name_parties, nobody_moves, settle
from planner.solvers.trunk.ground import survey
from planner.solvers.trunk.model import Model, whole_part
from planner.solvers.trunk.tasks import Allowance, Found, search_part, search_whole
from tests.bench.trunk.recipe import make
from tests.unit.solvers.trunk_brute import cheapest, random_problem

TINY = 500
EFFORT = 2
_AT_ONCE_S = 40.0
"""Generous where others use the machine: the whole budget would be 120, and it takes a tenth of one."""


class _Line:
    """The line of a task that runs here."""

    def stopped(self) -> bool:
        return False


def _season(travellers: int = 100, seed: int = 1) -> TrunkProblem:
    """A season in which coaches pay: four cities, two of them with nothing else, and a train."""
    drawn = make(travellers, seed)
    parties = tuple(replace(party, city=party.city % 4, employer=party.city % 3) for party in drawn.parties)
    lines = tuple(
        Line(city=city, employer=employer, cost_fen=(600_000, None if city else 350_000), away=1 + city % 3)
        for city in range(4)
        for employer in (None, 0, 1)
    )
    return replace(
        drawn,
        parties=parties,
        kinds=(CoachKind(seats=24, vehicles=(2, 1) * 10), CoachKind(seats=13, vehicles=(1,) * 20)),
        lines=lines,
        trains=(Train(day=7, seats=20, head_fen=((0, 9000), (2, 11_000)), fixed_fen=5000, least=15),),
        scheduled_fen=(60_000, None, 45_000, None),
        weights=Weights(least=10, whole=6, unserved_fen=90_000),
    )


def _solve(problem: TrunkProblem, effort: int = 6, seed: int = 0) -> TrunkSolution:
    return solve_trunk(problem, TrunkBudget(effort=effort, seed=seed))


@pytest.fixture(scope="module")
def season() -> TrunkProblem:
    return _season()


@pytest.fixture(scope="module")
def solution(season: TrunkProblem) -> TrunkSolution:
    return _solve(season)


def test_brute_force_agrees_on_tiny_seasons(tiny: int) -> None:
    many = min(TINY, tiny)
    proved = large = 0
    coaches = split = 0
    for seed in range(many):
        problem = random_problem(Random(seed))
        best, found = cheapest(problem), _solve(problem, EFFORT)
        judged = price(problem, (found.coaches, found.rides))
        assert judged.faults == (), seed
        assert found.verified_fen <= found.bound_fen <= best <= found.cost_fen == judged.fen, seed
        if found.proved:
            proved += 1
            assert found.cost_fen == best, seed
        coaches, split = coaches + len(found.coaches), split + judged.split
        seats = max((kind.seats for kind in problem.kinds), default=0)
        large += any(party.size > seats for party in problem.parties)
    assert large > many / 10
    assert proved >= many - max(many // 100, 1)
    assert coaches > many / 2
    assert split > many / 50


def test_the_stages_for_large_seasons_are_right_on_tiny_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the program of single coaches: a flow first, then neighbourhoods."""
    monkeypatch.setattr(stages, "_TINY", -1)
    reached = 0
    for seed in range(60):
        problem = random_problem(Random(seed))
        best, found = cheapest(problem), _solve(problem, 4)
        assert found.bound_fen <= best <= found.cost_fen, seed
        reached += found.cost_fen == best
    assert reached >= 50


def test_the_whole_program_bounds_tiny_seasons() -> None:
    near = 0
    for seed in range(60):
        problem = random_problem(Random(seed))
        ground, best = survey(problem), cheapest(problem)
        allowance = Allowance(seconds=None, nodes=100)
        found = search_whole(_Line(), ground, nobody_moves(ground), allowance)
        assert found.bound is not None
        assert found.bound <= best, seed
        near += found.bound >= 0.9 * best
    assert near >= 50


def test_links_that_fractions_break_are_added() -> None:
    """A party of 5 at a coach of 20 seats for 9,000: a quarter of it would do, but for the link."""
    problem = TrunkProblem(
        days=1,
        parties=(Party(size=5, city=0, ready=0, deadline=0),),
        kinds=(CoachKind(seats=20, vehicles=(1,)),),
        lines=(Line(city=0, cost_fen=(9000,)),),
        scheduled_fen=(1000,),
        weights=Weights(least=0),
    )
    ground = survey(problem)
    allowance = Allowance(seconds=None, nodes=0)
    assert search_whole(_Line(), ground, nobody_moves(ground), allowance).bound == 5000


def test_every_party_travels_once_and_whole(season: TrunkProblem, solution: TrunkSolution) -> None:
    assert len(solution.rides) == len(season.parties)
    lists = Counter(party for coach in solution.coaches for party in coach.parties)
    riders = {
        number for number, ride in enumerate(solution.rides) if ride.means in {Means.DIRECT, Means.POOLED}
    }
    assert len(solution.coaches) > 3
    assert set(lists) == riders
    assert set(lists.values()) == {1}
    for number in riders:
        party, ride = season.parties[number], solution.rides[number]
        coach = solution.coaches[ride.vehicle or 0]
        assert number in coach.parties
        assert (coach.city, coach.day) == (party.city, ride.day)
        assert coach.employer == (party.employer if ride.means is Means.DIRECT else None)


def test_everybody_leaves_in_time(season: TrunkProblem, solution: TrunkSolution) -> None:
    for party, ride in zip(season.parties, solution.rides, strict=True):
        assert party.ready <= ride.day <= party.deadline
        assert ride.means not in party.barred


def test_no_vehicle_is_away_twice_and_none_is_overfull(season: TrunkProblem, solution: TrunkSolution) -> None:
    away = {(line.city, line.employer): line.away for line in season.lines}
    busy: Counter[tuple[int, int]] = Counter()
    longest = 0
    for coach in solution.coaches:
        length = away[coach.city, coach.employer]
        busy.update((coach.kind, day) for day in range(coach.day, coach.day + length))
        heads = sum(season.parties[party].size for party in coach.parties)
        assert 0 < heads <= season.kinds[coach.kind].seats
        longest = max(longest, length)
    assert longest > 1
    for (kind, day), number in busy.items():
        assert day >= season.days or number <= season.kinds[kind].vehicles[day]


def test_trains_are_not_overfull(season: TrunkProblem, solution: TrunkSolution) -> None:
    on_board = [
        party for party, ride in zip(season.parties, solution.rides, strict=True) if ride.means is Means.TRAIN
    ]
    assert 0 < sum(party.size for party in on_board) <= season.trains[0].seats
    assert {party.city for party in on_board} <= {0, 2}


def test_the_order_of_parties_and_a_second_run_change_nothing(
    season: TrunkProblem, solution: TrunkSolution
) -> None:
    assert _solve(season) == solution
    order = Random(1).sample(range(len(season.parties)), len(season.parties))
    shuffled = _solve(replace(season, parties=tuple(season.parties[number] for number in order)))
    assert (shuffled.cost_fen, shuffled.bound_fen) == (solution.cost_fen, solution.bound_fen)


def test_neighbourhoods_better_the_first_plan(season: TrunkProblem) -> None:
    ground = survey(season)
    duals = climb(Sites(ground), first_prices(ground), patience=Patience(steps=60))
    first = cost(ground, seat(ground, dive(ground, duals, stop=lambda: False)))
    nobody = cost(ground, nobody_moves(ground))
    assert first is not None
    assert nobody is not None
    assert nobody > first > _solve(season).cost_fen


def test_more_vehicles_and_wider_windows_never_cost_more() -> None:
    cheaper = 0
    for seed in range(40):
        problem = random_problem(Random(seed))
        richer = tuple(
            replace(kind, vehicles=tuple(number + 1 for number in kind.vehicles)) for kind in problem.kinds
        )
        wider = tuple(replace(party, deadline=problem.days - 1) for party in problem.parties)
        weights = replace(problem.weights, whole=99)
        problem = replace(problem, weights=weights)
        asked = [problem, replace(problem, kinds=richer), replace(problem, parties=wider)]
        before, *after = (_solve(one, 12) for one in asked)
        assert all(found.proved for found in (before, *after))
        assert all(found.cost_fen <= before.cost_fen for found in after), seed
        cheaper += any(found.cost_fen < before.cost_fen for found in after)
    assert cheaper > 10


def _one_city(sizes: list[int], **changes: int) -> TrunkProblem:
    """Everybody from day 0 to day 1 to one city's employer 0; one coach a day."""
    parties = tuple(Party(size=size, city=0, employer=0, ready=0, deadline=1) for size in sizes)
    return TrunkProblem(
        days=2,
        parties=parties,
        kinds=(CoachKind(seats=30, vehicles=(1, 1)),),
        lines=(Line(city=0, employer=0, cost_fen=(60_000,)),),
        scheduled_fen=(10_000,),
        weights=Weights(**changes),
    )


@pytest.mark.parametrize(("short_fen", "coaches"), [(0, 1), (3000, 1), (9000, 0)])
def test_a_coach_short_of_its_least_heads_pays(short_fen: int, coaches: int) -> None:
    """Ten heads: 60,000 by coach, 115,000 otherwise, ten heads short of twenty."""
    found = _solve(_one_city([5, 5], short_fen=short_fen))
    assert len(found.coaches) == coaches
    assert found.cost_fen == min(60_000 + 10 * short_fen, 115_000)


@pytest.mark.parametrize(("split_fen", "split"), [(0, 1), (400_000, 0)])
def test_a_group_of_one_employer_stays_together_unless_that_is_too_dear(split_fen: int, split: int) -> None:
    """40 heads: two days' coaches, or all by scheduled transport."""
    problem = _one_city([8] * 5, split_fen=split_fen, least=5)
    found = _solve(problem)
    judged = price(problem, (found.coaches, found.rides))
    assert (judged.whole, judged.split) == (1, split)
    assert found.proved
    assert len({(ride.day, ride.means) for ride in found.rides}) == 1 + split


def test_who_can_go_by_nothing_is_left_behind() -> None:
    party = Party(size=2, city=0, ready=0, deadline=0, barred=frozenset({Means.SCHEDULED}))
    found = _solve(TrunkProblem(days=1, parties=(party,), scheduled_fen=(100,)))
    assert found.rides == (Ride(day=0, means=Means.LEFT),)
    assert found.cost_fen == found.bound_fen == found.verified_fen == 2_000_000


def test_nobody_travels() -> None:
    train = Train(day=0, seats=9, head_fen=((0, 1),), fixed_fen=500, least=2)
    found = _solve(TrunkProblem(days=1, parties=(), trains=(train,), weights=Weights(short_fen=7)))
    assert (found.cost_fen, found.bound_fen, found.verified_fen) == (514, 514, 514)


@pytest.mark.parametrize(
    ("seats", "barred", "means"),
    [
        (60, frozenset[Means](), Means.TRAIN),
        (59, frozenset[Means](), Means.SCHEDULED),
        (59, frozenset({Means.SCHEDULED}), Means.LEFT),
    ],
)
@pytest.mark.parametrize("tiny", [400, -1])
def test_a_party_larger_than_every_coach_takes_none(
    seats: int, barred: frozenset[Means], means: Means, tiny: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Coaches cost next to nothing, and two of them have seats enough for all 60; the single takes one."""
    monkeypatch.setattr(stages, "_TINY", tiny)
    problem = TrunkProblem(
        days=1,
        parties=(
            Party(size=60, city=0, ready=0, deadline=0, barred=barred),
            Party(size=1, city=0, ready=0, deadline=0),
        ),
        kinds=(CoachKind(seats=53, vehicles=(2,)), CoachKind(seats=1, vehicles=(1,))),
        lines=(Line(city=0, cost_fen=(90, 30)),),
        trains=(Train(day=0, seats=seats, head_fen=((0, 70),)),),
        scheduled_fen=(1000,),
        weights=Weights(least=0),
    )
    found = _solve(problem)
    assert [ride.means for ride in found.rides] == [means, Means.POOLED]
    assert [coach.kind for coach in found.coaches] == [1]
    fen = {Means.TRAIN: 70, Means.SCHEDULED: 1000, Means.LEFT: 1_000_000}[means]
    assert found.verified_fen <= found.bound_fen <= found.cost_fen == 60 * fen + 30


def test_large_parties_and_coaches_of_any_size_keep_every_rule() -> None:
    season = _season(120, seed=3)
    dice = Random(1)
    parties = tuple(replace(party, size=dice.choice((1, 2, 7, 20, 60))) for party in season.parties[:24])
    kinds = (CoachKind(seats=24, vehicles=(2, 1) * 10), CoachKind(seats=3, vehicles=(1,) * 20))
    season = replace(season, parties=parties, kinds=kinds)
    found = _solve(season, 2)
    judged = price(season, (found.coaches, found.rides))
    assert judged.faults == ()
    assert recompute(season, found.prices) == found.verified_fen <= found.bound_fen <= found.cost_fen
    on_board = {party for coach in found.coaches for party in coach.parties}
    assert {parties[party].size for party in on_board} >= {7, 20}
    assert max(parties[party].size for party in on_board) <= 24


def test_a_group_is_seated_whole_where_the_cheapest_flow_splits_it() -> None:
    """15 of its 20 heads would leave on day 0, and five on day 1, but for the group."""
    parties = (
        *(Party(size=5, city=0, employer=0, ready=0, deadline=1) for _ in range(4)),
        *(Party(size=5, city=0, ready=0, deadline=0) for _ in range(3)),
    )
    problem = TrunkProblem(
        days=2,
        parties=parties,
        kinds=(CoachKind(seats=30, vehicles=(1, 1)),),
        lines=(Line(city=0, cost_fen=(100,)),),
        scheduled_fen=(9000,),
        weights=Weights(least=0, split_fen=500_000),
    )
    ground = survey(problem)
    _, rides = name_parties(ground, seat(ground, np.ones_like(ground.coach_fen)))
    assert {ride.day for ride in rides[:4]} == {0}
    assert Counter(ride.means for ride in rides[4:]) == {Means.POOLED: 2, Means.SCHEDULED: 1}


_NOBODY_ELSE = {"lines": (), "trains": ()}


@pytest.mark.parametrize(
    "without", [_NOBODY_ELSE, {"lines": ()}, {"parties": ()}, {**_NOBODY_ELSE, "parties": ()}]
)
@pytest.mark.parametrize("counted", [True, False])
def test_where_there_is_little_to_decide_it_answers_at_once(
    season: TrunkProblem, without: dict[str, tuple[()]], *, counted: bool
) -> None:
    problem = replace(season, **without)
    began_s = time.monotonic()
    found = solve_trunk(problem, TrunkBudget(effort=1000) if counted else TrunkBudget(seconds=120))
    assert time.monotonic() - began_s < _AT_ONCE_S
    assert found.proved
    assert price(problem, (found.coaches, found.rides)).faults == ()


def test_without_trains_coaches_go_all_the_same(season: TrunkProblem) -> None:
    problem = replace(season, trains=())
    found = _solve(problem)
    assert price(problem, (found.coaches, found.rides)).faults == ()
    assert found.coaches


def test_told_to_stop_from_the_start_it_answers_at_once() -> None:
    problem = make(2000, 1)
    began_s = time.monotonic()
    found = solve_trunk(problem, TrunkBudget(seconds=120, stop=lambda: True))
    assert time.monotonic() - began_s < _AT_ONCE_S
    assert price(problem, (found.coaches, found.rides)).faults == ()
    assert 0 < found.verified_fen <= found.bound_fen < found.cost_fen


def test_what_does_not_fit_its_coaches_whole_is_moved_and_never_split() -> None:
    """Five parties of four are 20 heads, and two coaches of ten seats hold four of them."""
    problem = replace(
        _one_city([4] * 5, least=0, split_fen=0),
        kinds=(CoachKind(seats=10, vehicles=(2, 0)),),
    )
    ground = survey(problem)
    empty = nobody_moves(ground)
    on_day_0 = ground.site_day[ground.choice_site] == 0
    coaches = np.where(ground.site_day == 0, 2, 0)[None, :]
    full = replace(empty, chosen=np.where(on_day_0, 5, 0), resort=0 * empty.resort, coaches=coaches)
    assert cost(ground, full) is None
    moved = settle(ground, full, sites=np.flatnonzero(coaches[0]).tolist())
    plan = name_parties(ground, moved)
    judged = price(problem, plan)
    assert judged.faults == ()
    assert judged.fen == cost(ground, moved)
    assert sorted(len(coach.parties) for coach in plan[0]) == [2, 2]
    assert Counter(ride.means for ride in plan[1]) == {Means.DIRECT: 4, Means.SCHEDULED: 1}


def test_a_flow_takes_the_cheapest_seats() -> None:
    """Two lines, one coach each, and the parties that lose least by waiting wait."""
    parties = (
        Party(size=8, city=0, ready=0, deadline=1),
        Party(size=8, city=0, ready=1, deadline=1),
        Party(size=8, city=1, ready=0, deadline=1),
    )
    problem = TrunkProblem(
        days=2,
        parties=parties,
        kinds=(CoachKind(seats=16, vehicles=(2, 2)),),
        lines=(Line(city=0, cost_fen=(100,)), Line(city=1, cost_fen=(100,))),
        scheduled_fen=(5000, 600),
        weights=Weights(least=0, wait_fen=700),
    )
    ground = survey(problem)
    coaches = np.where((ground.site_day == 1), 1, 0)[None, :]
    plan = name_parties(ground, seat(ground, coaches))
    assert [ride.means for ride in plan[1]] == [Means.POOLED, Means.POOLED, Means.SCHEDULED]
    assert price(problem, plan).fen == 200 + 8 * 700 + 8 * 600


def test_any_prices_make_a_lawful_bound_and_both_ways_of_counting_agree() -> None:
    for seed in range(80):
        problem, dice = random_problem(Random(seed)), Random(seed)
        ground, best = survey(problem), cheapest(problem)
        head = np.array([dice.randint(-500, int(fen)) for fen in ground.resort_fen], dtype=np.int64)
        fleet = [[dice.choice((0, 0, 2000)) for _ in kind.vehicles] for kind in problem.kinds]
        vehicle = np.array(fleet, dtype=np.int64).reshape(ground.vehicles.shape)
        prices = Prices(head_fen=tuple(head.tolist()), vehicle_fen=tuple(tuple(row) for row in fleet))
        assert recompute(problem, prices) == Sites(ground).evaluate(head, vehicle).bound <= best, seed
        dear = replace(prices, head_fen=tuple(fen + 5000 for fen in prices.head_fen))
        assert recompute(problem, dear) <= best, seed
        paid = replace(prices, vehicle_fen=tuple((-3000,) * problem.days for _ in problem.kinds))
        assert recompute(problem, paid) <= best, seed


def test_prices_are_as_good_as_the_linear_program(season: TrunkProblem) -> None:
    ground = survey(season)
    found = climb(Sites(ground), first_prices(ground), patience=Patience(steps=400))
    model = Model(ground, whole_part(ground))
    relaxed = relax(model.program, limits=Limits())
    assert relaxed is not None
    linear = relaxed[0].bound - model.ways_fen + ground.fixed_fen
    assert found.bound > 0.995 * linear


def test_a_region_leaves_the_rest_of_the_plan_alone(season: TrunkProblem) -> None:
    ground = survey(season)
    duals = climb(Sites(ground), first_prices(ground), patience=Patience(steps=60))
    coaches = dive(ground, duals, stop=lambda: False)
    coaches[:, ground.site_city == 0] = 0
    plan = seat(ground, coaches)
    atlas = Map(ground, near_ways(ground, Sites(ground).divide(duals)))
    region = Region(cities=frozenset({0, 1}), first=5, last=9)
    cut = atlas.cut(plan, region, taken=Promise.nothing(ground), share=1.0)
    assert cut is not None
    model = Model(ground, cut.part)
    start = model.encode(cut.current)
    before = model.program.priced(start)
    found = search_part(_Line(), model.search(cut.current), Allowance(seconds=None, nodes=50))
    assert before is not None
    assert found.columns is not None
    assert found.bound is not None
    assert found.bound <= int(model.program.costs @ found.columns)
    gained = before - int(model.program.costs @ found.columns)
    new = put_back(plan, cut, new=model.decode(found.columns))
    outside = ~np.isin(ground.site_city, [0, 1]) | (ground.site_day < 5) | (ground.site_day > 9)
    assert gained > 0
    assert (new.coaches[:, outside] == plan.coaches[:, outside]).all()
    assert (ground.busy(new.coaches) <= ground.vehicles).all()
    assert cost(ground, new) in {None, (cost(ground, plan) or 0) - gained}


def test_two_regions_share_what_nobody_uses(season: TrunkProblem) -> None:
    ground = survey(season)
    atlas = Map(ground, np.ones(ground.way_group.size, dtype=np.bool_))
    empty = nobody_moves(ground)
    first, second = (Region(cities=frozenset({city}), first=0, last=19) for city in (0, 2))
    one = atlas.cut(empty, first, taken=Promise.nothing(ground), share=0.5)
    assert one is not None
    two = atlas.cut(empty, second, taken=one.promise, share=1.0)
    assert two is not None
    assert (one.part.vehicles + two.part.vehicles == ground.vehicles).all()
    assert one.part.vehicles.any()
    assert two.part.vehicles.any()
    assert (one.part.seats.tolist(), two.part.seats.tolist()) == ([10], [10])


def test_a_part_is_searched_in_a_child_as_it_is_here(season: TrunkProblem) -> None:
    ground = survey(season)
    atlas = Map(ground, np.ones(ground.way_group.size, dtype=np.bool_))
    region = Region(cities=frozenset({0}), first=5, last=7)
    cut = atlas.cut(nobody_moves(ground), region, taken=Promise.nothing(ground), share=1.0)
    assert cut is not None
    model = Model(ground, cut.part)
    asked = (model.search(cut.current), Allowance(seconds=None, nodes=50))
    here = search_part(_Line(), *asked)
    with Crew(1) as crew:
        task = crew.submit("part", search_part, *asked)
        while task.outcome is None:
            crew.poll(0.1)
    assert isinstance(task.outcome, Done)
    found = task.outcome.value
    assert isinstance(found, Found)
    assert found.columns is not None
    assert here.columns is not None
    assert model.program.priced(found.columns) == model.program.priced(here.columns)


@pytest.mark.parametrize("after", [0, 3, 40, 90])
def test_it_can_be_stopped_at_any_moment(season: TrunkProblem, after: int) -> None:
    asked = count()
    budget = TrunkBudget(effort=1000, stop=lambda: next(asked) >= after)
    found = solve_trunk(season, budget)
    assert price(season, (found.coaches, found.rides)).faults == ()
    assert found.verified_fen <= found.bound_fen <= found.cost_fen
    assert next(asked) < after + 100


def test_seconds_are_kept_and_progress_only_gets_better(season: TrunkProblem) -> None:
    heard: list[Progress] = []
    found = solve_trunk(season, TrunkBudget(seconds=0.5, progress=heard.append))
    costs = [progress.cost_fen for progress in heard]
    bounds = [progress.bound_fen or 0 for progress in heard]
    assert costs == sorted(costs, reverse=True)
    assert bounds == sorted(bounds)
    assert found.cost_fen == costs[-1] < costs[0]
    assert all(bound <= fen for bound, fen in zip(bounds, costs, strict=True))


def test_a_budget_is_seconds_or_effort() -> None:
    with pytest.raises(ValueError, match="either"):
        TrunkBudget()
    with pytest.raises(ValueError, match="either"):
        TrunkBudget(seconds=1, effort=1)
