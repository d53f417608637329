"""``breeze match``: who fits which post; ``breeze suggest``: the best places for one and what they add."""

from __future__ import annotations

import math
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from planner.cli_files import load, read_previous, require_campaign
from planner.errors import ConflictError, NotFoundError, UsageError

if TYPE_CHECKING:
    import argparse

    from planner.model.agenda import Agenda
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

OK: Final = 0
REFUSED: Final = 3
_DEFAULT_SECONDS: Final = 60.0


def add_match_options(word: argparse.ArgumentParser) -> None:
    """Add the options of ``breeze match``."""
    from exports.words import text

    word.add_argument("-o", "--out", type=Path, metavar="FILE.csv", help=text("cli.help.match_out"))
    word.add_argument("--names", action="store_true", help=text("cli.help.match_names"))
    word.add_argument("--fill", type=Path, metavar="NEW", help=text("cli.help.match_fill"))
    word.add_argument("--seconds", type=float, default=_DEFAULT_SECONDS, help=text("cli.help.match_seconds"))
    word.add_argument("--scenario", default="", metavar="NAME", help=text("cli.help.scenario"))
    word.add_argument("--previous", type=Path, metavar="OLD.json", help=text("cli.help.previous"))


def run_match(args: argparse.Namespace) -> int:
    """Match, then write the table to stdout or a file, with the figures beside it."""
    from exports.matchtable import MatchTable, find_names, render_rows
    from exports.words import text
    from planner import console
    from planner.console_outreach import say_matching
    from planner.matchsummary import summarise_matching

    if not 0 < args.seconds < math.inf:
        raise UsageError(text("cli.need_limit", locale=args.locale))
    campaign = load(args.folder, locale=args.locale, scenario=args.scenario, undecided=True)
    agenda = _match(args, campaign)
    rows = MatchTable(campaign, locale=args.locale).rows(agenda)
    names = find_names(campaign) if args.names else None
    figures = summarise_matching(campaign, agenda)
    lines = [] if figures is None else list(say_matching(figures, locale=args.locale))
    if args.fill is not None:
        lines.append(_fill(args, campaign, agenda=agenda))
    if args.out is not None:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(render_rows(rows, locale=args.locale, names=names), encoding="utf-8", newline="")
        lines.append(text("cli.written", locale=args.locale, name=f"{args.out} ({len(rows)})"))
    if args.json:
        found = {"matches": agenda.matches, "unmatched": agenda.unmatched}
        content = {name: [asdict(one) for one in parts] for name, parts in found.items()}
        console.print_json({"summary": None if figures is None else asdict(figures), **content})
        return OK
    if args.out is None:
        sys.stdout.write(render_rows(rows, locale=args.locale, names=names).removeprefix("\ufeff"))
    for line in lines:
        print(line, file=sys.stderr if args.out is None else sys.stdout)
    return OK


def _match(args: argparse.Namespace, campaign: Campaign) -> Agenda:
    """Plan matching alone; NotFoundError where nobody wishes or there is no post."""
    from planner import console
    from planner.solvers.matching import MatchEffort
    from planner.stages.matching import plan_matching

    previous = None if args.previous is None else read_previous(args.previous, campaign)
    with console.stoppable(args.locale) as stop:
        agenda = plan_matching(
            campaign,
            effort=MatchEffort(seconds=args.seconds, stop=stop),
            previous=None if previous is None else previous.agenda,
        )
    if agenda is None:
        raise NotFoundError("posts.csv, wishes.csv", args.folder.name)
    return agenda


def _fill(args: argparse.Namespace, campaign: Campaign, *, agenda: Agenda) -> str:
    """Write a folder with destinations and employers filled in, and say how many."""
    from exports.words import text
    from planner.intake.folder import save_campaign
    from planner.matchfill import fill_registrations

    if args.scenario:
        raise UsageError("--fill, --scenario")
    filled = fill_registrations(campaign, agenda)
    save_campaign(filled.campaign, args.fill)
    return text(
        "cli.match.filled",
        locale=args.locale,
        name=str(args.fill),
        destinations=filled.destinations,
        employers=filled.employers,
        elsewhere=filled.elsewhere,
        open=filled.still_open,
    )


def add_suggest_options(word: argparse.ArgumentParser) -> None:
    """Add the options of ``breeze suggest``: one of what it is asked about."""
    from exports.words import text

    about = word.add_mutually_exclusive_group(required=True)
    about.add_argument("--visit", metavar="ID", help=text("cli.help.suggest_visit"))
    about.add_argument("--person", metavar="ID", help=text("cli.help.suggest_person"))
    about.add_argument("--fair", metavar="ID", help=text("cli.help.suggest_fair"))


def run_suggest(args: argparse.Namespace) -> int:
    """Print the best five for what is asked, and what each adds to the cost of the plan."""
    from planner.demand import campaign_digest
    from planner.intake.planfile import read_plan

    plan = read_plan(args.plan)
    campaign = load(args.folder, locale=args.locale, scenario=plan.scenario)
    require_campaign(args.plan, plan, ours=campaign.id)
    if plan.campaign_digest != campaign_digest(campaign):
        raise ConflictError
    if args.fair is not None:
        return _suggest_fair(args, campaign, plan=plan)
    if args.visit is not None:
        from planner.cli_visit import suggest_visit

        return suggest_visit(args, campaign, plan=plan)
    return _suggest_person(args, campaign, plan=plan)


def _suggest_fair(args: argparse.Namespace, campaign: Campaign, *, plan: Plan) -> int:
    from exports.words import text
    from planner import console
    from planner.console_fairs import say_slots
    from planner.decisions import standing_locks
    from planner.model.agenda import Agenda
    from planner.model.fairs import FairId
    from planner.model.locks import LockKind
    from planner.stages.fairslots import suggest_slots

    try:
        advice = suggest_slots(campaign, plan.agenda or Agenda(), fair_id=FairId(args.fair))
    except NotFoundError:
        console.say_both("cli.slots.unknown", fair=args.fair)
        return REFUSED
    if args.json:
        console.print_json({"fair": args.fair, **asdict(advice)})
        return OK
    name = next(fair.name for fair in campaign.outreach.fairs if fair.id == args.fair)
    lock = standing_locks(campaign, LockKind.FAIR).get(args.fair)
    if lock is not None:
        until = lock.until.isoformat()
        print(text("cli.slots.lock", locale=args.locale, who=lock.who, why=lock.why, until=until))
    for line in say_slots(campaign, name, advice=advice, locale=args.locale):
        print(line)
    return OK


def _suggest_person(args: argparse.Namespace, campaign: Campaign, *, plan: Plan) -> int:
    from exports.matchtable import MatchTable
    from exports.words import text
    from planner import console
    from planner.model.agenda import Agenda
    from planner.model.jobs import SeekerId
    from planner.stages.offers import suggest_offers

    agenda = plan.agenda or Agenda()
    person = SeekerId(args.person)
    try:
        offers = suggest_offers(campaign, agenda, seeker_id=person)
    except NotFoundError:
        console.say_both("cli.suggest.unknown", person=person)
        return REFUSED
    if args.json:
        console.print_json({"person": person, "offers": [asdict(offer) for offer in offers]})
        return OK
    table = MatchTable(campaign, locale=args.locale)
    has = next((match.post_id for match in agenda.matches if match.seeker_id == person), None)
    now = text("cli.suggest.none", locale=args.locale) if has is None else table.post_words(has)
    print(text("cli.suggest.now", locale=args.locale, person=person, post=now))
    for number, offer in enumerate(offers, start=1):
        key = "offer" if offer.exact else "offer_about"
        print(
            text(
                f"cli.suggest.{key}",
                locale=args.locale,
                number=number,
                post=table.post_words(offer.post_id),
                yuan=f"{offer.added_fen / 100:+,.2f}",
            )
        )
    if not offers:
        print(text("cli.suggest.nothing", locale=args.locale))
    return OK
