"""Costs taken apart add up to the fen, in every plan and between any two of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.words import LOCALES, has_text, text
from planner.change import ChangeKind
from planner.cli_compare import say
from planner.compare import Side, compare
from planner.console_diff import ChangeWords
from planner.costs import AGENDA, MONEY, OTHER, Account, list_costs, total_fen
from planner.diff import diff_plans
from planner.intake.folder import load_campaign
from planner.model.agenda import Agenda, Match, Part, PartProof, ScoreLine
from planner.model.jobs import PostId, SeekerId
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from tests.builders import TINY_COST_FEN, tiny_campaign, tiny_plan
from tests.unit.check.good_plan import good_draft
from tests.unit.exports.agendas import agenda_plan, fair_agenda, fair_campaign, moved

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

FIXTURES = Path(__file__).parents[2] / "fixtures"
NAMES = (
    "tiny",
    *(f"examples/{name}" for name in ("allotment", "epidemic", "overrides", "refused", "return", "round")),
    "examples/shuttle",
)


@cache
def _side(name: str) -> tuple[Campaign, Plan]:
    campaign, _ = load_campaign(FIXTURES / name)
    assert campaign is not None
    return campaign, plan_campaign(campaign, Budget(effort=1, seed=1), router="savings")


@pytest.mark.parametrize("name", NAMES)
def test_every_fen_of_a_plan_has_its_rule(name: str) -> None:
    campaign, plan = _side(name)
    costs = list_costs(campaign, plan)
    assert total_fen(costs, Account.FEEDER) == plan.cost_fen > 0
    assert total_fen(costs, Account.TRUNK) == plan.trunk_cost_fen
    assert {rule for _, rule in costs} & {OTHER, "runs", "coaches"} == set()


@pytest.mark.parametrize("name", NAMES)
def test_without_prices_whole_runs_add_up(name: str) -> None:
    _, plan = _side(name)
    costs = list_costs(None, plan)
    assert total_fen(costs) == plan.cost_fen + plan.trunk_cost_fen
    assert {rule for account, rule in costs if account is Account.FEEDER} == {"runs"}


def test_the_plan_of_tiny_costs_what_its_readme_says() -> None:
    """Two vehicles at 200 and 600 yuan; 31 km at 1 and 22 km at 2.6 yuan; hours at 18 and 35 yuan."""
    campaign = tiny_campaign()
    kinds = {kind.id: kind for kind in campaign.vehicle_types}
    van, coach = kinds["k7"], kinds["k33"]  # pyright: ignore[reportArgumentType]
    costs = list_costs(campaign, tiny_plan())
    assert costs[Account.FEEDER, "vehicles"] == van.fixed_fen + coach.fixed_fen
    assert costs[Account.FEEDER, "km"] == 31 * van.per_km_fen + 22 * coach.per_km_fen
    assert total_fen(costs) == TINY_COST_FEN


def test_the_proving_county_has_every_line_of_the_trunk() -> None:
    draft = good_draft()
    plan = draft.write()
    costs = list_costs(draft.campaign, plan)
    lines = {rule: fen for (account, rule), fen in costs.items() if account is Account.TRUNK}
    assert lines.keys() == {"coach_days", "coach_km", "coach_hours", "hired", "fares", "subsidies"}
    assert (lines["hired"], lines["fares"], lines["subsidies"]) == (100_000, 2 * 15_000, 2 * 38_000)
    assert sum(lines.values()) == plan.trunk_cost_fen


def test_what_prices_of_today_do_not_explain_stands_in_a_line_of_its_own() -> None:
    draft = good_draft()
    plan = draft.write()
    kinds = tuple(replace(kind, per_km_fen=kind.per_km_fen + 1) for kind in draft.campaign.vehicle_types)
    costs = list_costs(replace(draft.campaign, vehicle_types=kinds), plan)
    assert {"runs", "coaches"} <= {rule for _, rule in costs}
    assert total_fen(costs, *MONEY) == plan.cost_fen + plan.trunk_cost_fen
    wrong = replace(plan, cost_fen=plan.cost_fen + 7, trunk_cost_fen=plan.trunk_cost_fen - 9)
    costs = list_costs(draft.campaign, wrong)
    assert (costs[Account.FEEDER, OTHER], costs[Account.TRUNK, OTHER]) == (7, -9)


def test_waiting_is_counted_by_heads_and_days() -> None:
    campaign, plan = tiny_campaign(), tiny_plan()
    sooner = tuple(
        replace(person, travel_date=person.travel_date - timedelta(days=2), latest_date=person.travel_date)
        if person.id in {"T01", "T02"}
        else person
        for person in campaign.registrations
    )
    costs = list_costs(replace(campaign, registrations=sooner), plan)
    assert costs[Account.WAITING, "waiting"] == 2 * 2 * campaign.rules.trunk.wait_fen_per_day
    assert total_fen(costs, *MONEY) == TINY_COST_FEN


def _sides() -> list[Side]:
    draft = good_draft()
    tiny = tiny_campaign(), tiny_plan()
    return [tiny, (None, tiny[1]), (draft.campaign, draft.write()), *map(_side, NAMES)]


SCORES = st.lists(
    st.builds(
        ScoreLine,
        part=st.sampled_from(Part),
        rule=st.sampled_from(["seekers", "venue", "km"]),
        item=st.sampled_from(["a", "b"]),
        fen=st.integers(-(10**9), 10**9),
    ),
    max_size=8,
)


@given(st.integers(0, 10), st.integers(0, 10), SCORES, SCORES)
@settings(max_examples=60, deadline=None)
def test_a_comparison_adds_up_to_the_fen(a: int, b: int, old: list[ScoreLine], new: list[ScoreLine]) -> None:
    sides: list[Side] = []
    for at, score in ((a, old), (b, new)):
        campaign, plan = _sides()[at]
        stated = {part: sum(line.fen for line in score if line.part is part) for part in Part}
        proofs = tuple(PartProof(part=part, cost_fen=fen, bound_fen=None) for part, fen in stated.items())
        sides.append((campaign, replace(plan, agenda=Agenda(score=tuple(score), proofs=proofs))))
    found = compare(*sides)
    lines = [line for account in found.accounts for line in found.lines(account).values()]
    for pick, total in (("was_fen", found.total()), ("now_fen", found.total()), ("more_fen", found.total())):
        assert sum(getattr(line, pick) for line in lines) == getattr(total, pick)
    for account in found.accounts:
        inside = found.lines(account).values()
        assert sum(line.more_fen for line in inside) == found.total(account).more_fen
    plans = [plan for _, plan in sides]
    assert [found.money.was_fen, found.money.now_fen] == [p.cost_fen + p.trunk_cost_fen for p in plans]
    for side, part_sum in ((old, "was_fen"), (new, "now_fen")):
        for part in Part:
            fen = sum(line.fen for line in side if line.part is part)
            assert getattr(found.total(Account(part.value)), part_sum) == fen
    assert found.changes == diff_plans(*plans)


def test_a_part_whose_lines_do_not_add_up_says_so() -> None:
    agenda = Agenda(
        score=(ScoreLine(part=Part.FAIRS, rule="venue", item="f", fen=5),),
        proofs=(PartProof(part=Part.FAIRS, cost_fen=8, bound_fen=None),),
    )
    costs = list_costs(None, replace(tiny_plan(), agenda=agenda))
    assert (costs[Account.FAIRS, "venue"], costs[Account.FAIRS, OTHER]) == (5, 3)


def test_who_changes_is_counted_once_and_kind_by_kind() -> None:
    campaign = fair_campaign()
    agenda = fair_agenda(campaign)
    match = Match(seeker_id=SeekerId("W1"), post_id=PostId("p-dg"), fen=1)
    other = replace(moved(moved(agenda, "n1-1", seconds=86_400), "n2-1", squad="q1"), matches=(match,))
    old, new = agenda_plan(campaign, agenda), agenda_plan(campaign, other)
    found = compare((campaign, old), (campaign, new))
    assert found.people == ("W1",)
    assert {kind: len(changes) for kind, changes in found.by_kind().items()} == {
        ChangeKind.VISIT_MOVED: 2,
        ChangeKind.PERSON_POST: 1,
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_every_rule_of_fairs_visits_and_matching_has_words(locale: str) -> None:
    campaign, plan = _side("examples/fairs")
    assert plan.agenda is not None
    scored = {(Account(line.part.value), line.rule) for line in plan.agenda.score}
    assert {account for account, _ in scored} == set(AGENDA)
    side: Side = (campaign, plan)
    changed = ChangeWords(side[1], side[1], locale=locale)
    told = [*say(compare(side, side), names=("a", "b"), changed=changed, locale=locale)]
    for account, rule in scored:
        assert has_text(f"cli.cost.{account}.{rule}", locale=locale), (account, rule)
        assert any(text(f"cli.cost.{account}.{rule}", locale=locale) in line for line in told)
