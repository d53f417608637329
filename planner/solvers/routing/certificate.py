"""Dual values that prove a lower bound: what the search leaves for others to check and to use.

The linear program whose dual this is (trips of all kinds, see ``kinds``; x counts trips, z what is left
out; a first trip is a vehicle's first, a later trip starts at the gate where one of its class ended)::

    min   sum cost(t) x(t) + sum prize(i) z(i)           cost(t): arcs, and fixed_fen on first trips
    visit i       sum times(t, i) x(t) + z(i) = 1                                    visit_duals[i]
    class k       first trips of k <= count                                          count_duals[k]
    class k, g    later trips from g <= trips that end at g                          flow_duals
    class k       all trips of k <= trips * first trips                              trips_duals[k]
    class k       sum of span(t) over all trips <= shift_span * first trips          time_duals[k] / 3600
    class k, a    sum of share(t) over all trips <= share_most * first trips         pack_duals
    three visits  sum of count(t) x(t) <= 1                                          subset_duals

``span`` of a trip is its duration without waiting plus ``turn_s``; ``shift_span`` of a class (see
``shift_span_s``) is what all spans of one vehicle together never exceed. ``share`` of a trip for a
threshold ``a`` is ``most`` if ``span > shift_span - a``, else 1 if ``span >= a``, else 0, where ``most =
min(trips, shift_span // a)``: at most ``most`` trips of span ``a`` or more fit in one shift, and beside
one longer than ``shift_span - a`` none does (Fekete & Schepers 2001, "dual feasible functions"). ``count`` is
that of ``SubsetRow``.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.solvers.routing.problem import FOREVER, RoutingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetRow:
    """Three visits, each made once; ``memory`` holds them and where a trip still knows it has made one.

    A trip counts half its calls at them, rounded down, in each of its longest stretches within the memory. So
    a lawful trip that counts makes two of the three, and in all trips of a plan that is once at most.
    """

    visits: tuple[int, int, int]
    memory: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Integer dual values, any repair in them: ``bound_fen`` holds if no trip costs less than they pay.

    That is: no trip of any kind has a negative ``reduced cost``, with exact fractions (all dual values but
    those of visits are <= 0, so a rule is never paid for being kept)::

        cost - sum visit_duals - [first] count_dual - [later from g] flow_dual(g) + [to g] flow_dual(g)
             - trips_dual * (1 - [first] trips)
             - time_dual * (span - [first] shift_span) / 3600
             - sum over a of pack_dual(a) * (share - [first] most)
             - sum over subset rows of their dual * count

    Whoever finds reduced costs down to ``m < 0`` for a class may still claim ``bound_fen`` plus ``m`` times
    the most trips of that class (count * trips, the number of visits if that is less), summed over classes.
    """

    visit_duals: tuple[int, ...]
    """Fen a visit; never above its prize."""
    count_duals: tuple[int, ...]
    """Fen a vehicle, by class."""
    flow_duals: tuple[tuple[int, int, int], ...] = ()
    """(class, gate, fen)."""
    trips_duals: tuple[int, ...] = ()
    """Fen a trip, by class; empty: all 0."""
    time_duals: tuple[int, ...] = ()
    """Fen an hour (3600 s), by class; empty: all 0."""
    pack_duals: tuple[tuple[int, int, int], ...] = ()
    """(class, threshold a in seconds, fen), with 0 < a <= shift_span / 2."""
    subset_duals: tuple[tuple[SubsetRow, int], ...] = ()
    """Fen a row; none of its visits is a part that others are alike to."""
    neighbourhoods: tuple[tuple[int, ...], ...] = ()
    """By visit, the visits remembered there (itself one of them): the ng sets of the search (Baldacci,
    Mingozzi & Roberti 2011). Larger sets rule out more trips, so a check may use any that hold these."""

    def bound_fen(self, problem: RoutingProblem) -> int:
        """What the dual values are worth."""
        kinds = zip(problem.vehicle_classes, self.count_duals, strict=True)
        vehicles = sum(kind.count * dual for kind, dual in kinds)
        return sum(self.visit_duals) + vehicles + sum(dual for _, dual in self.subset_duals)


def shift_span_s(problem: RoutingProblem, vehicle_class: int) -> int:
    """Most seconds all trips of one vehicle take, a turn-round after each; FOREVER where nothing ends it."""
    kind = problem.vehicle_classes[vehicle_class]
    closes = max((problem.gates[gate].closes_s for gate in kind.gates), default=0)
    return FOREVER if closes >= FOREVER else max(closes - kind.ready_s + problem.turn_s, 0)
