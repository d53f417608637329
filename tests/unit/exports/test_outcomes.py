"""Indicators and result rows: on the screen and as two sheets of the workbook, the same figures."""

from __future__ import annotations

import io
from dataclasses import astuple, replace
from datetime import date

import pytest
from openpyxl import load_workbook

from exports.dossier import Dossier
from exports.locktable import build_lock_table
from exports.outcomes import build_indicators, build_outcome_tables, name_item, say_outstanding, say_remark
from exports.pack import Order, render
from exports.words import LOCALES
from planner.model.agenda import Match
from planner.model.jobs import PostId, Result, ResultKind, SeekerId
from planner.model.locks import HeldLock, LockState
from planner.outcomes import sum_up
from tests.unit.exports.agendas import NOW, agenda_plan, fair_agenda, fair_campaign

CAMPAIGN = fair_campaign()
HELD = Result(
    kind=ResultKind.FAIR,
    id="f-dongling",
    day=date(2027, 1, 25),
    visitors=1000,
    intents=180,
    hires=90,
    note="雨",
)
VISITED = CAMPAIGN.outreach.results[0]
WITH = replace(CAMPAIGN, outreach=replace(CAMPAIGN.outreach, results=(HELD, VISITED)))
PLAN = agenda_plan(CAMPAIGN, fair_agenda(CAMPAIGN))
LATER = NOW.replace(day=26)


def test_what_an_office_reports() -> None:
    rows = {row.name: row for row in build_indicators(sum_up(WITH, PLAN), locale="zh_CN")}
    assert (rows["招聘会（场）"].planned, rows["招聘会（场）"].came, rows["招聘会（场）"].share) == (
        "3",
        "1",
        "33.3%",
    )
    visitors = rows["招聘会到场（人）"]
    assert (visitors.planned, visitors.came, visitors.share, visitors.each) == (
        "2,000",
        "1,000",
        "50.0%",
        "场均 1,000.0",
    )
    assert rows["招聘会意向（人）"].share == "意向率 18.0%"
    assert rows["招聘会录用（人）"].each == "场均 90.0"
    assert rows["走访（次）"].came == "1"
    assert rows["走访录用（人）"].each == "次均 3.0"
    assert (rows["小分队（队）"].came, rows["小分队（队）"].each) == ("1", "队均录用 3.0")
    assert (rows["岗位（个）"].planned, rows["岗位（个）"].came) == ("65", "93")


def test_nothing_is_held_against_what_it_does_not_belong_to() -> None:
    match = Match(seeker_id=SeekerId("W1"), post_id=PostId("p-dg"), fen=1)
    agenda = replace(fair_agenda(CAMPAIGN), matches=(match,))
    unplanned = replace(HELD, id="f-shoes", visitors=300, intents=20, hires=10)
    campaign = replace(CAMPAIGN, outreach=replace(CAMPAIGN.outreach, results=(HELD, unplanned)))
    found = sum_up(campaign, agenda_plan(CAMPAIGN, agenda))
    rows = {row.name: row for row in build_indicators(found, locale="zh_CN")}
    assert (rows["人岗匹配（人）"].planned, rows["人岗匹配（人）"].came) == ("1", "")
    assert (rows["招聘会（场）"].came, rows["招聘会录用（人）"].came) == ("1", "90")
    more = rows["计划外招聘会（场）"]
    assert (more.came, more.each) == ("1", "到场 300、意向 20、录用 10")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_word_is_there(locale: str) -> None:
    found = sum_up(WITH, PLAN, today=date(2027, 1, 20))
    assert all(row.name for row in build_indicators(found, locale=locale))
    assert "2027-01-24" in say_remark(found.noted[0], locale=locale)
    late = [say_outstanding(WITH, entry, locale=locale) for entry in found.outstanding]
    assert len(late) == 4
    assert len(set(late)) == 4
    assert build_outcome_tables(Dossier(WITH, PLAN, locale=locale, now=LATER))


def test_fairs_and_visits_have_names() -> None:
    assert name_item(CAMPAIGN, "f-live", kind=ResultKind.FAIR) == "直播带岗"
    assert name_item(CAMPAIGN, "n1-2", kind=ResultKind.VISIT) == "枣园村 n1-2"
    assert name_item(CAMPAIGN, "n1-9", kind=ResultKind.VISIT) == "n1-9"
    assert name_item(CAMPAIGN, "f-9", kind=ResultKind.FAIR) == "f-9"


def test_the_workbook_has_two_more_sheets_once_there_are_results() -> None:
    books: list[list[str]] = []
    for campaign in (replace(CAMPAIGN, outreach=replace(CAMPAIGN.outreach, results=())), WITH):
        documents = render(campaign, PLAN, order=Order(kinds=("xlsx",), now=LATER))
        (runs,) = [document for document in documents if document.filename == "runs.xlsx"]
        books.append(load_workbook(io.BytesIO(runs.content)).sheetnames)
        if len(books) == 2:
            sheet = load_workbook(io.BytesIO(runs.content))["成效明细"]
            rows = [[cell or "" for cell in row] for row in sheet.iter_rows(min_row=4, values_only=True)]
            assert rows[0][:7] == [
                "招聘会",
                "东岭镇春风行动招聘会",
                "2027-01-24",
                "2027-01-25",
                1000,
                180,
                90,
            ]
            assert rows[0][7] == "雨  原定 2027-01-24，实际 2027-01-25"
            assert rows[1][:4] == ["走访", "枣园村 n1-1", "2027-01-12", "2027-01-12"]
            assert str(rows[2][7]).startswith("待填")
    assert set(books[1]) - set(books[0]) == {"成效", "成效明细"}


def test_the_workbook_says_who_holds_what_and_why() -> None:
    (lock,) = CAMPAIGN.locks
    plan = replace(PLAN, locks=(HeldLock(lock=lock, state=LockState.KEPT),))
    for locale in LOCALES:
        (table,) = build_lock_table(Dossier(CAMPAIGN, plan, locale=locale, now=NOW))
        (row,) = table.rows
        assert len(table.columns) == len(astuple(row))
    assert build_lock_table(Dossier(CAMPAIGN, PLAN, locale="zh_CN", now=NOW)) == ()
    (runs,) = [
        document
        for document in render(CAMPAIGN, plan, order=Order(kinds=("xlsx",), now=NOW))
        if document.filename == "runs.xlsx"
    ]
    sheet = load_workbook(io.BytesIO(runs.content))["锁定"]
    rows = list(sheet.iter_rows(min_row=4, max_row=4, values_only=True))
    day = "1月14日 周四 腊月初七"
    found = [cell or "" for cell in rows[0]]
    assert found == ["走访", "n2-1", day, "q2", "唐桂英", "村民大会当晚", day, "照办"]
