"""The font of the prints, found in one place, and what it cannot draw.

Looked for in this order: the file the caller names, the bundled package, the usual folders of the
system. A character the font lacks comes out as nothing at all and without any warning, so every
text is held against the font's cmap before it is printed (a text search in the PDF would not show it).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from planner.errors import ExportError

_PACKAGE: Final = "manimgx_fonts_cjk"
_SYSTEM: Final = (
    ("/usr/share/fonts", "NotoSansCJK*.tt[cf]"),
    ("/usr/share/fonts", "SourceHanSans*.tt[cf]"),
    ("/Library/Fonts", "NotoSansCJK*.ttc"),
    ("/System/Library/Fonts", "PingFang.ttc"),
    ("C:/Windows/Fonts", "msyh.ttc"),
    ("C:/Windows/Fonts", "Deng.ttf"),
)
_SUFFIXES: Final = frozenset({".ttc", ".otc", ".ttf", ".otf"})
_SIMPLIFIED: Final = " SC"
"""A collection holds one face a region; without this Han shapes may come out Japanese."""
_FAMILY_NAME_IDS: Final = (16, 1)
_INVISIBLE: Final = frozenset("\n\t\u200b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """A font file, the face in it, and the family name that face goes by."""

    path: Path
    face: int
    family: str


def find_font(configured: Path | None = None) -> Font:
    """Give the font to print with; ExportError when there is none with Chinese in it."""
    if configured is not None and not configured.is_file():
        raise ExportError(f"font file not found: {configured.name}")
    for path in _candidates(configured):
        font = _open_font(path)
        if font is not None:
            return font
    raise ExportError(f"not a font: {configured.name}" if configured else "no Chinese font found")


@cache
def load_coverage(font: Font) -> frozenset[int]:
    """Read the code points the font draws, once (0.4 s)."""
    for number, face in enumerate(_read_faces(font.path)):
        if number == font.face:
            return frozenset(face.getBestCmap() or {})
    return frozenset()


def find_uncovered(text: str, *, font: Font) -> str:
    """Give the characters of ``text`` that the font cannot draw, each once, in order."""
    known = load_coverage(font)
    lacking = (char for char in text if ord(char) not in known and char not in _INVISIBLE)
    return "".join(dict.fromkeys(lacking))


def list_uncovered(names: Iterable[str], *, font: Font) -> tuple[str, ...]:
    """Give the names that somebody has to write by hand, each once, in order."""
    return tuple(dict.fromkeys(name for name in names if find_uncovered(name, font=font)))


def _candidates(configured: Path | None) -> Iterator[Path]:
    if configured is not None:
        yield configured
        return
    package = importlib.util.find_spec(_PACKAGE)
    for folder in (package.submodule_search_locations or ()) if package else ():
        yield from sorted(path for path in Path(folder).iterdir() if path.suffix in _SUFFIXES)
    for folder, pattern in _SYSTEM:
        yield from sorted(Path(folder).rglob(pattern))


def _open_font(path: Path) -> Font | None:
    try:
        families = [_family(face) for face in _read_faces(path)]
    except (OSError, TTLibError):
        return None
    for number, family in enumerate(families):
        if _SIMPLIFIED in family:
            return Font(path=path, face=number, family=family)
    return Font(path=path, face=0, family=families[0]) if families else None


def _read_faces(path: Path) -> Iterator[TTFont]:
    with path.open("rb") as file:
        if path.suffix in {".ttc", ".otc"}:
            yield from TTCollection(file, lazy=True).fonts
        else:
            yield TTFont(file, lazy=True)


def _family(face: TTFont) -> str:
    names = face["name"]
    found = (names.getDebugName(number) for number in _FAMILY_NAME_IDS)
    return next((name for name in found if name), "")
