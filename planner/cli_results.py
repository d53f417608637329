"""``breeze results``: what came of fairs and visits beside what was planned."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from planner.cli_files import has_errors, read_previous
from planner.errors import InputError, Severity

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from planner.model.campaign import Campaign
    from planner.outcomes import Outcomes, Tally

OK: Final = 0
REFUSED: Final = 3
_FILE: Final = "results.csv"


def add_options(word: argparse.ArgumentParser) -> None:
    """Add the options of ``breeze results``."""
    from exports.words import text

    word.add_argument("--today", default=None, metavar="DATE", help=text("cli.help.today"))


def run(args: argparse.Namespace, *, read_today: Callable[[argparse.Namespace], date]) -> int:
    """Print the summary, rows that differ from the plan, what is outstanding; 3 where rows are left out."""
    from exports.words import text
    from planner import console
    from planner.intake.folder import load_campaign
    from planner.outcomes import sum_up

    campaign, issues = load_campaign(args.folder)
    if campaign is None:
        raise InputError([issue for issue in issues if issue.severity is Severity.ERROR])
    plan = read_previous(args.plan, campaign)
    mine = [issue for issue in issues if issue.where.file == _FILE]
    found = sum_up(campaign, plan, today=read_today(args))
    if args.json:
        console.print_json(answer(found) | {"issues": [asdict(issue) for issue in mine]})
    else:
        print(text("outcome.title", locale=args.locale, campaign=campaign.name, version=plan.version))
        for line in say(campaign, found, rows=number_rows(args.folder), locale=args.locale):
            print(line)
        for issue in mine:
            print(console.issue_line(issue, locale=args.locale))
        errors = sum(issue.severity is Severity.ERROR for issue in mine)
        if errors:
            print(text("outcome.left_out", locale=args.locale, count=errors))
    return REFUSED if has_errors(mine) else OK


def number_rows(folder: Path) -> dict[tuple[str, str, str], int]:
    """Rows of results.csv as a person counts them, by kind, id and day as they are written there."""
    from planner.intake.outreachcolumns import RESULTS
    from planner.intake.tables import read_table

    rows = read_table(folder, RESULTS, issues=[])
    return {
        (row.cells.get("kind", ""), row.cells.get("id", ""), row.date("day").isoformat()): row.number
        for row in rows
    }


def answer(found: Outcomes) -> dict[str, object]:
    """Lay a summary out for JSON."""
    return {
        "fairs": _figures(found.fairs),
        "fair_kinds": {kind: _figures(tally) for kind, tally in found.fair_kinds.items()},
        "visits": _figures(found.visits),
        "more_fairs": _figures(found.more_fairs),
        "more_visits": _figures(found.more_visits),
        "squads": {squad: _figures(tally) for squad, tally in found.squads.items()},
        "hires_per_squad": found.hires_per_squad,
        "posts": found.posts,
        "posts_percent": found.posts_percent,
        "to_fill": found.to_fill,
        "matched": found.matched,
        "hires": found.hires,
        "noted": [asdict(entry) for entry in found.noted],
        "outstanding": [asdict(entry) for entry in found.outstanding],
    }


def _figures(tally: Tally) -> dict[str, object]:
    each: dict[str, object] = {
        f"{name}_each": tally.per_head(name) for name in ("visitors", "intents", "hires")
    }
    return {**asdict(tally), "intent_percent": tally.intent_percent, **each}


def say(
    campaign: Campaign, found: Outcomes, *, rows: dict[tuple[str, str, str], int], locale: str
) -> Iterator[str]:
    """Word a summary: the table of figures, then rows that differ, then what is outstanding."""
    from exports.outcomes import build_indicators, name_item, say_outstanding, say_remark
    from exports.words import label, text
    from planner.tabular import lay_out

    header = [
        text(f"outcome.column.{name}", locale=locale) for name in ("name", "planned", "came", "share", "each")
    ]
    table = [
        (row.name, row.planned, row.came, row.share, row.each)
        for row in build_indicators(found, locale=locale)
    ]
    yield from lay_out([header, *table])
    if not campaign.outreach.results:
        yield text("outcome.none", locale=locale)
    for entry in found.noted:
        result = entry.result
        yield text(
            "outcome.noted",
            locale=locale,
            row=rows.get((result.kind, result.id, result.day.isoformat()), 0),
            kind=label(result.kind, locale=locale),
            item=name_item(campaign, result.id, kind=result.kind),
            remark=say_remark(entry, locale=locale),
        )
    if found.outstanding:
        yield text("outcome.waiting", locale=locale, count=len(found.outstanding))
    for waiting in found.outstanding:
        yield say_outstanding(campaign, waiting, locale=locale)
