"""Where a sheet's header is and which column holds what, by the names offices give their columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from planner.intake.cells import Cell, cell_text


class Field(StrEnum):
    """What a roster's column may hold; the values are the canonical column names."""

    NUMBER = "登记号"
    NAME = "姓名"
    SEX = "性别"
    BIRTH = "出生日期"
    DOCUMENT_TYPE = "证件类型"
    DOCUMENT_NUMBER = "证件号码"
    PHONE = "联系电话"
    TOWNSHIP = "乡镇"
    VILLAGE = "村"
    GROUP = "同行组"
    COMPANIONS = "同行人"
    """Names of the people one travels with, or a group's number; not part of the canonical roster."""
    DESTINATION = "目的地"
    TRAVEL_DATE = "出行日期"
    LATEST_DATE = "最晚出行日期"
    EMPLOYER = "用工单位"
    CAPTAIN = "领队"
    CHILD = "随行儿童"
    RELIEF = "是否脱贫户"
    NEEDS = "特殊需要"
    NOTE = "备注"


_SYNONYMS: Final[dict[Field, str]] = {
    Field.NUMBER: "登记号 登记编号 报名号 报名编号 登记序号",
    Field.NAME: ("姓名 名字 人员姓名 务工人员姓名 务工者姓名 乘客姓名 乘车人 乘车人姓名 本人姓名 员工姓名"),
    Field.SEX: "性别",
    Field.BIRTH: "出生日期 出生年月日 出生年月 出生 生日",
    Field.DOCUMENT_TYPE: "证件类型 证件种类 证件名称 有效证件类型",
    Field.DOCUMENT_NUMBER: """
        证件号码 身份证号 身份证号码 身份证 公民身份号码 公民身份证号码 公民身份证号 居民身份证号码
        居民身份证号 居民身份证 证件号 有效证件号码 本人身份证号 本人身份证号码 身份号码
    """,
    Field.PHONE: """
        联系电话 手机 手机号 手机号码 电话 电话号码 联系方式 联系手机 移动电话 本人电话 本人手机 本人手机号
        联系电话号码 手机电话
    """,
    Field.TOWNSHIP: """
        乡镇 乡镇街道 乡镇/街道 镇街 镇乡 街道 街道乡镇 乡 镇 所在乡镇 户籍乡镇 户籍乡镇街道 乡镇名称
        户籍所在乡镇
    """,
    Field.VILLAGE: """
        村 行政村 户籍村 所在村 村居 村社区 村/社区 村委会 村名 村名称 村居社区 村委 户籍所在村 户籍行政村
        村别 户籍地址 户籍地 户籍所在地 户籍 家庭住址 家庭地址 住址 地址 常住地址 现住址
    """,
    Field.GROUP: "同行组 同行组号 同行编号 同行组别 家庭组 同行分组 同行小组",
    Field.COMPANIONS: "同行人 同行人员 同行人姓名 同行者 结伴人员 同伴",
    Field.DESTINATION: """
        目的地 意向地 务工地 务工地点 意向地点 目的站 到站 到达站 下车站 下车地点 目的城市 务工城市 去向
        意向务工地 返岗地 返岗目的地 到达地 输出地 务工目的地
    """,
    Field.TRAVEL_DATE: """
        出行日期 出发日期 乘车日期 返岗日期 出行时间 出发时间 发车日期 乘车时间 返岗时间 拟出行日期 日期
    """,
    Field.LATEST_DATE: "最晚出行日期 最迟出行日期 最晚出发日期 最迟出发日期 最晚日期 截止日期 最晚到岗日期",
    Field.EMPLOYER: """
        用工单位 用工企业 务工单位 务工企业 就业单位 就业企业 工作单位 企业名称 企业 单位 单位名称 用人单位
    """,
    Field.CAPTAIN: "领队 是否领队 队长 是否队长 带队 带队人",
    Field.CHILD: "随行儿童 是否随行儿童 随行子女 是否随行子女 儿童 是否儿童",
    Field.RELIEF: """
        是否脱贫户 脱贫户 是否脱贫户/监测户 脱贫户/监测户 脱贫人口 是否脱贫人口 监测户 是否监测户 建档立卡
        是否建档立卡 贫困户 是否贫困户 是否建档立卡户 脱贫劳动力 是否脱贫劳动力
    """,
    Field.NEEDS: "特殊需要 特殊需求 特殊情况 特殊要求",
    Field.NOTE: "备注 说明 其他说明",
}
"""The names of each column, best first: of two columns for one thing the better named is read."""
_PASSED_OVER: Final = """
    序号 编号 号 民族 年龄 文化程度 学历 技能 技能等级 就业状态 岗位 工种 意向岗位 集合点 上车点 上车地点
    经纪人 劳务经纪人 紧急联系人 紧急联系人电话 组 村民小组 组别 政治面貌 婚姻状况 签名 本人签字 签字 户籍类型
    意向行业
"""
"""Columns that rosters often have and a journey does not need; nothing is said about them."""
_IGNORED: Final = frozenset(_PASSED_OVER.split())
_RANKS: Final = {
    name: (field, rank) for field, names in _SYNONYMS.items() for rank, name in enumerate(names.split())
}
_MARKS: Final = re.compile(r"[\s*★:：\[\]【】、.。,，]")
_BRACKETS: Final = re.compile(r"\(.*?\)|[()]")
_SEARCHED: Final = 30
"""Rows looked at; above a header stand titles, never that many."""
_FEWEST: Final = 3
"""A row is a header when it names the name and two further columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A sheet's header: its last row (from 1), the column of each field, and what was left over."""

    first_row: int
    last_row: int
    columns: dict[Field, int]
    labels: dict[Field, str]
    """Each field's column as the sheet names it."""
    unknown: tuple[str, ...]
    twice: tuple[str, ...]
    """Columns that say again what an earlier or better named one says."""


def find_field(label: str) -> tuple[Field, int] | None:
    """The field a column label stands for, with how good a name it is (0 is best)."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", label))
    for form in (plain, plain.replace("(", "").replace(")", ""), _BRACKETS.sub("", plain)):
        if form in _RANKS:
            return _RANKS[form]
    return None


def is_column_label(label: str) -> bool:
    """Whether a text is the name of a column rather than a value."""
    plain = _BRACKETS.sub("", _MARKS.sub("", unicodedata.normalize("NFKC", label)))
    return plain in _IGNORED or find_field(label) is not None


def find_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """Find the header below any titles; its second row, where it has one, speaks for its columns."""
    for at, row in enumerate(rows[:_SEARCHED]):
        labels = [cell_text(cell) for cell in row]
        if _is_header(labels):
            below = [cell_text(cell) for cell in rows[at + 1]] if at + 1 < len(rows) else []
            double = any(below) and all(is_column_label(label) for label in below if label)
            return _header(at + 1, upper=labels, lower=below if double else [])
    return None


def _is_header(labels: Sequence[str]) -> bool:
    fields = {found[0] for found in map(find_field, labels) if found is not None}
    return Field.NAME in fields and len(fields) >= _FEWEST


def _header(row: int, *, upper: Sequence[str], lower: Sequence[str]) -> Header:
    width = max(len(upper), len(lower))
    upper, lower = [*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))]
    labels = [below or above for above, below in zip(upper, lower, strict=True)]
    best: dict[Field, tuple[int, int]] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for column, label in enumerate(labels):
        found = find_field(label)
        if found is None:
            unknown += [label] if label and not is_column_label(label) else []
            continue
        field, rank = found
        if field in best:
            worse = column if rank >= best[field][0] else best[field][1]
            twice.append(labels[worse])
            if worse == column:
                continue
        best[field] = (rank, column)
    columns = {field: column for field, (_, column) in best.items()}
    return Header(
        first_row=row,
        last_row=row + (1 if any(lower) else 0),
        columns=columns,
        labels={field: labels[column] for field, column in columns.items()},
        unknown=tuple(unknown),
        twice=tuple(twice),
    )
