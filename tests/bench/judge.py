"""Judge an answer of ``breeze route`` against the instance file itself, sharing no code with the product.

``judge(path, answer)`` reads the file anew, recomputes cost and every limit, and names the faults;
``best_known(path)`` looks up what has been published, for gaps.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, cast

from tests.bench.facts import Facts, Kind, read_facts

Answer = Mapping[str, Any]
Route = Mapping[str, Any]
Calls = Iterable[tuple[int, int, Sequence[int]]]
"""Stop, heads, and which parties these are."""

_CLOSE: Final = 1e-3
"""Printed costs may differ by this from the recomputed ones."""
_PROVED: Final = 0.01
"""And a proved cost by this from its bound, where costs are no whole numbers."""


def judge(path: Path, answer: Answer) -> list[str]:
    """Name everything that is wrong with an answer; an empty list is a good answer."""
    facts = read_facts(path)
    routes: list[Route] = list(answer.get("routes", ()))
    faults = [fault for number, route in enumerate(routes, 1) for fault in _judge_shape(facts, number, route)]
    if faults:
        return faults
    for number, route in enumerate(routes, 1):
        faults += [f"route {number}: {fault}" for fault in _judge_route(facts, route)]
    faults += _judge_fleet(facts, routes)
    faults += _judge_service(facts, routes)
    return faults + _judge_figures(facts, routes, answer)


def cost_of(facts: Facts, routes: Sequence[Route]) -> float:
    """Recompute what the routes cost, in the units of the solution file; the profit for team orienteering."""
    visited: set[int] = {stop for route in routes for stop in route["stops"]}
    if facts.profit:
        return sum(facts.prize[place] for place in visited)
    missed = sum(facts.prize[place] for place in facts.customers if facts.prize and place not in visited)
    driven = 0.0
    for route in routes:
        kind = _kind(facts, route)
        arcs = sum(facts.length(a, b) for a, b in pairwise(_way(facts, route)))
        driven += kind.fixed + kind.per_length * arcs
    return (driven + missed) / facts.steps


def best_known(path: Path) -> float | None:
    """Find the best published cost of a file beside it or in it."""
    if path.suffix == ".json":
        value = json.loads(path.read_text(encoding="utf-8")).get("proven_optimal_milliyuan")
        return None if value is None else float(value)
    solution = path.with_suffix(".sol")
    if solution.exists():
        match = re.search(r"(?im)^cost:?\s+([\d.]+)", solution.read_text(encoding="utf-8"))
        return float(match[1]) if match else None
    for tour in sorted(path.parent.glob(f"{path.stem}.*tour")):
        match = re.search(r"(?:Length = |Cost = 0_)(\d+)", tour.read_text(encoding="utf-8"))
        return float(match[1]) if match else None
    table = path.parent / "bks.csv"
    if not table.exists():
        return None
    with table.open(encoding="utf-8", newline="") as lines:
        found = [row for row in csv.reader(lines) if row and row[0] == path.stem]
    return float(found[0][1]) if found else None


def _judge_shape(facts: Facts, number: int, route: Route) -> list[str]:
    stops: object = route.get("stops")
    if route.get("vehicle_type") not in range(len(facts.kinds)):
        return [f"route {number}: no vehicle type {route.get('vehicle_type')}"]
    if not isinstance(stops, list) or not stops:
        return [f"route {number}: no stops"]
    called, known = cast("list[Any]", stops), set(facts.customers)
    strange = [stop for stop in called if type(stop) is not int or stop not in known]
    faults = [f"route {number}: no customer {stop}" for stop in strange]
    for key in ("amounts",) * facts.split + ("parts",) * bool(facts.parts):
        each: object = route.get(key)
        if not isinstance(each, list) or len(cast("list[Any]", each)) != len(called):
            faults.append(f"route {number}: no {key} for each stop")
    return faults


def _kind(facts: Facts, route: Route) -> Kind:
    number: int = route["vehicle_type"]
    return facts.kinds[number]


def _way(facts: Facts, route: Route) -> list[int]:
    places: list[int] = list(route["stops"])
    depot = _kind(facts, route).depot
    end = depot if facts.end is None else facts.end
    return [*([] if facts.open_start else [depot]), *places, *([] if end < 0 else [end])]


def _loads(facts: Facts, route: Route) -> list[float]:
    if facts.split:
        return route["amounts"]
    return [facts.demand[stop] for stop in route["stops"]]


def _judge_route(facts: Facts, route: Route) -> list[str]:
    kind, loads = _kind(facts, route), _loads(facts, route)
    faults: list[str] = []
    if sum(loads) > kind.seats:
        faults.append(f"carries {sum(loads):g} of {kind.seats:g}")
    if facts.split and any(type(load) is not int or load < 0 for load in loads):
        faults.append("amounts that are no whole numbers")
    calls: Counter[int] = Counter(route["stops"])
    faults += [f"calls at customer {stop} twice" for stop, times in calls.items() if times > 1]
    if kind.reach is not None and not set(route["stops"]) <= kind.reach:
        faults.append("calls where its vehicle type may not")
    ride = _ride(facts, route, loads)
    if ride > facts.ride:
        faults.append(f"the first rides {ride:g} s of {facts.ride:g}")
    duration = _duration(facts, route)
    if duration is None:
        faults.append("comes after a window closes")
    elif duration > facts.limit + facts.slack:
        faults.append(f"takes {duration:g} of {facts.limit:g}")
    return faults


def _ride(facts: Facts, route: Route, loads: Sequence[float]) -> float:
    if facts.travel is None:
        return 0
    way = _way(facts, route)
    return sum(facts.travel(a, b) for a, b in pairwise(way)) + sum(
        facts.board * load // 5 for load in loads[1:]
    )


def _duration(facts: Facts, route: Route) -> float | None:
    """The least time from leaving to ending; None where a window is missed.

    Who arrives everywhere as early as possible also ends as early as possible; leaving as late as that
    end allows is then the shortest way to do it.
    """
    way = _way(facts, route)
    windows = [facts.window[place] if facts.window else (0.0, math.inf) for place in way]
    service = [facts.service[place] if facts.service else 0.0 for place in way]
    now = windows[0][0]
    for (a, b), stay, (opens, closes) in zip(pairwise(way), service, windows[1:], strict=False):
        now = max(now + stay + facts.length(a, b), opens)
        if now > closes:
            return None
    latest = now
    steps = list(zip(pairwise(way), service, windows, strict=False))
    for (a, b), stay, (_, closes) in reversed(steps):
        latest = min(closes, latest - facts.length(a, b) - stay)
    return now - latest + (service[-1] if facts.end == -1 else 0)


def _judge_fleet(facts: Facts, routes: Sequence[Route]) -> list[str]:
    used = Counter(route["vehicle_type"] for route in routes)
    return [
        f"{used[number]} vehicles of type {number}, there are {kind.count:g}"
        for number, kind in enumerate(facts.kinds)
        if used[number] > kind.count
    ]


def _judge_service(facts: Facts, routes: Sequence[Route]) -> list[str]:
    calls = Counter(stop for route in routes for stop in route["stops"])
    must = [place for place in facts.customers if not (facts.prize and facts.prize[place])]
    faults = [f"customer {place} is not visited" for place in must if not calls[place]]
    if facts.split:
        brought: Counter[int] = Counter()
        for route in routes:
            for stop, amount in zip(route["stops"], route["amounts"], strict=True):
                brought[stop] += amount
        faults += [
            f"customer {place} gets {brought[place]} of {facts.demand[place]:g}"
            for place in facts.customers
            if calls[place] and brought[place] != facts.demand[place]
        ]
        return faults + _judge_parts(facts, routes)
    return faults + [
        f"customer {place} is visited {times} times" for place, times in calls.items() if times > 1
    ]


def _judge_parts(facts: Facts, routes: Sequence[Route]) -> list[str]:
    if not facts.parts:
        return []
    seen: Counter[tuple[int, int]] = Counter()
    faults: list[str] = []
    for route in routes:
        for stop, amount, parts in cast(
            "Calls", zip(route["stops"], route["amounts"], route.get("parts", ()), strict=True)
        ):
            sizes: Sequence[int] = facts.parts[stop]
            if sizes and (not set(parts) <= set(range(len(sizes))) or sum(sizes[p] for p in parts) != amount):
                faults.append(f"customer {stop}: the parties do not make {amount}")
            seen.update((stop, part) for part in parts)
    return faults + [f"customer {stop}: party {part} twice" for (stop, part), n in seen.items() if n > 1]


def _judge_figures(facts: Facts, routes: Sequence[Route], answer: Answer) -> list[str]:
    printed, bound = answer.get("cost"), answer.get("bound")
    if not isinstance(printed, int | float):
        return ["no cost"]
    cost = cost_of(facts, routes)
    faults: list[str] = []
    if not math.isclose(cost, printed, rel_tol=1e-9, abs_tol=_CLOSE):
        faults.append(f"costs {cost:.4f}, not {printed}")
    if bound is not None:
        over = printed - bound if facts.profit else bound - printed
        if over > 1e-6:
            faults.append(f"the bound {bound} is on the wrong side of the cost {printed}")
    if answer.get("proved") and (bound is None or abs(bound - printed) > _PROVED):
        faults.append(f"proved, with a bound of {bound} for {printed}")
    return faults
