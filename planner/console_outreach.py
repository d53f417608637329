"""What the command says of tours and matching: how many, the bound, what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.words import label, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.errors import Arg
    from planner.matchsummary import MatchSummary
    from planner.summary import Summary
    from planner.toursummary import TourSummary


def say_outreach(figures: Summary, *, locale: str) -> Iterator[str]:
    """Give the figures of all parts that a plan has."""
    if figures.tours is not None:
        yield from say_tours(figures.tours, locale=locale)
    if figures.matching is not None:
        yield from say_matching(figures.matching, locale=locale)


def say_matching(figures: MatchSummary, *, locale: str) -> Iterator[str]:
    """Give the figures of matching line by line."""

    def line(key: str, **values: Arg) -> str:
        return text(f"cli.match.{key}", locale=locale, **values)

    yield line("people", wished=figures.wished, matched=figures.matched, places=figures.places)
    for cause, heads in figures.causes.items():
        yield "  " + line("cause", heads=heads, cause=label(cause, locale=locale))
    if figures.groups:
        yield line("groups", groups=figures.groups, kept=figures.groups_kept)
    if figures.groups_hopeless:
        yield "  " + line("hopeless", groups=figures.groups_hopeless)
    cost = f"{figures.cost_fen / 100:,.0f}"
    if figures.bound_fen is None:
        yield line("unproved", cost=cost)
    elif figures.bound_fen == figures.cost_fen:
        yield line("proved", cost=cost)
    else:
        gap = "-" if figures.gap is None else f"{100 * figures.gap:.2f}"
        yield line("bound", cost=cost, bound=f"{figures.bound_fen / 100:,.0f}", gap=gap)
    if figures.pruned_fen is not None:
        key = "pruned" if figures.pruned_fen else "audited"
        yield line(key, lost=f"{figures.pruned_fen / 100:,.0f}")


def say_tours(figures: TourSummary, *, locale: str) -> Iterator[str]:
    """Give the figures of tours line by line."""

    def line(key: str, **values: Arg) -> str:
        return text(f"cli.tours.{key}", locale=locale, **values)

    yield line(
        "visits",
        required=figures.required,
        required_made=figures.required_made,
        optional=figures.optional,
        optional_made=figures.optional_made,
    )
    for cause, count in figures.causes.items():
        yield "  " + line("cause", count=count, cause=label(cause, locale=locale))
    if figures.held:
        yield line("held", count=figures.held)
    yield line(
        "squads",
        squads=figures.squads,
        days=figures.squad_days,
        nights=figures.nights,
        km=f"{figures.length_m / 1000:,.0f}",
        hours=f"{figures.drive_s / 3600:,.0f}",
        spread=f"{100 * figures.spread:.1f}",
    )
    money = {"road": f"{figures.road_fen / 100:,.0f}", "cost": f"{figures.cost_fen / 100:,.0f}"}
    if figures.gap is None:
        yield line("unproved", **money)
    else:
        bound = f"{(figures.bound_fen or 0) / 100:,.0f}"
        yield line("bound", **money, bound=bound, gap=f"{100 * figures.gap:.1f}")
