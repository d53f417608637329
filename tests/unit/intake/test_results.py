"""results.csv row by row: a bad row is left out with its reason, and the rest counts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from planner.errors import Issue, Severity
from planner.intake.codes import Code
from planner.intake.folder import load_campaign
from planner.model.campaign import Campaign

FAIRS = Path(__file__).parents[3] / "fixtures" / "examples" / "fairs"
HEAD = "kind,id,day,visitors,intents,hires,note\n"
GOOD = "visit,n1-1,2027-01-12,35,8,3,\n"


def _load(folder: Path, text: str) -> tuple[Campaign, list[Issue]]:
    shutil.copytree(FAIRS, folder)
    (folder / "results.csv").write_text(text, encoding="utf-8")
    campaign, issues = load_campaign(folder)
    assert campaign is not None, "results keep no folder from loading"
    return campaign, list(issues)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("fair,f-nowhere,2027-01-24,9,1,1,", Code.OUTREACH_UNKNOWN, "id"),
        ("fair,n1-1,2027-01-24,9,1,1,", Code.OUTREACH_UNKNOWN, "id"),
        ("visit,n1-3,2027-01-24,9,1,1,", Code.OUTREACH_UNKNOWN, "id"),
        ("party,f-live,2027-01-26,9,1,1,", Code.CELL_NOT_CHOICE, "kind"),
        (",f-live,2027-01-26,9,1,1,", Code.CELL_EMPTY, "kind"),
        ("fair,,2027-01-26,9,1,1,", Code.CELL_EMPTY, "id"),
        ("fair,f-live,26th,9,1,1,", Code.CELL_NOT_DATE, "day"),
        ("fair,f-live,,9,1,1,", Code.CELL_EMPTY, "day"),
        ("fair,f-live,2027-01-26,many,1,1,", Code.CELL_NOT_INTEGER, "visitors"),
        ("fair,f-live,2027-01-26,-9,0,0,", Code.CELL_TOO_SMALL, "visitors"),
        ("visit,n1-1,2027-01-12,35,8,3,", Code.OUTREACH_DUPLICATE, "id"),
        ("fair,f-live,2027-01-26,9,1,1,,extra", Code.TABLE_EXTRA_CELLS, ""),
    ],
)
def test_a_bad_row_is_left_out_and_named(tmp_path: Path, row: str, code: Code, column: str) -> None:
    campaign, (issue,) = _load(tmp_path / "fairs", f"{HEAD}{GOOD}{row}\n")
    assert (issue.code, issue.severity) == (code, Severity.ERROR)
    assert (issue.where.file, issue.where.row, issue.where.column) == ("results.csv", 3, column)
    assert [result.id for result in campaign.outreach.results] == ["n1-1"]


@pytest.mark.parametrize("figures", ["9,10,1", "9,1,2"])
def test_more_hires_than_intents_or_visitors_is_worth_a_look(tmp_path: Path, figures: str) -> None:
    campaign, (issue,) = _load(tmp_path / "fairs", f"{HEAD}fair,f-live,2027-01-26,{figures},\n")
    assert (issue.code, issue.severity) == (Code.RESULTS_FIGURES, Severity.WARNING)
    assert len(campaign.outreach.results) == 1


@pytest.mark.parametrize("text", ["kind,id,day,intents,hires\nvisit,n1-1,2027-01-12,8,3\n", ""])
def test_of_a_file_with_a_broken_head_no_row_is_believed(tmp_path: Path, text: str) -> None:
    campaign, issues = _load(tmp_path / "fairs", text)
    assert Severity.ERROR in {issue.severity for issue in issues}
    assert campaign.outreach.results == ()


def test_a_file_that_is_not_text_is_said(tmp_path: Path) -> None:
    shutil.copytree(FAIRS, tmp_path / "fairs")
    (tmp_path / "fairs" / "results.csv").write_bytes("类别,编号".encode("gbk"))
    campaign, issues = load_campaign(tmp_path / "fairs")
    assert campaign is not None
    assert [issue.code for issue in issues] == [Code.FILE_NOT_UTF8]


ROWS = f"{HEAD}{GOOD}fair,f-live,2027-01-26,100,20,10,\nfair,f-xixi,2027-01-27,200,50,40,\n"


@pytest.mark.parametrize(
    "row",
    [
        "fair,合计,,300,70,50,",
        "visit,合计,,35,8,3,",
        "合计,,,335,78,53,",
        ",总计,,335,,,",
        "Total,,,335,78,53,",
        "fair,合计,,,,,",
    ],
)
def test_a_total_that_adds_up_is_no_result_and_no_trouble(tmp_path: Path, row: str) -> None:
    campaign, issues = _load(tmp_path / "fairs", f"{ROWS}{row}\n")
    assert issues == []
    assert len(campaign.outreach.results) == 3


def test_a_total_that_does_not_add_up_is_held_against_the_sum(tmp_path: Path) -> None:
    """As with the eleven items of an article: 6,134.15 added up, 6,130.35 stated."""
    campaign, issues = _load(tmp_path / "fairs", f"{ROWS}fair,合计,,310,70,49,\n,合计,,x,78,53,\n")
    found = [(issue.where.row, issue.where.column, issue.code, issue.args.get("more")) for issue in issues]
    assert found == [
        (5, "hires", Code.RESULTS_TOTAL, 1),
        (5, "visitors", Code.RESULTS_TOTAL, -10),
        (6, "visitors", Code.CELL_NOT_INTEGER, None),
    ]
    assert issues[0].severity is Severity.WARNING
    assert (issues[0].args["stated"], issues[0].args["right"]) == (49, 50)
    assert len(campaign.outreach.results) == 3
