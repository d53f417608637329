"""The roads between a district's places, and which squads can make a visit at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from planner.model.places import PlaceKind
from planner.stages.tourclock import MINUTE_S
from planner.stages.tourhours import normal_hours, service_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.model.campaign import Campaign
    from planner.model.fleet import VehicleTypeId
    from planner.model.places import PlaceId
    from planner.model.tours import Squad, VisitNeed
    from planner.network import Network
    from planner.solvers.routing.program import Ints
    from planner.touring import District

UNREACHABLE: Final = -1
_COUNTY_DIGITS: Final = 6


class Bar(StrEnum):
    """Why a squad can never make a visit, most fundamental first."""

    ROAD = "road"
    SKILL = "skill"
    """Or no recruiter of the firm rides along."""
    FAR = "far"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """Seconds and metres between ``places`` by vehicle type; ``lodges`` are rows where one may stay."""

    places: tuple[PlaceId, ...]
    types: tuple[VehicleTypeId, ...]
    seconds: tuple[Ints, ...]
    metres: tuple[Ints, ...]
    lodges: tuple[int, ...]
    drive_s: int
    """Most at the wheel in a day."""
    rows: Mapping[PlaceId, int]

    def node(self, place: PlaceId) -> int:
        """Row of a place."""
        return self.rows[place]

    def profile(self, squad: Squad) -> int:
        """Which matrices are those of a squad's vehicle."""
        return self.types.index(squad.vehicle_type_id)

    def there_and_back_s(self, squad: Squad, village: PlaceId) -> int | None:
        """Seconds at the wheel for one village alone; None where no road leads there and back."""
        seconds = self.seconds[self.profile(squad)]
        base, there = self.node(squad.base_id), self.node(village)
        out, back = int(seconds[base, there]), int(seconds[there, base])
        return None if UNREACHABLE in {out, back} else out + back

    def bar(self, squad: Squad, need: VisitNeed) -> Bar | None:
        """The first thing that keeps a squad from ever making a visit; who may stay out is never too far."""
        drive_s = self.there_and_back_s(squad, need.village_id)
        if drive_s is None:
            return Bar.ROAD
        if not suits(squad, need):
            return Bar.SKILL
        begins, ends = normal_hours(squad)
        too_far = drive_s > self.drive_s or drive_s + service_s(need) > ends - begins
        return Bar.FAR if too_far and not squad.overnight else None


def suits(squad: Squad, need: VisitNeed) -> bool:
    """Whether the squad has the skill asked for and a recruiter of the firm."""
    skilled = not need.skill or need.skill in squad.skills
    return skilled and (need.exhibitor is None or need.exhibitor in squad.exhibitors)


def find_ways(campaign: Campaign, network: Network, *, district: District) -> Ways:
    """Look up bases, villages and, where somebody may stay out, the seats of the villages' townships."""
    villages = {need.village_id for need in district.needs}
    wanted = villages | {squad.base_id for squad in district.squads}
    overnight = any(squad.overnight for squad in district.squads)
    seats = _seats(campaign, villages if overnight else set())
    places = tuple(sorted(wanted | seats))
    types = tuple(sorted({squad.vehicle_type_id for squad in district.squads}))
    found = [network.between(kind, places) for kind in types]
    return Ways(
        places=places,
        types=types,
        seconds=tuple(seconds for seconds, _ in found),
        metres=tuple(metres for _, metres in found),
        lodges=tuple(row for row, place in enumerate(places) if place in seats),
        drive_s=campaign.rules.tours.drive_min * MINUTE_S,
        rows={place: row for row, place in enumerate(places)},
    )


def _seats(campaign: Campaign, villages: set[PlaceId]) -> set[PlaceId]:
    """Seats of the townships that the villages belong to; of places of one name that whose code they bear."""
    names = {(place.township, place.id[:_COUNTY_DIGITS]) for place in campaign.places if place.id in villages}
    townships = {name for name, _ in names}
    return {
        place.id
        for place in campaign.places
        if place.kind is PlaceKind.TOWNSHIP
        and (
            (place.township or place.name, place.id[:_COUNTY_DIGITS]) in names
            or (not place.id.isdecimal() and (place.township or place.name) in townships)
        )
    }
