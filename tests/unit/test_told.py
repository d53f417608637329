"""What people are told: early by the lead, then down to five minutes, never up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.told import gather_time_s
from tests.builders import tiny_campaign, tiny_plan


@pytest.mark.parametrize(
    ("board_s", "lead_min", "told_s"),
    [
        (32_400, 10, 31_800),  # 09:00 sharp -> 08:50
        (32_399, 10, 31_500),  # one second before -> 08:45
        (32_699, 10, 31_800),
        (32_700, 10, 32_100),
        (32_400, 0, 32_400),
        (32_400, 7, 31_800),  # 08:53 -> 08:50
        (100, 10, -600),  # on the evening before the first day, still down
    ],
)
def test_times_to_gather_fall_on_five_minutes_before(board_s: int, lead_min: int, told_s: int) -> None:
    campaign = tiny_campaign()
    feeder = replace(campaign.rules.feeder, gather_lead_min=lead_min)
    campaign = replace(campaign, rules=replace(campaign.rules, feeder=feeder))
    stop = replace(tiny_plan().routes[0].stops[0], arrive_s=board_s, depart_s=board_s + 60)
    assert gather_time_s(campaign, stop) == told_s


def test_people_need_not_stand_there_while_the_driver_rests() -> None:
    stop = replace(tiny_plan().routes[0].stops[0], arrive_s=30_000, rest_s=1_200)
    assert gather_time_s(tiny_campaign(), stop) == 30_600
