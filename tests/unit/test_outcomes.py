"""Plan against result in figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.agenda import Agenda, Filled, Match
from planner.model.jobs import PostId, Result, ResultKind, SeekerId
from planner.model.plan import Plan
from planner.outcomes import Outcomes, Remark, sum_up
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.exports.agendas import agenda_plan, fair_agenda, fair_campaign

CAMPAIGN = fair_campaign()
AGENDA = fair_agenda(CAMPAIGN)
TODAY = date(2027, 1, 28)


def _result(item: str, day: int, visitors: int = 10, intents: int = 4, hires: int = 2) -> Result:
    kind = ResultKind.FAIR if item.startswith("f-") else ResultKind.VISIT
    at = date(2027, 1, day)
    return Result(kind=kind, id=item, day=at, visitors=visitors, intents=intents, hires=hires)


def _plan(agenda: Agenda = AGENDA) -> Plan:
    return agenda_plan(CAMPAIGN, agenda)


def _sum(*results: Result, today: date | None = TODAY, plan: Plan | None = None) -> Outcomes:
    campaign = replace(CAMPAIGN, outreach=replace(CAMPAIGN.outreach, results=results))
    return sum_up(campaign, plan or _plan(), today=today)


def test_fairs_by_hand() -> None:
    found = _sum(_result("f-dongling", 24, 1000, 200, 90), _result("f-live", 27, 500, 70, 30))
    fairs = found.fairs
    assert (fairs.planned, fairs.held, fairs.as_planned) == (3, 2, 1)
    assert (fairs.visitors, fairs.intents, fairs.hires, fairs.expected) == (
        1500,
        270,
        120,
        sum(fair.expected_visitors for fair in AGENDA.fairs),
    )
    assert fairs.intent_percent == pytest.approx(18.0)
    assert (fairs.per_head("visitors"), fairs.per_head("hires")) == (750, 60)
    assert {kind: (tally.planned, tally.held) for kind, tally in found.fair_kinds.items()} == {
        "on_site": (2, 1),
        "online": (1, 1),
    }
    (moved,) = found.noted
    assert (moved.remark, moved.planned, moved.result.id) == (Remark.MOVED, date(2027, 1, 26), "f-live")


def test_squads_by_hand() -> None:
    found = _sum(_result("n1-1", 12, hires=5, intents=9), _result("n2-1", 14, hires=2), _result("n4-1", 12))
    assert (found.visits.planned, found.visits.held, found.visits.hires) == (5, 3, 9)
    assert {squad: tally.hires for squad, tally in found.squads.items()} == {"q1": 7, "q2": 2}
    assert {squad: (tally.planned, tally.held) for squad, tally in found.squads.items()} == {
        "q1": (3, 2),
        "q2": (2, 1),
    }
    assert found.hires_per_squad == pytest.approx(4.5)
    assert _sum(_result("n1-1", 12, hires=5)).hires_per_squad == pytest.approx(5)
    assert (found.posts, found.hires) == (65, 9)
    assert found.posts_percent == pytest.approx(100 * 9 / 65)


def test_what_the_plan_was_to_fill() -> None:
    first, *others = AGENDA.fairs
    fuller = replace(first, filled=(Filled(sector="电子", heads=7), Filled(sector="制鞋", heads=4)))
    match = Match(seeker_id=SeekerId("W1"), post_id=PostId("p-dg"), fen=1)
    found = _sum(plan=_plan(replace(AGENDA, fairs=(fuller, *others), matches=(match,))))
    assert (found.to_fill, found.matched, found.hires) == (11, 1, 0)


def test_visitors_are_planned_before_any_fair_is_held() -> None:
    assert _sum().fairs.expected == sum(fair.expected_visitors for fair in AGENDA.fairs) > 0


def test_a_fair_of_two_days_is_one_fair() -> None:
    found = _sum(_result("f-xixi", 27), _result("f-xixi", 28))
    assert (found.fairs.held, found.fairs.visitors, found.fairs.as_planned) == (1, 20, 1)
    assert [entry.result.day.day for entry in found.noted] == [28]


def test_a_fair_that_the_plan_refused_may_be_held_all_the_same() -> None:
    found = _sum(_result("f-shoes", 13), _result("n5-1", 13))
    assert [(entry.remark, entry.planned, entry.result.id) for entry in found.noted] == [
        (Remark.UNPLANNED, None, "f-shoes"),
        (Remark.UNPLANNED, None, "n5-1"),
    ]
    assert (found.fairs.held, found.fairs.visitors, found.visits.held, found.visits.hires) == (0, 0, 0, 0)
    assert (found.more_fairs.held, found.more_fairs.visitors, found.more_visits.hires) == (1, 10, 2)
    assert found.hires == 4
    assert sum(tally.hires for tally in found.squads.values()) == 0


def test_what_is_over_without_a_result_is_outstanding_from_the_day_after() -> None:
    done = [_result(visit.id, visit.day.day) for visit in AGENDA.visits]
    found = _sum(*done, _result("f-dongling", 24), today=date(2027, 1, 26)).outstanding
    assert found == ()
    (live,) = _sum(*done, _result("f-dongling", 24), today=date(2027, 1, 27)).outstanding
    assert (live.id, live.day, live.due, live.late) == ("f-live", date(2027, 1, 26), date(2027, 1, 29), False)
    late = _sum(*done, _result("f-dongling", 24), today=date(2027, 1, 30)).outstanding
    assert [(entry.id, entry.late) for entry in late] == [("f-live", True), ("f-xixi", False)]
    assert _sum(today=None).outstanding == ()
    assert len(_sum(today=date(2027, 12, 31)).outstanding) == 8
    assert _sum(today=date(2027, 1, 13)).outstanding[0].due == date(2027, 1, 15)


def test_a_plan_of_transport_alone_has_nothing_to_report() -> None:
    found = sum_up(tiny_campaign(), tiny_plan(), today=TODAY)
    assert (found.fairs.planned, found.visits.planned, found.posts) == (0, 0, 0)
    assert (found.hires_per_squad, found.posts_percent, found.fairs.intent_percent) == (None, None, None)
    assert found.fairs.per_head("hires") is None


ITEMS = [fair.id for fair in CAMPAIGN.outreach.fairs] + [visit.id for visit in AGENDA.visits]
RESULTS = st.lists(
    st.builds(
        _result,
        st.sampled_from([str(item) for item in ITEMS]),
        st.integers(1, 31),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
    ),
    max_size=12,
)


@given(RESULTS)
def test_kinds_and_squads_add_up_to_the_whole(results: list[Result]) -> None:
    found = _sum(*results)
    for whole, parts in ((found.fairs, found.fair_kinds), (found.visits, found.squads)):
        for figure in ("planned", "held", "as_planned", "visitors", "intents", "hires", "expected"):
            assert sum(getattr(part, figure) for part in parts.values()) == getattr(whole, figure)
    parts = (found.fairs, found.visits, found.more_fairs, found.more_visits)
    assert sum(part.hires for part in parts) == found.hires == sum(one.hires for one in results)
    told = {(entry.result.kind, entry.result.id, entry.result.day) for entry in found.noted}
    days = {str(fair.fair_id): fair.day for fair in AGENDA.fairs}
    days |= {str(visit.id): visit.day for visit in AGENDA.visits}
    assert told == {(one.kind, one.id, one.day) for one in results if days.get(one.id) != one.day}
