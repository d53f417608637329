"""The results as Markdown, JSON and a picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from tests.bench.routing.chart import Row, draw
from tests.bench.routing.check import Verdict
from tests.bench.routing.results import Result
from tests.bench.routing.summary import Group, gather, winners, wrong_bounds


def write_report(results: Sequence[Result], verdicts: Sequence[Verdict], *, out: Path) -> list[Path]:
    """Write report.md, report.json and one chart for each set and time into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    groups = gather(results)
    files = {"report.md": markdown(results, verdicts), "report.json": as_json(groups, verdicts)}
    for (name, seconds), part in _parts(groups).items():
        solvers = list(dict.fromkeys(group.solver for group in part))
        rows = [
            Row(label=instance, values={g.solver: g.gap for g in part if g.instance == instance})
            for instance in dict.fromkeys(group.instance for group in part)
        ]
        title = f"{name}, {seconds:g} s: per cent above the best known cost or bound, mean of the runs"
        files[f"{name}-{seconds:g}s.svg"] = draw(title, rows, solvers)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    return [out / name for name in files]


def _parts(groups: Sequence[Group]) -> dict[tuple[str, float], list[Group]]:
    parts: dict[tuple[str, float], list[Group]] = {}
    for group in groups:
        parts.setdefault((group.set_name, group.seconds), []).append(group)
    return parts


def markdown(results: Sequence[Result], verdicts: Sequence[Verdict]) -> str:
    """One table of gaps for each set and time, then bounds, targets and what went wrong."""
    lines = ["# Routing: this engine beside the libraries", ""]
    for (name, seconds), groups in _parts(gather(results)).items():
        lines += [f"## {name}, {seconds:g} s", "", *_gaps(groups), "", *_bounds(groups)]
    if verdicts:
        lines += ["## Targets", "", "| | target | measured |", "| --- | --- | --- |"]
        lines += [f"| {verdict.word} | {verdict.text} | {verdict.measured} |" for verdict in verdicts]
        lines += [""]
    troubles = [
        f"* {r.instance} {r.solver} {r.seconds:g} s seed {r.seed}: {r.trouble}" for r in results if r.trouble
    ]
    wrong = [f"* **wrong bound** {line}" for line in wrong_bounds(results)]
    if troubles or wrong:
        lines += ["## Without a lawful plan, or wrong", "", *wrong, *troubles, ""]
    return "\n".join(lines)


def _gaps(groups: Sequence[Group]) -> list[str]:
    """Mean gap in per cent by instance and solver; the best in bold."""
    solvers = list(dict.fromkeys(group.solver for group in groups))
    lines = [
        "Gap to the best known cost (or the best bound) in per cent, mean of the runs.",
        "",
        "| instance | " + " | ".join(solvers) + " |",
        "| --- |" + " ---: |" * len(solvers),
    ]
    wins = dict.fromkeys(solvers, 0)
    for instance in dict.fromkeys(group.instance for group in groups):
        row = {group.solver: group for group in groups if group.instance == instance}
        best = winners(list(row.values()))
        for solver in best:
            wins[solver] += 1
        cells = [_cell(row.get(solver), best=solver in best) for solver in solvers]
        lines.append(f"| {instance} | " + " | ".join(cells) + " |")
    lines.append("| **mean** | " + " | ".join(_mean_cell(groups, solver) for solver in solvers) + " |")
    lines.append("| best on | " + " | ".join(str(wins[solver]) for solver in solvers) + " |")
    return lines


def _cell(group: Group | None, *, best: bool) -> str:
    if group is None:
        return ""
    if group.cost is None:
        return f"no plan ({len(group.runs) - len(group.costs)} of {len(group.runs)})"
    value = f"{group.cost:,.0f}" if group.gap is None else f"{group.gap:.2f}"
    return f"**{value}**" if best else value


def _mean_cell(groups: Sequence[Group], solver: str) -> str:
    mine = [group for group in groups if group.solver == solver]
    gaps = [group.gap for group in mine if group.gap is not None]
    if not gaps:
        return ""
    return f"{fmean(gaps):.2f}" + (f" ({len(gaps)} of {len(mine)})" if len(gaps) < len(mine) else "")


def _bounds(groups: Sequence[Group]) -> list[str]:
    mine = [group for group in groups if group.own_gaps]
    if not mine:
        return []
    lines = [
        "This engine's own words: gap to its own bound in per cent, and proofs.",
        "",
        "| instance | solver | mean gap | worst gap | proved | wall, s | CPU, s |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for group in mine:
        wall, cpu = (fmean(values) for values in zip(*((r.wall_s, r.cpu_s) for r in group.runs), strict=True))
        cells = [
            group.instance,
            group.solver,
            f"{fmean(group.own_gaps):.2f}",
            f"{max(group.own_gaps):.2f}",
            f"{group.proved} of {len(group.runs)}",
            f"{wall:.1f}",
            f"{cpu:.1f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    for solver in dict.fromkeys(group.solver for group in mine):
        part = [group for group in mine if group.solver == solver]
        every = [value for group in part for value in group.own_gaps]
        proved, runs = sum(group.proved for group in part), sum(len(group.runs) for group in part)
        lines.append(
            f"| **all** | {solver} | {fmean(every):.2f} | {max(every):.2f} | {proved} of {runs} | | |"
        )
    return [*lines, ""]


def as_json(groups: Sequence[Group], verdicts: Sequence[Verdict]) -> str:
    """The same figures for programs."""
    rows: list[dict[str, Any]] = [
        {
            "set": group.set_name,
            "seconds": group.seconds,
            "instance": group.instance,
            "solver": group.solver,
            "runs": len(group.runs),
            "lawful": len(group.costs),
            "reference": group.reference,
            "cost": group.cost,
            "gap_percent": group.gap,
            "own_gaps_percent": group.own_gaps,
            "proved": group.proved,
        }
        for group in groups
    ]
    targets = [{"word": v.word, "target": v.text, "measured": v.measured} for v in verdicts]
    return json.dumps({"groups": rows, "targets": targets}, ensure_ascii=False, indent=1) + "\n"
