"""Plans of cities, pooled: seats by a flow, walks, prices and the plan put together, against other ways."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from planner.solvers.routing.children import Crew
from planner.solvers.routing.highs import Limits
from planner.solvers.trunk import Means, TrunkBudget, TrunkProblem, price
from planner.solvers.trunk.bound import Duals, Patience, Sites, climb, first_prices, toll
from planner.solvers.trunk.cities import keep_sites
from planner.solvers.trunk.dive import seat
from planner.solvers.trunk.filling import cost, name_parties
from planner.solvers.trunk.ground import Ground, survey
from planner.solvers.trunk.kernel import KIND, SITE, City, fill
from planner.solvers.trunk.pool import Pool, seat_well, walk
from planner.solvers.trunk.rounds import Rounds, suits
from planner.solvers.trunk.standing import Standing
from tests.bench.trunk.recipe import make
from tests.unit.solvers.trunk_brute import cheapest, random_problem


class _Here:
    """The line of a task that runs here."""

    def stopped(self) -> bool:
        return False


def _without_trains(seed: int) -> TrunkProblem:
    return replace(random_problem(Random(seed)), trains=())


def _tiny() -> list[TrunkProblem]:
    problems = map(_without_trains, range(60))
    return [problem for problem in problems if suits(survey(problem))]


@pytest.fixture(scope="module")
def ground() -> Ground:
    return survey(make(300, 1))


@pytest.fixture(scope="module")
def pool(ground: Ground) -> Pool:
    duals = climb(Sites(ground), first_prices(ground), patience=Patience(steps=150))
    found = Pool(ground, duals.vehicle)
    for _ in range(4):
        found.take(walk(_Here(), found.walks(0), steps=20))
        found.reprice(Limits())
    return found


def _least_by_hand(city: City, runs: np.ndarray) -> int:
    """What these coaches save, head by head over every way to seat them."""
    heads = [group for group, count in enumerate(city.heads.tolist()) for _ in range(count)]
    best = {(0,) * len(runs): 0}
    for group in heads:
        following = dict(best)
        for loads, saved in best.items():
            for number, (kind, site) in enumerate(runs.tolist()):
                if loads[number] < city.seats[kind]:
                    now = (*loads[:number], loads[number] + 1, *loads[number + 1 :])
                    gain = saved + int(city.resort[group] - city.fen[group, site])
                    following[now] = max(following.get(now, gain), gain)
        best = following
    least = [int(city.least[kind]) for kind, _ in runs.tolist()]
    return max(
        saved - city.short * sum(max(few - load, 0) for few, load in zip(least, loads, strict=True))
        for loads, saved in best.items()
    )


def test_coaches_are_filled_as_well_as_by_any_seating() -> None:
    dice, several = Random(7), 0
    for problem in _tiny():
        for asked in Pool(survey(problem), np.zeros((len(problem.kinds), problem.days), np.int64)).walks(0):
            city = asked.city
            open_ = np.argwhere(city.coach >= 0)
            if not open_.size or city.heads.sum() > 12 or city.seats.max() > 12:
                continue
            picked = [dice.randrange(len(open_)) for _ in range(dice.randint(1, 2))]
            runs = open_[picked].astype(np.int64)
            saved, worth = fill(city, runs)
            assert saved == _least_by_hand(city, runs)
            assert (worth <= city.resort).all()
            several += len(picked) > 1
    assert several > 4


def test_plans_seen_cost_what_they_say_and_keep_the_fleet(ground: Ground) -> None:
    pool = Pool(ground, np.zeros_like(ground.vehicles))
    walks = pool.walks(3)
    seen = dict(walk(_Here(), walks, steps=15))
    coaches = 0
    for asked in walks:
        counts, saves, plans = seen[asked.number]
        for count, saved, plan in zip(counts.tolist(), saves.tolist(), plans, strict=True):
            runs = plan[:count]
            paid = int(asked.city.coach[runs[:, KIND], runs[:, SITE]].sum())
            assert saved == fill(asked.city, runs)[0] - paid
            coaches = max(coaches, count)
        pool.take([(asked.number, seen[asked.number])])
    assert coaches >= 1
    assert all((plan.busy <= ground.vehicles).all() for plans in pool._plans for plan in plans.values())


def test_the_best_plans_side_by_side_are_lawful_and_good(ground: Ground, pool: Pool) -> None:
    coaches = pool.choose(Limits())
    assert (ground.busy(coaches) <= ground.vehicles).all()
    filling = seat_well(ground, coaches, limits=Limits())
    fen, plain = cost(ground, filling), cost(ground, seat(ground, coaches))
    assert fen is not None
    assert plain is not None
    assert fen <= plain
    coached, rides = name_parties(ground, filling)
    judged = price(ground.problem, (coached, rides))
    assert judged.faults == ()
    assert judged.fen == fen
    assert sum(ride.means in {Means.DIRECT, Means.POOLED} for ride in rides) > len(rides) / 4


def test_rounds_better_prices_and_what_cities_are_known_to_pay_is_no_bound(
    ground: Ground, pool: Pool
) -> None:
    first = first_prices(ground)
    assert not np.array_equal(pool.vehicle, first.vehicle)
    known = pool.known()
    start = replace(first, vehicle=pool.vehicle)
    duals = climb(Sites(ground), start, patience=Patience(steps=60, fleet=False))
    assert np.array_equal(duals.vehicle, pool.vehicle)
    assert duals.bound > Sites(ground).evaluate(first.head, pool.vehicle).bound
    division = Sites(ground).divide(duals)
    assert all(known[city] >= division.floor[city] for city in known)
    for city, fen in known.items():
        kept, beyond = keep_sites(ground, division, city=city, known=fen)
        assert beyond > fen
        tight, _ = keep_sites(ground, division, city=city, known=int(division.floor[city]) - 1)
        assert tight.sum() <= kept.sum()


def _rounds(problem: TrunkProblem, effort: int) -> tuple[Standing, Duals, dict[int, int]]:
    standing = Standing(survey(problem), TrunkBudget(effort=effort, seed=1), bound=0)
    with Crew(0, stop=standing.over) as crew:
        duals = first_prices(standing.ground)
        outlook = Rounds(standing, crew, workers=0).run(duals)
        assert outlook is not None
        assert outlook.choosing is not None
        crew.poll(0.0)
        standing.offer(outlook.choosing.outcome.value.filling)  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess, reportUnknownArgumentType]
    return standing, outlook.duals, outlook.known


def test_rounds_reach_the_cheapest_plan_of_most_tiny_seasons_and_repeat() -> None:
    reached = coaches = 0
    problems = _tiny()
    for problem in problems:
        standing, duals, known = _rounds(problem, 3)
        best = cheapest(problem)
        assert standing.cost >= best
        assert duals.bound <= best
        tolls = toll(standing.ground, duals.vehicle)
        assert (tolls >= 0).all()
        reached += standing.cost == best
        coaches += bool(standing.best.coaches.any())
        assert set(known) == {party.city for party in problem.parties}
    assert reached >= 0.8 * len(problems)
    assert coaches > len(problems) / 5
    again = [_rounds(problem, 2)[0].cost for problem in (problems[0], problems[0])]
    assert again[0] == again[1]


def test_only_few_coaches_and_no_trains_are_pooled() -> None:
    few = make(200, 1)
    assert suits(survey(few))
    assert not suits(survey(make(10_000, 1)))
    assert not suits(survey(replace(make(10_000, 1), trains=())))
    assert not suits(survey(replace(few, kinds=(), lines=())))
