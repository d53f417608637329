"""Who fits which post: candidates and posts to arrays, the cheapest flow, groups kept, and back with reasons.

Posts are offered within the law and the wishes that are conditions (age, skill, wage, destination); among
those the weights of ``[matching]`` decide. What that costs is said line by line and adds up to the solver's
own total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.errors import SolverError
from planner.model.agenda import Agenda, Match, Part, PartProof, ScoreLine
from planner.solvers.matching import match_people
from planner.solvers.matching.groupbound import bound_groups
from planner.solvers.matching.leftover import place_left
from planner.solvers.matching.ties import find_apart, keep_groups
from planner.stages.matchdesk import prepare_desk, price_pair
from planner.stages.unmatched import explain_unmatched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model.campaign import Campaign
    from planner.solvers.matching import MatchEffort, MatchPlan
    from planner.solvers.matching.problem import Ints
    from planner.stages.matchdesk import MatchDesk

_ALONE: Final = "unmatched"
_CHANGE: Final = "change"
_SPLIT: Final = "split"


def plan_matching(
    campaign: Campaign, *, effort: MatchEffort, previous: Agenda | None = None
) -> Agenda | None:
    """Offer everybody who wishes for one a post, or say why not; None where there is nobody or no post.

    ``previous`` is what was planned before: another offer than there costs ``matching.change_fen``. Raises
    SolverError when the library breaks or what it says does not add up.
    """
    told = {} if previous is None else {match.seeker_id: match.post_id for match in previous.matches}
    desk = prepare_desk(campaign, told=told)
    if desk is None:
        return None
    loose = match_people(desk.problem, effort=effort, pairs=campaign.rules.matching.arcs)
    kept = keep_groups(desk.problem, loose, effort=effort)
    best = min((place_left(desk.problem, plan) for plan in (kept, loose)), key=lambda plan: _cost(desk, plan))
    score = tuple(_score(desk, best.post))
    cost_fen = sum(line.fen for line in score)
    if cost_fen != _cost(desk, best):
        raise SolverError("matching", f"{cost_fen} fen by rule, but {_cost(desk, best)} in all")
    return Agenda(
        matches=tuple(_matches(desk, best.post)),
        unmatched=explain_unmatched(desk, best),
        score=score,
        proofs=(
            PartProof(
                part=Part.MATCHING,
                cost_fen=cost_fen,
                bound_fen=bound_groups(desk.problem, loose, split=campaign.rules.matching.split_fen),
                pruned_fen=loose.points - loose.bound,
            ),
        ),
    )


def _cost(desk: MatchDesk, plan: MatchPlan) -> int:
    """Points of people, and what parting groups costs."""
    return plan.points + sum(fen for _, fen in _splits(desk, plan.post))


def _splits(desk: MatchDesk, post: Ints) -> Iterator[tuple[int, int]]:
    """What it costs each member of a group to be apart, by row."""
    for group in find_apart(desk.problem, post):
        yield from ((row, desk.rules.split_fen) for row in desk.groups[group])


def _matches(desk: MatchDesk, post: Ints) -> Iterator[Match]:
    rows: list[int] = post.tolist()
    for person, taken in zip(desk.people, rows, strict=True):
        if taken >= 0:
            found = desk.posts[taken]
            fen = sum(fen for _, fen in price_pair(desk.rules, person, post=found, told=None))
            yield Match(seeker_id=person.id, post_id=found.id, fen=fen)


def _score(desk: MatchDesk, post: Ints) -> Iterator[ScoreLine]:
    """Every rule that costs somebody anything, person by person."""
    parted = dict(_splits(desk, post))
    rows: list[int] = post.tolist()
    for row, (person, taken) in enumerate(zip(desk.people, rows, strict=True)):
        told = desk.told[row]
        if taken >= 0:
            costs = dict(price_pair(desk.rules, person, post=desk.posts[taken], told=told))
        else:
            costs = {_ALONE: desk.rules.unmatched_fen, _CHANGE: desk.rules.change_fen if told else 0}
        costs[_SPLIT] = parted.get(row, 0)
        for rule, fen in costs.items():
            if fen:
                yield ScoreLine(part=Part.MATCHING, rule=rule, item=person.id, fen=fen)
