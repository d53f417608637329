"""The tables of fairs, tours and posts, all of them optional: every column, in the order it is written."""

from __future__ import annotations

from typing import Final

from planner.intake.column import (
    DAY_MIN,
    Column,
    Kind,
    Table,
    choice_column,
    count_column,
    day_column,
    flag_column,
    id_column,
    list_column,
    text_column,
    time_column,
)
from planner.intake.rosterwords import SEXES
from planner.model.fairs import FairKind
from planner.model.jobs import ResultKind, SexReason
from planner.model.people import Sex
from planner.model.tours import TimeOfVisit

_MOST_VISITORS: Final = 100_000
"""Of one fair; more are a slip of the pen."""
_MOST_FEN: Final = 100_000_000
"""Fen; no single visit, fair or day costs more."""
WEEKDAYS: Final = tuple("1234567")
_SEXES: Final = (*Sex, *(words[0] for words in SEXES.values()))
_AVAILABLE: Final = (
    day_column("first_day", "First day on which it can be used; empty: no limit"),
    day_column("last_day", "The last one"),
    Column(
        name="weekdays",
        kind=Kind.CHOICES,
        meaning="Days of the week, Monday 1, joined by |; empty: all",
        choices=WEEKDAYS,
    ),
    Column(name="closed", kind=Kind.DATES, meaning="Single days on which it cannot, joined by |"),
)


def _table(file: str, meaning: str, *columns: Column) -> Table:
    return Table(file=file, meaning=meaning, columns=columns, required=False, may_be_empty=True)


def _money(name: str, meaning: str) -> Column:
    return count_column(name, meaning, default="0", high=_MOST_FEN)


VENUES: Final = _table(
    "venues.csv",
    "Where fairs can be held",
    id_column("id", "Short id"),
    text_column("name", "Name as printed", required=True),
    id_column("place_id", "Place at which it stands"),
    count_column("capacity", "Visitors it takes in a day", low=1),
    count_column("booths", "Booths it has room for", low=1, high=10_000),
    Column(
        name="kinds",
        kind=Kind.CHOICES,
        meaning="Fairs it can host, joined by |",
        required=True,
        choices=tuple(FairKind),
    ),
    _money("fen_per_day", "What a day costs, fen"),
    *_AVAILABLE,
)

RESOURCES: Final = _table(
    "resources.csv",
    "Staff teams and equipment for fairs",
    id_column("id", "Short id"),
    text_column("name", "Name as printed", required=True),
    count_column("count", "How many there are on any day", high=10_000),
)

EXHIBITORS: Final = _table(
    "exhibitors.csv",
    "Employers that would come to fairs",
    id_column("id", "Short id"),
    id_column("destination_id", "Destination its posts are in"),
    text_column("employer", "Name as in posts.csv and employers.csv", required=True),
    count_column("booths", "Booths it fills at a fair", default="1", low=1, high=1_000),
    count_column("most_fairs", "Fairs it comes to at most", default="3", high=1_000),
    _money("fen_per_fair", "What its coming costs the county, fen"),
    text_column("county", "Code of the county whose office invites it; empty: any"),
    *_AVAILABLE,
)

FAIRS: Final = _table(
    "fairs.csv",
    "Fairs that are commissioned, with the days and venues that would do",
    id_column("id", "Short id, for life"),
    text_column("name", "Name as printed", required=True),
    choice_column("kind", "What it is", choices=FairKind, default=FairKind.ON_SITE.value),
    Column(name="township_id", kind=Kind.ID, meaning="Township it is for; empty: the whole county"),
    list_column("venues", "Venues that would do, joined by |; empty: any of its kind there"),
    day_column("first_day", "First day that would do", required=True),
    day_column("last_day", "The last one", required=True),
    time_column("starts", "Opens", default="09:00:00"),
    time_column("ends", "Closes", default="15:00:00"),
    count_column("expected_visitors", "Visitors expected; 1,000 need a permit", high=_MOST_VISITORS),
    list_column("sectors", "Trades it is for, joined by |; empty: all"),
    list_column("exhibitors", "Who must be there, joined by |"),
    list_column("needs", "Of resources.csv, RESOURCE:COUNT joined by |"),
    flag_column("before_peak", "1: over before the departure peak", default="1"),
    day_column("announced", "Day that was announced and stays"),
)

SEEKERS: Final = _table(
    "seekers.csv",
    "How many look for work, by village and trade; heads, no persons",
    id_column("village_id", "Village"),
    text_column("sector", "Trade as in posts.csv", required=True),
    count_column("heads", "How many", high=100_000),
)

SQUADS: Final = _table(
    "squads.csv",
    "Squads that tour villages",
    id_column("id", "Short id"),
    text_column("name", "Name as printed", required=True),
    text_column("leader", "Leader"),
    Column(name="leader_phone", kind=Kind.PHONE, meaning="The leader's phone"),
    list_column("members", "The others by name, joined by |"),
    id_column("base_id", "Place where its days begin and end"),
    id_column("vehicle_type_id", "Vehicle type"),
    time_column("shift_from", "Shift begins", default="08:30:00"),
    time_column("shift_to", "Shift ends", default="17:30:00"),
    list_column("skills", "What it can do, joined by |"),
    list_column("exhibitors", "Firms whose recruiters ride along, joined by |"),
    flag_column("overnight", "1: may end a day away from its base"),
    count_column("most_visits", "Visits in one day", default="4", low=1, high=20),
    *_AVAILABLE,
)

VISITS: Final = _table(
    "visits.csv",
    "What villages need of the squads",
    id_column("id", "Short id, for life; its visits are id-1, id-2"),
    id_column("village_id", "Village"),
    count_column("visits", "How many", default="1", low=1, high=9),
    count_column("spacing_days", "Days from one to the next, at least", default="7", high=366),
    count_column("minutes", "Minutes on the spot", default="60", low=5, high=DAY_MIN),
    _money("value_fen", "0: required; else what each is worth, fen"),
    text_column("skill", "What the squad must be able to do"),
    Column(name="exhibitor", kind=Kind.ID, meaning="Firm whose recruiter must be there"),
    choice_column("when", "When it should be", choices=TimeOfVisit, default=TimeOfVisit.ANY.value),
    day_column("first_day", "First day that would do"),
    day_column("last_day", "The last one"),
)

BROKERS: Final = _table(
    "brokers.csv",
    "When brokers are in their villages; a village without any can be visited always",
    id_column("village_id", "Village"),
    text_column("name", "Name"),
    Column(name="phone", kind=Kind.PHONE, meaning="Phone"),
    flag_column("daytime", "0: not by day", default="1"),
    flag_column("evening", "0: not in the evening", default="1"),
    *_AVAILABLE,
)

POSTS: Final = _table(
    "posts.csv",
    "Openings of employers",
    id_column("id", "Short id"),
    id_column("destination_id", "Destination"),
    text_column("employer", "Employer", required=True),
    text_column("title", "What the work is", required=True),
    text_column("sector", "Trade", required=True),
    count_column("count", "How many alike", default="1", low=1, high=100_000),
    count_column("wage_from_yuan", "Pay a month, yuan, from", high=1_000_000),
    count_column("wage_to_yuan", "To", high=1_000_000),
    count_column("age_from", "Youngest, never under 16", default="16", high=120),
    count_column("age_to", "Oldest", default="60", high=120),
    list_column("skills", "All that are needed, joined by |"),
    choice_column("sex", "Only where the law has a reason", choices=_SEXES),
    choice_column("sex_reason", "The reason, for men only: mine, heavy labour, loads", choices=SexReason),
)

WISHES: Final = _table(
    "wishes.csv",
    "What people look for, by number and without names",
    id_column("id", "登记号 of the roster, or a number of the office's list"),
    Column(name="village_id", kind=Kind.ID, meaning="Village, of who is not on the roster"),
    choice_column("sex", "Sex, likewise", choices=_SEXES),
    Column(name="age", kind=Kind.INTEGER, meaning="Age, likewise", minimum=0, maximum=120),
    text_column("group", "Same text within a village: want to stay together"),
    list_column("sectors", "Trades, the best liked first, joined by |; empty: any"),
    list_column("skills", "What they can do, joined by |"),
    count_column("least_yuan", "Least pay a month, yuan", default="0", high=1_000_000),
    list_column("destinations", "Destinations, the best liked first, joined by |; empty: any"),
    Column(name="offered", kind=Kind.ID, meaning="Post they were told of"),
)

RESULTS: Final = _table(
    "results.csv",
    "What came of fairs and visits; a row whose id is 合计 or total is held against the sum of the rows",
    choice_column("kind", "Of what", choices=ResultKind, required=True),
    id_column("id", "The fair, or the visit as NEED-N"),
    day_column("day", "The day it was", required=True),
    count_column("visitors", "Heads who came", high=1_000_000),
    count_column("intents", "Who signed an intent", default="0", high=1_000_000),
    count_column("hires", "Who were hired", default="0", high=1_000_000),
    text_column("note", "Remark"),
)

TABLES: Final = (
    VENUES,
    RESOURCES,
    EXHIBITORS,
    FAIRS,
    SEEKERS,
    SQUADS,
    VISITS,
    BROKERS,
    POSTS,
    WISHES,
    RESULTS,
)
