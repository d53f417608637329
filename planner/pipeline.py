"""READ THIS FIRST: how a Campaign becomes a Plan, stage by stage.

::

    Campaign ─ agenda.plan_agenda               fairs, squads' tours, people to posts: before anybody travels
      │
      ├─ build_demand ─► parties                people become counts; personal data stops here
      │
      ├─ Network                                roads as every vehicle type may use them
      ├─ onward.choose_onward                   who leaves when, by which train, coach or other means,
      │    ├─ Explainer.explain_alone           who could not travel even alone, and why
      │    ├─ charters.plan_charters            coaches that are laid on, weighed against trains and fares
      │    ├─ trunk.choose_departures           parties on given departures, within the quotas
      │    └─ crews.assign_crews                vehicles and drivers, within their hours
      ├─ collect.collect_people                 which vehicle brings whom there, round by round, a floor
      │                                         under the cost; who cannot be brought goes back with a reason
      ├─ timetable.set_times                    arrivals, calls, runs, legs
      ├─ seating.seat_people                    carriages, seats, captains
      ├─ handover.plan_handovers                shuttles to the gate and the dormitory's door
      └─ diff.advance_events                    calendar events, SEQUENCE

A way home is planned as a way out in the mirror (``mirror.py``), a round trip as both (``halves.py``).

The result is judged by ``planner.check.check_plan``, which shares no code with the stages.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from planner.assembly import Parts, assemble
from planner.check import check_plan
from planner.decisions import judge_locks
from planner.demand import build_demand, campaign_digest
from planner.diff import advance_appointments, advance_events, plan_digest
from planner.errors import Severity
from planner.halves import home_campaign, home_half, join_halves, known_events, out_half
from planner.intake.planfile import plan_to_json
from planner.mirror import mirror_campaign, mirror_day, mirror_plan
from planner.model.campaign import Campaign, Direction
from planner.model.fleet import Departure, VehicleId
from planner.model.plan import (
    Effort,
    EffortKind,
    Plan,
    Unserved,
)
from planner.names import keep_names
from planner.network import Network
from planner.solvers.duties import DutyEffort
from planner.solvers.routing import DEFAULT_ROUTER
from planner.solvers.routing.search import Budget, Progress
from planner.solvers.seats_problem import Limits
from planner.stages.agenda import agenda_share, plan_agenda
from planner.stages.collect import Collected, CollectInput, collect_people
from planner.stages.onward import Onward, OnwardInput, choose_onward, settle_runs
from planner.stages.resit import Told
from planner.stages.seating import seat_people
from planner.stages.timetable import set_times

_TRUNK: Final = 0.45
"""Of the seconds, for days, means and crews, where coaches can be laid on."""
_SEATS: Final = 0.15
"""Of the seconds, for the seats of trains, where their carriages are known."""
_LEAST_S: Final = 0.5
_CREWS_S: Final = 2.0
"""For crews once more, where the feeder emptied a coach."""
_HOME: Final = 0.4
"""Of the seconds of a round trip, for the way home."""
_UNIT_S: Final = 0.01
"""Of work, in a unit of effort."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where planning stands: the stage, what it works on, the best cost and bound in fen there so far."""

    stage: str
    item: str = ""
    cost_fen: int | None = None
    bound_fen: int | None = None


def plan_campaign(
    campaign: Campaign,
    budget: Budget,
    *,
    router: str = DEFAULT_ROUTER,
    previous: Plan | None = None,
    progress: Callable[[Step], None] = lambda _step: None,
    cache: Path | None = None,
) -> Plan:
    """Plan everything the campaign asks for; what cannot be served is part of the answer.

    ``previous`` is the plan people have been told: runs that are still lawful keep vehicle, number and
    time; where nothing has changed at all it is kept whole, those it left behind included. Locks hold up to
    their last day (``campaign.today``); what became of each is said in the plan. Raises SolverError when a
    library breaks; never because a campaign is impossible.
    """
    progress(Step(stage="demand"))
    if previous is not None and _still_stands(campaign, previous):
        return _settle(
            campaign, _next_version(previous, previous, effort=_effort(router, budget)), previous=previous
        )
    agenda = plan_agenda(
        campaign,
        budget=budget,
        previous=None if previous is None else previous.agenda,
        progress=lambda part: progress(Step(stage=part)),
    )
    task = _Task(
        campaign=campaign,
        previous=previous,
        budget=_share(budget, 1 - agenda_share(campaign)),
        router=router,
        progress=progress,
        cache=cache,
    )
    plan = _BY_DIRECTION[campaign.direction](task)
    plan = replace(
        plan,
        effort=_effort(router, budget),
        agenda=agenda,
        campaign_digest=campaign_digest(campaign),
        events=advance_events(campaign, plan.routes, previous=previous),
    )
    plan = plan if previous is None else _next_version(plan, previous, effort=plan.effort)
    if agenda is not None:
        told = advance_appointments(campaign, agenda, previous=previous, version=plan.version)
        plan = replace(plan, agenda=replace(agenda, events=told))
    return _settle(campaign, plan, previous=previous)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What is to be planned, and how."""

    campaign: Campaign
    previous: Plan | None
    budget: Budget
    router: str
    progress: Callable[[Step], None]
    cache: Path | None

    def tell(self, departures: Sequence[Departure], found: Progress) -> None:
        """Say how far the feeder's search is."""
        numbers = " ".join(departure.number for departure in departures)
        self.progress(Step(stage="feeder", item=numbers, cost_fen=found.cost_fen, bound_fen=found.bound_fen))


def _plan_out(task: _Task) -> Plan:
    """From the villages to departures and on, all stages in order."""
    return _plan_stages(task)[0]


def _plan_home(task: _Task) -> Plan:
    """The same in the mirror (``planner/mirror.py``)."""
    campaign, previous = task.campaign, task.previous
    there = replace(
        task,
        campaign=mirror_campaign(campaign),
        previous=None if previous is None else mirror_plan(campaign, previous),
    )
    return mirror_plan(campaign, _plan_out(there))


def _plan_round(task: _Task) -> Plan:
    """Out by coaches that wait, and home by them; who could not be brought home does not go out.

    Departures that run anyway lead nowhere here: they have no way back.
    """
    left: list[Unserved] = []
    previous = task.previous
    campaign = replace(task.campaign, departures=())
    while True:
        out, collected = _plan_stages(
            replace(
                task,
                campaign=campaign,
                previous=None if previous is None else out_half(previous),
                budget=_share(task.budget, 1 - _HOME),
            )
        )
        home, stranded = _bring_home(replace(task, campaign=campaign), out, collected=collected)
        if not stranded:
            return join_halves(out, home, left=left)
        left += stranded
        gone = {person for party in stranded for person in party.registration_ids}
        stay = tuple(person for person in campaign.registrations if person.id not in gone)
        campaign = replace(campaign, registrations=stay)


def _bring_home(task: _Task, out: Plan, *, collected: Collected) -> tuple[Plan, tuple[Unserved, ...]]:
    """The feeder of the way home, in the mirror: who rides which coach is settled."""
    people = frozenset(person for leg in out.legs for person in leg.registration_ids)
    real = home_campaign(task.campaign, out, people=people)
    campaign = mirror_campaign(real)
    before = home_half(task.previous or out)
    previous = mirror_plan(real, replace(before, events=known_events(out, task.previous)))
    network = Network(campaign, cache=task.cache)
    parties = build_demand(campaign)
    by_id = {entry.id: entry for entry in campaign.departures}
    rides = {person: leg.departure_id for leg in out.legs for person in leg.registration_ids}
    departure_of = {party.id: by_id[rides[party.registration_ids[0]]] for party in parties}
    onward = Onward(
        departures=(),
        runs=(),
        departure_of=departure_of,
        open_to={party: (departure,) for party, departure in departure_of.items()},
        subsidised=(),
        unserved=(),
        proofs=(),
    )
    brought = collect_people(
        CollectInput(
            campaign=campaign,
            network=network,
            parties=parties,
            onward=onward,
            previous=previous,
            router=task.router,
            budget=_share(task.budget, _HOME),
            report=task.tell,
            driven={
                (vehicle, mirror_day(real, day)): driven_s
                for (vehicle, day), driven_s in _driven(collected).items()
            },
        )
    )
    plan = _finish(
        replace(task, campaign=campaign, previous=previous),
        network,
        onward=onward,
        collected=brought,
        whole=campaign,
    )
    plan = mirror_plan(real, plan)
    return plan, plan.unserved


def _driven(collected: Collected) -> dict[tuple[VehicleId, date], int]:
    """Seconds at the wheel by vehicle and day."""
    driven: Counter[tuple[VehicleId, date]] = Counter()
    for draft in collected.feeder.drafts:
        driven[draft.state.id, draft.departure.day] += draft.times.drive_s
    return dict(driven)


_BY_DIRECTION: Final[Mapping[Direction, Callable[[_Task], Plan]]] = {
    Direction.OUT: _plan_out,
    Direction.HOME: _plan_home,
    Direction.ROUND: _plan_round,
}


def _plan_stages(task: _Task) -> tuple[Plan, Collected]:
    """The stages in order; the rounds of the feeder go with the plan."""
    campaign, previous, budget, progress = task.campaign, task.previous, task.budget, task.progress
    parties = build_demand(campaign)
    network = Network(campaign, cache=task.cache)
    trunk, feeder, _ = _shares(campaign)

    began_s = time.monotonic()
    progress(Step(stage="trunk"))
    onward = choose_onward(
        OnwardInput(
            campaign=campaign,
            network=network,
            parties=parties,
            previous=previous,
            budget=_share(budget, trunk),
            report=lambda found: progress(
                Step(stage="trunk", cost_fen=found.cost_fen, bound_fen=found.bound_fen)
            ),
        )
    )
    whole = replace(campaign, departures=(*campaign.departures, *onward.departures))

    progress(Step(stage="feeder"))
    collected = collect_people(
        CollectInput(
            campaign=whole,
            network=network,
            parties=parties,
            onward=onward,
            previous=previous,
            router=task.router,
            budget=_left_over(budget, share=trunk + feeder, spent_s=time.monotonic() - began_s),
            report=task.tell,
        )
    )
    progress(Step(stage="timetable"))
    plan = _finish(task, network, onward=onward, collected=collected, whole=whole)
    return plan, collected


def _finish(task: _Task, network: Network, *, onward: Onward, collected: Collected, whole: Campaign) -> Plan:
    """Times, seats and the way to the dormitory; ``whole`` has the departures that were planned, too."""
    campaign, previous, budget = task.campaign, task.previous, task.budget
    seats = _shares(campaign)[2]
    routes, legs = set_times(
        whole, network, drafts=collected.feeder.drafts, onward=collected.departure_of, previous=previous
    )
    crews = DutyEffort(
        seconds=None if budget.seconds is None else _CREWS_S,
        effort=budget.effort,
        seed=budget.seed,
        stop=budget.stop,
    )
    trip = settle_runs(campaign, onward, legs=legs, effort=crews)

    task.progress(Step(stage="seats"))
    seating = seat_people(
        whole,
        legs,
        runs=trip.vehicle_types(campaign),
        limits=_seat_limits(_share(budget, seats)),
        told=None if previous is None else Told(seats=previous.seats, captains=previous.captains),
    )
    return assemble(
        campaign,
        Parts(routes=routes, legs=legs, onward=trip, collected=collected, seating=seating),
        effort=_effort(task.router, budget),
        previous=previous,
    )


def _shares(campaign: Campaign) -> tuple[float, float, float]:
    """Shares of the seconds for the way onward, the feeder and the seats of trains."""
    trunk = _TRUNK if campaign.corridors else 0.0
    seats = _SEATS if campaign.consists or campaign.allotments else 0.0
    return trunk, 1 - trunk - seats, seats


def _seat_limits(budget: Budget) -> Limits:
    effort = None if budget.effort is None else budget.effort * _UNIT_S
    return Limits(seconds=budget.seconds, effort=effort, seed=budget.seed, stop=budget.stop)


def _share(budget: Budget, share: float) -> Budget:
    """A share of the seconds; counted effort is counted by each stage for itself."""
    return (
        budget if budget.seconds is None else replace(budget, seconds=max(budget.seconds * share, _LEAST_S))
    )


def _left_over(budget: Budget, *, share: float, spent_s: float) -> Budget:
    """What is left of a share of the seconds: a stage that ends early leaves its time to the next."""
    if budget.seconds is None:
        return budget
    seconds = max(budget.seconds * share - spent_s, _LEAST_S)
    return replace(budget, seconds=seconds)


def _effort(router: str, budget: Budget) -> Effort:
    if budget.effort is not None:
        return Effort(router=router, kind=EffortKind.COUNTED, limit=budget.effort, seed=budget.seed)
    return Effort(router=router, kind=EffortKind.SECONDS, limit=round(budget.seconds or 0), seed=budget.seed)


def _still_stands(campaign: Campaign, previous: Plan) -> bool:
    """Whether the plan people were told is lawful and made from exactly this campaign."""
    if previous.campaign_digest != campaign_digest(campaign):
        return False
    return all(found.severity is not Severity.ERROR for found in check_plan(campaign, previous))


def _settle(campaign: Campaign, plan: Plan, *, previous: Plan | None) -> Plan:
    """Add what became of the locks, and what everything in it is called."""
    return replace(
        plan,
        locks=judge_locks(campaign, plan, previous=previous),
        names=keep_names(campaign, plan, previous=previous),
    )


def _next_version(plan: Plan, previous: Plan, *, effort: Effort) -> Plan:
    parent = plan_digest(previous, plan_to_json(previous))
    return replace(plan, version=previous.version + 1, parent=parent, effort=effort)
