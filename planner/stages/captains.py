"""Who leads (劳务就业队长): one for each coach, each carriage in use and each large group of one employer.

People the register names come first, then those of 25 to 55 years, of equals the least id; never a child.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.demand import AgeBand, Rider
from planner.model.trunk import Captain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from planner.model.fleet import DepartureId
    from planner.model.people import RegistrationId

Aboard = tuple["RegistrationId", "int | None", str]
"""Who, in which carriage (None: without a seat), for which employer."""


def choose_captains(
    departure_id: DepartureId,
    aboard: Iterable[Aboard],
    *,
    riders: Mapping[RegistrationId, Rider],
    told: frozenset[RegistrationId] = frozenset(),
    carriages: Iterable[int],
    least: int,
) -> Iterator[Captain]:
    """Choose for ``carriages``, then for employers with ``least`` heads, from those who sit there.

    Who was ``told`` to lead on this departure goes on leading.
    """
    by_carriage: defaultdict[int | None, list[RegistrationId]] = defaultdict(list)
    by_employer: defaultdict[str, list[RegistrationId]] = defaultdict(list)
    sits: dict[RegistrationId, int] = {}
    for person, carriage, employer in aboard:
        by_carriage[carriage].append(person)
        by_employer[employer].append(person)
        if carriage is not None:
            sits[person] = carriage
    groups: list[tuple[list[RegistrationId], str]] = [(by_carriage[carriage], "") for carriage in carriages]
    groups += [
        (people, employer)
        for employer, people in sorted(by_employer.items())
        if employer and len(people) >= least
    ]
    for people, employer in groups:
        adults = [riders[person] for person in people if person in sits and not riders[person].child]
        if adults:
            best = min(adults, key=lambda rider: (rider.id not in told, _rank(rider)))
            yield Captain(
                registration_id=best.id, departure_id=departure_id, carriage=sits[best.id], employer=employer
            )


def _rank(rider: Rider) -> tuple[bool, bool, str]:
    return not rider.may_lead, rider.age is not AgeBand.PRIME, rider.id
