"""The TYPEs of VRPLIB files that are read, and what each counts in.

The same EUC_2D is rounded to the nearest whole number in a CVRP file, truncated to one decimal in a VRPTW
file and not at all in a file with a mixed fleet, by the custom of those who publish the best solutions:

- CVRPLIB: CVRP (nearest), VRPTW (one decimal, truncated; printed as such).
- PyVRP's instances: PCVRPTW (tenths as whole numbers), MDVRPTW (thousandths as whole numbers), HFVRP
  (exact; files hold hundredths of the published costs), CPTP (nearest).
- LKH-3: CVRPTW (FLOOR_2D after multiplying by SCALE, printed so), OVRP (EXACT_2D is thousandths, as
  whole numbers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rounding = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def _nearest(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.floor(values + 0.5)


def _truncated(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.floor(values)


def _up(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ceil(values)


def _as_it_is(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How a TYPE counts: lengths and times are multiplied by ``scale``, then rounded to ticks."""

    rounding: Rounding
    scale: int = 1
    ticks_per_unit: int = 1
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One TYPE: how each EDGE_WEIGHT_TYPE counts, and which keys and sections mean something."""

    counting: Mapping[str, Counting]
    keys: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    """Keys and sections without which the file makes no sense."""
    open_end: bool = False
    timed: bool = False
    scaled: bool = False
    """Whether SCALE multiplies on top."""
    fare_per: int = 1
    """The file's fixed and unit costs are this many times those of the solution files."""


KEYS: Final = frozenset(
    {
        "NAME",
        "TYPE",
        "DIMENSION",
        "EDGE_WEIGHT_TYPE",
        "NODE_COORD_TYPE",
        "DISPLAY_DATA_TYPE",
        "CAPACITY",
        "VEHICLES",
    }
)
"""Known in every TYPE."""
SECTIONS: Final = frozenset({"NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION"})

_WINDOWS: Final = frozenset({"TIME_WINDOW_SECTION", "SERVICE_TIME_SECTION"})
_PRIZES: Final = frozenset({"PRIZE_SECTION"})
_FLEET: Final = frozenset(
    {"CAPACITY_SECTION", "VEHICLES_FIXED_COST_SECTION", "VEHICLES_UNIT_DISTANCE_COST_SECTION"}
)
_NEAREST: Final = Counting(rounding=_nearest)
_THOUSANDTHS: Final = Counting(rounding=_nearest, scale=1000)
_DIMACS: Final = Counting(rounding=_truncated, scale=10, ticks_per_unit=10)
_TENTHS: Final = Counting(rounding=_truncated, scale=10)

_PRIZED: Final = Dialect(counting={"EUC_2D": _NEAREST}, sections=_PRIZES, needed=_PRIZES | {"CAPACITY"})
_PRIZED_WINDOWS: Final = Dialect(
    counting={"EUC_2D": _TENTHS},
    keys=frozenset({"SERVICE_TIME"}),
    sections=_PRIZES | _WINDOWS,
    needed=_PRIZES | {"CAPACITY", "TIME_WINDOW_SECTION"},
    timed=True,
)

DIALECTS: Final[Mapping[str, Dialect]] = MappingProxyType(
    {
        "CVRP": Dialect(
            counting={
                "EUC_2D": _NEAREST,
                "CEIL_2D": Counting(rounding=_up),
                "FLOOR_2D": Counting(rounding=_truncated),
                "EXACT_2D": _THOUSANDTHS,
                "EXPLICIT": _NEAREST,
            },
            keys=frozenset({"EDGE_WEIGHT_FORMAT"}),
            sections=frozenset({"EDGE_WEIGHT_SECTION"}),
            needed=frozenset({"CAPACITY"}),
        ),
        "VRPTW": Dialect(
            counting={"EUC_2D": _DIMACS},
            keys=frozenset({"SERVICE_TIME"}),
            sections=_WINDOWS,
            needed=frozenset({"CAPACITY", "TIME_WINDOW_SECTION"}),
            timed=True,
        ),
        "CVRPTW": Dialect(
            counting={"FLOOR_2D": Counting(rounding=_truncated), "EUC_2D": _NEAREST},
            keys=frozenset({"SERVICE_TIME", "SCALE"}),
            sections=_WINDOWS,
            needed=frozenset({"CAPACITY", "TIME_WINDOW_SECTION"}),
            timed=True,
            scaled=True,
        ),
        "OVRP": Dialect(
            counting={"EXACT_2D": _THOUSANDTHS, "EUC_2D": _NEAREST},
            keys=frozenset({"DISTANCE", "SERVICE_TIME"}),
            needed=frozenset({"CAPACITY"}),
            open_end=True,
            timed=True,
        ),
        "HFVRP": Dialect(
            counting={"EUC_2D": Counting(rounding=_as_it_is, whole=False)},
            sections=_FLEET,
            needed=frozenset({"VEHICLES", "CAPACITY_SECTION"}),
            fare_per=100,
        ),
        "MDVRPTW": Dialect(
            counting={"EUC_2D": _THOUSANDTHS},
            keys=frozenset({"SERVICE_TIME", "VEHICLES_MAX_DURATION"}),
            sections=_WINDOWS | {"VEHICLES_DEPOT_SECTION"},
            needed=frozenset({"CAPACITY", "VEHICLES", "VEHICLES_DEPOT_SECTION", "TIME_WINDOW_SECTION"}),
            timed=True,
        ),
        "CPTP": _PRIZED,
        "PCVRP": _PRIZED,
        "PC-CVRP": _PRIZED,
        "PCVRPTW": _PRIZED_WINDOWS,
        "PC-VRPTW": _PRIZED_WINDOWS,
    }
)
