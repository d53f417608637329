"""What fairs, tours and matching come to: frozen output beside the transport plan.

Days are dates, times of day integer seconds from the campaign's first midnight, lengths metres, money fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from planner.errors import Arg
from planner.model.events import Appointment
from planner.model.fairs import ExhibitorId, FairId, VenueId
from planner.model.jobs import PostId, SeekerId
from planner.model.places import PlaceId
from planner.model.tours import NeedId, SquadId, VisitId


class TaskKind(StrEnum):
    """What must be done before a fair (倒排工期), most urgent law first."""

    PERMIT = "permit"
    """Police permit: 大型群众性活动安全管理条例 第11–13条."""
    SAFETY_PLAN = "safety_plan"
    """方案、应急预案、安全保卫: 人力资源市场暂行条例 第28条."""
    INVITE = "invite"
    CHECK_POSTS = "check_posts"
    """Employers and posts checked: the same article."""
    PUBLISH = "publish"
    SET_UP = "set_up"
    REPORT = "report"
    """Results entered, after the fair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step before (or after) a fair and the last day on which it is in time."""

    kind: TaskKind
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """An employer at a fair, with so many booths."""

    exhibitor_id: ExhibitorId
    booths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Catchment:
    """Heads of a village who are expected at a fair."""

    village_id: PlaceId
    heads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Posts of a sector that a fair is expected to fill."""

    sector: str
    heads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFair:
    """A fair with its day and venue (None online), who exhibits, who is expected, what is to be done."""

    fair_id: FairId
    venue_id: VenueId | None
    day: date
    start_s: int
    end_s: int
    bookings: tuple[Booking, ...] = ()
    expected_visitors: int = 0
    catchment: tuple[Catchment, ...] = ()
    filled: tuple[Filled, ...] = ()
    tasks: tuple[Task, ...] = ()
    market: bool = False
    """A market day of its township."""

    @property
    def matches(self) -> int:
        """Posts it is expected to fill."""
        return sum(part.heads for part in self.filled)


class FairCause(StrEnum):
    """Why a fair is not in the plan, most fundamental first."""

    LOCKS_CONTRADICT = "locks_contradict"
    """What was fixed by hand cannot be kept together."""
    WINDOW_OVER = "window_over"
    """The window ends before the campaign begins."""
    NO_VENUE = "no_venue"
    """No venue that would do can host this kind."""
    VENUE_TOO_SMALL = "venue_too_small"
    VENUE_CLOSED = "venue_closed"
    """None is open in the window."""
    PERMIT_TOO_LATE = "permit_too_late"
    """The days left are fewer than the permit takes."""
    AFTER_PEAK = "after_peak"
    """The window begins too close to the departure peak, or after it."""
    NEEDS_TOO_MANY = "needs_too_many"
    """More of a resource than there is."""
    RESOURCE_TAKEN = "resource_taken"
    """On all days that would do others use it."""
    VENUE_TAKEN = "venue_taken"
    NEIGHBOUR_NEAR = "neighbour_near"
    """A neighbouring township has a fair within the gap days."""
    NO_EXHIBITOR = "no_exhibitor"
    """Nobody who has to be there, or could be, can come."""
    NOT_WORTH = "not_worth"
    """It costs more than it brings."""


class VisitCause(StrEnum):
    """Why a visit is not in the plan, most fundamental first."""

    LOCKS_CONTRADICT = "locks_contradict"
    """It could be made, but not where somebody fixed it."""
    NO_ROAD = "no_road"
    """No squad's vehicle may drive there."""
    NO_SQUAD = "no_squad"
    """No squad has the skill, or is paired with the firm."""
    TOO_FAR = "too_far"
    """There and back is longer than any squad's shift or hours at the wheel."""
    SQUADS_AWAY = "squads_away"
    """On no day on which it could be made is a squad out that could make it."""
    BROKER_AWAY = "broker_away"
    """No broker is there when a squad could come."""
    NO_MARKET = "no_market"
    """There is no market day in the window."""
    SPACING = "spacing"
    """The window is too short for so many visits so far apart."""
    SQUADS_FULL = "squads_full"
    """All squads that could come are busy."""
    NOT_WORTH = "not_worth"
    """Optional, and it costs more than it is worth."""


class MatchCause(StrEnum):
    """Why somebody has no post, most fundamental first."""

    NO_POST_AGE = "no_post_age"
    NO_POST_SEX = "no_post_sex"
    NO_POST_SKILL = "no_post_skill"
    NO_POST_WAGE = "no_post_wage"
    NO_POST_PLACE = "no_post_place"
    POSTS_TAKEN = "posts_taken"
    """Those that would do are filled by others."""


class RemedyKind(StrEnum):
    """The smallest change that would help."""

    RELEASE_LOCK = "release_lock"
    ADD_VENUE = "add_venue"
    OPEN_VENUE = "open_venue"
    LOWER_VISITORS = "lower_visitors"
    LENGTHEN_WINDOW = "lengthen_window"
    MOVE_WINDOW = "move_window"
    ADD_RESOURCE = "add_resource"
    SHORTEN_GAP = "shorten_gap"
    INVITE_EXHIBITOR = "invite_exhibitor"
    MEND_ROAD = "mend_road"
    ADD_SKILL = "add_skill"
    STAY_OVERNIGHT = "stay_overnight"
    LENGTHEN_SHIFT = "lengthen_shift"
    OPEN_SQUAD = "open_squad"
    ASK_BROKER = "ask_broker"
    SHORTEN_SPACING = "shorten_spacing"
    ADD_SQUAD = "add_squad"
    TRAIN = "train"
    LOWER_WAGE_WISH = "lower_wage_wish"
    OTHER_PLACE = "other_place"
    ADD_POSTS = "add_posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What would place it, with figures; ``cost_fen`` None where unknown."""

    kind: RemedyKind
    args: Mapping[str, Arg] = field(default_factory=dict[str, Arg])
    cost_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFair:
    """A fair without day or venue, why, with which figures, and what would help."""

    fair_id: FairId
    cause: FairCause
    args: Mapping[str, Arg] = field(default_factory=dict[str, Arg])
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """A squad in a village: there at ``arrive_s``, at work from ``begin_s`` to ``leave_s``.

    ``leg_m`` are the metres from the call before, or from where the squad's day begins.
    """

    id: VisitId
    need_id: NeedId
    village_id: PlaceId
    squad_id: SquadId
    day: date
    arrive_s: int
    begin_s: int
    leave_s: int
    leg_m: int
    evening: bool = False
    market: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadDay:
    """A squad's day on the road, from where it wakes to where it sleeps; its visits are the plan's."""

    squad_id: SquadId
    day: date
    start_place_id: PlaceId
    end_place_id: PlaceId
    start_s: int
    end_s: int
    home_m: int
    """Metres from the last visit to the end."""
    drive_s: int
    cost_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedVisit:
    """A visit that nobody makes, why, with which figures, and what would help."""

    id: VisitId
    village_id: PlaceId
    cause: VisitCause
    args: Mapping[str, Arg] = field(default_factory=dict[str, Arg])
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A person and a post; ``fen`` is what the pair falls short of all wishes, by ``matching``.

    An offer that is broken and a group that is parted are not in it.
    """

    seeker_id: SeekerId
    post_id: PostId
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A person without a post, and why."""

    seeker_id: SeekerId
    cause: MatchCause
    args: Mapping[str, Arg] = field(default_factory=dict[str, Arg])
    remedy: Remedy | None = None


class Part(StrEnum):
    """The three decisions, each with its own score and bound."""

    FAIRS = "fairs"
    TOURS = "tours"
    MATCHING = "matching"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """What one rule costs (gains are below 0) for one fair, visit, squad-day or person.

    All lines of a part add up to its cost to the fen, so two plans are compared line by line.
    """

    part: Part
    rule: str
    item: str = ""
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartProof:
    """What a part costs by its own measure, and what no plan could cost less than; None: nothing proved.

    ``pruned_fen`` is what looking at some choices only may have lost at most, None where none were left out.
    ``gain_fen`` is what could be gained at most, which the bound has taken off: with it, it is of costs.
    """

    part: Part
    cost_fen: int
    bound_fen: int | None
    pruned_fen: int | None = None
    gain_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """Fairs, visits and matches of a plan, with what is left out and what each rule costs."""

    fairs: tuple[PlannedFair, ...] = ()
    refused_fairs: tuple[RefusedFair, ...] = ()
    visits: tuple[PlannedVisit, ...] = ()
    squad_days: tuple[SquadDay, ...] = ()
    refused_visits: tuple[RefusedVisit, ...] = ()
    matches: tuple[Match, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    score: tuple[ScoreLine, ...] = ()
    proofs: tuple[PartProof, ...] = ()
    events: tuple[Appointment, ...] = ()
    """Fairs and visits as calendars show them, those that were cancelled too."""
