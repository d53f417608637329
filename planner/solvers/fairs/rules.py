"""What a plan must keep, rule by rule: for a slot by itself, beside others, and for who comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from planner.solvers.fairs.problem import Fair, FairsProblem, Slot


class Rule(StrEnum):
    """What a fair must keep, in the order in which it is asked."""

    VENUE = "venue"
    """The wish does not name the venue."""
    EARLIEST = "earliest"
    """The wish is not ready so early."""
    LATEST = "latest"
    """After the wish's last day: before the departure peak, say."""
    HOLIDAY = "holiday"
    SHUT = "shut"
    """The venue is shut."""
    PERMIT = "permit"
    """So many visitors are expected that the police must agree, who cannot so early."""
    COUNT = "count"
    """The wish has no more fairs."""
    TAKEN = "taken"
    """Another fair is at the venue that day."""
    SPACING = "spacing"
    """A fair in the township or a neighbouring one is too near in time."""
    POOL = "pool"
    """Teams or sets are all in use that day."""
    BARRED = "barred"
    """The wish does not want the employer, or it does not come so far."""
    AWAY = "away"
    """The employer cannot come that day."""
    TWICE = "twice"
    """The employer is at another fair that day."""
    MOST = "most"
    """The employer comes to no more fairs."""
    BOOTHS = "booths"
    """The venue has no more booths."""
    FIXED = "fixed"
    """A fixed fair is not held as told."""


class Breach(NamedTuple):
    """A rule that a fair breaks, alone or beside ``other``; ``who`` numbers an employer or a pool."""

    rule: Rule
    slot: Slot
    other: Slot | None = None
    who: int | None = None


def first_refusal(problem: FairsProblem, slot: Slot, *, visitors: int) -> Rule | None:
    """Which rule refuses a slot whatever else is held; ``visitors`` are those expected there."""
    wish, venue = problem.wishes[slot.wish], problem.venues[slot.venue]
    refused = {
        Rule.VENUE: slot.venue not in wish.venues,
        Rule.EARLIEST: slot.day < wish.first,
        Rule.LATEST: slot.day > wish.last,
        Rule.HOLIDAY: slot.day in problem.closed,
        Rule.SHUT: slot.day in venue.closed,
        Rule.PERMIT: visitors >= problem.crowd and slot.day < problem.crowd_first,
    }
    return next((rule for rule, broken in refused.items() if broken), None)


def slot_breaches(
    problem: FairsProblem, slot: Slot, *, beside: Sequence[Slot], visitors: int
) -> Iterator[Breach]:
    """Which rules a fair breaks beside others that are held, the first that counts first."""
    refused = first_refusal(problem, slot, visitors=visitors)
    if refused is not None:
        yield Breach(refused, slot)
    wish = problem.wishes[slot.wish]
    if sum(other.wish == slot.wish for other in beside) >= wish.count:
        yield Breach(Rule.COUNT, slot)
    taken = [other for other in beside if (slot.venue, slot.day) == (other.venue, other.day)]
    yield from (Breach(Rule.TAKEN, slot, other) for other in taken)
    near = [other for other in beside if too_near(problem, slot, other=other)]
    yield from (Breach(Rule.SPACING, slot, other) for other in near)
    for pool, (stock, need) in enumerate(zip(problem.pools, wish.needs, strict=True)):
        used = sum(problem.wishes[other.wish].needs[pool] for other in beside if other.day == slot.day)
        if need and used + need > stock[slot.day]:
            yield Breach(Rule.POOL, slot, None, pool)


def too_near(problem: FairsProblem, one: Slot, *, other: Slot) -> bool:
    """Whether two fairs are in one or in neighbouring townships, and fewer days apart than they should be."""
    if not (problem.wishes[one.wish].spaced and problem.wishes[other.wish].spaced):
        return False
    here, there = problem.venues[one.venue].township, problem.venues[other.venue].township
    if here is None or there is None or abs(one.day - other.day) >= problem.gap_days:
        return False
    return here == there or not problem.neighbours.isdisjoint({(here, there), (there, here)})


def guest_breaches(problem: FairsProblem, fairs: Sequence[Fair]) -> Iterator[Breach]:
    """Which rules employers break by where they are."""
    seen: dict[tuple[int, int], Slot] = {}
    visits: Counter[int] = Counter()
    for fair in fairs:
        slot, venue = fair.slot, problem.venues[fair.slot.venue]
        booths = 0
        for number in fair.employers:
            employer = problem.employers[number]
            visits[number] += 1
            booths += employer.booths
            earlier = seen.setdefault((number, slot.day), slot)
            broken = {
                Rule.BARRED: not welcome(problem, number, slot=slot),
                Rule.AWAY: slot.day not in employer.days,
                Rule.TWICE: earlier != slot,
                Rule.MOST: visits[number] > employer.most,
                Rule.BOOTHS: booths > venue.booths,
            }
            yield from (
                Breach(rule, slot, earlier if rule is Rule.TWICE else None, number)
                for rule, found in broken.items()
                if found
            )


def welcome(problem: FairsProblem, employer: int, *, slot: Slot) -> bool:
    """Whether the wish takes the employer, and it comes so far."""
    wanted = problem.wishes[slot.wish].employers
    comes = problem.employers[employer].travel_fen[slot.venue] is not None
    return comes and (wanted is None or employer in wanted)


def unkept(problem: FairsProblem, fairs: Sequence[Fair]) -> Iterator[Breach]:
    """Fixed fairs that are not held, and fixed employers that are not there."""
    there = {fair.slot: set(fair.employers) for fair in fairs}
    for fair in problem.fixed:
        if fair.slot not in there:
            yield Breach(Rule.FIXED, fair.slot)
        for employer in sorted(set(fair.employers) - there.get(fair.slot, set(fair.employers))):
            yield Breach(Rule.FIXED, fair.slot, None, employer)
