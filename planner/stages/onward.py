"""The way onward: which party leaves on which day, on which train or coach, with which crew.

Where the campaign has roads for coaches, days and means of all parties are weighed at once, coaches are laid
on and crewed; where it has none, parties are only given to the departures there are. What people were told
stands as long as it can still be driven as it was told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from planner.decisions import standing_locks
from planner.driving import DAY_S
from planner.explain import Explainer
from planner.model.campaign import Direction
from planner.model.fleet import Mode, Service, split_vehicle_id, vehicle_id
from planner.model.locks import LockKind
from planner.model.trunk import Stage
from planner.solvers.duties import DutyEffort
from planner.solvers.trunk import TrunkBudget
from planner.stages.again import Fares
from planner.stages.charters import Charter, find_candidates, plan_charters
from planner.stages.coaches import Offer, coach_seats, find_offer, leave_at
from planner.stages.crews import CrewResult, assign_crews, keep_crewed
from planner.stages.origins import begin_nearer
from planner.stages.together import leave_together, with_new_hours
from planner.stages.trunk import choose_departures
from planner.stages.workmates import join_workmates

if TYPE_CHECKING:
    from planner.demand import Party, PartyId
    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure, DepartureId, VehicleType
    from planner.model.plan import Leg, Plan, Subsidised, Unserved
    from planner.model.trunk import Proof, TrunkRun
    from planner.network import Network
    from planner.solvers.routing.search import Budget, Progress

_CREWS: Final = 0.1
"""Of the stage's seconds, for vehicles and drivers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnwardInput:
    """What the stage is given."""

    campaign: Campaign
    network: Network
    parties: Sequence[Party]
    previous: Plan | None
    budget: Budget
    report: Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """Who rides what; ``departures`` are those that were planned, and ``runs`` how they are made."""

    departures: tuple[Departure, ...]
    runs: tuple[TrunkRun, ...]
    departure_of: Mapping[PartyId, Departure]
    open_to: Mapping[PartyId, tuple[Departure, ...]]
    subsidised: tuple[Subsidised, ...]
    unserved: tuple[Unserved, ...]
    proofs: tuple[Proof, ...]
    charters: tuple[Charter, ...] = ()
    """Coaches that are laid on anew."""

    def vehicle_types(self, campaign: Campaign) -> dict[DepartureId, VehicleType]:
        """What each coach that is laid on is."""
        kinds = {kind.id: kind for kind in campaign.vehicle_types}
        type_of = {group.id: kinds[group.type_id] for group in campaign.fleet}
        return {run.departure_id: type_of[split_vehicle_id(run.vehicle_id)[0]] for run in self.runs}


def settle_runs(campaign: Campaign, onward: Onward, *, legs: Sequence[Leg], effort: DutyEffort) -> Onward:
    """Count heads; a coach that nobody rides after all is not sent, and the others are crewed anew."""
    heads = _heads(legs)
    runs = tuple(run for run in onward.runs if heads[run.departure_id])
    proofs = onward.proofs
    if len(runs) < len(onward.runs):
        made = [charter for charter in onward.charters if heads[charter.departure.id]]
        proofs = tuple(proof for proof in proofs if proof.stage not in {Stage.VEHICLES, Stage.DRIVERS})
        anew = assign_crews(campaign, made, effort=effort) if len(made) == len(runs) else None
        if anew and not anew.left:
            runs, proofs = anew.runs, (*proofs, *anew.proofs)
    return replace(
        onward,
        departures=tuple(entry for entry in onward.departures if heads[entry.id]),
        runs=tuple(replace(run, heads=heads[run.departure_id]) for run in runs),
        proofs=proofs,
    )


def trunk_cost_fen(
    campaign: Campaign, onward: Onward, *, legs: Sequence[Leg], subsidised: Sequence[Subsidised]
) -> int:
    """Coaches, given departures that are used, and scheduled transport."""
    heads = _heads(legs)
    given = [entry for entry in campaign.departures if heads[entry.id]]
    return (
        sum(run.cost_fen for run in onward.runs)
        + sum(paid.fen for paid in subsidised)
        + sum(entry.fixed_fen + entry.fare_fen * heads[entry.id] for entry in given)
    )


def _heads(legs: Sequence[Leg]) -> Counter[DepartureId]:
    heads: Counter[DepartureId] = Counter()
    for leg in legs:
        if leg.run is None:
            heads[leg.departure_id] += len(leg.registration_ids)
    return heads


def choose_onward(given: OnwardInput) -> Onward:
    """Give every party a departure, or scheduled transport, or a reason."""
    return _Desk(given).choose()


class _Desk:
    """The state of the choice: who is told, who is open to what, what is laid on."""

    def __init__(self, given: OnwardInput) -> None:
        self.given, self.campaign = given, given.campaign
        self.offer = find_offer(given.campaign) if given.campaign.corridors else _NOTHING
        self.standing = self._find_standing()
        """Departures of the previous plan that are driven again as they were told, with their runs."""
        self.running = (*given.campaign.departures, *(entry for entry, _ in self.standing))
        self.explainer = self._explainer()
        self.fares = Fares(given.campaign)
        self.open_to: dict[PartyId, tuple[Departure, ...]] = {}
        self.departure_of: dict[PartyId, Departure] = {}
        self.subsidised: list[Subsidised] = []
        self.unserved: list[Unserved] = []

    def choose(self) -> Onward:
        """All steps in order."""
        hopeful = [party for party in self.given.parties if self._look_alone(party)]
        told = self._told(hopeful)
        bound: dict[PartyId, date] = {}
        charters: tuple[Charter, ...] = ()
        proofs: tuple[Proof, ...] = ()
        if self.offer.kinds:
            loose = [party for party in hopeful if party.id not in told]
            plan = plan_charters(
                replace(self.campaign, departures=self._with_room(told, hopeful)),
                self.offer,
                parties=loose,
                open_to=self.open_to,
                standing=[run for _, run in self.standing],
                budget=self._trunk_budget(),
            )
            by_id = {party.id: party for party in loose}
            for party, day in plan.scheduled.items():
                self._schedule(by_id[party], day=day)
            for party in plan.left:
                self._give_up(party, self._without_coach(party))
            bound = dict(plan.on_given)
            # Where nobody had to choose, nothing was proved; where some were told, not of the whole plan.
            proofs = (plan.proof,) if loose and not told else ()
            charters = self._arrange(plan.charters, hopeful)
            hopeful = [party for party in hopeful if party.id in told or party.id in bound]
        self._fill_given(hopeful, told=told, bound=bound)
        crewed = self._crew(charters)
        stranded = sum(charter.heads for charter in crewed.left)
        proofs = tuple(replace(proof, changed=stranded) for proof in proofs)
        return Onward(
            departures=self._planned(charters, crewed),
            runs=crewed.runs,
            departure_of=self.departure_of,
            open_to=self.open_to,
            subsidised=tuple(self.subsidised),
            unserved=tuple(self.unserved),
            proofs=(*proofs, *crewed.proofs),
            charters=tuple(charters),
        )

    def _arrange(self, charters: Sequence[Charter], parties: Sequence[Party]) -> tuple[Charter, ...]:
        """Seat workmates together, let coaches begin nearer and leave together."""
        campaign = self.campaign
        joined = join_workmates(charters, least=campaign.rules.trunk.least_heads, seed=self.given.budget.seed)
        nearer = begin_nearer(
            campaign, self.given.network, offer=self.offer, charters=joined, open_to=self.open_to
        )
        if campaign.direction is not Direction.OUT or campaign.mirrored:
            return nearer
        running = [entry for entry in self.running if entry.mode is Mode.COACH]
        made = leave_together(campaign, nearer, explainer=self.explainer, running=running)
        self.open_to |= with_new_hours(made, parties=parties, open_to=self.open_to, explainer=self.explainer)
        return made

    def _find_standing(self) -> tuple[tuple[Departure, TrunkRun], ...]:
        previous = self.given.previous
        if previous is None:
            return ()
        departures = {departure.id: departure for departure in previous.departures}
        kinds = {
            vehicle_id(group.id, number): group.type_id
            for group in self.campaign.fleet
            if group.service is Service.TRUNK
            for number in range(1, group.count + 1)
        }
        locked = standing_locks(self.campaign, LockKind.DEPARTURE)
        changed: set[DepartureId] = set()
        found: list[tuple[Departure, TrunkRun]] = []
        for run in previous.trunk_runs:
            departure = departures.get(run.departure_id)
            kind = kinds.get(run.vehicle_id)
            if departure is None or kind is None or len(departure.calls) != 1:
                continue
            origins = self.offer.lines.get(departure.calls[0].destination_id, {})
            line = origins.get(departure.origin_id, {}).get(kind)
            start_s = run.start_s - DAY_S * (run.start_s // DAY_S)
            line = line and leave_at(self.campaign, line, start_s=start_s)
            if line is None:
                continue
            same = Charter(departure=departure, line=line, riders=())
            # Of a locked coach all may have changed but when it leaves and how many drive it.
            same = same.moved(self.campaign, line) if departure.id in locked else same
            out, back = same.movements(self.campaign)
            now = replace(run, movements=out, back=back, cost_fen=line.cost_fen)
            if now != run and departure.id in locked:
                changed.add(departure.id)
            alike = now == run or departure.id in changed
            if alike and len(run.drivers) == max(line.kind.drivers, 1):
                # The county may have changed the load cap, or the licence its seats.
                seats = coach_seats(line.kind, self.campaign.rules.trunk)
                found.append((replace(same.departure, quota=seats), now))
        standing = keep_crewed(self.campaign, [run for _, run in found], changed=changed)
        crewed = {run.departure_id: run for run in standing}
        return tuple((departure, crewed[departure.id]) for departure, _ in found if departure.id in crewed)

    def _explainer(self) -> Explainer:
        days: list[date] = []
        if self.given.parties and self.offer.kinds:
            first = min(party.travel_date for party in self.given.parties)
            last = max(party.latest_date for party in self.given.parties)
            days = [first + timedelta(days=more) for more in range((last - first).days + 1)]
        candidates = find_candidates(self.campaign, self.offer, days=days)
        return Explainer(replace(self.campaign, departures=(*self.running, *candidates)), self.given.network)

    def _look_alone(self, party: Party) -> bool:
        """Whether some departure could be reached by the party if it were alone; else say why not."""
        departures, obstacle = self.explainer.explain_alone(party)
        if obstacle is None:
            self.open_to[party.id] = departures
            return True
        nothing = not self.explainer.departures_open_to(party)
        refused = [self.offer.refused[place] for place, _ in party.rides if place in self.offer.refused]
        if nothing and refused:
            obstacle = self.explainer.explain_refusal(party, refused[0])
        self._give_up(party, obstacle)
        return False

    def _give_up(self, party: Party, why: Unserved) -> None:
        paid = self.fares.pay(party, day=party.travel_date, why=why)
        if paid is None:
            self.unserved.append(why)
        else:
            self.subsidised += paid

    def _without_coach(self, party: Party) -> Unserved:
        """Why nothing takes a party: what runs anyway is full, or nothing is laid on for it."""
        running = {departure.id for departure in self.running}
        full = [departure for departure in self.open_to[party.id] if departure.id in running]
        if full:
            return self.explainer.explain_quota(party, full)
        return self.explainer.explain_no_coach(party)

    def _schedule(self, party: Party, *, day: date) -> None:
        self.subsidised += self.fares.pay(party, day=day, why=None) or ()

    def _told(self, parties: Sequence[Party]) -> dict[PartyId, DepartureId]:
        """The running departure each party was told, by any of its members, where it still may ride it."""
        previous = self.given.previous
        legs = previous.legs if previous else ()
        told = {person: leg.departure_id for leg in legs for person in leg.registration_ids}
        running = {departure.id for departure in self.running}
        found: dict[PartyId, DepartureId] = {}
        room = Counter({departure.id: departure.quota for departure in self.running})
        for party in parties:
            open_ids = {departure.id for departure in self.open_to[party.id]} & running
            names = (told[person] for person in reversed(party.registration_ids) if person in told)
            name = next(names, None)
            if name in open_ids and name is not None and room[name] >= party.size:
                found[party.id] = name
                room[name] -= party.size
        for departure in self.running if self.offer.kinds else ():
            if departure.employer and departure.mode is Mode.COACH:
                self._join(departure, parties, found=found, room=room)
        return found

    def _join(
        self,
        departure: Departure,
        parties: Sequence[Party],
        *,
        found: dict[PartyId, DepartureId],
        room: Counter[DepartureId],
    ) -> None:
        """Seat people of an employer in its coach that runs anyway."""
        for party in parties:
            fits = party.employer == departure.employer and party.size <= room[departure.id]
            if party.id not in found and fits and departure in self.open_to[party.id]:
                found[party.id] = departure.id
                room[departure.id] -= party.size

    def _with_room(
        self, told: Mapping[PartyId, DepartureId], parties: Sequence[Party]
    ) -> tuple[Departure, ...]:
        """Running departures with the seats that nobody was told; none for everybody on an employer's."""
        taken: Counter[DepartureId] = Counter()
        for party in parties:
            if party.id in told:
                taken[told[party.id]] += party.size
        return tuple(
            replace(departure, quota=0 if own else max(departure.quota - taken[departure.id], 0))
            for departure in self.running
            for own in (departure.mode is Mode.COACH and departure.employer,)
        )

    def _fill_given(
        self,
        parties: Sequence[Party],
        *,
        told: Mapping[PartyId, DepartureId],
        bound: Mapping[PartyId, date],
    ) -> None:
        """Give parties to running departures, townships whole: those of their day where it was chosen."""
        running = {departure.id: departure for departure in self.running}
        ids: dict[PartyId, list[DepartureId]] = {}
        for party in parties:
            able = [entry for entry in self.open_to[party.id] if entry.id in running]
            of_day = [entry for entry in able if entry.day == bound.get(party.id, entry.day)]
            common = [
                entry.id for entry in of_day or able if not entry.employer or entry.employer == party.employer
            ]
            ids[party.id] = [told[party.id]] if party.id in told else common
        chosen = choose_departures(
            replace(self.campaign, departures=self.running),
            self.given.network,
            open_to=ids,
            parties=parties,
            told=told,
            seed=self.given.budget.seed,
        )
        self.departure_of |= {party: running[name] for party, name in chosen.departure_of.items()}
        for party in chosen.left:
            self._give_up(party, self.explainer.explain_quota(party, self.open_to[party.id]))

    def _crew(self, charters: Sequence[Charter]) -> CrewResult:
        crewed = assign_crews(
            self.campaign,
            charters,
            standing=[run for _, run in self.standing],
            effort=self._crew_effort(),
        )
        left = {charter.departure.id for charter in crewed.left}
        for charter in charters:
            for party in charter.riders:
                if charter.departure.id in left:
                    self._give_up(party, self.explainer.explain_crew(party, charter.departure))
                else:
                    self.departure_of[party.id] = charter.departure
        return crewed

    def _planned(self, charters: Sequence[Charter], crewed: CrewResult) -> tuple[Departure, ...]:
        left = {charter.departure.id for charter in crewed.left}
        made = [charter.departure for charter in charters if charter.departure.id not in left]
        made += [departure for departure, _ in self.standing]
        return tuple(sorted(made, key=lambda departure: departure.id))

    def _trunk_budget(self) -> TrunkBudget:
        budget = self.given.budget
        return TrunkBudget(
            seconds=None if budget.seconds is None else budget.seconds * (1 - _CREWS),
            effort=budget.effort,
            seed=budget.seed,
            workers=budget.workers,
            stop=budget.stop,
            progress=self.given.report,
        )

    def _crew_effort(self) -> DutyEffort:
        budget = self.given.budget
        seconds = None if budget.seconds is None else max(budget.seconds * _CREWS, 1.0)
        return DutyEffort(seconds=seconds, effort=budget.effort, seed=budget.seed, stop=budget.stop)


_NOTHING: Final = Offer(kinds=(), lines={}, refused={})
