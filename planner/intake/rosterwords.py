"""The words of a roster's cells: what an office writes for a sex, a paper, a yes.

The first word of each is the one written back in the canonical roster.
"""

from __future__ import annotations

from typing import Final

from planner.model.people import DocumentType, Sex

SEXES: Final[dict[Sex, tuple[str, ...]]] = {
    Sex.MALE: ("男", "男性", "M", "MALE"),
    Sex.FEMALE: ("女", "女性", "F", "FEMALE"),
}

SEX_WORDS: Final = {word: sex for sex, words in SEXES.items() for word in words}


def parse_sex(text: str) -> Sex:
    """Read a sex as an office or the model writes it. ValueError when it is none."""
    found = SEX_WORDS.get(text.upper())
    return Sex(text) if found is None else found


DOCUMENTS: Final[dict[DocumentType, tuple[str, ...]]] = {
    DocumentType.ID_CARD: ("居民身份证", "身份证", "二代身份证", "第二代居民身份证", "ID_CARD"),
    DocumentType.TEMPORARY_ID: ("临时身份证", "临时居民身份证", "TEMPORARY_ID"),
    DocumentType.HOUSEHOLD_REGISTER: ("户口簿", "户口本", "居民户口簿", "HOUSEHOLD_REGISTER"),
    DocumentType.HK_MACAO_PERMIT: (
        "港澳居民来往内地通行证",
        "港澳通行证",
        "港澳居民通行证",
        "回乡证",
        "HK_MACAO_PERMIT",
    ),
    DocumentType.TAIWAN_PERMIT: (
        "台湾居民来往大陆通行证",
        "台湾通行证",
        "台湾居民通行证",
        "台胞证",
        "TAIWAN_PERMIT",
    ),
    DocumentType.HK_MACAO_TAIWAN_RESIDENT: (
        "港澳台居民居住证",
        "港澳台居住证",
        "港澳居民居住证",
        "台湾居民居住证",
        "HK_MACAO_TAIWAN_RESIDENT",
    ),
    DocumentType.PASSPORT: ("护照", "PASSPORT"),
    DocumentType.FOREIGN_PERMANENT_RESIDENT: (
        "外国人永久居留身份证",
        "外国人永久居留证",
        "FOREIGN_PERMANENT_RESIDENT",
    ),
    DocumentType.MILITARY: ("军人证件", "军官证", "士兵证", "军人证", "军人身份证件", "MILITARY"),
    DocumentType.OTHER: ("其他", "其他证件", "其它", "OTHER"),
}

YES: Final[tuple[str, ...]] = ("是", "1", "√", "✓", "✔", "有", "Y", "YES", "TRUE", "对")
NO: Final[tuple[str, ...]] = ("", "否", "0", "×", "✗", "无", "不是", "N", "NO", "FALSE", "-", "—", "/", "\\")
