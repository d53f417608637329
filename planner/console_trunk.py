"""What the command says of departures: coaches, groups, waiting, captains, subsidies, proofs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exports.floor import say_proofs
from exports.words import has_text, text
from planner.model.plan import Cause
from planner.refusal import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planner.errors import Arg
    from planner.model.campaign import Campaign
    from planner.model.plan import Fix, Plan, Unserved
    from planner.trunk_summary import TrunkSummary


def say_trunk(plan: Plan, figures: TrunkSummary, *, locale: str) -> Iterator[str]:
    """Give the figures of the departures line by line; what there is nothing of is left out."""

    def line(key: str, **values: Arg) -> str:
        return text(f"cli.trunk.{key}", locale=locale, **values)

    if figures.coaches:
        yield line("coaches", coaches=figures.coaches, vehicles=figures.vehicles, drivers=figures.drivers)
        yield line("fill", percent=f"{100 * figures.fill:.1f}")
    sums = {
        "yuan": plan.trunk_cost_fen + plan.cost_fen,
        "trunk": plan.trunk_cost_fen,
        "feeder": plan.cost_fen,
    }
    shown = {name: _yuan(fen) for name, fen in sums.items()}
    yield line("cost", head=f"{figures.head_fen / 100:,.2f}", **shown)
    if figures.groups:
        yield line("groups", kept=figures.groups_kept, groups=figures.groups, least=figures.group_heads)
    yield line("waiting", mean=f"{figures.wait_mean:.2f}", most=figures.wait_max)
    if plan.captains:
        yield line("captains", captains=figures.captains, needed=figures.captains_needed)
    for cause, (heads, fen) in _by_cause(figures).items():
        yield line("subsidies", heads=heads, yuan=_yuan(fen), reason=_reason(cause, locale=locale))
    yield from _say_exceptions(figures, locale=locale)
    yield from say_proofs(plan, locale=locale)


def say_subsidised(campaign: Campaign, figures: TrunkSummary, *, locale: str) -> Iterator[str]:
    """Say who goes by scheduled transport, by destination and reason, with what would help one of them."""
    names: dict[str, str] = {entry.id: entry.name for entry in campaign.destinations}
    for count in figures.subsidies:
        yield text(
            "cli.trunk.subsidised",
            locale=locale,
            to=names.get(count.destination_id, count.destination_id),
            heads=count.heads,
            yuan=_yuan(count.fen),
            reason=_reason(count.cause, locale=locale),
        )
        if count.sample is not None:
            example = say_cause(count.sample, locale=locale)
            yield "  " + text("cli.trunk.example", locale=locale, words=example)
            if count.sample.fix is not None:
                yield "  " + say_fix(count.sample.fix, locale=locale)


def say_cause(left: Unserved, *, locale: str, home: bool = False) -> str:
    """Word why somebody is left behind; ``home``: on the way there."""
    name = f"{left.cause}_ever" if left.args.get("latest") == NEVER else str(left.cause)
    turned = f"cause_home.{name}"
    key = turned if home and has_text(turned, locale=locale) else f"cause.{name}"
    hours, minutes = divmod(int(left.args.get("drive_min") or 0), 60)
    return text(key, locale=locale, **{**left.args, "hours": hours, "minutes": minutes})


def join_alike(unserved: Iterable[Unserved]) -> list[Unserved]:
    """Join parties whom the law refuses the same line: one sentence for all of them."""
    joined: dict[object, Unserved] = {}
    for left in unserved:
        key: object = left.registration_ids
        if left.cause is Cause.RUN_UNLAWFUL and left.fix is not None and "heads" not in left.fix.args:
            key = tuple(sorted((name, value) for name, value in left.args.items() if name != "heads"))
        ids = (*joined[key].registration_ids, *left.registration_ids) if key in joined else ()
        joined[key] = (
            replace(left, registration_ids=ids, args={**left.args, "heads": len(ids)}) if ids else left
        )
    return list(joined.values())


def say_fix(fix: Fix, *, locale: str, key: str = "") -> str:
    """Word the smallest change, with its price where it is known; ``key``: in other words."""
    words = text(key or f"fix.{fix.kind}", locale=locale, **fix.args)
    if fix.cost_fen is None:
        return text("fix.lead", locale=locale, fix=words)
    return text("fix.lead_cost", locale=locale, fix=words, yuan=_yuan(fix.cost_fen))


def _say_exceptions(figures: TrunkSummary, *, locale: str) -> Iterator[str]:
    """Lines that the law refuses, and what somebody allowed against a rule."""
    for refused in figures.refused:
        yield text("cli.trunk.refused", locale=locale, **{**refused.args, "heads": refused.heads})
    for entry in figures.overrides:
        yield text(
            "cli.trunk.override",
            locale=locale,
            rule=entry.rule,
            item=entry.item,
            who=entry.who,
            why=entry.why,
            until=entry.until.isoformat(),
        )


def _by_cause(figures: TrunkSummary) -> dict[Cause | None, tuple[int, int]]:
    """Heads and fen of those who are paid, by reason."""
    found: dict[Cause | None, tuple[int, int]] = {}
    for count in figures.subsidies:
        heads, fen = found.get(count.cause, (0, 0))
        found[count.cause] = (heads + count.heads, fen + count.fen)
    return found


def _reason(cause: Cause | None, *, locale: str) -> str:
    return text(f"cause_name.{cause or 'too_few'}", locale=locale)


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.0f}"
