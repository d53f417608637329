from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.intake.codes import Code
from planner.intake.draft import Outcome
from planner.intake.roster import read_rosters, roster_lines
from planner.intake.rosterrow import RosterContext
from planner.model.people import DocumentType, Sex
from tests.unit.intake.sample import (
    DAY,
    LONGSHAN_TOWN,
    ZHUSHI,
    csv_text,
    id_number,
    read_rows,
    read_text,
    row,
    sample_campaign,
)

Change = dict[str, str]


def test_a_plain_row_is_accepted(tmp_path: Path) -> None:
    (found,) = read_rows(tmp_path, row(是否脱贫户="是", 用工单位="示例厂"))
    assert (found.outcome, found.codes) == (Outcome.ACCEPT, ())
    person = found.registration
    assert person is not None
    assert (person.id, person.name, person.sex, person.birth) == ("R1", "张三", Sex.MALE, date(1990, 1, 1))
    assert (person.village_id, person.destination_id, person.travel_date) == (ZHUSHI, "gz", DAY)
    assert (person.relief, person.captain, person.employer) == (True, False, "示例厂")


NOTICES: list[tuple[Change, Code]] = [
    ({"姓名": "张 三"}, Code.NAME_SPACES),
    ({"姓名": "张\ue863"}, Code.NAME_PRIVATE_USE),
    ({"联系电话": ""}, Code.PHONE_MISSING),
    ({"联系电话": "0739-0000000"}, Code.PHONE_LANDLINE),
    ({"联系电话": "16900000001、16900000002"}, Code.PHONE_SEVERAL),
    ({"证件号码": ""}, Code.ID_MISSING),
    ({"证件号码": id_number(region="439999")}, Code.ID_REGION),
    ({"证件号码": id_number("20030321")}, Code.AGE_MINOR),
    ({"性别": "女"}, Code.SEX_MISMATCH),
    ({"性别": "不明"}, Code.SEX_BAD),
    ({"出生日期": "1991-01-01"}, Code.BIRTH_MISMATCH),
    ({"出生日期": "正月"}, Code.BIRTH_BAD),
    ({"乡镇": "文昌街道", "村": "龙山村"}, Code.VILLAGE_OTHER_KIND),
    ({"出行日期": "3月20日"}, Code.DATE_NO_YEAR),
    ({"领队": "也许"}, Code.FLAG_BAD),
    ({"随行儿童": "是"}, Code.CHILD_NOT_CHILD),
]


@pytest.mark.parametrize(("change", "code"), NOTICES, ids=[code for _, code in NOTICES])
def test_taken_with_a_word(tmp_path: Path, change: Change, code: Code) -> None:
    (found,) = read_rows(tmp_path, row(**change))
    assert (found.outcome, found.codes) == (Outcome.NOTICE, (code,))
    assert found.registration is not None


REFUSALS: list[tuple[Change, Code]] = [
    ({"姓名": ""}, Code.NAME_MISSING),
    ({"姓名": "张?"}, Code.NAME_CHARACTERS),
    ({"姓名": "张" * 60}, Code.NAME_TOO_LONG),
    ({"证件号码": id_number()[:-1] + "0"}, Code.ID_CHECK_DIGIT),
    ({"证件号码": "430525900101997"}, Code.ID_FIFTEEN),
    ({"证件号码": id_number() + "1"}, Code.ID_LENGTH),
    ({"证件号码": "同事代填"}, Code.ID_CHARACTERS),
    ({"证件号码": "4.30525E+17"}, Code.ID_NUMBER_CELL),
    ({"证件号码": id_number("19900230")}, Code.ID_BIRTH),
    ({"证件号码": id_number("20210101")}, Code.ID_FUTURE),
    ({"证件号码": "同上"}, Code.DITTO_NOT_HERE),
    ({"证件类型": "工作证"}, Code.DOCUMENT_TYPE),
    ({"证件类型": "护照", "证件号码": "E1"}, Code.DOCUMENT_NUMBER),
    ({"联系电话": "1690000000"}, Code.PHONE_LENGTH),
    ({"联系电话": "12345678901"}, Code.PHONE_FORM),
    ({"联系电话": "家里"}, Code.PHONE_FORM),
    ({"村": ""}, Code.VILLAGE_MISSING),
    ({"村": "红棋村"}, Code.VILLAGE_UNKNOWN),
    ({"乡镇": ""}, Code.VILLAGE_AMBIGUOUS),
    ({"乡镇": "高沙镇"}, Code.VILLAGE_OTHER_TOWNSHIP),
    ({"乡镇": "无名镇"}, Code.TOWNSHIP_UNKNOWN),
    ({"目的地": ""}, Code.DESTINATION_MISSING),
    ({"目的地": "上海"}, Code.DESTINATION_UNKNOWN),
    ({"出行日期": ""}, Code.DATE_MISSING),
    ({"出行日期": "初八"}, Code.DATE_BAD),
    ({"出行日期": "4月1日"}, Code.DATE_BAD),
    ({"出行日期": "2002-03-20"}, Code.DATE_IMPLAUSIBLE),
    ({"出行日期": "同上"}, Code.DITTO_NOTHING_ABOVE),
    ({"证件号码": id_number("20040321")}, Code.AGE_UNDER_16),
    ({"登记号": "a b"}, Code.NUMBER_FORM),
]


@pytest.mark.parametrize(("change", "code"), REFUSALS, ids=[code for _, code in REFUSALS])
def test_refused_with_its_reason(tmp_path: Path, change: Change, code: Code) -> None:
    (found,) = read_rows(tmp_path, row(**change))
    assert found.outcome is Outcome.REJECT
    assert code in found.codes
    assert found.registration is None


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({"出行日期": "43910"}, DAY),
        ({"出行日期": "2020/3/20 8:00"}, DAY),
        ({"出行日期": "２０２０年３月２０日"}, DAY),
    ],
)
def test_dates_of_every_kind_are_one_day(tmp_path: Path, change: Change, value: date) -> None:
    (found,) = read_rows(tmp_path, row(**change))
    assert found.outcome is Outcome.ACCEPT
    assert found.registration is not None
    assert found.registration.travel_date == value


def test_full_width_digits_are_read(tmp_path: Path) -> None:
    wide = id_number().translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"})
    (found,) = read_rows(tmp_path, row(证件号码=wide, 联系电话="１６９０００００００１"))
    assert (found.outcome, found.document_number, found.phone) == (Outcome.ACCEPT, id_number(), "16900000001")


def test_other_papers_are_taken_as_they_are(tmp_path: Path) -> None:
    (found,) = read_rows(
        tmp_path, row(证件类型="护照", 证件号码="e12345678", 出生日期="1990-05-01", 性别="女")
    )
    person = found.registration
    assert person is not None
    assert (person.document_type, person.document_number) == (DocumentType.PASSPORT, "E12345678")
    assert (person.birth, person.sex) == (date(1990, 5, 1), Sex.FEMALE)


def test_same_as_above_means_the_person_above_even_a_refused_one(tmp_path: Path) -> None:
    second = row(
        登记号="R2", 证件号码=id_number("19910101"), 乡镇="〃", 村="同上", 目的地=" 同 上 ", 出行日期="″"
    )
    third = row(登记号="R3", 证件号码=id_number("19920101"), 村="同上", 乡镇="同上")
    found = read_rows(tmp_path, row(姓名="张?"), second, third)
    assert [entry.outcome for entry in found] == [Outcome.REJECT, Outcome.ACCEPT, Outcome.ACCEPT]
    assert [entry.village_id for entry in found] == [ZHUSHI] * 3


def test_an_empty_village_is_never_the_one_above(tmp_path: Path) -> None:
    found = read_rows(tmp_path, row(), row(登记号="R2", 证件号码=id_number("19910101"), 村="", 乡镇=""))
    assert found[1].codes == (Code.VILLAGE_MISSING,)


MESSY = f"""竹市镇2020年务工人员花名册,,,,,,
单位：竹市镇,,,,,,
序号,姓 名,身份证号码,手机,户籍村,意向地,爱好
1,张三,{id_number()},16900000001,竹市镇红旗村,广州市,棋

2,,,,,,
3,李四,{id_number("19910101")},16900000001,竹市红旗,深圳北站,
序号,姓 名,身份证号码,手机,户籍村,意向地,爱好
4,王五,{id_number("19920101")[:-1]}?,16900000001,竹市红旗,深圳北站,
合计：3人,,,,,,
填表人：赵六,,,,,,
"""


def test_every_row_of_a_messy_sheet_has_one_outcome(tmp_path: Path) -> None:
    found = read_text(tmp_path, MESSY)
    assert [(entry.where.row, entry.outcome, entry.codes[:1]) for entry in found.rows] == [
        (1, Outcome.SKIP, (Code.SKIP_TITLE,)),
        (2, Outcome.SKIP, (Code.SKIP_TITLE,)),
        (3, Outcome.SKIP, (Code.SKIP_HEADER,)),
        (4, Outcome.NOTICE, (Code.DATE_ASSUMED,)),
        (6, Outcome.SKIP, (Code.SKIP_UNFILLED,)),
        (7, Outcome.NOTICE, (Code.DATE_ASSUMED,)),
        (8, Outcome.SKIP, (Code.SKIP_HEADER,)),
        (9, Outcome.REJECT, (Code.ID_CHARACTERS,)),
        (10, Outcome.SKIP, (Code.SKIP_TOTAL,)),
        (11, Outcome.SKIP, (Code.SKIP_NOTE,)),
    ]
    assert sum(found.counts.values()) == len(found.rows) == 10
    assert [entry.code for entry in found.file_issues] == [Code.ROSTER_COLUMN_UNKNOWN, Code.NUMBER_GIVEN]
    assert [entry.code for entry in found.row_issues].count(Code.DATE_ASSUMED) == 1


def test_a_missing_column_is_said_once(tmp_path: Path) -> None:
    columns = ("姓名", "证件号码", "联系电话", "目的地", "出行日期")
    found = read_text(tmp_path, csv_text([row(), row(证件号码=id_number("19910101"))], columns=columns))
    assert [entry.codes for entry in found.rows[1:]] == [(Code.ROSTER_COLUMN_MISSING,)] * 2
    (said,) = found.row_issues
    assert (said.code, said.where.row, said.args) == (Code.ROSTER_COLUMN_MISSING, 0, {"field": "村"})


def test_without_a_header_the_file_is_refused_and_no_row_lost(tmp_path: Path) -> None:
    found = read_text(tmp_path, f"张三,{id_number()},16900000001\n")
    assert found.refused == {"roster0.csv"}
    assert [entry.outcome for entry in found.rows] == [Outcome.SKIP]
    assert Code.ROSTER_NO_HEADER in [entry.code for entry in found.file_issues]


def test_an_empty_form_is_only_a_notice(tmp_path: Path) -> None:
    found = read_text(tmp_path, csv_text([]))
    assert not found.refused
    assert [entry.code for entry in found.file_issues] == [Code.ROSTER_NO_ROWS]


def _workbook(path: Path, fill: Callable[[Any], None]) -> Path:
    book = openpyxl.Workbook()
    fill(book)
    book.save(path)
    return path


HEAD = ["姓名", "身份证号", "电话", "乡镇", "村", "目的地", "出行日期"]


def test_number_typed_ids_are_refused_never_repaired(tmp_path: Path) -> None:
    number = int(id_number()[:-1] + "0")

    def fill(book: Any) -> None:
        book.active.append(HEAD)
        book.active.append(["张三", number, 16900000001, "竹市镇", "红旗村", "广州", date(2020, 3, 20)])
        book.active.append(["李四", id_number(), 16900000001, "竹市镇", "红旗村", "广州", 43910])

    found = read_rosters([_workbook(tmp_path / "a.xlsx", fill)], RosterContext.of(sample_campaign()))
    bad, good = found.rows[1:]
    assert (bad.outcome, bad.codes, bad.document_number) == (Outcome.REJECT, (Code.ID_NUMBER_CELL,), "")
    assert (good.outcome, good.phone) == (Outcome.ACCEPT, "16900000001")


def test_hidden_sheets_are_announced_not_imported(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.active.append(HEAD)
        book.active.append(["张三", id_number(), "16900000001", "竹市镇", "红旗村", "广州", "2020-03-20"])
        hidden = book.create_sheet("去年")
        hidden.sheet_state = "hidden"
        hidden.append(HEAD)
        hidden.append(
            ["李四", id_number("19910101"), "16900000001", "竹市镇", "红旗村", "广州", "2020-03-20"]
        )
        book.create_sheet("说明").append(["填写说明"])

    found = read_rosters([_workbook(tmp_path / "a.xlsx", fill)], RosterContext.of(sample_campaign()))
    assert [entry.name for entry in found.registrations] == ["张三"]
    said = [(entry.code, entry.where.sheet) for entry in found.file_issues]
    assert (Code.ROSTER_HIDDEN_SHEET, "去年") in said
    assert (Code.ROSTER_SHEET_SKIPPED, "说明") in said
    assert [(entry.where.sheet, entry.outcome) for entry in found.rows][-1] == ("说明", Outcome.SKIP)


def test_numbers_are_given_after_the_highest_in_canonical_order(tmp_path: Path) -> None:
    rows = [
        row(登记号="A00007", 证件号码=id_number("19910101")),
        row(登记号="", 姓名="王五", 证件号码=id_number("19920101")),
        row(登记号="", 姓名="李四", 证件号码=id_number("19930101")),
    ]
    for order in (rows, rows[::-1]):
        found = read_text(tmp_path, csv_text(order))
        assert [(entry.id, entry.name) for entry in found.registrations] == [
            ("A00007", "张三"), ("A00008", "李四"), ("A00009", "王五"),
        ]  # fmt: skip
        (given,) = found.file_issues
        assert (given.code, given.args) == (Code.NUMBER_GIVEN, {"count": 2})


def test_one_number_on_two_people_is_on_neither(tmp_path: Path) -> None:
    found = read_rows(tmp_path, row(), row(姓名="李四", 证件号码=id_number("19910101")))
    assert [entry.codes for entry in found] == [(Code.NUMBER_TAKEN,)] * 2


def test_the_lines_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(csv_text([row(), row(姓名="", 证件号码="430525")]), encoding="utf-8")
    lines = list(roster_lines(tmp_path / "r.csv", sample_campaign()))
    assert lines[1] == {
        "sheet": "", "row": 2, "outcome": "accept", "codes": [], "name": "张三", "id": id_number(),
        "phone": "16900000001", "village_code": ZHUSHI,
    }  # fmt: skip
    assert [line.get("outcome") for line in lines] == ["skip", "accept", "reject", "import_partial"]
    assert lines[2]["name"] is None
    assert lines[-1] == {"file": "r.csv", "outcome": "import_partial", "codes": []}


@pytest.mark.parametrize(
    ("content", "outcome", "codes"),
    [
        (csv_text([row()]).encode(), "import", []),
        (b"", "reject_file", [Code.FILE_EMPTY]),
        (b"PK\x03\x04", "reject_file", [Code.FILE_CORRUPT]),
    ],
)
def test_the_verdict_on_a_file(tmp_path: Path, content: bytes, outcome: str, codes: list[str]) -> None:
    (tmp_path / "r.xlsx").write_bytes(content)
    *_, last = roster_lines(tmp_path / "r.xlsx", sample_campaign())
    assert last == {"file": "r.xlsx", "outcome": outcome, "codes": codes}


def test_a_community_is_found_by_its_address(tmp_path: Path) -> None:
    columns = ("姓名", "证件号码", "联系电话", "家庭住址", "目的地", "出行日期")
    text = csv_text([row(家庭住址="洞口县文昌街道龙山社区5组")], columns=columns)
    assert read_text(tmp_path, text).rows[1].village_id == LONGSHAN_TOWN
