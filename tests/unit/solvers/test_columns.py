from __future__ import annotations

from random import Random

import numpy as np

from planner.solvers.routing.columns import Master
from planner.solvers.routing.kinds import trip_kinds
from planner.solvers.routing.twins import find_twins
from tests.unit.solvers.brute import random_problem


def test_a_certificate_claims_no_more_than_it_may() -> None:
    for seed in range(20):
        problem = random_problem(Random(seed))
        master = Master(problem, trip_kinds(problem), twins=find_twins(problem, calls=()))
        certificate = master.certify(np.full(len(master.start), 1e12), near=())
        assert certificate.visit_duals == tuple(visit.prize for visit in problem.visits)
        assert not any((*certificate.count_duals, *certificate.trips_duals, *certificate.time_duals))
        assert not any(dual for _, _, dual in (*certificate.flow_duals, *certificate.pack_duals))


def test_dual_values_come_whole_and_rounded_down() -> None:
    problem = random_problem(Random(3))
    master = Master(problem, trip_kinds(problem), twins=find_twins(problem, calls=()))
    duals = np.full(len(master.start), -7.5)
    assert set(master.certify(duals, near=()).visit_duals) == {-8}
    duals[:] = 3 - 1e-9
    assert set(master.certify(duals, near=()).visit_duals) == {3}


def test_a_trip_is_taken_in_once() -> None:
    problem = random_problem(Random(3))
    master = Master(problem, trip_kinds(problem), twins=find_twins(problem, calls=()))
    before, known = len(master.columns), master.columns[0]
    assert before
    assert master.add([(known.kind, known.visits)]) == 0
    assert master.add([(known.kind, (*known.visits, 1 - known.visits[0]))]) == 1
    assert len(master.columns) == before + 1
