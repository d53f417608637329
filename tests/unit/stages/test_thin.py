"""Half-empty coaches: joined where everybody fits, never against a promise or into another firm's coach."""

from __future__ import annotations

from datetime import datetime

from planner.demand import Party, PartyId
from planner.model.clock import CHINA
from planner.model.fleet import Call, Departure, DepartureId, Mode
from planner.model.people import RegistrationId
from planner.model.places import DestinationId, PlaceId
from planner.stages.thin import join_thin

_LEAVES = datetime(2027, 2, 14, 9, tzinfo=CHINA)


def _coach(name: str, *, hour: int = 9, employer: str = "") -> Departure:
    return Departure(
        id=DepartureId(name), mode=Mode.COACH, number=name, origin_id=PlaceId("st"),
        departs=_LEAVES.replace(hour=hour), quota=10, employer=employer,
        calls=(Call(destination_id=DestinationId("gz"), arrives=_LEAVES.replace(hour=18)),),
    )  # fmt: skip


def _party(name: str, size: int, *, employer: str = "") -> Party:
    return Party(
        id=PartyId(name), registration_ids=tuple(RegistrationId(f"{name}{n}") for n in range(size)),
        village_id=PlaceId("v"), travel_date=_LEAVES.date(), latest_date=_LEAVES.date(), employer=employer,
        rides=((DestinationId("gz"), size),),
    )  # fmt: skip


def _join(rides: dict[Party, Departure], *, fixed: tuple[str, ...] = ()) -> dict[str, str]:
    coaches = sorted(set(rides.values()), key=lambda coach: coach.id)
    found = join_thin(
        coaches,
        departure_of={party.id: coach for party, coach in rides.items()},
        parties=list(rides),
        fixed=[DepartureId(name) for name in fixed],
    )
    return {party: coach.id for party, coach in found.items()}


def test_the_thinnest_is_emptied_into_the_others() -> None:
    a, b, c = _coach("a"), _coach("b"), _coach("c")
    rides = {_party("p", 6): a, _party("q", 7): b, _party("r", 3): c, _party("s", 3): c}
    assert _join(rides) == {"p": "a", "q": "b", "r": "b", "s": "a"}


def test_nobody_moves_where_not_all_fit() -> None:
    a, b = _coach("a"), _coach("b")
    rides = {_party("p", 6): a, _party("q", 3): b, _party("r", 3): b}
    assert _join(rides) == {"p": "a", "q": "b", "r": "b"}


def test_another_hour_is_another_gate() -> None:
    rides = {_party("p", 2): _coach("a"), _party("q", 2): _coach("b", hour=8)}
    assert _join(rides) == {"p": "a", "q": "b"}


def test_a_firms_coach_takes_its_own_and_a_told_coach_keeps_its_people() -> None:
    own, pooled = _coach("a", employer="甲厂"), _coach("b")
    assert _join({_party("p", 5, employer="甲厂"): own, _party("q", 2): pooled}) == {"p": "b", "q": "b"}
    assert _join({_party("p", 5, employer="甲厂"): own, _party("q", 2): pooled}, fixed=("a",)) == {
        "p": "a",
        "q": "b",
    }
    ours = {_party("p", 5, employer="甲厂"): own, _party("q", 2, employer="甲厂"): pooled}
    assert _join(ours) == {"p": "a", "q": "a"}
