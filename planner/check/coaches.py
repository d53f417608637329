"""What a planned coach is: its name, its kind, its seats, how it turns round; figures of the plan alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from planner.check.case import travel_day
from planner.check.rule import Finding, Rule
from planner.check.writing import whole_minutes, write_yuan
from planner.model.fleet import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.check.case import Case
    from planner.check.haul import Haul
    from planner.demand import Party
    from planner.errors import Arg
    from planner.model.fleet import Departure

_ROW: Final = 4
"""Seats of a row of a coach."""
_FREE_AGE: Final = 6
"""A child of up to so many years rides free without a seat (domain R12)."""
_FREE_PERCENT: Final = 10
"""Of the rated number: so many such children at most when the coach is full (domain R11)."""
_PERCENT: Final = 100


def count_heads(case: Case) -> Counter[str]:
    """Count who rides on each departure."""
    heads: Counter[str] = Counter()
    for leg in case.departure_legs:
        heads[leg.departure_id] += len(leg.registration_ids)
    return heads


def find_seats(case: Case, haul: Haul) -> int | None:
    """Say how many people a planned coach may take, None where its kind is unknown.

    The licence less everybody of the crew, the county's load cap, its free rows: whatever is least.
    """
    if haul.kind is None:
        return None
    rules, seats = case.campaign.rules.trunk, _licensed(haul)
    capped = haul.kind.rated_seats * rules.load_percent // _PERCENT
    return max(min(seats, capped, seats - _ROW * rules.reserved_rows), 0)


def find_misnamed(case: Case) -> Iterator[Finding]:
    """Require that a planned coach is named by city, day and number, and no two departures alike."""
    names = {entry.id: entry.name for entry in case.campaign.destinations}
    taken = Counter(entry.id for entry in (*case.plan.departures, *case.campaign.departures))
    for departure in case.plan.departures:
        last = departure.calls[-1].destination_id if departure.calls else None
        digits = departure.id.rpartition("-")[2]
        right_id = f"{last}-{travel_day(departure):%m%d}-{digits}"
        right = f"{names.get(last, last) if last else last}{digits.lstrip('0')}"
        named = last is None or (departure.id, departure.number) == (right_id, right)
        if taken[departure.id] > 1 or not named:
            figures: dict[str, Arg] = {"id": departure.id, "right_id": right_id, "right": right}
            yield Finding(
                departure.id, {"departure": departure.number, "times": taken[departure.id], **figures}
            )


def find_other_means(case: Case) -> Iterator[Finding]:
    """Require that what is planned is a coach, and its price that of its run alone: no fare, no carriages."""
    for departure in case.plan.departures:
        price_fen = departure.fare_fen + departure.fixed_fen
        free = departure.fare_fen == 0 == departure.fixed_fen
        if departure.mode is not Mode.COACH or not free or departure.consist:
            figures: dict[str, Arg] = {"mode": departure.mode.value, "cost": write_yuan(price_fen)}
            yield Finding(departure.id, {"departure": departure.number, **figures})


def find_other_quotas(case: Case) -> Iterator[Finding]:
    """Require that a planned coach offers as many seats as it may take people."""
    planned = {departure.id: departure.quota for departure in case.plan.departures}
    for haul in case.hauls:
        seats, quota = find_seats(case, haul), planned.get(haul.run.departure_id)
        if seats is not None and quota is not None and quota != seats:
            yield _finding(haul, limit=quota, right=seats)


def find_overfull(case: Case) -> Iterator[Finding]:
    """Require that a coach takes no more than its licence less the crew, its load cap, its free rows (R11).

    Small children beyond that, as far as the law lets them ride, are ``trunk.children``'s matter.
    """
    for haul, people, seats in _crowded(case):
        if people - seats > _spare(case, haul):
            yield _finding(haul, people=people, seats=seats, over=people - seats)


def find_children_without_seats(case: Case) -> Iterator[Finding]:
    """Require that children have seats of their own, though the law lets a full coach carry a tenth (R11)."""
    for haul, people, seats in _crowded(case):
        if people - seats <= _spare(case, haul):
            yield _finding(haul, people=people, seats=seats, over=people - seats)


def find_short_turns(case: Case) -> Iterator[Finding]:
    """Require that in the city a coach stands as long as the county wants before it sets off for home."""
    limit_min = case.campaign.rules.trunk.away_turn_min
    for haul in case.hauls:
        if haul.run.movements and haul.run.back:
            gap_s = haul.run.back[0].start_s - haul.run.movements[-1].end_s
            if 0 <= gap_s < limit_min * 60:
                short_min = whole_minutes(limit_min * 60 - gap_s)
                yield _finding(haul, limit_min=limit_min, short_min=short_min)


def _licensed(haul: Haul) -> int:
    """Seats of the licence that the crew does not take."""
    if haul.kind is None:
        return 0
    return haul.kind.rated_seats - max(haul.kind.drivers, len(haul.run.drivers)) - haul.kind.escorts


def _crowded(case: Case) -> Iterator[tuple[Haul, int, int]]:
    """Coaches with more people than seats: how many of each."""
    heads = count_heads(case)
    for haul in case.hauls:
        seats = find_seats(case, haul)
        if seats is not None and heads[haul.item] > seats:
            yield haul, heads[haul.item], seats


def _spare(case: Case, haul: Haul) -> int:
    """How many small children may be on board beyond the seats; none where the county keeps seats free."""
    if haul.kind is None or haul.departure is None or find_seats(case, haul) != _licensed(haul):
        return 0
    aboard = {
        person
        for leg in case.departure_legs
        if leg.departure_id == haul.item
        for person in leg.registration_ids
    }
    parties = {
        case.party_of[person].id: case.party_of[person] for person in aboard if person in case.party_of
    }
    small = sum(_small(case, party, departure=haul.departure) for party in parties.values())
    return min(small, haul.kind.rated_seats * _FREE_PERCENT // _PERCENT)


def _small(case: Case, party: Party, *, departure: Departure) -> int:
    """Children of a party who ride free without a seat, one for each adult (domain R12)."""
    people = [case.people[person] for person in party.registration_ids]
    day = travel_day(departure)
    births = [person.birth for person in people if person.child and person.birth is not None]
    small = sum(_age(birth, day=day) <= _FREE_AGE for birth in births)
    return min(small, sum(not person.child for person in people))


def _age(birth: date, *, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _finding(haul: Haul, **figures: Arg) -> Finding:
    return Finding(haul.item, {"departure": haul.name, "vehicle": haul.run.vehicle_id, **figures})


RULES: Final = (
    Rule("trunk.id", "", find_misnamed, whole=True),
    Rule("trunk.departure", "", find_other_means),
    Rule("trunk.quota", "", find_other_quotas),
    Rule(
        "trunk.seats",
        "道路交通安全法 第49条; 道路交通安全法实施条例 第55条(1); 道路运输条例 第34条",
        find_overfull,
    ),
    Rule(
        "trunk.children",
        "道路交通安全法实施条例 第55条(1); 关于深化道路运输价格改革的意见(2019) 儿童免票",
        find_children_without_seats,
        waivable=True,
    ),
    Rule("trunk.turn", "", find_short_turns),
)
