"""``breeze route``: solve a benchmark instance, beside ``cli`` for want of room there."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from planner.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from planner.solvers.routing.instances import Instance, Route
    from planner.solvers.routing.search import Progress, RoutingSolution

Step = tuple[float, float, float | None]
"""Seconds, the best so far, the bound: as they are printed, the best roughly while it is not complete."""

OK: Final = 0
INCOMPLETE: Final = 4

_DEFAULT_SECONDS: Final = 30
_MOST: Final = 2**31 - 1
_MOST_WORKERS: Final = 256
_TRAIL_S: Final = 0.1
"""Of steps nearer than this the later is kept."""
_SHOWN: Final = 20
"""Customers left out that are named one by one."""


def add_options(word: argparse.ArgumentParser) -> None:
    """Add the options of ``breeze route``."""
    from exports.words import text

    limit = word.add_mutually_exclusive_group()
    limit.add_argument("--seconds", type=float, help=text("cli.help.seconds", count=_DEFAULT_SECONDS))
    limit.add_argument("--effort", type=_count, help=text("cli.help.effort"))
    word.add_argument("--router", default=None, metavar="R", help=text("cli.help.router"))
    word.add_argument("--seed", type=_count, default=0)
    word.add_argument("--workers", type=_count, default=None, help=text("cli.help.workers"))


def _count(text: str) -> int:
    """Read a whole number that the solvers' libraries can hold."""
    value = int(text)
    if not 0 <= value <= _MOST:
        raise ValueError(text)
    return value


def run(args: argparse.Namespace, *, cache: Path | None) -> int:
    """Read, solve, print; Ctrl-C ends the search with the best so far."""
    from exports.words import text
    from planner import console
    from planner.solvers.routing import DEFAULT_ROUTER, ROUTERS
    from planner.solvers.routing.instances import read_instance
    from planner.solvers.routing.search import Budget

    if (args.seconds is not None and not 0 < args.seconds < math.inf) or args.effort == 0:
        raise UsageError(text("cli.need_limit", locale=args.locale))
    if args.router not in {None, *ROUTERS}:
        raise UsageError(f"--router {' | '.join(ROUTERS)}")
    workers = (os.cpu_count() or 1) if args.workers is None else min(args.workers, _MOST_WORKERS)
    instance = read_instance(args.file)
    with console.stoppable(args.locale) as stop:
        if args.effort is None:
            console.prepare_kernels(cache, locale=args.locale, stop=stop)
        began = time.monotonic()
        trail: list[Step] = []
        solution = ROUTERS[args.router or DEFAULT_ROUTER](
            instance.problem,
            Budget(
                seconds=_DEFAULT_SECONDS if args.seconds is None and args.effort is None else args.seconds,
                effort=args.effort,
                seed=args.seed,
                workers=workers,
                stop=stop,
                progress=_tell(instance, trail, locale=args.locale),
            ),
        )
    seconds = time.monotonic() - began
    solution = complete(instance, solution)
    if args.json:
        print(json.dumps(answer(instance, solution, seconds=seconds) | {"trail": trail}))
    else:
        _print_summary(instance, solution, seconds=seconds, locale=args.locale)
    return INCOMPLETE if instance.left_out(solution.shifts) else OK


def complete(instance: Instance, solution: RoutingSolution) -> RoutingSolution:
    """Mend what the problem could not see, and give the trivial bound where the router proved nothing."""
    from planner.solvers.routing.search import Bound, Relaxation
    from planner.solvers.routing.trivial import trivial_bound

    bound = solution.bound or Bound(fen=trivial_bound(instance.problem), relaxation=Relaxation.TRIVIAL)
    return replace(solution, shifts=instance.mend(solution.shifts), bound=bound)


def answer(instance: Instance, solution: RoutingSolution, *, seconds: float) -> dict[str, object]:
    """Lay an answer out for JSON; ``cost`` is null while somebody who must be visited is not."""
    whole = not instance.left_out(solution.shifts)
    return {
        "cost": instance.cost(solution.shifts) if whole else None,
        "bound": None if solution.bound is None else instance.bound(solution.bound.fen),
        "proved": whole and is_proved(instance, solution),
        "seconds": round(seconds, 3),
        "routes": [_route(route) for route in instance.routes(solution.shifts)],
        "troubles": [f"{report.backend}: {report.trouble}" for report in solution.reports],
    }


def is_proved(instance: Instance, solution: RoutingSolution) -> bool:
    """Whether no plan of the instance is better, in the steps in which it counts."""
    if solution.bound is None:
        return False
    if instance.scale.whole:
        return instance.bound(solution.bound.fen) == instance.cost(solution.shifts)
    return instance.problem.objective_fen(solution.shifts) == solution.bound.fen


def _route(route: Route) -> dict[str, object]:
    laid: dict[str, object] = {"vehicle_type": route.vehicle_type, "stops": route.stops}
    if route.amounts:
        laid["amounts"] = route.amounts
    if route.parts:
        laid["parts"] = route.parts
    return laid


def _print_summary(instance: Instance, solution: RoutingSolution, *, seconds: float, locale: str) -> None:
    from exports.floor import say_trouble
    from exports.words import text

    def line(key: str, **values: str | int) -> None:
        print(text(f"cli.route.{key}", locale=locale, **values))

    left = instance.left_out(solution.shifts)
    line("title", name=instance.name, count=len(instance.problem.visits))
    if left:
        numbers = " ".join(map(str, left[:_SHOWN])) + (" …" if len(left) > _SHOWN else "")
        line("left_out", count=len(left), numbers=numbers)
    else:
        key = "profit" if instance.scale.profit else "cost"
        line(key, cost=_figure(instance.cost(solution.shifts)))
    _print_bound(instance, solution, complete=not left, locale=locale)
    line("vehicles", vehicles=len(solution.shifts))
    line("seconds", seconds=f"{seconds:.1f}")
    for report in solution.reports:
        print(say_trouble(report.backend, report.trouble, locale=locale))


def _print_bound(instance: Instance, solution: RoutingSolution, *, complete: bool, locale: str) -> None:
    from exports.words import text

    if solution.bound is None:
        return
    bound = instance.bound(solution.bound.fen)
    profit = "_profit" if instance.scale.profit else ""
    if complete and is_proved(instance, solution):
        key, gap = "proved", ""
    else:
        key = f"bound{profit}" if complete else f"bare_bound{profit}"
        gap = _gap(instance, cost=instance.cost(solution.shifts), bound=bound) if complete else ""
    print(text(f"cli.route.{key}", locale=locale, bound=_figure(bound), gap=gap))
    print(text(f"cli.route.{solution.bound.relaxation}", locale=locale))
    fen = solution.bound.verified_fen
    key = "unverified" if fen is None else f"verified{profit}"
    print(text(f"cli.route.{key}", locale=locale, bound=_figure(instance.bound(fen or 0))))


def _gap(instance: Instance, *, cost: float, bound: float) -> str:
    """By how many per cent a better plan may differ, at most."""
    worse, better = (bound, cost) if instance.scale.profit else (cost, bound)
    return f"{100 * (worse / better - 1):.2f}" if better else "-"


def _figure(value: float) -> str:
    return f"{value:,}"


def _tell(instance: Instance, trail: list[Step], *, locale: str) -> Callable[[Progress], None]:
    """Make a listener that notes best and bound, and on a terminal says them, at most once a second."""
    from exports.words import text

    began = time.monotonic()
    last = -math.inf

    def tell(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        bound_fen = progress.bound_fen
        step = (
            round(now - began, 2),
            instance.estimate(progress.cost_fen),
            None if bound_fen is None else instance.bound(bound_fen),
        )
        if trail and step[0] - trail[-1][0] < _TRAIL_S:
            trail.pop()
        trail.append(step)
        if not sys.stderr.isatty() or now - last < 1:
            return
        last = now
        _, best, bound = step
        words = text("cli.route.best", locale=locale, cost=f"{best:,.1f}")
        if bound is not None:
            words += text(
                "cli.route.gap",
                locale=locale,
                bound=f"{bound:,.1f}",
                gap=_gap(instance, cost=best, bound=bound),
            )
        print(f"{now - began:6.1f} s  {words}", file=sys.stderr, flush=True)

    return tell
