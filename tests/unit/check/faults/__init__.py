"""One planted fault per function: the rule that must speak, and the broken case.

Whatever a fault disturbs besides (times, costs, heads, the digest) is put right by writing the plan
again from its draft, so a rule that speaks out of turn is a fault of the rule.
"""

from __future__ import annotations

from tests.unit.check.faults import (
    driving,
    fairs,
    handover,
    legs,
    locks,
    matching,
    papers,
    people,
    routes,
    seats,
    times,
    told,
    tours,
    trunk,
    vehicles,
    ways,
)
from tests.unit.check.faults.table import Fault, collect

FAULTS = collect(
    people,
    legs,
    routes,
    vehicles,
    times,
    told,
    trunk,
    driving,
    papers,
    seats,
    handover,
    ways,
    fairs,
    matching,
    locks,
    tours,
)

__all__ = ["FAULTS", "Fault"]
