"""Laws of the checker over random damage and random roads."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from typing import Any, Final, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.check import check_plan
from planner.check.travel import Travel, Way
from planner.model.campaign import Campaign, Rules
from planner.model.fleet import VehicleType, VehicleTypeId
from planner.model.places import Place, PlaceId, PlaceKind, Road, RoadClass
from planner.model.plan import Leg, Plan, Violation
from planner.network import Network
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.check.good_plan import good_draft

_DRAFT: Final = good_draft()
_GOOD: Final = _DRAFT.write()

_NAMES: Final = st.sampled_from(
    (
        *("", "#", "st", "st2", "dp-a", "v1", "v2", "v5", "v7", "p01", "p05", "p38", "g1", "g2", "c3", "gz"),
        *("a49#01", "a49#1", "b19#99", "a49#" + "9" * 5000, "run-1@proving.breeze"),
    )
)
_TEXTS: Final = _NAMES | st.text(max_size=8)
_NUMBERS: Final = (
    st.integers(-3, 60) | st.integers(-200_000, 200_000) | st.sampled_from([10**30, -(10**30), 10**4000])
)
_FLOATS: Final = st.floats(allow_nan=True, allow_infinity=True)
_OPTIONAL: Final[dict[tuple[type, str], st.SearchStrategy[object]]] = {
    (Plan, "parent"): st.none() | _TEXTS,
    (Plan, "bound_fen"): st.none() | _NUMBERS,
    (Leg, "run"): st.none() | _NUMBERS,
}


@st.composite
def _damaged(draw: st.DrawFn, value: Any) -> Any:
    """Something of the same shape, wrong in one place."""
    if isinstance(value, Enum):
        return draw(st.sampled_from(list(type(value))))
    if is_dataclass(value) and not isinstance(value, type):
        name = draw(st.sampled_from([entry.name for entry in fields(value)]))
        usual = _damaged(getattr(value, name))
        other = draw(_OPTIONAL.get((type(value), name), usual))
        return replace(value, **{name: other})
    if isinstance(value, tuple):
        return draw(_damaged_tuple(cast("tuple[object, ...]", value)))
    return draw(_damaged_leaf(value))


@st.composite
def _damaged_tuple(draw: st.DrawFn, entries: tuple[object, ...]) -> tuple[object, ...]:
    if not entries:
        return ()
    at = draw(st.integers(0, len(entries) - 1))
    damage: dict[str, Callable[[], tuple[object, ...]]] = {
        "drop": lambda: (*entries[:at], *entries[at + 1 :]),
        "double": lambda: (*entries[: at + 1], *entries[at:]),
        "empty": lambda: (),
        "turn": lambda: entries[::-1],
        "damage": lambda: (*entries[:at], draw(_damaged(entries[at])), *entries[at + 1 :]),
    }
    return damage[draw(st.sampled_from([*damage, "damage", "damage", "damage"]))]()


def _damaged_leaf(value: object) -> st.SearchStrategy[object]:
    match value:
        case int():
            return _NUMBERS
        case float():
            return _FLOATS
        case str():
            return _TEXTS
        case _:
            return st.just(value)


@st.composite
def _wrecks(draw: st.DrawFn) -> Plan:
    plan = _GOOD
    for _ in range(draw(st.integers(1, 6))):
        plan = draw(_damaged(plan))
    return plan


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=_wrecks())
def test_a_damaged_plan_gives_violations_never_a_traceback(plan: Plan) -> None:
    violations = check_plan(_DRAFT.campaign, plan)
    assert all(isinstance(violation, Violation) for violation in violations)
    json.dumps([asdict(violation) for violation in violations], default=str)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=_wrecks())
def test_the_verdict_is_the_same_every_time(plan: Plan) -> None:
    assert repr(check_plan(_DRAFT.campaign, plan)) == repr(check_plan(_DRAFT.campaign, plan))


def test_a_plan_of_another_campaign_gives_violations() -> None:
    assert {"plan.campaign", "person.exists", "party.once"} <= _rules(
        check_plan(_DRAFT.campaign, tiny_plan())
    )
    assert {"plan.campaign", "person.exists", "party.once"} <= _rules(check_plan(tiny_campaign(), _GOOD))


def _rules(violations: tuple[Violation, ...]) -> set[str]:
    return {violation.rule for violation in violations}


@st.composite
def _road_maps(draw: st.DrawFn) -> Campaign:
    """A handful of places and roads; few lengths and speeds, so that ties and parallel roads are common."""
    places = [PlaceId(f"n{number}") for number in range(draw(st.integers(2, 7)))]
    roads = draw(
        st.lists(
            st.builds(
                Road,
                from_id=st.sampled_from(places),
                to_id=st.sampled_from(places),
                length_m=st.sampled_from([1, 999, 1_000, 2_000, 3_001]),
                speed_kmh=st.sampled_from([7, 30, 36, 40, 60, 120]),
                road_class=st.sampled_from([RoadClass.GRADE2, RoadClass.GRADE4]),
            ),
            max_size=14,
        )
    )
    return Campaign(
        id="roads",
        name="",
        office="",
        phone="",
        first_day=date(2027, 2, 14),
        rules=Rules(as_of=date(2027, 2, 14)),
        places=tuple(Place(id=place, kind=PlaceKind.VILLAGE, name=place, lat=0, lon=0) for place in places),
        roads=tuple(road for road in roads if road.from_id != road.to_id),
        vehicle_types=(_kind("any", tuple(RoadClass)), _kind("big", (RoadClass.GRADE2,))),
        fleet=(),
        destinations=(),
        departures=(),
        registrations=(),
    )


def _kind(kind_id: str, classes: tuple[RoadClass, ...]) -> VehicleType:
    return VehicleType(
        id=VehicleTypeId(kind_id),
        name=kind_id,
        rated_seats=19,
        fixed_fen=0,
        per_km_fen=0,
        road_classes=classes,
    )


@settings(max_examples=200, deadline=None)
@given(campaign=_road_maps())
def test_the_checker_and_the_network_find_the_same_ways(campaign: Campaign) -> None:
    network, travel = Network(campaign), Travel(campaign)
    for kind in campaign.vehicle_types:
        for start in network.places:
            for end in network.places:
                seconds, metres = network.seconds(kind.id, start, end), network.metres(kind.id, start, end)
                found = travel.find_way(start, end, classes=frozenset(kind.road_classes))
                planned = None if seconds is None or metres is None else Way(seconds, metres)
                assert found == planned
