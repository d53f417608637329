"""The stage of tours: lawful by the checker, every visit made or explained, locks kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.visitwords import VisitWords
from exports.words import LOCALES, has_text, load_catalogue
from planner.check import check_plan
from planner.errors import NotFoundError
from planner.model.agenda import Agenda, RemedyKind, VisitCause
from planner.model.locks import Lock, LockKind
from planner.model.places import Place, PlaceId, PlaceKind
from planner.model.tours import Squad, SquadId, TimeOfVisit, VisitId
from planner.network import Network, compute_matrices
from planner.solvers.routing.search import Budget
from planner.solvers.tours import Tour
from planner.stages.slotrules import SlotRule
from planner.stages.tourclock import Noon
from planner.stages.tourdesk import prepare_desks
from planner.stages.tourhours import rest_days
from planner.stages.tourmend import drive_seconds, keep_drive
from planner.stages.tours import plan_tours
from planner.stages.tourslots import suggest_slots
from planner.touring import find_districts, find_tour_days
from planner.toursummary import summarise_tours
from tests.unit.check.county import ISOLATED, NEAR, REMOTE, SEAT_2, V1, V2, V3, V4
from tests.unit.check.good_plan import good_draft
from tests.unit.check.toured_plan import NEEDS, RULES, SQUADS, build_toured, need

if TYPE_CHECKING:
    from planner.model.agenda import PlannedVisit, RefusedVisit
    from planner.model.campaign import Campaign
    from planner.model.tours import VisitNeed

_Spot = tuple[date, str]
EFFORT: Final = Budget(effort=3)
MONDAY: Final = date(2027, 2, 15)
_USUAL: Final[dict[str, Any]] = {
    "drive_min": 240,
    "rest_days": 1,
    "refused_fen": 1_000_000,
    "spread_fen_per_min": 60,
}


def _campaign(*needs: VisitNeed, locks: tuple[Lock, ...] = (), **rules: Any) -> Campaign:
    campaign = build_toured()
    return replace(
        campaign,
        locks=locks,
        rules=replace(campaign.rules, tours=replace(RULES, **{**_USUAL, **rules})),
        outreach=replace(campaign.outreach, visits=needs or NEEDS),
    )


def _with(campaign: Campaign, **tables: Any) -> Campaign:
    return replace(campaign, outreach=replace(campaign.outreach, **tables))


def _plan(campaign: Campaign, previous: Agenda | None = None) -> Agenda:
    agenda = plan_tours(campaign, EFFORT, previous=previous)
    assert agenda is not None
    plan = replace(replace(good_draft(), campaign=campaign).write(), agenda=agenda)
    assert {found.rule for found in check_plan(campaign, plan)} <= {"visit.lock_left"}
    return agenda


def _left(campaign: Campaign) -> RefusedVisit:
    (left,) = _plan(campaign).refused_visits
    words = [
        *VisitWords(campaign, locale="zh_CN").refused(left),
        *VisitWords(campaign, locale="en").refused(left),
    ]
    assert all("{" not in line for line in words)
    return left


def _lock(visit: str, day: int | None, to: str = "") -> Lock:
    when = None if day is None else MONDAY + timedelta(days=day)
    return Lock(
        kind=LockKind.VISIT, item=visit, day=when, to=to, who="唐桂英", why="村民大会", until=date(2027, 3, 1)
    )


def test_everything_that_can_be_is_made_and_the_rest_explained() -> None:
    agenda = _plan(_campaign())
    made = {visit.id for visit in agenda.visits}
    left: dict[str, VisitCause] = {one.id: one.cause for one in agenda.refused_visits}
    assert made | left.keys() == {visit for one in NEEDS for visit in one.visit_ids}
    assert left["n6-1"] is VisitCause.NO_ROAD
    assert {"n1-1", "n1-2", "n2-1", "n3-1", "n4-1", "n5-1", "n8-1"} <= made
    by_id: dict[str, PlannedVisit] = {visit.id: visit for visit in agenda.visits}
    assert by_id["n2-1"].evening
    assert by_id["n3-1"].market
    assert by_id["n1-1"].day < by_id["n1-2"].day
    assert sum(line.fen for line in agenda.score) == agenda.proofs[0].cost_fen
    assert (agenda.proofs[0].bound_fen or 0) <= agenda.proofs[0].cost_fen


def test_the_same_effort_gives_the_same_plan_and_nobody_no_plan() -> None:
    campaign = _campaign()
    assert _plan(campaign) == _plan(campaign)
    assert plan_tours(_with(campaign, visits=()), EFFORT) is None


def test_a_locked_visit_survives_every_plan_with_its_reason_shown() -> None:
    free = _plan(_campaign())
    before: dict[str, _Spot] = {visit.id: (visit.day, visit.squad_id) for visit in free.visits}
    day = next(n for n in (2, 3, 4) if before["n8-1"][0] != MONDAY + timedelta(days=n))
    lock = _lock("n8-1", day, "q1")
    locked = _campaign(locks=(lock,))
    agenda = free
    for campaign in (locked, _with(locked, squads=(replace(SQUADS[0], most_visits=1), SQUADS[1])), locked):
        agenda = _plan(campaign, agenda)
        (visit,) = (one for one in agenda.visits if one.id == "n8-1")
        assert (visit.day, visit.squad_id) == (lock.day, "q1")
        said = list(VisitWords(campaign, locale="zh_CN").lines(agenda))
        assert any("n8-1" in line and "村民大会" in line and "唐桂英" in line for line in said)
        figures = summarise_tours(campaign, agenda)
        assert figures is not None
        assert figures.held == 1


def test_a_plan_again_changes_nothing_and_a_change_is_paid() -> None:
    campaign = _campaign(change_fen=50_000)
    first = _plan(campaign)
    again = _plan(campaign, first)
    where: dict[str, _Spot] = {visit.id: (visit.day, visit.squad_id) for visit in first.visits}
    assert {visit.id: (visit.day, visit.squad_id) for visit in again.visits} == where
    assert not any(line.rule == "change" for line in again.score)
    squad = where["n8-1"][1]
    gone = _with(campaign, squads=tuple(one for one in SQUADS if one.id != squad))
    moved = _plan(gone, first)
    kept = [visit.id for visit in moved.visits if where[visit.id] == (visit.day, visit.squad_id)]
    assert len(kept) >= sum(1 for _, who in where.values() if who != squad) - 1


@pytest.mark.parametrize(
    ("asked", "cause", "fix"),
    [
        (need(1, ISOLATED), VisitCause.NO_ROAD, RemedyKind.MEND_ROAD),
        (need(1, V1, skill="技能测评"), VisitCause.NO_SQUAD, RemedyKind.ADD_SKILL),
        (need(1, V1, skill="瑶语", exhibitor="x2"), VisitCause.NO_SQUAD, RemedyKind.INVITE_EXHIBITOR),
        (need(1, V1, visits=12, spacing_days=2), VisitCause.SPACING, RemedyKind.LENGTHEN_WINDOW),
        (need(1, V1, visits=2, spacing_days=9), VisitCause.SPACING, RemedyKind.SHORTEN_SPACING),
        (need(1, V1, first_day=date(2027, 5, 1)), VisitCause.SPACING, RemedyKind.LENGTHEN_WINDOW),
        (need(1, V1, when=TimeOfVisit.EVENING), VisitCause.BROKER_AWAY, RemedyKind.ASK_BROKER),
        (need(1, V1, minutes=900), VisitCause.TOO_FAR, RemedyKind.LENGTHEN_SHIFT),
        (need(1, V1, value_fen=1), VisitCause.NOT_WORTH, None),
    ],
)
def test_why_a_visit_is_not_made(asked: VisitNeed, cause: VisitCause, fix: RemedyKind | None) -> None:
    home = tuple(replace(squad, overnight=False) for squad in SQUADS)
    agenda = _plan(_with(_campaign(asked), squads=home))
    left = agenda.refused_visits[-1]
    assert (left.cause, left.remedy and left.remedy.kind) == (cause, fix)


def test_too_far_for_a_day_is_near_enough_for_who_may_stay() -> None:
    home = tuple(replace(squad, overnight=False) for squad in SQUADS)
    far = _campaign(need(1, REMOTE), drive_min=100)
    left = _left(_with(far, squads=home))
    assert (left.cause, left.remedy and left.remedy.kind) == (VisitCause.TOO_FAR, RemedyKind.STAY_OVERNIGHT)
    assert left.args["limit"] == 100


def test_no_market_day_in_the_window_and_how_far_the_next_one_is() -> None:
    asked = need(1, V4, when=TimeOfVisit.MARKET, first_day=MONDAY, last_day=MONDAY)
    left = _left(_campaign(asked))
    assert (left.cause, left.remedy and left.remedy.args) == (VisitCause.NO_MARKET, {"days": 1})
    longer = replace(asked, last_day=MONDAY + timedelta(days=1))
    assert _plan(_campaign(longer)).visits[0].market


def test_squads_that_are_full_and_one_more() -> None:
    asked = tuple(need(n, V2, last_day=MONDAY) for n in (1, 2, 3, 4, 5))
    busy = tuple(replace(squad, most_visits=1) for squad in SQUADS)
    campaign = _with(_campaign(*asked, rest_days=0), squads=busy)
    agenda = _plan(campaign)
    full = [left for left in agenda.refused_visits if left.cause is VisitCause.SQUADS_FULL]
    assert len(full) == 1
    assert full[0].remedy is not None
    assert full[0].remedy.kind is RemedyKind.ADD_SQUAD
    more = (*busy, replace(busy[0], id=SquadId("q3")))
    assert not _plan(_with(campaign, squads=more)).refused_visits


def test_squads_that_are_never_out_are_not_said_to_be_full() -> None:
    away = replace(SQUADS[0], last_day=date(2027, 2, 1))
    left = _left(_with(_campaign(need(4, V2, skill="瑶语")), squads=(away, SQUADS[1])))
    assert left.cause is VisitCause.SQUADS_AWAY
    assert (left.args["squads"], left.args["squad"]) == (1, "q1")
    assert left.remedy is not None
    assert left.remedy.kind is RemedyKind.OPEN_SQUAD
    back = replace(away, last_day=date(2027, 2, 14))
    assert not _plan(_with(_campaign(need(4, V2, skill="瑶语")), squads=(back, SQUADS[1]))).refused_visits


def test_too_few_days_of_squads_ask_for_squads_and_not_for_a_longer_window() -> None:
    """Somebody is there on nine days, and squads are out on the first of them only."""
    campaign = _campaign(need(1, V1, visits=2, spacing_days=3), rest_days=0)
    brief = tuple(replace(squad, last_day=MONDAY - timedelta(days=1)) for squad in SQUADS)
    left = _left(_with(campaign, squads=brief))
    assert (left.cause, left.args["days"]) == (VisitCause.SPACING, 1)
    assert left.remedy is not None
    assert left.remedy.kind is RemedyKind.OPEN_SQUAD
    assert left.remedy.args == {"squad": "q1", "first": "2027-02-14", "last": "2027-02-22"}
    out = tuple(
        replace(one, last_day=date.fromisoformat(str(left.remedy.args["last"]))) if one.id == "q1" else one
        for one in brief
    )
    assert not _plan(_with(campaign, squads=out)).refused_visits


def test_a_window_is_lengthened_by_as_much_as_the_visits_need() -> None:
    asked = need(1, V1, visits=5, spacing_days=0, first_day=MONDAY, last_day=MONDAY + timedelta(days=1))
    campaign = _campaign(asked, rest_days=0)
    left = _plan(campaign).refused_visits[-1]
    assert (left.cause, left.remedy and left.remedy.kind) == (VisitCause.SPACING, RemedyKind.LENGTHEN_WINDOW)
    assert left.remedy is not None
    assert left.remedy.args == {"days": 3}
    assert asked.last_day is not None
    for more, refused in ((2, True), (3, False)):
        longer = replace(asked, last_day=asked.last_day + timedelta(days=more))
        assert bool(_plan(_with(campaign, visits=(longer,))).refused_visits) is refused


def test_one_more_squad_is_said_without_blanks_for_what_nobody_asked() -> None:
    left = _left(_with(_campaign(need(1, V1)), squads=()))
    _, fix = VisitWords(_campaign(), locale="zh_CN").refused(left)
    assert fix.strip() == "增加 1 个小分队"
    left = _left(_with(_campaign(need(5, NEAR, exhibitor="x1")), squads=()))
    _, fix = VisitWords(_campaign(), locale="zh_CN").refused(left)
    assert fix.strip() == "增加 1 个小分队（甲厂）"


def test_a_lock_that_cannot_be_kept_says_what_it_wants_and_what_forbids_it() -> None:
    needs = (need(1, V1), need(2, V2, skill="瑶语"))
    campaign = _campaign(*needs, locks=(_lock("n2-1", 1, "q2"),))
    left = _left(campaign)
    assert left.cause is VisitCause.LOCKS_CONTRADICT
    why, fix = VisitWords(campaign, locale="zh_CN").refused(left)
    assert all(word in why for word in ("唐桂英", "2027-02-16 第二小分队", "村民大会", "缺技能"))
    assert "locks.csv 里 n2-1 那一行" in fix


@pytest.mark.parametrize(
    ("lock", "rule"),
    [
        (_lock("n1-1", 60), SlotRule.NO_DAY),
        (_lock("n1-1", None, "nobody"), SlotRule.NO_SQUAD),
        (_lock("n1-1", 6, "q1"), SlotRule.OFF),
        (_lock("n1-1", 3, "q2"), SlotRule.CLOSED),
        (_lock("n1-1", 1, "q2"), SlotRule.FULL),
    ],
)
def test_what_forbids_a_lock(lock: Lock, rule: SlotRule) -> None:
    squads = (replace(SQUADS[0], weekdays=(1, 2, 3)), replace(SQUADS[1], most_visits=1))
    needs = (need(1, V1, last_day=MONDAY + timedelta(days=2)), need(2, V2), need(3, V4))
    locks = (_lock("n3-1", 1, "q2"), lock)
    left = _left(_with(_campaign(*needs, locks=locks), squads=squads))
    assert (left.cause, left.args["rule"]) == (VisitCause.LOCKS_CONTRADICT, rule)
    assert bool(left.args["others"]) == (rule is SlotRule.FULL)


def test_a_visit_that_no_lock_keeps_away_says_the_true_cause() -> None:
    left = _left(_campaign(need(1, ISOLATED), locks=(_lock("n1-1", 1, "q1"),)))
    assert left.cause is VisitCause.NO_ROAD


def test_an_evening_makes_a_shift_begin_and_end_later() -> None:
    day_squads = tuple(replace(squad, shift_to=time(17)) for squad in SQUADS)
    agenda = _plan(_with(_campaign(need(2, V3, when=TimeOfVisit.EVENING)), squads=day_squads))
    (visit,), (day,) = agenda.visits, agenda.squad_days
    midnight = (day.day - date(2027, 2, 14)).days * 86_400
    assert visit.begin_s - midnight >= 18 * 3_600
    assert day.end_s - midnight > 17 * 3_600
    assert day.start_s - midnight >= 8 * 3_600 + 1_800 + day.end_s - midnight - 17 * 3_600


def test_nobody_drives_longer_than_a_day_allows_though_the_solver_knows_no_limit() -> None:
    needs = (need(1, REMOTE), need(2, V1), need(3, V4))
    campaign = _campaign(*needs, drive_min=175, rest_days=0, first_day=MONDAY, last_day=MONDAY)
    (desk,) = prepare_desks(campaign, Network(campaign))
    limit_s = desk.ways.drive_s
    too_long = (Tour(squad=0, day=0, calls=(1, 0)), Tour(squad=1, day=0, calls=(2,)))
    assert drive_seconds(desk.problem, too_long[0], start=desk.problem.squads[0].base) > limit_s
    found = keep_drive(desk.problem, too_long, limit_s=limit_s)
    assert [sorted(tour.calls) for tour in found] == [[0], [1, 2]]
    assert keep_drive(desk.problem, found, limit_s=limit_s) == found
    assert max(day.drive_s for day in _plan(campaign).squad_days) <= limit_s


def test_the_best_slots_of_a_visit() -> None:
    campaign = _campaign(locks=(_lock("n8-1", 2, "q1"),))
    agenda = _plan(campaign)
    slots = suggest_slots(campaign, agenda, visit_id=VisitId("n8-1"))
    assert len(slots.best) == 5
    assert [slot.added_fen for slot in slots.best] == sorted(slot.added_fen for slot in slots.best)
    now = next((v.squad_id, v.day) for v in agenda.visits if v.id == "n8-1")
    assert now not in {(slot.squad_id, slot.day) for slot in slots.best}
    said = list(VisitWords(campaign, locale="zh_CN").slots(agenda, VisitId("n8-1"), slots=slots))
    assert "村民大会" in said[1]
    best = slots.best[0]
    day = (best.day - MONDAY).days
    moved = _plan(_campaign(locks=(_lock("n8-1", day, best.squad_id),)), None)
    assert moved.proofs[0].cost_fen <= agenda.proofs[0].cost_fen + best.added_fen
    skilled = suggest_slots(campaign, agenda, visit_id=VisitId("n4-1"))
    assert dict(skilled.refused)[SlotRule.SKILL] == len(find_tour_days(campaign))
    with pytest.raises(NotFoundError):
        suggest_slots(campaign, agenda, visit_id=VisitId("n99-1"))


def test_squads_and_villages_of_two_counties_go_by_their_own() -> None:
    campaign = _campaign()
    names = {"430525001001": 27.0, "430527001001": 27.4, "430528001001": 27.5}
    places = tuple(
        Place(id=PlaceId(name), kind=PlaceKind.VILLAGE, name=name, lat=lat, lon=110.5, gather="口")
        for name, lat in names.items()
    )
    base = Place(id=PlaceId("430527001"), kind=PlaceKind.TOWNSHIP, name="镇", lat=27.4, lon=110.5)
    squads = (
        replace(SQUADS[0], base_id=base.id),
        Squad(id=SquadId("q9"), name="九", base_id=SEAT_2, vehicle_type_id=SQUADS[0].vehicle_type_id),
    )
    needs = tuple(need(n, PlaceId(name)) for n, name in enumerate(names, start=1))
    campaign = replace(_with(campaign, squads=squads, visits=needs), places=(*campaign.places, *places, base))
    found = [
        (one.name, [squad.id for squad in one.squads], [ask.id for ask in one.needs])
        for one in find_districts(campaign)
    ]
    assert found == [("430525", ["q9"], ["n1"]), ("430527", ["q1"], ["n2", "n3"])]
    assert len(find_districts(_with(campaign, squads=()))) == 1


def test_every_cause_remedy_and_rule_has_words() -> None:
    for locale in LOCALES:
        assert all(has_text(f"visit_why.{cause}", locale=locale) for cause in VisitCause)
        assert all(has_text(f"slot_rule.{rule}", locale=locale) for rule in SlotRule)
        fixes = [key for key in load_catalogue(locale) if key.startswith("visit_fix.")]
        assert len(fixes) == 11


@given(
    opened=st.lists(st.booleans(), min_size=1, max_size=30),
    rest=st.integers(0, 7),
    first=st.integers(0, 6),
    data=st.data(),
)
@settings(max_examples=100, deadline=None)
def test_of_any_seven_days_so_many_are_off(
    opened: list[bool], rest: int, first: int, data: st.DataObject
) -> None:
    fixed = data.draw(st.sets(st.integers(0, len(opened) - 1), max_size=1))
    works = rest_days(opened, rest=rest, turn=first, must=fixed, was=())
    assert all(sum(works[day : day + 7]) <= 7 - rest for day in range(len(opened)))
    assert all(opened[day] for day, on in enumerate(works) if on)
    assert rest == 7 or all(works[day] for day in fixed if opened[day])


@given(
    pause=st.integers(0, 60),
    opens=st.integers(0, 1_200),
    length=st.integers(0, 400),
    service=st.integers(10, 60),
    data=st.data(),
)
@settings(max_examples=150, deadline=None)
def test_what_fits_without_noon_fits_with_it(
    pause: int, opens: int, length: int, service: int, data: st.DataObject
) -> None:
    noon = Noon(pause_s=pause, from_s=700, to_s=820)
    parts = noon.cut((opens, opens + length), service_s=service)
    begins = sorted({noon.to_real(data.draw(st.integers(*part))) for part in parts})
    for begin in begins:
        assert opens <= begin <= opens + length
        before_noon = begin < noon.from_s
        assert before_noon or begin >= noon.from_s + pause
        if before_noon:
            assert max(begin + service, noon.from_s) + pause <= noon.to_s or not pause
    assert noon.to_solver(noon.from_s + pause) == noon.from_s


def test_ways_between_some_places_are_those_between_all() -> None:
    campaign = build_toured()
    network, kind = Network(campaign), SQUADS[0].vehicle_type_id
    some = (V1, SEAT_2, ISOLATED, REMOTE)
    classes = next(one.road_classes for one in campaign.vehicle_types if one.id == kind)
    roads = [road for road in campaign.roads if road.road_class in classes]
    whole = compute_matrices(network.places, roads)
    rows = [network.index(place) for place in some]
    seconds, metres = network.between(kind, some)
    assert (seconds == whole.seconds[rows][:, rows]).all()
    assert (metres == whole.metres[rows][:, rows]).all()
