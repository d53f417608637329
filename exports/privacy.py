"""Which sheet may show what, and to whom: one table, so that a lawyer can read it.

By default everything is masked. The full number of a paper is on three outputs only (domain §3.2):
the railway's list, the operators' lists and the subsidy list. 个人信息保护法 第6条 (least data),
第23条 (handing on to the carrier), 第51条 (rights by role). Who travels as 脱贫户 is on no sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from planner.masking import mask_id, mask_phone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.model.people import Registration


_LONG_PAPER: Final = 15
_TAIL: Final = 4


class Sheet(StrEnum):
    """The kinds of paper and file that name people, or might."""

    MANIFEST = "manifest"
    """For the marshal and captain on the bus."""
    RUN_SHEET = "run_sheet"
    """For the driver."""
    TRAIN_LIST = "train_list"
    """For the railway: sells and checks by number and name (39号令 第3, 5条)."""
    OPERATOR_LIST = "operator_list"
    """For the coach firm: keeps who rode for a year (客运规定 第52条)."""
    COACH_LIST = "coach_list"
    """For the captain and crew of a trunk coach."""
    COACH_OPERATOR_LIST = "coach_operator_list"
    """For the firm of the trunk coach, as the operator's list."""
    COACH_SHEET = "coach_sheet"
    """For the drivers of a trunk coach."""
    SUBSIDY_LIST = "subsidy_list"
    """For whoever pays tickets and subsidies, by number and name (domain §3.2)."""
    RUN_SUMMARY = "run_summary"
    """For the office: vehicles and figures."""
    ITINERARY = "itinerary"
    """For the traveller and their party: may be lost on the way, so it names them and nothing more."""
    HANDOVER = "handover"
    """For the employer's gate: compares name and last digits; who needs help is not told (第28条)."""
    MESSAGES = "messages"
    """For whoever sends the office's text messages: name, phone and what each is told, nothing more."""
    STATION = "station"
    """For the marshals at the station: buses and heads, no passenger; captains by phone alone."""
    SIGN = "sign"
    """Hangs in the open: nothing of passengers; the captain by phone alone."""
    CARD = "card"
    """For the traveller's pocket: may be lost on the way, so their own name and nothing more."""


class Show(StrEnum):
    """How much of a number is shown."""

    FULL = "full"
    MASKED = "masked"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one sheet shows of every passenger; captains and contacts are reached by full phone."""

    document: Show
    phone: Show
    needs: bool
    """Whether it says who needs help (sensitive by 第28条: only those who help on board)."""


RULES: Final[Mapping[Sheet, Rule]] = {
    Sheet.MANIFEST: Rule(document=Show.MASKED, phone=Show.FULL, needs=True),
    Sheet.RUN_SHEET: Rule(document=Show.NOTHING, phone=Show.NOTHING, needs=False),
    Sheet.TRAIN_LIST: Rule(document=Show.FULL, phone=Show.NOTHING, needs=False),
    Sheet.OPERATOR_LIST: Rule(document=Show.FULL, phone=Show.FULL, needs=True),
    Sheet.COACH_LIST: Rule(document=Show.MASKED, phone=Show.FULL, needs=True),
    Sheet.COACH_OPERATOR_LIST: Rule(document=Show.FULL, phone=Show.FULL, needs=True),
    Sheet.COACH_SHEET: Rule(document=Show.NOTHING, phone=Show.NOTHING, needs=False),
    Sheet.SUBSIDY_LIST: Rule(document=Show.FULL, phone=Show.FULL, needs=False),
    Sheet.RUN_SUMMARY: Rule(document=Show.NOTHING, phone=Show.NOTHING, needs=False),
    Sheet.ITINERARY: Rule(document=Show.NOTHING, phone=Show.NOTHING, needs=False),
    Sheet.HANDOVER: Rule(document=Show.MASKED, phone=Show.NOTHING, needs=False),
    Sheet.MESSAGES: Rule(document=Show.NOTHING, phone=Show.FULL, needs=False),
    Sheet.STATION: Rule(document=Show.NOTHING, phone=Show.NOTHING, needs=False),
    Sheet.SIGN: Rule(document=Show.NOTHING, phone=Show.NOTHING, needs=False),
    Sheet.CARD: Rule(document=Show.NOTHING, phone=Show.NOTHING, needs=False),
}


def show_document(person: Registration, sheet: Sheet) -> str:
    """Give the paper's number as ``sheet`` may show it."""
    number = person.document_number
    return {Show.FULL: number, Show.MASKED: _mask_paper(number), Show.NOTHING: ""}[RULES[sheet].document]


def show_phone(person: Registration, sheet: Sheet) -> str:
    """Give the phone as ``sheet`` may show it."""
    number = person.phone
    return {Show.FULL: number, Show.MASKED: mask_phone(number), Show.NOTHING: ""}[RULES[sheet].phone]


def show_needs(person: Registration, sheet: Sheet) -> str:
    """Give the note on special needs if those who hold ``sheet`` help with them."""
    return person.needs if RULES[sheet].needs else ""


def _mask_paper(number: str) -> str:
    """Mask by the usual 4 + 4; of papers shorter than the card's 18 signs that would hide next to nothing."""
    if len(number) >= _LONG_PAPER:
        return mask_id(number)
    hidden = len(number) - max(0, min(_TAIL, len(number) - _TAIL))
    return "*" * hidden + number[hidden:]
