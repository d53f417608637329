"""What came of the campaign beside what was planned, in the figures by which such campaigns are reported.

Fairs held of those planned, visitors, intents and their rate, hires for each fair, visit and squad, posts
filled. A fair that was held on another day is no error: it is said. What was never planned is added up apart,
so that each share compares like with like.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.model.agenda import Agenda, TaskKind
from planner.model.jobs import ResultKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from planner.model.campaign import Campaign
    from planner.model.jobs import Result
    from planner.model.plan import Plan


class Remark(StrEnum):
    """How a result differs from the plan."""

    MOVED = "moved"
    """It was on another day than planned."""
    UNPLANNED = "unplanned"
    """The plan has no day for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A result and how it differs; ``planned`` is the plan's day."""

    result: Result
    remark: Remark
    planned: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Fairs or visits in figures; ``held`` of them have a result, ``as_planned`` on their day.

    ``expected`` are visitors that the plan counts on at all of them, those still to come included.
    """

    planned: int
    held: int
    as_planned: int
    visitors: int
    intents: int
    hires: int
    expected: int = 0

    @property
    def intent_percent(self) -> float | None:
        """Of a hundred visitors so many sign an intent; None where nobody came."""
        return 100 * self.intents / self.visitors if self.visitors else None

    def per_head(self, figure: str) -> float | None:
        """A figure for each that was held (场均); None where none was."""
        return int(getattr(self, figure)) / self.held if self.held else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outstanding:
    """A planned fair or visit that is over and has no result; ``due``: when it should have been entered."""

    kind: ResultKind
    id: str
    day: date
    due: date
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """The summary of plan against result."""

    fairs: Tally
    fair_kinds: Mapping[str, Tally]
    """By kind of fair: on site, online."""
    visits: Tally
    more_fairs: Tally
    """Held though the plan has no day for them; in none of the figures above."""
    more_visits: Tally
    squads: Mapping[str, Tally]
    """By squad that was to make the visit."""
    posts: int
    to_fill: int
    """Posts that the plan's fairs are expected to fill."""
    matched: int
    """People for whom the plan's matching has a post."""
    hires: int
    noted: tuple[Noted, ...]
    outstanding: tuple[Outstanding, ...]

    @property
    def hires_per_squad(self) -> float | None:
        """Hires of planned visits for each squad that made any; None where none did."""
        return self.visits.hires / self.squads_out if self.squads_out else None

    @property
    def squads_out(self) -> int:
        """Squads of the plan that made visits."""
        return sum(tally.held > 0 for tally in self.squads.values())

    @property
    def posts_percent(self) -> float | None:
        """Of a hundred posts so many are filled; None without posts."""
        return 100 * self.hires / self.posts if self.posts else None


def sum_up(campaign: Campaign, plan: Plan, *, today: date | None = None) -> Outcomes:
    """Lay results beside a plan; without ``today`` nothing is outstanding."""
    agenda = plan.agenda or Agenda()
    results = campaign.outreach.results
    fairs = {str(fair.fair_id): fair.day for fair in agenda.fairs}
    visits = {str(visit.id): visit.day for visit in agenda.visits}
    expected = {str(fair.fair_id): fair.expected_visitors for fair in agenda.fairs}
    fair_results = [result for result in results if result.kind is ResultKind.FAIR]
    visit_results = [result for result in results if result.kind is ResultKind.VISIT]
    kinds = {str(fair.id): fair.kind.value for fair in campaign.outreach.fairs}
    squads = {str(visit.id): str(visit.squad_id) for visit in agenda.visits}
    held, more_held = _split(fair_results, fairs)
    made, more_made = _split(visit_results, visits)
    return Outcomes(
        fairs=_tally(fairs, held, expected=expected),
        more_fairs=_tally({}, more_held, expected={}),
        more_visits=_tally({}, more_made, expected={}),
        fair_kinds=_tally_by(fairs, held, group_of=kinds, expected=expected),
        visits=_tally(visits, made, expected={}),
        squads=_tally_by(visits, made, group_of=squads, expected={}),
        posts=sum(post.count for post in campaign.outreach.posts),
        to_fill=sum(fair.matches for fair in agenda.fairs),
        matched=len(agenda.matches),
        hires=sum(result.hires for result in results),
        noted=(*_note(fairs, fair_results), *_note(visits, visit_results)),
        outstanding=() if today is None else tuple(_outstanding(agenda, campaign, today=today)),
    )


def _split(results: Sequence[Result], days: Mapping[str, date]) -> tuple[list[Result], list[Result]]:
    """Results of what was planned, and the others."""
    return [one for one in results if one.id in days], [one for one in results if one.id not in days]


def _tally(days: Mapping[str, date], results: Sequence[Result], *, expected: Mapping[str, int]) -> Tally:
    """Add up what was planned on ``days`` and what came of it; a fair of several days counts once."""
    held = {result.id for result in results}
    return Tally(
        planned=len(days),
        held=len(held),
        as_planned=len({result.id for result in results if days.get(result.id) == result.day}),
        visitors=sum(result.visitors for result in results),
        intents=sum(result.intents for result in results),
        hires=sum(result.hires for result in results),
        expected=sum(expected.get(item, 0) for item in days),
    )


def _tally_by(
    days: Mapping[str, date],
    results: Sequence[Result],
    *,
    group_of: Mapping[str, str],
    expected: Mapping[str, int],
) -> dict[str, Tally]:
    """The same for each group that has anything planned."""
    used = {group_of[item] for item in days if item in group_of}
    return {
        group: _tally(
            {item: day for item, day in days.items() if group_of.get(item) == group},
            [result for result in results if group_of.get(result.id) == group],
            expected=expected,
        )
        for group in sorted(used)
    }


def _note(days: Mapping[str, date], results: Sequence[Result]) -> Iterator[Noted]:
    for result in results:
        planned = days.get(result.id)
        if planned != result.day:
            remark = Remark.UNPLANNED if planned is None else Remark.MOVED
            yield Noted(result=result, remark=remark, planned=planned)


def _outstanding(agenda: Agenda, campaign: Campaign, *, today: date) -> Iterator[Outstanding]:
    """What was to be before today and has no result, in order of days."""
    reported = {(result.kind, result.id) for result in campaign.outreach.results}
    wait = timedelta(days=campaign.rules.fairs.report_days)
    found: list[tuple[date, ResultKind, str, date]] = []
    for fair in agenda.fairs:
        dues = [task.due for task in fair.tasks if task.kind is TaskKind.REPORT]
        found.append((fair.day, ResultKind.FAIR, fair.fair_id, max(dues, default=fair.day + wait)))
    found += [(visit.day, ResultKind.VISIT, visit.id, visit.day + wait) for visit in agenda.visits]
    for day, kind, item, due in sorted(found):
        if day < today and (kind, item) not in reported:
            yield Outstanding(kind=kind, id=item, day=day, due=due, late=due < today)
