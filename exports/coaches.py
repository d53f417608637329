"""A trunk coach as its papers need it: vehicle, drivers, captain, contract; blanks where nobody knows yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exports.dates import say_clock, say_day
from exports.dossier import Contact
from exports.views import BLANK_SIGN, Fact
from planner.model.campaign import Direction
from planner.model.papers import Contract

if TYPE_CHECKING:
    from exports.dossier import Dossier
    from planner.model.fleet import Crew, Departure, VehicleType
    from planner.model.people import Registration
    from planner.model.places import Employer
    from planner.model.trunk import TrunkRun

_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Coach:
    """A departure of a coach with what is known of who drives it; ``kind`` None where no run was planned."""

    departure: Departure
    run: TrunkRun | None
    kind: VehicleType | None
    crew: Crew | None
    drivers: tuple[Contact, ...]
    """One for each driver, at least one; empty contacts are to be written in."""
    captains: tuple[Registration, ...]
    contract: Contract
    employer: Employer | None
    """Who receives them, where the coach goes to a gate."""

    @property
    def captain(self) -> Contact:
        """Who leads on board."""
        if not self.captains:
            return Contact()
        return Contact(name=self.captains[0].name, phone=self.captains[0].phone)


def read_coach(dossier: Dossier, departure: Departure) -> Coach:
    """Bring together what a campaign and a plan say of one coach."""
    run = dossier.trunk_runs.get(departure.id)
    contracts = {each.departure_id: each for each in dossier.campaign.contracts}
    wanted = (departure.calls[-1].destination_id, departure.employer)
    employers = {(each.destination_id, each.name): each for each in dossier.campaign.employers}
    return Coach(
        departure=departure,
        run=run,
        kind=None if run is None else dossier.vehicle_type(run.vehicle_id),
        crew=None if run is None else dossier.crew(run.vehicle_id),
        drivers=_find_drivers(dossier, run),
        captains=find_captains(dossier, departure),
        contract=contracts.get(departure.id) or Contract(departure_id=departure.id),
        employer=employers.get(wanted),
    )


def find_captains(
    dossier: Dossier, departure: Departure, *, carriage: int | None = None
) -> tuple[Registration, ...]:
    """Find who leads a coach or carriage, who leads all of it first; as registered where nobody is named."""
    riders = {person.id: person for _, person in dossier.riders(departure.id)}
    named = [
        each
        for each in dossier.plan.captains
        if each.departure_id == departure.id
        and each.registration_id in riders
        and carriage in (None, each.carriage)
    ]
    if named or carriage is not None:
        ids = dict.fromkeys(each.registration_id for each in sorted(named, key=lambda each: each.employer))
        return tuple(riders[person] for person in ids)
    return tuple(person for person in riders.values() if person.captain)


def _find_drivers(dossier: Dossier, run: TrunkRun | None) -> tuple[Contact, ...]:
    """Names from drivers.csv; else the vehicle's own driver first; else blanks."""
    if run is None:
        return (Contact(), Contact())
    known = {driver.id: Contact(name=driver.name, phone=driver.phone) for driver in dossier.campaign.drivers}
    drivers = [known.get(driver, Contact()) for driver in run.drivers] or [Contact()]
    crew = dossier.crew(run.vehicle_id)
    if not any(driver.name for driver in drivers):
        drivers[0] = Contact(name=crew.driver_name, phone=crew.driver_phone)
    return tuple(drivers)


def build_coach_facts(dossier: Dossier, coach: Coach) -> tuple[Fact, ...]:
    """Build the band under the head of a coach's papers; what is not known is left to be written in."""
    word, campaign, departure = dossier.word, dossier.campaign, coach.departure
    leaves_s, _ = coach_times(dossier, departure)
    opens_s = leaves_s - campaign.rules.boarding_min(departure.mode) * 60
    heads, ends = len(dossier.riders(departure.id)), _say_ends(dossier, coach)
    first, *others = coach.drivers
    second = dossier.word("sheet.departure.and").join(driver.line for driver in others if driver.line)
    values = (
        ("date", say_day(campaign.to_datetime(leaves_s).date(), locale=dossier.locale), False),
        ("coach_leaves", say_clock(leaves_s), True),
        ("coach_from", ends[0], False),
        ("coach_to", _say_arrival(dossier, coach, to=ends[1]), True),
        ("vehicle", _say_vehicle(dossier, coach), False),
        ("heads", word("sheet.heads_of", heads=heads, seats=departure.quota), True),
        ("driver1", first.line, False),
        ("driver2", second if others else word("sheet.coach.one_driver"), False),
        ("captain", coach.captain.line, False),
        ("opens", word("sheet.coach.opens", time=say_clock(opens_s)), False),
        ("contract", coach.contract.contract_no, False),
        ("plate_no", coach.contract.plate_no, False),
    )
    return tuple(
        Fact(label=word(f"sheet.fact.{name}"), value=value, strong=strong) for name, value, strong in values
    )


def coach_times(dossier: Dossier, departure: Departure) -> tuple[int, int]:
    """Give when a coach leaves with people and when the last are there; going home it leaves the city."""
    to_seconds = dossier.campaign.to_seconds
    calls = [to_seconds(call.arrives) for call in departure.calls]
    if dossier.campaign.direction is Direction.HOME:
        return min(calls), to_seconds(departure.departs)
    return to_seconds(departure.departs), max(calls)


def _say_ends(dossier: Dossier, coach: Coach) -> tuple[str, str]:
    """Name where people board and where they get off."""
    origin = dossier.places[coach.departure.origin_id]
    county = _say_spot(origin.name, origin.gather)
    gate = coach.employer.gate if coach.employer else ""
    city = f"{say_target(dossier, coach.departure)} {gate}".strip()
    return (city, county) if dossier.campaign.direction is Direction.HOME else (county, city)


def say_target(dossier: Dossier, departure: Departure) -> str:
    """Name where a departure goes: the cities it calls at, and the firm to whose gate it goes."""
    calls = sorted(departure.calls, key=lambda call: call.arrives)
    cities = dossier.word("sheet.departure.and").join(
        dossier.destination_name(call.destination_id) for call in calls
    )
    return (
        departure.employer
        if departure.employer.startswith(cities)
        else f"{cities} {departure.employer}".strip()
    )


def _say_arrival(dossier: Dossier, coach: Coach, *, to: str) -> str:
    """When and where they get off; of a round trip also when they leave again."""
    leaves_s, arrives_s = coach_times(dossier, coach.departure)
    days = arrives_s // _DAY_S - leaves_s // _DAY_S
    key = f"sheet.coach.{('arrives', 'arrives_next', 'arrives_later')[min(days, 2)]}"
    said = dossier.word(key, time=say_clock(arrives_s), days=days, to=to)
    if dossier.campaign.direction is not Direction.ROUND or coach.run is None or not coach.run.back:
        return said
    return dossier.word("home.coach.returns", arrives=said, time=say_clock(coach.run.back[0].start_s))


def _say_vehicle(dossier: Dossier, coach: Coach) -> str:
    if coach.run is None or coach.kind is None or coach.crew is None:
        return ""
    return dossier.word(
        "sheet.vehicle" if coach.crew.plate else "sheet.vehicle_unnamed",
        plate=coach.crew.plate or coach.run.vehicle_id,
        seats=coach.kind.rated_seats,
        blank=BLANK_SIGN,
    )


def _say_spot(name: str, gather: str) -> str:
    return gather if gather.startswith(name) else f"{name} {gather}".strip()
