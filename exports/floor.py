"""What is proved about a plan's cost, and what broke meanwhile: the same words wherever they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exports.words import text
from planner.model.plan import Relaxation
from planner.model.trunk import Stage

if TYPE_CHECKING:
    from planner.model.plan import Plan


_WIDE: Final = 0.05
"""A gap from which on a longer search is worth naming."""


def say_floor(plan: Plan, *, locale: str) -> tuple[str, ...]:
    """What no plan can undercut and by how much this one may lie above it, of what, who has recomputed it."""
    bound, basis, verified = plan.bound_fen, plan.bound_relaxation, plan.bound_verified_fen
    if bound is None or basis is None:
        return (text("cli.floor.none", locale=locale),)
    proved = basis is Relaxation.COMPLETE and bound == plan.cost_fen
    gap = f"{100 * (plan.cost_fen / max(bound, 1) - 1):.2f}" if plan.cost_fen else "0.00"
    key = "verified" if verified is not None else "unverified"
    return (
        text("cli.floor.proved" if proved else "cli.floor.bound", locale=locale, yuan=_yuan(bound), gap=gap),
        text(f"cli.relaxation.{basis}", locale=locale),
        text(f"cli.floor.{key}", locale=locale, yuan=_yuan(verified or 0)),
    )


def say_proofs(plan: Plan, *, locale: str) -> tuple[str, ...]:
    """What the stages beside the feeder reached by their own measure, and what nobody could undercut.

    Stages that look at one departure at a time are added up: so are their bounds.
    """
    found: list[str] = []
    for stage in Stage:
        proofs = [proof for proof in plan.proofs if proof.stage is stage]
        if not proofs:
            continue
        cost, bound = sum(proof.cost for proof in proofs), sum(proof.bound for proof in proofs)
        money = stage is Stage.TRUNK
        changed = sum(proof.changed for proof in proofs)
        found.append(
            text(
                f"cli.proof.{stage}{'_proved' if cost == bound else ''}",
                locale=locale,
                cost=_yuan(cost) if money else cost,
                bound=_yuan(bound) if money else bound,
                gap=f"{100 * (cost - bound) / bound:.2f}" if bound else "0.00",
            )
        )
        if changed:
            found.append("  " + text("cli.proof.changed", locale=locale, heads=changed))
        if money and cost - bound > _WIDE * bound:
            found.append("  " + text("cli.proof.wide", locale=locale))
    return tuple(found)


def say_trouble(backend: str, trouble: str, *, locale: str) -> str:
    """Which solver broke and how; a bound is no plan, so where it broke nobody else made one."""
    key = "trouble_bound" if backend == "bound" else "trouble"
    return text(
        f"cli.floor.{key}",
        locale=locale,
        backend=backend,
        trouble=text(f"cli.trouble.{trouble}", locale=locale),
    )


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"
