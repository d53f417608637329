"""The two halves of a round trip: the way out, an ordinary plan, and the way home its coaches make.

People are out and home with one coach on one day. What the halves have in common (a vehicle's hours, a
coach's drivers, who comes back) is judged on the whole plan.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.mirror import count_rounds
from planner.model.campaign import Direction
from planner.model.fleet import Call
from planner.model.plan import Relaxation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure
    from planner.model.plan import Event, Plan, Unserved


def out_half(plan: Plan) -> Plan:
    """The plan without what leads home."""
    return replace(
        plan,
        routes=tuple(route for route in plan.routes if not route.home),
        legs=tuple(leg for leg in plan.legs if not leg.home),
    )


def home_half(plan: Plan) -> Plan:
    """What leads home, and nothing that the way out has answered for already."""
    return replace(
        plan,
        routes=tuple(route for route in plan.routes if route.home),
        legs=tuple(leg for leg in plan.legs if leg.home),
        departures=(),
        trunk_runs=(),
        subsidised=(),
        trunk_cost_fen=0,
        unserved=(),
        handovers=(),
        seats=(),
        captains=(),
        proofs=(),
    )


def home_campaign(campaign: Campaign, plan: Plan, *, people: frozenset[str]) -> Campaign:
    """A campaign of bringing ``people`` home, its departures the coaches of the plan on their way back."""
    back = {departure.id: departure for departure in _coming_back(campaign, plan)}
    day_of = {
        person: back[leg.departure_id].day
        for leg in plan.legs
        if leg.run is None and leg.departure_id in back
        for person in leg.registration_ids
    }
    return replace(
        campaign,
        direction=Direction.HOME,
        departures=tuple(back.values()),
        corridors=(),
        fares=(),
        registrations=tuple(
            replace(person, travel_date=day_of.get(person.id, person.travel_date), latest_date=None)
            for person in campaign.registrations
            if person.id in people
        ),
    )


def join_halves(out: Plan, home: Plan, *, left: Sequence[Unserved]) -> Plan:
    """Both halves as one plan; each pays its vehicles' day, and the bounds add up."""
    relaxations = [plan.bound_relaxation for plan in (out, home) if plan.bound_relaxation is not None]
    bounds = [plan.bound_fen for plan in (out, home)]
    verified = [plan.bound_verified_fen for plan in (out, home)]
    days: dict[str, date] = {entry.id: entry.day for entry in out.departures}
    return replace(
        out,
        cost_fen=out.cost_fen + home.cost_fen,
        bound_fen=None if None in bounds else sum(filter(None, bounds)),
        bound_relaxation=min(relaxations, key=list(Relaxation).index, default=None),
        bound_verified_fen=None if None in verified else sum(filter(None, verified)),
        troubles=(*out.troubles, *home.troubles),
        routes=count_rounds(sorted((*out.routes, *home.routes), key=lambda route: route.run), days=days),
        legs=tuple(sorted((*out.legs, *home.legs), key=lambda leg: (leg.registration_ids, leg.board_s))),
        unserved=tuple(sorted((*out.unserved, *left), key=lambda party: party.registration_ids)),
    )


def known_events(out: Plan, previous: Plan | None) -> tuple[Event, ...]:
    """Whose numbers are taken: of the way out, and of everything people were told."""
    known = {event.run: event for event in previous.events} if previous else {}
    return tuple({event.run: event for event in (*known.values(), *out.events)}.values())


def _coming_back(campaign: Campaign, plan: Plan) -> Iterator[Departure]:
    runs = {run.departure_id: run for run in plan.trunk_runs}
    for departure in plan.departures:
        run = runs.get(departure.id)
        if run is None or not run.back:
            continue
        try:
            home = campaign.to_datetime(run.back[-1].end_s)
            leaves = campaign.to_datetime(run.back[0].start_s)
        except OverflowError:
            continue
        calls = tuple(Call(destination_id=call.destination_id, arrives=leaves) for call in departure.calls)
        yield replace(departure, departs=home, calls=calls)
