"""People who look for work and posts, as arrays of whole numbers and back; one point is one fen.

A pair costs what it falls short of all wishes: sector, destination, wage, another post than was offered.
The solver's destination is a city with a sector, so that it need know only one kind of wish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.candidates import build_candidates
from planner.model.people import Sex
from planner.solvers.matching import MatchProblem, Meeting, Persons, Points, Posts
from planner.solvers.matching.problem import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from planner.candidates import Candidate
    from planner.model.campaign import Campaign
    from planner.model.jobs import Post, PostId, SeekerId
    from planner.model.outreachlaw import MatchRules
    from planner.model.places import DestinationId
    from planner.solvers.matching.problem import Ints

FEN: Final = 100
"""In a yuan."""
_SEXES: Final = {None: 0, Sex.MALE: 1, Sex.FEMALE: 2}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatchDesk:
    """Rows of the problem with who and what they are; ``shelves`` are the solver's destinations."""

    rules: MatchRules
    people: tuple[Candidate, ...]
    posts: tuple[Post, ...]
    told: tuple[PostId | None, ...]
    """The post each person was offered, as far as it is still there."""
    shelves: tuple[tuple[DestinationId, str], ...]
    groups: tuple[tuple[int, ...], ...]
    """Rows of those who want to stay together."""
    problem: MatchProblem


def prepare_desk(campaign: Campaign, *, told: Mapping[SeekerId, PostId] | None = None) -> MatchDesk | None:
    """Lay people and posts out in id order; None where one of them is missing.

    ``told`` are the posts of the plan before; what the list itself says was offered goes first.
    """
    people, posts = build_candidates(campaign), campaign.outreach.posts
    if not people or not posts:
        return None
    known = {post.id for post in posts}
    earlier = told or {}
    offers = [person.offered or earlier.get(person.id) for person in people]
    offered = tuple(post if post in known else None for post in offers)
    return lay_out(people, posts, rules=campaign.rules.matching, told=offered)


def lay_out(
    people: tuple[Candidate, ...],
    posts: tuple[Post, ...],
    *,
    rules: MatchRules,
    told: tuple[PostId | None, ...],
) -> MatchDesk:
    """Build the problem of these people and posts."""
    shelves = tuple(sorted({(post.destination_id, post.sector) for post in posts}))
    groups = _find_groups(people)
    tie = np.full(len(people), NOBODY)
    for number, rows in enumerate(groups):
        tie[list(rows)] = number
    row_of = {post.id: row for row, post in enumerate(posts)}
    skills = {skill: 1 << bit for bit, skill in enumerate(sorted({s for post in posts for s in post.skills}))}
    problem = MatchProblem(
        persons=Persons(
            age=_ints(NOBODY if person.age is None else person.age for person in people),
            skills=_ints(sum(skills.get(s, 0) for s in set(person.skills)) for person in people),
            floor_fen=_ints(person.least_yuan * FEN for person in people),
            wish=_wishes(people, shelves, rules=rules),
            sex=_ints(_SEXES[person.sex] for person in people),
            tie=tie,
            offered=_ints(NOBODY if post is None else row_of[post] for post in told),
        ),
        posts=_posts(posts, shelves, skills=skills),
        points=Points(
            unmatched=rules.unmatched_fen,
            wish=1,
            wage=rules.wage_fen_per_yuan,
            step_fen=FEN,
            best_fen=rules.wage_top_yuan * FEN,
            idle=0,
            change=rules.change_fen,
        ),
        meetings=(Meeting.EMPLOYER,) * len(groups),
    )
    return MatchDesk(
        rules=rules, people=people, posts=posts, told=told, shelves=shelves, groups=groups, problem=problem
    )


def price_pair(
    rules: MatchRules, person: Candidate, *, post: Post, told: PostId | None
) -> tuple[tuple[str, int], ...]:
    """What a pair costs by rule, in fen; rules that cost nothing are left out."""
    sector = _short_of(person.sectors, post.sector, fen=rules.sector_fen)
    place = _short_of(person.destinations, post.destination_id, fen=rules.destination_fen)
    wage = max(rules.wage_top_yuan - post.wage_to_yuan, 0) * rules.wage_fen_per_yuan
    change = rules.change_fen if told not in {None, post.id} else 0
    costs = (("sector", sector), ("destination", place), ("wage", wage), ("change", change))
    return tuple((rule, fen) for rule, fen in costs if fen)


def _short_of(wishes: Sequence[str], found: str, *, fen: int) -> int:
    """The first wish costs nothing, the next half of it, then three quarters; what is not named all."""
    if not wishes:
        return 0
    return fen - (fen >> wishes.index(found)) if found in wishes else fen


def _wishes(people: Sequence[Candidate], shelves: Sequence[tuple[str, str]], *, rules: MatchRules) -> Ints:
    cities, sectors = sorted({city for city, _ in shelves}), sorted({sector for _, sector in shelves})
    city_row = {city: row for row, city in enumerate(cities)}
    sector_row = {sector: row for row, sector in enumerate(sectors)}
    there = _ranks(people, city_row, of=lambda person: person.destinations, fen=rules.destination_fen)
    trade = _ranks(people, sector_row, of=lambda person: person.sectors, fen=rules.sector_fen)
    named = np.array([bool(person.destinations) for person in people])
    closed = (there == NOBODY) & named[:, None]
    there[there == NOBODY] = 0
    trade[trade == NOBODY] = rules.sector_fen
    trade[[not person.sectors for person in people]] = 0
    at = [city_row[city] for city, _ in shelves]
    wish = there[:, at] + trade[:, [sector_row[sector] for _, sector in shelves]]
    wish[closed[:, at]] = NOBODY
    return wish


def _ranks(
    people: Sequence[Candidate],
    row_of: Mapping[str, int],
    *,
    of: Callable[[Candidate], Sequence[str]],
    fen: int,
) -> Ints:
    """By person and row what it costs that it is not the first wish; NOBODY where it is no wish."""
    costs = np.full((len(people), len(row_of)), NOBODY)
    for number, person in enumerate(people):
        wishes = of(person)
        for name in wishes:
            if name in row_of:
                costs[number, row_of[name]] = _short_of(wishes, name, fen=fen)
    return costs


def _posts(
    posts: Sequence[Post], shelves: Sequence[tuple[DestinationId, str]], *, skills: Mapping[str, int]
) -> Posts:
    shelf_of = {shelf: row for row, shelf in enumerate(shelves)}
    firms = {firm: row for row, firm in enumerate(sorted({_firm(post) for post in posts}))}
    return Posts(
        quota=_ints(post.count for post in posts),
        youngest=_ints(post.age_from for post in posts),
        oldest=_ints(post.age_to for post in posts),
        need=_ints(sum(skills[skill] for skill in set(post.skills)) for post in posts),
        wage_fen=_ints(post.wage_to_yuan * FEN for post in posts),
        destination=_ints(shelf_of[post.destination_id, post.sector] for post in posts),
        sex=_ints(_SEXES[post.sex] for post in posts),
        lawful=_ints(post.sex_reason is not None for post in posts),
        employer=_ints(firms[_firm(post)] for post in posts),
    )


def _firm(post: Post) -> tuple[DestinationId, str]:
    return post.destination_id, post.employer


def _find_groups(people: Sequence[Candidate]) -> tuple[tuple[int, ...], ...]:
    together: dict[SeekerId, list[int]] = {}
    for row, person in enumerate(people):
        together.setdefault(person.group, []).append(row)
    return tuple(tuple(rows) for rows in together.values() if len(rows) > 1)


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)
