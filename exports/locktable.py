"""Who holds what, why and until when, as a sheet of the office's workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.coachviews import LockRow, TableView
from exports.dates import say_day, say_stamp
from exports.words import label

if TYPE_CHECKING:
    from exports.dossier import Dossier
    from planner.model.locks import HeldLock

_COLUMNS = ("kind", "item", "day", "host", "who", "reason", "until", "state")


def build_lock_table(dossier: Dossier) -> tuple[TableView, ...]:
    """Build the table of the plan's locks; nothing where nobody fixed anything."""
    if not dossier.plan.locks:
        return ()
    word = dossier.word
    stamp = word("sheet.stamp", version=dossier.plan.version, stamp=say_stamp(dossier.now))
    table = TableView(
        name=word("lock_table.name"),
        title=word("lock_table.title", campaign=dossier.campaign.name),
        stamp=stamp,
        foot=f"{word('lock_table.holder')}  {stamp}",
        data_note=dossier.campaign.data_note,
        columns=tuple(word(f"lock_table.column.{name}") for name in _COLUMNS),
        total="",
        rows=tuple(_build_row(dossier, entry) for entry in dossier.plan.locks),
    )
    return (table,)


def _build_row(dossier: Dossier, entry: HeldLock) -> LockRow:
    lock, locale = entry.lock, dossier.locale
    return LockRow(
        kind=label(lock.kind, locale=locale),
        item=lock.item,
        day="" if lock.day is None else say_day(lock.day, locale=locale),
        host=lock.to,
        who=lock.who,
        reason=lock.why,
        until=say_day(lock.until, locale=locale),
        state=label(entry.state, locale=locale),
    )
