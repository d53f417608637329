"""Figures of the long run that a county can edit: what the law says of driving, and how it fills coaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Final

_ORDER: Final = "道路交通安全法实施条例"
_CODE: Final = "道路旅客运输企业安全管理规范"
_RELAYS: Final = "道路客运接驳运输管理办法"
SPELL_LAW: Final = f"{_ORDER} 第62条(7)"
"""The longest spell at the wheel, and the shortest stop that ends it."""
NIGHT_SPELL_LAW: Final = f"{_CODE} 第38条(1)"
DAILY_LAW: Final = f"{_CODE} 第38条(2)"
WEEKLY_LAW: Final = f"{_CODE} 第38条(3)"
MOUNTAIN_LAW: Final = f"{_CODE} 第38条(4)"
STILL_LAW: Final = f"{_CODE} 第38条(5); {_RELAYS} 第32条"
"""Where a coach stands still before dawn, and which runs are exempt from it."""
RELAY_LAW: Final = f"{_RELAYS} 第31条"
TWO_DRIVERS_LAW: Final = f"{_CODE}(试行) 第45条"
NIGHT_SPEED_LAW: Final = "国发〔2012〕30号"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivingRules:
    """Hours at the wheel and where a coach may not be at night, minutes unless named otherwise.

    The clauses are named above. A spell is the time a coach moves without a stop of ``rest_min``; the
    limit of the clock hour applies, whenever the spell began.
    """

    day_spell_min: int = 240
    night_spell_min: int = 120
    rest_min: int = 20
    night_from: time = time(22, 0)
    night_to: time = time(6, 0)
    daily_min: int = 480
    """One driver in any 24 h."""
    weekly_min: int = 2_640
    """One driver in any 7 days."""
    still_from: time = time(2, 0)
    still_to: time = time(5, 0)
    """A long-distance coach stands still between these."""
    still_exempt_km: int = 200
    """Runs no longer than this are exempt from it."""
    two_drivers_km: int = 400
    two_drivers_expressway_km: int = 600
    """Longer runs need two drivers; the second figure where all of the way is expressway."""
    night_speed_percent: int = 100
    """The law asks for 80 at most; off until a county sets it."""
    meal_min: int = 30
    """Stop for a meal that falls into a run; 0: nobody eats."""
    lunch_from: time = time(11, 30)
    lunch_to: time = time(13, 0)
    supper_from: time = time(17, 30)
    supper_to: time = time(19, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkRules:
    """How a county fills and times its coaches, and what its people's patience is worth."""

    load_percent: int = 100
    """Seat-load cap in percent of rated seats (2020 epidemic profile: 50)."""
    reserved_rows: int = 0
    """Rows of four seats kept free at the back (2020: 2)."""
    least_heads: int = 20
    """A coach is laid on for so many."""
    arrive_earliest_min: int = 60
    """A feeder may not reach where coaches begin earlier than this before they leave."""
    arrive_latest_min: int = 20
    board_min: int = 15
    """Coaches open their doors so long before they leave."""
    depart_earliest: time = time(7, 0)
    depart_latest: time = time(9, 0)
    together_min: int = 90
    """A coach leaves up to so much sooner to leave with others of its place: one feeder run brings all."""
    wave_min: int = 240
    """Where more leave in an hour than feeders bring in one round, half the coaches leave so much sooner."""
    slack_min: int = 20
    """A coach leaves so early that it is there this long before it would have to stand for the night."""
    away_turn_min: int = 60
    """Between arriving in the city and setting off for home."""
    visit_min: int = 180
    """Of a round trip: from arriving to setting off for home the same day."""
    off_duty_min: int = 480
    """Between coming home and the next run, for a driver."""
    captain_heads: int = 20
    """A group of so many has a captain (劳务就业队长) of its own."""
    wait_fen_per_day: int = 2_000
    """What a day's waiting costs a head."""
    broken_fen_per_head: int = 1_500
    """What leaving one's workmates' coach costs a head."""
