"""Every word people read, once: catalogues in ``exports/locale/<locale>/<area>.toml``.

Nested TOML tables become dotted keys: ``[sheet.manifest]`` with ``title = "乘客名单"`` is
``sheet.manifest.title``. The name of the file is not part of the key, so each file keeps to its own
top-level tables, and a key that two files define is refused. ``{name}`` in a text is filled with the
argument of that name in one pass, so braces inside what people typed stay as typed;
``{count|person|people}`` picks a word by whether the number is 1 (English needs it, Chinese does not).
"""

from __future__ import annotations

import re
import tomllib
import warnings
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

from planner.errors import NotFoundError

LOCALES: Final = ("zh_CN", "en")
"""Chinese first: it is the default everywhere."""
DEFAULT_LOCALE: Final = LOCALES[0]

_FOLDER: Final = Path(__file__).parent / "locale"
_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)(?:\|([^|{}]*)\|([^|{}]*))?\}")
_WORD_START: Final = re.compile(r"(?<!^)(?=[A-Z])")

Value = str | int | None
"""What may stand for a placeholder; None prints as nothing."""


class MissingWordWarning(UserWarning):
    """A key or placeholder has no words; tests turn this into an error, people see the key instead."""


def text(key: str, *, locale: str = DEFAULT_LOCALE, **args: Value) -> str:
    """Give the words for ``key`` with its placeholders filled.

    An unknown key gives the key itself (and a MissingWordWarning): a sheet with one odd word is
    better than no sheet at 05:30.
    """
    pattern = load_catalogue(locale).get(key)
    if pattern is None:
        warnings.warn(f"no words for {key!r} in {locale}", MissingWordWarning, stacklevel=2)
        return key
    missing = placeholders(pattern) - args.keys()
    if missing:
        warnings.warn(f"{key!r} needs {sorted(missing)}", MissingWordWarning, stacklevel=2)
    return _PLACEHOLDER.sub(lambda match: _fill(match, args), pattern)


def has_text(key: str, *, locale: str = DEFAULT_LOCALE) -> bool:
    """Say whether the catalogue knows ``key``."""
    return key in load_catalogue(locale)


def label(member: Enum, *, locale: str = DEFAULT_LOCALE) -> str:
    """Name an enum member for people: key ``label.<enum in snake case>.<member in lower case>``."""
    kind = _WORD_START.sub("_", type(member).__name__).lower()
    return text(f"label.{kind}.{member.name.lower()}", locale=locale)


def placeholders(pattern: str) -> frozenset[str]:
    """List the argument names a text wants."""
    return frozenset(match[1] for match in _PLACEHOLDER.finditer(pattern))


@lru_cache(maxsize=len(LOCALES))
def load_catalogue(locale: str) -> Mapping[str, str]:
    """Read all areas of a locale once; NotFoundError when there is no such locale."""
    if locale not in LOCALES:
        raise NotFoundError("locale", locale)
    catalogue: dict[str, str] = {}
    for path in sorted((_FOLDER / locale).glob("*.toml")):
        for key, pattern in _flatten(tomllib.loads(path.read_text(encoding="utf-8"))):
            if key in catalogue:
                raise ValueError(f"{locale}/{path.name}: {key} is defined twice")
            catalogue[key] = pattern
    return catalogue


def _fill(match: re.Match[str], args: Mapping[str, Value]) -> str:
    name, one, many = match.groups()
    if name not in args:
        return match[0]
    value = args[name]
    if one is not None:
        return one if value == 1 else many
    return "" if value is None else str(value)


def _flatten(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _flatten(cast("Mapping[str, object]", value), f"{key}.")
        elif isinstance(value, str):
            yield key, value
        else:
            raise TypeError(f"{key}: words must be text")
