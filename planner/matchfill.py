"""Registrations without a destination or employer get those of their match: a draft of departures.

What somebody said on registering stands: a match elsewhere changes nothing but is counted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.candidates import build_candidates
from planner.model.jobs import SeekerId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.candidates import Candidate
    from planner.model.agenda import Agenda
    from planner.model.campaign import Campaign
    from planner.model.jobs import Post, Wish
    from planner.model.people import Registration
    from planner.model.places import DestinationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A campaign with what was filled in, and how many heads of each kind."""

    campaign: Campaign
    destinations: int
    employers: int
    elsewhere: int
    """Matched with another city than the one they registered for."""
    still_open: int
    """Without a destination still: they cannot travel yet."""


def fill_registrations(campaign: Campaign, agenda: Agenda) -> Filled:
    """Fill in from matches; who has none goes with their group, where all of it goes to one city."""
    posts = {post.id: post for post in campaign.outreach.posts}
    found = {match.seeker_id: posts[match.post_id] for match in agenda.matches if match.post_id in posts}
    people = _follow([_fill(person, found.get(SeekerId(person.id))) for person in campaign.registrations])
    pairs = list(zip(campaign.registrations, people, strict=True))
    still_open = {SeekerId(person.id) for person in people if not person.destination_id}
    candidates = {one.id: one for one in build_candidates(campaign)}
    wishes = tuple(
        _stand_alone(wish, candidates[wish.id]) if wish.id in still_open & candidates.keys() else wish
        for wish in campaign.outreach.wishes
    )
    return Filled(
        campaign=replace(
            campaign, registrations=tuple(people), outreach=replace(campaign.outreach, wishes=wishes)
        ),
        destinations=sum(old.destination_id != new.destination_id for old, new in pairs),
        employers=sum(old.employer != new.employer for old, new in pairs),
        elsewhere=sum(_differs(person, found.get(SeekerId(person.id))) for person in people),
        still_open=len(still_open),
    )


def _fill(person: Registration, post: Post | None) -> Registration:
    if post is None or _differs(person, post):
        return person
    employer = person.employer or post.employer
    return replace(person, destination_id=post.destination_id, employer=employer)


def _differs(person: Registration, post: Post | None) -> bool:
    return post is not None and person.destination_id not in {"", post.destination_id}


def _follow(people: Sequence[Registration]) -> list[Registration]:
    """Children and others without a match go where their group goes."""
    cities: dict[object, set[DestinationId]] = defaultdict(set)
    for person in people:
        if person.destination_id:
            cities[_group(person)].add(person.destination_id)
    filled: list[Registration] = []
    for person in people:
        there = cities[_group(person)]
        follows = not person.destination_id and len(there) == 1
        filled.append(replace(person, destination_id=next(iter(there))) if follows else person)
    return filled


def _group(person: Registration) -> object:
    alone = "" if person.group else person.id
    return person.village_id, person.travel_date, person.latest_date, person.group, alone


def _stand_alone(wish: Wish, person: Candidate) -> Wish:
    """Put what the roster says into the list, so that it can be read while the roster's row cannot."""
    return replace(wish, village_id=person.village_id, sex=person.sex, age=person.age)
