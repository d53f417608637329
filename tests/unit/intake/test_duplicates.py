from __future__ import annotations

from itertools import permutations
from pathlib import Path

from planner.intake.codes import Code
from planner.intake.draft import Outcome
from tests.unit.intake.sample import csv_text, id_number, read_rows, read_text, row


def test_the_most_complete_row_wins_wherever_it_stands(tmp_path: Path) -> None:
    thin = row(登记号="", 联系电话="")
    full = row(登记号="", 用工单位="示例厂", 备注="靠窗")
    for rows in permutations([thin, full, thin]):
        found = read_text(tmp_path, csv_text(rows))
        assert [entry.employer for entry in found.registrations] == ["示例厂"]
        at = 2 + rows.index(full)
        lost = [entry for entry in found.row_issues if entry.code == Code.DUPLICATE_SAME]
        assert [(entry.args["file"], entry.args["row"]) for entry in lost] == [("roster0.csv", at)] * 2


def test_among_equally_complete_rows_content_decides(tmp_path: Path) -> None:
    one, other = row(用工单位="乙厂"), row(用工单位="甲厂")
    for rows in ([one, other], [other, one]):
        (person,) = read_text(tmp_path, csv_text(rows)).registrations
        assert person.employer == min("乙厂", "甲厂")


def test_the_same_person_in_two_files_is_one(tmp_path: Path) -> None:
    found = read_text(tmp_path, csv_text([row()]), csv_text([row(登记号="R2")]))
    assert len(found.registrations) == 1
    assert sorted(entry.outcome for entry in found.rows) == ["accept", "reject", "skip", "skip"]


def test_contradictions_between_the_rows_of_one_person_are_said(tmp_path: Path) -> None:
    found = read_rows(tmp_path, row(用工单位="厂"), row(登记号="R2", 目的地="深圳", 出行日期="2020-03-21"))
    assert found[0].codes == (Code.DUPLICATE_CONFLICT,)
    assert found[0].outcome is Outcome.NOTICE
    assert found[1].codes == (Code.DUPLICATE_SAME,)


def test_a_refused_row_is_no_duplicate(tmp_path: Path) -> None:
    found = read_rows(tmp_path, row(目的地="上海", 用工单位="厂"), row(登记号="R2"))
    assert found[0].codes == (Code.DESTINATION_UNKNOWN,)
    assert found[1].outcome is Outcome.ACCEPT


def test_without_a_number_name_village_and_phone_make_the_person(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path, row(证件号码="", 登记号=""), row(登记号="R2"), row(证件号码="", 登记号="", 姓名="李四")
    )
    assert Code.DUPLICATE_SAME in found[0].codes
    assert [entry.registration is not None for entry in found] == [False, True, True]


def test_a_shared_phone_is_no_duplicate(tmp_path: Path) -> None:
    found = read_rows(tmp_path, row(), row(登记号="R2", 姓名="李四", 证件号码=id_number("19910101")))
    assert [entry.outcome for entry in found] == [Outcome.ACCEPT] * 2


def test_too_little_to_tell_is_said_and_both_are_taken(tmp_path: Path) -> None:
    blank = row(证件号码="", 联系电话="")
    found = read_rows(tmp_path, blank, blank | {"登记号": "R2"})
    assert all(Code.DUPLICATE_POSSIBLE in entry.codes for entry in found)
    assert all(entry.registration is not None for entry in found)


def test_two_of_one_name_and_phone_are_not_guessed_between(tmp_path: Path) -> None:
    father, son = row(登记号="R1"), row(登记号="R2", 证件号码=id_number("19700101"))
    found = read_rows(tmp_path, father, son, row(登记号="R3", 证件号码=""))
    assert all(entry.registration is not None for entry in found)
    assert Code.DUPLICATE_POSSIBLE in found[2].codes


def test_a_citizen_is_the_same_on_every_paper(tmp_path: Path) -> None:
    found = read_rows(tmp_path, row(用工单位="厂"), row(登记号="R2", 证件类型="户口簿"))
    assert found[1].codes == (Code.DUPLICATE_SAME,)


def test_equal_numbers_of_other_papers_are_two_people(tmp_path: Path) -> None:
    passport, permit = row(证件类型="护照"), row(登记号="R2", 证件类型="台胞证")
    found = read_rows(tmp_path, passport | {"证件号码": "12345678"}, permit | {"证件号码": "12345678"})
    assert all(entry.registration is not None for entry in found)
