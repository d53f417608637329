"""Who comes to fairs that are settled: programs against all ways there are, and what they may not do."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

import pytest

from planner.solvers.fairs import Fair, FairsBudget, solve_fairs
from planner.solvers.fairs.greedy import invite, keep
from planner.solvers.fairs.ground import Ground, survey
from planner.solvers.fairs.judge import Judge
from planner.solvers.fairs.model import Effort, Held
from planner.solvers.fairs.polish import Reinvited, groups, reinvite
from planner.solvers.fairs.suggest import find_options
from tests.bench.fairs.recipe import make
from tests.unit.solvers.fairs_brute import random_problem

FEW = 40
EFFORT = Effort(counted=1.0)


def _settled(seed: int) -> tuple[Ground, Held]:
    """A tiny season, its fairs settled, with whoever a greedy choice invites; in every other nobody."""
    problem = replace(random_problem(Random(seed)), fixed=(), previous=())
    ground = survey(problem)
    slots: list[int] = []
    for slot in range(ground.free):
        beside = [Fair(slot=ground.slots[other]) for other in (*slots, slot)]
        if len(slots) < 2 and not Judge(problem).judge(beside).breaches:
            slots.append(slot)
    bare = keep(ground, dict.fromkeys(slots, ()), wanted={})
    return ground, invite(ground, bare) if seed % 2 else bare


def _fairs(ground: Ground, held: Held) -> list[Fair]:
    return [Fair(slot=ground.slots[slot], employers=guests) for slot, guests in held.items()]


def _best(ground: Ground, held: Held, *, employers: frozenset[int]) -> int:
    """What the best way to invite them is worth, all ways tried."""
    judge, slots = Judge(ground.problem), sorted(held)
    there = {slot: set(held[slot]) - employers for slot in slots}
    choices = [[frozenset(who) for who in _subsets(sorted(employers))] for _ in slots]
    found = [judge.value(_fairs(ground, held)).total]
    for chosen in product(*choices):
        plan = {slot: tuple(sorted(there[slot] | set(who))) for slot, who in zip(slots, chosen, strict=True)}
        judged = judge.judge(_fairs(ground, plan))
        if not judged.breaches:
            found.append(judged.score.total)
    return max(found)


def _subsets(members: list[int]) -> list[tuple[int, ...]]:
    return [
        tuple(m for m, taken in zip(members, bits, strict=True) if taken)
        for bits in product((0, 1), repeat=len(members))
    ]


@pytest.mark.parametrize("hinted", [False, True])
def test_a_group_comes_as_is_best_beside_the_others(*, hinted: bool) -> None:
    better = tried = 0
    for seed in range(FEW):
        ground, held = _settled(seed)
        judge = Judge(ground.problem)
        for employers in groups(ground, Random(seed), fairs=60):
            found = reinvite(ground, held, employers=employers, hinted=hinted, effort=EFFORT)
            merged = found.into(ground, held)
            assert merged is not None, seed
            judged = judge.judge(_fairs(ground, merged))
            assert not judged.breaches, seed
            assert {slot: set(who) - employers for slot, who in merged.items()} == {
                slot: set(who) - employers for slot, who in held.items()
            }
            best = _best(ground, held, employers=employers)
            assert judged.score.total == best, (seed, employers)
            better += best > judge.value(_fairs(ground, held)).total
            tried += 1
    assert tried > FEW // 2
    assert better


def test_groups_are_all_who_have_posts() -> None:
    ground = survey(make(6, 1))
    found = list(groups(ground, Random(1), fairs=6))
    assert frozenset().union(*found) == {n for n, posts in enumerate(ground.posts) if posts.any()}
    assert all(1 <= len(group) <= 50 for group in found)


def test_what_does_not_fit_any_more_is_not_taken() -> None:
    ground, held = _settled(3)
    slot = next(iter(held))
    everybody = frozenset(range(len(ground.problem.employers)))
    crowd = Reinvited(employers=everybody, come=frozenset((who, slot) for who in everybody))
    tight = survey(
        replace(
            ground.problem,
            venues=tuple(replace(venue, booths=0) for venue in ground.problem.venues),
            employers=tuple(replace(employer, booths=1) for employer in ground.problem.employers),
        )
    )
    assert crowd.into(tight, held) is None
    assert Reinvited(employers=everybody, come=None).into(ground, held) is None
    nobody = Reinvited(employers=everybody, come=frozenset()).into(ground, held)
    assert nobody == dict.fromkeys(held, ())


def test_a_season_without_any_slot_or_anybody_who_comes_is_planned() -> None:
    problem = make(3, 1)
    shut = replace(problem, wishes=tuple(replace(wish, venues=()) for wish in problem.wishes))
    found = solve_fairs(shut, FairsBudget(effort=3))
    assert found.fairs == ()
    assert found.score.missing < 0
    assert found.bound_fen >= found.score.total
    alone = replace(
        problem,
        employers=(),
        wishes=tuple(replace(wish, employers=None) for wish in problem.wishes),
    )
    held = solve_fairs(alone, FairsBudget(effort=3)).fairs
    assert len(held) == 3
    rest = [fair for fair in held if fair.slot.wish != 0]
    assert find_options(Judge(alone), rest, wish=0, best=3).best
