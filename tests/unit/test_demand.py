"""Parties, and a digest that is blind to persons and sees everything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from fixtures.making import tiny
from planner.demand import build_demand, campaign_digest
from planner.model.campaign import Campaign
from planner.model.people import Registration
from planner.model.places import PlaceId
from tests.builders import tiny_campaign

_NEXT_DAY = date(2027, 2, 15)


def _with_people(**changes: object) -> Campaign:
    """Change the same fields of every registration."""
    campaign = tiny_campaign()
    return replace(
        campaign, registrations=tuple(replace(person, **changes) for person in campaign.registrations)
    )


def _people(campaign: Campaign, change: Callable[[Registration], Registration]) -> Campaign:
    return replace(campaign, registrations=tuple(change(person) for person in campaign.registrations))


def test_a_party_is_a_group_of_one_village() -> None:
    parties = build_demand(tiny_campaign())
    assert [(party.id, party.size, party.village_id) for party in parties] == [
        ("T01", 3, tiny.FENGSHU),
        ("T04", 3, tiny.SHIQIAO),
        ("T07", 1, tiny.SHIQIAO),
        ("T08", 1, tiny.SHIQIAO),
        ("T09", 2, tiny.GAOLING),
        ("T11", 1, tiny.GAOLING),
    ]
    assert parties[0].registration_ids == ("T01", "T02", "T03")
    assert {party.travel_date for party in parties} == {tiny.TRAVEL_DAY}


def test_children_take_a_seat() -> None:
    campaign = tiny_campaign()
    assert any(person.child for person in campaign.registrations)
    assert sum(party.size for party in build_demand(campaign)) == len(campaign.registrations)


def test_a_party_may_get_off_at_two_stops() -> None:
    def aside(person: Registration) -> Registration:
        return replace(person, destination_id=tiny.SHENZHEN) if person.id == "T02" else person

    party = build_demand(_people(tiny_campaign(), aside))[0]
    assert party.rides == ((tiny.GUANGZHOU, 2), (tiny.SHENZHEN, 1))


def test_the_same_group_on_another_day_is_another_party() -> None:
    def later(person: Registration) -> Registration:
        return replace(person, travel_date=_NEXT_DAY) if person.id == "T01" else person

    parties = build_demand(_people(tiny_campaign(), later))
    assert [party.registration_ids for party in parties][:2] == [("T01",), ("T02", "T03")]


def test_an_empty_campaign_has_no_parties() -> None:
    assert build_demand(replace(tiny_campaign(), registrations=())) == ()


def test_the_digest_is_blind_to_persons_contacts_and_words() -> None:
    campaign = tiny_campaign()
    right = campaign_digest(campaign)
    blind = _with_people(
        name="改名", document_number="43052519900307997X", phone="16900009999", relief=True,
        note="m", sex=None, birth=date(1980, 1, 1),
    )  # fmt: skip
    assert campaign_digest(blind) == right
    assert campaign_digest(replace(campaign, crews=(), name="x", office="y", phone="z", outline=())) == right
    places = tuple(
        replace(place, contact_name="谁", contact_phone="1", hint="h") for place in campaign.places
    )
    assert campaign_digest(replace(campaign, places=places)) == right


@pytest.mark.parametrize(
    "change", [{"employer": "x"}, {"captain": True}, {"child": True}, {"needs": "坐轮椅"}]
)
def test_the_digest_sees_what_decides_a_seat_or_a_gate(change: dict[str, object]) -> None:
    assert campaign_digest(_with_people(**change)) != campaign_digest(tiny_campaign())


def test_the_digest_is_blind_to_row_order() -> None:
    campaign = tiny_campaign()
    turned = replace(
        campaign,
        **{
            name: getattr(campaign, name)[::-1]
            for name in (
                *("places", "roads", "vehicle_types", "fleet", "destinations", "departures", "registrations"),
            )
        },
    )
    assert campaign_digest(turned) == campaign_digest(campaign)


def test_roads_that_differ_in_class_or_speed_alone_have_one_order() -> None:
    campaign = tiny_campaign()
    twin = replace(campaign.roads[0], speed_kmh=campaign.roads[0].speed_kmh + 5)
    one, other = (
        replace(campaign, roads=roads) for roads in ((*campaign.roads, twin), (twin, *campaign.roads))
    )
    assert campaign_digest(one) == campaign_digest(other)


def _change_first(table: str, /, **changes: object) -> Callable[[Campaign], Campaign]:
    def change(campaign: Campaign) -> Campaign:
        first, *rest = getattr(campaign, table)
        return replace(campaign, **{table: (replace(first, **changes), *rest)})

    return change


_SEEN: dict[str, Callable[[Campaign], Campaign]] = {
    "another village": _change_first("registrations", village_id=tiny.SHIQIAO),
    "another destination": _change_first("registrations", destination_id=tiny.SHENZHEN),
    "another day": _change_first("registrations", travel_date=_NEXT_DAY),
    "another group": _change_first("registrations", group=""),
    "another registration id": _change_first("registrations", id="T99"),
    "one person less": lambda campaign: replace(campaign, registrations=campaign.registrations[1:]),
    "a moved place": _change_first("places", lat=27.5),
    "another spot to gather": _change_first("places", gather="桥头"),
    "another township": _change_first("places", township="别镇"),
    "a renamed place": _change_first("places", name="别处"),
    "a longer road": _change_first("roads", length_m=9_999),
    "a slower road": _change_first("roads", speed_kmh=11),
    "no road": lambda campaign: replace(campaign, roads=campaign.roads[1:]),
    "more seats": _change_first("vehicle_types", rated_seats=34),
    "another price": _change_first("vehicle_types", per_km_fen=1),
    "more vehicles": _change_first("fleet", count=2),
    "another depot": _change_first("fleet", depot_id=tiny.SEAT),
    "another quota": _change_first("departures", quota=11),
    "another time": lambda campaign: _change_first(
        "departures", departs=campaign.departures[0].departs + timedelta(minutes=1)
    )(campaign),
    "one call less": lambda campaign: _change_first(
        "departures", calls=campaign.departures[0].calls[:1]
    )(campaign),
    "another rule": lambda campaign: replace(
        campaign, rules=replace(campaign.rules, feeder=replace(campaign.rules.feeder, stop_s=61))
    ),
    "another weight": lambda campaign: replace(
        campaign,
        rules=replace(campaign.rules, weights=replace(campaign.rules.weights, unserved_fen_per_head=1)),
    ),
    "another first day": lambda campaign: replace(campaign, first_day=_NEXT_DAY),
    "another campaign": lambda campaign: replace(campaign, id="other"),
    "one place more": lambda campaign: replace(
        campaign, places=(*campaign.places, replace(campaign.places[0], id=PlaceId("new")))
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", _SEEN)
def test_the_digest_sees_what_planning_sees(change: str) -> None:
    campaign = tiny_campaign()
    assert campaign_digest(_SEEN[change](campaign)) != campaign_digest(campaign)
