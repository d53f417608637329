"""Which sheet shows what, to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exports.privacy import RULES, Sheet, Show, show_document, show_needs, show_phone
from tests.builders import tiny_campaign

PERSON = replace(
    tiny_campaign().registrations[0],
    document_number="430525199003079977",
    phone="16900001040",
    needs="腿脚不便",
)


def test_every_sheet_has_its_rule() -> None:
    assert set(RULES) == set(Sheet)


def test_whole_numbers_are_on_the_lists_for_railway_operators_and_subsidy_only() -> None:
    whole = {sheet for sheet in Sheet if RULES[sheet].document is Show.FULL}
    assert whole == {
        Sheet.TRAIN_LIST,
        Sheet.OPERATOR_LIST,
        Sheet.COACH_OPERATOR_LIST,
        Sheet.SUBSIDY_LIST,
    }
    assert {sheet for sheet in Sheet if show_document(PERSON, sheet) == PERSON.document_number} == whole


def test_the_marshal_may_call_and_compare_the_last_digits() -> None:
    assert show_document(PERSON, Sheet.MANIFEST) == "4305**********9977"
    assert show_phone(PERSON, Sheet.MANIFEST) == "16900001040"
    assert show_needs(PERSON, Sheet.MANIFEST) == "腿脚不便"


@pytest.mark.parametrize("sheet", [Sheet.RUN_SHEET, Sheet.COACH_SHEET, Sheet.RUN_SUMMARY])
def test_driver_and_office_figures_show_nothing_of_passengers(sheet: Sheet) -> None:
    assert show_document(PERSON, sheet) == ""
    assert show_phone(PERSON, sheet) == ""
    assert show_needs(PERSON, sheet) == ""


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("430525199003079977", "4305**********9977"),
        ("E12345678", "*****5678"),
        ("A1234", "****4"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_short_papers_hide_at_least_half(number: str, shown: str) -> None:
    assert show_document(replace(PERSON, document_number=number), Sheet.MANIFEST) == shown
