"""Fresh county instances: villages to be collected for one station, drawn by the recipe of the stored ones.

Station at (0, 0); villages uniform in [-40, 40]^2 km or round n // 6 centres; roads are 1.35 x Euclid x
(1 + U(0, 0.15)) per arc, to 10 m; 42 km/h; heads are Gamma(2, mean / 2); 20 s of boarding for five heads.
The same arguments give the same bytes.

``hard`` adds what a county has and the recipe leaves out, in three fields that a plain file lacks:

* ``reach``: for each vehicle type the nodes it may call at, or null for all. A fifth of the villages lie
  on roads for the smallest type only.
* ``parts``: for each node (0 included) the sizes of its parties, which may board different vehicles;
  empty where all board one. Only villages larger than every vehicle that may reach them have parts,
  and ``n // 40`` villages are made larger than the largest vehicle. Nobody is sent direct.
* ``vehicles``: how many there are of each type. It is the fleet of a plan made by sweeping round the
  station, type by type in turn, and a tenth more, so plans exist; large vehicles are scarcer than anyone
  would wish.

Cost in milliyuan: ``fixed_milliyuan`` of each vehicle used, and ``per_dam_milliyuan`` for ten metres.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEATS: Final = (19, 33, 53)
FIXED_MILLIYUAN: Final = (300_000, 450_000, 700_000)
PER_DAM_MILLIYUAN: Final = (30, 42, 60)
BOARD_S_PER_5: Final = 20
_KMH: Final = 42
_LONGEST_PARTY: Final = 9
_TURNS: Final = (2, 1, 0, 1)
"""Types in the order in which the sweep of a hard instance takes vehicles."""
_SPARE: Final = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a fresh instance is made from."""

    villages: int
    mean: int
    seed: int
    clustered: bool = False
    hard: bool = False

    @property
    def name(self) -> str:
        """As the stored ones are named, with the variant at the end."""
        shape = "clu" if self.clustered else "uni"
        return f"county-n{self.villages}-s{self.seed}-{shape}-m{self.mean}{'-hard' if self.hard else ''}"


def make(recipe: Recipe) -> dict[str, Any]:
    """Draw one instance, as the content of its file."""
    draw = np.random.default_rng([recipe.seed, recipe.villages, recipe.mean, recipe.clustered, recipe.hard])
    places = np.vstack([np.zeros((1, 2)), _villages(recipe, draw)])
    metres = _roads(places, draw)
    seconds = np.round(metres / 1000 / _KMH * 3600).astype(np.int64)
    demand = [
        0,
        *(max(round(heads), 1) for heads in draw.gamma(2, recipe.mean / 2, recipe.villages).tolist()),
    ]
    made: dict[str, Any] = {
        "name": recipe.name,
        "note": "see tests/bench/routing/recipe.py",
        "seats": list(SEATS),
        "fixed_milliyuan": list(FIXED_MILLIYUAN),
        "per_dam_milliyuan": list(PER_DAM_MILLIYUAN),
        "max_ride_s": max(5400, round(1.15 * int(seconds[1:, 0].max()))),
        "board_s_per_5": BOARD_S_PER_5,
        "demand": demand,
        "direct": [],
        "dist_m": metres.tolist(),
        "time_s": seconds.tolist(),
    }
    if recipe.hard:
        _harden(made, places=places, draw=draw)
    else:
        _send_direct(made)
    return made


def write(recipe: Recipe) -> str:
    """The instance as JSON."""
    return json.dumps(make(recipe), separators=(",", ":"))


def _villages(recipe: Recipe, draw: np.random.Generator) -> NDArray[np.float64]:
    if not recipe.clustered:
        return draw.uniform(-40, 40, (recipe.villages, 2))
    centres = draw.uniform(-35, 35, (max(recipe.villages // 6, 1), 2))
    return centres[draw.integers(len(centres), size=recipe.villages)] + draw.normal(
        0, 5, (recipe.villages, 2)
    )


def _roads(places: NDArray[np.float64], draw: np.random.Generator) -> NDArray[np.int64]:
    gaps = places[:, None, :] - places[None, :, :]
    straight_km = np.hypot(gaps[:, :, 0], gaps[:, :, 1])
    road_km: NDArray[np.float64] = 1.35 * straight_km * (1 + draw.uniform(0, 0.15, straight_km.shape))
    return np.round(road_km * 100).astype(np.int64) * 10


def _send_direct(made: dict[str, Any]) -> None:
    """Whole coaches of the largest type leave by themselves; the rest is a stop."""
    largest = SEATS[-1]
    for node, heads in enumerate(made["demand"]):
        made["direct"] += [node] * ((heads - 1) // largest if heads else 0)
        made["demand"][node] = (heads - 1) % largest + 1 if heads else 0


def _harden(made: dict[str, Any], *, places: NDArray[np.float64], draw: np.random.Generator) -> None:
    count = len(made["demand"]) - 1
    narrow = frozenset((1 + draw.permutation(count)[: count // 5]).tolist())
    large = (1 + draw.permutation(count)[: max(count // 40, 1)]).tolist()
    for node in large:
        made["demand"][node] += SEATS[-1]
    open_to_all = [node for node in range(1, count + 1) if node not in narrow]
    made["reach"] = [None] + [open_to_all] * (len(SEATS) - 1)
    most = [SEATS[0] if node in narrow else SEATS[-1] for node in range(count + 1)]
    made["parts"] = [
        _parties(heads, draw) if heads > most[node] else [] for node, heads in enumerate(made["demand"])
    ]
    made["vehicles"] = [math.ceil(_SPARE * count) for count in _sweep(made, places=places, narrow=narrow)]


def _parties(heads: int, draw: np.random.Generator) -> list[int]:
    made: list[int] = []
    while heads:
        made.append(min(int(draw.integers(2, _LONGEST_PARTY + 1)), heads))
        heads -= made[-1]
    return made


def _sweep(made: dict[str, Any], *, places: NDArray[np.float64], narrow: frozenset[int]) -> list[int]:
    """Count the vehicles that a sweep needs: narrow roads by the smallest type, the others in turn."""
    angle = [math.atan2(float(y), float(x)) for x, y in places]
    order = sorted(range(1, len(places)), key=lambda node: (angle[node], node))
    counts = [0] * len(SEATS)
    rounds = (
        ([node for node in order if node in narrow], (0,)),
        ([n for n in order if n not in narrow], _TURNS),
    )
    for nodes, turns in rounds:
        calls = [(node, heads) for node in nodes for heads in made["parts"][node] or [made["demand"][node]]]
        for kind in islice(cycle(turns), 10 * len(calls)):
            if not calls:
                break
            taken = _fill(calls, made=made, seats=SEATS[kind])
            counts[kind] += bool(taken)
            calls = [call for place, call in enumerate(calls) if place not in taken]
    return counts


def _fill(calls: Sequence[tuple[int, int]], *, made: dict[str, Any], seats: int) -> frozenset[int]:
    """Take calls in order while they fit the seats and, farthest village first, the ride."""
    taken: list[int] = []
    for place, (_node, heads) in enumerate(calls):
        trial = [*taken, place]
        if heads <= seats - sum(calls[p][1] for p in taken) and (
            _ride_s([calls[p] for p in trial], made) <= made["max_ride_s"]
        ):
            taken = trial
    return frozenset(taken)


def _ride_s(calls: Sequence[tuple[int, int]], made: dict[str, Any]) -> int:
    heads: dict[int, int] = {}
    for node, number in calls:
        heads[node] = heads.get(node, 0) + number
    way = sorted(heads, key=lambda node: (-made["time_s"][node][0], node))
    driving = sum(made["time_s"][a][b] for a, b in zip(way, [*way[1:], 0], strict=True))
    return driving + sum(BOARD_S_PER_5 * heads[node] // 5 for node in way[1:])
