"""What changed between two plans, and the one place that moves a SEQUENCE."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from fixtures.making import tiny
from planner.change import Change, ChangeKind
from planner.console_diff import ChangeWords
from planner.diff import advance_events, diff_plans, plan_digest
from planner.intake.planfile import plan_to_json
from planner.model.agenda import Booking, Match
from planner.model.events import EventStatus
from planner.model.fairs import ExhibitorId, VenueId
from planner.model.fleet import DepartureId, VehicleId
from planner.model.jobs import PostId, SeekerId
from planner.model.places import DestinationId
from planner.model.plan import Event, Plan, Route, Stop, Subsidised
from planner.names import keep_names
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.exports.agendas import agenda_plan, fair_agenda, fair_campaign, moved

if TYPE_CHECKING:
    from collections.abc import Callable

OLD = tiny_plan()


def _changed_run(number: int, change: Callable[[Route], Route]) -> Plan:
    routes = tuple(change(route) if route.run == number else route for route in OLD.routes)
    return replace(OLD, version=2, routes=routes)


def _first_stop(route: Route, **changes: object) -> Route:
    first, *rest = route.stops
    return replace(route, stops=(replace(first, **changes), *rest))


def _later(stop: Stop, seconds: int) -> Stop:
    return replace(stop, arrive_s=stop.arrive_s + seconds, depart_s=stop.depart_s + seconds)


def _shifted(route: Route, seconds: int) -> Route:
    return replace(
        route, start_s=route.start_s + seconds, stops=tuple(_later(s, seconds) for s in route.stops)
    )


def _kinds(old: Plan, new: Plan) -> set[ChangeKind]:
    return {change.kind for change in diff_plans(old, new)}


def _advance(new: Plan, *, old: Plan = OLD) -> dict[int, Event]:
    return {event.run: event for event in advance_events(tiny_campaign(), new.routes, previous=old)}


def test_nothing_changed() -> None:
    assert diff_plans(OLD, replace(OLD, version=2, parent="x", cost_fen=1)) == ()


def test_a_run_is_added_or_cancelled() -> None:
    one = replace(
        OLD,
        routes=OLD.routes[:1],
        legs=tuple(leg for leg in OLD.legs if leg.run == 1),
    )
    added, cancelled = diff_plans(one, OLD), diff_plans(OLD, one)
    assert added[0] == Change(kind=ChangeKind.RUN_ADDED, item="run 2")
    assert cancelled[0] == Change(kind=ChangeKind.RUN_CANCELLED, item="run 2")
    people = ["T04", "T05", "T06", "T07", "T08"]
    assert added[1:] == tuple(Change(kind=ChangeKind.PERSON_PLACED, item=person) for person in people)
    assert cancelled[1:] == tuple(Change(kind=ChangeKind.PERSON_DROPPED, item=person) for person in people)


def test_a_run_at_another_time() -> None:
    (change,) = diff_plans(OLD, _changed_run(1, lambda route: _shifted(route, 600)))
    assert change == Change(kind=ChangeKind.RUN_MOVED, item="run 1", was=32_004, now=32_604)


def test_seconds_that_nobody_was_told_are_no_change() -> None:
    def slower(route: Route) -> Route:
        return _first_stop(route, arrive_s=32_010, depart_s=32_082)

    assert diff_plans(OLD, _changed_run(1, slower)) == ()
    assert _advance(_changed_run(1, slower))[1].sequence == 0


def test_a_run_from_another_spot_or_on_another_departure() -> None:
    assert _kinds(OLD, _changed_run(1, lambda route: _first_stop(route, gather="桥头"))) >= {
        ChangeKind.RUN_MOVED
    }
    moved = _changed_run(1, lambda route: replace(route, departure_id=DepartureId("other")))
    assert _kinds(OLD, moved) == {ChangeKind.RUN_MOVED}


def test_another_vehicle_and_other_heads() -> None:
    vehicle = _changed_run(1, lambda route: replace(route, vehicle_id=VehicleId("shili7#02")))
    assert diff_plans(OLD, vehicle) == (
        Change(kind=ChangeKind.RUN_VEHICLE, item="run 1", was="shili7#01", now="shili7#02"),
    )
    heads = _changed_run(1, lambda route: _first_stop(route, board=2))
    assert diff_plans(OLD, heads) == (Change(kind=ChangeKind.RUN_HEADS, item="run 1", was=6, now=5),)


def _leg_of(person: str, **changes: object) -> Plan:
    legs = tuple(
        replace(leg, **changes) if person in leg.registration_ids and leg.run is not None else leg
        for leg in OLD.legs
    )
    return replace(OLD, legs=legs)


def test_a_person_on_another_run_at_another_time_or_departure() -> None:
    assert diff_plans(OLD, _leg_of("T07", board_s=33_600)) == (
        Change(kind=ChangeKind.PERSON_TIME, item="T07", was=32_990, now=33_600),
    )
    assert diff_plans(OLD, _leg_of("T07", departure_id=DepartureId("x"))) == (
        Change(kind=ChangeKind.PERSON_DEPARTURE, item="T07", was="g9999", now="x"),
    )
    run = diff_plans(OLD, _leg_of("T07", run=1))
    assert run[0] == Change(kind=ChangeKind.PERSON_RUN, item="T07", was=2, now=1)


def test_a_person_who_waits_at_another_place_or_spot() -> None:
    (place,) = diff_plans(OLD, _leg_of("T11", from_id=tiny.FENGSHU))
    assert (place.kind, place.was, place.now) == (ChangeKind.PERSON_PLACE, tiny.GAOLING, tiny.FENGSHU)
    moved = diff_plans(OLD, _changed_run(1, lambda route: _first_stop(route, lat=27.5)))
    assert [change.item for change in moved if change.kind is ChangeKind.PERSON_PLACE] == [
        "T01",
        "T02",
        "T03",
    ]


def test_every_kind_of_change_is_tested_here() -> None:
    kinds = {change for plan in (
        replace(OLD, routes=OLD.routes[:1], legs=OLD.legs[:2]),
        _changed_run(1, lambda route: replace(_shifted(route, 600), vehicle_id=VehicleId("v#01"))),
        _changed_run(1, lambda route: _first_stop(route, board=2, gather="x")),
        _leg_of("T07", board_s=33_600, departure_id=DepartureId("x"), run=1),
    ) for pair in ((OLD, plan), (plan, OLD)) for change in _kinds(*pair)}  # fmt: skip
    of_coaches = {ChangeKind.COACH_VEHICLE, ChangeKind.COACH_DRIVERS, ChangeKind.PERSON_SEAT}
    of_coaches |= {ChangeKind.PERSON_TICKET, ChangeKind.PERSON_FETCHED}
    of_fairs = {kind for kind in ChangeKind if kind.startswith(("fair_", "visit_"))}
    others = {*of_coaches, *of_fairs, ChangeKind.PERSON_POST}
    assert kinds == set(ChangeKind) - others  # those are in test_trunk_summary.py and at the end


def test_new_events_begin_at_zero_with_the_time_to_gather() -> None:
    events = advance_events(tiny_campaign(), OLD.routes, previous=None)
    assert events == OLD.events


def test_a_sequence_rises_by_one_for_what_was_told_and_keeps_its_uid() -> None:
    changes: tuple[Callable[[Route], Route], ...] = (
        lambda route: _shifted(route, 600),
        lambda route: _first_stop(route, gather="桥头"),
        lambda route: _first_stop(route, lon=110.7),
        lambda route: replace(route, departure_id=DepartureId("other")),
        lambda route: _shifted(route, 60),  # the same time to gather, but another arrival
    )
    for change in changes:
        events = _advance(_changed_run(1, change))
        assert (events[1].sequence, events[2].sequence) == (1, 0)
        assert events[1].uid == "run-1@tiny.breeze"


def test_heads_and_vehicle_change_silently() -> None:
    changes: tuple[Callable[[Route], Route], ...] = (
        lambda route: _first_stop(route, board=1),
        lambda route: replace(route, vehicle_id=VehicleId("shili7#02")),
    )
    for change in changes:
        assert _advance(_changed_run(1, change))[1].sequence == 0


def test_another_lead_to_gather_moves_every_event() -> None:
    campaign = tiny_campaign()
    feeder = replace(campaign.rules.feeder, gather_lead_min=20)
    campaign = replace(campaign, rules=replace(campaign.rules, feeder=feeder))
    events = advance_events(campaign, OLD.routes, previous=OLD)
    assert [event.sequence for event in events] == [1, 1]
    assert [event.start_s for event in events] == [event.start_s - 600 for event in OLD.events]


def test_a_cancelled_run_is_said_once_and_comes_back_with_a_higher_sequence() -> None:
    gone = replace(OLD, version=2, routes=OLD.routes[1:])
    events = _advance(gone)
    assert (events[1].status, events[1].sequence) == (EventStatus.CANCELLED, 1)
    assert (events[1].start_s, events[1].end_s) == (OLD.events[0].start_s, OLD.events[0].end_s)
    second = replace(gone, events=tuple(events.values()))
    assert _advance(gone, old=second) == events
    back = _advance(OLD, old=second)
    assert (back[1].status, back[1].sequence, back[1].uid) == (
        EventStatus.CONFIRMED,
        2,
        "run-1@tiny.breeze",
    )


def test_a_plan_is_named_by_version_and_content() -> None:
    name = plan_digest(OLD, plan_to_json(OLD))
    assert name.startswith("v1-")
    assert name == plan_digest(OLD, plan_to_json(OLD))
    other = replace(OLD, cost_fen=1)
    assert plan_digest(other, plan_to_json(other)) != name


def test_fairs_and_visits_that_move_are_named() -> None:
    campaign = fair_campaign()
    agenda = fair_agenda(campaign)
    old = agenda_plan(campaign, agenda)
    first, second, *others = agenda.fairs
    other = moved(moved(agenda, "n1-1", seconds=86_400), "n2-1", squad="q1")
    other = replace(
        other,
        fairs=(replace(first, venue_id=VenueId("hall")), *others),
        visits=(*other.visits[1:], replace(other.visits[0], id=other.visits[0].id)),
        matches=(Match(seeker_id=SeekerId("W1"), post_id=PostId("p-dg"), fen=1),),
    )
    new = agenda_plan(campaign, other)
    kinds = {(change.kind, change.item): (change.was, change.now) for change in diff_plans(old, new)}
    assert kinds == {
        (ChangeKind.FAIR_MOVED, first.fair_id): (
            "2027-01-24 09:00-15:00 yard",
            "2027-01-24 09:00-15:00 hall",
        ),
        (ChangeKind.FAIR_DROPPED, second.fair_id): ("2027-01-26 19:00-21:00", "-"),
        (ChangeKind.FAIR_CALLED_OFF, second.fair_id): ("e-dg e-lc", None),
        (ChangeKind.VISIT_MOVED, "n1-1"): ("2027-01-12 09:05-10:10 q1", "2027-01-13 09:05-10:10 q1"),
        (ChangeKind.VISIT_MOVED, "n2-1"): ("2027-01-14 18:00-19:00 q2", "2027-01-14 18:00-19:00 q1"),
        (ChangeKind.PERSON_POST, "W1"): ("-", "p-dg"),
    }
    back = {change.kind for change in diff_plans(new, old)}
    assert ChangeKind.FAIR_ADDED in back
    gone = agenda_plan(campaign, replace(agenda, visits=agenda.visits[1:]))
    assert [change.kind for change in diff_plans(old, gone)] == [ChangeKind.VISIT_DROPPED]
    assert [change.kind for change in diff_plans(gone, old)] == [ChangeKind.VISIT_ADDED]


def test_employers_invited_or_called_off_are_named_and_raise_no_sequence() -> None:
    campaign = fair_campaign()
    agenda = fair_agenda(campaign)
    first, *others = agenda.fairs
    booked = (first.bookings[1], Booking(exhibitor_id=ExhibitorId("e-yw"), booths=1))
    changed = replace(agenda, fairs=(replace(first, bookings=booked), *others))
    old = agenda_plan(campaign, agenda)
    new = agenda_plan(campaign, changed, version=2, previous=old)
    assert diff_plans(old, new) == (
        Change(kind=ChangeKind.FAIR_INVITED, item="f-dongling", now="e-yw"),
        Change(kind=ChangeKind.FAIR_CALLED_OFF, item="f-dongling", was="e-dg"),
    )
    assert new.agenda is not None
    assert {event.sequence for event in new.agenda.events} == {0}
    assert [*map(ChangeWords(old, new, locale="zh_CN").say, diff_plans(old, new))] == [
        "招聘会 东岭镇春风行动招聘会：新邀请 义乌春风一号箱包厂",
        "招聘会 东岭镇春风行动招聘会：不再邀请 东莞春风一号电子厂",
    ]


def test_other_booths_of_an_employer_that_stays_invited_are_told() -> None:
    campaign = fair_campaign()
    agenda = fair_agenda(campaign)
    first, *others = agenda.fairs
    more = tuple(replace(one, booths=one.booths + 1) for one in first.bookings[::-1])
    old = agenda_plan(campaign, agenda)
    changed = replace(agenda, fairs=(replace(first, bookings=more), *others))
    new = agenda_plan(campaign, changed, version=2, previous=old)
    booths = Change(kind=ChangeKind.FAIR_BOOTHS, item="f-dongling", was="e-dg:2 e-lc:2", now="e-dg:3 e-lc:3")
    assert diff_plans(old, new) == (booths,)
    assert new.agenda is not None
    assert {event.sequence for event in new.agenda.events} == {0}
    assert [ChangeWords(old, new, locale=locale).say(booths) for locale in ("zh_CN", "en")] == [
        (
            "招聘会 东岭镇春风行动招聘会：原有 东莞春风一号电子厂 2 个展位，示例春风一号鞋厂 2 个展位；"
            "改为 东莞春风一号电子厂 3 个展位，示例春风一号鞋厂 3 个展位"
        ),
        (
            "fair 东岭镇春风行动招聘会: 东莞春风一号电子厂 with 2 booths, 示例春风一号鞋厂 with 2 booths; "
            "now 东莞春风一号电子厂 with 3 booths, 示例春风一号鞋厂 with 3 booths"
        ),
    ]
    half = replace(agenda, fairs=(replace(first, bookings=(more[0], first.bookings[0])), *others))
    (one,) = diff_plans(old, agenda_plan(campaign, half, version=2, previous=old))
    assert (one.kind, one.was, one.now) == (ChangeKind.FAIR_BOOTHS, "e-lc:2", "e-lc:3")


def _with_tickets(plan: Plan, day: date) -> Plan:
    """T07's party goes by scheduled transport on a day; nobody else changes."""
    left = tuple(leg for leg in plan.legs if "T07" not in leg.registration_ids)
    mine = {person for leg in plan.legs if "T07" in leg.registration_ids for person in leg.registration_ids}
    group = Subsidised(
        registration_ids=tuple(sorted(mine)), destination_id=DestinationId("dongguan"), day=day, fen=1
    )
    return replace(plan, legs=left, subsidised=(group,))


def test_who_changes_between_our_departure_and_a_ticket_is_not_called_dropped() -> None:
    first, later = _with_tickets(OLD, date(2027, 2, 14)), _with_tickets(OLD, date(2027, 2, 15))
    by_item = {change.item: change for change in diff_plans(OLD, first)}
    assert by_item["T07"] == Change(
        kind=ChangeKind.PERSON_TICKET, item="T07", was="g9999", now="2027-02-14 dongguan"
    )
    assert {change.kind for change in diff_plans(OLD, first)} == {ChangeKind.PERSON_TICKET}
    back = {change.item: change for change in diff_plans(first, OLD)}["T07"]
    assert (back.kind, back.was, back.now) == (ChangeKind.PERSON_FETCHED, "2027-02-14 dongguan", "g9999")
    assert {change.kind for change in diff_plans(first, later)} == {ChangeKind.PERSON_TICKET}
    gone = replace(first, subsidised=())
    assert {change.kind for change in diff_plans(first, gone)} == {ChangeKind.PERSON_DROPPED}
    campaign = tiny_campaign()
    told = [replace(plan, names=keep_names(campaign, plan, previous=None)) for plan in (OLD, first)]
    words = ChangeWords(told[0], told[1], locale="zh_CN").say(by_item["T07"])
    assert words.startswith("T07：自行前往，发车票和补贴（2027-02-14 ")
    assert words.endswith("；原为 2027-02-14 G9999")


def test_changes_are_said_by_name() -> None:
    campaign = fair_campaign()
    agenda = fair_agenda(campaign)
    first, second, *others = agenda.fairs
    match = Match(seeker_id=SeekerId("W1"), post_id=PostId("p-dg"), fen=1)
    other = replace(moved(agenda, "n2-1", squad="q1"), matches=(match,))
    other = replace(other, fairs=(replace(first, venue_id=VenueId("hall")), *others))
    old, new = agenda_plan(campaign, agenda), agenda_plan(campaign, other)
    words = ChangeWords(old, new, locale="zh_CN")
    when = f"{first.day} 09:00-15:00"
    assert [*map(words.say, diff_plans(old, new))] == [
        f"招聘会 东岭镇春风行动招聘会：{when} 东岭镇小学操场 改为 {when} 县人力资源市场",
        f"招聘会 直播带岗：不再办，原定 {second.day} 19:00-21:00 线上",
        "招聘会 直播带岗：不再邀请 东莞春风一号电子厂，示例春风一号鞋厂",
        "走访 竹山村 n2-1：2027-01-14 18:00-19:00 第2小分队 改为 2027-01-14 18:00-19:00 第1小分队",
        "W1：岗位 没有岗位 改为 东莞春风一号电子厂 普工",
    ]
    run = Change(kind=ChangeKind.RUN_MOVED, item="run 1", was=32_004, now=32_604)
    assert words.say(run) == "1 号车：时间或地点有变，首站 08:53 改为 09:03"
    later = Change(kind=ChangeKind.PERSON_TIME, item="T07", was=32_004, now=32_004 + 86_400)
    assert words.say(later) == "T07：上车时间 活动第 1 天 08:53 改为 活动第 2 天 08:53"


def test_a_few_seconds_are_told_to_nobody() -> None:
    campaign = fair_campaign()
    agenda = fair_agenda(campaign)
    old, new = (agenda_plan(campaign, entry) for entry in (agenda, moved(agenda, "n1-1", seconds=30)))
    assert diff_plans(old, new) == ()
