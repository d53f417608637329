"""What people are told, derived in one place so that card, sheet, calendar and diff never disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.plan import Stop

TOLD_STEP_S: Final = 5 * 60
"""Nobody is told 07:23; times to gather fall on five minutes."""


def gather_time_s(campaign: Campaign, stop: Stop) -> int:
    """When people are told to stand at a stop: the lead before boarding begins, then down to 5 min.

    Always down: being early costs minutes, being late costs the train. Everything told (cards, signs,
    feed, "already told" in a diff) takes the time from here, never ``stop.arrive_s``.
    """
    wanted_s = stop.board_s - campaign.rules.feeder.gather_lead_min * 60
    return wanted_s - wanted_s % TOLD_STEP_S
