"""How personal values look where the whole value may not be shown (domain §3.2 defaults).

Neutral ground: intake masks what goes into an Issue, exports what a sheet's reader may not see.
"""

from __future__ import annotations

import re
from typing import Final

_ID_HEAD: Final = 4
_ID_TAIL: Final = 4
_PHONE_HEAD: Final = 3
_PHONE_TAIL: Final = 4
_NAME_ALONE: Final = 2
_ID_IN_TEXT: Final = re.compile(r"(?<![0-9])(?:\d{17}[0-9Xx]|\d{15})(?![0-9Xx])", re.ASCII)
_PHONE_IN_TEXT: Final = re.compile(r"(?<![0-9])1[3-9]\d{9}(?![0-9])", re.ASCII)


def _middle(text: str, *, head: int, tail: int) -> str:
    """Star everything between head and tail; a text too short to hide anything that way is all stars."""
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_id(number: str) -> str:
    """``4305**********9977``: region prefecture and last four, enough to find the row by eye."""
    return _middle(number, head=_ID_HEAD, tail=_ID_TAIL)


def mask_phone(phone: str) -> str:
    """``169****0000``."""
    return _middle(phone, head=_PHONE_HEAD, tail=_PHONE_TAIL)


def mask_name(name: str) -> str:
    """``张*华``, ``张*``: for notice boards and chat groups."""
    if len(name) <= 1:
        return "*" * len(name)
    if len(name) == _NAME_ALONE:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_personal(text: str) -> str:
    """Mask every ID number and mobile inside a text: the last net for cells that landed in a wrong column."""
    text = _ID_IN_TEXT.sub(lambda found: mask_id(found[0]), text)
    return _PHONE_IN_TEXT.sub(lambda found: mask_phone(found[0]), text)
