"""The checker: judges any plan (ours, hand-edited, last year's) without a solver.

It shares no code with the stages and reads no matrix of theirs: it groups people by
``planner/demand.py``, finds its own ways over the roads (``travel.py``) and adds the times up again.
One module per family, one named function per rule; ``RULES`` (``judge.py``) is the list:

=============== =====================================================================
``header``      is this a plan for this campaign
``people``      everybody once, parties together
``legs``        people's rides agree with runs and departures
``routes``      a route is a round: known places, numbers, calls, end
``vehicles``    seats, fleet, positions, roads
``times``       times re-added, windows, ride limit, earliest pick-up
``departures``  quota, calls, dates
``figures``     metres and money
``told``        gathering places and calendar events
``hours``       hours at the wheel, on the way to the gate
``coaches``     what a planned coach is: name, seats, turn-round
``trunk``       planned coaches' vehicles, crews, times, money
``driving``     hours, rests and nights of the long run
``papers``      contracts and papers of charters, when a plan is issued
``overrides``   what a named person lets stand
``locks``       what a named person fixed by hand for coaches and runs
``seats``       seats, families and captains on departures
``fairs``       what is held where, when and with whom, and what that costs
``visits``      which village is visited when, by whom, or why not
``squaddays``   squads' days walked along the roads, hours, rest, what they cost
``matching``    who is offered which post, and what that costs
=============== =====================================================================
"""

from __future__ import annotations

from planner.check.judge import RULES, active_overrides, check_plan, clause_of
from planner.check.overrides import Allowance
from planner.check.rule import Rule

__all__ = ["RULES", "Allowance", "Rule", "active_overrides", "check_plan", "clause_of"]
