"""The command ``breeze``: results on stdout, progress on stderr, one bilingual line for every refusal.

Only this module and ``web`` read the clock or the environment, and only inside their functions;
planner and exports are imported where they are needed, so ``breeze --help`` is instant.

Exit codes: 0 done · 2 usage · 3 input refused · 4 plan incomplete (``--strict``) or violated · 5 solver ·
6 export · 7 the folder changed since the plan was made.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from planner.errors import (
    ConflictError,
    ExportError,
    InputError,
    Issue,
    NotFoundError,
    PlannerError,
    Severity,
    SolverError,
)

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan, Unserved
    from planner.pipeline import Step

OK: Final = 0
USAGE: Final = 2
REFUSED: Final = 3
INCOMPLETE: Final = 4

_EXIT: Final[dict[type[PlannerError], int]] = {
    InputError: REFUSED,
    NotFoundError: REFUSED,
    SolverError: 5,
    ExportError: 6,
    ConflictError: 7,
}
_DEFAULT_SECONDS: Final = 60


class UsageError(PlannerError):
    """Arguments that contradict each other; argparse's own refusals come here too."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; no traceback reaches a user."""
    try:
        args = build_parser().parse_args(arguments)
        return int(args.run(args))
    except InputError as error:
        _say_issues(error.issues)
        return _EXIT[InputError]
    except UsageError as error:
        _say_both("cli.error_usage", reason=str(error))
        return USAGE
    except PlannerError as error:
        _say_error(error)
        return next(code for kind, code in _EXIT.items() if isinstance(error, kind))
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # the reader left; nothing to say
        return OK
    except KeyboardInterrupt:
        _say_both("cli.aborted")
        return 130


def build_parser() -> argparse.ArgumentParser:
    """Lay out the commands and their options."""
    from exports.words import text  # noqa: PLC0415  # imported late for speed, like every import below

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="JSON")
    common.add_argument("--locale", default="zh_CN", choices=("zh_CN", "en"))
    parser = _Parser(prog="breeze", description=text("cli.help.description"))
    words = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def add(name: str, run: Callable[[argparse.Namespace], int], *places: str) -> argparse.ArgumentParser:
        word = words.add_parser(name, parents=[common], help=text(f"cli.help.{name}"))
        for place in places:
            word.add_argument(place, type=Path)
        word.set_defaults(run=run)
        return word

    add("check", _check, "folder").add_argument("plan", type=Path, nargs="?")
    plan = add("plan", _plan, "folder")
    plan.add_argument("-o", "--out", type=Path, required=True, metavar="plan.json")
    limit = plan.add_mutually_exclusive_group()
    limit.add_argument("--seconds", type=float)
    limit.add_argument("--effort", type=int)
    plan.add_argument("--seed", type=int, default=0)
    plan.add_argument("--router", default=None)
    plan.add_argument("--previous", type=Path, metavar="OLD.json")
    plan.add_argument("--strict", action="store_true")
    add("explain", _explain, "folder", "plan")
    add("diff", _diff, "old", "new")
    export = add("export", _export, "folder", "plan")
    export.add_argument("--kind", default="all")
    export.add_argument("--now", default=None, metavar="ISO")
    export.add_argument("--out", type=Path, default=Path("out"))
    export.add_argument("--workers", type=int, default=None)
    roster = add("roster", _roster, "file")
    roster.add_argument("--campaign", type=Path, required=True, metavar="DIR")
    return parser


def _check(args: argparse.Namespace) -> int:
    from planner.check import check_plan  # noqa: PLC0415
    from planner.intake.folder import load_campaign  # noqa: PLC0415
    from planner.intake.planfile import read_plan  # noqa: PLC0415

    campaign, issues = load_campaign(args.folder)
    violations = check_plan(campaign, read_plan(args.plan)) if args.plan and campaign else ()
    refused = campaign is None or any(issue.severity is Severity.ERROR for issue in issues)
    if args.json:
        content = {"issues": [asdict(issue) for issue in issues]}
        _print_json(content | {"violations": [asdict(violation) for violation in violations]})
    else:
        _print_findings(args.locale, issues=issues, violations=violations, checked=bool(args.plan))
    if refused:
        return REFUSED
    return INCOMPLETE if any(v.severity is Severity.ERROR for v in violations) else OK


def _print_findings(locale: str, *, issues: Sequence[Issue], violations: Sequence[Any], checked: bool) -> None:
    from exports.words import text  # noqa: PLC0415
    from planner.check import RULES  # noqa: PLC0415

    for issue in issues:
        print(_issue_line(issue, locale))
    for violation in violations:
        print(_violation_line(violation, locale))
    if checked and not violations:
        print(text("cli.plan_ok", locale=locale, count=len(RULES)))
    if violations:
        print(text("cli.plan_broken", locale=locale, count=len(violations)))
    if not issues and not violations:
        print(text("cli.no_trouble", locale=locale))


def _plan(args: argparse.Namespace) -> int:
    from exports.words import text  # noqa: PLC0415
    from planner.check import check_plan  # noqa: PLC0415
    from planner.intake.planfile import plan_to_json, read_plan  # noqa: PLC0415
    from planner.pipeline import plan_campaign  # noqa: PLC0415
    from planner.solvers.routing import DEFAULT_ROUTER, ROUTERS  # noqa: PLC0415
    from planner.solvers.routing.problem import Budget  # noqa: PLC0415

    if (args.seconds is not None and args.seconds <= 0) or (args.effort is not None and args.effort <= 0):
        raise UsageError(text("cli.need_limit"))
    if args.router not in (None, *ROUTERS):
        raise UsageError(f"--router {' | '.join(ROUTERS)}")
    campaign = _load(args, strict=args.strict)
    previous = read_plan(args.previous) if args.previous else None
    seconds = args.seconds if args.seconds or args.effort else _DEFAULT_SECONDS
    with _stoppable(args.locale) as stopped:
        plan = plan_campaign(
            campaign,
            Budget(seconds=seconds, effort=args.effort, seed=args.seed, stop=stopped),
            router=args.router or DEFAULT_ROUTER,
            previous=previous,
            progress=_progress(args.locale),
            cache=_cache_folder(),
        )
    violations = check_plan(campaign, plan)
    _write(args.out, plan_to_json(plan))
    if args.json:
        _print_json(_summary_json(campaign, plan) | {"violations": [asdict(v) for v in violations]})
    else:
        _print_summary(campaign, plan, args.locale)
        _print_findings(args.locale, issues=(), violations=violations, checked=True)
        print(text("cli.written", locale=args.locale, name=str(args.out)))
    broken = any(violation.severity is Severity.ERROR for violation in violations)
    return INCOMPLETE if broken or (args.strict and plan.unserved) else OK


def _summary_json(campaign: Campaign, plan: Plan) -> dict[str, Any]:
    from planner.summary import summarise  # noqa: PLC0415

    figures = asdict(summarise(campaign, plan))
    return {"plan": {"version": plan.version, "campaign_digest": plan.campaign_digest}, "summary": figures}


def _print_summary(campaign: Campaign, plan: Plan, locale: str) -> None:
    from exports.words import text  # noqa: PLC0415
    from planner.summary import summarise  # noqa: PLC0415

    figures = summarise(campaign, plan)

    def line(key: str, **values: str | int) -> None:
        print(text(f"cli.summary.{key}", locale=locale, **values))

    line("title", name=campaign.name, version=plan.version)
    line("people", demanded=figures.demanded, served=figures.served, unserved=figures.left_behind)
    line("vehicles", vehicles=figures.vehicles, rounds=figures.rounds, again=figures.second_rounds)
    line("distance", km=f"{figures.length_m / 1000:,.0f}", empty_km=f"{figures.empty_m / 1000:,.0f}")
    head = f"{figures.cost_fen / 100 / figures.served:,.2f}" if figures.served else "-"
    line("cost", yuan=_yuan(figures.cost_fen), head_yuan=head)
    if figures.bound_fen is not None and figures.gap is not None:
        line("bound", yuan=_yuan(figures.bound_fen), gap=f"{100 * figures.gap:.1f}")
    line("fill", percent=f"{100 * figures.fill:.1f}")
    limit = campaign.rules.feeder.ride_limit_min
    line("longest", minutes=-(-figures.longest_ride_s // 60), limit=limit)
    for cause, heads in figures.unserved.items():
        line("cause", heads=heads, cause=text(f"cause_name.{cause}", locale=locale))


def _explain(args: argparse.Namespace) -> int:
    from exports.words import text  # noqa: PLC0415
    from planner.intake.planfile import read_plan  # noqa: PLC0415

    campaign, plan = _load(args), read_plan(args.plan)
    _hold_to(campaign, plan)
    if args.json:
        _print_json(_summary_json(campaign, plan) | {"unserved": [asdict(left) for left in plan.unserved]})
        return OK
    _print_summary(campaign, plan, args.locale)
    for left in plan.unserved:
        print(_unserved_lines(left, args.locale))
    if not plan.unserved:
        print(text("cli.nothing_unserved", locale=args.locale))
    return OK


def _unserved_lines(left: Unserved, locale: str) -> str:
    from exports.words import text  # noqa: PLC0415

    lines = [text(f"cause.{left.cause}", locale=locale, **left.args), "  " + " ".join(left.registration_ids)]
    if left.fix is not None:
        fix = text(f"fix.{left.fix.kind}", locale=locale, **left.fix.args)
        if left.fix.cost_fen is None:
            lines.append("  " + text("fix.lead", locale=locale, fix=fix))
        else:
            lines.append("  " + text("fix.lead_cost", locale=locale, fix=fix, yuan=_yuan(left.fix.cost_fen)))
    return "\n".join(lines)


def _diff(args: argparse.Namespace) -> int:
    from exports.words import text  # noqa: PLC0415
    from planner.diff import diff_plans  # noqa: PLC0415
    from planner.intake.planfile import read_plan  # noqa: PLC0415

    changes = diff_plans(read_plan(args.old), read_plan(args.new))
    if args.json:
        _print_json({"changes": [asdict(change) for change in changes]})
        return OK
    for change in changes:
        timed = change.kind in ("run_moved", "person_time")
        was, now = (_clock(value) if timed else value for value in (change.was, change.now))
        print(text(f"cli.change.{change.kind}", locale=args.locale, item=change.item, was=was, now=now))
    if not changes:
        print(text("cli.no_change", locale=args.locale))
    return OK


def _export(args: argparse.Namespace) -> int:
    from exports.pack import KINDS, Order, render, rare_names, write_documents  # noqa: PLC0415
    from exports.words import text  # noqa: PLC0415
    from planner.intake.planfile import read_plan  # noqa: PLC0415
    from planner.model.campaign import CHINA  # noqa: PLC0415

    kinds = tuple(KINDS) if args.kind == "all" else tuple(args.kind.split(","))
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(text("cli.bad_kind", kind=kind, kinds=", ".join((*KINDS, "all"))))
    try:
        now = datetime.fromisoformat(args.now) if args.now else datetime.now(CHINA).replace(microsecond=0)
    except ValueError as error:
        raise UsageError(text("cli.bad_now")) from error
    now = now.replace(tzinfo=CHINA) if now.tzinfo is None else now.astimezone(CHINA)
    campaign, plan = _load(args), read_plan(args.plan)
    _hold_to(campaign, plan)

    def tell(done: int, total: int) -> None:
        print("\r" + text("cli.progress.documents", locale=args.locale, done=done, total=total), end="", file=sys.stderr)

    workers = args.workers or os.cpu_count() or 1
    order = Order(kinds=kinds, locale=args.locale, now=now, workers=workers)
    documents = render(campaign, plan, order=order, progress=tell)
    written = write_documents(documents, args.out)
    print(file=sys.stderr)
    rare = rare_names(campaign)
    if args.json:
        _print_json({"folder": str(args.out), "documents": written, "handwrite": rare})
        return OK
    if rare:
        print(text("cli.rare", locale=args.locale, names="、".join(rare)))
    print(text("cli.written", locale=args.locale, name=f"{args.out} ({len(written)})"))
    return OK


def _roster(args: argparse.Namespace) -> int:
    from planner.intake.roster import roster_lines  # noqa: PLC0415

    campaign = _load(argparse.Namespace(folder=args.campaign, locale=args.locale))
    outcome = ""
    for row in roster_lines(args.file, campaign):
        print(json.dumps(row, ensure_ascii=False))
        outcome = row["outcome"]
    return REFUSED if outcome == "reject_file" else OK


def _load(args: argparse.Namespace, *, strict: bool = False) -> Campaign:
    """Load the folder; troubles go to stderr, and end the command when nothing can be made of it."""
    from exports.words import text  # noqa: PLC0415
    from planner.intake.folder import load_campaign  # noqa: PLC0415

    campaign, issues = load_campaign(args.folder)
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if campaign is None or (strict and errors):
        raise InputError(errors)
    if errors:
        for issue in errors:
            print(_issue_line(issue, args.locale), file=sys.stderr)
        print(text("cli.left_out", locale=args.locale, count=len(errors)), file=sys.stderr)
    return campaign


def _hold_to(campaign: Campaign, plan: Plan) -> None:
    from planner.demand import campaign_digest  # noqa: PLC0415

    if plan.campaign_digest != campaign_digest(campaign):
        raise ConflictError


@contextmanager
def _stoppable(locale: str) -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a wish to stop, the second into giving up."""
    from exports.words import text  # noqa: PLC0415

    stopped = False

    def wish(_number: int, _frame: object) -> None:
        nonlocal stopped
        if stopped:
            raise KeyboardInterrupt
        stopped = True
        print("\n" + text("cli.stopping", locale=locale), file=sys.stderr)

    before = signal.signal(signal.SIGINT, wish)
    try:
        yield lambda: stopped
    finally:
        signal.signal(signal.SIGINT, before)


def _progress(locale: str) -> Callable[[Step], None]:
    """Say each new stage, and better costs at most once a second, with the seconds since the start."""
    from exports.words import text  # noqa: PLC0415

    began = last = time.monotonic()

    def tell(step: Step) -> None:
        nonlocal last
        now = time.monotonic()
        words = text(f"cli.progress.{step.stage}", locale=locale)
        if step.cost_fen is not None:
            if now - last < 1:
                return
            words = text("cli.progress.best", locale=locale, item=step.item, yuan=_yuan(step.cost_fen))
        last = now
        print(f"{now - began:6.1f} s  {words}", file=sys.stderr, flush=True)

    return tell


def _cache_folder() -> Path | None:
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "spring-breeze"
    except RuntimeError:
        return None


def _write(target: Path, content: str) -> None:
    """Write aside, then rename, so that a plan file is whole or not there."""
    from exports.words import text  # noqa: PLC0415

    aside = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(content, encoding="utf-8", newline="\n")
        aside.replace(target)
    except OSError as error:
        raise ExportError(text("cli.error_write", name=str(target), reason=error.strerror or "?")) from error


def _print_json(content: object) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=1, default=str))


def _issue_line(issue: Issue, locale: str) -> str:
    from exports.words import text  # noqa: PLC0415

    where = issue.where
    spot = ":".join(str(part) for part in (where.file, where.sheet, where.row or "", where.column, where.item) if part)
    return f"{spot}  {text(issue.code, locale=locale, **issue.args)}  [{issue.severity} {issue.code}]"


def _violation_line(violation: Any, locale: str) -> str:
    from exports.words import text  # noqa: PLC0415

    words = text(f"rule.{violation.rule}", locale=locale, **violation.args)
    clause = f" ({violation.clause})" if violation.clause else ""
    return f"{violation.where.item}  {words}{clause}  [{violation.severity} {violation.rule}]"


def _say_both(key: str, **args: str | int) -> None:
    """One bilingual line on stderr: for refusals that may come before a language is known."""
    from exports.words import text  # noqa: PLC0415

    print(" / ".join(text(key, locale=locale, **args) for locale in ("zh_CN", "en")), file=sys.stderr)


def _say_issues(issues: Sequence[Issue]) -> None:
    for issue in issues:
        for locale in ("zh_CN", "en"):
            print(_issue_line(issue, locale), file=sys.stderr)
    _say_both("cli.refused", count=len(issues))


def _say_error(error: PlannerError) -> None:
    if isinstance(error, NotFoundError):
        _say_both("cli.error_not_found", what=error.what, name=error.name)
    elif isinstance(error, ConflictError):
        _say_both("cli.error_conflict")
    elif isinstance(error, SolverError):
        _say_both("cli.error_solver", stage=error.stage, reason=error.reason)
    else:
        _say_both("cli.error_export", reason=str(error))


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.0f}"


def _clock(seconds: object) -> object:
    if not isinstance(seconds, int):
        return seconds
    minutes = seconds // 60
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


if __name__ == "__main__":
    sys.exit(main())
