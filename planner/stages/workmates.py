"""Workmates into one coach: the pooled coaches of one day and city filled anew, employer by employer.

The choice of days and means counts heads; which of several coaches a party boards is decided here, as if
the coaches were the carriages of one train.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from planner.solvers.seats import seat_parties
from planner.solvers.seats_problem import Carriage, Limits, Party

if TYPE_CHECKING:
    from datetime import date

    from planner.model.places import DestinationId
    from planner.stages.charters import Charter

_EFFORT: Final = 0.1
"""For the coaches of one day and city."""


def join_workmates(charters: Sequence[Charter], *, least: int, seed: int) -> tuple[Charter, ...]:
    """Fill pooled coaches that leave together with as few employers each as is possible.

    No coach gets fewer than ``least`` heads unless they had so few before.
    """
    together: dict[tuple[date, DestinationId], list[Charter]] = defaultdict(list)
    made: list[Charter] = []
    for charter in charters:
        if charter.departure.employer:
            made.append(charter)
        else:
            together[charter.departure.day, charter.line.corridor.destination_id].append(charter)
    for key in sorted(together):
        made += _join(together[key], least=least, seed=seed)
    return tuple(sorted(made, key=lambda charter: charter.departure.id))


def _join(charters: list[Charter], *, least: int, seed: int) -> list[Charter]:
    parties = [party for charter in charters for party in charter.riders]
    caps = _caps(charters, least=least)
    if len(charters) == 1 or caps is None:
        return charters
    firms = sorted({party.employer for party in parties} - {""})
    plan = seat_parties(
        [
            Party(size=party.size, employer=firms.index(party.employer) if party.employer else None, stop=0)
            for party in parties
        ],
        [Carriage(seats=cap) for cap in caps],
        limits=Limits(effort=_EFFORT, seed=seed),
    )
    if plan.left:
        return charters
    return [
        replace(
            charter,
            riders=tuple(
                party for party, place in zip(parties, plan.carriages, strict=True) if place == number
            ),
        )
        for number, charter in enumerate(charters)
    ]


def _caps(charters: Sequence[Charter], *, least: int) -> list[int] | None:
    """Seats of each coach, so few that none can be left with less than ``least``; None where some must."""
    heads = sum(charter.heads for charter in charters)
    if heads < least * len(charters):
        return None
    caps = [charter.departure.quota for charter in charters]
    while sum(caps) - heads > min(caps) - least:
        caps[caps.index(max(caps))] -= 1
    return caps
