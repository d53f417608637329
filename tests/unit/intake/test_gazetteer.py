from __future__ import annotations

from pathlib import Path

import pytest

from planner.intake.codes import Code
from planner.intake.folder import load_campaign
from planner.intake.gazetteer import DestinationFinder, Gazetteer
from planner.model.places import PlaceId, PlaceKind
from tests.unit.intake.sample import (
    LONGSHAN,
    LONGSHAN_TOWN,
    SHIJIANG,
    YANLONG,
    ZHUSHI,
    sample_campaign,
    village,
)

FIXTURES = Path(__file__).parents[3] / "fixtures"
CAMPAIGN = sample_campaign()
VILLAGES = Gazetteer(CAMPAIGN.places)
DESTINATIONS = DestinationFinder(CAMPAIGN.destinations)


@pytest.mark.parametrize(
    ("name", "township", "found"),
    [
        ("红旗村", "竹市镇", ZHUSHI),
        ("红旗村", "石江镇", SHIJIANG),
        ("红旗", "竹市", ZHUSHI),
        ("红旗村委会", "竹市镇", ZHUSHI),
        ("红旗村民委员会", "竹市镇", ZHUSHI),
        ("紅旗村", "竹市鎮", ZHUSHI),
        ("红 旗 村", "洞口县竹市镇", ZHUSHI),
        ("红旗村3组", "竹市镇", ZHUSHI),
        ("竹市镇红旗村", "", ZHUSHI),
        ("竹市红旗村", "", ZHUSHI),
        ("竹市镇红旗村", "竹市镇", ZHUSHI),
        ("湖南省邵阳市洞口县竹市镇红旗村第三村民小组12号", "", ZHUSHI),
        ("洞口县岩龙村", "", YANLONG),
        ("大屋岩龙", "", YANLONG),
        ("岩龙", "大屋乡", YANLONG),
        ("老岩龙", "", YANLONG),
        ("竹市镇红旗村老屋院子", "", ZHUSHI),
        ("龙山村", "", LONGSHAN),
        ("龙山社区", "", LONGSHAN_TOWN),
        ("龙山居委会", "", LONGSHAN_TOWN),
        ("龙山社区居民委员会", "文昌街道办事处", LONGSHAN_TOWN),
        ("430525107201", "", ZHUSHI),
        ("４３０５２５１０７２０１", "竹市镇", ZHUSHI),
    ],
)
def test_villages_as_people_write_them(name: str, township: str, found: PlaceId) -> None:
    match = VILLAGES.find_village(name, township)
    assert (match.id, match.code) == (found, None)


@pytest.mark.parametrize(
    ("name", "township", "code", "candidates"),
    [
        ("", "竹市镇", Code.VILLAGE_MISSING, ()),
        ("红旗村", "", Code.VILLAGE_AMBIGUOUS, ("石江镇红旗村", "竹市镇红旗村")),
        ("洞口县红旗村", "", Code.VILLAGE_AMBIGUOUS, ("石江镇红旗村", "竹市镇红旗村")),
        ("龙山", "", Code.VILLAGE_AMBIGUOUS, ("文昌街道龙山社区", "高沙镇龙山村")),
        ("红旗村", "高沙镇", Code.VILLAGE_OTHER_TOWNSHIP, ("石江镇红旗村", "竹市镇红旗村")),
        ("石江镇红旗村", "竹市镇", Code.VILLAGE_OTHER_TOWNSHIP, ("石江镇红旗村",)),
        ("430525107201", "石江镇", Code.VILLAGE_OTHER_TOWNSHIP, ("竹市镇红旗村",)),
        ("红棋村", "竹市镇", Code.VILLAGE_UNKNOWN, ("竹市镇红旗村",)),
        ("桃花源", "", Code.VILLAGE_UNKNOWN, ()),
        ("红旗村", "竹司镇", Code.TOWNSHIP_UNKNOWN, ("竹市镇",)),
        ("430525999999", "", Code.VILLAGE_UNKNOWN, ()),
    ],
)
def test_what_is_not_certain_is_never_chosen(
    name: str, township: str, code: Code, candidates: tuple[str, ...]
) -> None:
    match = VILLAGES.find_village(name, township)
    assert (match.id, match.code, match.candidates) == ("", code, candidates)


def test_a_village_that_became_a_community_is_taken_with_a_word() -> None:
    match = VILLAGES.find_village("龙山村", "文昌街道")
    assert (match.id, match.code) == (LONGSHAN_TOWN, Code.VILLAGE_OTHER_KIND)


def test_two_villages_of_one_name_in_one_township_stay_ambiguous() -> None:
    twin = village(PlaceId("430525107299"), "红旗村", township="竹市镇")
    match = Gazetteer([*CAMPAIGN.places, twin]).find_village("红旗村", "竹市镇")
    assert (match.id, match.code) == ("", Code.VILLAGE_AMBIGUOUS)


@pytest.mark.parametrize(
    "name", ["广州", "广州市", "广东省广州市", "廣州", "广州南", "广州南站", " 广州 ", "gz"]
)
def test_destinations_as_people_write_them(name: str) -> None:
    match = DESTINATIONS.find_destination(name)
    assert (match.id, match.code) == ("gz", None)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", Code.DESTINATION_MISSING),
        ("广州北", Code.DESTINATION_UNKNOWN),
        ("东莞", Code.DESTINATION_UNKNOWN),
    ],
)
def test_destinations_are_not_guessed(name: str, code: Code) -> None:
    match = DESTINATIONS.find_destination(name)
    assert (match.id, match.code) == ("", code)


@pytest.mark.parametrize("name", ["dongkou", "longhui"])
def test_real_villages_are_found_or_ambiguous_never_mistaken(name: str) -> None:
    campaign, _ = load_campaign(FIXTURES / name)
    assert campaign is not None
    gazetteer = Gazetteer(campaign.places)
    for place in campaign.places:
        if place.kind is not PlaceKind.VILLAGE:
            continue
        stem = place.name.removesuffix("村").removesuffix("社区")
        for written, township in (
            (place.name, place.township),
            (stem, place.township),
            (f"{place.township}{place.name}", ""),
            (f"某某县{place.township}{place.name}6组", ""),
            (f"{stem}居委会", place.township),
        ):
            assert gazetteer.find_village(written, township).id == place.id
        alone = gazetteer.find_village(stem)
        assert alone.id in {place.id, ""}
        assert (alone.code is None) == (alone.id == place.id)
