"""What a campaign plans beside transport, part by part in the order in which they lean on each other.

A part knows whether the campaign has anything for it and gives an Agenda with its own fields only; here they
share the time and are put side by side. Fairs and tours come before matching.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from planner.model.agenda import Agenda, Part
from planner.solvers.fairs import FairsBudget
from planner.solvers.matching import MatchEffort
from planner.stages.fairs import plan_fairs
from planner.stages.matching import plan_matching
from planner.stages.tours import plan_tours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.model.campaign import Campaign
    from planner.solvers.routing.search import Budget


class _Planner(Protocol):
    """Plans one part within a budget; ``previous`` is the whole agenda of the plan before."""

    def __call__(self, campaign: Campaign, budget: Budget, *, previous: Agenda | None) -> Agenda | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """One part: whether it is ``wanted``, its ``share`` of the plan's seconds, and how it is planned."""

    part: Part
    share: float
    wanted: Callable[[Campaign], bool]
    plan: _Planner


def plan_agenda(
    campaign: Campaign,
    *,
    budget: Budget,
    previous: Agenda | None = None,
    progress: Callable[[Part], None] = lambda _part: None,
) -> Agenda | None:
    """Plan every part that the campaign has something for; None where there is and was none.

    ``budget`` is that of the whole plan, of which each part takes its share. Counted effort is counted by
    each part for itself. Raises SolverError when a library breaks.
    """
    made: list[Agenda] = []
    for section in _wanted(campaign):
        progress(section.part)
        seconds = None if budget.seconds is None else budget.seconds * section.share
        found = section.plan(campaign, replace(budget, seconds=seconds), previous=previous)
        made += [found] if found is not None else []
    told = previous is not None and previous.events
    return join_agendas(made) if made or told else None


def agenda_share(campaign: Campaign) -> float:
    """The share of the seconds that all parts together take, 0 where there is none."""
    return sum(section.share for section in _wanted(campaign))


def join_agendas(parts: Sequence[Agenda]) -> Agenda:
    """Put parts side by side, in their order."""
    together: dict[str, Any] = {
        entry.name: tuple(row for part in parts for row in getattr(part, entry.name))
        for entry in fields(Agenda)
    }
    return Agenda(**together)


def _has_matching(campaign: Campaign) -> bool:
    return bool(campaign.outreach.posts and campaign.outreach.wishes)


def _plan_matching(campaign: Campaign, budget: Budget, *, previous: Agenda | None) -> Agenda | None:
    effort = MatchEffort(seconds=budget.seconds, rounds=budget.effort, stop=budget.stop)
    return plan_matching(campaign, effort=effort, previous=previous)


def _plan_fairs(campaign: Campaign, budget: Budget, *, previous: Agenda | None) -> Agenda | None:
    limits = FairsBudget(seconds=budget.seconds, effort=budget.effort, seed=budget.seed, stop=budget.stop)
    return plan_fairs(campaign, limits, previous=previous)


_SECTIONS: Final = (
    _Section(
        part=Part.FAIRS, share=0.2, wanted=lambda campaign: bool(campaign.outreach.fairs), plan=_plan_fairs
    ),
    _Section(
        part=Part.TOURS, share=0.4, wanted=lambda campaign: bool(campaign.outreach.visits), plan=plan_tours
    ),
    _Section(part=Part.MATCHING, share=0.1, wanted=_has_matching, plan=_plan_matching),
)


def _wanted(campaign: Campaign) -> Sequence[_Section]:
    return [section for section in _SECTIONS if section.wanted(campaign)]
