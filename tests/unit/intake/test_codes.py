"""Codes and their words: every trouble can be said, in both languages, in the style of the house."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from exports.words import placeholders
from planner.errors import Severity, Where
from planner.intake.codes import Code, issue, severity_of

LOCALE = Path(__file__).parents[3] / "exports" / "locale"
INTAKE = Path(__file__).parents[3] / "planner" / "intake"


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(cast("Mapping[str, Any]", value), f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _words(locale: str) -> dict[str, str]:
    return dict(_flatten(tomllib.loads((LOCALE / locale / "issues.toml").read_text(encoding="utf-8"))))


CHINESE, ENGLISH = _words("zh_CN"), _words("en")


@pytest.mark.parametrize("code", Code)
def test_every_code_has_words(code: Code) -> None:
    assert placeholders(CHINESE[code]) == placeholders(ENGLISH[code])


def test_no_words_without_a_code() -> None:
    known = {code.value for code in Code}
    assert {key for key in {*CHINESE, *ENGLISH} - known if not key.startswith("plan.")} == set()


@pytest.mark.parametrize("code", Code)
def test_chinese_sentences_are_short_and_never_blame(code: Code) -> None:
    words = re.sub(r"\{\w+\}", "几", CHINESE[code])
    assert all(len(sentence) <= 25 for sentence in re.split("[。：；]", words))
    assert words.count("请") <= 1
    assert not re.search(r"[,;!?]|错误|非法|您", words)


@pytest.mark.parametrize("code", Code)
def test_every_code_is_used(code: Code) -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in INTAKE.glob("*.py") if path.name != "codes.py"
    )
    assert f"Code.{code.name}" in source


def test_skips_and_remarks_do_not_keep_a_row_out() -> None:
    assert severity_of(Code.SKIP_TOTAL) is Severity.NOTICE
    assert severity_of(Code.ID_REGION) is Severity.NOTICE
    assert severity_of(Code.ID_MISSING) is Severity.WARNING
    assert severity_of(Code.ID_CHECK_DIGIT) is Severity.ERROR


def test_an_issue_masks_what_slipped_into_its_texts() -> None:
    found = issue(Code.CELL_BAD_ID, Where(column="16900000001"), value="x430525199001019973y16900000001")
    assert "430525199001019973" not in repr(found)
    assert "16900000001" not in repr(found)
