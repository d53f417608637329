"""The papers of charter coaches (domain C1-C9): planned coaches, and coaches of the campaign with riders.

Papers come after the plan, so these rules bind when it is issued; where a coach is at home binds always. Of
a coach that the campaign brought along no vehicle is known: what hangs on the vehicle is passed over.
What is missing is named by its file and column, the same in every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from planner.check.case import travel_day
from planner.check.coaches import count_heads
from planner.check.rule import Finding, Rule
from planner.errors import Severity
from planner.model.fleet import Mode
from planner.model.places import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.check.case import Case
    from planner.check.haul import Haul
    from planner.errors import Arg
    from planner.model.fleet import Crew, Departure, Driver
    from planner.model.papers import Contract

_DAY_S: Final = 24 * 3600
_REACH: Final = tuple(Scope)
_NOTHING: Final = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Charter:
    """One charter with its papers; None where there is none or the vehicle is not known."""

    departure: Departure
    contract: Contract | None
    haul: Haul | None
    crew: Crew | None
    drivers: tuple[Driver, ...]
    """Those of the run whom the campaign knows."""
    heads: int
    scope: Scope

    def finding(self, **figures: Arg) -> Finding:
        """Say something about it."""
        return Finding(self.departure.id, {"departure": self.departure.number, **figures})


def find_missing_contracts(case: Case) -> Iterator[Finding]:
    """Require that the charter contract is signed, by the day of the trip at the latest (domain C1)."""
    for charter in _charters(case):
        contract, day = charter.contract, travel_day(charter.departure)
        if contract is None or not contract.contract_no or contract.signed is None or contract.signed > day:
            number = contract.contract_no if contract is not None and contract.contract_no else _NOTHING
            signed = None if contract is None else contract.signed
            yield charter.finding(
                number=number,
                signed=_NOTHING if signed is None else signed.isoformat(),
                day=day.isoformat(),
            )


def find_incomplete_plates(case: Case) -> Iterator[Finding]:
    """Require that all is known that stands on the 包车客运标志牌 of the coach (domain C2)."""
    for charter in _charters(case):
        missing = [*_missing_of_plate(case, charter)]
        if missing:
            yield charter.finding(missing=", ".join(missing))


def find_heads_outside(case: Case) -> Iterator[Finding]:
    """Require that nobody rides whom the contract does not name (domain C3)."""
    for charter in _charters(case):
        signed = charter.heads if charter.contract is None else charter.contract.signed_heads
        if charter.heads > signed:
            yield charter.finding(people=charter.heads, limit=signed, over=charter.heads - signed)


def find_strange_homes(case: Case) -> Iterator[Finding]:
    """Require that one end of the line is where the coach is registered, or the authority ordered it (C4)."""
    names = {entry.id: (entry.name, *entry.aliases) for entry in case.campaign.destinations}
    for charter in _charters(case):
        registered = "" if charter.crew is None else charter.crew.registered
        ends = {name for call in charter.departure.calls for name in names.get(call.destination_id, ())}
        ordered = charter.contract is not None and charter.contract.emergency_order
        home = case.campaign.county
        if registered and home and registered not in {home, *ends} and not ordered:
            yield charter.finding(vehicle=_vehicle(charter), place=registered, right=home)


def find_unfiled(case: Case) -> Iterator[Finding]:
    """Require that a charter to another province is filed in the ministry's system (domain C5)."""
    for charter in _charters(case):
        contract = charter.contract
        if charter.scope is Scope.INTER_PROVINCE and contract is not None and not contract.filing_no:
            yield charter.finding(missing="charters.csv filing_no")


def find_narrow_scopes(case: Case) -> Iterator[Finding]:
    """Require that the operator's licence reaches as far as the trip (domain C6)."""
    for charter in _charters(case):
        if charter.crew is None:
            continue
        scope = charter.crew.scope
        if scope is None or _REACH.index(scope) < _REACH.index(charter.scope):
            figures: dict[str, Arg] = {"scope": _NOTHING if scope is None else scope.value}
            yield charter.finding(vehicle=_vehicle(charter), **figures, right=charter.scope.value)


def find_uninsured(case: Case) -> Iterator[Finding]:
    """Require that the carrier's liability insurance lasts until the coach is home again (domain C7)."""
    for charter in _charters(case):
        if charter.crew is not None and _is_over(case, charter, until=charter.crew.insured_until):
            until = charter.crew.insured_until
            shown = _NOTHING if until is None else until.isoformat()
            yield charter.finding(vehicle=_vehicle(charter), until=shown)


def find_unbriefed(case: Case) -> Iterator[Finding]:
    """Require that the spoken safety notice is prepared (domain C8)."""
    for charter in _charters(case):
        if charter.contract is not None and not charter.contract.briefed:
            yield charter.finding(missing="charters.csv briefed")


def find_unfit(case: Case) -> Iterator[Finding]:
    """Require that coach and drivers may leave: inspected, qualified, gone through (六不出站: domain C9)."""
    for charter in _charters(case):
        missing = [*_unfit(case, charter)]
        if missing:
            yield charter.finding(missing=", ".join(missing))


def find_stray(case: Case) -> Iterator[Finding]:
    """Require that a row of ``charters.csv`` is of a departure that there is: else its papers count for none.

    A plan made anew may number its coaches anew.
    """
    for contract in case.campaign.contracts:
        if contract.departure_id not in case.departures:
            name = contract.departure_id
            yield Finding(name, {"departure": name, "number": contract.contract_no or _NOTHING})


def _charters(case: Case) -> Iterator[_Charter]:
    campaign, heads = case.campaign, count_heads(case)
    contracts = {contract.departure_id: contract for contract in campaign.contracts}
    crews = {crew.vehicle_id: crew for crew in campaign.crews}
    drivers = {driver.id: driver for driver in campaign.drivers}
    hauls = {haul.item: haul for haul in case.hauls}
    given = [entry for entry in campaign.departures if heads[entry.id]]
    for departure in (*case.plan.departures, *given):
        if departure.mode is not Mode.COACH:
            continue
        haul = hauls.get(departure.id)
        named = () if haul is None else haul.run.drivers
        yield _Charter(
            departure=departure,
            contract=contracts.get(departure.id),
            haul=haul,
            crew=None if haul is None else crews.get(haul.run.vehicle_id),
            drivers=tuple(drivers[driver] for driver in named if driver in drivers),
            heads=heads[departure.id],
            scope=_scope(case, departure),
        )


def _scope(case: Case, departure: Departure) -> Scope:
    """How far a line leads in law; of several calls the furthest."""
    scopes = {entry.id: entry.scope for entry in case.campaign.destinations}
    reached = [scopes.get(call.destination_id, Scope.COUNTY) for call in departure.calls]
    return max(reached, key=_REACH.index, default=Scope.COUNTY)


def _missing_of_plate(case: Case, charter: _Charter) -> Iterator[str]:
    """What stands on the plate and is not known; without a contract that is ``paper.contract``'s matter."""
    if charter.contract is not None and not charter.contract.plate_no:
        yield "charters.csv plate_no"
    if charter.haul is None or charter.haul.group is None:
        return
    if not charter.haul.group.operator:
        yield "fleet.csv operator"
    if not case.campaign.county:
        yield "campaign.toml county"
    if charter.crew is None:
        yield f"vehicles.csv {charter.haul.run.vehicle_id}"
    else:
        known = {"plate": charter.crew.plate, "registered": charter.crew.registered}
        yield from (f"vehicles.csv {column}" for column, value in known.items() if not value)
    if not all(driver.name for driver in charter.drivers) or not charter.drivers:
        yield "drivers.csv name"


def _unfit(case: Case, charter: _Charter) -> Iterator[str]:
    if charter.contract is not None and not charter.contract.departed_checks:
        yield "charters.csv departed_checks"
    if charter.crew is not None and _is_over(case, charter, until=charter.crew.inspected_until):
        yield f"vehicles.csv inspected_until {charter.crew.inspected_until or ''}".rstrip()
    for driver in charter.drivers:
        if _is_over(case, charter, until=driver.qualified_until):
            yield f"drivers.csv qualified_until {driver.id} {driver.qualified_until or ''}".rstrip()


def _is_over(case: Case, charter: _Charter, *, until: date | None) -> bool:
    """Whether a paper has run out before the coach is home, or was never seen."""
    if until is None:
        return True
    last = travel_day(charter.departure).toordinal()
    if charter.haul is not None and charter.haul.all_movements:
        last = max(last, case.campaign.first_day.toordinal() + charter.haul.run.end_s // _DAY_S)
    return until.toordinal() < last


def _vehicle(charter: _Charter) -> str:
    if charter.crew is None:
        return _NOTHING
    return charter.crew.plate or charter.crew.vehicle_id


_LAW: Final = "道路旅客运输及客运站管理规定"
_paper = partial(Rule, for_issue=True, whole=True)

RULES: Final = (
    _paper("paper.contract", f"{_LAW} 第57条; 道路运输条例 第19条", find_missing_contracts),
    _paper("paper.plate", f"{_LAW} 第57条、附件11 包车客运标志牌", find_incomplete_plates),
    _paper("paper.heads", f"{_LAW} 第57条 不得招揽包车合同外的旅客", find_heads_outside, whole=False),
    Rule(
        "charter.home",
        f"{_LAW}(2012年修正) 包车线路一端须在车籍所在地",
        find_strange_homes,
        waivable=True,
        whole=True,
    ),
    _paper("paper.filing", f"{_LAW}(2012年修正) 省际包车备案", find_unfiled),
    _paper("paper.scope", f"{_LAW} 第3条", find_narrow_scopes),
    _paper("paper.insurance", "道路运输条例 第35条", find_uninsured),
    _paper("paper.briefing", "道路客运安全告知制度", find_unbriefed),
    _paper("paper.departure", "汽车客运站“六不出站”", find_unfit),
    _paper("paper.stray", "", find_stray, Severity.WARNING),
)
