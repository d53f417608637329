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
``hours``       hours at the wheel
=============== =====================================================================
"""

from __future__ import annotations

from planner.check.judge import RULES, check_plan
from planner.check.rule import Rule

__all__ = ["RULES", "Rule", "check_plan"]
