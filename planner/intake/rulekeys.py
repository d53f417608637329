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
    ),
)
