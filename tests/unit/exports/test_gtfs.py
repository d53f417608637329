"""GTFS: what is planned is in the feed at its times, what is in it holds together, and nobody is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from exports.dossier import Dossier
from exports.gtfs import render_gtfs
from exports.pack import Order, count_documents, list_unplaced, render
from fixtures.making import tiny
from planner.errors import ExportError
from planner.model.campaign import Campaign
from planner.model.fleet import DepartureId
from planner.model.plan import Plan, Route
from tests.builders import TRAIN, tiny_campaign, tiny_plan
from tests.unit.check.trips import turned, visit
from tests.unit.exports.coachplan import coach_campaign, coach_plan
from tests.unit.exports.sample import NOW
from tests.unit.exports.strict_gtfs import Box, Feed, calls_of, find_faults, read_feed, seconds

_DAY_S = 86_400
_A_DAY = timedelta(days=1)
_Build = Callable[[], tuple[Campaign, Plan]]


def _out() -> tuple[Campaign, Plan]:
    return tiny_campaign(), tiny_plan()


def _by_coach() -> tuple[Campaign, Plan]:
    return _nearer(coach_campaign()), coach_plan()


def _home() -> tuple[Campaign, Plan]:
    return turned(*_out())


def _round() -> tuple[Campaign, Plan]:
    campaign, plan = visit()
    return _nearer(campaign), plan


def _nearer(campaign: Campaign) -> Campaign:
    """These coaches go at a train's times, or in 90 minutes: no city of that name lies so near."""
    towns = (replace(entry, lat=26.4, lon=111.1) for entry in campaign.destinations)
    return replace(campaign, destinations=tuple(towns))


def _content(campaign: Campaign, plan: Plan, *, locale: str = "zh_CN") -> bytes:
    return render_gtfs(Dossier(campaign, plan, locale=locale, now=NOW)).content


def _box(campaign: Campaign) -> Box:
    lats, lons = [place.lat for place in campaign.places], [place.lon for place in campaign.places]
    return min(lats) - 0.01, max(lats) + 0.01, min(lons) - 0.01, max(lons) + 0.01


@cache
def _feed(build: _Build) -> tuple[Campaign, Plan, bytes]:
    campaign, plan = build()
    return campaign, plan, _content(campaign, plan)


def _read(build: _Build = _out) -> Feed:
    return read_feed(_feed(build)[2])


def _moved(plan: Plan, *, run: int, by_s: int) -> Plan:
    """The plan with one run so much later."""

    def move(route: Route) -> Route:
        stops = tuple(
            replace(stop, arrive_s=stop.arrive_s + by_s, depart_s=stop.depart_s + by_s)
            for stop in route.stops
        )
        return replace(route, start_s=route.start_s + by_s, stops=stops) if route.run == run else route

    return replace(plan, routes=tuple(map(move, plan.routes)))


@pytest.mark.parametrize("build", [_out, _by_coach, _home, _round])
def test_a_feed_holds_together(build: _Build) -> None:
    assert find_faults(_read(build), _box(_feed(build)[0])) == set()


_PLANTED: list[tuple[str, int, str, str, str]] = [
    ("stop_times", 0, "stop_id", "430525999999", "stop_times.stop_id dangles"),
    ("stop_times", 0, "trip_id", "run/9", "stop_times.trip_id dangles"),
    ("trips", 0, "route_id", "run/9", "trips.route_id dangles"),
    ("trips", 0, "service_id", "20270213", "trips.service_id dangles"),
    ("trips", 0, "shape_id", "run/9", "trips.shape_id dangles"),
    ("routes", 0, "agency_id", "nobody", "routes.agency_id dangles"),
    ("stops", 1, "stop_id", "430525999201", "stop_id twice"),
    ("stop_times", 1, "arrival_time", "08:00:00", "times out of order"),
    ("stop_times", 0, "departure_time", "09:04:41", "too fast"),
    ("stop_times", 1, "shape_dist_traveled", "100", "shorter than as the crow flies"),
    ("stop_times", 1, "shape_dist_traveled", "5001", "call beside its shape"),
    ("stop_times", 1, "drop_off_type", "0", "boarding and alighting mixed"),
    ("stop_times", 2, "pickup_type", "2", "boarding and alighting mixed"),
    ("stops", 0, "stop_lat", "31.2", "outside the county"),
    ("shapes", 1, "shape_pt_lon", "27.1", "outside the county"),
    ("shapes", 1, "shape_dist_traveled", "99999", "shape runs backwards"),
    ("feed_info", 0, "feed_end_date", "20270215", "feed_info of other days"),
]


@pytest.mark.parametrize(
    ("table", "row", "field", "value", "fault"), _PLANTED, ids=[f"{t}.{f}-{v}" for t, _, f, v, _ in _PLANTED]
)
def test_the_reader_finds_a_planted_fault(table: str, row: int, field: str, value: str, fault: str) -> None:
    feed = _read()
    feed[table][row][field] = value
    assert fault in find_faults(feed, _box(tiny_campaign()))


@pytest.mark.parametrize("build", [_out, _by_coach, _home, _round])
def test_every_run_calls_where_and_when_it_is_planned(build: _Build) -> None:
    campaign, plan, _ = _feed(build)
    feed = _read(build)
    trips, calls = {row["trip_id"]: row for row in feed["trips"]}, calls_of(feed)
    assert sum(trip.startswith("run/") for trip in trips) == len(plan.routes)
    for route in plan.routes:
        trip = trips[f"run/{route.run}"]
        times = [(stop.place_id, stop.arrive_s, stop.depart_s) for stop in route.stops]
        if route.home:
            times = [(route.start_place_id, route.start_s, route.start_s), *times[:-1]]
        midnight_s = times[0][1] // _DAY_S * _DAY_S
        day = campaign.to_datetime(midnight_s).date()
        assert (trip["service_id"], trip["direction_id"]) == (f"{day:%Y%m%d}", str(int(route.home)))
        assert [
            (call["stop_id"], seconds(call["arrival_time"]), seconds(call["departure_time"]))
            for call in calls[trip["trip_id"]]
        ] == [(place, arrive_s - midnight_s, depart_s - midnight_s) for place, arrive_s, depart_s in times]


@pytest.mark.parametrize("build", [_out, _by_coach, _home, _round])
def test_everybody_finds_their_departure_at_its_time(build: _Build) -> None:
    campaign, plan, _ = _feed(build)
    feed = _read(build)
    calls, known = calls_of(feed), {each.id: each for each in (*campaign.departures, *plan.departures)}
    onward = [leg for leg in plan.legs if leg.run is None]
    assert sum(trip.startswith("departure/") for trip in calls) == len(
        {(leg.departure_id, leg.home) for leg in onward}
    )
    for leg in onward:
        trip = f"departure/{leg.departure_id}"
        trip += "/home" if f"{trip}/home" in calls and leg.home else ""
        at_s = {call["stop_id"]: seconds(call["arrival_time"]) % _DAY_S for call in calls[trip]}
        departs_s = campaign.to_seconds(known[leg.departure_id].departs)
        if leg.home:
            assert at_s[f"city/{leg.from_id}"] == leg.board_s % _DAY_S
            assert at_s[leg.to_id] == leg.alight_s % _DAY_S
        else:
            assert at_s[leg.from_id] == departs_s % _DAY_S
            assert at_s[f"city/{leg.to_id}"] == leg.alight_s % _DAY_S


def test_shapes_follow_the_roads_the_run_drives() -> None:
    """From 高岭 the van passes the crossing; metres are those of the plan."""
    feed = _read()
    crossing = next(place for place in tiny_campaign().places if (place.lat, place.lon) == (27.108, 110.631))
    bends = [
        (row["shape_pt_lat"], row["shape_pt_lon"]) for row in feed["shapes"] if row["shape_id"] == "run/1"
    ]
    assert bends == [
        ("27.121000", "110.654000"),
        ("27.152000", "110.631000"),
        (f"{crossing.lat:.6f}", f"{crossing.lon:.6f}"),
        ("27.041000", "110.601000"),
    ]
    assert [call["shape_dist_traveled"] for call in calls_of(feed)["run/1"]] == ["0", "5000", "20000"]
    assert {row["shape_id"] for row in feed["trips"]} == {"run/1", "run/2", ""}


def test_a_run_past_midnight_stays_on_its_day() -> None:
    plan = _moved(tiny_plan(), run=1, by_s=_DAY_S - 32_700)
    feed = read_feed(_content(tiny_campaign(), plan))
    calls = calls_of(feed)["run/1"]
    assert [call["arrival_time"] for call in calls] == ["23:48:24", "23:59:42", "24:25:00"]
    assert calls[1]["departure_time"] == "24:01:00"
    assert find_faults(feed, _box(tiny_campaign())) == set()


def test_a_run_after_midnight_is_of_the_new_day() -> None:
    feed = read_feed(_content(tiny_campaign(), _moved(tiny_plan(), run=1, by_s=_DAY_S)))
    day = {row["trip_id"]: row["service_id"] for row in feed["trips"]}
    assert day["run/1"] == "20270215"
    assert day["run/2"] == "20270214"
    assert find_faults(feed, _box(tiny_campaign())) == set()


def test_a_spot_that_moved_is_a_stop_of_its_own() -> None:
    plan = tiny_plan()
    moved = replace(plan.routes[1].stops[-1], gather="北广场", lat=27.042)
    other = replace(plan.routes[1], stops=(*plan.routes[1].stops[:-1], moved))
    feed = read_feed(_content(tiny_campaign(), replace(plan, routes=(plan.routes[0], other))))
    found = {row["stop_id"]: row["stop_desc"] for row in feed["stops"] if row["stop_name"] == "示例站"}
    assert [spot.split(" · ")[0] for spot in found.values()] == ["站前广场东侧", "北广场"]
    assert calls_of(feed)["run/2"][-1]["stop_id"] == f"{tiny.STATION}/2"
    assert find_faults(feed, _box(tiny_campaign())) == set()


def test_a_departure_to_a_city_without_a_point_is_named_and_left_out() -> None:
    base = tiny_campaign()
    shenzhen = replace(base.destinations[1], lat=None)
    campaign = replace(base, destinations=(base.destinations[0], shenzhen))
    feed = read_feed(_content(campaign, tiny_plan()))
    assert {row["trip_id"] for row in feed["trips"]} == {"run/1", "run/2"}
    assert find_faults(feed, _box(campaign)) == set()
    assert list_unplaced(campaign, tiny_plan(), kinds=("gtfs",)) == ("G9999",)
    assert list_unplaced(campaign, tiny_plan(), kinds=("ics",)) == ()
    assert list_unplaced(base, tiny_plan(), kinds=("gtfs",)) == ()


def test_a_plan_without_trips_gives_no_feed() -> None:
    plan, order = replace(tiny_plan(), routes=(), legs=(), events=()), Order(kinds=("gtfs",), now=NOW)
    assert list(render(tiny_campaign(), plan, order=order)) == []
    assert count_documents(tiny_campaign(), plan, kinds=order.kinds) == 0
    with pytest.raises(ExportError):
        _content(tiny_campaign(), plan)


def test_the_pack_has_it_once() -> None:
    (document,) = render(tiny_campaign(), tiny_plan(), order=Order(kinds=("gtfs",), now=NOW))
    assert (document.filename, document.content) == ("gtfs.zip", _feed(_out)[2])
    assert count_documents(tiny_campaign(), tiny_plan(), kinds=("gtfs",)) == 1


def test_the_same_plan_is_the_same_bytes_and_another_version_is_not() -> None:
    assert _content(*_out(), locale="en") == _feed(_out)[2]
    assert _content(tiny_campaign(), replace(tiny_plan(), version=2)) != _feed(_out)[2]
    assert _read()["feed_info"][0]["feed_version"].startswith("tiny v1 ")


def test_a_coach_out_and_home_is_one_line() -> None:
    feed = _read(_round)
    lines = [row["route_id"] for row in feed["trips"] if row["trip_id"].startswith("departure/")]
    assert len(set(lines)) * 2 == len(lines)


def test_a_train_keeps_its_line_from_day_to_day() -> None:
    base, plan = _out()
    train = next(each for each in base.departures if each.id == TRAIN)
    calls = tuple(replace(call, arrives=call.arrives + _A_DAY) for call in train.calls)
    next_day = replace(train, id=DepartureId("later"), departs=train.departs + _A_DAY, calls=calls)
    later = [
        replace(leg, departure_id=next_day.id, board_s=leg.board_s + _DAY_S, alight_s=leg.alight_s + _DAY_S)
        if leg.run is None and leg.to_id == tiny.SHENZHEN
        else leg
        for leg in plan.legs
    ]
    campaign = replace(base, departures=(train, next_day))
    feed = read_feed(_content(campaign, replace(plan, legs=tuple(later))))
    trains = {row["trip_id"]: row for row in feed["trips"] if not row["shape_id"]}
    assert {row["route_id"] for row in trains.values()} == {f"departure/{TRAIN}"}
    assert [row["service_id"] for row in trains.values()] == ["20270214", "20270215"]
    assert [row["date"] for row in feed["calendar_dates"]] == ["20270214", "20270215"]
    assert find_faults(feed, _box(campaign)) == set()


def test_nobody_is_named_and_no_cell_is_a_formula() -> None:
    base = tiny_campaign()
    station = replace(next(place for place in base.places if place.id == tiny.STATION), name="=1+1")
    places = (*(place for place in base.places if place.id != tiny.STATION), station)
    campaign = replace(base, places=places, data_note="-note")
    feed = read_feed(_content(campaign, tiny_plan()))
    cells = {cell for rows in feed.values() for row in rows for cell in row.values()}
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    text = "\n".join(cells)
    for person in base.registrations:
        assert person.name not in text
        assert not person.phone or person.phone not in text
        assert person.document_number not in text
