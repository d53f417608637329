"""The targets of ``targets.toml`` against what was measured."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from tests.bench.routing.plan import OURS, SETS
from tests.bench.routing.results import Result
from tests.bench.routing.summary import Group, gather, ours, wrong_bounds

TARGETS: Final = Path(__file__).with_name("targets.toml")
_CLOSE: Final = 1e-6
_SEED: Final = re.compile(r"-s\d+-(uni|clu)|-hard")
"""What instances of one recipe differ in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A target and what was measured; ``passed`` is None where the runs for it are missing."""

    text: str
    measured: str
    passed: bool | None

    @property
    def word(self) -> str:
        """For the eye."""
        return {True: "PASS", False: "FAIL", None: "NO DATA"}[self.passed]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """Groups of the set and time of a target, the other solvers' among them."""

    target: dict[str, Any]
    groups: Sequence[Group]

    @property
    def mine(self) -> list[Group]:
        return ours(self.groups)

    def beside(self, solver: str) -> list[tuple[Group, Group]]:
        """Our groups with those of a peer on the same instance."""
        peers = {_place(group): group for group in self.groups if group.solver == solver}
        return [(group, peers[_place(group)]) for group in self.mine if _place(group) in peers]


def _place(group: Group) -> tuple[str, float]:
    return group.instance, group.seconds


def check(results: Sequence[Result], targets: Path = TARGETS) -> list[Verdict]:
    """Compare every target; a target without complete runs has no verdict."""
    groups = gather(results)
    listed: list[dict[str, Any]] = tomllib.loads(targets.read_text(encoding="utf-8"))["target"]
    wrong = wrong_bounds(results)
    troubled = [r for r in results if r.solver == OURS and r.cost is None]
    return [
        *(_judge(target, groups) for target in listed),
        Verdict(text="every bound at or below every plan", measured=f"{len(wrong)} above", passed=not wrong),
        Verdict(
            text="every run of this engine gives a lawful plan",
            measured=f"{len(troubled)} do not",
            passed=not troubled,
        ),
    ]


def _judge(target: dict[str, Any], groups: Sequence[Group]) -> Verdict:
    names: list[str] = target.get("instances", ["*"])
    sets: list[str] = target["sets"]
    scope = _Scope(
        target=target,
        groups=[
            group
            for group in groups
            if group.set_name in sets
            and group.seconds in target["seconds"]
            and any(fnmatch.fnmatch(group.instance, name) for name in names)
        ],
    )
    wanted = {
        (case.name, seconds)
        for name in sets
        for case in SETS[name].cases
        for seconds in SETS[name].seconds
        if seconds in target["seconds"] and any(fnmatch.fnmatch(case.name, like) for like in names)
    }
    have = {_place(group) for group in scope.mine}
    if not wanted <= have:
        measured = f"{len(wanted & have)} of {len(wanted)} runs"
        return Verdict(text=target["text"], measured=measured, passed=None)
    measured, passed = _METRICS[target["metric"]](scope)
    few = [group for group in scope.mine if len(group.runs) < len(SETS[group.set_name].seeds)]
    if few:
        return Verdict(text=target["text"], measured=measured + "; not all seeds yet", passed=None)
    return Verdict(text=target["text"], measured=measured, passed=passed)


_Metric = Callable[[_Scope], tuple[str, bool | None]]


def _at_most(
    values: Sequence[float | None], limit: float, *, of: Callable[[list[float]], float]
) -> tuple[str, bool | None]:
    known = [value for value in values if value is not None]
    if len(known) < len(values) or not known:
        return "a plan or a bound is missing", False
    return f"{of(known):.2f}", of(known) <= limit + _CLOSE


def _mean_gap(scope: _Scope) -> tuple[str, bool | None]:
    return _at_most([group.gap for group in scope.mine], scope.target["at_most"], of=fmean)


def _own_gaps(scope: _Scope) -> list[float | None]:
    return [
        value
        for group in scope.mine
        for value in (group.own_gaps if len(group.own_gaps) == len(group.runs) else [None])
    ]


def _mean_own_gap(scope: _Scope) -> tuple[str, bool | None]:
    return _at_most(_own_gaps(scope), scope.target["at_most"], of=fmean)


def _worst_own_gap(scope: _Scope) -> tuple[str, bool | None]:
    return _at_most(_own_gaps(scope), scope.target["at_most"], of=max)


def _bound_ready(scope: _Scope) -> tuple[str, bool | None]:
    """The latest second at which a bound first came within a hundredth of the last."""
    ready = [run.ready_s for group in scope.mine for run in group.runs]
    return _at_most(ready, scope.target["at_most"], of=max)


def _bounded(scope: _Scope) -> tuple[str, bool | None]:
    without = [run for group in scope.mine for run in group.runs if run.bound is None]
    return f"{len(without)} runs without", not without


def _proved(scope: _Scope) -> tuple[str, bool | None]:
    always = [group for group in scope.mine if group.proved == len(group.runs)]
    return f"{len(always)} with every seed", len(always) >= scope.target["at_least"]


def _mean_below(scope: _Scope) -> tuple[str, bool | None]:
    """Mean over the instances on which the peer has plans; where it has none we are better anyway."""
    said: list[str] = []
    passed: bool | None = True
    for solver in scope.target["peers"]:
        beside = scope.beside(solver)
        if len(beside) < len(scope.mine):
            return f"{len(beside)} of {len(scope.mine)} runs of {solver}", None
        pairs = [(a.gap, b.gap) for a, b in beside if b.gap is not None]
        if not pairs:
            return f"no plans of {solver}", None
        if any(a is None for a, _ in pairs):
            return "a plan is missing", False
        mine, peer = (fmean(value or 0.0 for value in column) for column in zip(*pairs, strict=True))
        said.append(f"{mine:.2f} beside {peer:.2f} of {solver}")
        passed = passed and mine < peer
    return "; ".join(said), passed


def _never_above(scope: _Scope) -> tuple[str, bool | None]:
    """Mean of the seeds: of the runs of a public instance, of the fresh instances of one recipe."""
    above: list[str] = []
    single: list[float] = []
    for solver in scope.target["peers"]:
        pairs = scope.beside(solver)
        if len(pairs) < len(scope.mine):
            return f"{len(pairs)} of {len(scope.mine)} runs of {solver}", None
        alike: dict[tuple[str, float], list[float]] = defaultdict(list)
        for mine, peer in pairs:
            if mine.cost is None:
                return f"no plan of {mine.instance}", False
            if peer.cost is not None:
                alike[_SEED.sub("", mine.instance), mine.seconds].append(mine.cost / peer.cost - 1)
        single += [over for overs in alike.values() for over in overs]
        above += [
            f"{name} at {seconds:g} s ({solver}, {100 * fmean(overs):.2f} %)"
            for (name, seconds), overs in alike.items()
            if fmean(overs) > _CLOSE
        ]
    over = [value for value in single if value > _CLOSE]
    one_by_one = (
        f"one by one {len(over)} of {len(single)} above, by {100 * max(single, default=0):.2f} % at most"
    )
    return f"{', '.join(above) or 'never above'}; {one_by_one}", not above


_METRICS: Final[dict[str, _Metric]] = {
    "mean_gap": _mean_gap,
    "mean_own_gap": _mean_own_gap,
    "worst_own_gap": _worst_own_gap,
    "bound_ready": _bound_ready,
    "bounded": _bounded,
    "proved": _proved,
    "mean_below": _mean_below,
    "never_above": _never_above,
}
