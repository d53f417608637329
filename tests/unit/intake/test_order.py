"""Where a row stands must not matter: not for who is taken, not for their ids, not for their data."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.sample import csv_text, id_number, read_text, row

COLUMNS = (*row(), "同行组", "同行人", "随行儿童", "用工单位")

rows = st.builds(
    row,
    登记号=st.sampled_from(["", "", "A00003", "R1"]),
    姓名=st.sampled_from(["张三", "李四", "张 三", "王?"]),
    证件号码=st.sampled_from(
        ["", id_number(), id_number("19910101"), id_number("20100101"), id_number("20030401"), "4305"]
    ),
    联系电话=st.sampled_from(["", "16900000001", "1690000000"]),
    乡镇=st.sampled_from(["", "竹市镇", "石江镇"]),
    目的地=st.sampled_from(["广州", "深圳", "上海"]),
    出行日期=st.sampled_from(["2020-03-20", "43910", "2020-03-21"]),
    同行组=st.sampled_from(["", "1", "2"]),
    同行人=st.sampled_from(["", "张三", "李四、王五", "3"]),
    随行儿童=st.sampled_from(["", "是"]),
    用工单位=st.sampled_from(["", "甲厂", "乙厂"]),
)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), sheet=st.lists(rows, max_size=8))
def test_shuffled_rows_give_the_same_people(data: st.DataObject, sheet: list[dict[str, str]]) -> None:
    shuffled = data.draw(st.permutations(sheet))
    cut = data.draw(st.integers(min_value=0, max_value=len(shuffled)))
    with tempfile.TemporaryDirectory() as folder:
        before = read_text(Path(folder), csv_text(sheet, columns=COLUMNS))
        after = read_text(
            Path(folder),
            csv_text(shuffled[:cut], columns=COLUMNS),
            csv_text(shuffled[cut:], columns=COLUMNS),
        )
    assert after.registrations == before.registrations
    outcomes = sorted((entry.name, entry.outcome, entry.codes) for entry in before.rows if entry.name)
    assert outcomes == sorted((entry.name, entry.outcome, entry.codes) for entry in after.rows if entry.name)
    assert sum(before.counts.values()) == len(sheet) + 1
