"""What a child process is asked to do: search a part, the whole problem, or the whole by single coaches."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from planner.solvers.routing.highs import Limits, solve_whole
from planner.solvers.trunk.filling import Filling
from planner.solvers.trunk.model import Model, Part, by_coach, whole_part

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints
    from planner.solvers.trunk.ground import Ground
    from planner.solvers.trunk.model import Search

_COACHES_SHARE: Final = 0.65
"""Of the seconds, for coaches; the rest for whole parties in them."""


class Line(Protocol):
    """The way to whoever asked; see ``children.Line``."""

    def stopped(self) -> bool:
        """Whether the search should end."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """``Limits`` that can be sent to a child."""

    seconds: float | None
    nodes: int | None
    gap: float = 0.0

    def limits(self, stop: Callable[[], bool]) -> Limits:
        """As limits."""
        return Limits(seconds=self.seconds, nodes=self.nodes, gap=self.gap, stop=stop)


class Found(NamedTuple):
    """Columns of a program, or a whole filling; and a bound on what was searched."""

    columns: Ints | None = None
    filling: Filling | None = None
    bound: int | None = None
    ended: bool = False
    """Whether the search came to its end."""


def search_coaches_only(line: Line, asked: Search, allowance: Allowance) -> Found:  # noqa: PLR0917  # a task
    """A bound, and columns of which only ``decided`` ones mean anything: heads of a party may part.

    That is several times as fast as with whole parties, and bounds nearly as well.
    """
    limits = allowance.limits(line.stopped)
    answer = solve_whole(asked.program, start=asked.start, limits=limits, whole=asked.decided)
    return Found() if answer is None else Found(columns=answer[0], bound=answer[1])


def search_part(line: Line, asked: Search, allowance: Allowance) -> Found:  # noqa: PLR0917  # a task
    """Columns near the cheapest, and a bound: coaches first, then whole parties into no more than those."""
    began_s = time.monotonic()
    seconds = allowance.seconds
    first = search_coaches_only(
        line, asked, replace(allowance, seconds=None if seconds is None else seconds * _COACHES_SHARE)
    )
    took_s = time.monotonic() - began_s
    if first.columns is None:
        return Found()
    most = np.where(asked.coaches, first.columns, asked.program.most)
    program = replace(asked.program, most=most)
    rest = replace(allowance, seconds=None if seconds is None else max(seconds - took_s, 0.0))
    answer = solve_whole(program, start=np.minimum(asked.start, most), limits=rest.limits(line.stopped))
    ended = seconds is None or took_s < seconds * _COACHES_SHARE
    if answer is None or program.priced(answer[0]) is None:
        return Found(bound=first.bound)
    return Found(columns=answer[0], bound=first.bound, ended=ended)


def search_whole(line: Line, ground: Ground, filling: Filling, allowance: Allowance) -> Found:  # noqa: PLR0917  # a task
    """A filling of everything, and a bound in fen."""
    part = whole_part(ground)
    model = Model(ground, part)
    answer = solve_whole(model.program, start=model.encode(filling), limits=allowance.limits(line.stopped))
    if answer is None:
        return Found()
    found = _sum_up(ground, part, found=model.decode(answer[0]))
    return Found(filling=found, bound=answer[1] - model.ways_fen + ground.fixed_fen)


def coach_part(ground: Ground, *, most: int) -> Part | None:
    """The whole problem by single coaches; None where that makes more than ``most`` choices."""
    return by_coach(ground, whole_part(ground), most=most)


def search_coaches(line: Line, ground: Ground, part: Part, allowance: Allowance) -> Found:  # noqa: PLR0917  # a task
    """A filling whose parties are whole in every coach, and a bound of the problem itself."""
    model = Model(ground, part)
    nobody = Filling(
        chosen=np.zeros(part.choices.size, dtype=np.int64),
        resort=part.count,
        coaches=np.zeros((len(ground.problem.kinds), part.sites.size), dtype=np.int64),
    )
    answer = solve_whole(model.program, start=model.encode(nobody), limits=allowance.limits(line.stopped))
    if answer is None:
        return Found()
    filling = _sum_up(ground, part, found=model.decode(answer[0]))
    return Found(filling=filling, bound=answer[1] - model.ways_fen + ground.fixed_fen)


def _sum_up(ground: Ground, part: Part, *, found: Filling) -> Filling:
    """By choice and site, what was found by place."""
    chosen = np.zeros(ground.choice_type.size, dtype=np.int64)
    np.add.at(chosen, part.choices, found.chosen)
    coaches = np.zeros(ground.coach_fen.shape, dtype=np.int64)
    np.add.at(coaches.T, part.sites, found.coaches.T)
    return Filling(chosen=chosen, resort=found.resort, coaches=coaches)
