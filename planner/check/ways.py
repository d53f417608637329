"""Whether a plan goes the way its campaign goes, and whoever goes out on a round trip comes home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule, run_item
from planner.check.writing import whole_minutes
from planner.model.campaign import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case, Ride
    from planner.model.plan import Leg

_DAY_S: Final = 24 * 3600


def find_wrong_ways(case: Case) -> Iterator[Finding]:
    """Require that routes lead where the campaign does, and one that leads home goes on empty at the end.

    What it does there is not judged in the mirror, where a round begins and nothing is done yet.
    """
    way = case.campaign.direction
    for ride in case.timed:
        stray = way is not Direction.ROUND and ride.route.home != (way is Direction.HOME)
        if stray or (ride.route.home and _is_busy(ride)):
            last = ride.route.stops[-1]
            figures = {"place": case.name_place(last.place_id), "board": last.board}
            yield Finding(run_item(ride.run), {"run": ride.run, "way": way.value, **figures})


def find_stray_legs(case: Case) -> Iterator[Finding]:
    """Require that a leg leads home if its run does, or if the campaign does and nothing else."""
    way = case.campaign.direction
    for leg in case.plan.legs:
        ride = None if leg.run is None else case.find_ride(leg.run)
        fits = way is Direction.ROUND or leg.home == (way is Direction.HOME)
        if not fits or (ride is not None and ride.route.home != leg.home):
            item = leg.registration_ids[0] if leg.registration_ids else "leg"
            yield Finding(item, {"registration": item, "run": leg.run or 0, "way": way.value})


def find_short_visits(case: Case) -> Iterator[Finding]:
    """Require that the coach of a round trip stays for the visit, and is home the day it left."""
    if case.campaign.direction is not Direction.ROUND:
        return
    visit_min = case.campaign.rules.trunk.visit_min
    for haul in case.hauls:
        out, back = haul.run.movements, haul.run.back
        if not out or not back:
            continue
        stay_s = back[0].start_s - out[-1].end_s
        same_day = out[0].start_s // _DAY_S == back[-1].end_s // _DAY_S
        if stay_s < visit_min * 60 or not same_day:
            figures = {"stay_min": stay_s // 60, "visit_min": visit_min}
            times = {"start": case.clock(back[0].start_s), "end": case.clock(back[-1].end_s)}
            short_min = max(whole_minutes(visit_min * 60 - stay_s), 0)
            yield Finding(haul.item, {"departure": haul.name, **figures, **times, "short_min": short_min})


def find_left_there(case: Case) -> Iterator[Finding]:
    """Require that whoever goes out on a round trip comes home by the same coach, and nobody else does."""
    if case.campaign.direction is not Direction.ROUND:
        return
    out = _coaches(leg for leg in case.departure_legs if not leg.home)
    home = _coaches(leg for leg in case.departure_legs if leg.home)
    for person in sorted(out.keys() | home.keys()):
        if out.get(person) != home.get(person):
            there, back = out.get(person, "-"), home.get(person, "-")
            yield Finding(person, {"registration": person, "out": there, "home": back})


def _coaches(legs: Iterator[Leg]) -> dict[str, str]:
    return {person: leg.departure_id for leg in legs for person in leg.registration_ids}


def _is_busy(ride: Ride) -> bool:
    last = ride.route.stops[-1]
    return last.board != 0 or last.rest_s != 0 or last.depart_s != last.arrive_s


RULES: Final = (
    Rule("way.route", "", find_wrong_ways, whole=True),
    Rule("way.leg", "", find_stray_legs, whole=True),
    Rule("way.home", "", find_left_there, whole=True),
    Rule("way.visit", "", find_short_visits, whole=True),
)
