"""What belongs together in tours, for planning and judging alike: days, and squads with their villages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from planner.model.campaign import Campaign
    from planner.model.outreachlaw import TourRules
    from planner.model.places import Place, PlaceId
    from planner.model.tours import Squad, VisitNeed

HELD: Final = 100
"""Leaving out a visit that somebody fixed costs so many times what a required one does."""
_COUNTY_DIGITS: Final = 6
_USUAL_DAYS: Final = 28
"""Squads are out for so long where neither the rules nor any window says until when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """Squads and needs of one county: planned by themselves, their loads compared with each other's."""

    name: str
    """The county's six digits; empty where places have no such codes, or all is one."""
    squads: tuple[Squad, ...]
    needs: tuple[VisitNeed, ...]


def find_tour_days(campaign: Campaign) -> tuple[date, ...]:
    """Days on which squads may be out: by the rules, else by the visits' windows."""
    return list_days(campaign.rules.tours, campaign.outreach.visits, first_day=campaign.first_day)


def list_days(rules: TourRules, needs: Iterable[VisitNeed], *, first_day: date) -> tuple[date, ...]:
    """List the days from the first to the last that rules or windows name; none where they cross."""
    needs = tuple(needs)
    first = rules.first_day or min((need.first_day for need in needs if need.first_day), default=None)
    first = first or first_day
    last = rules.last_day or max((need.last_day for need in needs if need.last_day), default=None)
    last = last or first + timedelta(days=_USUAL_DAYS - 1)
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def find_districts(campaign: Campaign) -> tuple[District, ...]:
    """Split squads and needs by county (the first six digits of the village's code), in code order.

    A squad whose base has no such code goes to the county of the village nearest as the crow flies; so do
    the villages of a county that has no squad.
    """
    outreach = campaign.outreach
    places = {place.id: place for place in campaign.places}
    needs: dict[str, list[VisitNeed]] = defaultdict(list)
    for need in outreach.visits:
        needs[_county(need.village_id)].append(need)
    if len(needs) <= 1 or not outreach.squads:
        return (District(name=min(needs, default=""), squads=outreach.squads, needs=outreach.visits),)
    villages = sorted({need.village_id for need in outreach.visits})
    squads: dict[str, list[Squad]] = defaultdict(list)
    for squad in outreach.squads:
        own = _county(squad.base_id)
        near = own if own in needs else _county(_nearest(places, squad.base_id, among=villages))
        squads[near].append(squad)
    bases = sorted({squad.base_id for squad in outreach.squads})
    home = {squad.base_id: county for county, some in squads.items() for squad in some}
    for county in sorted(needs.keys() - squads.keys()):
        nearest = home[_nearest(places, needs[county][0].village_id, among=bases)]
        needs[nearest] += needs.pop(county)
    return tuple(
        District(name=county, squads=tuple(squads[county]), needs=tuple(sorted(needs[county], key=_by_id)))
        for county in sorted(needs)
    )


def _by_id(need: VisitNeed) -> str:
    return need.id


def _county(place_id: PlaceId) -> str:
    code = place_id[:_COUNTY_DIGITS]
    return code if len(code) == _COUNTY_DIGITS and code.isdecimal() else ""


def _nearest(places: dict[PlaceId, Place], start: PlaceId, *, among: Iterable[PlaceId]) -> PlaceId:
    here = places[start]

    def far(other: PlaceId) -> tuple[float, str]:
        there = places[other]
        return (there.lat - here.lat) ** 2 + (there.lon - here.lon) ** 2, other

    return min(among, key=far)
