from __future__ import annotations

from datetime import date

import pytest

from planner.intake.codes import Code
from planner.intake.identity import age_on, check_digit, check_id_number, normalise_id
from planner.model.people import Sex
from tests.unit.intake.sample import id_number

STANDARD_VECTORS = ("11010519491231002X", "440524188001010014")


@pytest.mark.parametrize("number", STANDARD_VECTORS)
def test_check_digits_printed_in_the_standard(number: str) -> None:
    assert check_digit(number[:17]) == number[17]


def test_a_good_number_tells_birth_and_sex() -> None:
    found = check_id_number("11010519491231002X", on=date(2020, 1, 1))
    assert found.valid
    assert (found.birth, found.sex) == (date(1949, 12, 31), Sex.FEMALE)


@pytest.mark.parametrize(
    "written",
    [
        " 110105 19491231 002x ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'11010519491231002X",
        "110105-19491231-002Х",
        "\u202d11010519491231002x\ufeff",
    ],
)
def test_how_a_number_is_written_does_not_matter(written: str) -> None:
    assert check_id_number(written).number == "11010519491231002X"
    assert check_id_number(written).valid


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("110105194912310020", Code.ID_CHECK_DIGIT),
        ("110105491231002", Code.ID_FIFTEEN),
        ("1101051949123100", Code.ID_LENGTH),
        ("11010519491231002XX", Code.ID_LENGTH),
        ("1101051949X2310020", Code.ID_CHARACTERS),
        ("11010519491231００2O", Code.ID_CHARACTERS),
        ("4.30527E+17", Code.ID_NUMBER_CELL),
        ("4305e17", Code.ID_CHARACTERS),
        (id_number("19900230"), Code.ID_BIRTH),
        (id_number("18991231"), Code.ID_BIRTH),
        (id_number("20200321"), Code.ID_FUTURE),
    ],
)
def test_a_wrong_number_says_what_is_wrong(written: str, code: Code) -> None:
    found = check_id_number(written, on=date(2020, 3, 20))
    assert found.problems == (code,)
    assert not found.valid
    assert found.birth is None


def test_nothing_is_repaired() -> None:
    assert check_id_number("110105194912310020").number == "110105194912310020"


def test_each_single_digit_error_is_found() -> None:
    number = id_number()
    for at in range(18):
        for digit in "0123456789":
            wrong = number[:at] + digit + number[at + 1 :]
            if wrong != number:
                assert not check_id_number(wrong).valid


@pytest.mark.parametrize("region", ["430525", "430521", "430582", "432624", "810000", "522634"])
def test_regions_old_and_new_are_known(region: str) -> None:
    assert check_id_number(id_number(region=region)).problems == ()


def test_an_unknown_region_is_only_a_notice() -> None:
    found = check_id_number(id_number(region="439999"))
    assert found.problems == (Code.ID_REGION,)
    assert found.valid
    assert found.birth == date(1990, 1, 1)


def test_age_turns_on_the_birthday() -> None:
    birth = date(2004, 3, 20)
    assert age_on(birth, date(2020, 3, 19)) == 15
    assert age_on(birth, date(2020, 3, 20)) == 16
    assert age_on(date(2004, 2, 29), date(2021, 2, 28)) == 16
    assert age_on(date(2004, 2, 29), date(2021, 3, 1)) == 17


def test_empty_text_is_not_a_number() -> None:
    assert normalise_id("") == ""
    assert not check_id_number("").valid
