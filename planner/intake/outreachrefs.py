"""Troubles of fairs, tours and posts that show only between cells and rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from planner.intake.codes import Code
from planner.intake.found import Found, check_twice
from planner.intake.tables import NO_DATE, Row
from planner.model.fairs import FairKind
from planner.model.jobs import Post
from planner.model.locks import LockKind
from planner.model.people import RegistrationId, Sex
from planner.model.places import PlaceKind
from planner.model.tours import VisitNeed

if TYPE_CHECKING:
    from planner.intake.outreach import FoundOutreach
    from planner.intake.structure import Structure
    from planner.model.outreachlaw import FairRules

T = TypeVar("T")

_MOST_SKILLS: Final = 62
"""Skills of all posts together: each is a bit of a whole number."""
_WORKING_AGE: Final = 16
_BIASED: Final = re.compile(
    r"(?:限|只要|只招|仅招|只限|仅限)(?:男|女|汉族)|(?:男|女)(?:性|士|工)优先|不招(?:男|女)"
)
"""Words by which a post shuts people out; whether rightly is for a person to say."""


def check_outreach(found: Structure, first_day: date, *, law: FairRules) -> None:
    """Report every trouble of these tables into the rows' own list of issues."""
    outreach = found.outreach
    names = _Names(found)
    _check_ids(outreach)
    _check_days(outreach, first_day)
    _check_fairs(outreach, names)
    _check_permits(outreach, first_day, law=law)
    _check_venues(outreach)
    _check_squads(found, names)
    _check_visits(outreach, names)
    _check_posts(outreach, names)
    _check_wishes(outreach, names)
    _check_locks(found, names)


def check_people(outreach: FoundOutreach, people: Container[RegistrationId]) -> None:
    """Report wishes of who is neither on the roster nor in a village."""
    for entry in outreach.wishes:
        wish = entry.value
        if wish.village_id is None and wish.id and RegistrationId(wish.id) not in people:
            entry.row.report(Code.WISHES_UNKNOWN_PERSON, "id", id=wish.id)


class _Names:
    """What there is to refer to, by the file that has it."""

    def __init__(self, found: Structure) -> None:
        outreach = found.outreach
        self.unread = found.unread
        self.places: dict[str, PlaceKind] = {entry.value.id: entry.value.kind for entry in found.places}
        self._known: dict[str, Collection[str]] = {
            "places.csv": self.places,
            "destinations.csv": {entry.value.id for entry in found.destinations},
            "vehicle_types.csv": {entry.value.id for entry in found.vehicle_types},
            "venues.csv": {entry.value.id for entry in outreach.venues},
            "resources.csv": {entry.value.id for entry in outreach.resources},
            "exhibitors.csv": {entry.value.id for entry in outreach.exhibitors},
            "fairs.csv": {entry.value.id for entry in outreach.fairs},
            "squads.csv": {entry.value.id for entry in outreach.squads},
            "posts.csv": {entry.value.id for entry in outreach.posts},
            "visits.csv": {visit for entry in outreach.visits for visit in entry.value.visit_ids},
        }

    def check(self, row: Row, column: str, *, names: Iterable[str | None], file: str) -> None:
        """Report names that point nowhere; that a file could not be read is said already."""
        known = self._known[file]
        for name in names if file not in self.unread else ():
            if name and name not in known and column not in row.faults:
                row.report(Code.OUTREACH_UNKNOWN, column, id=name, file=file)

    def check_village(self, row: Row, name: str | None) -> None:
        """Report a ``village_id`` that is no village."""
        self.check(row, "village_id", names=(name,), file="places.csv")
        if self.places.get(name or "", PlaceKind.VILLAGE) is not PlaceKind.VILLAGE:
            row.report(Code.OUTREACH_NOT_VILLAGE, "village_id", id=name or "")

    def check_township(self, row: Row, name: str | None) -> None:
        """Report a ``township_id`` that is no township."""
        self.check(row, "township_id", names=(name,), file="places.csv")
        if self.places.get(name or "", PlaceKind.TOWNSHIP) is not PlaceKind.TOWNSHIP:
            row.report(Code.OUTREACH_NOT_TOWNSHIP, "township_id", id=name or "")


def _check_ids(outreach: FoundOutreach) -> None:
    code = Code.OUTREACH_DUPLICATE
    check_twice(outreach.venues, lambda noun: noun.id, code=code, column="id")
    check_twice(outreach.resources, lambda noun: noun.id, code=code, column="id")
    check_twice(outreach.exhibitors, lambda noun: noun.id, code=code, column="id")
    check_twice(outreach.fairs, lambda noun: noun.id, code=code, column="id")
    check_twice(outreach.squads, lambda noun: noun.id, code=code, column="id")
    check_twice(outreach.visits, lambda noun: noun.id, code=code, column="id")
    check_twice(outreach.posts, lambda noun: noun.id, code=code, column="id")
    check_twice(outreach.wishes, lambda noun: noun.id, code=code, column="id")
    check_twice(
        outreach.brokers,
        lambda noun: noun,
        code=code,
        column="village_id",
        name=lambda noun: f"{noun.village_id} {noun.name}".strip(),
    )
    check_twice(
        outreach.seekers, lambda noun: f"{noun.village_id} {noun.sector}", code=code, column="village_id"
    )


def _check_days(outreach: FoundOutreach, first_day: date) -> None:
    """Windows that end before they begin, or before the campaign does."""
    for entry in (*outreach.venues, *outreach.exhibitors, *outreach.squads, *outreach.brokers):
        _check_window(entry.row, first=entry.value.first_day, last=entry.value.last_day)
    for fair in outreach.fairs:
        _check_window(fair.row, first=fair.value.first_day, last=fair.value.last_day)
        _check_begun(fair.row, last=fair.value.last_day, first_day=first_day)
    for need in outreach.visits:
        _check_window(need.row, first=need.value.first_day, last=need.value.last_day)
        _check_begun(need.row, last=need.value.last_day, first_day=first_day)


def _check_window(row: Row, *, first: date | None, last: date | None) -> None:
    unsure = {first, last} & {None, NO_DATE} or row.faults & {"first_day", "last_day"}
    if first is not None and last is not None and not unsure and last < first:
        row.report(Code.OUTREACH_WINDOW, "last_day", first=first.isoformat(), last=last.isoformat())


def _check_begun(row: Row, *, last: date | None, first_day: date) -> None:
    if last is not None and NO_DATE not in {last, first_day} and last < first_day:
        row.report(Code.OUTREACH_BEFORE_FIRST_DAY, "last_day", first_day=first_day.isoformat())


def _check_fairs(outreach: FoundOutreach, names: _Names) -> None:
    for venue in outreach.venues:
        names.check(venue.row, "place_id", names=(venue.value.place_id,), file="places.csv")
    for exhibitor in outreach.exhibitors:
        names.check(
            exhibitor.row, "destination_id", names=(exhibitor.value.destination_id,), file="destinations.csv"
        )
    for entry in outreach.fairs:
        fair, row = entry.value, entry.row
        names.check_township(row, fair.township_id)
        names.check(row, "venues", names=fair.venues, file="venues.csv")
        names.check(row, "exhibitors", names=fair.exhibitors, file="exhibitors.csv")
        names.check(row, "needs", names=(need.resource_id for need in fair.needs), file="resources.csv")
        if fair.starts >= fair.ends and not row.faults & {"starts", "ends"}:
            row.report(Code.OUTREACH_HOURS, "ends", begins=f"{fair.starts:%H:%M}", ends=f"{fair.ends:%H:%M}")
        if fair.announced is not None and "announced" not in row.faults:
            if not fair.first_day <= fair.announced <= fair.last_day:
                row.report(Code.FAIRS_ANNOUNCED_DAY, "announced", day=fair.announced.isoformat())
            if fair.kind is not FairKind.ONLINE and len(fair.venues) != 1:
                row.report(Code.FAIRS_ANNOUNCED_VENUE, "venues", count=len(fair.venues))


def _check_permits(outreach: FoundOutreach, first_day: date, *, law: FairRules) -> None:
    """Report fairs that were announced for a day before the police's leave can be there."""
    for entry in outreach.fairs:
        fair, row = entry.value, entry.row
        if fair.announced is None or NO_DATE in {fair.announced, first_day}:
            continue
        earliest = first_day + timedelta(law.permit_days)
        crowded = fair.kind is not FairKind.ONLINE and fair.expected_visitors >= law.permit_visitors
        if crowded and fair.announced < earliest and not row.faults & {"announced", "expected_visitors"}:
            days = {"day": fair.announced.isoformat(), "earliest": earliest.isoformat()}
            visitors = fair.expected_visitors
            row.report(
                Code.FAIRS_ANNOUNCED_PERMIT, "announced", visitors=visitors, days=law.permit_days, **days
            )


def _check_venues(outreach: FoundOutreach) -> None:
    """Report fairs of a kind that no venue hosts, of those they name where they name any that are known."""
    venues = [entry.value for entry in outreach.venues if "kinds" not in entry.row.faults]
    for entry in outreach.fairs:
        fair, row = entry.value, entry.row
        named = [venue for venue in venues if venue.id in fair.venues]
        able = any(fair.kind in venue.kinds for venue in named or venues)
        unsure = row.faults & {"kind", "venues"} or len(venues) < len(outreach.venues)
        if fair.kind is not FairKind.ONLINE and not able and not unsure:
            row.report(Code.FAIRS_NO_VENUE, "venues", kind=fair.kind.value)


def _check_squads(found: Structure, names: _Names) -> None:
    kinds = {entry.value.id: entry.value for entry in found.vehicle_types}
    for entry in found.outreach.squads:
        squad, row = entry.value, entry.row
        names.check(row, "base_id", names=(squad.base_id,), file="places.csv")
        names.check(row, "vehicle_type_id", names=(squad.vehicle_type_id,), file="vehicle_types.csv")
        names.check(row, "exhibitors", names=squad.exhibitors, file="exhibitors.csv")
        if squad.shift_from >= squad.shift_to and not row.faults & {"shift_from", "shift_to"}:
            begins, ends = f"{squad.shift_from:%H:%M}", f"{squad.shift_to:%H:%M}"
            row.report(Code.OUTREACH_HOURS, "shift_to", begins=begins, ends=ends)
        heads = len(squad.members) + bool(squad.leader)
        kind = kinds.get(squad.vehicle_type_id)
        if kind is not None and heads > kind.rated_seats:
            row.report(Code.SQUADS_FEW_SEATS, "vehicle_type_id", heads=heads, seats=kind.rated_seats)


def _check_visits(outreach: FoundOutreach, names: _Names) -> None:
    for entry in outreach.visits:
        names.check_village(entry.row, entry.value.village_id)
        names.check(entry.row, "exhibitor", names=(entry.value.exhibitor,), file="exhibitors.csv")
        _check_spacing(entry)
    skills = {skill for entry in outreach.squads for skill in entry.value.skills}
    for entry in outreach.visits if "squads.csv" not in names.unread else ():
        if entry.value.skill and entry.value.skill not in skills:
            entry.row.report(Code.VISITS_NO_SKILL, "skill", skill=entry.value.skill)
    for broker in outreach.brokers:
        names.check_village(broker.row, broker.value.village_id)
        if not broker.value.daytime and not broker.value.evening:
            broker.row.report(Code.BROKERS_NEVER, "evening")


def _check_spacing(entry: Found[VisitNeed]) -> None:
    need = entry.value
    if need.first_day is None or need.last_day is None or entry.row.faults:
        return
    days = (need.last_day - need.first_day) // timedelta(days=1) + 1
    least = (need.visits - 1) * need.spacing_days + 1
    if days < least:
        entry.row.report(Code.VISITS_SPACING, "spacing_days", visits=need.visits, days=days, least=least)


def _check_skills(outreach: FoundOutreach) -> None:
    """Report the post with which there are more skills than matching can tell apart."""
    known: set[str] = set()
    for entry in outreach.posts:
        known |= set(entry.value.skills)
        if len(known) > _MOST_SKILLS:
            entry.row.report(Code.POSTS_SKILLS, "skills", most=_MOST_SKILLS)
            return


def _check_posts(outreach: FoundOutreach, names: _Names) -> None:
    for entry in outreach.posts:
        post, row = entry.value, entry.row
        names.check(row, "destination_id", names=(post.destination_id,), file="destinations.csv")
        if post.age_from < _WORKING_AGE and "age_from" not in row.faults:
            row.report(Code.POSTS_UNDER_16, "age_from", age=post.age_from)
        for low, high in (("age_from", "age_to"), ("wage_from_yuan", "wage_to_yuan")):
            least, most = getattr(post, low), getattr(post, high)
            if least > most and not row.faults & {low, high}:
                row.report(Code.POSTS_RANGE, high, least=least, most=most)
        _check_sex(entry)
    _check_skills(outreach)
    sectors = {entry.value.sector for entry in outreach.posts}
    for seekers in outreach.seekers:
        names.check_village(seekers.row, seekers.value.village_id)
        sector = seekers.value.sector
        if sectors and sector and sector not in sectors:
            seekers.row.report(Code.SEEKERS_NO_POSTS, "sector", sector=sector)


def _check_sex(entry: Found[Post]) -> None:
    """The law lets men be asked for where a work is forbidden to women, and never women alone."""
    post, row = entry.value, entry.row
    lawful = post.sex is Sex.MALE and post.sex_reason is not None
    if post.sex is not None and not lawful and not row.faults & {"sex", "sex_reason"}:
        row.report(Code.POSTS_SEX_UNLAWFUL, "sex", sex=post.sex.value)
    words = _BIASED.search(post.title)
    if words:
        row.report(Code.POSTS_WORDS, "title", words=words[0])


def _check_wishes(outreach: FoundOutreach, names: _Names) -> None:
    for entry in outreach.wishes:
        wish, row = entry.value, entry.row
        names.check_village(row, wish.village_id)
        names.check(row, "destinations", names=wish.destinations, file="destinations.csv")
        names.check(row, "offered", names=(wish.offered,), file="posts.csv")
        if wish.age is not None and wish.age < _WORKING_AGE and "age" not in row.faults:
            row.report(Code.WISHES_UNDER_16, "age", age=wish.age)


def _check_locks(found: Structure, names: _Names) -> None:
    """Departures and runs may be the plan's own, so that only fairs and visits can be looked up."""
    for entry in found.locks:
        lock, row = entry.value, entry.row
        if lock.kind is not LockKind.ROUTE and lock.day is None and not lock.to and "day" not in row.faults:
            row.report(Code.LOCKS_NOTHING, "day", id=lock.item)
        if "kind" in row.faults:
            continue
        if lock.kind is LockKind.FAIR:
            names.check(row, "item", names=(lock.item,), file="fairs.csv")
            names.check(row, "to", names=(lock.to,), file="venues.csv")
        if lock.kind is LockKind.VISIT:
            names.check(row, "item", names=(lock.item,), file="visits.csv")
            names.check(row, "to", names=(lock.to,), file="squads.csv")
    check_twice(
        found.locks,
        lambda lock: (lock.kind, lock.item),
        code=Code.OUTREACH_DUPLICATE,
        column="item",
        name=lambda lock: lock.item,
    )
