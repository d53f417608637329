"""What the command says of locks: who holds what, why, until when, and whether the plan does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.words import label, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model.plan import Plan


def say_locks(plan: Plan, *, locale: str) -> Iterator[str]:
    """Give a line for every lock that the plan met."""
    for entry in plan.locks:
        lock = entry.lock
        places = (lock.day.isoformat() if lock.day else "", lock.to)
        yield text(
            "cli.lock",
            locale=locale,
            kind=label(lock.kind, locale=locale),
            item=" ".join((lock.item, *filter(None, places))),
            who=lock.who,
            why=lock.why,
            until=lock.until.isoformat(),
            state=label(entry.state, locale=locale),
        )
