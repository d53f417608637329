"""``breeze feed``: one calendar feed of a plan, to stdout or a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from planner.cli_files import has_errors, load_both

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from exports.feeds import Address, FeedBook, Scope
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

OK: Final = 0
REFUSED: Final = 3
INCOMPLETE: Final = 4

_SHOWN: Final = 20
"""Ids that are listed when one is not known."""


def add_options(word: argparse.ArgumentParser) -> None:
    """Add the options of ``breeze feed``."""
    from exports.words import text

    word.add_argument("plan", type=Path)
    whose = word.add_mutually_exclusive_group(required=True)
    for scope in ("squad", "fair", "township"):
        whose.add_argument(f"--{scope}", metavar="ID", help=text(f"cli.help.feed_{scope}"))
    whose.add_argument("--all", action="store_true", help=text("cli.help.feed_all"))
    word.add_argument("--now", default=None, metavar="ISO")
    word.add_argument("-o", "--out", type=Path, metavar="FILE.ics")


def run(args: argparse.Namespace, *, read_now: Callable[[argparse.Namespace], datetime]) -> int:
    """Write the feed; an id that is not there is answered with those that are. A fair not held is said."""
    from exports.feeds import FeedBook
    from exports.ics import draw_feed
    from exports.words import text
    from planner import console

    now = read_now(args)
    campaign, plan, violations = load_both(args)
    if has_errors(violations):
        console.say_verdict(violations, locale=args.locale)
        return INCOMPLETE
    book = FeedBook(campaign, plan, locale=args.locale, now=now)
    address = _find_address(book, args)
    if address is None:
        return _refuse(book, args)
    view = book.build(address)
    document = draw_feed(view, locale=args.locale, now=now)
    code = INCOMPLETE if _say_refused(campaign, plan, address=address) and not view.entries else OK
    if args.out is None:
        sys.stdout.buffer.write(document.content)  # as it is: line ends are CRLF
        return code
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_bytes(document.content)
    if args.json:
        console.print_json({"file": str(args.out), "name": view.name, "entries": len(view.entries)})
    else:
        print(text("cli.written", locale=args.locale, name=f"{args.out} ({len(view.entries)})"))
    return code


def _say_refused(campaign: Campaign, plan: Plan, *, address: Address) -> bool:
    """Say in both languages that the fair asked for is not held, and whether that is so."""
    from exports.feeds import Scope
    from planner import console
    from planner.model.fairs import FairId

    refused = {fair.fair_id for fair in plan.agenda.refused_fairs} if plan.agenda else set[FairId]()
    for fair in campaign.outreach.fairs:
        if address.scope is Scope.FAIR and fair.id == address.item and fair.id in refused:
            console.say_both("cli.feed.refused", name=fair.name, fair=fair.id)
            return True
    return False


def _find_address(book: FeedBook, args: argparse.Namespace) -> Address | None:
    """Give whose feed is asked for, by id or by the whole name; None when there is no such one."""
    from exports.feeds import Address, Scope

    scope, item = _asked(args)
    if scope is Scope.ALL:
        return Address(scope=scope)
    known, gone = book.list_items(scope), book.list_gone(scope)
    found = (
        [each for each, _ in (*known, *gone) if item == each]
        or [each for each, name in known if item == name]
        or [each for each, name in gone if item == name]
    )
    return Address(scope=scope, item=found[0]) if len(found) == 1 else None


def _asked(args: argparse.Namespace) -> tuple[Scope, str]:
    from exports.feeds import Scope

    for scope in (Scope.SQUAD, Scope.FAIR, Scope.TOWNSHIP):
        item: str | None = getattr(args, scope)
        if item is not None:
            return scope, item
    return Scope.ALL, ""


def _refuse(book: FeedBook, args: argparse.Namespace) -> int:
    """Say in both languages that there is no such id, and which there are."""
    from exports.words import LOCALES, text
    from planner import console

    scope, item = _asked(args)
    known = (*book.list_items(scope), *book.list_gone(scope))
    if args.json:
        console.print_json({"error": "NotFoundError", "issues": [], "known": [each for each, _ in known]})
    for locale in LOCALES:
        kind = text(f"cli.feed.{scope}", locale=locale)
        print(text("cli.feed.unknown", locale=locale, kind=kind, name=item), file=sys.stderr)
        listed = _list_known(known, locale=locale) if known else text("cli.feed.none", locale=locale)
        print(listed, file=sys.stderr)
    return REFUSED


def _list_known(known: Sequence[tuple[str, str]], *, locale: str) -> str:
    from exports.words import text

    between = text("cli.feed.and", locale=locale)
    words = between.join(f"{each} {name}" for each, name in known[:_SHOWN])
    more = len(known) - _SHOWN
    listed = text("cli.feed.known", locale=locale, items=words)
    return listed + (text("cli.feed.more", locale=locale, count=more) if more > 0 else "")
