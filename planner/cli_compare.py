"""``breeze compare``: two plans or scenarios side by side, cost by rule and who changes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from planner.cli_files import load, read_previous, require_campaign
from planner.costs import AGENDA, OTHER

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from planner.compare import Comparison, Line, Side
    from planner.console_diff import ChangeWords
    from planner.costs import Account
    from planner.model.plan import Plan

OK: Final = 0
_SHOWN: Final = 12
"""Ids of a kind that are listed."""


def add_options(word: argparse.ArgumentParser) -> None:
    """Add the options of ``breeze compare``."""
    from exports.words import text

    word.add_argument("--campaign", type=Path, metavar="DIR", help=text("cli.help.compare_campaign"))


def run(args: argparse.Namespace) -> int:
    """Compare, print; the sums are those of the plans to the fen."""
    from planner import console
    from planner.compare import compare
    from planner.console_diff import ChangeWords

    sides = [(path, _read(args, path)) for path in (args.first, args.second)]
    (_, first), (_, second) = sides
    require_campaign(args.second, second[1], ours=first[1].campaign_id)
    found = compare(first, second)
    if args.json:
        console.print_json(answer(found, plans=(first[1], second[1])))
        return OK
    names = [_name_plan(path, plan, locale=args.locale) for path, (_, plan) in sides]
    changed = ChangeWords(first[1], second[1], locale=args.locale)
    for line in say(found, names=names, changed=changed, locale=args.locale):
        print(line)
    return OK


def _read(args: argparse.Namespace, path: Path) -> Side:
    """A plan, and where ``--campaign`` is given its scenario; ConflictError when it is another campaign's."""
    from planner.intake.planfile import read_plan

    plan = read_plan(path)
    if args.campaign is None:
        return None, plan
    campaign = load(args.campaign, locale=args.locale, quiet=True, scenario=plan.scenario)
    return campaign, read_previous(path, campaign)


def answer(found: Comparison, *, plans: tuple[Plan, Plan]) -> dict[str, object]:
    """Lay a comparison out for JSON."""
    return {
        "plans": [{"version": plan.version, "scenario": plan.scenario} for plan in plans],
        "accounts": {
            account.value: {rule: _figures(line) for rule, line in found.lines(account).items()}
            | {"sum": _figures(found.total(account))}
            for account in found.accounts
        },
        "transport": _figures(found.money),
        "everything": _figures(found.total()),
        "people": list(found.people),
        "changes": {
            kind.value: [asdict(change) for change in changes] for kind, changes in found.by_kind().items()
        },
    }


def _figures(line: Line) -> dict[str, int]:
    return {"was_fen": line.was_fen, "now_fen": line.now_fen, "more_fen": line.more_fen}


def _name_plan(path: Path, plan: Plan, *, locale: str) -> str:
    from exports.words import text

    key = "scenario" if plan.scenario else "plan"
    figures = {"file": path.stem, "version": plan.version, "name": plan.scenario}
    return text(f"cli.compare.{key}", locale=locale, **figures)


def say(found: Comparison, *, names: Sequence[str], changed: ChangeWords, locale: str) -> Iterator[str]:
    """Word a comparison: a table of costs, then who and what changes."""
    from exports.words import text
    from planner.tabular import lay_out

    def word(key: str, **values: str | int) -> str:
        return text(f"cli.compare.{key}", locale=locale, **values)

    yield word("title", first=names[0], second=names[1])
    yield from lay_out([(word("item"), *names, word("more")), *_rows(found, locale=locale)])
    changes = found.by_kind()
    if not changes:
        yield word("same")
    if found.people:
        yield word("people", count=len(found.people))
    for kind, entries in changes.items():
        items = text("cli.feed.and", locale=locale).join(map(changed.name, entries[:_SHOWN]))
        more = len(entries) - _SHOWN
        items += " " + word("rest", count=more) if more > 0 else ""
        name = text(f"cli.change_name.{kind}", locale=locale)
        yield word("kind", kind=name, count=len(entries), items=items)


def _rows(found: Comparison, *, locale: str) -> Iterator[tuple[str, ...]]:
    from exports.words import text

    for account in found.accounts:
        lines = found.lines(account)
        yield (text(f"cli.account.{account}", locale=locale), *_cells(found.total(account)))
        for rule, line in lines.items() if len(lines) > 1 else ():
            yield (f"  {_name(account, rule, locale=locale)}", *_cells(line))
    yield (text("cli.compare.money", locale=locale), *_cells(found.money))
    yield (text("cli.compare.all", locale=locale), *_cells(found.total()))


def _name(account: Account, rule: str, *, locale: str) -> str:
    """A rule in words; those of fairs, visits and matching mean something else in each."""
    from exports.words import has_text, text

    key = f"cli.cost.{account}.{rule}" if account in AGENDA and rule != OTHER else f"cli.cost.{rule}"
    return text(key, locale=locale) if has_text(key, locale=locale) else rule


def _cells(line: Line) -> tuple[str, str, str]:
    return _yuan(line.was_fen), _yuan(line.now_fen), _yuan(line.more_fen, sign="+")


def _yuan(fen: int, *, sign: str = "") -> str:
    """Yuan to the fen, from integers."""
    mark = "-" if fen < 0 else sign if fen else ""
    return f"{mark}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
