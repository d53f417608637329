"""Who is at a fair: the firms, their booths and days, and those who look for work."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING, Final

from planner.catchment import find_fair_county, may_exhibit
from planner.check.rule import Finding, Rule
from planner.errors import Severity
from planner.model.fairs import FairKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.check.case import Case
    from planner.check.showground import Showground, Stand
    from planner.errors import Arg
    from planner.model.agenda import Booking
    from planner.model.fairs import Exhibitor, ExhibitorId

_NOTHING: Final = "-"


def find_wrong_booths(case: Case) -> Iterator[Finding]:
    """Require that every firm has its booths, once, and all together no more than the venue."""
    for stand, bookings in _by_stand(case.showground):
        seen: Counter[str] = Counter()
        for booking, firm in bookings:
            seen[firm.id] += 1
            if booking.booths != firm.booths or seen[firm.id] > 1:
                yield _finding(stand, firm.employer, booths=booking.booths * seen[firm.id], limit=firm.booths)
        taken = sum(booking.booths for booking, _ in bookings)
        if stand.venue is not None and taken > stand.venue.booths:
            yield _finding(stand, _NOTHING, booths=taken, limit=stand.venue.booths)


def find_missing_firms(case: Case) -> Iterator[Finding]:
    """Require that the firms that must be there are."""
    ground = case.showground
    for stand, bookings in _by_stand(ground):
        there = {firm.id for _, firm in bookings}
        for name in stand.fair.exhibitors:
            if name not in there:
                firm = ground.firms.get(name)
                yield _finding(stand, name if firm is None else firm.employer, day=stand.day.isoformat())


def find_empty(case: Case) -> Iterator[Finding]:
    """Require that some firm comes to a fair; a training needs none."""
    for stand in case.showground.stands:
        if stand.fair.kind is not FairKind.TRAINING and not stand.plan.bookings:
            yield Finding(stand.fair.id, {"fair": stand.fair.name, "day": stand.day.isoformat()})


def find_uninvited(case: Case) -> Iterator[Finding]:
    """Require that a firm is invited by the county's office, to a training by name."""
    for stand, bookings in _by_stand(case.showground):
        county = find_fair_county(stand.fair, stand.venue)
        for _, firm in bookings:
            if not may_exhibit(stand.fair, firm, county=county):
                yield _finding(stand, firm.employer, kind=stand.fair.kind.value)


def find_away(case: Case) -> Iterator[Finding]:
    """Require that a firm can come on the day."""
    for stand, bookings in _by_stand(case.showground):
        for _, firm in bookings:
            if not firm.is_open(stand.day):
                yield _finding(stand, firm.employer, day=stand.day.isoformat())


def find_torn_apart(case: Case) -> Iterator[Finding]:
    """Require that a firm is at one fair in a day."""
    seen: dict[tuple[str, date], Stand] = {}
    for stand, bookings in _by_stand(case.showground):
        for _, firm in bookings:
            other = seen.setdefault((firm.id, stand.day), stand)
            if other is not stand:
                yield _finding(stand, firm.employer, day=stand.day.isoformat(), other=other.fair.name)


def find_overworked(case: Case) -> Iterator[Finding]:
    """Require that a firm comes to no more fairs than it will."""
    ground = case.showground
    visits: Counter[ExhibitorId] = Counter()
    for _, bookings in _by_stand(ground):
        visits.update({firm.id for _, firm in bookings})
    for name, count in sorted(visits.items()):
        firm = ground.firms[name]
        if count > firm.most_fairs:
            yield Finding(name, {"firm": firm.employer, "count": count, "limit": firm.most_fairs})


def find_false_catchments(case: Case) -> Iterator[Finding]:
    """Require that who is expected from each village follows from who looks for work and how far it is."""
    ground = case.showground
    for stand in ground.stands:
        right: Counter[str] = Counter()
        for (village, _), heads in ground.turnout(stand).items():
            right[village] += heads
        said: Counter[str] = Counter()
        for part in stand.plan.catchment:
            said[part.village_id] += part.heads
        for village in sorted(said.keys() | right.keys()):
            if said[village] != right[village]:
                yield _crowd(stand, case.name_place(village), heads=said[village], right=right[village])
        expected = ground.expected(stand)
        if stand.plan.expected_visitors != expected:
            yield _crowd(stand, _NOTHING, heads=stand.plan.expected_visitors, right=expected)


def find_false_fillings(case: Case) -> Iterator[Finding]:
    """Require that no more posts are filled than people come for them, look for them, or firms there have."""
    ground = case.showground
    everywhere: Counter[str] = Counter()
    there: defaultdict[str, set[ExhibitorId]] = defaultdict(set)
    for stand, bookings in _by_stand(ground):
        come: Counter[str] = Counter()
        for (_, sector), heads in ground.turnout(stand).items():
            come[sector] += heads
        said: Counter[str] = Counter()
        for part in stand.plan.filled:
            said[part.sector] += part.heads
            everywhere[part.sector] += part.heads
        for sector, heads in sorted(said.items()):
            firms = {firm.id for _, firm in bookings}
            there[sector] |= firms
            limit = min(come[sector], sum(ground.posts[firm][sector] for firm in firms))
            if not 0 <= heads <= limit:
                yield Finding(stand.fair.id, {"fair": stand.fair.name, **_posts(sector, heads, limit=limit)})
    for sector, heads in sorted(everywhere.items()):
        seekers = sum(wished.get(sector, 0) for wished in ground.seekers.values())
        posts = sum(ground.posts[firm][sector] for firm in there[sector])
        limit = min(seekers, posts)
        if heads > limit:
            yield Finding("fairs", {"fair": _NOTHING, **_posts(sector, heads, limit=limit)})


def _posts(sector: str, heads: int, *, limit: int) -> dict[str, Arg]:
    return {"sector": sector or _NOTHING, "heads": heads, "limit": limit}


def _by_stand(ground: Showground) -> Iterator[tuple[Stand, list[tuple[Booking, Exhibitor]]]]:
    """Fairs with the firms that are known."""
    for stand in ground.stands:
        known = ((one, ground.firms.get(one.exhibitor_id)) for one in stand.plan.bookings)
        yield stand, [(booking, firm) for booking, firm in known if firm is not None]


def _finding(stand: Stand, firm: str, **figures: Arg) -> Finding:
    return Finding(stand.fair.id, {"fair": stand.fair.name, "firm": firm, **figures})


def _crowd(stand: Stand, village: str, **figures: Arg) -> Finding:
    return Finding(stand.fair.id, {"fair": stand.fair.name, "place": village, **figures})


_rule = partial(Rule, whole=True)

RULES: Final = (
    _rule("fair.booths", "", find_wrong_booths),
    _rule("fair.must", "", find_missing_firms),
    _rule("fair.empty", "", find_empty, Severity.WARNING),
    _rule("fair.invited", "", find_uninvited),
    _rule("fair.away", "", find_away),
    _rule("fair.twice", "", find_torn_apart),
    _rule("fair.most", "", find_overworked),
    _rule("fair.catchment", "", find_false_catchments),
    _rule("fair.filled", "", find_false_fillings),
)
