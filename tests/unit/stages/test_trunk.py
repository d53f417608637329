"""Who takes which departure: quotas kept, told departures kept, as few as possible left."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest

from fixtures.making import tiny
from planner.demand import Party, PartyId, build_demand
from planner.model.fleet import DepartureId
from planner.model.people import RegistrationId
from planner.network import Network
from planner.pipeline import plan_campaign
from planner.solvers.assignment import Block, assign_blocks
from planner.solvers.routing.search import Budget
from planner.stages.trunk import TrunkChoice, choose_departures
from tests.builders import tiny_campaign
from tests.sketch import sketch_campaign

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.model.campaign import Campaign
    from planner.model.places import PlaceId

_VILLAGES = (tiny.FENGSHU, tiny.SHIQIAO, tiny.GAOLING)


def _with_quotas(*quotas: int) -> Campaign:
    """Tiny with so many trains, each with its quota."""
    campaign = tiny_campaign()
    (train,) = campaign.departures
    trains = tuple(
        replace(train, id=DepartureId(f"d{number}"), quota=quota) for number, quota in enumerate(quotas)
    )
    return replace(campaign, departures=trains)


def _choose(
    campaign: Campaign,
    parties: Sequence[Party] | None = None,
    *,
    open_to: Mapping[PartyId, Sequence[DepartureId]] | None = None,
    told: Mapping[PartyId, DepartureId] | None = None,
) -> TrunkChoice:
    parties = build_demand(campaign) if parties is None else parties
    every = [departure.id for departure in campaign.departures]
    found = choose_departures(
        campaign,
        Network(campaign),
        open_to=open_to or {party.id: every for party in parties},
        parties=parties,
        told=told or {},
        seed=0,
    )
    placed = {party.id for party in parties if party.id in found.departure_of}
    assert placed | {party.id for party in found.left} == {party.id for party in parties}
    assert not placed & {party.id for party in found.left}
    for departure in campaign.departures:
        aboard = [p.size for p in parties if found.departure_of.get(p.id) == departure.id]
        assert sum(aboard) <= departure.quota
    return found


def _party(number: int, size: int, village: PlaceId) -> Party:
    ids = tuple(RegistrationId(f"p{number:02d}-{head}") for head in range(size))
    return Party(
        id=PartyId(ids[0]),
        registration_ids=ids,
        village_id=village,
        travel_date=tiny.TRAVEL_DAY,
        latest_date=tiny.TRAVEL_DAY,
        employer="",
        rides=((tiny.GUANGZHOU, size),),
    )


@pytest.mark.parametrize("quota", range(13))
def test_a_short_quota_leaves_as_few_as_possible(quota: int) -> None:
    campaign = _with_quotas(quota)
    sizes = [party.size for party in build_demand(campaign)]
    sums = {sum(taken) for taken in product(*((0, size) for size in sizes))}
    best = max(total for total in sums if total <= quota)
    assert sum(party.size for party in _choose(campaign).left) == 11 - best


@pytest.mark.parametrize("seed", range(40))
def test_several_short_quotas_leave_as_few_as_possible(seed: int) -> None:
    dice = Random(seed)
    campaign = _with_quotas(*(dice.randint(0, 7) for _ in range(2)))
    parties = [_party(n, dice.choice((1, 2, 2, 3, 5)), dice.choice(_VILLAGES)) for n in range(6)]
    ids = [departure.id for departure in campaign.departures]
    open_to = {party.id: sorted(dice.sample(ids, dice.randint(1, 2))) for party in parties}
    best = 0
    for given in product((None, *ids), repeat=len(parties)):
        pairs = [(party, to) for party, to in zip(parties, given, strict=True) if to is not None]
        if any(to not in open_to[party.id] for party, to in pairs):
            continue
        loads = {to: sum(party.size for party, other in pairs if other == to) for to in ids}
        if all(loads[departure.id] <= departure.quota for departure in campaign.departures):
            best = max(best, sum(loads.values()))
    found = _choose(campaign, parties, open_to=open_to)
    assert sum(party.size for party in parties if party.id in found.departure_of) == best
    assert all(to in open_to[party] for party, to in found.departure_of.items())


def test_ten_seats_for_eleven_people_leave_one_behind_in_the_whole_plan() -> None:
    plan = plan_campaign(_with_quotas(10), Budget(effort=2))
    assert [len(entry.registration_ids) for entry in plan.unserved] == [1]


@pytest.mark.parametrize("quotas", [(11, 11), (6, 6), (3, 8), (12, 0)])
def test_with_seats_enough_everybody_goes(quotas: tuple[int, int]) -> None:
    assert _choose(_with_quotas(*quotas)).left == ()


def test_a_told_departure_is_kept_even_if_another_is_fuller() -> None:
    campaign = _with_quotas(11, 11)
    parties = build_demand(campaign)
    for departure in campaign.departures:
        told = {party.id: departure.id for party in parties}
        assert _choose(campaign, told=told).departure_of == told


def test_told_people_go_before_those_who_came_later() -> None:
    campaign = _with_quotas(3)
    told = {PartyId("T04"): DepartureId("d0")}
    assert _choose(campaign, told=told).departure_of == told


def test_a_told_departure_that_is_gone_closed_or_cut_is_not_kept() -> None:
    campaign = _with_quotas(2, 11)
    party = build_demand(campaign)[0]
    gone = _choose(campaign, [party], told={party.id: DepartureId("gone")})
    assert gone.departure_of == {party.id: "d1"}
    cut = _choose(campaign, [party], told={party.id: DepartureId("d0")})
    assert cut.departure_of == {party.id: "d1"}
    closed = _choose(
        _with_quotas(11, 11),
        [party],
        open_to={party.id: [DepartureId("d1")]},
        told={party.id: DepartureId("d0")},
    )
    assert closed.departure_of == {party.id: "d1"}


def test_townships_stay_whole_and_both_trains_are_used_where_seats_are_plenty() -> None:
    campaign = sketch_campaign(townships=6, villages=36)
    parties = build_demand(campaign)
    found = _choose(campaign)
    township = {place.id: place.township for place in campaign.places}
    trains: dict[str, set[str]] = {}
    for party in parties:
        trains.setdefault(township[party.village_id], set()).add(found.departure_of[party.id])
    assert all(len(used) == 1 for used in trains.values())
    assert {name for used in trains.values() for name in used} == {"a", "b"}


def test_nobody_to_place_is_no_problem() -> None:
    assert _choose(_with_quotas(5), []).left == ()


def test_a_county_far_beyond_its_quotas_fills_every_seat() -> None:
    """A thousand parties are more than CP-SAT looks through in its time; the trains leave full."""
    dice = Random(1)
    campaign = _with_quotas(300, 200)
    parties = [_party(n, dice.choice((1, 1, 1, 2, 2, 3, 5)), dice.choice(_VILLAGES)) for n in range(1_000)]
    found = _choose(campaign, parties)
    assert sum(party.size for party in parties if party.id in found.departure_of) == 500


def test_an_assignment_without_time_is_lawful() -> None:
    blocks = [Block(heads=size, bins=(0, 1), cluster="t", kind="k") for size in (5, 4, 3, 3, 2, 1) * 20]
    bins = assign_blocks(blocks, (101, 57), seed=0, effort=1e-9)
    loads = Counter[int | None]()
    for block, bin_ in zip(blocks, bins, strict=True):
        loads[bin_] += block.heads
    assert loads[0] <= 101
    assert loads[1] <= 57
    assert loads[0] + loads[1] >= 101 + 57 - 2
