"""Whether everybody has one seat that is there, families sit together and somebody leads each carriage."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule
from planner.check.stock import Stock, find_stocks
from planner.demand import SeatNeed, build_riders
from planner.errors import Severity
from planner.model.trunk import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case
    from planner.errors import Arg
    from planner.model.fleet import Departure, DepartureId
    from planner.model.people import RegistrationId
    from planner.model.trunk import Seat

_EMPLOYER_COST: Final = 10
_STOP_COST: Final = 15
"""What an employer, and an alighting stop, counts for each carriage that has people of it."""


def find_unseated(case: Case) -> Iterator[Finding]:
    """Require that whoever rides on a departure with seats has exactly one of them, and nobody else has one.

    Children too: one seat per head (domain R12).
    """
    seats = Counter((seat.departure_id, seat.registration_id) for seat in case.plan.seats)
    aboard = _aboard(case)
    for departure_id, stock in find_stocks(case).items():
        coach = stock.get(0)
        if coach is not None and len(aboard[departure_id]) > len(coach.rows) - len(coach.reserved):
            continue  # too many for the coach: another rule says so
        seated = {person for departure, person in seats if departure == departure_id}
        for person in sorted(seated | aboard[departure_id].keys()):
            fate = case.fates.get(person)
            right = int(person in aboard[departure_id])
            count = seats[departure_id, person]
            if count != right and (fate is None or fate.is_clean) and person in case.people:
                figures: dict[str, Arg] = {
                    "registration": person,
                    "departure": case.name_departure(departure_id),
                }
                yield Finding(person, {**figures, "seats": count, "right": right})


def find_strange_seats(case: Case) -> Iterator[Finding]:
    """Require that a seat is there: its departure, its carriage, its label."""
    stocks = find_stocks(case)
    ridden = {leg.departure_id for leg in case.departure_legs}
    driven = {haul.run.departure_id for haul in case.hauls} | {entry.id for entry in case.plan.departures}
    for seat in case.plan.seats:
        stock = stocks.get(seat.departure_id)
        if stock is None:
            named = seat.departure_id in ridden and seat.departure_id not in case.departures
            if not named and seat.departure_id not in driven:
                yield _finding(case, seat)
        elif not _listed(stock) and (
            seat.carriage not in stock or seat.label not in stock[seat.carriage].rows
        ):
            yield _finding(case, seat)


def find_shared_seats(case: Case) -> Iterator[Finding]:
    """Require that a seat is given once."""
    given = Counter((seat.departure_id, seat.carriage, seat.label) for seat in case.plan.seats)
    for (departure_id, carriage, label), people in given.items():
        if people > 1:
            figures: dict[str, Arg] = {"departure": case.name_departure(departure_id), "people": people}
            yield Finding(departure_id, {**figures, "carriage": carriage, "label": label})


def find_unlisted_seats(case: Case) -> Iterator[Finding]:
    """Require that nobody has a seat that is not on the railway's own list where there is one."""
    stocks = find_stocks(case)
    for seat in case.plan.seats:
        stock = stocks.get(seat.departure_id, {})
        if _listed(stock) and (seat.carriage not in stock or seat.label not in stock[seat.carriage].rows):
            yield _finding(case, seat)


def find_reserved_seats(case: Case) -> Iterator[Finding]:
    """Require that the rows at the back of a coach stay free that the county keeps free."""
    stocks = find_stocks(case)
    for seat in case.plan.seats:
        stock = stocks.get(seat.departure_id, {}).get(seat.carriage)
        if stock is not None and seat.label in stock.reserved:
            yield _finding(case, seat)


def find_parted(case: Case) -> Iterator[Finding]:
    """Require that a party sits in one carriage, unless it is larger than any."""
    stocks = find_stocks(case)
    seats = _seats_by_person(case)
    for party in case.parties:
        by_departure: defaultdict[DepartureId, set[int]] = defaultdict(set)
        for person in party.registration_ids:
            for seat in seats.get(person, ()):
                by_departure[seat.departure_id].add(seat.carriage)
        for departure_id, carriages in sorted(by_departure.items()):
            largest = max((len(stock.rows) for stock in stocks.get(departure_id, {}).values()), default=0)
            if len(carriages) > 1 and party.size <= largest:
                figures: dict[str, Arg] = {"registration": party.id, "people": party.size}
                figures |= {"departure": case.name_departure(departure_id), "carriages": len(carriages)}
                yield Finding(party.id, figures)


def find_lone_children(case: Case) -> Iterator[Finding]:
    """Require that a child sits in one row with an adult of its party."""
    stocks = find_stocks(case)
    seats = _seats_by_person(case)
    for seat in case.plan.seats:
        known, party = case.people.get(seat.registration_id), case.party_of.get(seat.registration_id)
        if known is None or party is None or not known.child:
            continue
        near = [
            other
            for person in party.registration_ids
            for other in seats.get(person, ())
            if not case.people[person].child
            and (other.departure_id, other.carriage) == (seat.departure_id, seat.carriage)
        ]
        stock = stocks.get(seat.departure_id, {}).get(seat.carriage)
        if near and stock is not None and seat.label in stock.rows:
            rows = {stock.rows.get(other.label) for other in near}
            if stock.rows[seat.label] not in rows:
                yield _finding(case, seat)


def find_steps(case: Case) -> Iterator[Finding]:
    """Require that who comes in a wheelchair sits in a carriage made for it, where the train has one."""
    stocks = find_stocks(case)
    riders = build_riders(case.campaign)
    for seat in case.plan.seats:
        rider, stock = riders.get(seat.registration_id), stocks.get(seat.departure_id, {})
        here = stock.get(seat.carriage)
        if rider is not None and rider.need is SeatNeed.WHEELCHAIR and here is not None:
            good = sorted(number for number, car in stock.items() if car.accessible)
            if good and not here.accessible:
                found = _finding(case, seat)
                yield Finding(found.item, {**found.args, "right": good[0]})


def find_unled_carriages(case: Case) -> Iterator[Finding]:
    """Require that every coach and every carriage in use has a captain (劳务就业队长)."""
    led = {(captain.departure_id, captain.carriage) for captain in case.plan.captains if not captain.employer}
    stocks = find_stocks(case)
    heads = Counter((seat.departure_id, seat.carriage) for seat in case.plan.seats)
    for (departure_id, carriage), people in sorted(heads.items()):
        if carriage in stocks.get(departure_id, {}) and (departure_id, carriage) not in led:
            figures: dict[str, Arg] = {"departure": case.name_departure(departure_id), "carriage": carriage}
            yield Finding(departure_id, {**figures, "people": people})


def find_unled_groups(case: Case) -> Iterator[Finding]:
    """Require that a group of one employer that is large enough has a captain of its own."""
    least = case.campaign.rules.trunk.captain_heads
    led = {(captain.departure_id, captain.employer) for captain in case.plan.captains}
    stocks = find_stocks(case)
    heads: Counter[tuple[DepartureId, str]] = Counter()
    for departure_id, people in _aboard(case).items():
        heads.update((departure_id, _employer(case, person)) for person in people)
    for (departure_id, employer), people in sorted(heads.items()):
        if employer and people >= least and departure_id in stocks and (departure_id, employer) not in led:
            figures: dict[str, Arg] = {"departure": case.name_departure(departure_id), "employer": employer}
            yield Finding(departure_id, {**figures, "people": people})


def find_unfit_captains(case: Case) -> Iterator[Finding]:
    """Require that a captain is an adult of those who are led, and sits with them."""
    aboard = _aboard(case)
    places = {(seat.registration_id, seat.departure_id, seat.carriage) for seat in case.plan.seats}
    stocks = find_stocks(case)
    for captain in case.plan.captains:
        person, departure_id = captain.registration_id, captain.departure_id
        known = case.people.get(person)
        if departure_id in stocks:
            sits = (person, departure_id, captain.carriage) in places
        else:
            sits = captain.carriage == 0
        fits = known is not None and not known.child and person in aboard[departure_id] and sits
        if not fits or (captain.employer and captain.employer != _employer(case, person)):
            figures: dict[str, Arg] = {"registration": person, "carriage": captain.carriage}
            figures |= {"departure": case.name_departure(departure_id)}
            yield Finding(person, figures)


def find_wrong_proofs(case: Case) -> Iterator[Finding]:
    """Require that seats cost what is said: employers and alighting stops, in each carriage with theirs."""
    stocks = find_stocks(case)
    aboard = _aboard(case)
    for proof in case.plan.proofs:
        if proof.stage is not Stage.SEATS:
            continue
        departure = next((case.departures[known] for known in stocks if known == proof.item), None)
        right = 0 if departure is None else _cost(case, departure, aboard=aboard[departure.id])
        if proof.cost != right:
            number = proof.item if departure is None else departure.number
            yield Finding(proof.item or "seats", {"departure": number, "cost": proof.cost, "right": right})


def _cost(case: Case, departure: Departure, *, aboard: dict[RegistrationId, str]) -> int:
    """A party counts where most of it alights, of equals at the earlier call."""
    calls = [str(call.destination_id) for call in departure.calls]
    stops: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for person, to_id in aboard.items():
        if person in case.party_of:
            stop = calls.index(to_id) if to_id in calls else len(calls)
            stops[case.party_of[person].id][stop] += 1
    firms: set[tuple[int, str]] = set()
    halts: set[tuple[int, int]] = set()
    for seat in case.plan.seats:
        party = case.party_of.get(seat.registration_id)
        if seat.departure_id == departure.id and party is not None and party.id in stops:
            heads = stops[party.id]
            halts.add((seat.carriage, max(sorted(heads), key=lambda stop: heads[stop])))
            if party.employer:
                firms.add((seat.carriage, party.employer))
    return _EMPLOYER_COST * len(firms) + _STOP_COST * len(halts)


def _aboard(case: Case) -> defaultdict[DepartureId, dict[RegistrationId, str]]:
    """By departure who rides on it, and where to; those who ride twice are left to the rule about them."""
    aboard: defaultdict[DepartureId, dict[RegistrationId, str]] = defaultdict(dict)
    for leg in case.departure_legs:
        for person in leg.registration_ids:
            if case.fates[person].is_clean:
                aboard[leg.departure_id][person] = leg.to_id
    return aboard


def _seats_by_person(case: Case) -> dict[RegistrationId, list[Seat]]:
    seats: defaultdict[RegistrationId, list[Seat]] = defaultdict(list)
    for seat in case.plan.seats:
        seats[seat.registration_id].append(seat)
    return dict(seats)


def _listed(stock: dict[int, Stock]) -> bool:
    return any(carriage.listed for carriage in stock.values())


def _employer(case: Case, person: RegistrationId) -> str:
    party = case.party_of.get(person)
    return "" if party is None else party.employer


def _finding(case: Case, seat: Seat) -> Finding:
    figures: dict[str, Arg] = {"registration": seat.registration_id, "label": seat.label}
    figures |= {"departure": case.name_departure(seat.departure_id), "carriage": seat.carriage}
    return Finding(seat.registration_id, figures)


RULES: Final = (
    Rule("seat.once", "道路运输价格改革意见(交通运输部、国家发展改革委 2019-11)", find_unseated),
    Rule("seat.exists", "", find_strange_seats),
    Rule("seat.twice", "", find_shared_seats),
    Rule("seat.allotment", "", find_unlisted_seats),
    Rule("seat.reserved", "", find_reserved_seats),
    Rule("seat.party", "", find_parted),
    Rule("seat.child", "", find_lone_children, Severity.WARNING, waivable=True),
    Rule("seat.accessible", "", find_steps, Severity.WARNING, waivable=True),
    Rule("seat.proof", "", find_wrong_proofs),
    Rule("captain.carriage", "", find_unled_carriages),
    Rule("captain.group", "", find_unled_groups),
    Rule("captain.fit", "", find_unfit_captains),
)
