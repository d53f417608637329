"""The bound that prices make, recomputed in plain integers from the problem alone.

Shares nothing with ``bound``, which found them. Whatever the prices, no plan costs less: a plan pays for
every head what its way costs, and a head is worth its group's price to every site that could take it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from planner.solvers.trunk.problem import Group, Means, Prices, TrunkProblem, groups_of

Offer = tuple[int, int]
"""What a head of a group is worth to a site, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vehicle:
    """What one more of it holds and costs, and how many there may be."""

    seats: int
    least: int
    fen: int
    most: int


def recompute(problem: TrunkProblem, prices: Prices) -> int:
    """A lawful bound in fen: Lagrangian relaxation of every head's departure and of the fleet by day.

    ``prices.head_fen`` is in the order of ``groups_of``. Prices below nothing for vehicles count as nothing.
    """
    groups = groups_of(problem)
    fleet = [[max(fen, 0) for fen in row] for row in prices.vehicle_fen]
    total = sum(train.fixed_fen for train in problem.trains)
    offers: dict[tuple[str, int, int], list[Offer]] = defaultdict(list)
    for group, fen in zip(groups, prices.head_fen, strict=True):
        heads = group.heads(problem)
        total += heads * min(fen, _resort_fen(problem, group))
        for site, cost in _sites(problem, group):
            offers[site].append((fen - cost, heads))
    for kind, row in zip(problem.kinds, fleet, strict=True):
        total -= sum(fen * count for fen, count in zip(row, kind.vehicles, strict=True))
    for (what, number, day), found in offers.items():
        ranked = sorted(found, reverse=True)
        if what == "line":
            kinds = _vehicles(problem, fleet, line=number, day=day)
            total -= sum(_best(problem, ranked, vehicle=vehicle) for vehicle in kinds)
    for number, train in enumerate(problem.trains):
        ranked = sorted(offers["train", number, train.day], reverse=True)
        total -= _worth(problem, ranked, seats=train.seats, least=train.least)
    return total


def _resort_fen(problem: TrunkProblem, group: Group) -> int:
    """The least a head can cost without a coach or a train."""
    fen = problem.scheduled_fen[group.city]
    if fen is None or Means.SCHEDULED in group.barred:
        return problem.weights.unserved_fen
    broken = 0 if group.employer is None else problem.weights.broken_fen
    return min(fen + broken, problem.weights.unserved_fen)


def _sites(problem: TrunkProblem, group: Group) -> list[tuple[tuple[str, int, int], int]]:
    """Lines and trains on days open to a group, with fen a head."""
    found: list[tuple[tuple[str, int, int], int]] = []
    weights = problem.weights
    for number, line in enumerate(problem.lines):
        own = line.employer is not None
        if line.city != group.city or (own and line.employer != group.employer):
            continue
        if (Means.DIRECT if own else Means.POOLED) in group.barred:
            continue
        broken = weights.broken_fen if group.employer is not None and not own else 0
        for day in range(group.ready, group.deadline + 1):
            cost = line.head_fen + broken + weights.wait_fen * (day - group.ready)
            found.append((("line", number, day), cost))
    for number, train in enumerate(problem.trains):
        fares = dict(train.head_fen)
        in_time = group.ready <= train.day <= group.deadline
        if in_time and group.city in fares and Means.TRAIN not in group.barred:
            cost = fares[group.city] + weights.wait_fen * (train.day - group.ready)
            found.append((("train", number, train.day), cost))
    return found


def _vehicles(problem: TrunkProblem, fleet: list[list[int]], *, line: int, day: int) -> list[_Vehicle]:
    """The kinds that may leave by a line on a day, dearer by the price of the days they are away."""
    away = slice(day, day + problem.lines[line].away)
    found: list[_Vehicle] = []
    for number, (kind, fen) in enumerate(zip(problem.kinds, problem.lines[line].cost_fen, strict=True)):
        if fen is not None:
            found.append(
                _Vehicle(
                    seats=kind.seats,
                    least=min(problem.weights.least, kind.seats),
                    fen=fen + sum(fleet[number][away]),
                    most=min(kind.vehicles[away]),
                )
            )
    return found


def _best(problem: TrunkProblem, ranked: Sequence[Offer], *, vehicle: _Vehicle) -> int:
    """What the best number of these vehicles gains; one more gains the less the more there are."""
    best = 0
    for count in range(1, vehicle.most + 1):
        worth = _worth(problem, ranked, seats=count * vehicle.seats, least=count * vehicle.least)
        gain = worth - count * vehicle.fen
        if gain <= best:
            break
        best = gain
    return best


def _worth(problem: TrunkProblem, ranked: Sequence[Offer], *, seats: int, least: int) -> int:
    """What the best heads for some seats are worth, less what is short of the least heads."""
    short_fen = problem.weights.short_fen
    total, taken = 0, 0
    for worth, heads in ranked:
        room = seats if worth > 0 else min(least, seats) if worth > -short_fen else 0
        number = min(heads, room - taken)
        if number <= 0:
            break
        total, taken = total + number * worth, taken + number
    return total - short_fen * max(least - taken, 0)
