"""From parties to seats in one call, as ``planner/stages/seating.py`` does it: carriages, then rows.

A family whose carriage is settled cannot be torn by rows, so the two are solved one after the other. Front
seats are given out within a carriage only; places for wheelchairs are counted when carriages are chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.solvers.rows import Need, Room, RowParty, RowPlan, seat_rows
from planner.solvers.seats import CarriagePlan, seat_parties
from planner.solvers.seats_problem import Carriage, Limits, Party, Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPlan:
    """By party its carriage and by person a seat there (none for those left), and how good it is.

    ``rows`` has each carriage's own plan, its parties in the order in which they were given. ``unmet`` are
    the parties whose need no free seat was left for.
    """

    carriages: CarriagePlan
    seats: tuple[tuple[int, ...], ...]
    rows: tuple[RowPlan, ...]
    unmet: tuple[int, ...]

    @property
    def share_kept(self) -> float:
        """Share of families in one row block, 1 where there are none."""
        families = sum(plan.families for plan in self.rows)
        return sum(plan.kept for plan in self.rows) / families if families else 1.0

    @property
    def apart(self) -> int:
        """Children without an adult of theirs beside them."""
        return sum(plan.apart for plan in self.rows)


def seat_everyone(
    parties: Sequence[RowParty],
    rooms: Sequence[Room],
    *,
    limits: Limits,
    weights: Weights | None = None,
) -> SeatPlan:
    """Give every person a seat in one of the rooms; where not all fit, the most heads (``left``)."""
    carriages = [_carriage(room) for room in rooms]
    groups = [
        Party(size=p.size, employer=p.employer, stop=p.stop, accessible=p.need is Need.WHEELCHAIR)
        for p in parties
    ]
    plan = seat_parties(groups, carriages, limits=limits, weights=weights)
    aboard = [
        [n for n, place in enumerate(plan.carriages) if place == number] for number in range(len(rooms))
    ]
    rows = [
        seat_rows(room, [parties[number] for number in members])
        for room, members in zip(rooms, aboard, strict=True)
    ]
    seats: list[tuple[int, ...]] = [()] * len(parties)
    unmet: list[int] = []
    for members, own in zip(aboard, rows, strict=True):
        for number, taken in zip(members, own.seats, strict=True):
            seats[number] = taken
        unmet += [members[number] for number in own.unmet]
    return SeatPlan(
        carriages=plan,
        seats=tuple(seats),
        rows=tuple(rows),
        unmet=tuple(sorted(unmet)),
    )


def _carriage(room: Room) -> Carriage:
    places = len(room.wheelchair & room.free)
    return Carriage(seats=len(room.free), accessible=places > 0, wheelchairs=places)
