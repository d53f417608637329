"""Who looks for work, as fairs and matching may see them: the gate of ``demand`` for the outreach.

Numbers, ages, villages and wishes go on; names, papers and phones stay behind.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from planner.model.people import RegistrationId

if TYPE_CHECKING:
    from datetime import date

    from planner.model.campaign import Campaign
    from planner.model.jobs import PostId, SeekerId, Wish
    from planner.model.people import Registration, Sex
    from planner.model.places import DestinationId, PlaceId

WORKING_AGE: Final = 16
"""Nobody younger may be introduced to an employer: 禁止使用童工规定 第2条, 第4条."""
ANY_SECTOR: Final = ""

_PERSONAL: Final = {
    "squads": ("name", "leader", "leader_phone", "members"),
    "brokers": ("name", "phone"),
}
_AFTERWARDS: Final = "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who wishes for a post. ``group`` is the least id of those who want to stay together.

    ``age`` and ``sex`` are None where neither list nor roster has them: filters by them do not apply then.
    """

    id: SeekerId
    village_id: PlaceId
    age: int | None
    sex: Sex | None
    group: SeekerId
    sectors: tuple[str, ...]
    skills: tuple[str, ...]
    least_yuan: int
    destinations: tuple[DestinationId, ...]
    offered: PostId | None


def build_candidates(campaign: Campaign) -> tuple[Candidate, ...]:
    """Join wishes with the roster, in id order; children, and who has no village on either, are left out.

    Age counts on the day of travel, for who does not travel as the list has it.
    """
    people = {person.id: person for person in campaign.registrations}
    groups: dict[tuple[object, ...], list[SeekerId]] = defaultdict(list)
    standing: list[tuple[Wish, Registration | None, PlaceId, tuple[object, ...]]] = []
    for wish in campaign.outreach.wishes:
        person = people.get(RegistrationId(wish.id))
        village = wish.village_id if person is None else person.village_id
        if village is not None and _may_work(wish, person):
            key = _group_key(wish, person)
            groups[key].append(wish.id)
            standing.append((wish, person, village, key))
    return tuple(
        Candidate(
            id=wish.id,
            village_id=village,
            age=_age(wish, person),
            sex=wish.sex if person is None or person.sex is None else person.sex,
            group=min(groups[key]),
            sectors=wish.sectors,
            skills=wish.skills,
            least_yuan=wish.least_yuan,
            destinations=wish.destinations,
            offered=wish.offered,
        )
        for wish, person, village, key in standing
    )


def count_seekers(campaign: Campaign) -> dict[PlaceId, dict[str, int]]:
    """Heads who look for work, by village and sector: ``seekers.csv``, and without it the wishes.

    Who has several sectors counts for the first, who has none for :data:`ANY_SECTOR`.
    """
    heads: dict[PlaceId, Counter[str]] = defaultdict(Counter)
    if campaign.outreach.seekers:
        for row in campaign.outreach.seekers:
            heads[row.village_id][row.sector] += row.heads
    else:
        for person in build_candidates(campaign):
            heads[person.village_id][person.sectors[0] if person.sectors else ANY_SECTOR] += 1
    return {village: dict(sorted(heads[village].items())) for village in sorted(heads)}


def find_peak(campaign: Campaign) -> date | None:
    """The departure peak: as the rules have it, else the day on which most travel, the earlier of equals."""
    if campaign.rules.fairs.peak_day is not None:
        return campaign.rules.fairs.peak_day
    heads = Counter(person.travel_date for person in campaign.registrations)
    return min(heads, key=lambda day: (-heads[day], day), default=None)


def outreach_seen(campaign: Campaign) -> dict[str, Any]:
    """What the digest takes of locks and outreach: nothing of what is empty, no names, no results."""
    seen: dict[str, Any] = {}
    if campaign.locks:
        seen["locks"] = [[lock.kind, lock.item, lock.day, lock.to, lock.until] for lock in campaign.locks]
    if campaign.outreach:
        seen["outreach"] = {
            table: [_without(row, _PERSONAL.get(table, ())) for row in rows]
            for table, rows in asdict(campaign.outreach).items()
            if rows and table != _AFTERWARDS
        }
    return seen


def _without(row: dict[str, Any], personal: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in personal}


def _may_work(wish: Wish, person: Registration | None) -> bool:
    age = _age(wish, person)
    return not (person is not None and person.child) and (age is None or age >= WORKING_AGE)


def _age(wish: Wish, person: Registration | None) -> int | None:
    if person is None or person.birth is None:
        return wish.age
    day, birth = person.travel_date, person.birth
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _group_key(wish: Wish, person: Registration | None) -> tuple[object, ...]:
    """People of one village with one label; of the roster also one day, as parties are."""
    if person is not None:
        alone = "" if person.group else wish.id
        return person.village_id, person.travel_date, person.latest_date, person.group, alone
    return wish.village_id, wish.group, "" if wish.group else wish.id
