from __future__ import annotations

import pytest

from planner.intake.columns import ROSTER
from planner.intake.rosterhead import Field, find_field, find_header


@pytest.mark.parametrize("name", ROSTER.names)
def test_every_canonical_column_is_found_as_the_best_of_its_kind(name: str) -> None:
    assert find_field(name) == (Field(name), 0)


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("身份证号", Field.DOCUMENT_NUMBER),
        ("公民身份号码", Field.DOCUMENT_NUMBER),
        ("身份证号码（18位）", Field.DOCUMENT_NUMBER),
        ("手机", Field.PHONE),
        ("联系\n电话", Field.PHONE),
        ("*姓  名：", Field.NAME),
        ("乡(镇)", Field.TOWNSHIP),
        ("村（社区）", Field.VILLAGE),
        ("户籍(乡镇/村/组)", Field.VILLAGE),
        ("意向地", Field.DESTINATION),
        ("是否脱贫户/监测户", Field.RELIEF),
        ("同行人", Field.COMPANIONS),
    ],
)
def test_labels_as_offices_write_them(label: str, field: Field) -> None:
    found = find_field(label)
    assert found is not None
    assert found[0] is field


@pytest.mark.parametrize("label", ["", "紧急联系人电话", "监护人姓名", "张三", "民族"])
def test_labels_that_mean_something_else(label: str) -> None:
    assert find_field(label) is None


def test_the_header_stands_below_titles() -> None:
    rows = [
        ["竹市镇务工人员花名册", "", ""],
        ["2020年3月", "", ""],
        ["姓名", "手机", "村"],
        ["张三", "1", "红旗"],
    ]
    header = find_header(rows)
    assert header is not None
    assert (header.first_row, header.last_row) == (3, 3)
    assert header.columns == {Field.NAME: 0, Field.PHONE: 1, Field.VILLAGE: 2}


def test_a_second_header_row_speaks_for_its_columns() -> None:
    rows = [
        ["序号", "姓名", "身份证号", "户籍", "", "", "电话"],
        ["", "", "", "乡镇", "村", "组", ""],
        ["1", "张三", "x", "竹市镇", "红旗村", "3", "1"],
    ]
    header = find_header(rows)
    assert header is not None
    assert (header.first_row, header.last_row) == (1, 2)
    assert (header.columns[Field.TOWNSHIP], header.columns[Field.VILLAGE]) == (3, 4)


def test_of_two_columns_for_one_thing_the_better_named_is_read() -> None:
    header = find_header([["姓名", "家庭住址", "村", "电话", "手机", "爱好"]])
    assert header is not None
    assert header.columns[Field.VILLAGE] == 2
    assert set(header.twice) == {"家庭住址", "电话"}
    assert header.unknown == ("爱好",)


@pytest.mark.parametrize("rows", [[], [["张三", "16900000001", "红旗村"]], [["姓名", "爱好"]]])
def test_no_header_is_found_where_there_is_none(rows: list[list[str]]) -> None:
    assert find_header(rows) is None
