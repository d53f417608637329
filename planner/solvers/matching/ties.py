"""Couples and groups kept together: each is given a venue, an employer or a city, and the flow made anew.

With couples the problem is NP-hard, so this repairs: the venue is the one that costs a group least at the
prices of the plan without groups; where a group does not find room it goes to the next; a group that finds
none is let go. The bound without groups stays a bound, so the loss is known.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.matching.flow import Arcs
from planner.solvers.matching.kernel import FAR, OPEN, draw, meet, rate_all, refuse_all
from planner.solvers.matching.market import arrange
from planner.solvers.matching.problem import NOBODY, Clock, MatchEffort, MatchPlan, MatchProblem, Meeting
from planner.solvers.matching.solve import PAIRS, Desk, Proof, merge, open_desk

if TYPE_CHECKING:
    from planner.solvers.matching.flow import Answer
    from planner.solvers.matching.problem import Ints

_HOLD: Final = 4
"""How many times as dear it is to leave somebody of a group alone, so that the others make room."""
_NEAR: Final = 200
"""Points by which a pair may be worse than what a person has, to be among his first pairs."""
_GAIN: Final = 200
"""Points that another venue must be better by, for a group to change once it has room."""
_TRIES: Final = 6
"""Venues a group is sent to before it is let go."""


def find_apart(problem: MatchProblem, post: Ints) -> tuple[int, ...]:
    """Groups of which some are placed and not all are at one venue."""
    apart: list[int] = []
    for group, members in group_rows(problem).items():
        taken = post[members]
        at = {int(venue_of(problem, group)[j]) if j >= 0 else NOBODY for j in taken.tolist()}
        if len(at) > 1:
            apart.append(group)
    return tuple(apart)


def keep_groups(problem: MatchProblem, plan: MatchPlan, *, effort: MatchEffort) -> MatchPlan:
    """Bring groups together from a plan that left them aside; its bound is kept, those apart are named.

    The answer is the cheapest on its pairs with each group fixed to its venue. Rounds are counted as in
    ``match_people``. Raises SolverError as that does.
    """
    if not find_apart(problem, plan.post):
        return plan
    clock, repair = Clock(effort), _Repair(problem, plan)
    loose, rounds, best = repair.start(plan), 0, None
    while True:
        arcs = merge(loose, repair.bound_pairs())
        answer = repair.desk.prove(arcs)
        rounds += 1
        missing = repair.audit(arcs, answer)
        proof = Proof(bound=plan.bound, rounds=plan.rounds + rounds, missing=missing)
        done = repair.describe(arcs, answer, proof=proof)
        settled = not repair.move_on(answer.prices, post=done.post) and not missing.person.size
        better = best is None or (len(done.groups), done.points) < (len(best.groups), best.points)
        best = done if better or best is None else best
        if clock.over(rounds=rounds) or (settled and not (better and repair.reconsider(answer.prices))):
            return best
        loose = merge(loose, missing)


def group_rows(problem: MatchProblem) -> dict[int, Ints]:
    """Members by group, those of two and more."""
    members: dict[int, list[int]] = defaultdict(list)
    for person in np.flatnonzero(problem.persons.tie >= 0).tolist():
        members[int(problem.persons.tie[person])].append(person)
    return {group: np.array(some) for group, some in sorted(members.items()) if len(some) > 1}


def venue_of(problem: MatchProblem, group: int) -> Ints:
    """What must be the same for a group, by post."""
    posts = problem.posts
    return posts.employer if problem.meetings[group] == Meeting.EMPLOYER else posts.destination


@dataclass(slots=True, kw_only=True)
class _Booking:
    """Where a group goes, and where it has been; ``venue`` is ``NOBODY`` once it is let go."""

    members: Ints
    venue: int
    seen: set[int] = field(default_factory=set[int])


class _Repair:
    """Groups and their venues; ``home`` is the market as it is, ``desk`` has groups held by a high price."""

    def __init__(self, problem: MatchProblem, plan: MatchPlan) -> None:
        self._problem = problem
        self.home = open_desk(problem)
        self._bookings = {
            group: _Booking(members=members, venue=NOBODY) for group, members in group_rows(problem).items()
        }
        for group, booking in self._bookings.items():
            self._book(group, booking, post=plan.post, prices=plan.prices)
        self.desk = self._hold()

    def start(self, plan: MatchPlan) -> Arcs:
        """Pairs of the people who are free to choose: what they have, and what is nearly as good."""
        market, some = self.home.market, np.flatnonzero(plan.post >= 0)
        points = rate_all(market, some, plan.post[some])
        have = market.alone.copy()
        have[some] = points + plan.prices[plan.post[some]]
        shelves = arrange(market, self.home.shelf, prices=plan.prices)
        many, posts, _ = draw(market, shelves, plan.prices, have + _NEAR, PAIRS)
        arcs = merge(self.home.pairs(many, posts), Arcs(person=some, post=plan.post[some], points=points))
        return arcs.only(np.flatnonzero(~self._held()[arcs.person]))

    def bound_pairs(self) -> Arcs:
        """All pairs of the groups at their venues."""
        person: list[Ints] = []
        post: list[Ints] = []
        for group, booking in self._bookings.items():
            if booking.venue == NOBODY:
                continue
            there = venue_of(self._problem, group) == booking.venue
            for member in booking.members.tolist():
                open_ = np.flatnonzero(there & (refuse_all(self.home.market, member) == OPEN))
                person.append(np.full(open_.size, member))
                post.append(open_)
        persons = np.concatenate([*person, np.empty(0, dtype=np.int64)])
        posts = np.concatenate([*post, np.empty(0, dtype=np.int64)])
        return Arcs(person=persons, post=posts, points=rate_all(self.home.market, persons, posts))

    def audit(self, arcs: Arcs, answer: Answer) -> Arcs:
        """Absent pairs that would pay, of the people who are free to choose."""
        missing, _ = self.desk.audit(arcs, answer)
        return missing.only(np.flatnonzero(~self._held()[missing.person]))

    def describe(self, arcs: Arcs, answer: Answer, *, proof: Proof) -> MatchPlan:
        """The plan of an answer, and its groups apart."""
        plan = self.home.plan(arcs, answer, proof=proof)
        nowhere = tuple(group for group, booking in self._bookings.items() if booking.seen == {NOBODY})
        return replace(plan, groups=find_apart(self._problem, plan.post), nowhere=nowhere)

    def move_on(self, prices: Ints, *, post: Ints) -> bool:
        """Send groups without room to the next venue, or let them go; whether there were any."""
        moved = False
        for group, booking in self._bookings.items():
            if booking.venue != NOBODY and (post[booking.members] < 0).any():
                self._book(group, booking, post=post, prices=prices)
                moved = True
        self.desk = self._hold()
        return moved

    def reconsider(self, prices: Ints) -> bool:
        """Send groups to a venue that is cheaper at these prices than theirs; whether there were any."""
        moved = False
        for group, booking in self._bookings.items():
            if booking.venue != NOBODY:
                total = self._meet(group, booking, prices=prices)
                better = int(total.argmin())
                if total[better] + _GAIN < total[booking.venue]:
                    booking.venue, moved = better, True
        return moved

    def _meet(self, group: int, booking: _Booking, *, prices: Ints) -> Ints:
        venue = venue_of(self._problem, group)
        return meet(self.home.market, prices, self.home.quota, booking.members, venue)

    def _book(self, group: int, booking: _Booking, *, post: Ints, prices: Ints) -> None:
        """To where all are already, else to the cheapest venue not yet tried."""
        venue = venue_of(self._problem, group)
        taken = post[booking.members]
        at = set(venue[taken[taken >= 0]].tolist())
        if (taken >= 0).all() and len(at) == 1:
            booking.venue = at.pop()
        else:
            total = self._meet(group, booking, prices=prices)
            total[sorted(booking.seen)] = FAR
            best = int(total.argmin())
            tired = total[best] >= FAR or len(booking.seen) >= _TRIES
            booking.venue = NOBODY if tired else best
        booking.seen.add(booking.venue)

    def _held(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        held = np.zeros(self._problem.persons.age.size, dtype=bool)
        for booking in self._bookings.values():
            held[booking.members] = booking.venue != NOBODY
        return held

    def _hold(self) -> Desk:
        market = self.home.market
        alone = np.where(self._held(), _HOLD * market.alone, market.alone)
        return replace(self.home, market=market._replace(alone=alone))
