from __future__ import annotations

from pathlib import Path

import pytest

from planner.intake.codes import Code
from planner.intake.draft import Outcome
from tests.unit.intake.sample import csv_text, id_number, read_rows, read_text, row

ADULT = row(登记号="R1", 同行组="1")
CHILD = row(登记号="R2", 姓名="张小", 证件号码=id_number("20100101"), 同行组="1", 随行儿童="是", 联系电话="")


def test_a_child_goes_with_an_adult_of_its_group(tmp_path: Path) -> None:
    found = read_rows(tmp_path, ADULT, CHILD)
    assert [entry.outcome for entry in found] == [Outcome.ACCEPT, Outcome.NOTICE]
    assert found[1].registration is not None
    assert found[1].registration.child


@pytest.mark.parametrize(
    "adult",
    [
        ADULT | {"同行组": "2"},
        ADULT | {"同行组": ""},
        ADULT | {"乡镇": "石江镇"},
        ADULT | {"证件号码": id_number("20030101")},
        ADULT | {"联系电话": "1"},
    ],
    ids=["other group", "alone", "other village", "a minor too", "refused"],
)
def test_a_child_without_an_adult_is_refused(tmp_path: Path, adult: dict[str, str]) -> None:
    found = read_rows(tmp_path, adult, CHILD)
    assert Code.CHILD_NO_ADULT in found[1].codes


def test_a_child_without_a_group_is_refused(tmp_path: Path) -> None:
    found = read_rows(tmp_path, ADULT | {"同行组": ""}, CHILD | {"同行组": ""})
    assert Code.CHILD_NO_ADULT in found[1].codes


def test_a_child_has_no_employer(tmp_path: Path) -> None:
    found = read_rows(tmp_path, ADULT, CHILD | {"用工单位": "示例厂"})
    assert Code.CHILD_EMPLOYER in found[1].codes
    assert found[1].registration is not None
    assert found[1].registration.employer == ""


def test_sixteen_on_the_day_of_travel_is_old_enough(tmp_path: Path) -> None:
    (found,) = read_rows(tmp_path, row(证件号码=id_number("20040320")))
    assert found.codes == (Code.AGE_MINOR,)


def test_a_group_with_two_days_is_refused_whole(tmp_path: Path) -> None:
    other = row(登记号="R2", 证件号码=id_number("19910101"), 同行组="１", 出行日期="2020-03-21")
    found = read_rows(tmp_path, ADULT, other)
    assert [entry.codes for entry in found] == [(Code.GROUP_DATES,)] * 2


def test_the_same_label_in_two_villages_is_two_groups(tmp_path: Path) -> None:
    other = row(登记号="R2", 证件号码=id_number("19910101"), 同行组="1", 乡镇="石江镇", 出行日期="2020-03-21")
    assert [entry.outcome for entry in read_rows(tmp_path, ADULT, other)] == [Outcome.ACCEPT] * 2


def test_the_others_hear_of_a_member_left_out(tmp_path: Path) -> None:
    other = row(登记号="R2", 证件号码=id_number("19910101")[:-1] + "?", 同行组="1")
    found = read_rows(tmp_path, ADULT, other)
    assert found[0].codes == (Code.GROUP_INCOMPLETE,)
    assert found[0].registration is not None


COLUMNS = ("登记号", "姓名", "证件号码", "联系电话", "乡镇", "村", "目的地", "出行日期", "同行组", "同行人")


def _groups(folder: Path, *rows: dict[str, str]) -> dict[str, str]:
    found = read_text(folder, csv_text(rows, columns=COLUMNS))
    return {entry.name: entry.group for entry in found.registrations}


def _named(name: str, companions: str, *, birth: str, **more: str) -> dict[str, str]:
    return row(登记号=name, 姓名=name, 证件号码=id_number(birth), 同行人=companions, **more)


def test_companions_named_are_one_group_both_ways(tmp_path: Path) -> None:
    rows = [
        _named("张三", "李四、王五", birth="19900101"),
        _named("李四", "", birth="19910101"),
        _named("王五", "张三", birth="19920101"),
        _named("赵六", "", birth="19930101"),
    ]
    expected = {
        "张三": "张三、李四、王五",
        "李四": "张三、李四、王五",
        "王五": "张三、李四、王五",
        "赵六": "",
    }
    assert _groups(tmp_path, *rows) == expected
    assert _groups(tmp_path, *rows[::-1]) == expected


def test_a_written_group_keeps_its_label(tmp_path: Path) -> None:
    rows = [_named("张三", "李四", birth="19900101", 同行组="7"), _named("李四", "", birth="19910101")]
    assert _groups(tmp_path, *rows) == {"张三": "7", "李四": "7"}


def test_a_number_in_the_companions_column_is_a_label(tmp_path: Path) -> None:
    rows = [_named("张三", "1组", birth="19900101"), _named("李四", "1组", birth="19910101")]
    groups = _groups(tmp_path, *rows)
    assert groups["张三"] == groups["李四"] != ""


def test_unknown_and_double_companions_are_said_not_guessed(tmp_path: Path) -> None:
    rows = [
        _named("张三", "钱七、李四", birth="19900101"),
        _named("李四", "", birth="19910101"),
        _named("李四", "", birth="19920101") | {"登记号": "R3"},
    ]
    found = read_text(tmp_path, csv_text(rows, columns=COLUMNS))
    assert found.rows[1].codes == (Code.COMPANION_UNKNOWN, Code.COMPANION_AMBIGUOUS)
    assert {entry.group for entry in found.registrations} == {""}
