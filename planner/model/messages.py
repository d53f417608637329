"""What an office writes to travellers: the kinds of message, and what each may be filled with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class MessageKind(StrEnum):
    """By how somebody goes."""

    RUN = "run"
    """A run of ours fetches them."""
    OWN = "own"
    """They come to the departure by themselves, or go on from it by themselves on the way home."""
    HOME = "home"
    """A run of ours takes them on from where the departure ends."""
    ROUND = "round"
    """Out and home the same day."""
    SCHEDULED = "scheduled"
    """Scheduled transport, ticket and subsidy paid."""


_ALWAYS: Final = ("name", "day", "to", "employer", "office", "phone")
_RIDE: Final = (*_ALWAYS, "time", "place", "departure", "leaves", "seat", "captain", "captain_phone")
PLACEHOLDERS: Final[Mapping[MessageKind, tuple[str, ...]]] = {
    MessageKind.RUN: (*_RIDE, "run", "plate"),
    MessageKind.OWN: _RIDE,
    MessageKind.HOME: (*_RIDE, "run", "plate"),
    MessageKind.ROUND: (*_RIDE, "run", "plate", "back"),
    MessageKind.SCHEDULED: (*_ALWAYS, "yuan"),
}
"""All there are. No number of a paper is among them, so no template can ask for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageText:
    """An office's own words for one kind of message, with ``{placeholders}``."""

    kind: MessageKind
    text: str
