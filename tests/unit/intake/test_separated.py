from __future__ import annotations

import codecs

import pytest

from planner.errors import Where
from planner.intake.separated import read_separated

TEXT = '姓名,住址,电话\n张三,"竹市镇,红旗村",1\n\n李四,"高沙镇\n龙山村",2\n'
ROWS = [["姓名", "住址", "电话"], ["张三", "竹市镇,红旗村", "1"], [], ["李四", "高沙镇\n龙山村", "2"]]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode().replace("高沙镇\r\n".encode(), "高沙镇\n".encode()),
    ],
    ids=["utf-8", "utf-8-bom", "gb18030", "utf-16-le", "utf-16-be", "crlf"],
)
def test_every_encoding_of_an_office(content: bytes) -> None:
    assert read_separated(content, Where()) == ROWS


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator(separator: str) -> None:
    lines = [["姓名", "电话", "村"], ["张三", "1", "红旗"], ["李四", "", "龙山"]]
    text = "".join(separator.join(line) + "\n" for line in lines)
    assert read_separated(text.encode(), Where()) == lines


def test_commas_inside_a_tabbed_file_do_not_mislead() -> None:
    text = "姓名\t住址\n张三\t洞口,竹市,红旗\n李四\t洞口,高沙,龙山\n"
    assert read_separated(text.encode(), Where())[1] == ["张三", "洞口,竹市,红旗"]


def test_title_rows_do_not_mislead() -> None:
    text = "竹市镇花名册\n;;\n姓名;电话;村\n张三;1;红旗\n李四;2;龙山\n"
    assert read_separated(text.encode(), Where())[2] == ["姓名", "电话", "村"]


def test_one_column_stays_one_column() -> None:
    assert read_separated("姓名\n张三\n".encode(), Where()) == [["姓名"], ["张三"]]
