"""The gate of the outreach: who counts, with what, and what the digest does not see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fixtures.making import fairday
from planner.candidates import build_candidates, count_seekers, find_peak
from planner.demand import campaign_digest
from planner.model.campaign import Campaign
from planner.model.jobs import SeekerId, Wish
from planner.model.outreach import Outreach
from planner.model.outreachlaw import FairRules
from planner.model.people import RegistrationId, Sex
from tests.builders import tiny_campaign

FAIRS = fairday.build()


def _with(**tables: object) -> Campaign:
    return replace(FAIRS, outreach=replace(FAIRS.outreach, **tables))


def test_wishes_are_joined_with_the_roster_and_groups_share_an_id() -> None:
    found = {person.id: person for person in build_candidates(FAIRS)}
    traveller = found[SeekerId("S001")]
    assert (traveller.village_id, traveller.age, traveller.sex) == (fairday.ZAOYUAN, 31, Sex.MALE)
    assert found[SeekerId("W1")].group == found[SeekerId("W2")].group == "W1"
    assert found[SeekerId("W3")].group == "W3"
    assert [*found] == sorted(found)


def test_children_and_people_of_nowhere_are_no_candidates() -> None:
    nobody = Wish(id=SeekerId("X1"))
    young = Wish(id=SeekerId("X2"), village_id=fairday.ZAOYUAN, age=15)
    campaign = _with(wishes=(nobody, young, *FAIRS.outreach.wishes))
    assert build_candidates(campaign) == build_candidates(FAIRS)
    grown = _with(wishes=(replace(young, age=16),))
    assert [one.id for one in build_candidates(grown)] == ["X2"]
    people = tuple(
        replace(person, birth=date(2011, 2, 17)) if person.id == "S001" else person
        for person in FAIRS.registrations
    )
    assert SeekerId("S001") not in {one.id for one in build_candidates(replace(FAIRS, registrations=people))}
    people = tuple(replace(person, child=person.id == "S001") for person in FAIRS.registrations)
    assert SeekerId("S001") not in {one.id for one in build_candidates(replace(FAIRS, registrations=people))}


def test_travellers_of_one_group_and_day_stay_together() -> None:
    people = tuple(replace(person, village_id=fairday.ZAOYUAN, group="甲") for person in FAIRS.registrations)
    wishes = tuple(Wish(id=SeekerId(person.id)) for person in people)
    campaign = replace(_with(wishes=wishes), registrations=people)
    assert [one.group for one in build_candidates(campaign)] == ["S001", "S001"]
    other_day = (people[0], replace(people[1], travel_date=date(2027, 2, 17)))
    apart = replace(campaign, registrations=other_day)
    assert [one.group for one in build_candidates(apart)] == ["S001", "S002"]


def test_seekers_are_counted_by_their_file_or_else_by_first_wishes() -> None:
    assert count_seekers(FAIRS)[fairday.ZHUSHAN] == {"制鞋": 30, "电子": 10}
    counted = count_seekers(_with(seekers=()))
    assert counted[fairday.ZAOYUAN] == {"电子": 3}
    assert counted[fairday.SONGPING] == {"": 1}


def test_the_peak_is_the_rules_or_the_day_on_which_most_travel() -> None:
    assert find_peak(FAIRS) == fairday.TRAVEL_DAY
    rules = replace(FAIRS.rules, fairs=FairRules())
    later = tuple(
        replace(person, travel_date=date(2027, 2, 20 + at)) for at, person in enumerate(FAIRS.registrations)
    )
    assert find_peak(replace(FAIRS, rules=rules, registrations=later)) == date(2027, 2, 20)
    assert find_peak(replace(FAIRS, rules=rules, registrations=())) is None


def test_names_phones_and_results_leave_the_digest_as_it_is() -> None:
    squads = tuple(
        replace(squad, name="x", leader="y", leader_phone="", members=()) for squad in FAIRS.outreach.squads
    )
    brokers = tuple(replace(broker, name="", phone="") for broker in FAIRS.outreach.brokers)
    changed = _with(squads=squads, brokers=brokers, results=())
    assert campaign_digest(changed) == campaign_digest(FAIRS)
    locks = tuple(replace(lock, who="x", why="y") for lock in FAIRS.locks)
    assert campaign_digest(replace(FAIRS, locks=locks)) == campaign_digest(FAIRS)


@pytest.mark.parametrize(
    "table",
    [
        "venues",
        "resources",
        "exhibitors",
        "fairs",
        "seekers",
        "squads",
        "visits",
        "brokers",
        "posts",
        "wishes",
    ],
)
def test_every_table_that_planning_sees_is_in_the_digest(table: str) -> None:
    fewer = _with(**{table: getattr(FAIRS.outreach, table)[1:]})
    assert campaign_digest(fewer) != campaign_digest(FAIRS)
    assert campaign_digest(replace(FAIRS, locks=())) != campaign_digest(FAIRS)


def test_rules_of_fairs_count_only_where_there_are_any() -> None:
    assert not Outreach()
    tiny = tiny_campaign()
    idle = replace(tiny, rules=replace(tiny.rules, fairs=FairRules(gap_days=9)))
    assert campaign_digest(idle) == campaign_digest(tiny)
    busy = replace(FAIRS, rules=replace(FAIRS.rules, fairs=FairRules(gap_days=9)))
    assert campaign_digest(busy) != campaign_digest(FAIRS)


def test_rows_in_any_order_are_the_same_campaign() -> None:
    tables = {name: getattr(FAIRS.outreach, name)[::-1] for name in Outreach.__slots__}
    turned = replace(FAIRS, outreach=Outreach(**tables))
    assert turned == FAIRS
    other = replace(FAIRS.locks[0], day=date(2027, 1, 15))
    both = replace(FAIRS, locks=(FAIRS.locks[0], other))
    assert replace(FAIRS, locks=(other, FAIRS.locks[0])) == both
    assert RegistrationId("S001") in {person.id for person in turned.registrations}
