"""The citizen's number (GB 11643-1999): is it whole, and what does it say about birth and sex.

``check_id_number`` repairs only how a number is written (full-width digits, spaces, a small x), never a
digit. Names are in ``names``, telephone numbers in ``phones``, duplicates in ``duplicates``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from planner.errors import Severity
from planner.intake.codes import Code, severity_of
from planner.intake.vendored import region_codes
from planner.model.people import DocumentType, Sex

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"
"""ISO 7064 MOD 11-2, by the weighted sum modulo 11 (GB 11643-1999, 附录 A)."""
_LENGTH: Final = 18
_OLD_LENGTH: Final = 15
_FORM: Final = re.compile(r"\d{17}[\dX]", re.ASCII)
_ALLOWED: Final = re.compile(r"[\dX]+", re.ASCII)
_FILLING: Final = re.compile(r"[\s\-－—–.'`‘’\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_LOOKS_LIKE_X: Final = str.maketrans({"Х": "X", "×": "X", "✕": "X", "╳": "X"})
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.ASCII)
_OLDEST_YEAR: Final = 1900
CITIZEN_PAPERS: Final = frozenset(
    {
        DocumentType.ID_CARD,
        DocumentType.TEMPORARY_ID,
        DocumentType.HOUSEHOLD_REGISTER,
        DocumentType.HK_MACAO_TAIWAN_RESIDENT,
        DocumentType.FOREIGN_PERMANENT_RESIDENT,
    }
)
"""Papers whose number is 18 digits with the check of GB 11643; it is the person's, not the paper's."""
_SPECIAL_REGIONS: Final = ("81", "82", "83", "9")
"""Residence permits for 港澳台居民 (81, 82, 83) and foreigners' permanent residence (9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdCheck:
    """What a number is worth; birth and sex only when no ERROR stands against it."""

    number: str
    problems: tuple[Code, ...] = ()
    birth: date | None = None
    sex: Sex | None = None

    @property
    def valid(self) -> bool:
        """Whether nothing worse than a notice was found."""
        return not any(severity_of(code) is Severity.ERROR for code in self.problems)


def normalise_id(text: str) -> str:
    """Half-width, upper case, without spaces, hyphens and apostrophes."""
    plain = _FILLING.sub("", unicodedata.normalize("NFKC", text)).upper()
    return plain[:-1] + plain[-1:].translate(_LOOKS_LIKE_X)


def looks_scientific(text: str) -> bool:
    """Whether a text is a number that a spreadsheet has shortened (``4.30527E+17``)."""
    return _SCIENTIFIC.fullmatch(unicodedata.normalize("NFKC", text).strip().upper()) is not None


def check_digit(first_17: str) -> str:
    """The 18th digit for the first 17."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECK_DIGITS[total % 11]


def check_id_number(text: str, *, on: date | None = None) -> IdCheck:
    """Check a number as written; ``on`` is the day after which nobody can be born (the travel date)."""
    if looks_scientific(text):
        return IdCheck(number="", problems=(Code.ID_NUMBER_CELL,))
    number = normalise_id(text)
    shape = _shape_problem(number)
    if shape is not None:
        return IdCheck(number=number, problems=(shape,))
    birth = _birth(number)
    problems: list[Code] = []
    if check_digit(number[:17]) != number[17]:
        problems.append(Code.ID_CHECK_DIGIT)
    if birth is None:
        problems.append(Code.ID_BIRTH)
    elif on is not None and birth > on:
        problems.append(Code.ID_FUTURE)
    if problems:
        return IdCheck(number=number, problems=tuple(problems))
    known = number.startswith(_SPECIAL_REGIONS) or number[:6] in region_codes()
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdCheck(number=number, problems=() if known else (Code.ID_REGION,), birth=birth, sex=sex)


def _shape_problem(number: str) -> Code | None:
    if not _ALLOWED.fullmatch(number):
        return Code.ID_CHARACTERS
    if len(number) == _OLD_LENGTH:
        return Code.ID_FIFTEEN
    if len(number) != _LENGTH:
        return Code.ID_LENGTH
    return None if _FORM.fullmatch(number) else Code.ID_CHARACTERS


def _birth(number: str) -> date | None:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return birth if birth.year >= _OLDEST_YEAR else None


def age_on(birth: date, day: date) -> int:
    """Whole years lived on a day; who is born on 29 February is a year older on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
