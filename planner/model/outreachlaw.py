"""Figures of fairs, tours and matching that a county can edit: law where it is named, else practice.

Weights are fen, so that one score adds up over all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True, kw_only=True)
class FairRules:
    """When fairs may be, what has to be done before, and what they are worth (``[fairs]``)."""

    gap_days: int = 3
    """Fairs of neighbouring townships are at least so many days apart."""
    neighbour_km: int = 15
    """Townships whose seats are no farther apart by road are neighbours."""
    reach_km: int = 20
    """From so far half as many come as from next door; from twice as far a quarter."""
    come_percent: int = 40
    """Of those who look for work next door so many come."""
    peak_day: date | None = None
    """Departure peak; without it the day on which most of the roster travel."""
    peak_margin_days: int = 3
    """Fairs ``before_peak`` are over so many days before."""
    permit_visitors: int = 1_000
    """So many expected visitors need a police permit: 大型群众性活动安全管理条例 第2条(5), 第11条."""
    city_permit_visitors: int = 5_000
    """So many the city's: 第12条."""
    permit_days: int = 20
    """It is asked for at least so many days before (第13条), and not before the campaign's first day."""
    safety_plan_days: int = 25
    """Plan, emergency plan, security plan: 人力资源市场暂行条例 第28条; the days are practice."""
    invite_days: int = 21
    check_posts_days: int = 10
    publish_days: int = 7
    set_up_days: int = 1
    report_days: int = 3
    """Results are entered so many days after."""
    seeker_fen: int = 2_000
    """What one expected seeker is worth."""
    match_fen: int = 10_000
    """What one filled post is worth."""
    market_percent: int = 20
    """So many more come on a market day."""
    holiday_percent: int = 0
    """So many fewer on a public holiday."""
    refused_fen: int = 10_000_000
    """What it costs to hold a fair that is commissioned on no day."""
    change_fen: int = 500_000
    """What it costs to move a fair of the plan before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TourRules:
    """How squads work and what their patience and that of villages is worth (``[tours]``)."""

    first_day: date | None = None
    last_day: date | None = None
    """Days on which squads are out; without them those of the visits' windows."""
    lunch_min: int = 0
    """Kept free between ``lunch_from`` and ``lunch_to``; 0: eaten on the way."""
    lunch_from: time = time(11, 30)
    lunch_to: time = time(13, 30)
    evening_from: time = time(18, 0)
    evening_to: time = time(20, 30)
    """Evening visits lie between; on such a day a shift begins so much later as it ends later."""
    market_from: time = time(7, 30)
    market_to: time = time(11, 30)
    """Visits on a market day begin between."""
    drive_min: int = 240
    """Most at the wheel in a squad's day."""
    rest_days: int = 1
    """Days off in any seven."""
    spread_percent: int = 10
    """No squad of a county is at work and on the road so much less a day than its busiest."""
    spread_fen_per_min: int = 5_000
    """What each minute a day over that costs, on every day."""
    night_fen: int = 30_000
    """A night away from the base, of the whole squad."""
    refused_fen: int = 1_000_000
    """What it costs to leave out a visit that is required."""
    market_fen: int = 3_000
    """What a market day is worth to a visit that does not ask for one."""
    change_fen: int = 10_000
    """What it costs to move a visit of the plan before to another day or squad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRules:
    """How posts are offered (``[matching]``)."""

    arcs: int = 30
    """Posts that are looked at for a person, best first; what that loses is audited."""
    unmatched_fen: int = 200_000
    """What somebody without a post costs."""
    sector_fen: int = 40_000
    """What the sector liked best is worth over one that was not named; the next half as much."""
    destination_fen: int = 40_000
    """The same of the destination."""
    wage_fen_per_yuan: int = 10
    """What each yuan a month costs that a post pays, at best, below ``wage_top_yuan``."""
    wage_top_yuan: int = 6_500
    """Wages above count as this."""
    split_fen: int = 60_000
    """What it costs to part a couple or family, by head."""
    change_fen: int = 20_000
    """What it costs to offer another post than before."""
