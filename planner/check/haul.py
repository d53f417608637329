"""A planned coach's run with what its ids stand for: judged by ``trunk``, ``coaches``, ``driving``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.model.trunk import Doing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.model.fleet import Departure, FleetGroup, VehicleType
    from planner.model.places import Stretch
    from planner.model.trunk import Movement, TrunkRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Haul:
    """One trunk run; None and empty where the campaign and the plan do not know what it names."""

    run: TrunkRun
    departure: Departure | None
    group: FleetGroup | None
    number: int
    """Of the vehicle within its group, 0 when the id has no such form."""
    kind: VehicleType | None
    stretches: tuple[Stretch, ...]
    """The road from the county to the last city it calls at."""

    @property
    def item(self) -> str:
        """Its name in a report: the departure's id."""
        return self.run.departure_id

    @property
    def name(self) -> str:
        """What people call it."""
        return self.run.departure_id if self.departure is None else self.departure.number

    def loaded(self, *, home: bool) -> tuple[Movement, ...]:
        """The way with people on board: out, or home where they are brought home."""
        return self.run.back if home else self.run.movements

    @property
    def all_movements(self) -> tuple[Movement, ...]:
        """Out and back."""
        return (*self.run.movements, *self.run.back)

    def ways(self) -> Iterator[tuple[Sequence[Movement], Sequence[Stretch]]]:
        """The way out and the way back, each with its road in the order it is driven."""
        yield self.run.movements, self.stretches
        yield self.run.back, tuple(reversed(self.stretches))

    def spells(self, *, rest_s: int) -> Iterator[tuple[int, list[Movement]]]:
        """When the coach set off after a rest, and its movements until the next."""
        moving: list[Movement] = []
        for movement in sorted(self.all_movements, key=lambda movement: movement.start_s):
            if movement.doing is not Doing.DRIVE:
                continue
            if moving and movement.start_s - moving[-1].end_s >= rest_s:
                yield moving[0].start_s, moving
                moving = []
            moving.append(movement)
        if moving:
            yield moving[0].start_s, moving
