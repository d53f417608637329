"""The county's rules as keys of rules.toml; their defaults are the model's own."""

from __future__ import annotations

from datetime import date
from typing import Final

from planner.intake.column import DAY_MIN, MANY, Column, Kind, Table, count_column, text_column
from planner.model.campaign import Rules

_MODEL: Final = Rules(as_of=date.min)


def _rule_default(name: str) -> str:
    """The model's own default of a rule (``group.field``), so that it is written in one place."""
    group, _, key = name.rpartition(".")
    return str(getattr(getattr(_MODEL, group) if group else _MODEL, key))


def _rule(name: str, meaning: str, *, low: int = 0, high: int = DAY_MIN) -> Column:
    return count_column(name, meaning, default=_rule_default(name), low=low, high=high)


def _rule_time(name: str, meaning: str) -> Column:
    return Column(name=name, kind=Kind.TIME, meaning=meaning, default=_rule_default(name))


def _rule_day(name: str, meaning: str) -> Column:
    return Column(name=name, kind=Kind.DATE, meaning=meaning)


OUTREACH_SECTIONS: Final = ("fairs", "tours", "matching")
"""Written only where a campaign has something to apply them to, or a county changed them."""

_OUTREACH: Final = (
    _rule("fairs.gap_days", "Fairs of neighbouring townships are at least so many days apart", high=60),
    _rule("fairs.neighbour_km", "Seats so near by road are neighbours, km", high=1_000),
    _rule("fairs.reach_km", "From so far half as many come as from next door, km", low=1, high=1_000),
    _rule("fairs.come_percent", "So many of those next door who look for work come", high=100),
    _rule_day("fairs.peak_day", "Departure peak; empty: the day on which most of the roster travel"),
    _rule("fairs.peak_margin_days", "Fairs before_peak are over so many days before", high=60),
    _rule(
        "fairs.permit_visitors",
        "So many visitors need a police permit: 大型群众性活动安全管理条例 第2条",
        high=MANY,
    ),
    _rule("fairs.city_permit_visitors", "So many the city's: 第12条", high=MANY),
    _rule("fairs.permit_days", "Asked for so many days before: 第13条", high=366),
    _rule(
        "fairs.safety_plan_days", "Plan, emergency and security plan: 人力资源市场暂行条例 第28条", high=366
    ),
    _rule("fairs.invite_days", "Employers invited, days before", high=366),
    _rule("fairs.check_posts_days", "Employers and posts checked, days before", high=366),
    _rule("fairs.publish_days", "Published, days before", high=366),
    _rule("fairs.set_up_days", "Set up, days before", high=366),
    _rule("fairs.report_days", "Results entered, days after", high=366),
    _rule("fairs.seeker_fen", "What one expected seeker is worth, fen", high=MANY),
    _rule("fairs.match_fen", "What one filled post is worth, fen", high=MANY),
    _rule("fairs.market_percent", "So many more come on a market day", high=1_000),
    _rule("fairs.holiday_percent", "So many fewer on a public holiday", high=100),
    _rule("fairs.refused_fen", "What a fair held on no day costs, fen", high=MANY),
    _rule("fairs.change_fen", "What moving a fair of the plan before costs, fen", high=MANY),
    _rule_day("tours.first_day", "Squads are out from; empty: by the visits' windows"),
    _rule_day("tours.last_day", "Until"),
    _rule("tours.lunch_min", "Minutes kept free at noon; 0: eaten on the way", high=240),
    _rule_time("tours.lunch_from", "Noon from"),
    _rule_time("tours.lunch_to", "Noon until"),
    _rule_time("tours.evening_from", "Evening visits lie between"),
    _rule_time("tours.evening_to", "And"),
    _rule_time("tours.market_from", "Visits on a market day begin between"),
    _rule_time("tours.market_to", "And"),
    _rule("tours.drive_min", "Most at the wheel in a squad's day", low=1, high=720),
    _rule("tours.rest_days", "Days off in any seven", high=6),
    _rule(
        "tours.spread_percent",
        "No squad of a county does so many percent less a day than its busiest",
        high=1_000,
    ),
    _rule("tours.spread_fen_per_min", "What each minute a day less costs, on every day, fen", high=MANY),
    _rule("tours.night_fen", "What a night away from the base costs, fen", high=MANY),
    _rule("tours.refused_fen", "What leaving out a required visit costs, fen", high=MANY),
    _rule("tours.market_fen", "What a market day is worth to a visit that asks for none, fen", high=MANY),
    _rule("tours.change_fen", "What moving a visit of the plan before costs, fen", high=MANY),
    _rule("matching.arcs", "Posts looked at for a person, best first", low=1, high=1_000),
    _rule("matching.unmatched_fen", "What somebody without a post costs, fen", high=MANY),
    _rule(
        "matching.sector_fen", "What the sector liked best is worth, fen; the next half as much", high=MANY
    ),
    _rule("matching.destination_fen", "The same of the destination", high=MANY),
    _rule("matching.wage_fen_per_yuan", "What a yuan a month below the top costs, fen", high=10_000),
    _rule("matching.wage_top_yuan", "Wages above count as this, yuan a month", high=100_000),
    _rule("matching.split_fen", "What parting a couple or family costs a head, fen", high=MANY),
    _rule("matching.change_fen", "What another offer than before costs, fen", high=MANY),
)

RULES: Final = Table(
    file="rules.toml",
    meaning="The county's rules and weights",
    columns=(
        Column(name="as_of", kind=Kind.DATE, meaning="Date the rules were set", required=True),
        text_column("source", "Who set them"),
        _rule("gate_open_min", "Gate opens, minutes before departure"),
        _rule("gate_close_min", "Gate closes, minutes before departure"),
        _rule("feeder.arrive_earliest_min", "Feeders arrive at most this long before departure"),
        _rule("feeder.arrive_latest_min", "Feeders arrive at least this long before departure"),
        _rule("feeder.ride_limit_min", "Longest ride from the first village", low=1),
        _rule("feeder.boarding_s_per_head", "Seconds to board one person", high=600),
        _rule("feeder.stop_s", "Seconds a call costs besides boarding", high=3_600),
        _rule("feeder.turnround_min", "Minutes between two rounds of a vehicle"),
        _rule_time("feeder.earliest_start", "No vehicle leaves its depot before this time of day"),
        _rule_time("feeder.earliest_pickup", "No village boards before this time of day"),
        _rule_time("feeder.latest_dropoff", "Going home, no village is reached after this time of day"),
        _rule_time("feeder.latest_return", "Nor is a vehicle back at its depot after this"),
        _rule("feeder.gather_lead_min", "People gather this long before the vehicle"),
        _rule("feeder.load_percent", "Seat-load cap, percent of rated seats", low=1, high=100),
        _rule(
            "trunk.load_percent", "Seat-load cap of trunk coaches, percent of rated seats", low=1, high=100
        ),
        _rule("trunk.reserved_rows", "Rows of four seats kept free at the back", high=9),
        _rule("trunk.least_heads", "A coach is laid on for so many", low=1, high=100),
        _rule("trunk.arrive_earliest_min", "Feeders arrive at most this long before a coach leaves"),
        _rule("trunk.arrive_latest_min", "Feeders arrive at least this long before a coach leaves"),
        _rule("trunk.board_min", "Coaches open their doors, minutes before they leave"),
        _rule_time("trunk.depart_earliest", "No coach leaves before this time of day"),
        _rule_time("trunk.depart_latest", "Nor after this"),
        _rule("trunk.together_min", "Minutes a coach leaves sooner to leave together with others", high=600),
        _rule("trunk.wave_min", "Minutes between two waves of coaches where feeders need a second round"),
        _rule("trunk.slack_min", "Minutes a coach has to spare before it would have to stand for the night"),
        _rule("trunk.away_turn_min", "Minutes in the city before the way back"),
        _rule("trunk.visit_min", "Minutes a round trip stays before it goes home the same day"),
        _rule("trunk.off_duty_min", "Minutes a driver is off duty before the next run"),
        _rule("trunk.captain_heads", "A group of so many has a captain of its own", low=1, high=10_000),
        _rule("trunk.wait_fen_per_day", "What a day's waiting costs a head, fen", high=MANY),
        _rule("trunk.broken_fen_per_head", "What leaving one's workmates' coach costs, fen", high=MANY),
        _rule("driving.day_spell_min", "Longest drive without a stop by day", low=1),
        _rule("driving.night_spell_min", "The same at night", low=1),
        _rule("driving.rest_min", "Shortest stop that counts", low=1, high=120),
        _rule_time("driving.night_from", "Night begins"),
        _rule_time("driving.night_to", "Night ends"),
        _rule("driving.daily_min", "Most at the wheel in 24 h, one driver", low=1),
        _rule("driving.weekly_min", "Most at the wheel in 7 days, one driver", low=1, high=7 * DAY_MIN),
        _rule_time("driving.still_from", "Long-distance coaches stand still from"),
        _rule_time("driving.still_to", "Until"),
        _rule("driving.still_exempt_km", "Runs no longer than this need not", high=10_000),
        _rule("driving.two_drivers_km", "Longer runs need two drivers", high=10_000),
        _rule("driving.two_drivers_expressway_km", "The same where all is expressway", high=10_000),
        _rule("driving.night_speed_percent", "Speed at night, percent of the day's", low=1, high=100),
        _rule("driving.meal_min", "Stop for a meal; 0: none", high=120),
        _rule_time("driving.lunch_from", "Lunch from"),
        _rule_time("driving.lunch_to", "Lunch until"),
        _rule_time("driving.supper_from", "Supper from"),
        _rule_time("driving.supper_to", "Supper until"),
        _rule("weights.unserved_fen_per_head", "What leaving one person behind costs, fen", high=MANY),
        *_OUTREACH,
    ),
)
