"""A line that no crew may drive, as stages find it and explanations tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from planner.driving import Refusal
    from planner.model.fleet import VehicleType
    from planner.model.places import Corridor

NEVER: Final = "--"
"""Instead of a latest start: no start is lawful."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A line that no crew of the county's coaches may drive."""

    corridor: Corridor
    kind: VehicleType
    refusal: Refusal
    latest_start_s: int | None
    """The last start of a day from which it would be lawful, night's stand and all; None: there is none."""
