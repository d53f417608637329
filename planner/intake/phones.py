"""Telephone numbers as offices write them (reliability §5.2, domain §3.1)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MOBILE: Final = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE: Final = re.compile(r"0\d{2,3}-?\d{7,8}", re.ASCII)
_FILLING: Final = re.compile(r"[\s\-－—–.()'`\u200b\u202a-\u202e\u2060\ufeff]+")
_COUNTRY: Final = re.compile(r"(?:\+|00)?86(?=1[3-9]\d{9}$)")


def normalise_phone(text: str) -> str:
    """Full-width digits, filling and +86 removed; a land line keeps one hyphen after its area code."""
    plain = _FILLING.sub("", unicodedata.normalize("NFKC", text))
    plain = _COUNTRY.sub("", plain)
    if not _LANDLINE.fullmatch(plain):
        return plain
    area = 3 if plain[1] in "12" else 4
    return f"{plain[:area]}-{plain[area:]}"


def is_mobile(phone: str) -> bool:
    """Whether a normalised number is a mainland mobile; no carrier list, they grow every year."""
    return _MOBILE.fullmatch(phone) is not None


def is_landline(phone: str) -> bool:
    """Whether a normalised number is a land line with its area code."""
    return _LANDLINE.fullmatch(phone) is not None


def is_phone(text: str) -> bool:
    """Whether somebody could be called at this number as it is written."""
    phone = normalise_phone(text)
    return is_mobile(phone) or is_landline(phone)
