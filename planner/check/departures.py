"""Trains and trunk coaches: whether they exist, have the seats, and call where people want to go."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from planner.check.case import travel_day
from planner.check.rule import Finding, Rule
from planner.model.fleet import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case
    from planner.model.fleet import Departure
    from planner.model.people import Registration
    from planner.model.plan import Leg


def find_strange_departures(case: Case) -> Iterator[Finding]:
    """Require that routes and legs name departures of the campaign or coaches of the plan."""
    routes = Counter(route.departure_id for route in case.plan.routes)
    legs = Counter(leg.departure_id for leg in case.plan.legs)
    for departure in sorted((routes.keys() | legs.keys()) - case.departures.keys()):
        yield Finding(
            departure, {"departure": departure, "routes": routes[departure], "legs": legs[departure]}
        )


def find_unticketed(case: Case) -> Iterator[Finding]:
    """Require that a train takes no more people than it has tickets for.

    Everyone rides on a ticket in their own name, bought before the day.
    """
    yield from _over_quota(case, Mode.TRAIN)


def find_overfull_coaches(case: Case) -> Iterator[Finding]:
    """Require that a coach the campaign has takes no more people than it has seats for them.

    What a planned coach may take follows from its licence (``trunk.seats``).
    """
    yield from _over_quota(case, Mode.COACH)


def find_wrong_destinations(case: Case) -> Iterator[Finding]:
    """Require that everybody alights at the destination they registered."""
    for person, leg, departure in _travelling(case):
        if leg.to_id != person.destination_id:
            figures = {
                "place": case.name_destination(leg.to_id),
                "right": case.name_destination(person.destination_id),
            }
            yield Finding(person.id, {"registration": person.id, "departure": departure.number, **figures})


def find_missing_calls(case: Case) -> Iterator[Finding]:
    """Require that a departure calls where its legs alight."""
    heads: Counter[tuple[str, str, str]] = Counter()
    for leg in case.departure_legs:
        departure = case.departures.get(leg.departure_id)
        if departure is not None and leg.to_id not in {call.destination_id for call in departure.calls}:
            heads[departure.id, departure.number, leg.to_id] += len(leg.registration_ids)
    for (departure_id, number, place), people in heads.items():
        figures = {"departure": number, "place": case.name_destination(place), "people": people}
        yield Finding(departure_id, figures)


def find_wrong_dates(case: Case) -> Iterator[Finding]:
    """Require that everybody leaves on a day they registered for."""
    for person, _, departure in _travelling(case):
        day = travel_day(departure)
        if not person.travel_date <= day <= (person.latest_date or person.travel_date):
            figures = {"day": case.date(day), "right": case.date(person.travel_date)}
            yield Finding(person.id, {"registration": person.id, "departure": departure.number, **figures})


def _over_quota(case: Case, mode: Mode) -> Iterator[Finding]:
    heads: Counter[str] = Counter()
    for leg in case.departure_legs:
        heads[leg.departure_id] += len(leg.registration_ids)
    for departure in case.campaign.departures:
        people = heads[departure.id]
        if departure.mode == mode and people > departure.quota:
            figures = {"people": people, "limit": departure.quota, "over": people - departure.quota}
            yield Finding(departure.id, {"departure": departure.number, **figures})


def _travelling(case: Case) -> Iterator[tuple[Registration, Leg, Departure]]:
    for leg in case.departure_legs:
        departure = case.departures.get(leg.departure_id)
        for person in leg.registration_ids:
            if departure is not None and person in case.people:
                yield case.people[person], leg, departure


RULES: Final = (
    Rule("departure.exists", "", find_strange_departures),
    Rule("departure.quota", "铁路旅客车票实名制管理办法 第3条", find_unticketed),
    Rule("departure.coach", "道路运输条例 第34条", find_overfull_coaches),
    Rule("departure.destination", "", find_wrong_destinations),
    Rule("departure.call", "", find_missing_calls),
    Rule("departure.date", "", find_wrong_dates),
)
