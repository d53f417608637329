"""The matrices against networkx on random roads, and the cache against whatever lies in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise, product
from pathlib import Path
from random import Random

import networkx as nx
import numpy as np
import pytest

from fixtures.making import tiny
from planner.model.campaign import Campaign, Rules
from planner.model.fleet import VehicleType, VehicleTypeId
from planner.model.places import Place, PlaceId, PlaceKind, Road, RoadClass
from planner.network import Network, build_graph, road_seconds
from tests.builders import tiny_campaign

_DAY = date(2027, 2, 14)
_ANY, _BIG = VehicleTypeId("any"), VehicleTypeId("big")


def _kind(kind_id: VehicleTypeId, *classes: RoadClass) -> VehicleType:
    return VehicleType(
        id=kind_id, name=kind_id, rated_seats=19, fixed_fen=0, per_km_fen=0, road_classes=classes
    )


def _road(a: str, b: str, length_m: int, *, speed: int = 36, grade: RoadClass = RoadClass.GRADE2) -> Road:
    return Road(from_id=PlaceId(a), to_id=PlaceId(b), length_m=length_m, speed_kmh=speed, road_class=grade)


def _campaign(places: int, roads: list[Road]) -> Campaign:
    return Campaign(
        id="roads", name="", office="", phone="", first_day=_DAY, rules=Rules(as_of=_DAY),
        places=tuple(
            Place(id=PlaceId(f"n{number}"), kind=PlaceKind.VILLAGE, name="", lat=27, lon=110)
            for number in range(places)
        ),
        roads=tuple(roads),
        vehicle_types=(_kind(_ANY, *RoadClass), _kind(_BIG, RoadClass.GRADE2)),
        fleet=(), destinations=(), departures=(), registrations=(),
    )  # fmt: skip


def _random_roads(seed: int) -> Campaign:
    """Few lengths and speeds, so that ties, parallel roads and islands are common."""
    dice = Random(seed)
    size = dice.randint(2, 14)
    roads: list[Road] = []
    for _ in range(dice.randint(0, 2 * size)):
        a, b = dice.sample(range(size), 2)
        length = dice.choice((1, 900, 1_000, 2_000, 3_001))
        grade = dice.choice((RoadClass.GRADE2, RoadClass.GRADE4))
        roads.append(_road(f"n{a}", f"n{b}", length, speed=dice.choice((7, 30, 36, 72)), grade=grade))
    return _campaign(size, roads)


def _best(campaign: Campaign, kind: VehicleType) -> dict[str, dict[str, tuple[int, int]]]:
    """Seconds then metres by networkx, which compares the tuples itself; no weights are packed."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from(place.id for place in campaign.places)
    for road in campaign.roads:
        if road.road_class in kind.road_classes:
            exact = -(-road.length_m * 3600 // (road.speed_kmh * 1000))
            graph.add_edge(road.from_id, road.to_id, weight=exact * 10**12 + road.length_m)
    found = dict(nx.all_pairs_dijkstra_path_length(graph))
    return {
        a: {b: (int(far) // 10**12, int(far) % 10**12) for b, far in ends.items()}
        for a, ends in found.items()
    }


@pytest.mark.parametrize("seed", range(60))
def test_the_matrices_hold_the_fastest_then_shortest_ways(seed: int) -> None:
    campaign = _random_roads(seed)
    network = Network(campaign)
    for kind in campaign.vehicle_types:
        best = _best(campaign, kind)
        for a, b in product(network.places, repeat=2):
            seconds, metres = best[a].get(b, (None, None))
            assert (network.seconds(kind.id, a, b), network.metres(kind.id, a, b)) == (seconds, metres)


@pytest.mark.parametrize("seed", range(60))
def test_a_path_adds_up_to_the_matrices(seed: int) -> None:
    campaign = _random_roads(seed)
    network = Network(campaign)
    for a, b in product(network.places, repeat=2):
        way = network.path(_ANY, a, b)
        seconds = network.seconds(_ANY, a, b)
        if seconds is None:
            assert way == ()
            assert not network.is_joined(a, b)
            continue
        assert (way[0], way[-1]) == (a, b)
        assert len(set(way)) == len(way)
        roads = network.roads_along(way)
        assert [{road.from_id, road.to_id} for road in roads] == [set(pair) for pair in pairwise(way)]
        assert sum(map(road_seconds, roads)) == seconds
        assert sum(road.length_m for road in roads) == network.metres(_ANY, a, b)


def test_a_way_within_one_place_takes_no_time() -> None:
    network = Network(tiny_campaign())
    kind = tiny_campaign().vehicle_types[0].id
    assert network.seconds(kind, tiny.STATION, tiny.STATION) == 0
    assert network.path(kind, tiny.STATION, tiny.STATION) == (tiny.STATION,)


def test_seconds_are_rounded_up_stretch_by_stretch() -> None:
    assert road_seconds(_road("a", "b", 10, speed=36)) == 1
    assert road_seconds(_road("a", "b", 11, speed=36)) == 2
    assert road_seconds(_road("a", "b", 1, speed=120)) == 1
    network = Network(_campaign(3, [_road("n0", "n1", 11), _road("n1", "n2", 11)]))
    assert network.seconds(_ANY, PlaceId("n0"), PlaceId("n2")) == 4


def test_of_parallel_roads_the_quickest_counts_then_the_shortest_whatever_their_direction() -> None:
    roads = [
        _road("n0", "n1", 1_000, speed=36),
        _road("n1", "n0", 2_000, speed=72),
        _road("n1", "n0", 900, speed=30),
        _road("n0", "n1", 500, speed=10),
    ]
    for order in (roads, roads[::-1]):
        campaign = _campaign(2, order)
        network = Network(campaign)
        ends = PlaceId("n0"), PlaceId("n1")
        assert (network.seconds(_ANY, *ends), network.metres(_ANY, *ends)) == (100, 1_000)
        assert network.roads_along(network.path(_ANY, *ends)) == (roads[0],)
        assert build_graph(network.places, order).edges[ends]["road"] == roads[0]


def test_a_bad_road_is_open_to_those_who_may_use_it_only() -> None:
    roads = [_road("n0", "n1", 1_000, grade=RoadClass.GRADE4), _road("n1", "n2", 1_000)]
    network = Network(_campaign(4, roads))
    n0, n1, n2, n3 = (PlaceId(f"n{number}") for number in range(4))
    assert network.seconds(_ANY, n0, n2) == 200
    assert network.seconds(_BIG, n0, n2) is None
    assert network.metres(_BIG, n0, n2) is None
    assert network.path(_BIG, n0, n2) == ()
    assert network.seconds(_BIG, n2, n1) == 100
    assert network.is_joined(n0, n2)
    assert not network.is_joined(n0, n3)


def test_types_with_the_same_permission_share_a_matrix() -> None:
    campaign = tiny_campaign()
    twin = replace(campaign.vehicle_types[0], id=VehicleTypeId("twin"))
    network = Network(replace(campaign, vehicle_types=(*campaign.vehicle_types, twin)))
    assert network.matrices(twin.id) is network.matrices(campaign.vehicle_types[0].id)
    assert network.matrices(twin.id) is not network.matrices(campaign.vehicle_types[1].id)


def _cached(folder: Path) -> tuple[Path, bytes]:
    campaign = tiny_campaign()
    Network(campaign, cache=folder).matrices(campaign.vehicle_types[0].id)
    (file,) = folder.iterdir()
    return file, file.read_bytes()


def _agrees(folder: Path) -> bool:
    campaign = tiny_campaign()
    kind = campaign.vehicle_types[0].id
    found, right = Network(campaign, cache=folder).matrices(kind), Network(campaign).matrices(kind)
    pairs = ((found.seconds, right.seconds), (found.metres, right.metres), (found.before, right.before))
    return all(np.array_equal(a, b) for a, b in pairs)


def test_a_cached_matrix_is_read_back_and_believed(tmp_path: Path) -> None:
    file, _ = _cached(tmp_path)
    assert _agrees(tmp_path)
    with np.load(file) as stored:
        np.savez_compressed(
            file, seconds=stored["seconds"] + 7, metres=stored["metres"], before=stored["before"]
        )
    assert not _agrees(tmp_path)  # it was read, not made anew


@pytest.mark.parametrize("damage", ["empty", "text", "half", "flipped", "foreign", "folder"])
def test_a_damaged_cache_file_is_made_anew(tmp_path: Path, damage: str) -> None:
    file, good = _cached(tmp_path)
    if damage == "folder":
        file.unlink()
        file.mkdir()
        assert _agrees(tmp_path)
        return
    if damage == "foreign":
        with file.open("wb") as target:
            np.savez(target, seconds=np.zeros((2, 2)), metres=np.zeros((2, 2)), before=np.zeros((2, 2)))
    else:
        texts = {"empty": b"", "text": b"no archive", "half": good[: len(good) // 2]}
        middle = len(good) // 3
        flipped = good[:middle] + bytes([good[middle] ^ 0xFF]) + good[middle + 1 :]
        file.write_bytes(texts.get(damage, flipped))
    assert _agrees(tmp_path)
    assert _agrees(tmp_path)  # and the file is whole again
    assert file.stat().st_size > 100


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    assert _agrees(blocked)


def test_a_changed_road_is_never_read_from_the_old_cache(tmp_path: Path) -> None:
    campaign = tiny_campaign()
    kind = campaign.vehicle_types[0].id
    before = Network(campaign, cache=tmp_path).seconds(kind, tiny.DEPOT, tiny.STATION)
    slower = tuple(replace(road, speed_kmh=road.speed_kmh // 2) for road in campaign.roads)
    after = Network(replace(campaign, roads=slower), cache=tmp_path).seconds(kind, tiny.DEPOT, tiny.STATION)
    assert before is not None
    assert after is not None
    assert after > before
