"""What people were told that fairs, venues, squads, employers and places are called, kept in the plan.

What is taken out of the folder has to be cancelled in the calendars by the name under which it was told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.almanac import find_town
from planner.model.agenda import Agenda
from planner.model.events import AppointmentKind, NameKind, ToldName
from planner.model.places import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure
    from planner.model.plan import Plan

Key = tuple[NameKind, str]


def keep_names(campaign: Campaign, plan: Plan, *, previous: Plan | None) -> tuple[ToldName, ...]:
    """Name what the plan's calendar entries, invitations, offers and rides speak of, by kind and id.

    As the campaign has it, or where it is there no more as the plan before told it.
    """
    known = collect_names(campaign, previous) | {
        (NameKind.DEPARTURE, entry.id): _name_departure(entry) for entry in plan.departures
    }
    told = {key: known[key] for key in _list_keys(plan) if key in known}
    towns = {name.town for name in told.values()} - {""}
    told |= {
        key: name for key, name in known.items() if name.kind is NameKind.TOWNSHIP and name.town in towns
    }
    return tuple(told[key] for key in sorted(told))


def collect_names(campaign: Campaign, plan: Plan | None) -> dict[Key, ToldName]:
    """Give all names by kind and id: as the campaign has them, else as the plan told them."""
    told = () if plan is None else plan.names
    return {(name.kind, name.id): name for name in (*told, *_list_names(campaign))}


def _list_names(campaign: Campaign) -> Iterator[ToldName]:
    towns: dict[str, str] = {place.id: find_town(place) for place in campaign.places}
    for place in campaign.places:
        kinds = (NameKind.PLACE, NameKind.TOWNSHIP) if place.kind is PlaceKind.TOWNSHIP else (NameKind.PLACE,)
        for kind in kinds:
            yield ToldName(kind=kind, id=place.id, name=place.name, town=towns[place.id])
    yield from map(_name_departure, campaign.departures)
    for destination in campaign.destinations:
        yield ToldName(kind=NameKind.DESTINATION, id=destination.id, name=destination.name)
    yield from _list_outreach(campaign, towns)


def _name_departure(departure: Departure) -> ToldName:
    name = f"{departure.day.isoformat()} {departure.number}"
    return ToldName(kind=NameKind.DEPARTURE, id=departure.id, name=name)


def _list_outreach(campaign: Campaign, towns: Mapping[str, str]) -> Iterator[ToldName]:
    outreach = campaign.outreach
    for fair in outreach.fairs:
        yield ToldName(
            kind=NameKind.FAIR, id=fair.id, name=fair.name, town=towns.get(fair.township_id or "", "")
        )
    for venue in outreach.venues:
        yield ToldName(kind=NameKind.VENUE, id=venue.id, name=venue.name, town=towns.get(venue.place_id, ""))
    for squad in outreach.squads:
        yield ToldName(kind=NameKind.SQUAD, id=squad.id, name=squad.name)
    for firm in outreach.exhibitors:
        yield ToldName(kind=NameKind.EXHIBITOR, id=firm.id, name=firm.employer)
    for post in outreach.posts:
        yield ToldName(kind=NameKind.POST, id=post.id, name=f"{post.employer} {post.title}".strip())


def _list_keys(plan: Plan) -> Iterator[Key]:
    agenda = plan.agenda or Agenda()
    for entry in agenda.events:
        host = NameKind.VENUE
        if entry.kind is AppointmentKind.FAIR:
            yield NameKind.FAIR, entry.item
        else:
            host = NameKind.SQUAD
        for told in (entry.told, entry.was):
            if told is not None:
                yield host, told.host
                yield NameKind.PLACE, told.place_id or ""
        yield from ((host, left) for left in entry.left)
    for fair in agenda.fairs:
        yield from ((NameKind.EXHIBITOR, booking.exhibitor_id) for booking in fair.bookings)
    yield from ((NameKind.POST, match.post_id) for match in agenda.matches)
    yield from ((NameKind.PLACE, event.place_id) for event in plan.events)
    yield from ((NameKind.DEPARTURE, leg.departure_id) for leg in plan.legs)
    yield from ((NameKind.DESTINATION, group.destination_id) for group in plan.subsidised)
