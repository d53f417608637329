"""People's names: what may stand in one, and the few things that are tidied (reliability §5.3).

No NFKC: it would turn some Han characters of real names into others. Private-use characters (an office's
self-made glyphs) are kept and flagged, for somebody must write them by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from planner.intake.codes import Code

_HAN: Final = (
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002a6df\U0002a700-\U0002ee5f\U0002f800-\U0002fa1f\U00030000-\U000323af"
)
"""Han with extensions A to I and the compatibility blocks, 〇 and 々."""
_RADICALS: Final = "\u2e80-\u2fdf"
_PRIVATE: Final = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_VARIANT: Final = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_DOT: Final = "\u00b7"
_DOTS: Final = re.compile(
    "[\u00b7\u0387\u2022\u2024\u2027\u2219\u22c5\u2e31\u2e33\u30fb\uff0e\uff65\uff61\u3002\u25cf\ua78f\u1427.]"
)
_INVISIBLE: Final = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_SPACES: Final = re.compile(r"\s+")
_ONE: Final = f"[{_HAN}{_RADICALS}{_PRIVATE}][{_VARIANT}]?"
_HAN_NAME: Final = re.compile(f"(?:{_ONE})+(?:{_DOT}(?:{_ONE})+)*")
_LATIN_NAME: Final = re.compile(r"[^\W\d_]+(?:[ .'’\-·][^\W\d_]+)*\.?")
_HAS_HAN: Final = re.compile(f"[{_HAN}{_RADICALS}{_PRIVATE}]")
_HAS_PRIVATE: Final = re.compile(f"[{_PRIVATE}]")
_HAS_LOOKALIKE: Final = re.compile(f"[{_RADICALS}]")
_NOBODY: Final = frozenset({"无", "空", "未知", "不详", "待定", "暂无", "略", "同上"})
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCheck:
    """A tidied name and what is to be said about it."""

    name: str
    problems: tuple[Code, ...] = ()


def check_name(text: str) -> NameCheck:
    """Tidy a name (dots unified, spaces inside Han names out) and check its characters."""
    raw = _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
    if not raw or raw in _NOBODY:
        return NameCheck(name="", problems=(Code.NAME_MISSING,))
    if len(raw) > _LONGEST:
        return NameCheck(name=raw[:_LONGEST], problems=(Code.NAME_TOO_LONG,))
    if not _HAS_HAN.search(raw):
        latin = _LATIN_NAME.fullmatch(raw) is not None
        return NameCheck(name=raw, problems=() if latin else (Code.NAME_CHARACTERS,))
    return _check_han(raw)


def _check_han(raw: str) -> NameCheck:
    dotted = re.sub(rf"\s*{_DOT}\s*", _DOT, _DOTS.sub(_DOT, raw)).strip(_DOT)
    name = dotted.replace(" ", "")
    if not _HAN_NAME.fullmatch(name):
        return NameCheck(name=name, problems=(Code.NAME_CHARACTERS,))
    found = (
        (" " in dotted, Code.NAME_SPACES),
        (len(name) == 1, Code.NAME_SINGLE),
        (_HAS_PRIVATE.search(name) is not None, Code.NAME_PRIVATE_USE),
        (_HAS_LOOKALIKE.search(name) is not None, Code.NAME_LOOKALIKE),
    )
    return NameCheck(name=name, problems=tuple(code for is_so, code in found if is_so))
