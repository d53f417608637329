"""A bound that is there at once: what a call costs at least, whoever makes it.

Two shares of every tour's roads are given to its calls. By halves: a call pays half the cheapest ways to and
from its village. By radius: a tour of so many calls goes out and back at least once, so a call pays that part
of the cheapest way there and back (Haimovich & Rinnooy Kan 1985). Any mixture is lawful: no tour gains
anything under it. Nights are paid half where they begin and half where they end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.tours.ground import PRIZE, VILLAGE
from planner.solvers.tours.lanes import NO_WAY
from planner.solvers.tours.master import Values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.solvers.routing.program import Floats
    from planner.solvers.tours.ground import Ground
    from planner.solvers.tours.lanes import Lane

_SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


def plain_values(ground: Ground, lanes: Sequence[Lane]) -> Values:
    """The best mixture's dual values; of where no squad can ever call, more than any prize."""
    many = ground.villages.shape[0]
    half, radius = np.full(many, np.inf), np.full(many, np.inf)
    known: set[tuple[int, bytes, bytes]] = set()
    reaches = np.zeros(many, dtype=np.bool_)
    for lane in lanes:
        own = lane.reaches()
        reaches |= own
        key = (int(lane.doors[0]), lane.nights.tobytes(), own.tobytes())
        if own.any() and key not in known:
            known.add(key)
            halves, radii = _shares(lane, own=own)
            half, radius = np.minimum(half, halves), np.minimum(radius, radii)
    beyond = float(ground.calls[:, PRIZE].max(initial=0)) + 1.0

    def pay(share: float) -> Floats:
        return np.where(reaches, np.floor(share * radius + (1 - share) * half), beyond)

    def worth(pays: Floats, /) -> float:
        return float(np.minimum(ground.calls[:, PRIZE], pays[ground.calls[:, VILLAGE]]).sum())

    radius, half = np.where(reaches, radius, 0.0), np.where(reaches, half, 0.0)
    nothing = np.zeros(ground.squads.shape[0])
    return Values(
        pay=max((pay(share) for share in _SHARES), key=worth),
        doors=tuple(lane.nights / 2 for lane in lanes),
        below=nothing,
        above=nothing,
        over=0.0,
    )


def _shares(lane: Lane, *, own: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """By village, half the cheapest ways, and the part of the cheapest way there and back."""
    nights = np.ceil(lane.nights / 2)[:, None]
    leave = (lane.leave + np.floor(lane.nights / 2)[:, None]).min(axis=0).astype(np.float64)
    arrive = (lane.arrive.T + nights).min(axis=0).astype(np.float64)
    inner = np.where(own[:, None] & own[None, :], lane.inner, NO_WAY).astype(np.float64)
    np.fill_diagonal(inner, NO_WAY)
    half = (np.minimum(leave, inner.min(axis=0)) + np.minimum(arrive, inner.min(axis=1))) / 2
    for _ in range(lane.most - 1):
        leave = np.minimum(leave, (leave[:, None] + inner).min(axis=0))
        arrive = np.minimum(arrive, (inner + arrive[None, :]).min(axis=1))
    radius = (leave + arrive) / lane.most
    closed = ~own
    return np.where(closed, np.inf, half), np.where(closed, np.inf, radius)
