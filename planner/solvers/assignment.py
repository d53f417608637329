"""Blocks of heads to bins of seats, kept together and level (CP-SAT).

CP-SAT is run with 8 workers even on 2 cores (with fewer the bound is lost), interleaved and stopped by
deterministic time, so the same input gives the same answer on any machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ortools.sat.python import cp_model

from planner.errors import SolverError

_WORKERS: Final = 8
_APART_COST: Final = 40
"""Heads of unevenness that keeping one cluster in one bin is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Heads that stay together if they can: a township's or village's parties with the same choice of bins.

    ``cluster`` names what should share a bin (a township); ``kind`` what should be level over the bins
    (those whom only small vehicles reach).
    """

    heads: int
    bins: tuple[int, ...]
    cluster: str
    kind: str


def assign_blocks(
    blocks: Sequence[Block], quotas: Sequence[int], *, seed: int, effort: float = 0.2
) -> tuple[int | None, ...]:
    """Give each block a bin or None: most heads placed first, then level kinds and whole clusters.

    Where the effort ends before CP-SAT has found anything, the largest go first to where most seats are.
    Raises SolverError when CP-SAT refuses the model.
    """
    model = cp_model.CpModel()
    chosen = {
        (number, bin_): model.new_bool_var(f"b{number}-{bin_}")
        for number, block in enumerate(blocks)
        for bin_ in block.bins
    }
    for number, block in enumerate(blocks):
        model.add_at_most_one(chosen[number, bin_] for bin_ in block.bins)
    for bin_, quota in enumerate(quotas):
        inside = [(chosen[n, b], blocks[n].heads) for n, b in chosen if b == bin_]
        model.add(sum(literal * heads for literal, heads in inside) <= quota)
    placed = sum(literal * blocks[number].heads for (number, _), literal in chosen.items())
    total = sum(block.heads for block in blocks)
    uneven = _uneven(model, blocks, chosen=chosen, bins=len(quotas))
    apart = _apart(model, blocks, chosen=chosen)
    weight = total + _APART_COST * len(apart) + 1
    model.maximize(weight * placed - sum(uneven) - _APART_COST * sum(apart))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = _WORKERS
    solver.parameters.interleave_search = True
    solver.parameters.catch_sigint_signal = False  # else it leaves Ctrl-C at the default: death
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    if status == cp_model.UNKNOWN:
        return _first_fit(blocks, quotas)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise SolverError("assignment", solver.status_name(status))
    return tuple(
        next((bin_ for bin_ in block.bins if solver.boolean_value(chosen[number, bin_])), None)
        for number, block in enumerate(blocks)
    )


def _first_fit(blocks: Sequence[Block], quotas: Sequence[int]) -> tuple[int | None, ...]:
    free = list(quotas)
    chosen: list[int | None] = [None] * len(blocks)
    for number in sorted(range(len(blocks)), key=lambda number: (-blocks[number].heads, number)):
        bin_ = max(blocks[number].bins, key=lambda bin_: (free[bin_], -bin_), default=None)
        if bin_ is not None and free[bin_] >= blocks[number].heads:
            free[bin_] -= blocks[number].heads
            chosen[number] = bin_
    return tuple(chosen)


def _uneven(
    model: cp_model.CpModel,
    blocks: Sequence[Block],
    *,
    chosen: Mapping[tuple[int, int], cp_model.IntVar],
    bins: int,
) -> list[cp_model.IntVar]:
    """The fullest bin's heads, kind by kind: what decides how many vehicles of a kind are needed."""
    tops: list[cp_model.IntVar] = []
    for kind in sorted({block.kind for block in blocks}):
        of_kind = [number for number, block in enumerate(blocks) if block.kind == kind]
        top = model.new_int_var(0, sum(blocks[number].heads for number in of_kind), f"top-{kind}")
        for bin_ in range(bins):
            inside = [(chosen[n, bin_], blocks[n].heads) for n in of_kind if (n, bin_) in chosen]
            model.add(sum(literal * heads for literal, heads in inside) <= top)
        tops.append(top)
    return tops


def _apart(
    model: cp_model.CpModel, blocks: Sequence[Block], *, chosen: Mapping[tuple[int, int], cp_model.IntVar]
) -> list[cp_model.IntVar]:
    """One literal per (cluster, bin) in use."""
    members: dict[tuple[str, int], list[cp_model.IntVar]] = defaultdict(list)
    for (number, bin_), literal in chosen.items():
        members[blocks[number].cluster, bin_].append(literal)
    used: list[cp_model.IntVar] = []
    for (cluster, bin_), literals in sorted(members.items()):
        touched = model.new_bool_var(f"used-{cluster}-{bin_}")
        for literal in literals:
            model.add_implication(literal, touched)
        used.append(touched)
    return used
