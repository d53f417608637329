"""Who leaves on which day by which means: coaches that are laid on, trains, or what runs anyway.

Every party that a coach or a train could take is weighed at once: money, waiting, workmates torn apart. A
coach that cannot be driven lawfully is no choice; who had no other is told the rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from planner.driving import DAY_S
from planner.mirror import real_day
from planner.model.fleet import Call, Departure, DepartureId, Mode, vehicle_id
from planner.model.places import DestinationId
from planner.model.trunk import Movement, Proof, Stage
from planner.solvers.trunk import (
    CoachKind,
    Means,
    Train,
    TrunkBudget,
    TrunkProblem,
    TrunkSolution,
    Weights,
    solve_trunk,
)
from planner.solvers.trunk import Line as SolverLine
from planner.solvers.trunk import Party as SolverParty
from planner.stages.coaches import Line, Offer, coach_seats

if TYPE_CHECKING:
    from planner.demand import Party, PartyId
    from planner.model.campaign import Campaign
    from planner.model.fleet import VehicleId, VehicleTypeId
    from planner.model.trunk import TrunkRun

_SOME: Final = "大巴"
"""Instead of its number, for a coach that could be laid on."""
_COACH: Final = (Means.DIRECT, Means.POOLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """A coach that is laid on, and how it is driven; the line's hours count from the day's midnight."""

    departure: Departure
    line: Line
    riders: tuple[Party, ...]

    @property
    def heads(self) -> int:
        """People it carries."""
        return sum(party.size for party in self.riders)

    def moved(self, campaign: Campaign, line: Line) -> Charter:
        """The same coach and riders on another line to the same city; id and number stay."""
        was = self.departure
        made = make_departure(campaign, line, day=was.day, number=0, quota=was.quota, employer=was.employer)
        return replace(self, departure=replace(made, id=was.id, number=was.number), line=line)

    def movements(self, campaign: Campaign) -> tuple[tuple[Movement, ...], tuple[Movement, ...]]:
        """Out and back, in seconds from the campaign's first midnight."""
        midnight_s = (self.departure.day - campaign.first_day).days * DAY_S
        return _moved(self.line.out.movements, midnight_s), _moved(self.line.back.movements, midnight_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterPlan:
    """What is laid on and who rides on it; ``left`` found nothing at all."""

    charters: tuple[Charter, ...]
    on_given: Mapping[PartyId, date]
    """Who goes by a departure that was given, a train, say, and on which day; which one is still open."""
    scheduled: Mapping[PartyId, date]
    """Who goes by whatever runs anyway."""
    left: tuple[Party, ...]
    proof: Proof


def find_candidates(campaign: Campaign, offer: Offer, *, days: Sequence[date]) -> tuple[Departure, ...]:
    """A coach on every line on every day, to ask who could be brought to it."""
    return tuple(
        make_departure(campaign, kinds[min(kinds)], day=day, number=0, quota=1_000)
        for origins in offer.lines.values()
        for kinds in origins.values()
        for day in days
    )


def make_departure(
    campaign: Campaign, line: Line, *, day: date, number: int, quota: int, employer: str = ""
) -> Departure:
    """The departure of a coach on a line: id ``destination-MMDD-NN``, number 东莞1."""
    destination = line.corridor.destination_id
    midnight_s = (day - campaign.first_day).days * DAY_S
    name = next(entry.name for entry in campaign.destinations if entry.id == destination)
    return Departure(
        id=DepartureId(f"{destination}-{real_day(campaign, day):%m%d}-{number:02d}"),
        mode=Mode.COACH,
        number=f"{name}{number or _SOME}",
        origin_id=line.corridor.origin_id,
        departs=campaign.to_datetime(midnight_s + line.out.start_s),
        quota=quota,
        calls=(
            Call(destination_id=destination, arrives=campaign.to_datetime(midnight_s + line.out.arrive_s)),
        ),
        employer=employer,
    )


def plan_charters(
    campaign: Campaign,
    offer: Offer,
    *,
    parties: Sequence[Party],
    open_to: Mapping[PartyId, Sequence[Departure]],
    standing: Sequence[TrunkRun],
    budget: TrunkBudget,
) -> CharterPlan:
    """Choose day and means for every party.

    ``campaign.departures`` are all that run anyway, with the seats still free on them; ``open_to`` are those
    a party could be brought to if alone; ``standing`` are runs that keep their vehicles.
    """
    if not parties:
        proof = Proof(stage=Stage.TRUNK, cost=0, bound=0)
        return CharterPlan(charters=(), on_given={}, scheduled={}, left=(), proof=proof)
    desk = _Desk(campaign, offer, parties=parties, open_to=open_to, standing=standing)
    return desk.read(solve_trunk(desk.problem, budget))


class _Desk:
    """The numbers of the problem and what they stand for."""

    def __init__(
        self,
        campaign: Campaign,
        offer: Offer,
        *,
        parties: Sequence[Party],
        open_to: Mapping[PartyId, Sequence[Departure]],
        standing: Sequence[TrunkRun],
    ) -> None:
        self.campaign, self.parties = campaign, tuple(parties)
        self.lines = {city: offer.hub(city) for city in offer.lines}
        self.kinds = offer.kinds
        self.cities = [destination.id for destination in campaign.destinations]
        self.first = min(party.travel_date for party in parties)
        self.days = 1 + max(self._day(party.latest_date) for party in parties)
        self.taken = {entry.id for entry in campaign.departures} | {run.departure_id for run in standing}
        free = [entry for entry in campaign.departures if entry.quota > 0]
        self.given = [entry for entry in free if 0 <= self._day(entry.day) < self.days]
        heads: Counter[tuple[DestinationId, str]] = Counter()
        for party in parties:
            heads[party.rides[0][0], party.employer] += party.size
        least = campaign.rules.trunk.least_heads
        self.employers = [key for key, count in sorted(heads.items()) if key[1] and count >= least]
        given = {entry.id for entry in free}
        self.open = {
            party.id: {departure.id in given for departure in open_to[party.id]} for party in parties
        }
        self.fares = {fare.destination_id: fare.fen_per_head for fare in campaign.fares}
        self.busy = self._busy(standing)
        self.problem = self._problem()

    def _problem(self) -> TrunkProblem:
        rules = self.campaign.rules
        return TrunkProblem(
            days=self.days,
            parties=tuple(self._party(party) for party in self.parties),
            kinds=tuple(
                CoachKind(
                    seats=coach_seats(kind, rules.trunk),
                    vehicles=tuple(max(count - self.busy[kind.id, day], 0) for day in range(self.days)),
                )
                for kind, count in self.kinds
            ),
            lines=tuple(self._lines()),
            trains=tuple(
                Train(
                    day=self._day(entry.day),
                    seats=entry.quota,
                    head_fen=tuple(
                        (self.cities.index(call.destination_id), entry.fare_fen) for call in entry.calls
                    ),
                    fixed_fen=entry.fixed_fen,
                )
                for entry in self.given
            ),
            scheduled_fen=tuple(self.fares.get(city) for city in self.cities),
            weights=Weights(
                wait_fen=rules.trunk.wait_fen_per_day,
                broken_fen=rules.trunk.broken_fen_per_head,
                unserved_fen=rules.weights.unserved_fen_per_head,
                least=rules.trunk.least_heads,
            ),
        )

    def _day(self, day: date) -> int:
        return (day - self.first).days

    def _busy(self, standing: Sequence[TrunkRun]) -> Counter[tuple[VehicleTypeId, int]]:
        """Vehicles of each type that are away on each day already."""
        type_of = {
            vehicle_id(group.id, number): group.type_id
            for group in self.campaign.fleet
            for number in range(1, group.count + 1)
        }
        shift = self._day(self.campaign.first_day)
        away: set[tuple[VehicleId, VehicleTypeId, int]] = {
            (run.vehicle_id, type_of[run.vehicle_id], day + shift)
            for run in standing
            if run.vehicle_id in type_of
            for day in range(run.start_s // DAY_S, run.end_s // DAY_S + 1)
        }
        return Counter((kind, day) for _, kind, day in away)

    def _party(self, party: Party) -> SolverParty:
        city, employer = party.rides[0][0], party.employer
        barred: set[Means] = set()
        if False not in self.open[party.id] or len(party.rides) > 1:
            barred |= {*_COACH}
        if True not in self.open[party.id]:
            barred.add(Means.TRAIN)
        if any(destination not in self.fares for destination, _ in party.rides):
            barred.add(Means.SCHEDULED)
        key = (city, employer)
        return SolverParty(
            size=party.size,
            city=self.cities.index(city),
            employer=self.employers.index(key) if key in self.employers else None,
            ready=self._day(party.travel_date),
            deadline=self._day(party.latest_date),
            barred=frozenset(barred),
        )

    def _lines(self) -> Iterator[SolverLine]:
        for number, city in enumerate(self.cities):
            kinds = self.lines.get(city, {})
            if not kinds:
                continue
            away = max(line.days_away for line in kinds.values())
            fen = tuple(kinds[kind.id].cost_fen if kind.id in kinds else None for kind, _ in self.kinds)
            yield SolverLine(city=number, cost_fen=fen, away=away)
            for at, (destination, _) in enumerate(self.employers):
                if destination == city:
                    yield SolverLine(city=number, cost_fen=fen, away=away, employer=at)

    def read(self, solution: TrunkSolution) -> CharterPlan:
        """Name what the numbers stand for; coaches to a city are numbered by the day, fullest first."""
        day_of = {
            party.id: (ride.means, self.first + timedelta(days=ride.day))
            for party, ride in zip(self.parties, solution.rides, strict=True)
        }
        return CharterPlan(
            charters=tuple(self._charters(solution)),
            on_given={party: day for party, (means, day) in day_of.items() if means is Means.TRAIN},
            scheduled={party: day for party, (means, day) in day_of.items() if means is Means.SCHEDULED},
            left=tuple(party for party in self.parties if day_of[party.id][0] is Means.LEFT),
            proof=Proof(stage=Stage.TRUNK, cost=solution.cost_fen, bound=max(solution.bound_fen, 0)),
        )

    def _charters(self, solution: TrunkSolution) -> Iterator[Charter]:
        number: Counter[tuple[int, int]] = Counter()

        def heads(parties: Sequence[int]) -> int:
            return sum(self.parties[party].size for party in parties)

        for coach in sorted(
            solution.coaches, key=lambda c: (c.day, c.city, c.employer is None, -heads(c.parties), c.parties)
        ):
            kind = self.kinds[coach.kind][0]
            employer = "" if coach.employer is None else self.employers[coach.employer][1]
            made: Departure | None = None
            while made is None or made.id in self.taken:
                number[coach.day, coach.city] += 1
                made = make_departure(
                    self.campaign,
                    self.lines[self.cities[coach.city]][kind.id],
                    day=self.first + timedelta(days=coach.day),
                    number=number[coach.day, coach.city],
                    quota=coach_seats(kind, self.campaign.rules.trunk),
                    employer=employer,
                )
            yield Charter(
                departure=made,
                line=self.lines[self.cities[coach.city]][kind.id],
                riders=tuple(self.parties[party] for party in coach.parties),
            )


def _moved(movements: Sequence[Movement], by_s: int) -> tuple[Movement, ...]:
    return tuple(
        replace(movement, start_s=movement.start_s + by_s, end_s=movement.end_s + by_s)
        for movement in movements
    )
