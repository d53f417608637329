"""Two plans side by side: what each rule costs in both, and who changes.

The lines of a comparison add up to the fen, in both plans and in the differences.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.costs import MONEY, Account, Costs, list_costs, total_fen
from planner.diff import diff_plans

if TYPE_CHECKING:
    from planner.change import Change, ChangeKind
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

Side = tuple["Campaign | None", "Plan"]
"""A plan and the campaign, or scenario, it is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one rule, or a sum, costs in both plans, in fen."""

    was_fen: int
    now_fen: int

    @property
    def more_fen(self) -> int:
        """How much more it costs in the second."""
        return self.now_fen - self.was_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Costs by account and rule, every difference somebody has to be told of, and how many are concerned."""

    was: Costs
    now: Costs
    changes: tuple[Change, ...]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Those that cost anything in either plan."""
        used = {account for account, _ in (*self.was, *self.now)}
        return tuple(account for account in Account if account in used)

    def lines(self, account: Account) -> dict[str, Line]:
        """What each rule of an account costs, in order of names."""
        rules = sorted({rule for own, rule in (*self.was, *self.now) if own is account})
        return {
            rule: Line(was_fen=self.was[account, rule], now_fen=self.now[account, rule]) for rule in rules
        }

    def total(self, *accounts: Account) -> Line:
        """The sum of some accounts, or of all."""
        return Line(was_fen=total_fen(self.was, *accounts), now_fen=total_fen(self.now, *accounts))

    @property
    def money(self) -> Line:
        """What is paid for transport."""
        return self.total(*MONEY)

    def by_kind(self) -> dict[ChangeKind, tuple[Change, ...]]:
        """Changes of each kind, as they were found."""
        found: defaultdict[ChangeKind, list[Change]] = defaultdict(list)
        for change in self.changes:
            found[change.kind].append(change)
        return {kind: tuple(changes) for kind, changes in found.items()}

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody for whom anything changes, once."""
        return tuple(sorted({change.item for change in self.changes if change.kind.startswith("person_")}))


def compare(first: Side, second: Side) -> Comparison:
    """Lay two plans side by side."""
    (campaign, old), (scenario, new) = first, second
    return Comparison(
        was=list_costs(campaign, old), now=list_costs(scenario, new), changes=diff_plans(old, new)
    )
