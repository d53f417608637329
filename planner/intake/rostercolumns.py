"""Columns of the roster, the list of people, by the names that offices give them."""

from __future__ import annotations

from typing import Final

from planner.intake.column import Column, Kind, Table, text_column

ROSTER: Final = Table(
    file="roster.xlsx",
    meaning="The people, one a row, sheet 花名册; also roster*.xlsx, .xls, .ods, .csv as offices have them",
    may_be_empty=True,
    columns=(
        text_column("登记号", "Registration id; empty: given on reading"),
        text_column("姓名", "Name as on the card", required=True),
        Column(
            name="性别",
            kind=Kind.CHOICE,
            meaning="From the ID number when there is one",
            choices=("男", "女"),
        ),
        Column(name="出生日期", kind=Kind.DATE, meaning="From the ID number when there is one"),
        text_column("证件类型", "Paper; empty: 居民身份证"),
        text_column("证件号码", "Its number, as text"),
        Column(name="联系电话", kind=Kind.PHONE, meaning="Mobile, as text; may be shared"),
        text_column("乡镇", "Township; needed when two villages share a name"),
        text_column("村", "Village by name, or its 12-digit code", required=True),
        text_column("同行组", "Same text within a village: must not be separated"),
        text_column("目的地", "Destination by name or alias", required=True),
        Column(name="出行日期", kind=Kind.DATE, meaning="Day of travel, or the first one", required=True),
        Column(name="最晚出行日期", kind=Kind.DATE, meaning="The last day; empty: the same day"),
        text_column("用工单位", "Employer"),
        Column(name="领队", kind=Kind.FLAG, meaning="是: captain of the group"),
        Column(name="随行儿童", kind=Kind.FLAG, meaning="是: child under 16 with an adult of its 同行组"),
        Column(name="是否脱贫户", kind=Kind.FLAG, meaning="是: household lifted out of poverty"),
        text_column("特殊需要", "Short note for the crew"),
        text_column("备注", "Remark"),
    ),
)
ROSTER_SHEET: Final = "花名册"
