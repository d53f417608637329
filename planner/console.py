"""What the command says: findings, figures and refusals, in words from the catalogues.

Results go to stdout, everything else to stderr. What may be refused before a language is known is said
in both.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from exports.floor import say_floor, say_trouble
from exports.visitwords import VisitWords
from exports.words import LOCALES, has_text, text
from planner.check import RULES
from planner.console_fairs import say_fairs, say_refused_fair
from planner.console_locks import say_locks
from planner.console_outreach import say_outreach
from planner.console_trunk import say_cause, say_fix, say_subsidised, say_trunk
from planner.errors import (
    ConflictError,
    MissingExtraError,
    NotFoundError,
    OtherCampaignError,
    PlannerError,
    Severity,
    SolverError,
    UsageError,
)
from planner.summary import summarise
from planner.trunk_summary import summarise_trunk

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from pathlib import Path

    from planner.errors import Arg, Issue
    from planner.model.agenda import Agenda
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan, Unserved, Violation
    from planner.pipeline import Step
    from planner.summary import Summary

_PROGRESS_LINES: Final = 5
"""Lines of progress where nobody watches a terminal."""


def print_json(content: object) -> None:
    """Print one JSON document."""
    print(json.dumps(content, ensure_ascii=False, indent=1, default=str))


def print_issues(issues: Sequence[Issue], *, locale: str) -> None:
    """Print every issue on a line of its own, the gravest first, and how many there are of each weight."""
    ranks = list(Severity)
    for issue in sorted(issues, key=lambda issue: ranks.index(issue.severity)):
        print(issue_line(issue, locale=locale))
    if not issues:
        print(text("cli.no_trouble", locale=locale))
        return
    counts = Counter(issue.severity for issue in issues)
    print(text("cli.tally", locale=locale, **{rank.value: counts[rank] for rank in ranks}))


def print_words(key: str, *, locale: str) -> None:
    """Print one line of the catalogue."""
    print(text(key, locale=locale))


def print_verdict(violations: Sequence[Violation], *, locale: str, for_issue: bool = False) -> None:
    """Print every violation with its clause and who lets it stand, or that the plan keeps all rules."""
    for line in _verdict(violations, locale=locale, for_issue=for_issue):
        print(line)


def say_verdict(violations: Sequence[Violation], *, locale: str) -> None:
    """Say on stderr why nothing is made from this plan."""
    for line in _verdict(violations, locale=locale):
        print(line, file=sys.stderr)


def _verdict(violations: Sequence[Violation], *, locale: str, for_issue: bool = False) -> Iterator[str]:
    for violation in violations:
        words = text(_rule_key(violation, locale=locale), locale=locale, **violation.args)
        clause = f" ({violation.clause})" if violation.clause else ""
        allowed = ""
        if violation.severity is Severity.NOTICE:
            allowed = " " + text("cli.allowed", locale=locale, **violation.args)
        yield f"{violation.where.item}  {words}{clause}{allowed}  [{violation.severity} {violation.rule}]"
    counts = Counter(violation.severity for violation in violations)
    asked = sum(for_issue or not rule.for_issue for rule in RULES)
    if counts[Severity.ERROR]:
        yield text("cli.plan_broken", locale=locale, count=counts[Severity.ERROR])
    elif not violations:
        yield text("cli.plan_ok", locale=locale, count=asked)
    if counts[Severity.WARNING] or counts[Severity.NOTICE]:
        yield text(
            "cli.plan_remarks",
            locale=locale,
            warning=counts[Severity.WARNING],
            notice=counts[Severity.NOTICE],
        )


def _rule_key(violation: Violation, *, locale: str) -> str:
    """Words of its own where a rule was broken on the way home and reads the other way round there."""
    turned = f"rule_home.{violation.rule}"
    mirrored = bool(violation.args.get("mirrored")) and has_text(turned, locale=locale)
    return turned if mirrored else f"rule.{violation.rule}"


def summary_json(campaign: Campaign, plan: Plan) -> dict[str, object]:
    """Give the figures of a plan as JSON-able content."""
    head = {"version": plan.version, "campaign_digest": plan.campaign_digest, "effort": asdict(plan.effort)}
    locks = [asdict(entry) for entry in plan.locks]
    return {"plan": head, "locks": locks, "summary": asdict(summarise(campaign, plan))}


def print_summary(campaign: Campaign, plan: Plan, *, locale: str) -> None:
    """Print what an organiser reads first: people, vehicles, money with its floor, rides, causes."""
    figures = summarise(campaign, plan)

    def line(key: str, **values: Arg) -> None:
        print(text(f"cli.summary.{key}", locale=locale, **values))

    line("title", name=campaign.name, version=plan.version)
    line(
        "people_paid" if figures.subsidised else "people",
        demanded=figures.demanded,
        served=figures.served,
        subsidised=figures.subsidised,
        unserved=figures.left_behind,
    )
    line("vehicles", vehicles=figures.vehicles, rounds=figures.rounds, again=figures.second_rounds)
    line("distance", km=f"{figures.length_m / 1000:,.0f}", empty_km=f"{figures.empty_m / 1000:,.0f}")
    head = f"{figures.cost_fen / 100 / figures.served:,.2f}" if figures.served else "-"
    line("cost", yuan=_yuan(figures.cost_fen), head_yuan=head)
    _print_floor(plan, locale=locale)
    line("fill", percent=f"{100 * figures.fill:.1f}")
    limit = campaign.rules.feeder.ride_limit_min
    line("longest", minutes=-(-figures.longest_ride_s // 60), limit=limit)
    for words in _say_parts(plan, figures, locale=locale):
        print(words)
    for cause, heads in figures.unserved.items():
        line("cause", heads=heads, cause=text(f"cause_name.{cause}", locale=locale))


def _say_parts(plan: Plan, figures: Summary, *, locale: str) -> Iterator[str]:
    """What the plan is beside feeders, part by part where there is one."""
    if figures.trunk is not None:
        yield from say_trunk(plan, figures.trunk, locale=locale)
    if figures.fairs is not None:
        yield from say_fairs(figures.fairs, locale=locale)
    yield from say_outreach(figures, locale=locale)
    yield from say_locks(plan, locale=locale)


def _print_floor(plan: Plan, *, locale: str) -> None:
    first, *others = say_floor(plan, locale=locale)
    print(first)
    for words in others:
        print("  " + words)
    troubles = (say_trouble(entry.backend, entry.trouble, locale=locale) for entry in plan.troubles)
    for words in dict.fromkeys(troubles):
        print(words)


def print_subsidised(campaign: Campaign, plan: Plan, *, locale: str) -> None:
    """Print who goes by scheduled transport, by destination and reason, with what would help."""
    for words in say_subsidised(campaign, summarise_trunk(campaign, plan), locale=locale):
        print(words)


def print_unserved(left: Unserved, *, locale: str, home: bool = False) -> None:
    """Print who is left behind, why, and the smallest change with its price; ``home``: on the way there."""
    print(say_cause(left, locale=locale, home=home))
    print("  " + " ".join(left.registration_ids))
    if left.fix is not None:
        turned = f"fix_home.{left.fix.kind}"
        words = turned if home and has_text(turned, locale=locale) else ""
        print("  " + say_fix(left.fix, locale=locale, key=words))


def print_refused_fairs(plan: Plan, *, locale: str) -> None:
    """Print which fairs are not held, why, and what would help."""
    for refused in plan.agenda.refused_fairs if plan.agenda else ():
        for words in say_refused_fair(refused, locale=locale):
            print(words)


def print_visits(campaign: Campaign, agenda: Agenda, *, locale: str) -> None:
    """Print which visits are not made, why and what would help, and which are where somebody fixed them."""
    for words in VisitWords(campaign, locale=locale).lines(agenda):
        print(words)


def issue_line(issue: Issue, *, locale: str) -> str:
    """Word an issue: where, what and what to do, the code last."""
    where = issue.where
    parts = (where.file, where.sheet, where.row or "", where.column, where.item)
    spot = ":".join(str(part) for part in parts if part)
    return f"{spot}  {text(issue.code, locale=locale, **issue.args)}  [{issue.severity} {issue.code}]"


def say_both(key: str, **args: Arg) -> None:
    """Say one line in both languages on stderr."""
    print(" / ".join(text(key, locale=locale, **args) for locale in LOCALES), file=sys.stderr)


def say_issues(issues: Sequence[Issue]) -> None:
    """Say why the input is refused, every issue in both languages."""
    for issue in issues:
        for locale in LOCALES:
            print(issue_line(issue, locale=locale), file=sys.stderr)
    say_both("cli.refused", count=len(issues))


def say_error(error: PlannerError) -> None:
    """Say what went wrong, in one bilingual line."""
    if isinstance(error, NotFoundError):
        _say_not_found(error)
    elif isinstance(error, OtherCampaignError):
        say_both("cli.error_other_campaign", name=error.name, theirs=error.theirs, ours=error.ours)
    elif isinstance(error, ConflictError):
        say_both("cli.error_conflict")
    elif isinstance(error, SolverError):
        say_both("cli.error_solver", stage=error.stage, reason=error.reason)
    elif isinstance(error, MissingExtraError):
        say_both("cli.error_extra", extra=error.extra, python=error.python)
    elif isinstance(error, UsageError):
        say_both("cli.error_usage", reason=str(error))
    else:
        say_both("cli.error_export", reason=str(error))


def _say_not_found(error: NotFoundError) -> None:
    """Say in both languages what is not there, by the word for its kind where there is one."""
    said: list[str] = []
    for locale in LOCALES:
        key = f"cli.thing.{error.what}"
        what = text(key, locale=locale) if has_text(key, locale=locale) else error.what
        said.append(text("cli.error_not_found", locale=locale, what=what, name=error.name))
    print(" / ".join(said), file=sys.stderr)


def report_progress(locale: str) -> Callable[[Step], None]:
    """Make a listener that says each new stage, and better costs at most once a second, with the time."""
    began = last = time.monotonic()

    def tell(step: Step) -> None:
        nonlocal last
        now = time.monotonic()
        words = text(f"cli.progress.{step.stage}", locale=locale)
        if step.cost_fen is not None:
            if now - last < 1:
                return
            words = text("cli.progress.best", locale=locale, item=step.item, yuan=_yuan(step.cost_fen))
            if step.bound_fen:
                gap = f"{100 * (step.cost_fen / step.bound_fen - 1):.2f}"
                words += text("cli.progress.gap", locale=locale, yuan=_yuan(step.bound_fen), gap=gap)
        last = now
        print(f"{now - began:6.1f} s  {words}", file=sys.stderr, flush=True)

    return tell


def prepare_kernels(folder: Path | None, *, locale: str, stop: Callable[[], bool]) -> None:
    """Compile the search's kernels where this is their first run, and say so: it takes half a minute."""
    from planner.solvers.routing.compiled import prepare  # noqa: PLC0415  # most commands never search

    if folder is not None:
        prepare(folder, tell=lambda: print(text("cli.preparing", locale=locale), file=sys.stderr), stop=stop)


@contextmanager
def stoppable(locale: str) -> Generator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a wish to stop, the second into giving up."""
    stopped = False

    def wish(_number: int, _frame: object) -> None:
        nonlocal stopped
        if stopped:
            raise KeyboardInterrupt
        stopped = True
        print("\n" + text("cli.stopping", locale=locale), file=sys.stderr, flush=True)

    before = signal.signal(signal.SIGINT, wish)
    try:
        yield lambda: stopped
    finally:
        signal.signal(signal.SIGINT, before)


def report_documents(locale: str) -> Callable[[int, int], None]:
    """Make a listener that counts documents: one line that grows, or a few lines where nobody watches."""

    def tell(done: int, total: int) -> None:
        step = max(total // _PROGRESS_LINES, 1)
        if sys.stderr.isatty() or done == total or done % step == 0:
            words = text("cli.progress.documents", locale=locale, done=done, total=total)
            start, end = ("\r", "\n" if done == total else "") if sys.stderr.isatty() else ("", "\n")
            print(f"{start}{words}", end=end, file=sys.stderr, flush=True)

    return tell


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.0f}"
