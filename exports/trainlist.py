"""The passenger list of a train or trunk coach, by where people get off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.dates import say_clock, say_day
from exports.privacy import Sheet, show_document
from exports.sheethead import build_head, departure_badge, run_badge
from exports.views import Fact, TrainListView, TrainRow, TrainStop
from exports.words import label

if TYPE_CHECKING:
    from exports.dossier import Dossier
    from planner.model.fleet import Call, Departure
    from planner.model.people import Registration

_COLUMNS = ("number", "name", "sex", "document_type", "document", "home", "run")
_SIGNATURES = ("made_by", "checked_by", "station", "aboard")


def build_train_list(dossier: Dossier, departure: Departure) -> TrainListView:
    """Build the list of a departure; numbers run through all alighting stops."""
    word = dossier.word
    badge = departure_badge(dossier, departure)
    return TrainListView(
        departure_id=departure.id,
        number=departure.number,
        head=build_head(
            dossier, Sheet.TRAIN_LIST, badge=badge, item=departure.id, facts=_build_facts(dossier, departure)
        ),
        columns=tuple(word(f"sheet.train_list.column.{name}") for name in _COLUMNS),
        stop_column=word("sheet.train_list.stop"),
        stops=_build_stops(dossier, departure),
        closing=word("sheet.train_list.closing"),
        signatures=tuple(word(f"sheet.signature.{name}") for name in _SIGNATURES),
    )


def _calls(departure: Departure) -> tuple[Call, ...]:
    return tuple(sorted(departure.calls, key=lambda call: (call.arrives, call.destination_id)))


def _build_facts(dossier: Dossier, departure: Departure) -> tuple[Fact, ...]:
    word, campaign = dossier.word, dossier.campaign
    leaves_s = campaign.to_seconds(departure.departs)
    last = _calls(departure)[-1]
    riders = dossier.riders(departure.id)
    runs = {run for _, person in riders if (run := dossier.run_of(person)) is not None}
    gate = word(
        "sheet.train_list.gate_hours",
        opens=say_clock(leaves_s - campaign.rules.gate_open_min * 60),
        closes=say_clock(leaves_s - campaign.rules.gate_close_min * 60),
    )
    last_stop = (
        f"{dossier.destination_name(last.destination_id)} {say_clock(campaign.to_seconds(last.arrives))}"
    )
    values = (
        ("date", say_day(departure.day, locale=dossier.locale), False),
        ("leaves", say_clock(leaves_s), True),
        ("gate", gate, False),
        ("last_stop", last_stop, False),
        ("origin", dossier.places[departure.origin_id].name, False),
        ("quota", word("sheet.heads_of", heads=len(riders), seats=departure.quota), True),
        ("runs", word("sheet.train_list.runs", count=len(runs)), False),
        ("gets_off", word("sheet.train_list.stops", count=len(_calls(departure))), False),
    )
    return tuple(
        Fact(label=word(f"sheet.fact.{name}"), value=value, strong=strong) for name, value, strong in values
    )


def _build_stops(dossier: Dossier, departure: Departure) -> tuple[TrainStop, ...]:
    order: dict[str, int] = {call.destination_id: rank for rank, call in enumerate(_calls(departure))}
    riders = sorted(
        dossier.riders(departure.id),
        key=lambda rider: (order.get(rider[0], len(order)), dossier.arrival_order(rider[1])),
    )
    arrives: dict[str, int] = {
        call.destination_id: dossier.campaign.to_seconds(call.arrives) for call in departure.calls
    }
    groups: dict[str, list[TrainRow]] = {}
    for number, (destination_id, person) in enumerate(riders, 1):
        groups.setdefault(destination_id, []).append(_build_row(dossier, person, number=number))
    return tuple(
        TrainStop(
            place=dossier.destination_name(destination_id),
            time=say_clock(arrives[destination_id]) if destination_id in arrives else "",
            heads=dossier.word("sheet.train_list.heads", heads=len(rows)),
            rows=tuple(rows),
        )
        for destination_id, rows in groups.items()
    )


def _build_row(dossier: Dossier, person: Registration, *, number: int) -> TrainRow:
    village = dossier.places[person.village_id]
    run = dossier.run_of(person)
    return TrainRow(
        number=number,
        name=person.name,
        sex=label(person.sex, locale=dossier.locale) if person.sex else "",
        document_type=label(person.document_type, locale=dossier.locale),
        document=show_document(person, Sheet.TRAIN_LIST),
        home=f"{village.township} {village.name}".strip(),
        run="" if run is None else run_badge(dossier, run),
        note=dossier.word("sheet.note.child") if person.child else "",
    )
