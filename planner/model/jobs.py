"""Posts, who wishes for one, and what came of fairs and visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from planner.model.people import Sex
from planner.model.places import DestinationId, PlaceId

PostId = NewType("PostId", str)
SeekerId = NewType("SeekerId", str)
"""A registration id, or for who is not on the roster the number in the office's own list of seekers."""


class SexReason(StrEnum):
    """Why a post may ask for men (就业促进法 第27条): 女职工劳动保护特别规定 附录 第一条, nothing else."""

    MINE = "mine"
    """矿山井下作业."""
    HEAVY = "heavy"
    """第四级体力劳动强度的作业."""
    LOADS = "loads"
    """每小时负重6次以上、每次超过20公斤,或者间断负重、每次超过25公斤."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An opening, ``count`` alike (``posts.csv``); wages in yuan a month, ages closed at both ends."""

    id: PostId
    destination_id: DestinationId
    employer: str
    title: str
    sector: str
    count: int = 1
    wage_from_yuan: int
    wage_to_yuan: int
    age_from: int = 16
    age_to: int = 60
    skills: tuple[str, ...] = ()
    """All are needed."""
    sex: Sex | None = None
    sex_reason: SexReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody looks for (``wishes.csv``), by number and without a name.

    Village, sex, age and group are the roster's where the id is on it. Sectors and destinations are in
    order of liking; empty: any. ``offered`` is the post they were told of already.
    """

    id: SeekerId
    village_id: PlaceId | None = None
    sex: Sex | None = None
    age: int | None = None
    group: str = ""
    """Same text within a village: a couple or family that wants to stay together."""
    sectors: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    least_yuan: int = 0
    """No post that pays less a month, at best."""
    destinations: tuple[DestinationId, ...] = ()
    offered: PostId | None = None


class ResultKind(StrEnum):
    """What a result is of."""

    FAIR = "fair"
    VISIT = "visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a fair or visit (``results.csv``): who came, who signed an intent, who were hired."""

    kind: ResultKind
    id: str
    day: date
    visitors: int
    intents: int = 0
    hires: int = 0
    note: str = ""
