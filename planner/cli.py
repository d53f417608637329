"""The command ``breeze``: results on stdout, progress on stderr, one bilingual line for every refusal.

Only this module and ``web`` read the clock or the environment, and only inside their functions;
everything else is imported where it is needed, so ``breeze --help`` is instant.

Exit codes: 0 done · 2 usage · 3 input refused · 4 plan incomplete (``--strict``) or violated · 5 solver ·
6 export · 7 the folder changed since the plan was made, or the plan is another campaign's · 130 given up by
a second Ctrl-C.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import sys
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from planner.cli_files import has_errors, load, load_both, read_previous, require_campaign
from planner.errors import (
    ConflictError,
    ExportError,
    InputError,
    NotFoundError,
    PlannerError,
    SolverError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.model.plan import Violation

OK: Final = 0
USAGE: Final = 2
REFUSED: Final = 3
INCOMPLETE: Final = 4
GIVEN_UP: Final = 130

_DEFAULT_SECONDS: Final = 60
_MOST: Final = 2**31 - 1


_EXIT: Final[dict[type[BaseException], int]] = {
    UsageError: USAGE,
    InputError: REFUSED,
    NotFoundError: REFUSED,
    SolverError: 5,
    ExportError: 6,
    OSError: 6,
    ConflictError: 7,
    KeyboardInterrupt: GIVEN_UP,
}


class _Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises instead of printing, so that refusals are bilingual."""

    def error(  # pyright: ignore[reportImplicitOverride]  # typing.override comes with 3.12
        self, message: str
    ) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; no traceback reaches a user."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A pipe or an old console may not know every character of a name: escape it.
            stream.reconfigure(errors="backslashreplace")
    try:
        args = build_parser().parse_args(arguments)
        code: int = args.run(args)
        sys.stdout.flush()
    except (PlannerError, OSError, KeyboardInterrupt) as error:
        given = sys.argv[1:] if arguments is None else arguments
        return _refuse(error, as_json="--json" in given)
    return code


def _refuse(error: PlannerError | OSError | KeyboardInterrupt, *, as_json: bool) -> int:
    """Say what went wrong, on stderr and with ``as_json`` on stdout too, and give the exit code."""
    from planner import console

    if isinstance(error, BrokenPipeError):
        # The reader left (`breeze roster … | head`); without this Python complains when it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    if as_json:
        issues = [asdict(issue) for issue in error.issues] if isinstance(error, InputError) else []
        console.print_json({"error": type(error).__name__, "issues": issues})
    if isinstance(error, InputError):
        console.say_issues(error.issues)
    elif isinstance(error, PlannerError):
        console.say_error(error)
    elif isinstance(error, OSError):
        console.say_both("cli.error_file", name=str(error.filename or "-"), reason=error.strerror or "")
    else:
        console.say_both("cli.aborted")
    return next(code for kind, code in _EXIT.items() if isinstance(error, kind))


def build_parser() -> argparse.ArgumentParser:
    """Lay out the commands and their options."""
    from exports.words import DEFAULT_LOCALE, LOCALES, text
    from planner import cli_compare, cli_feed, cli_outreach, cli_results, cli_roads, cli_route

    common = _Parser(add_help=False)
    common.add_argument("--json", action="store_true", help="JSON")
    common.add_argument("--locale", default=DEFAULT_LOCALE, choices=LOCALES)
    parser = _Parser(prog="breeze", description=text("cli.help.description"))
    words = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def add(name: str, run: Callable[[argparse.Namespace], int], *paths: str) -> argparse.ArgumentParser:
        word = words.add_parser(name, parents=[common], help=text(f"cli.help.{name}"))
        for path in paths:
            word.add_argument(path, type=Path)
        word.set_defaults(run=run)
        return word

    check = add("check", _check, "folder")
    check.add_argument("plan", type=Path, nargs="?")
    check.add_argument(
        "--for", dest="purpose", choices=("planning", "issue"), default="planning", help=text("cli.help.for")
    )
    check.add_argument("--save", type=Path, metavar="DIR", help=text("cli.help.save"))
    _add_plan_options(add("plan", _plan, "folder"))
    add("explain", _explain, "folder", "plan")
    add("diff", _diff, "old", "new")
    cli_compare.add_options(add("compare", cli_compare.run, "first", "second"))
    export = add("export", _export, "folder", "plan")
    export.add_argument(
        "--kind",
        default="all",
        help=text("cli.help.kind"),
    )
    export.add_argument("--now", default=None, metavar="ISO")
    export.add_argument("--out", type=Path, default=Path("out"))
    export.add_argument("--workers", type=int, default=None)
    cli_feed.add_options(add("feed", partial(cli_feed.run, read_now=_read_now), "folder"))
    cli_outreach.add_match_options(add("match", cli_outreach.run_match, "folder"))
    cli_outreach.add_suggest_options(add("suggest", cli_outreach.run_suggest, "folder", "plan"))
    cli_results.add_options(
        add("results", partial(cli_results.run, read_today=_read_today), "folder", "plan")
    )
    roster = add("roster", _roster, "file")
    roster.add_argument("--campaign", type=Path, required=True, metavar="DIR")
    cli_roads.add_options(add("roads", cli_roads.run, "folder"))
    cli_route.add_options(add("route", partial(cli_route.run, cache=_cache_folder()), "file"))
    return parser


def _add_plan_options(word: argparse.ArgumentParser) -> None:
    from exports.words import text

    word.add_argument("-o", "--out", type=Path, required=True, metavar="plan.json")
    limit = word.add_mutually_exclusive_group()
    limit.add_argument("--seconds", type=float, help=text("cli.help.seconds", count=_DEFAULT_SECONDS))
    limit.add_argument("--effort", type=_count, help=text("cli.help.effort"))
    word.add_argument("--seed", type=_count, default=0)
    word.add_argument("--router", default=None, metavar="R", help=text("cli.help.router"))
    word.add_argument("--scenario", default="", metavar="NAME", help=text("cli.help.scenario"))
    word.add_argument("--previous", type=Path, metavar="OLD.json", help=text("cli.help.previous"))
    word.add_argument("--today", default=None, metavar="DATE", help=text("cli.help.today"))
    word.add_argument("--strict", action="store_true", help=text("cli.help.strict"))


def _count(text: str) -> int:
    """Read a whole number that OR-Tools and CP-SAT can hold."""
    value = int(text)
    if not 0 <= value <= _MOST:
        raise ValueError(text)
    return value


def _check(args: argparse.Namespace) -> int:
    from planner import console
    from planner.check import check_plan
    from planner.intake.folder import load_campaign, save_campaign
    from planner.intake.planfile import read_plan

    plan = None if args.plan is None else read_plan(args.plan)
    campaign, issues = load_campaign(args.folder, scenario="" if plan is None else plan.scenario)
    violations: tuple[Violation, ...] | None = None
    if plan is not None and campaign is not None:
        violations = check_plan(campaign, plan, for_issue=args.purpose == "issue")
    if campaign is not None and args.save is not None:
        save_campaign(campaign, args.save)
    if args.json:
        judged = None if violations is None else [asdict(violation) for violation in violations]
        console.print_json({"issues": [asdict(issue) for issue in issues], "violations": judged})
    else:
        console.print_issues(issues, locale=args.locale)
        if violations is not None:
            console.print_verdict(violations, locale=args.locale, for_issue=args.purpose == "issue")
        elif args.plan is not None:
            console.print_words("cli.not_judged", locale=args.locale)
    if campaign is None or has_errors(issues):
        return REFUSED
    return INCOMPLETE if has_errors(violations or ()) else OK


def _plan(args: argparse.Namespace) -> int:
    from exports.words import text
    from planner import console
    from planner.check import check_plan
    from planner.decisions import broken_locks
    from planner.intake.planfile import write_plan
    from planner.pipeline import plan_campaign
    from planner.solvers.routing import DEFAULT_ROUTER, ROUTERS
    from planner.solvers.routing.search import Budget

    if (args.seconds is not None and not 0 < args.seconds < math.inf) or (
        args.effort is not None and args.effort <= 0
    ):
        raise UsageError(text("cli.need_limit", locale=args.locale))
    if args.router not in (None, *ROUTERS):
        raise UsageError(f"--router {' | '.join(ROUTERS)}")
    keep = args.previous is not None
    campaign = load(
        args.folder, locale=args.locale, strict=args.strict, numbered=keep, scenario=args.scenario
    )
    campaign = replace(campaign, today=_read_today(args))
    previous = None if args.previous is None else read_previous(args.previous, campaign)
    seconds = _DEFAULT_SECONDS if args.seconds is None and args.effort is None else args.seconds
    with console.stoppable(args.locale) as stop:
        if seconds is not None:
            console.prepare_kernels(_cache_folder(), locale=args.locale, stop=stop)
        plan = plan_campaign(
            campaign,
            Budget(
                seconds=seconds,
                effort=args.effort,
                seed=args.seed,
                workers=os.cpu_count() or 1,
                stop=stop,
            ),
            router=args.router or DEFAULT_ROUTER,
            previous=previous,
            progress=console.report_progress(args.locale),
            cache=_cache_folder(),
        )
    violations = check_plan(campaign, plan)
    write_plan(args.out, plan)
    if args.json:
        verdict = {"violations": [asdict(violation) for violation in violations]}
        console.print_json(console.summary_json(campaign, plan) | verdict)
    else:
        console.print_summary(campaign, plan, locale=args.locale)
        console.print_verdict(violations, locale=args.locale)
        print(text("cli.written", locale=args.locale, name=str(args.out)))
    fulfilled = not plan.unserved and not broken_locks(plan)
    return INCOMPLETE if has_errors(violations) or (args.strict and not fulfilled) else OK


def _explain(args: argparse.Namespace) -> int:
    from exports.words import text
    from planner import console
    from planner.console_trunk import join_alike
    from planner.model.campaign import Direction

    campaign, plan, violations = load_both(args)
    if has_errors(violations):
        console.say_verdict(violations, locale=args.locale)
        return INCOMPLETE
    if args.json:
        unserved = {"unserved": [asdict(left) for left in plan.unserved]}
        if plan.agenda is not None:
            unserved["refused_visits"] = [asdict(left) for left in plan.agenda.refused_visits]
        console.print_json(console.summary_json(campaign, plan) | unserved)
        return OK
    console.print_summary(campaign, plan, locale=args.locale)
    console.print_subsidised(campaign, plan, locale=args.locale)
    console.print_refused_fairs(plan, locale=args.locale)
    for left in join_alike(plan.unserved):
        console.print_unserved(left, locale=args.locale, home=campaign.direction is Direction.HOME)
    if not plan.unserved:
        print(text("cli.nothing_unserved", locale=args.locale))
    if plan.agenda is not None:
        console.print_visits(campaign, plan.agenda, locale=args.locale)
    return OK


def _diff(args: argparse.Namespace) -> int:
    from exports.words import text
    from planner import console
    from planner.console_diff import ChangeWords
    from planner.diff import diff_plans
    from planner.intake.planfile import read_plan

    old = read_plan(args.old)
    new = require_campaign(args.new, read_plan(args.new), ours=old.campaign_id)
    changes = diff_plans(old, new)
    if args.json:
        console.print_json({"changes": [asdict(change) for change in changes]})
        return OK
    words = ChangeWords(old, new, locale=args.locale)
    for change in changes:
        print(words.say(change))
    if not changes:
        print(text("cli.no_change", locale=args.locale))
    return OK


def _export(args: argparse.Namespace) -> int:
    from exports import pack
    from exports.words import text
    from planner import console

    now = _read_now(args)
    try:
        kinds = pack.parse_kinds(args.kind)
    except ExportError as error:
        raise UsageError(str(error)) from error
    campaign, plan, violations = load_both(args)
    if has_errors(violations):
        console.say_verdict(violations, locale=args.locale)
        return INCOMPLETE

    workers = args.workers or os.cpu_count() or 1
    order = pack.Order(kinds=kinds, locale=args.locale, now=now, workers=workers)
    written = pack.write_documents(
        pack.render(campaign, plan, order=order, progress=console.report_documents(args.locale)), args.out
    )
    rare, stale = pack.rare_names(campaign), pack.find_stale(args.out, written)
    unplaced = pack.list_unplaced(campaign, plan, kinds=kinds)
    if args.json:
        content = {"documents": written, "handwrite": rare, "stale": stale, "unplaced": unplaced}
        console.print_json({"folder": str(args.out)} | content)
        return OK
    if stale:
        print(text("cli.stale", locale=args.locale, names=" ".join(stale)))
    if unplaced:
        print(text("cli.unplaced", locale=args.locale, names=" ".join(unplaced)))
    if rare:
        print(text("cli.rare", locale=args.locale, names="、".join(rare)))
    print(text("cli.written", locale=args.locale, name=f"{args.out} ({len(written)})"))
    return OK


def _read_now(args: argparse.Namespace) -> datetime:
    """Read ``--now``, or else the clock, in China time."""
    from exports.words import text
    from planner.model.clock import CHINA

    try:
        now = datetime.fromisoformat(args.now) if args.now else datetime.now(CHINA).replace(microsecond=0)
    except ValueError as error:
        raise UsageError(text("cli.bad_now", locale=args.locale)) from error
    return now.replace(tzinfo=CHINA) if now.tzinfo is None else now.astimezone(CHINA)


def _read_today(args: argparse.Namespace) -> date:
    """Read ``--today``, or else the clock, in China time."""
    from exports.words import text
    from planner.model.clock import CHINA

    try:
        return date.fromisoformat(args.today) if args.today else datetime.now(CHINA).date()
    except ValueError as error:
        raise UsageError(text("cli.bad_today", locale=args.locale)) from error


def _roster(args: argparse.Namespace) -> int:
    from planner.intake.roster import roster_lines

    campaign = load(args.campaign, locale=args.locale, quiet=True)
    outcome = ""
    for row in roster_lines(args.file, campaign):
        print(json.dumps(row, ensure_ascii=False))
        outcome = str(row["outcome"])
    return REFUSED if outcome == "reject_file" else OK


def _cache_folder() -> Path | None:
    """Where road matrices are kept between runs; None on an account without a home."""
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "spring-breeze"
    except RuntimeError:
        return None


if __name__ == "__main__":
    sys.exit(main())
