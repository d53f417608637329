"""What people are told, derived in one place so that card, sheet, calendar and diff never disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.model.events import Told

if TYPE_CHECKING:
    from planner.model.agenda import PlannedFair, PlannedVisit, SquadDay
    from planner.model.campaign import Campaign
    from planner.model.places import PlaceId
    from planner.model.plan import Route, Stop

TOLD_STEP_S: Final = 5 * 60
"""Nobody is told 07:23; times to gather fall on five minutes."""


def gather_time_s(campaign: Campaign, stop: Stop) -> int:
    """When people are told to stand at a stop: the lead before boarding begins, then down to 5 min.

    Always down: being early costs minutes, being late costs the train. Everything told (cards, signs,
    feed, "already told" in a diff) takes the time from here, never ``stop.arrive_s``.
    """
    wanted_s = stop.board_s - campaign.rules.feeder.gather_lead_min * 60
    return wanted_s - wanted_s % TOLD_STEP_S


def meet_time_s(stop: Stop) -> int:
    """When those at home are told that a bus from the station is there, down to 5 min."""
    return stop.arrive_s - stop.arrive_s % TOLD_STEP_S


def start_time_s(campaign: Campaign, route: Route) -> int:
    """When a run's first people are told to be there: at a village, or on the way home at the station."""
    if not route.home:
        return gather_time_s(campaign, route.stops[0])
    wanted_s = route.start_s - campaign.rules.feeder.gather_lead_min * 60
    return wanted_s - wanted_s % TOLD_STEP_S


def start_place(route: Route) -> PlaceId:
    """Where they stand."""
    return route.start_place_id if route.home else route.stops[0].place_id


def end_stop(route: Route) -> Stop:
    """Where the last are off: the station, or on the way home the last village."""
    villages = route.stops[:-1]
    return villages[-1] if route.home and villages else route.stops[-1]


def end_time_s(route: Route) -> int:
    """When the last are off."""
    return end_stop(route).arrive_s


def tell_fair(fair: PlannedFair, place_id: PlaceId | None) -> Told:
    """What is told of a fair: it opens and closes as announced."""
    return Told(start_s=fair.start_s, end_s=fair.end_s, place_id=place_id, host=fair.venue_id or "")


def leave_time_s(day: SquadDay) -> int:
    """When a squad is told to stand where its day begins."""
    return day.start_s - day.start_s % TOLD_STEP_S


def tell_visit(visit: PlannedVisit) -> Told:
    """What is told of a visit: its beginning down to 5 min, its end up."""
    return Told(
        start_s=visit.begin_s - visit.begin_s % TOLD_STEP_S,
        end_s=visit.leave_s + -visit.leave_s % TOLD_STEP_S,
        place_id=visit.village_id,
        host=visit.squad_id,
    )
