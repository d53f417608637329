"""When a village receives a squad, and the pause at noon taken out of the solver's clock.

The solver knows no pause: in its clock there is no noon, and what comes after is earlier by its length.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from planner.almanac import build_almanac
from planner.model.tours import TimeOfVisit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, time

    from planner.model.campaign import Campaign
    from planner.model.places import PlaceId
    from planner.model.tours import Broker, VisitNeed
    from planner.solvers.tours.problem import Windows

DAY_S: Final = 24 * 3_600
MINUTE_S: Final = 60
_MONTH: Final = 62


def day_second(clock: time) -> int:
    """Seconds from midnight."""
    return clock.hour * 3_600 + clock.minute * MINUTE_S + clock.second


@dataclass(frozen=True, slots=True, kw_only=True)
class Noon:
    """A pause of ``pause_s`` from ``from_s``, later where a visit is going on, over by ``to_s``."""

    pause_s: int
    from_s: int
    to_s: int

    def to_solver(self, second: int) -> int:
        """The solver's time of a time of day."""
        if second <= self.from_s:
            return second
        return max(second - self.pause_s, self.from_s)

    def to_real(self, second: int) -> int:
        """The time of day of what begins at a time of the solver's."""
        return second if second < self.from_s else second + self.pause_s

    def cut(self, window: tuple[int, int], *, service_s: int) -> Windows:
        """When a visit may begin, in the solver's time; one before noon leaves time for a pause."""
        opens, closes = window
        if not self.pause_s:
            return (window,) if opens <= closes else ()
        before = (opens, min(closes, self.from_s - 1, self.to_s - self.pause_s - service_s))
        after = (max(opens, self.from_s + self.pause_s) - self.pause_s, closes - self.pause_s)
        return tuple(part for part in (before, after) if part[0] <= part[1])


class Openings:
    """Days and times of day at which villages receive squads, in the solver's clock."""

    def __init__(self, campaign: Campaign, days: Sequence[date]) -> None:
        rules = campaign.rules.tours
        pause_s = rules.lunch_min * MINUTE_S
        self.noon = Noon(
            pause_s=pause_s, from_s=day_second(rules.lunch_from), to_s=day_second(rules.lunch_to)
        )
        self.days = tuple(days)
        self._evening = (day_second(rules.evening_from), day_second(rules.evening_to))
        self._morning = (day_second(rules.market_from), day_second(rules.market_to))
        self._brokers: dict[PlaceId, list[Broker]] = defaultdict(list)
        for broker in campaign.outreach.brokers:
            self._brokers[broker.village_id].append(broker)
        self._almanac = build_almanac(campaign)

    def in_window(self, need: VisitNeed, day: date) -> bool:
        """Whether the need's own window has the day."""
        early = need.first_day is not None and day < need.first_day
        late = need.last_day is not None and day > need.last_day
        return not (early or late)

    def knows_market(self, need: VisitNeed) -> bool:
        """Whether the need asks for market days and they are known."""
        return need.when is TimeOfVisit.MARKET and need.village_id in self._almanac.markets

    def is_market(self, village: PlaceId, day: date) -> bool:
        """Whether the day is a market day of the village."""
        return self._almanac.find_market(village, day) is not None

    def days_to_market(self, village: PlaceId, last: date) -> int:
        """Days from a day without market until the next with one; no rule skips a month."""
        return next(
            number for number in range(1, _MONTH) if self.is_market(village, last + timedelta(days=number))
        )

    def longest_s(self, need: VisitNeed) -> int:
        """Seconds of the longest visit that the day's times leave room for, brokers aside."""
        if need.when is TimeOfVisit.EVENING:
            return self._evening[1] - self._evening[0]
        noon = self.noon
        return max(noon.to_s - noon.pause_s, self._evening[1] - noon.from_s) if noon.pause_s else DAY_S

    def windows(self, need: VisitNeed, day: date) -> Windows:
        """When a visit may begin that day; none where it cannot."""
        if not self.in_window(need, day):
            return ()
        if self.knows_market(need) and not self.is_market(need.village_id, day):
            return ()
        service_s = need.minutes * MINUTE_S
        found = [part for one in self._spans(need, day) for part in self.noon.cut(one, service_s=service_s)]
        return tuple(found)

    def receives(self, village: PlaceId, day: date) -> tuple[bool, bool]:
        """Whether somebody is there by day, and in the evening; a village without brokers always is."""
        brokers = self._brokers.get(village)
        if not brokers:
            return True, True
        there = [broker for broker in brokers if broker.is_open(day)]
        return any(broker.daytime for broker in there), any(broker.evening for broker in there)

    def _spans(self, need: VisitNeed, day: date) -> Iterable[tuple[int, int]]:
        """Spans in which to begin, by the clock; a visit is over when the evening is."""
        daytime, evening = self.receives(need.village_id, day)
        service_s = need.minutes * MINUTE_S
        dusk, night = self._evening
        if need.when is TimeOfVisit.EVENING:
            return ((dusk, night - service_s),) if evening else ()
        if self.knows_market(need):
            opens, closes = self._morning
            last = closes if evening else min(closes, dusk - service_s)
            return ((opens, last),) if daytime else ()
        if daytime and evening:
            return ((0, night - service_s),)
        if daytime:
            return ((0, dusk - service_s),)
        return ((dusk, night - service_s),) if evening else ()
