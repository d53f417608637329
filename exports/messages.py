"""What every traveller is told, as text messages to be sent by hand or gateway; nothing is sent from here.

Nobody vanishes: who has no mobile number, or is left behind by the plan, is listed to be rung up. Length is
counted as gateways in China do, in UCS-2 units whatever the language (one message up to 70, else parts of
67), signature and all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from exports.coachviews import CallRow, MessageRow, TableView
from exports.dates import say_clock, say_day, say_phone, say_stamp
from exports.itinerary import say_seat
from exports.privacy import Sheet, show_phone
from exports.sheethead import departure_badge, run_badge
from exports.words import load_catalogue
from planner.intake.phones import is_mobile, normalise_phone
from planner.itinerary import Itineraries, Step, StepKind
from planner.model.campaign import Direction
from planner.model.messages import MessageKind
from planner.model.plan import Cause

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.dossier import Dossier
    from planner.model.people import Registration

_ONE: Final = 70
_PART: Final = 67
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_MESSAGE = ("number", "name", "phone", "day", "text", "chars", "segments")
_CALL = ("number", "name", "phone", "home", "reason", "reach", "text")


def count_units(message: str) -> int:
    """Count UCS-2 units: a character beyond the first plane (𠮷) is two."""
    return len(message.encode("utf-16-le")) // 2


def count_segments(message: str) -> int:
    """Count the messages that are charged: parts of a long one carry three units of numbering each."""
    units = count_units(message)
    return 1 if units <= _ONE else -(-units // _PART)


def build_messages(dossier: Dossier) -> tuple[TableView, ...]:
    """Build the messages to send and the people to ring, each by day; no list is empty."""
    writer = _Writer(dossier)
    told = [(person, writer.steps(person)) for person in dossier.campaign.registrations]
    told.sort(key=lambda entry: (entry[1][0].at_s if entry[1] else 0, entry[0].id))
    messages: list[MessageRow] = []
    calls: list[CallRow] = []
    for person, steps in told:
        reason = writer.why_call(person, steps)
        if reason:
            calls.append(writer.call(person, steps, number=len(calls) + 1, reason=reason))
        else:
            messages.append(writer.message(person, steps, number=len(messages) + 1))
    tables = (
        _table(dossier, "messages", columns=_MESSAGE, rows=tuple(messages)),
        _table(dossier, "calls", columns=_CALL, rows=tuple(calls)),
    )
    return tuple(table for table in tables if table.rows)


def _table(
    dossier: Dossier, key: str, *, columns: Sequence[str], rows: tuple[MessageRow, ...] | tuple[CallRow, ...]
) -> TableView:
    word = dossier.word
    stamp = word("sheet.stamp", version=dossier.plan.version, stamp=say_stamp(dossier.now))
    stamp = f"{word('sheet.messages.holder')}  {stamp}"
    return TableView(
        name=word(f"sheet.{key}.name"),
        title=word(f"sheet.{key}.title", campaign=dossier.campaign.name),
        stamp=stamp,
        foot=stamp,
        data_note=dossier.campaign.data_note,
        columns=tuple(word(f"sheet.messages.column.{name}") for name in columns),
        total=word(f"sheet.{key}.total", count=len(rows)),
        rows=rows,
    )


class _Writer:
    """Writes what each person is told."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._itineraries = Itineraries(dossier.campaign, dossier.plan)
        own = {entry.kind: entry.text for entry in dossier.campaign.messages}
        words = load_catalogue(dossier.locale)
        self._texts = {kind: own.get(kind) or words[f"message.{kind}"] for kind in MessageKind}
        self._causes = {
            person: left.cause for left in dossier.plan.unserved for person in left.registration_ids
        }
        self._groups: dict[tuple[str, str], list[Registration]] = defaultdict(list)
        for person in dossier.campaign.registrations:
            if person.group:
                self._groups[person.village_id, person.group].append(person)

    def steps(self, person: Registration) -> tuple[Step, ...]:
        return self._itineraries.build(person.id)

    def why_call(self, person: Registration, steps: tuple[Step, ...]) -> str:
        """Say why no message reaches somebody; empty where one does."""
        word, phone = self._dossier.word, show_phone(person, Sheet.MESSAGES)
        if not steps:
            cause = self._causes.get(person.id)
            said = word(f"cause_name.{cause}") if isinstance(cause, Cause) else ""
            return word("message.left", cause=said)
        if not phone:
            return word("message.no_phone")
        return "" if is_mobile(normalise_phone(phone)) else word("message.no_mobile")

    def message(self, person: Registration, steps: tuple[Step, ...], *, number: int) -> MessageRow:
        said = self._say(person, steps)
        return MessageRow(
            number=number,
            name=person.name,
            phone=show_phone(person, Sheet.MESSAGES),
            day=self._day(steps[0]),
            text=said,
            chars=count_units(said),
            segments=count_segments(said),
        )

    def call(self, person: Registration, steps: tuple[Step, ...], *, number: int, reason: str) -> CallRow:
        village = self._dossier.places[person.village_id]
        return CallRow(
            number=number,
            name=person.name,
            phone=show_phone(person, Sheet.MESSAGES),
            home=f"{village.township} {village.name}".strip(),
            reason=reason,
            reach=self._reach(person),
            text=self._say(person, steps) if steps else "",
        )

    def _reach(self, person: Registration) -> str:
        """Who can pass it on: somebody of the party, else whoever answers in the village."""
        for mate in self._groups.get((person.village_id, person.group), ()):
            phone = show_phone(mate, Sheet.MESSAGES)
            if mate.id != person.id and phone:
                return f"{mate.name} {say_phone(phone)}"
        village = self._dossier.places[person.village_id]
        return f"{village.contact_name} {say_phone(village.contact_phone)}".strip()

    def _day(self, step: Step) -> str:
        moment = self._dossier.campaign.to_datetime(step.at_s)
        return say_day(moment.date(), locale=self._dossier.locale)

    def _say(self, person: Registration, steps: tuple[Step, ...]) -> str:
        kind = self._kind(steps)
        values = self._values(person, steps)
        # One pass: braces in what people typed stay as typed.
        return _PLACEHOLDER.sub(lambda match: values[match[1]], self._texts[kind])

    def _kind(self, steps: tuple[Step, ...]) -> MessageKind:
        kinds = {step.kind for step in steps}
        if StepKind.BOARD not in kinds:
            return MessageKind.SCHEDULED
        if self._dossier.campaign.direction is Direction.ROUND:
            return MessageKind.ROUND
        if StepKind.RIDE not in kinds:
            return MessageKind.OWN
        return MessageKind.HOME if steps[0].home else MessageKind.RUN

    def _values(self, person: Registration, steps: tuple[Step, ...]) -> dict[str, str]:
        dossier, word, first = self._dossier, self._dossier.word, steps[0]
        by_kind = {step.kind: step for step in reversed(steps)}
        ride, board = by_kind.get(StepKind.RIDE), by_kind.get(StepKind.BOARD)
        back = next((step for step in steps if step.home and step.kind is StepKind.BOARD), None)
        values = {
            "name": person.name,
            "day": self._day(first),
            "time": say_clock(first.at_s),
            "place": f"{first.place} {self._spot(first)}".strip(),
            "to": self._goal(person, by_kind.get(StepKind.ALIGHT, first)),
            "employer": person.employer or word("message.no_employer"),
            "office": dossier.campaign.office,
            "phone": dossier.campaign.phone,
            "run": word("message.no_run"),
            "plate": word("message.no_plate"),
            "back": say_clock(back.leaves_s) if back else "",
            "yuan": str(first.fen // 100),
            "captain": dossier.campaign.office,
            "captain_phone": dossier.campaign.phone,
        }
        if ride is not None and ride.run is not None:
            values["run"] = run_badge(dossier, ride.run)
            plate = dossier.crew(ride.vehicle_id).plate if ride.vehicle_id else ""
            values["plate"] = plate or values["plate"]
        return values | (self._of_departure(board) if board else {})

    def _spot(self, step: Step) -> str:
        """Where exactly to stand; who comes by themselves goes where the runs set down."""
        if step.kind is StepKind.BOARD and not step.home and step.departure_id is not None:
            return self._dossier.places[self._dossier.departures[step.departure_id].origin_id].gather
        return step.spot

    def _goal(self, person: Registration, step: Step) -> str:
        """Where a departure lets people off; by scheduled transport home it is the village."""
        dossier = self._dossier
        if step.kind is StepKind.SCHEDULED and dossier.campaign.direction is Direction.HOME:
            return dossier.places[person.village_id].name
        return step.place

    def _of_departure(self, board: Step) -> dict[str, str]:
        dossier = self._dossier
        values = {
            "leaves": say_clock(board.leaves_s),
            "seat": say_seat(dossier, board.carriage, board.seat) or dossier.word("message.no_seat"),
        }
        if board.departure_id is not None:
            values["departure"] = departure_badge(dossier, dossier.departures[board.departure_id])
        if board.captain is not None:
            leader = dossier.person(board.captain)
            phone = show_phone(leader, Sheet.MESSAGES) or dossier.campaign.phone
            values |= {"captain": leader.name, "captain_phone": phone}
        return values
