"""What the command says of fairs: figures, notices of the calendar, why some are not held, better slots."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from exports.dates import say_told_day
from exports.words import has_text, label, text
from planner.model.agenda import FairCause, RemedyKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from planner.errors import Arg
    from planner.fairsummary import FairSummary
    from planner.model.agenda import RefusedFair, Remedy
    from planner.model.campaign import Campaign
    from planner.stages.fairslots import SlotAdvice, SlotRefusal

_FEN = 100
_LABELLED = ("kind", "reason")
"""Figures that are a member of an enum, by its label."""


def say_fairs(figures: FairSummary, *, locale: str) -> Iterator[str]:
    """Give the figures of fairs line by line."""

    def line(key: str, **values: Arg) -> str:
        return text(f"cli.fairs.{key}", locale=locale, **values)

    yield line(
        "held",
        held=figures.held,
        commissioned=figures.commissioned,
        visitors=figures.visitors,
        posts=figures.posts,
        bookings=figures.bookings,
        markets=figures.markets,
    )
    for cause, count in figures.causes.items():
        yield "  " + line("cause", count=count, cause=label(cause, locale=locale))
    for lock in figures.locks:
        until = lock.until.isoformat()
        yield "  " + line("lock", fair=lock.item, who=lock.who, why=lock.why, until=until)
    yield from ("  " + line("dropped", fair=fair) for fair in figures.dropped)
    yield from ("  " + line("empty", fair=fair) for fair in figures.empty)
    worth = f"{-figures.cost_fen / _FEN:,.0f}"
    if figures.bound_fen is None or figures.gap is None:
        yield line("unproved", worth=worth)
    elif figures.gap == 0:
        yield line("proved", worth=worth)
    else:
        bound = f"{-figures.bound_fen / _FEN:,.0f}"
        yield line("bound", worth=worth, bound=bound, gap=f"{100 * figures.gap:.2f}")
    for year in figures.unannounced:
        yield line("unannounced", year=year)
    for place in figures.disputed:
        yield line("disputed", place=place)


def say_refused_fair(refused: RefusedFair, *, locale: str) -> Iterator[str]:
    """Say why a fair is not held, who fixed or announced it, and what would help."""
    args = _words(dict(refused.args), locale=locale)
    fixed = f"fair_fixed.{refused.args.get('fixed') or 'window'}"
    args["window"] = text(fixed, locale=locale, first=args.get("first", ""), last=args.get("last", ""))
    cause = refused.args.get("reason", refused.cause)
    why = text(f"fair_why.{cause}", locale=locale, **args)
    yield text("fair_refused.why", locale=locale, fair=args["fair"], why=why)
    if "item" in args:
        alone = refused.cause is FairCause.LOCKS_CONTRADICT
        yield "  " + text(f"fair_refused.{'lock' if alone else 'lock_too'}", locale=locale, **args)
    if args.get("announced"):
        yield "  " + text("fair_refused.announced", locale=locale, **args)
    if refused.remedy is not None:
        yield "  " + say_fair_remedy(refused.remedy, locale=locale)


def say_fair_remedy(remedy: Remedy, *, locale: str) -> str:
    """Say what would place a fair."""
    args = _words(dict(remedy.args), locale=locale)
    fix = text(f"fair_fix.{remedy.kind}", locale=locale, **args)
    if "who" in args and remedy.kind is not RemedyKind.RELEASE_LOCK:
        fix = text("fair_refused.released", locale=locale, **args, fix=fix)
    return text("fix.lead", locale=locale, fix=fix)


def say_slots(campaign: Campaign, fair: str, *, advice: SlotAdvice, locale: str) -> Iterator[str]:
    """Say where a fair is, the best slots with what they add, and which days will not do and why."""
    venues: dict[str, str] = {venue.id: venue.name for venue in campaign.outreach.venues}
    firms: dict[str, str] = {firm.id: firm.employer for firm in campaign.outreach.exhibitors}

    def where(day: date, venue: str | None) -> str:
        name = text("cli.slots.online", locale=locale) if venue is None else venues.get(venue, venue)
        return f"{say_told_day(day, locale=locale)} {name}"

    now = advice.now
    at = text("cli.slots.nowhere", locale=locale) if now is None else where(now.day, now.venue_id)
    yield text("cli.slots.now", locale=locale, fair=fair, where=at)
    for number, offer in enumerate(advice.offers, start=1):
        yuan = f"{offer.added_fen / _FEN:+,.2f}"
        words = text(
            "cli.slots.offer", locale=locale, number=number, where=where(offer.day, offer.venue_id), yuan=yuan
        )
        if offer.market:
            words += text("cli.slots.market", locale=locale)
        if offer.absent:
            names = text("cli.slots.and", locale=locale).join(firms.get(one, one) for one in offer.absent)
            words += text("cli.slots.absent", locale=locale, count=len(offer.absent), firms=names)
        yield words
    if not advice.offers:
        yield text("cli.slots.nothing", locale=locale)
    for run in _runs(advice.refused):
        first, last = run[0], run[-1]
        days = first.day.isoformat() + (f" – {last.day.isoformat()}" if last is not first else "")
        venue = "" if first.venue_id is None else venues.get(first.venue_id, first.venue_id)
        at = " ".join(filter(None, (days, venue)))
        cause = label(first.cause, locale=locale)
        key = "cli.slots.refused_beside" if first.other else "cli.slots.refused"
        yield "  " + text(key, locale=locale, where=at, cause=cause, other=first.other)


def _runs(refused: Sequence[SlotRefusal]) -> Iterator[list[SlotRefusal]]:
    """Days in a row at a venue that one rule refuses."""
    numbered = [(slot.day.toordinal() - number, slot) for number, slot in enumerate(refused)]

    def alike(entry: tuple[int, SlotRefusal]) -> tuple[str, FairCause, str, int]:
        return entry[1].venue_id or "", entry[1].cause, entry[1].other, entry[0]

    for _, run in groupby(numbered, key=alike):
        yield [slot for _, slot in run]


def _words(args: dict[str, Arg], *, locale: str) -> dict[str, Arg]:
    """Figures with members of enums as their labels."""
    tables = {"kind": "fair_kind", "reason": "fair_cause"}
    for name in _LABELLED:
        key = f"label.{tables[name]}.{args.get(name)}"
        if has_text(key, locale=locale):
            args[name] = text(key, locale=locale)
    return args
