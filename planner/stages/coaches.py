"""What a coach of a type does on a corridor: when it leaves, how it is driven, when it is home, at what cost.

Nothing here depends on the day: hours count from the midnight before it leaves. A run that cannot be driven
lawfully within the county's hours is refused with the rule, the latest lawful start and what would help.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from planner.driving import DAY_S, DrivingLimit, Journey, Refusal, drive, find_latest_start
from planner.mirror import mirror_movements
from planner.model.campaign import Direction
from planner.model.fleet import Service
from planner.refusal import Refused

if TYPE_CHECKING:
    from datetime import time

    from planner.model.campaign import Campaign
    from planner.model.fleet import VehicleType, VehicleTypeId
    from planner.model.law import TrunkRules
    from planner.model.places import Corridor, DestinationId, PlaceId, Stretch
    from planner.model.trunk import Movement

_STEP_S: Final = 300
"""Between two starts of the way back that are tried."""
_SOONER_S: Final = 1_800
"""Between two starts from which a coach might be home a day sooner."""
_LONGEST_AWAY_S: Final = 3 * DAY_S
_MOST_DRIVERS: Final = 4
"""No larger crew is recommended."""
_ROW: Final = 4
"""Seats of a row that is kept free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A lawful run out and back, in seconds from the midnight before it leaves."""

    corridor: Corridor
    kind: VehicleType
    out: Journey
    back: Journey
    cost_fen: int

    @property
    def days_away(self) -> int:
        """Days on which the coach cannot leave again, the first included."""
        return self.back.arrive_s // DAY_S + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The lines of a campaign by destination, origin and vehicle type, and why others are not driven."""

    kinds: tuple[tuple[VehicleType, int], ...]
    """Types of the trunk fleet and how many vehicles there are of each."""
    lines: Mapping[DestinationId, Mapping[PlaceId, Mapping[VehicleTypeId, Line]]]
    refused: Mapping[DestinationId, Refused]

    def hub(self, destination: DestinationId) -> Mapping[VehicleTypeId, Line]:
        """The lines from where most of the fleet's lines begin: there coaches are priced."""
        origins = self.lines[destination]
        begun = Counter(origin for places in self.lines.values() for origin in places)
        return origins[max(origins, key=lambda origin: (begun[origin], origin))]


def find_offer(campaign: Campaign) -> Offer:
    """Drive every corridor with every type of the trunk fleet."""
    count: Counter[VehicleTypeId] = Counter()
    for group in campaign.fleet:
        if group.service is Service.TRUNK:
            count[group.type_id] += group.count
    kinds = tuple(
        (kind, count[kind.id])
        for kind in campaign.vehicle_types
        if count[kind.id] and coach_seats(kind, campaign.rules.trunk) > 0
    )
    lines: dict[DestinationId, dict[PlaceId, dict[VehicleTypeId, Line]]] = {}
    refused: dict[DestinationId, Refused] = {}
    for corridor in campaign.corridors:
        for kind, _ in kinds:
            found = find_line(campaign, corridor, kind=kind)
            if isinstance(found, Line):
                origins = lines.setdefault(corridor.destination_id, {})
                origins.setdefault(corridor.origin_id, {})[kind.id] = found
            elif (
                corridor.destination_id not in refused
                or kind.drivers > refused[corridor.destination_id].kind.drivers
            ):
                refused[corridor.destination_id] = _refuse(campaign, corridor, kind=kind, refusal=found)
    return Offer(
        kinds=kinds, lines=lines, refused={place: why for place, why in refused.items() if place not in lines}
    )


def _refuse(campaign: Campaign, corridor: Corridor, *, kind: VehicleType, refusal: Refusal) -> Refused:
    latest = find_latest_start(
        tuple(reversed(corridor.stretches)) if campaign.mirrored else corridor.stretches,
        before_s=2 * DAY_S,
        drivers=max(kind.drivers, 1),
        rules=campaign.rules.driving,
        stand=True,
    )
    at_s = None if latest is None else (-latest if campaign.mirrored else latest) % DAY_S
    if campaign.direction is Direction.ROUND:
        at_s = None  # a lawful way out is no lawful day
    crews = range(refusal.drivers_needed, _MOST_DRIVERS + 1) if refusal.drivers_needed else ()
    able = (
        count
        for count in crews
        if isinstance(find_line(campaign, corridor, kind=replace(kind, drivers=count)), Line)
    )
    # One way alone asks for fewer drivers than there and back: only what was tried is recommended.
    honest = replace(refusal, drivers_needed=next(able, 0))
    return Refused(corridor=corridor, kind=kind, refusal=honest, latest_start_s=at_s)


def coach_seats(kind: VehicleType, rules: TrunkRules) -> int:
    """Passengers a trunk coach may take: the load cap, and no rows that are kept free."""
    return max(min(kind.seats_at(rules.load_percent), kind.seats_at(100) - _ROW * rules.reserved_rows), 0)


def find_line(campaign: Campaign, corridor: Corridor, *, kind: VehicleType) -> Line | Refusal:
    """Leave as late as the county and the law allow without a night's stand; with one if it must be."""
    if campaign.mirrored:
        return _find_line_home(campaign, corridor, kind=kind)
    if campaign.direction is Direction.ROUND:
        return _find_round_line(campaign, corridor, kind=kind)
    latest_s = _latest_start(campaign, corridor.stretches, kind=kind)
    latest = _leave(campaign, corridor, kind=kind, start_s=latest_s)
    return latest if isinstance(latest, Refusal) else _home_sooner(campaign, latest)


def leave_at(campaign: Campaign, line: Line, *, start_s: int) -> Line | None:
    """The same line left at another second: None if unlawful, longer away or standing for a night."""
    if start_s == line.out.start_s:
        return line
    found = _leave(campaign, line.corridor, kind=line.kind, start_s=start_s)
    if isinstance(found, Refusal) or found.days_away > line.days_away or found.out.stands > line.out.stands:
        return None
    return found


def _leave(campaign: Campaign, corridor: Corridor, *, kind: VehicleType, start_s: int) -> Line | Refusal:
    """Out at a second of the day, and back as soon as that is lawful."""
    out = _drive(campaign, corridor.stretches, kind=kind, start_s=start_s)
    if isinstance(out, Refusal):
        return out
    back = _way_back(campaign, corridor, kind=kind, out=out)
    if isinstance(back, Refusal):
        return back
    return Line(corridor=corridor, kind=kind, out=out, back=back, cost_fen=_cost(corridor, kind, out, back))


def _home_sooner(campaign: Campaign, latest: Line) -> Line:
    """The last start from which the coach is home a day sooner than from the latest, if there is one."""
    sooner_s = latest.days_away * DAY_S - DAY_S
    road_s = 2 * latest.corridor.drive_s + campaign.rules.trunk.away_turn_min * 60
    earliest_s = _seconds(campaign.rules.trunk.depart_earliest)
    for start_s in range(latest.out.start_s - _SOONER_S, earliest_s - 1, -_SOONER_S):
        found = leave_at(campaign, latest, start_s=start_s) if start_s + road_s < sooner_s else None
        if found is not None and found.days_away < latest.days_away:
            return found
    return latest


def _latest_start(campaign: Campaign, stretches: Sequence[Stretch], *, kind: VehicleType) -> int:
    """The county's last start that has the slack left before the night's stand; else without slack.

    Where every start needs a stand, the county's last.
    """
    rules, trunk = campaign.rules.driving, campaign.rules.trunk
    earliest, latest = _seconds(trunk.depart_earliest), _seconds(trunk.depart_latest)
    midnight = datetime.combine(date.min + timedelta(days=1), rules.still_from)
    sooner = replace(rules, still_from=(midnight - timedelta(minutes=trunk.slack_min)).time())
    for kept in (sooner, rules):
        found = find_latest_start(stretches, before_s=latest, drivers=max(kind.drivers, 1), rules=kept)
        if found is not None and found >= earliest:
            return found
    return latest


def _drive(
    campaign: Campaign,
    stretches: Sequence[Stretch],
    *,
    kind: VehicleType,
    start_s: int,
    before: Sequence[Movement] = (),
) -> Journey | Refusal:
    rules = campaign.rules.driving
    return drive(stretches, start_s=start_s, drivers=max(kind.drivers, 1), rules=rules, before=before)


def _way_back(
    campaign: Campaign, corridor: Corridor, *, kind: VehicleType, out: Journey
) -> Journey | Refusal:
    """The first lawful way home that stands nowhere for the night."""
    stretches = tuple(reversed(corridor.stretches))
    turned_s = out.arrive_s + campaign.rules.trunk.away_turn_min * 60
    refused: Refusal | None = None
    for start_s in range(-(-turned_s // _STEP_S) * _STEP_S, turned_s + _LONGEST_AWAY_S, _STEP_S):
        found = _drive(campaign, stretches, kind=kind, start_s=start_s, before=out.movements)
        if isinstance(found, Refusal):
            refused = refused or found
        elif not found.stands:
            return found
    return refused or _drive(campaign, stretches, kind=kind, start_s=turned_s, before=out.movements)


def _find_round_line(campaign: Campaign, corridor: Corridor, *, kind: VehicleType) -> Line | Refusal:
    """Leave as late as the coach can be home the same day after the visit, with everybody on board again."""
    trunk = campaign.rules.trunk
    stretches = tuple(reversed(corridor.stretches))
    last_s, first_s = (_seconds(clock) for clock in (trunk.depart_latest, trunk.depart_earliest))
    refused: Refusal | None = None
    for start_s in range(last_s, first_s - 1, -_STEP_S):
        out = _drive(campaign, corridor.stretches, kind=kind, start_s=start_s)
        if isinstance(out, Refusal):
            return out
        leave_s = -(-(out.arrive_s + trunk.visit_min * 60) // _STEP_S) * _STEP_S
        back = _drive(campaign, stretches, kind=kind, start_s=leave_s, before=out.movements)
        if isinstance(back, Refusal):
            refused = refused or back
        elif back.arrive_s < DAY_S:
            fen = _cost(corridor, kind, out, back)
            return Line(corridor=corridor, kind=kind, out=out, back=back, cost_fen=fen)
    return refused or _refusal(corridor, kind, limit=DrivingLimit.SAME_DAY)


def _refusal(corridor: Corridor, kind: VehicleType, *, limit: DrivingLimit) -> Refusal:
    km, drive_min = corridor.length_m // 1000, corridor.drive_s // 60
    return Refusal(
        limit=limit, drivers_needed=0, args={"drivers": kind.drivers, "km": km, "drive_min": drive_min}
    )


def _find_line_home(campaign: Campaign, corridor: Corridor, *, kind: VehicleType) -> Line | Refusal:
    """A way home as its mirror image: people leave the city within the county's hours, the coach came empty.

    The law's hours are those of real time, so both ways are driven in it and turned round afterwards.
    """
    stretches = tuple(reversed(corridor.stretches))
    start_s = _latest_start(campaign, stretches, kind=kind)
    alone = _drive(campaign, stretches, kind=kind, start_s=start_s)
    if isinstance(alone, Journey) and alone.arrive_s % DAY_S == 0:  # midnight is of two days
        start_s -= _STEP_S
        alone = _drive(campaign, stretches, kind=kind, start_s=start_s)
    if isinstance(alone, Refusal):
        return alone
    turned_s = start_s - campaign.rules.trunk.away_turn_min * 60
    last_s = (turned_s - corridor.drive_s) // _STEP_S * _STEP_S
    refused: Refusal | None = None
    for leave_s in range(last_s, last_s - _LONGEST_AWAY_S, -_STEP_S):
        out = _drive(campaign, corridor.stretches, kind=kind, start_s=leave_s)
        if isinstance(out, Refusal):
            refused = refused or out
            continue
        if out.stands or out.arrive_s > turned_s or leave_s % DAY_S == 0:
            continue
        home = _drive(campaign, stretches, kind=kind, start_s=start_s, before=out.movements)
        if isinstance(home, Refusal):
            refused = refused or home
        elif home.arrive_s % DAY_S and home.stands <= alone.stands:
            return _turn_round(corridor, kind, out=out, home=home)
    return refused or _refusal(corridor, kind, limit=DrivingLimit.DAILY)


def _turn_round(corridor: Corridor, kind: VehicleType, *, out: Journey, home: Journey) -> Line:
    """The line as the mirrored pipeline sees it: hours of the day on which people come home, backwards."""
    about_s = (home.arrive_s // DAY_S + 1) * DAY_S
    first = Journey(movements=mirror_movements(home.movements, about_s=about_s))
    last = Journey(movements=mirror_movements(out.movements, about_s=about_s))
    return Line(
        corridor=corridor, kind=kind, out=first, back=last, cost_fen=_cost(corridor, kind, first, last)
    )


def _cost(corridor: Corridor, kind: VehicleType, out: Journey, back: Journey) -> int:  # noqa: PLR0917  # one sum
    """A day's price for each day away, the kilometres both ways, the hours on the road both ways."""
    days = back.arrive_s // DAY_S + 1
    road_s = out.arrive_s - out.start_s + back.arrive_s - back.start_s
    return (
        kind.fixed_fen * days
        + kind.per_km_fen * 2 * corridor.length_m // 1000
        + kind.per_hour_fen * road_s // 3600
    )


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60
