"""Call every kernel once on a season of two parties, so that they are compiled before a clock runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.solvers.trunk.bound import first_prices
from planner.solvers.trunk.ground import survey
from planner.solvers.trunk.pool import Pool, walk
from planner.solvers.trunk.problem import CoachKind, Line, Party, TrunkProblem

if TYPE_CHECKING:
    from planner.solvers.trunk.tasks import Line as Wire


def warm(line: Wire) -> int:
    """Walk a little; how many plans that gave says nothing."""
    ground = survey(
        TrunkProblem(
            days=2,
            parties=tuple(Party(size=size, city=0, ready=0, deadline=1) for size in (2, 3)),
            kinds=(CoachKind(seats=4, vehicles=(1, 1)),),
            lines=(Line(city=0, cost_fen=(100,), away=1),),
            scheduled_fen=(1_000,),
        )
    )
    pool = Pool(ground, first_prices(ground).vehicle)
    return len(walk(line, pool.walks(0), steps=2))


def kernel_source() -> bytes:
    """What is compiled; a change asks for compiling anew."""
    return (Path(__file__).parent / "kernel.py").read_bytes()
