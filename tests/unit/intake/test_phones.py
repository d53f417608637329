from __future__ import annotations

import pytest

from planner.intake.phones import is_landline, is_mobile, is_phone, normalise_phone


@pytest.mark.parametrize(
    "written",
    [
        "16900000001",
        "169 0000 0001",
        "169-0000-0001",
        "+86 16900000001",
        "008616900000001",
        "8616900000001",
        "１６９０００００００１",
        "'16900000001",
        "\u202d16900000001\u202c",
    ],
)
def test_one_mobile_however_it_is_written(written: str) -> None:
    assert normalise_phone(written) == "16900000001"


@pytest.mark.parametrize(
    "number", ["12900000001", "1690000000", "169000000011", "26900000001", "1690000000a", ""]
)
def test_what_is_no_mobile(number: str) -> None:
    assert not is_mobile(normalise_phone(number))


@pytest.mark.parametrize(
    ("written", "plain"),
    [("07390000000", "0739-0000000"), ("(0739) 0000000", "0739-0000000"), ("010-00000000", "010-00000000")],
)
def test_land_lines_keep_one_hyphen(written: str, plain: str) -> None:
    assert normalise_phone(written) == plain
    assert is_landline(plain)
    assert is_phone(written)


def test_a_land_line_without_area_code_is_none() -> None:
    assert not is_phone("0000000")
