"""Coaches of one place and day that leave together, so that one feeder run brings people to all of them.

A line by itself leaves as late as it may, and no two cities are equally far: left alone, every coach would
ask for feeders of its own. A coach leaves up to ``trunk.together_min`` sooner to join one that leaves before
it. Where more people leave in an hour than the feeder fleet can bring in one round, half of the coaches leave
a round's time (``trunk.wave_min``) sooner. Nobody changes coach; a rider who could not be there in time
keeps the coach where it was, and so does a line that would be unlawful or longer away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from planner.model.fleet import Service
from planner.model.places import PlaceId
from planner.stages.coaches import leave_at

if TYPE_CHECKING:
    from planner.demand import Party, PartyId
    from planner.explain import Explainer
    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure
    from planner.stages.charters import Charter

_Base = tuple[PlaceId, date]

_FULL: Final = 0.75
"""Of the feeder fleet's seats, that one round can be expected to fill."""


def leave_together(
    campaign: Campaign,
    charters: Sequence[Charter],
    *,
    explainer: Explainer,
    running: Iterable[Departure] = (),
) -> tuple[Charter, ...]:
    """Give coaches common hours; ``running`` coaches keep theirs, and others join them."""
    fixed: dict[_Base, set[datetime]] = defaultdict(set)
    for entry in running:
        fixed[entry.origin_id, entry.day].add(entry.departs)
    bases: dict[_Base, list[Charter]] = defaultdict(list)
    for charter in charters:
        bases[charter.departure.origin_id, charter.departure.day].append(charter)
    desk = _Desk(campaign, explainer)
    made = [
        charter
        for base, entries in sorted(bases.items())
        for charter in desk.part(desk.join(entries, hours=fixed[base]), hours=fixed[base])
    ]
    return tuple(sorted(made, key=lambda charter: charter.departure.id))


def with_new_hours(
    charters: Sequence[Charter],
    *,
    parties: Iterable[Party],
    open_to: Mapping[PartyId, tuple[Departure, ...]],
    explainer: Explainer,
) -> dict[PartyId, tuple[Departure, ...]]:
    """What each party could reach, with the hours at which coaches now leave."""
    at_base: dict[_Base, dict[tuple[datetime, str], Departure]] = defaultdict(dict)
    for charter in charters:
        entry = charter.departure
        city = charter.line.corridor.destination_id
        at_base[entry.origin_id, entry.day].setdefault((entry.departs, city), entry)
    wider: dict[PartyId, tuple[Departure, ...]] = {}
    for party in parties:
        known = open_to[party.id]
        gates = {(entry.gate, call.destination_id) for entry in known for call in entry.calls}
        near = {(entry.origin_id, entry.day) for entry in known}
        cities = {destination for destination, _ in party.rides}
        wider[party.id] = known + tuple(
            entry
            for base in sorted(near)
            for (_, city), entry in sorted(at_base[base].items())
            if cities == {city} and (entry.gate, city) not in gates and explainer.reaches(party, entry)
        )
    return wider


class _Desk:
    """Moves coaches of one campaign to other hours."""

    def __init__(self, campaign: Campaign, explainer: Explainer) -> None:
        self._campaign, self._explainer = campaign, explainer
        kinds = {kind.id: kind for kind in campaign.vehicle_types}
        load = campaign.rules.feeder.load_percent
        self._round = _FULL * sum(
            kinds[group.type_id].seats_at(load) * group.count
            for group in campaign.fleet
            if group.service is Service.FEEDER
        )
        trunk = campaign.rules.trunk
        self._sooner = timedelta(minutes=trunk.together_min)
        self._wave = timedelta(minutes=trunk.wave_min)
        self._earliest = trunk.depart_earliest

    def join(self, charters: Sequence[Charter], *, hours: set[datetime]) -> list[Charter]:
        """Let each coach leave with one that leaves a little sooner; ``hours`` are those of running ones."""
        used = set(hours)
        made: list[Charter] = []
        for charter in sorted(charters, key=lambda entry: (entry.departure.departs, entry.departure.id)):
            departs = charter.departure.departs
            near = [hour for hour in used if departs - self._sooner <= hour <= departs]
            moved = next((found for hour in sorted(near) if (found := self._at(charter, hour))), charter)
            used.add(moved.departure.departs)
            made.append(moved)
        return made

    def part(self, charters: list[Charter], *, hours: set[datetime]) -> list[Charter]:
        """Let half of the coaches of too full an hour leave a feeder round sooner, the latest hour first."""
        for hour in sorted({entry.departure.departs for entry in charters}, reverse=True):
            of_hour = [entry for entry in charters if entry.departure.departs == hour]
            heads = sum(entry.heads for entry in of_hour)
            if heads <= self._round or not self._wave:
                continue
            used = hours | {entry.departure.departs for entry in charters}
            sooner = max((one for one in used if one <= hour - self._wave), default=hour - self._wave)
            if sooner.time() < self._earliest or sooner.date() != hour.date():
                continue
            gone: dict[object, Charter] = {}
            moving = 0
            for entry in sorted(of_hour, key=lambda one: one.departure.id):
                moved = self._at(entry, sooner) if moving < heads / 2 else None
                if moved is not None:
                    gone[entry.departure.id] = moved
                    moving += entry.heads
            charters = [gone.get(entry.departure.id, entry) for entry in charters]
        return charters

    def _at(self, charter: Charter, hour: datetime) -> Charter | None:
        """The coach at another hour of its day, where that is lawful and all its riders can be there."""
        if charter.departure.departs == hour:
            return charter
        by_s = round((charter.departure.departs - hour).total_seconds())
        line = leave_at(self._campaign, charter.line, start_s=charter.line.out.start_s - by_s)
        if line is None:
            return None
        moved = charter.moved(self._campaign, line)
        reach = all(self._explainer.reaches(party, moved.departure) for party in charter.riders)
        return moved if reach else None
