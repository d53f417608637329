from __future__ import annotations

import pytest

from planner.intake.codes import Code
from planner.intake.names import check_name


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "欧阳修远",
        "买买提·艾力",
        "㼆琚",
        "𠮷田",
        "𪣻华",
        "𬭩坤",
        "王䶮",
        "〇一",
        "Maria Garcia",
        "𰻝面",
    ],
)
def test_good_names_stay_as_they_are(name: str) -> None:
    found = check_name(name)
    assert (found.name, found.problems) == (name, ())


@pytest.mark.parametrize("dot", list("·•‧・･．.⋅∙●。"))
def test_every_dot_becomes_the_one_of_the_id_card(dot: str) -> None:
    assert check_name(f"买买提{dot}艾力").name == "买买提\u00b7艾力"
    assert check_name(f" 买买提 {dot} 艾力 ").problems == ()


def test_spaces_inside_a_han_name_go_with_a_notice() -> None:
    found = check_name("张\u3000三")
    assert (found.name, found.problems) == ("张三", (Code.NAME_SPACES,))


def test_compatibility_characters_are_not_normalised_away() -> None:
    assert check_name("\uf98e三").name == "\uf98e三"


def test_private_use_characters_are_kept_and_flagged() -> None:
    found = check_name("张\ue863")
    assert (found.name, found.problems) == ("张\ue863", (Code.NAME_PRIVATE_USE,))


def test_radicals_are_kept_and_flagged() -> None:
    found = check_name("⾼三")
    assert (found.name, found.problems) == ("⾼三", (Code.NAME_LOOKALIKE,))


def test_invisible_characters_vanish() -> None:
    assert check_name("张\u200b三\ufeff").name == "张三"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Code.NAME_MISSING),
        ("  \u3000", Code.NAME_MISSING),
        ("不详", Code.NAME_MISSING),
        ("张?", Code.NAME_CHARACTERS),
        ("张*华", Code.NAME_CHARACTERS),
        ("张三2", Code.NAME_CHARACTERS),
        ("张三(小孩)", Code.NAME_CHARACTERS),
        ("张□", Code.NAME_CHARACTERS),
        ("=cmd|' /C calc'!A0", Code.NAME_CHARACTERS),
        ("张" * 41, Code.NAME_TOO_LONG),
        ("张", Code.NAME_SINGLE),
    ],
)
def test_what_is_no_name_says_why(text: str, code: Code) -> None:
    assert check_name(text).problems == (code,)
