"""Everything of a campaign that is about fairs, squads and posts; a campaign of transport alone has none."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

from planner.model.fairs import Exhibitor, Fair, Resource, SeekerCount, Venue
from planner.model.jobs import Post, Result, Wish
from planner.model.tours import Broker, Squad, VisitNeed

_KEYS: Final = {
    "seekers": attrgetter("village_id", "sector"),
    "brokers": attrgetter("village_id", "name", "phone"),
    "results": attrgetter("kind", "id", "day"),
}
_BY_ID: Final = attrgetter("id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outreach:
    """Frozen input of fairs, tours and matching. Tuples are sorted on construction."""

    venues: tuple[Venue, ...] = ()
    resources: tuple[Resource, ...] = ()
    exhibitors: tuple[Exhibitor, ...] = ()
    fairs: tuple[Fair, ...] = ()
    seekers: tuple[SeekerCount, ...] = ()
    squads: tuple[Squad, ...] = ()
    visits: tuple[VisitNeed, ...] = ()
    brokers: tuple[Broker, ...] = ()
    posts: tuple[Post, ...] = ()
    wishes: tuple[Wish, ...] = ()
    results: tuple[Result, ...] = ()

    def __post_init__(self) -> None:
        """Sort each collection by its natural key."""
        for entry in fields(self):
            rows = sorted(getattr(self, entry.name), key=_KEYS.get(entry.name, _BY_ID))
            object.__setattr__(self, entry.name, tuple(rows))

    def __bool__(self) -> bool:
        """Whether there is anything of it."""
        return any(getattr(self, entry.name) for entry in fields(self))
