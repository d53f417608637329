"""The last hours before a departure as a line to scale: buses, latest arrival, gate, departure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exports.dates import say_clock
from exports.groundviews import Mark, TimeAxis

if TYPE_CHECKING:
    from collections.abc import Iterable

_STEP_S: Final = 30 * 60
_ROOM_S: Final = 5 * 60
"""Between the ends of the line and what stands next to them."""
_MOST_TICKS: Final = 9
_BADGE: Final = 0.052
"""How much of the line a bus's number takes, with air; closer ones stand above each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What the line shows, in seconds; ``gate`` opens and closes."""

    runs: tuple[tuple[int, int], ...]
    """When, and which run."""
    latest_s: int
    gate: tuple[int, int] | None
    departs_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The words along the line."""

    title: str
    latest: str
    gate: str
    departs: str


def draw_axis(times: Times, labels: Labels) -> TimeAxis:
    """Lay the moments out between the half hours around them."""
    moments = [times.latest_s, times.departs_s, *(times.gate or ()), *(at_s for at_s, _ in times.runs)]
    start_s = (min(moments) - _ROOM_S) // _STEP_S * _STEP_S
    end_s = -(-(max(moments) + _ROOM_S) // _STEP_S) * _STEP_S

    def at(moment_s: int) -> float:
        return round((moment_s - start_s) / (end_s - start_s), 4)

    step_s = _STEP_S
    while (end_s - start_s) / step_s > _MOST_TICKS:
        step_s *= 2
    ticks = tuple(
        Mark(at=at(tick_s), label=say_clock(tick_s)) for tick_s in range(start_s, end_s + 1, step_s)
    )
    gate = () if times.gate is None else tuple(Mark(at=at(each), label=labels.gate) for each in times.gate)
    return TimeAxis(
        title=labels.title,
        ticks=ticks,
        runs=_stack(Mark(at=at(at_s), label=str(run)) for at_s, run in sorted(times.runs)),
        latest=Mark(at=at(times.latest_s), label=labels.latest),
        gate=gate,
        departs=Mark(at=at(times.departs_s), label=labels.departs),
    )


def _stack(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Lift each mark to the lowest lane where it touches none before it."""
    ends: list[float] = []
    stacked: list[Mark] = []
    for mark in marks:
        lane = next((lane for lane, end in enumerate(ends) if end + _BADGE <= mark.at), len(ends))
        ends[lane : lane + 1] = [mark.at]
        stacked.append(Mark(at=mark.at, label=mark.label, lane=lane))
    return tuple(stacked)
