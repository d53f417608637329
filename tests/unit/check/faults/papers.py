"""Faults of contracts and papers, and of what somebody allows against the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from planner.model.fleet import DepartureId
from planner.model.papers import Override
from planner.model.places import Scope
from tests.unit.check.county import COACH, DAY_1, DAY_2, DIRECT
from tests.unit.check.faults.table import plants, with_campaign, written
from tests.unit.check.good_plan import good_draft

if TYPE_CHECKING:
    from tests.unit.check.faults.table import Broken
    from tests.unit.check.good_plan import Draft

EXPIRED = date(2027, 2, 13)


def with_contract(draft: Draft, coach: DepartureId = DIRECT, **changes: Any) -> Draft:
    """Change the contract of one coach."""
    contracts = draft.campaign.contracts
    contracts = tuple(
        replace(entry, **changes) if entry.departure_id == coach else entry for entry in contracts
    )
    return with_campaign(draft, contracts=contracts)


def with_crew(draft: Draft, **changes: Any) -> Draft:
    """Change the papers of the coach that makes both runs."""
    crews = draft.campaign.crews
    crews = tuple(replace(crew, **changes) if crew.vehicle_id == "t53#01" else crew for crew in crews)
    return with_campaign(draft, crews=crews)


def with_driver(draft: Draft, **changes: Any) -> Draft:
    """Change the papers of the first driver."""
    first, *others = draft.campaign.drivers
    return with_campaign(draft, drivers=(replace(first, **changes), *others))


def with_override(draft: Draft, rule: str, *, item: str = "*", until: date = DAY_2) -> Draft:
    """Let somebody allow something."""
    allowed = Override(rule=rule, item=item, who="王主任", why="试验", until=until)
    return with_campaign(draft, overrides=(*draft.campaign.overrides, allowed))


def _contract(coach: DepartureId = DIRECT, **changes: Any) -> Broken:
    return written(with_contract(good_draft(), coach, **changes))


@plants("paper.contract")
def coach_without_a_contract() -> Broken:
    draft = good_draft()
    contracts = tuple(entry for entry in draft.campaign.contracts if entry.departure_id != DIRECT)
    return written(with_campaign(draft, contracts=contracts))


@plants("paper.contract")
def contract_without_a_number() -> Broken:
    return _contract(contract_no="")


@plants("paper.contract")
def contract_of_a_given_coach_without_a_number() -> Broken:
    return _contract(COACH, contract_no="")


@plants("paper.contract")
def contract_not_signed() -> Broken:
    return _contract(signed=None)


@plants("paper.contract")
def contract_signed_when_they_were_gone() -> Broken:
    return _contract(signed=DAY_2)


@plants("paper.plate")
def plate_not_issued() -> Broken:
    return _contract(plate_no="")


@plants("paper.plate")
def plate_without_an_operator() -> Broken:
    draft = good_draft()
    fleet = tuple(replace(group, operator="") for group in draft.campaign.fleet)
    return written(with_campaign(draft, fleet=fleet))


@plants("paper.plate")
def coach_without_a_number_plate() -> Broken:
    return written(with_crew(good_draft(), plate=""))


@plants("paper.plate")
def coach_that_nobody_has_seen() -> Broken:
    return written(with_campaign(good_draft(), crews=()))


@plants("paper.plate")
def coach_of_an_unknown_home() -> Broken:
    return written(with_crew(good_draft(), registered=""))


@plants("paper.plate")
def county_without_a_name() -> Broken:
    return written(with_campaign(good_draft(), county=""))


@plants("paper.plate")
def driver_without_a_name() -> Broken:
    return written(with_driver(good_draft(), name=""))


@plants("paper.plate")
def drivers_whom_nobody_has_named() -> Broken:
    return written(with_campaign(good_draft(), drivers=()))


@plants("paper.heads")
def more_people_than_signed_for() -> Broken:
    return _contract(signed_heads=8)


@plants("paper.heads")
def more_people_than_signed_for_a_given_coach() -> Broken:
    return _contract(COACH, signed_heads=1)


@plants("charter.home")
def coach_from_elsewhere() -> Broken:
    return written(with_crew(good_draft(), registered="凯里"))


@plants("paper.filing")
def charter_not_filed() -> Broken:
    return _contract(filing_no="")


@plants("paper.scope")
def licence_for_the_province_only() -> Broken:
    return written(with_crew(good_draft(), scope=Scope.INTER_CITY))


@plants("paper.scope")
def licence_not_seen() -> Broken:
    return written(with_crew(good_draft(), scope=None))


@plants("paper.insurance")
def insurance_run_out() -> Broken:
    return written(with_crew(good_draft(), insured_until=EXPIRED))


@plants("paper.insurance")
def insurance_not_seen() -> Broken:
    return written(with_crew(good_draft(), insured_until=None))


@plants("paper.briefing")
def nobody_prepared_the_notice() -> Broken:
    return _contract(briefed=False)


@plants("paper.departure")
def inspection_run_out_on_the_second_day() -> Broken:
    return written(with_crew(good_draft(), inspected_until=DAY_1))


@plants("paper.departure")
def inspection_not_seen() -> Broken:
    return written(with_crew(good_draft(), inspected_until=None))


@plants("paper.departure")
def driver_no_longer_qualified() -> Broken:
    return written(with_driver(good_draft(), qualified_until=EXPIRED))


@plants("paper.departure")
def list_not_gone_through() -> Broken:
    return _contract(departed_checks=False)


@plants("paper.stray")
def contract_of_a_coach_that_is_not_there() -> Broken:
    draft = good_draft()
    stray = replace(draft.campaign.contracts[0], departure_id=DepartureId("foshan-0214-01"))
    return written(with_campaign(draft, contracts=(*draft.campaign.contracts, stray)))


@plants("override.unknown")
def rule_that_there_is_not() -> Broken:
    return written(with_override(good_draft(), "trunk.lest"))


@plants("override.hard")
def hours_allowed_by_somebody() -> Broken:
    return written(with_override(good_draft(), "driving.daily", item=DIRECT))


@plants("override.expired")
def allowed_until_the_day_before() -> Broken:
    return written(with_override(good_draft(), "trunk.least", item=DIRECT, until=EXPIRED))


@plants("override.expired")
def allowed_for_all_until_before_it_began() -> Broken:
    return written(with_override(good_draft(), "charter.home", until=EXPIRED))


@plants("override.expired")
def allowed_for_somebody_until_before_the_last_day() -> Broken:
    return written(with_override(good_draft(), "trunk.least", item="p01", until=DAY_1))
