"""On which days a squad works, and on which of them so late that it meets people in the evening."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from planner.stages.tourclock import MINUTE_S, day_second

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from planner.model.outreachlaw import TourRules
    from planner.model.tours import Squad, VisitNeed
    from planner.stages.tourclock import Openings

WEEK: Final = 7
HOME_S: Final = 3_600
"""How long after the last evening visit a late shift ends."""
_STEP: Final = 5
"""Days from one late day of a squad to the next that is tried."""


def rest_days(
    opened: Sequence[bool], *, rest: int, turn: int, must: Collection[int], was: Collection[int]
) -> tuple[bool, ...]:
    """Choose the days of work of those that are open: of any seven in a row ``rest`` are off.

    ``must`` are days that somebody fixed, ``was`` those of the plan before; else as many as can be, where
    squads take turns so that not all are off at once.
    """
    made = [_pattern(opened, rest=rest, first=number, must=must) for number in range(WEEK)]

    def worth(works: tuple[bool, ...]) -> tuple[int, ...]:
        lost, moved = (sum(not works[day] for day in some) for some in (must, was))
        return lost, moved, -sum(works)

    best = min(map(worth, made))
    equal = [works for works in made if worth(works) == best]
    return equal[turn % len(equal)]


def _pattern(opened: Sequence[bool], *, rest: int, first: int, must: Collection[int]) -> tuple[bool, ...]:
    """Off from the ``first`` day of every seven, and to work again wherever seven days allow it."""
    off = {(first + number) % WEEK for number in range(rest)}
    works = [False] * len(opened)
    order = sorted(range(len(opened)), key=lambda day: (day not in must, day % WEEK in off, day))
    for day in order:
        around = range(max(day - WEEK + 1, 0), day + 1)
        busy = max(sum(works[start : start + WEEK]) for start in around)
        works[day] = opened[day] and busy < WEEK - rest
    return tuple(works)


def normal_hours(squad: Squad) -> tuple[int, int]:
    """From leaving to being back, by the clock."""
    return day_second(squad.shift_from), day_second(squad.shift_to)


def late_hours(squad: Squad, rules: TourRules) -> tuple[int, int]:
    """The shift on a day with a visit in the evening: as much later to begin as to end."""
    begins, ends = normal_hours(squad)
    later = max(day_second(rules.evening_to) + HOME_S - ends, 0)
    return begins + later, ends + later


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningAsk:
    """Visits in the evening that a need asks for; ``squads`` could make them, ``fixed`` are locks."""

    need: VisitNeed
    squads: tuple[int, ...]
    fixed: tuple[tuple[int | None, int | None], ...]
    """Squad and day of each visit, None where free."""


def choose_late(
    asks: Iterable[EveningAsk],
    *,
    works: Sequence[Sequence[bool]],
    openings: Openings,
    reaches: Callable[[int, VisitNeed], bool],
    told: Collection[tuple[int, int]] = (),
) -> set[tuple[int, int]]:
    """Choose squads' late days, beside those ``told``, for what nobody's usual shift has room for.

    ``reaches`` tells whether a squad's usual shift lets it make the visit in the evening. One visit is
    reckoned for each evening, so that there is some room.
    """
    room = {number: sum(days) for number, days in enumerate(works)}
    late = set(told)
    spare: Counter[tuple[int, int]] = Counter()
    for ask in asks:
        chosen: list[int] = []
        for squad, day in ask.fixed:
            able = [k for k in ask.squads if squad in {None, k}]
            usual = [k for k in able if reaches(k, ask.need) and room[k] > 0]
            if usual:
                room[max(usual, key=lambda k: (room[k], -k))] -= 1
                continue
            found = _late_day(ask, able, works=works, openings=openings, taken=(late, spare, chosen), day=day)
            if found is not None:
                late.add(found)
                spare[found] += 1
                chosen.append(found[1])
    return late


def _late_day(
    ask: EveningAsk,
    able: Sequence[int],
    *,
    works: Sequence[Sequence[bool]],
    openings: Openings,
    taken: tuple[set[tuple[int, int]], Counter[tuple[int, int]], list[int]],
    day: int | None,
) -> tuple[int, int] | None:
    late, spare, chosen = taken
    many = Counter(k for k, _ in late)
    options = [
        (k, when)
        for k in able
        for when, on in enumerate(works[k])
        if on
        and day in {None, when}
        and openings.windows(ask.need, openings.days[when])
        and all(abs(when - other) >= ask.need.spacing_days for other in chosen)
    ]

    def worth(option: tuple[int, int]) -> tuple[int, ...]:
        k, when = option
        return spare[option], option not in late, many[k], (when - _STEP * many[k]) % len(openings.days), k

    return min(options, key=worth, default=None)


def service_s(need: VisitNeed) -> int:
    """Seconds of a visit."""
    return need.minutes * MINUTE_S
