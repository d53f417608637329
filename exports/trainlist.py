"""The passenger list of a train: by carriage where seats are known, then by where people get off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.coaches import find_captains
from exports.dates import say_clock, say_day, say_phone
from exports.privacy import Sheet, show_document
from exports.sheethead import build_head, departure_badge, run_badge
from exports.views import Fact, TrainListView, TrainRow, TrainStop
from exports.words import label
from planner.model.campaign import Direction

if TYPE_CHECKING:
    from exports.dossier import Dossier
    from planner.model.fleet import Call, Departure
    from planner.model.people import Registration

_COLUMNS = ("number", "name", "sex", "document_type", "document", "home", "run")
_TURNED = ("leaves", "gate", "last_stop", "origin", "gets_off")
"""Facts that mean something else on the way home."""
_SIGNATURES = ("made_by", "checked_by", "station", "aboard")


def build_train_list(dossier: Dossier, departure: Departure) -> TrainListView:
    """Build the list of a departure; numbers run through all alighting stops."""
    word = dossier.word
    home = dossier.campaign.direction is Direction.HOME
    badge = departure_badge(dossier, departure)
    seated = any(dossier.seat_of(person) for _, person in dossier.riders(departure.id))
    return TrainListView(
        departure_id=departure.id,
        number=departure.number,
        head=build_head(
            dossier, Sheet.TRAIN_LIST, badge=badge, item=departure.id, facts=_build_facts(dossier, departure)
        ),
        columns=tuple(
            word("home.train_list.run" if name == "run" and home else f"sheet.train_list.column.{name}")
            for name in _COLUMNS
        ),
        stop_column=word("home.train_list.stop" if home else "sheet.train_list.stop"),
        carriage_column=word("sheet.train_list.carriages") if seated else "",
        seat_column=word("sheet.train_list.seat") if seated else "",
        stops=_build_stops(dossier, departure),
        closing=word("sheet.train_list.closing"),
        signatures=tuple(word(f"sheet.signature.{name}") for name in _SIGNATURES),
    )


def _calls(departure: Departure) -> tuple[Call, ...]:
    return tuple(sorted(departure.calls, key=lambda call: (call.arrives, call.destination_id)))


def _build_facts(dossier: Dossier, departure: Departure) -> tuple[Fact, ...]:
    word, campaign = dossier.word, dossier.campaign
    leaves_s = campaign.to_seconds(departure.departs)
    home = campaign.direction is Direction.HOME
    last = _calls(departure)[0 if home else -1]
    riders = dossier.riders(departure.id)
    runs = {run for _, person in riders if (run := dossier.run_of(person)) is not None}
    gate = word(
        "sheet.train_list.gate_hours",
        opens=say_clock(leaves_s - campaign.rules.boarding_min(departure.mode) * 60),
        closes=say_clock(leaves_s - campaign.rules.gate_close_min * 60),
    )
    if home:
        starts = [route.start_s for route in dossier.routes if route.run in runs]
        gate = "–".join(say_clock(at_s) for at_s in sorted({min(starts), max(starts)})) if starts else ""
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
        Fact(
            label=word(f"home.train_list.{name}" if home and name in _TURNED else f"sheet.fact.{name}"),
            value=value,
            strong=strong,
        )
        for name, value, strong in values
    )


def _build_stops(dossier: Dossier, departure: Departure) -> tuple[TrainStop, ...]:
    """By carriage where seats are known, then as the train calls; who has no seat stands first."""
    order: dict[str, int] = {call.destination_id: rank for rank, call in enumerate(_calls(departure))}
    seats = {person.id: dossier.seat_of(person) for _, person in dossier.riders(departure.id)}

    def place(rider: tuple[str, Registration]) -> tuple[object, ...]:
        destination_id, person = rider
        seat = seats[person.id]
        spot = (0, ()) if seat is None else (seat.carriage, _seat_order(seat.label))
        return spot[0], order.get(destination_id, len(order)), spot[1], dossier.arrival_order(person)

    groups: dict[tuple[int, str], list[TrainRow]] = {}
    for number, (destination_id, person) in enumerate(sorted(dossier.riders(departure.id), key=place), 1):
        seat = seats[person.id]
        row = _build_row(dossier, person, departure=departure, number=number)
        groups.setdefault((seat.carriage if seat else 0, destination_id), []).append(row)
    arrives: dict[str, int] = {
        call.destination_id: dossier.campaign.to_seconds(call.arrives) for call in departure.calls
    }
    return tuple(
        TrainStop(
            place=dossier.destination_name(destination_id),
            time=say_clock(arrives[destination_id]) if destination_id in arrives else "",
            heads=dossier.word("sheet.train_list.heads", heads=len(rows)),
            rows=tuple(rows),
            carriage=dossier.word("sheet.train_list.carriage", carriage=carriage) if carriage else "",
            carriage_number=str(carriage or ""),
            captain=_say_captain(dossier, departure, carriage=carriage),
        )
        for (carriage, destination_id), rows in groups.items()
    )


def _seat_order(label: str) -> tuple[int, str]:
    """``12F`` after ``2A``: by row, then by letter."""
    digits = "".join(sign for sign in label if sign.isdecimal())
    return int(digits or 0), label


def _say_captain(dossier: Dossier, departure: Departure, *, carriage: int) -> str:
    """Name who leads a carriage; where it is not known, nobody."""
    captains = find_captains(dossier, departure, carriage=carriage) if carriage else ()
    if not captains:
        return ""
    return dossier.word("sheet.train_list.captain", name=captains[0].name, phone=say_phone(captains[0].phone))


def _note(dossier: Dossier, person: Registration, *, departure: Departure) -> str:
    """Child, and who leads the group of one firm."""
    named = [
        each
        for each in dossier.plan.captains
        if (each.departure_id, each.registration_id) == (departure.id, person.id)
    ]
    leads = dossier.word("sheet.note.captain") if named else ""
    child = dossier.word("sheet.note.child") if person.child else ""
    return dossier.word("sheet.note.and").join(part for part in (leads, child) if part)


def _build_row(dossier: Dossier, person: Registration, *, departure: Departure, number: int) -> TrainRow:
    seat = dossier.seat_of(person)
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
        note=_note(dossier, person, departure=departure),
        seat=seat.label if seat else "",
    )
