"""The good plan with employers: who is fetched in rounds, who walks, whose coach goes to the gate.

Written by hand, so that stage and checker are both held against it. Shenzhen: a shuttle of three seats, 20
min each way, shared by both trains; Guangzhou: one of two seats, 30 min; one without; one with a coach.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from planner.model.places import DestinationId, Employer
from planner.model.trunk import Handover
from tests.unit.check.county import COACH, GUANGZHOU, MORNING, NOON, SHENZHEN, person
from tests.unit.check.good_plan import clock, good_draft, people

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.fleet import DepartureId
    from planner.model.plan import Plan
    from tests.unit.check.good_plan import Party

TOYS: Final = "宏图玩具"
SHOES: Final = "粤远制鞋"
TOOLS: Final = "示例机械"
DIRECT: Final = "广和家具"

_WORK_FOR: Final = {
    TOYS: (1, 2, 3, 7, 8, 11, *range(14, 34)),
    SHOES: (5, 6, 9, 10),
    TOOLS: (12,),
    DIRECT: (34, 35),
}


def employer(name: str, destination: DestinationId, *, seats: int, ride_min: int) -> Employer:
    """An employer whose dormitory is ten minutes from the gate."""
    return Employer(
        destination_id=destination, name=name, gate=f"{name}一号门", dormitory=f"{name}宿舍 3 栋",
        contact_name="何主管", contact_phone="16900003001", shuttle_seats=seats, ride_min=ride_min,
    )  # fmt: skip


def handover_campaign() -> Campaign:
    """The proving county with employers, and a coach that goes to the gate of one."""
    campaign = good_draft().campaign
    works = {person(number): name for name, numbers in _WORK_FOR.items() for number in numbers}
    return replace(
        campaign,
        employers=(
            employer(TOYS, SHENZHEN, seats=3, ride_min=20),
            employer(SHOES, GUANGZHOU, seats=2, ride_min=30),
            employer(TOOLS, GUANGZHOU, seats=0, ride_min=40),
            employer(DIRECT, GUANGZHOU, seats=9, ride_min=15),
        ),
        departures=tuple(
            replace(entry, employer=DIRECT) if entry.id == COACH else entry for entry in campaign.departures
        ),
        registrations=tuple(
            replace(entry, employer=works.get(entry.id, entry.employer)) for entry in campaign.registrations
        ),
    )


@cache
def handover_plan() -> tuple[Campaign, Plan]:
    """The campaign, and the good plan with everybody handed over."""
    draft = replace(good_draft(), campaign=handover_campaign())
    return draft.campaign, replace(draft.write(), handovers=HANDOVERS)


def _met(
    who: Party,
    *,
    on: DepartureId,
    by: str,
    at: DestinationId = SHENZHEN,
    shuttle: int = 0,
    times: tuple[int, int],
) -> Handover:
    leave_s, gate_s = times
    return Handover(
        registration_ids=who, departure_id=on, destination_id=at, employer=by, shuttle=shuttle,
        leave_s=leave_s, gate_s=gate_s, door_s=gate_s + 600,
    )  # fmt: skip


HANDOVERS: Final = (
    # by the coach to the gate
    _met(people(34), on=COACH, by=DIRECT, at=GUANGZHOU, times=(clock(15, day=1), clock(15, day=1))),
    _met(people(35), on=COACH, by=DIRECT, at=GUANGZHOU, times=(clock(15, day=1), clock(15, day=1))),
    # nobody fetches them: 40 min
    _met(people(12), on=NOON, by=TOOLS, at=GUANGZHOU, times=(clock(15), clock(15, 40))),
    # two rounds of two, the family first
    _met(people(9, 10), on=MORNING, by=SHOES, at=GUANGZHOU, shuttle=1, times=(clock(14), clock(14, 30))),
    _met(people(5), on=MORNING, by=SHOES, at=GUANGZHOU, shuttle=2, times=(clock(15), clock(15, 30))),
    _met(people(6), on=MORNING, by=SHOES, at=GUANGZHOU, shuttle=2, times=(clock(15), clock(15, 30))),
    # both trains are there at four: one full round, then seven for a group of twenty, then who is alone
    _met(people(3), on=MORNING, by=TOYS, shuttle=1, times=(clock(16), clock(16, 20))),
    _met(people(7, 8), on=MORNING, by=TOYS, shuttle=1, times=(clock(16), clock(16, 20))),
    _met(people(*range(14, 34)), on=NOON, by=TOYS, shuttle=1, times=(clock(16, 40), clock(21))),
    _met(people(11), on=NOON, by=TOYS, shuttle=8, times=(clock(21, 20), clock(21, 40))),
)
