"""Separated text as offices save it: which encoding, which separator."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Final

from planner.errors import InputError, Where
from planner.intake.codes import Code, issue

_SEPARATORS: Final = (",", "\t", ";", "|")
_SAMPLE: Final = 200
"""Records looked at to tell the separator."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_separated(content: bytes, where: Where) -> list[list[str]]:
    """Decode and split; every record is a row, blank lines too, so that rows count as a person counts."""
    text = _decode(content, where)
    try:
        return list(_records(text, _separator(text)))
    except csv.Error as error:
        raise InputError([issue(Code.FILE_CORRUPT, where)]) from error


def _records(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _decode(content: bytes, where: Where) -> str:
    """By byte-order mark, else UTF-8, else GB18030 (which contains GBK and GB2312)."""
    marked = [name for mark, name in _MARKS if content.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError([issue(Code.FILE_ENCODING, where)])


def _separator(text: str) -> str:
    """The separator by which most records have the same number of cells, more than one."""

    def evenness(separator: str) -> tuple[int, int]:
        widths: Counter[int] = Counter()
        for record, _ in zip(_records(text, separator), range(_SAMPLE), strict=False):
            widths[len(record)] += len(record) > 1
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return count, width

    return max(_SEPARATORS, key=evenness)
