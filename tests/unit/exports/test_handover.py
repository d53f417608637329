"""The hand-over list: who is received from one departure, by rounds, with masked papers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from exports.dossier import Dossier
from exports.fonts import find_font
from exports.handover import build_handovers
from exports.pdf import Press, list_by_hand, render_pdf
from exports.views import HandoverView
from planner.model.trunk import Captain
from tests.builders import TRAIN
from tests.unit.exports.arrived import TOYS, WORKS, arrived_dossier
from tests.unit.exports.pdfread import POINTS_PER_MM, Print, read_print
from tests.unit.exports.sample import NOW


def _facts(view: HandoverView) -> dict[str, str]:
    return {fact.label: fact.value for fact in view.head.facts}


def _of(dossier: Dossier, employer: str) -> HandoverView:
    return max(
        (view for view in build_handovers(dossier) if _facts(view)["用工单位"] == employer),
        key=lambda view: sum(len(entry.rows) for entry in view.rounds),
    )


def _print(view: HandoverView, locale: str = "zh_CN") -> Print:
    return read_print(render_pdf(view, Press(font=find_font(), locale=locale, now=NOW)).content)


def test_everybody_who_is_met_is_on_one_list() -> None:
    dossier = arrived_dossier()
    views = build_handovers(dossier)
    met = {person for entry in dossier.plan.handovers for person in entry.registration_ids}
    names = [row.name for view in views for entry in view.rounds for row in entry.rows]
    assert sorted(names) == sorted(person.name for person in dossier.people(met))
    assert len({(view.departure_id, view.number) for view in views}) == len(views)


def test_rounds_families_and_counts() -> None:
    view = _of(arrived_dossier(), WORKS)
    first, *others = view.rounds
    assert (first.title, first.times, first.heads) == ("接驳第 1 趟", "14:00 开，14:40 到厂门", "应到 3 人")
    assert [row.notes for row in first.rows] == [("同行 3 人",), (), ()]
    assert [row.party_last for row in first.rows] == [False, False, True]
    assert others[0].times == "15:20 开，16:00 到厂门"
    numbers = [row.number for entry in view.rounds for row in entry.rows]
    assert numbers == list(range(1, len(numbers) + 1))
    assert _facts(view)["人数"].endswith(f"应到 {len(numbers)}")
    assert _facts(view)["接收人"] == "何主管 169 0000 3001"


def test_without_a_shuttle_they_come_on_their_own_and_by_coach_to_the_gate() -> None:
    dossier = arrived_dossier()
    assert _of(dossier, TOYS).rounds[0].title == "自行前往"
    departures = tuple(
        replace(each, employer=TOYS) if each.id == TRAIN else each for each in dossier.campaign.departures
    )
    entries = tuple(replace(entry, gate_s=entry.leave_s) for entry in dossier.plan.handovers)
    brought = Dossier(
        replace(dossier.campaign, departures=departures),
        replace(dossier.plan, handovers=entries),
        locale="zh_CN",
        now=NOW,
    )
    (only,) = _of(brought, TOYS).rounds
    assert (only.title, only.times) == ("大巴直达厂门", "14:00 到")


def test_a_party_larger_than_the_shuttle_has_several_rounds() -> None:
    dossier = arrived_dossier()
    employers = tuple(replace(each, shuttle_seats=2) for each in dossier.campaign.employers)
    campaign = replace(dossier.campaign, employers=employers)
    view = _of(Dossier(campaign, dossier.plan, locale="zh_CN", now=NOW), WORKS)
    assert view.rounds[0].title == "接驳第 1–2 趟"


def test_the_captain_of_the_group_hands_over() -> None:
    dossier = arrived_dossier()
    assert _facts(_of(dossier, WORKS))["交出人"] == ""
    leader = dossier.campaign.registrations[40]
    captain = Captain(registration_id=leader.id, departure_id=TRAIN, carriage=5, employer=WORKS)
    led = Dossier(
        dossier.campaign,
        replace(dossier.plan, captains=(*dossier.plan.captains, captain)),
        locale="zh_CN",
        now=NOW,
    )
    assert _facts(_of(led, WORKS))["交出人"].startswith(leader.name)


def test_who_the_plan_names_captain_is_marked_as_on_every_other_list() -> None:
    dossier = arrived_dossier()
    entry = dossier.plan.handovers[0]
    (person,) = dossier.people(entry.registration_ids[:1])
    captain = Captain(registration_id=person.id, departure_id=entry.departure_id, carriage=5)
    plan = replace(dossier.plan, captains=(captain,))
    led = Dossier(dossier.campaign, plan, locale="zh_CN", now=NOW)
    rows = [row for view in build_handovers(led) for part in view.rounds for row in part.rows]
    known = {each.name for each in dossier.campaign.registrations if each.captain}
    marked = {row.name for row in rows if "领队" in row.notes and row.captain}
    assert person.name not in known
    assert marked - known == {person.name}


def test_papers_are_masked_and_phones_and_needs_are_not_there() -> None:
    dossier = arrived_dossier()
    shown = re.sub(r"\s", "", str(build_handovers(dossier)))
    for person in dossier.campaign.registrations:
        assert person.document_number not in shown
        assert person.captain or not person.phone or person.phone not in shown
        assert not person.needs or person.needs not in shown
    assert "4305**********" in shown


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_print_keeps_the_measures(locale: str) -> None:
    view = max(build_handovers(arrived_dossier(locale=locale)), key=lambda view: len(str(view)))
    printed = _print(view, locale)
    assert len(printed.pages) == 1
    assert min(printed.font_sizes) >= 10
    assert printed.inks <= {0, 0.33, 0.93, 0.75, 1}
    assert printed.text_left >= 25 * POINTS_PER_MM - 0.1
    squares = [box for box in printed.boxes if abs(box[0] - box[1]) < 0.1]
    assert len(squares) == sum(len(entry.rows) for entry in view.rounds)
    assert min(min(square) for square in squares) >= 5 * POINTS_PER_MM


def test_a_long_list_repeats_head_and_round() -> None:
    view = _of(arrived_dossier(), WORKS)
    entry = view.rounds[0]
    long = replace(view, rounds=(replace(entry, rows=entry.rows * 20),))
    pages = _print(long).pages
    assert len(pages) == 3
    for word in ("到厂交接单（续）", "G9999次", "接驳第 1 趟", "证件号码"):
        assert word in pages[1]


def test_names_to_write_by_hand_are_listed() -> None:
    views = build_handovers(arrived_dossier())
    rare = [name for view in views for _, name in list_by_hand(view, find_font())]
    assert rare == ["刘\U0002eb89"]
