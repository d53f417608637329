"""Searches and proofs that break, for children: in the place of ``tasks.search`` and ``tasks.prove``."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

from planner.solvers.routing.tasks import Found, Method, Proven, Verified, Work, search
from planner.solvers.routing.trivial import trivial_bound

if TYPE_CHECKING:
    from planner.solvers.routing.children import Line
    from planner.solvers.routing.problem import RoutingProblem


def killed(line: Line, problem: RoutingProblem, work: Work, /) -> Found:
    """One method's process is gone in mid-run."""
    if work.method is Method.RUIN:
        os.kill(os.getpid(), signal.SIGKILL)
    return search(line, problem, work)


def hung(line: Line, problem: RoutingProblem, work: Work, /) -> Found:
    """One method never answers."""
    while work.method is Method.RUIN:
        time.sleep(0.1)
    return search(line, problem, work)


def greedy(line: Line, problem: RoutingProblem, work: Work, /) -> Found:
    """One method wants all the memory there is."""
    hoard: list[bytearray] = []
    while work.method is Method.RUIN:
        hoard.append(bytearray(2**31))
    return search(line, problem, work)


def useless(_line: Line, _problem: RoutingProblem, _work: Work, /) -> Found:
    """No method works."""
    raise RuntimeError("broken")


def boast_at_once(line: Line, problem: RoutingProblem, work: Work, /) -> Verified:
    """A bound above the plan it starts from, told twice, and confirmed."""
    fen = problem.objective_fen(work.start) + 1
    line.tell(Proven(bound_fen=fen))
    line.tell(Proven(bound_fen=fen + 1))
    return Verified(bound_fen=fen)


def boast_in_time(line: Line, problem: RoutingProblem, work: Work, /) -> Verified:
    """A bound just below the plan it starts from, of which nobody can say yet that it is wrong."""
    fen = problem.objective_fen(work.start) - 1
    line.tell(Proven(bound_fen=fen))
    return Verified(bound_fen=fen)


def killed_proof(line: Line, problem: RoutingProblem, _work: Work, /) -> Verified:
    """Its process is gone once it has told something."""
    line.tell(Proven(bound_fen=trivial_bound(problem) + 1))
    os.kill(os.getpid(), signal.SIGKILL)
    return Verified(bound_fen=None)


def hung_proof(_line: Line, _problem: RoutingProblem, _work: Work, /) -> Verified:
    """It never tells anything."""
    while True:
        time.sleep(0.1)


def greedy_proof(line: Line, problem: RoutingProblem, _work: Work, /) -> Verified:
    """It wants all the memory there is once it has told something."""
    line.tell(Proven(bound_fen=trivial_bound(problem) + 1))
    hoard: list[bytearray] = []
    while True:
        hoard.append(bytearray(2**31))
