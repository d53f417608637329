"""Whatever stands in a file: issues, never a traceback; and no row of a roster vanishes."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.intake.folder import load_campaign, save_campaign
from planner.intake.roster import roster_lines
from tests.unit.intake.sample import id_number, person, sample_campaign

NASTY = st.sampled_from(
    [
        b'"', b",", b"\n", b"\r", b"\x00", b"-1", b"9" * 40, b"1e999", b"nan", b"\xff\xfe", b"|", b"#", b"[",
        b"2020-99-99", b"0000-00-00", b"9999-12-31T23:59-14:00", b"0001-01-01T00:00+14:00", b"4.3E+17", b"{",
        "²".encode(), "٣".encode(), "\u202e".encode(), "𠮷".encode(),
    ]
)  # fmt: skip
EDITS = st.lists(st.tuples(st.floats(0, 1), NASTY, st.integers(0, 12)), min_size=1, max_size=3)


@pytest.fixture(scope="module")
def good() -> Iterator[dict[str, bytes]]:
    with tempfile.TemporaryDirectory() as name:
        save_campaign(sample_campaign(person(1)), Path(name))
        yield {path.name: path.read_bytes() for path in Path(name).iterdir()}


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_folder_loads_or_says_why(good: dict[str, bytes], data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(good)), min_size=1, max_size=3, unique=True))
    with tempfile.TemporaryDirectory() as folder:
        for name, content in good.items():
            damaged = content
            for share, nasty, cut in data.draw(EDITS) if name in names else ():
                at = int(share * len(damaged))
                damaged = damaged[:at] + nasty + damaged[at + cut :]
            (Path(folder) / name).write_bytes(damaged)
        campaign, issues = load_campaign(Path(folder))
    assert campaign is not None or issues


HEADS = [
    "姓名",
    "身份证号",
    "电话",
    "乡镇",
    "村",
    "目的地",
    "出行日期",
    "同行组",
    "同行人",
    "随行儿童",
    "性别",
    "备注",
]
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "",
            "同上",
            "〃",
            "张三",
            "\ue000",
            id_number(),
            "4.3E+17",
            "43910",
            "99999",
            "13月40日",
            "0000-00-00",
        ]
    ),
    st.sampled_from(
        ["是", "合计", "备注：甲", "姓名", "竹市镇红旗村", "广州", "16900000001", "²", "٣٣", "\x00", "=1"]
    ),
    st.text(max_size=12),
)


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=12, max_size=13), max_size=8), head=st.permutations(HEADS))
def test_no_row_of_a_roster_vanishes(rows: list[list[str]], head: list[str]) -> None:
    target = io.StringIO(newline="")
    csv.writer(target).writerows([head, *rows])
    content = target.getvalue().encode("utf-8", "replace")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "r.csv").write_bytes(content)
        *lines, last = roster_lines(Path(folder) / "r.csv", sample_campaign())
    if last["outcome"] == "reject_file":
        assert last["codes"]
        return
    numbers = [line["row"] for line in lines]
    assert len(numbers) == len(set(numbers))
    for line in lines:
        assert line["outcome"] in {"accept", "notice", "reject", "skip"}
        assert bool(line["codes"]) == (line["outcome"] != "accept")
    assert last["outcome"] == (
        "import_partial" if any(line["outcome"] == "reject" for line in lines) else "import"
    )
