"""``breeze feed`` and the kinds of export that go with an agenda, as people use them."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from exports.feeds import FeedBook, Scope
from exports.ics import draw_feed
from planner.cli import main
from planner.intake.folder import load_campaign, save_campaign
from planner.intake.planfile import read_plan, write_plan
from planner.model.tours import NeedId, SquadId, VisitNeed
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from tests.unit.exports.agendas import NOW, agenda_plan, drawn_agenda, fair_campaign
from tests.unit.exports.strict_ics import read_events, read_lines

if TYPE_CHECKING:
    from pathlib import Path

    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

_NOW = ("--now", "2027-01-08T20:00")
_SQUADS, _VISITS = 27, 40
"""A tenth of the city's squads, in a tenth of its 10 s."""
_LIMIT_S = 1.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``examples/fairs`` without travellers, and its plan beside it."""
    home = tmp_path_factory.mktemp("fairs")
    campaign = fair_campaign()
    save_campaign(replace(campaign, registrations=(), outreach=replace(campaign.outreach, wishes=())), home)
    read, _ = load_campaign(home)
    assert read is not None
    write_plan(home / "plan.json", plan_campaign(read, Budget(effort=20, seed=1)))
    return home


def _feed(folder: Path, *words: object) -> int:
    return main(["feed", str(folder), str(folder / "plan.json"), *map(str, words), *_NOW])


def test_a_feed_comes_on_stdout_with_its_line_ends(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert _feed(folder, "--squad", "q1") == 0
    content = capfdbinary.readouterr().out
    read_lines(content)
    assert len(read_events(content)) == 3


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--squad", "第2小分队"), 2),
        (("--fair", "square"), 1),
        (("--fair", "直播带岗"), 1),
        (("--township", "东岭镇"), 4),
        (("--township", "430525983"), 1),
        (("--all",), 8),
    ],
)
def test_by_id_or_name_into_a_file(folder: Path, tmp_path: Path, words: tuple[str, ...], count: int) -> None:
    target = tmp_path / "new" / "feed.ics"
    assert _feed(folder, *words, "-o", target) == 0
    assert len(read_events(target.read_bytes())) == count


def test_an_unknown_id_is_answered_in_both_languages(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _feed(folder, "--squad", "q9", "--json") == 3
    said = capsys.readouterr()
    assert json.loads(said.out)["known"] == ["q1", "q2"]
    assert "没有这个小分队：q9。" in said.err
    assert "There is no squad q9." in said.err
    assert "q1 第1小分队，q2 第2小分队" in said.err


def test_a_fair_that_is_not_held_is_said_beside_its_empty_feed(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert _feed(folder, "--fair", "f-shoes") == 4
    said = capfdbinary.readouterr()
    assert not read_events(said.out)
    words = said.err.decode()
    assert "制鞋专场（f-shoes）：这个方案里没有安排" in words
    assert "is not held in this plan" in words


def test_whom_the_folder_has_no_more_still_gets_the_cancellation(folder: Path, tmp_path: Path) -> None:
    """The whole agenda is taken out, so that nothing is planned but what was told stays cancelled."""
    campaign, _ = load_campaign(folder)
    assert campaign is not None
    outreach = replace(campaign.outreach, fairs=(), venues=(), squads=(), visits=())
    save_campaign(replace(campaign, outreach=replace(outreach, results=()), locks=()), tmp_path)
    read, _ = load_campaign(tmp_path)
    assert read is not None
    previous = read_plan(folder / "plan.json")
    write_plan(tmp_path / "plan.json", plan_campaign(read, Budget(effort=20, seed=1), previous=previous))
    for words, count, name in (
        (("--squad", "第1小分队"), 3, "枣园村"),
        (("--fair", "直播带岗"), 1, "直播带岗"),
    ):
        assert _feed(tmp_path, *words, "-o", tmp_path / "feed.ics") == 0
        found = read_events((tmp_path / "feed.ics").read_bytes()).values()
        assert [(event["STATUS"], event["SEQUENCE"]) for event in found] == [("CANCELLED", "1")] * count
        assert any(event["SUMMARY"].startswith("【取消】") and name in event["SUMMARY"] for event in found)


def test_the_feed_of_a_fair_that_is_cancelled_is_not_empty_and_no_failure(
    folder: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The firm that has to be there comes to fairs no more."""
    campaign, _ = load_campaign(folder)
    assert campaign is not None
    firms = tuple(
        replace(firm, last_day=campaign.first_day) if firm.id == "e-dg" else firm
        for firm in campaign.outreach.exhibitors
    )
    save_campaign(replace(campaign, outreach=replace(campaign.outreach, exhibitors=firms)), tmp_path)
    read, _ = load_campaign(tmp_path)
    assert read is not None
    previous = read_plan(folder / "plan.json")
    write_plan(tmp_path / "plan.json", plan_campaign(read, Budget(effort=20, seed=1), previous=previous))
    assert _feed(tmp_path, "--fair", "f-live") == 0
    said = capfdbinary.readouterr()
    assert [event["STATUS"] for event in read_events(said.out).values()] == ["CANCELLED"]
    assert "直播带岗（f-live）：这个方案里没有安排" in said.err.decode()


@pytest.mark.parametrize("words", [(), ("--all", "--squad", "q1"), ("--all", "--now", "soon")])
def test_wrong_words_are_refused(folder: Path, words: tuple[str, ...]) -> None:
    assert main(["feed", str(folder), str(folder / "plan.json"), *words]) == 2


def test_export_makes_feeds_and_charts(folder: Path, tmp_path: Path) -> None:
    words = ["export", str(folder), str(folder / "plan.json"), "--kind", "feeds,gantt,wallchart", *_NOW]
    assert main([*words, "--out", str(tmp_path)]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert {"feed-all.ics", "feed-squad-q1.ics", "feed-fair-yard.ics", "feed-township-430525981.ics"} <= names
    assert {"gantt.pdf", "gantt-1.svg", "wallchart.pdf", "wallchart.svg"} <= names


def _draw_squads(campaign: Campaign, plan: Plan) -> tuple[float, list[bytes]]:
    """The feeds of all squads, and the processor time that they took."""
    began = time.process_time()
    book = FeedBook(campaign, plan, locale="zh_CN", now=NOW)
    addresses = [address for address in book.list_addresses() if address.scope is Scope.SQUAD]
    contents = [draw_feed(book.build(address), locale="zh_CN", now=NOW).content for address in addresses]
    return time.process_time() - began, contents


def test_a_tenth_of_a_city_in_a_tenth_of_the_time() -> None:
    """270 feeds of 40 visits in 10 s: the least processor time of three, for others use the machine."""
    campaign = fair_campaign()
    first = campaign.outreach.squads[0]
    squads = tuple(replace(first, id=SquadId(f"s{number:03d}")) for number in range(_SQUADS))
    villages = [place.id for place in campaign.places if place.kind == "village"]
    needs = tuple(
        VisitNeed(id=NeedId(f"v{number:05d}"), village_id=villages[number % len(villages)])
        for number in range(_SQUADS * _VISITS)
    )
    campaign = replace(campaign, outreach=replace(campaign.outreach, squads=squads, visits=needs))
    plan = agenda_plan(campaign, drawn_agenda(campaign, seed=1, per_day=4))
    took, contents = min(_draw_squads(campaign, plan) for _ in range(3))
    assert took <= _LIMIT_S
    assert len(contents) == _SQUADS
    assert {content.count(b"BEGIN:VEVENT") for content in contents} == {_VISITS}
    read_lines(contents[0])
