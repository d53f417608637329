"""People into seats: small trains and coaches by hand and by chance, a full train, the same answer always."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from itertools import product
from random import Random
from typing import Any

import pytest

from fixtures.making import dongkou
from planner.check.judge import check_plan
from planner.check.seats import RULES
from planner.demand import build_demand, build_riders
from planner.errors import Severity
from planner.model.campaign import Campaign
from planner.model.clock import CHINA
from planner.model.fleet import (
    Allotment,
    Call,
    Carriage,
    Departure,
    DepartureId,
    FleetGroup,
    FleetGroupId,
    Layout,
    Mode,
    Service,
    VehicleId,
    VehicleType,
    VehicleTypeId,
)
from planner.model.law import TrunkRules
from planner.model.people import Registration, RegistrationId
from planner.model.places import Destination, DestinationId, PlaceId
from planner.model.plan import Effort, EffortKind, Leg, Plan, Violation
from planner.model.trunk import Seat, TrunkRun
from planner.solvers.rows import in_block
from planner.solvers.seats_problem import Limits
from planner.stages.cars import find_cars
from planner.stages.seating import Seating, seat_people
from tests.builders import tiny_campaign

DAY = date(2027, 2, 14)
TRAIN = DepartureId("g1")
COACH = DepartureId("z-coach")
STOPS = (DestinationId("near"), DestinationId("far"))
VILLAGE = PlaceId("v1")
KIND = VehicleType(
    id=VehicleTypeId("k20"), name="20座客车", rated_seats=20, drivers=2, escorts=1, fixed_fen=0, per_km_fen=0,
    road_classes=(),
)  # fmt: skip
EFFORT = Limits(effort=0.2)


def _person(number: int, **fields: Any) -> Registration:
    usual: dict[str, Any] = {
        "village_id": VILLAGE,
        "destination_id": STOPS[0],
        "travel_date": DAY,
        "name": "某",
    }
    return Registration(id=RegistrationId(f"p{number:03d}"), **{**usual, **fields})


def _departure(departure_id: DepartureId, **fields: Any) -> Departure:
    call = datetime(2027, 2, 14, 18, tzinfo=CHINA)
    usual: dict[str, Any] = {
        "mode": Mode.TRAIN,
        "number": departure_id.upper(),
        "origin_id": PlaceId("st"),
        "departs": datetime(2027, 2, 14, 8, tzinfo=CHINA),
        "quota": 999,
        "calls": tuple(Call(destination_id=stop, arrives=call) for stop in STOPS),
        "consist": "C",
    }
    return Departure(id=departure_id, **{**usual, **fields})


def _carriages(*seats: int, accessible: int = 0) -> tuple[Carriage, ...]:
    return tuple(
        Carriage(
            consist="C", number=number, kind="", seats=size, layout=Layout.SECOND,
            accessible=number == accessible,
        )
        for number, size in enumerate(seats, 1)
    )  # fmt: skip


def _campaign(*people: Registration, trunk: TrunkRules | None = None, **fields: Any) -> Campaign:
    tiny = tiny_campaign()
    rules = replace(tiny.rules, trunk=trunk or TrunkRules())
    usual: dict[str, Any] = {
        "rules": rules,
        "registrations": people,
        "departures": (_departure(TRAIN), _departure(COACH, mode=Mode.COACH, consist="")),
        "destinations": tuple(Destination(id=stop, name=stop) for stop in STOPS),
        "vehicle_types": (KIND,),
        "fleet": (
            FleetGroup(
                id=FleetGroupId("t"), type_id=KIND.id, depot_id=PlaceId("d"), count=9, service=Service.TRUNK
            ),
        ),
    }
    return replace(tiny, **{**usual, **fields})


def _legs(campaign: Campaign, *, on: dict[str, DepartureId] | None = None) -> list[Leg]:
    """Everybody on the train, or where ``on`` says by party."""
    homes = {person.id: person.destination_id for person in campaign.registrations}
    legs: list[Leg] = []
    for party in build_demand(campaign):
        for stop in sorted({homes[person] for person in party.registration_ids}):
            legs.append(
                Leg(
                    registration_ids=tuple(p for p in party.registration_ids if homes[p] == stop),
                    departure_id=(on or {}).get(party.id, TRAIN), run=None, from_id="st", to_id=stop,
                    board_s=0, alight_s=1,
                )
            )  # fmt: skip
    return legs


def _seat(campaign: Campaign, legs: list[Leg] | None = None, limits: Limits = EFFORT) -> Seating:
    runs = {COACH: KIND}
    return seat_people(campaign, _legs(campaign) if legs is None else legs, runs=runs, limits=limits)


def _judge(campaign: Campaign, legs: list[Leg], seating: Seating) -> tuple[Violation, ...]:
    """What the checker's rules of seats say."""
    run = TrunkRun(
        departure_id=COACH, vehicle_id=VehicleId("t#01"), drivers=(), movements=(), back=(), heads=0,
        cost_fen=0,
    )  # fmt: skip
    plan = Plan(
        version=1, campaign_id="", campaign_digest="",
        effort=Effort(router="", kind=EffortKind.COUNTED, limit=0, seed=0), cost_fen=0, bound_fen=None,
        routes=(), legs=(*legs, *(replace(leg, run=1) for leg in legs)), unserved=(), events=(),
        trunk_runs=(run,), seats=seating.seats, captains=seating.captains, proofs=seating.proofs,
    )  # fmt: skip
    return check_plan(campaign, plan, rules=RULES)


def _by_person(seating: Seating) -> dict[str, Seat]:
    return {seat.registration_id: seat for seat in seating.seats}


def _heads(seating: Seating) -> Counter[int]:
    return Counter(seat.carriage for seat in seating.seats)


def _crowd(rng: Random, heads: int) -> list[Registration]:
    """People alone and in parties, children and needs among them."""
    people: list[Registration] = []
    while len(people) < heads:
        size = min(rng.choice((1, 1, 1, 2, 2, 3, 4)), heads - len(people))
        firm, stop = rng.choice(("", "甲厂", "乙厂", "丙厂")), rng.choice(STOPS)
        home = rng.choice((stop, STOPS[0]))
        for member in range(size):
            people.append(
                _person(
                    len(people),
                    group=f"g{len(people) - member}" if size > 1 else "",
                    employer=firm,
                    destination_id=stop if member else home,
                    child=size > 2 and member == 0,
                    captain=rng.random() < 0.1,
                    needs=rng.choice(("", "", "", "", "晕车")),
                )
            )
    return people


@pytest.mark.parametrize("seed", range(12))
def test_small_trains_and_coaches_break_no_rule(seed: int) -> None:
    rng = Random(seed)
    trunk = TrunkRules(captain_heads=rng.choice((3, 6)), reserved_rows=rng.randrange(2))
    campaign = _campaign(*_crowd(rng, 40), consists=_carriages(15, 10, 8), trunk=trunk)
    on: dict[str, DepartureId] = {}
    left = 12
    for party in build_demand(campaign):
        if party.size <= left:
            on[party.id] = COACH
            left -= party.size
    legs = _legs(campaign, on=on)
    seating = _seat(campaign, legs)
    assert len(seating.seats) == 40
    assert [v for v in _judge(campaign, legs, seating) if v.severity is Severity.ERROR] == []


@pytest.mark.parametrize("seed", range(6))
def test_small_trains_are_as_good_as_can_be(seed: int) -> None:
    """Against all ways to share seven parties out among three carriages."""
    rng = Random(seed)
    people = [
        _person(10 * party + member, group=f"g{party}", employer=firm, destination_id=stop)
        for party in range(7)
        for firm, stop in [(rng.choice(("甲厂", "乙厂", "丙厂")), rng.choice(STOPS))]
        for member in range(rng.randint(1, 4))
    ]
    sizes = (8, 7, 5) if len(people) <= 17 else (9, 9, 8)
    campaign = _campaign(*people, consists=_carriages(*sizes))
    proof = _seat(campaign).proofs[0]
    first = dict.fromkeys((), campaign.registrations[0])
    parties = build_demand(campaign)
    first = {str(person.id): person for person in campaign.registrations}
    costs: list[int] = []
    for places in product(range(3), repeat=len(parties)):
        load = [0, 0, 0]
        for place, party in zip(places, parties, strict=True):
            load[place] += party.size
        if all(heads <= seats for heads, seats in zip(load, sizes, strict=True)):
            seated = [(place, first[party.id]) for place, party in zip(places, parties, strict=True)]
            firms = {(place, one.employer) for place, one in seated}
            halts = {(place, one.destination_id) for place, one in seated}
            costs.append(10 * len(firms) + 15 * len(halts))
    assert proof.bound <= min(costs)
    assert proof.cost == min(costs)


@lru_cache
def _county() -> tuple[Campaign, tuple[Leg, ...]]:
    """The register of a county on its two trains, as full as they are."""
    campaign = dongkou.build()
    room = {DepartureId("g9653"): 1105, DepartureId("g9655"): 1104}
    on: dict[str, DepartureId] = {}
    for party in sorted(build_demand(campaign), key=lambda party: (-party.size, party.id)):
        train = max(room, key=lambda one: room[one])
        on[party.id] = train
        room[train] -= party.size
    return campaign, tuple(_legs(campaign, on=on))


@lru_cache
def _county_seated() -> Seating:
    campaign, legs = _county()
    return seat_people(campaign, legs, runs={}, limits=Limits(effort=0.4))


def test_a_county_on_two_full_trains() -> None:
    campaign, legs = _county()
    seating = _county_seated()
    assert len(seating.seats) == 2_209
    assert _judge(campaign, list(legs), seating) == ()
    led = [captain for captain in seating.captains if not captain.employer]
    assert len(led) == 32
    by_flag = {person.id: person.captain for person in campaign.registrations}
    assert sum(by_flag[captain.registration_id] for captain in led) >= 28
    assert all(proof.gap < 0.15 for proof in seating.proofs)


def test_families_of_a_county_sit_in_one_block() -> None:
    campaign, _ = _county()
    places = _by_person(_county_seated())
    maps = {
        (departure.id, car.number): car.room.seat_map
        for departure in campaign.departures
        for car in find_cars(campaign, departure, kind=None)
    }
    families = [party for party in build_demand(campaign) if party.size > 1]
    kept = 0
    for party in families:
        seats = [places[person] for person in party.registration_ids]
        seat_map = maps[seats[0].departure_id, seats[0].carriage]
        labels = {seat.label for seat in seats}
        kept += in_block([one for one in seat_map.seats if one.label in labels], width=seat_map.width)
    assert kept >= 0.95 * len(families)


def test_the_order_of_rows_changes_nothing() -> None:
    campaign = _campaign(*_crowd(Random(5), 60), consists=_carriages(20, 25, 20))
    legs = _legs(campaign)
    turned = _campaign(*reversed(campaign.registrations), consists=_carriages(20, 25, 20)[::-1])
    mirrored = [replace(leg, registration_ids=leg.registration_ids[::-1]) for leg in reversed(legs)]
    assert _seat(turned, mirrored) == _seat(campaign, legs)


@pytest.mark.parametrize(
    ("trunk", "heads", "last"),
    [
        pytest.param(TrunkRules(), 17, 17, id="crew of three"),
        pytest.param(TrunkRules(reserved_rows=2), 9, 9, id="two rows free"),
        pytest.param(TrunkRules(load_percent=50), 10, 17, id="half the load"),
    ],
)
def test_a_coach_keeps_crew_seats_and_back_rows_free_and_keeps_to_the_load(
    trunk: TrunkRules, heads: int, last: int
) -> None:
    campaign = _campaign(*(_person(number) for number in range(20)), trunk=trunk)
    legs = _legs(campaign, on={str(person.id): COACH for person in campaign.registrations})
    labels = {int(seat.label.removesuffix("号")) for seat in _seat(campaign, legs).seats}
    assert len(labels) == heads
    assert max(labels) <= last


def test_the_back_rows_of_a_coach_are_not_for_people() -> None:
    campaign = _campaign(trunk=TrunkRules(reserved_rows=2))
    coach = find_cars(campaign, _departure(COACH, mode=Mode.COACH), kind=KIND)[0]
    free = [seat.label for n, seat in enumerate(coach.room.seat_map.seats) if n not in coach.room.reserved]
    assert free == [f"{number}号" for number in range(1, 10)]


def test_the_railways_list_goes_before_the_consist() -> None:
    lists = (
        Allotment(departure_id=TRAIN, carriage=7, labels=("9A", "9C")),
        Allotment(departure_id=TRAIN, carriage=3, labels=("12号", "13号", "14号")),
        Allotment(departure_id=TRAIN, carriage=9, labels=("2号下铺", "1号下铺", "1号中铺")),
    )
    campaign = _campaign(*(_person(n) for n in range(8)), consists=_carriages(50), allotments=lists)
    seating = _seat(campaign)
    given = {(part.carriage, label) for part in lists for label in part.labels}
    assert {(seat.carriage, seat.label) for seat in seating.seats} == given
    assert _judge(campaign, _legs(campaign), seating) == ()


def test_where_nobody_knows_the_seats_none_are_given_but_groups_are_led() -> None:
    people = [_person(number, employer="甲厂") for number in range(25)]
    campaign = _campaign(*people, departures=(_departure(TRAIN, consist=""),))
    seating = _seat(campaign)
    assert (seating.seats, seating.proofs) == ((), ())
    assert [(captain.carriage, captain.employer) for captain in seating.captains] == [(0, "甲厂")]
    assert _judge(campaign, _legs(campaign), seating) == ()


def test_wheelchairs_go_where_there_is_a_place_and_those_too_many_have_a_seat() -> None:
    chairs = [_person(number, needs="坐轮椅") for number in range(91, 94)]
    others = [_person(number) for number in range(3, 20)]
    consists = _carriages(15, 10, accessible=2)
    places = _by_person(_seat(_campaign(*chairs, *others, consists=consists)))
    assert {places[person.id].carriage for person in chairs} == {2}
    assert {places[person.id].label[:-1] for person in chairs} == {"1"}
    crowded = _seat(_campaign(*chairs, *others, consists=_carriages(18, 2, accessible=2)))
    assert len(crowded.seats) == 20
    assert sum(_by_person(crowded)[person.id].carriage == 2 for person in chairs) == 2


def test_who_cannot_ride_behind_sits_in_front_and_a_child_beside_an_adult() -> None:
    people = [_person(number) for number in range(30)]
    sick = _person(40, needs="晕车,靠前坐")
    family = [_person(50 + n, group="家", child=n < 3, needs="腿脚不便" * (n == 4)) for n in range(5)]
    campaign = _campaign(*people, sick, *family, consists=_carriages(40))
    seating = _seat(campaign)
    places = _by_person(seating)
    assert int(places["p040"].label[:-1]) <= 2
    assert int(places["p054"].label[:-1]) <= 2
    assert _judge(campaign, _legs(campaign), seating) == ()


def test_a_party_larger_than_any_carriage_is_parted_rather_than_left() -> None:
    party = [_person(number, group="大队", child=number in {0, 1}) for number in range(14)]
    campaign = _campaign(*party, _person(20), consists=_carriages(8, 8))
    seating = _seat(campaign)
    assert len(seating.seats) == 15
    assert _judge(campaign, _legs(campaign), seating) == ()


def test_nobody_is_lost_where_seats_are_short() -> None:
    seating = _seat(_campaign(*(_person(number) for number in range(12)), consists=_carriages(5, 5)))
    assert _heads(seating) == {1: 5, 2: 5}


@pytest.mark.parametrize(
    ("people", "leads"),
    [
        ([{"birth": date(1990, 1, 1)}, {"captain": True}], "p001"),
        ([{"birth": date(2007, 1, 1)}, {"birth": date(1990, 1, 1)}], "p001"),
        ([{"birth": date(1960, 1, 1)}, {"birth": date(1965, 1, 1)}], "p000"),
        ([{"child": True, "captain": True, "group": "g"}, {"group": "g"}], "p001"),
    ],
    ids=["named in the register", "of middle age", "the first", "no child"],
)
def test_who_leads(people: list[dict[str, Any]], leads: str) -> None:
    campaign = _campaign(
        *(_person(number, **fields) for number, fields in enumerate(people)), consists=_carriages(5)
    )
    assert [captain.registration_id for captain in _seat(campaign).captains] == [leads]


def test_progress_hears_of_each_train() -> None:
    campaign = _campaign(*_crowd(Random(1), 20), consists=_carriages(12, 12))
    heard: list[object] = []
    seating = seat_people(campaign, _legs(campaign), runs={}, limits=EFFORT, progress=heard.append)
    assert tuple(heard) == seating.proofs


def test_a_stop_is_obeyed_and_everybody_still_sits() -> None:
    campaign, legs = _county()
    seating = seat_people(campaign, legs, runs={}, limits=Limits(seconds=600, stop=lambda: True))
    assert len(seating.seats) == 2_209


def test_riders_carry_no_name_and_no_date() -> None:
    person = _person(1, name="张三", needs="坐轮椅 16900001234", birth=date(1990, 1, 1), captain=True)
    rider = build_riders(_campaign(person))[person.id]
    assert {str(getattr(rider, field)) for field in rider.__slots__} == {
        "p001",
        "prime",
        "wheelchair",
        "True",
    }
