"""A first seating, built in milliseconds: stop by stop, employer by employer, carriage by carriage."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from planner.solvers.seats_model import seat_most
from planner.solvers.seats_problem import NOBODY, Carriage, Kind, Load, Purse


def fill_greedily(counts: Mapping[Kind, int], carriages: Sequence[Carriage]) -> tuple[Load, ...] | None:
    """Seat everybody, or None where a party is left in the end, though another order may have seated it."""
    filling = _Filling(carriages)
    for kind in sorted((kind for kind in counts if kind.accessible), key=_largest):
        for _ in range(counts[kind]):
            if not filling.put_one(kind, by=filling.company):
                return None
    filling.put_in_turn({kind: number for kind, number in counts.items() if not kind.accessible})
    while filling.left:
        kind = min(filling.left, key=_largest)
        filling.left -= Counter([kind])
        if not (filling.put_one(kind, by=filling.tightness) or filling.put_instead(kind)):
            return None
    return tuple(dict(+load) for load in filling.loads)


def fit_most(
    kinds: Sequence[Kind], carriages: Sequence[Carriage], *, purse: Purse
) -> tuple[tuple[Load, ...], Counter[Kind], int]:
    """Seat as many heads as possible: the loads, what stays behind, and how many heads have to at least.

    Of equal size, those who stand first in ``kinds`` are seated first.
    """
    shapes = [Kind(NOBODY, 0, kind.size, kind.accessible) for kind in kinds]
    first = _Filling(carriages)
    for shape in sorted(shapes, key=_largest):
        first.put_one(shape, by=first.tightness)
    slots, most = seat_most(Counter(shapes), carriages, start=first.loads, purse=purse)
    room = sum((Counter(slot) for slot in slots), Counter[Kind]())
    seated: dict[Kind, list[Kind]] = defaultdict(list)
    left: Counter[Kind] = Counter()
    for kind, shape in zip(kinds, shapes, strict=True):
        if len(seated[shape]) < room[shape]:
            seated[shape].append(kind)
        else:
            left[kind] += 1
    queues = {shape: iter(sorted(members, key=_neighbours)) for shape, members in seated.items()}
    loads = tuple(
        Counter(next(queues[shape]) for shape, number in slot.items() for _ in range(number))
        for slot in slots
    )
    return loads, left, sum(kind.size for kind in kinds) - most


def _largest(kind: Kind) -> tuple[int, Kind]:
    return -kind.size, kind


def _neighbours(kind: Kind) -> tuple[int, int]:
    return kind.stop, kind.employer


class _Filling:
    """Carriages as they fill; ``left`` are the parties put nowhere yet."""

    def __init__(self, carriages: Sequence[Carriage]) -> None:
        self.loads: list[Counter[Kind]] = [Counter() for _ in carriages]
        self.left: Counter[Kind] = Counter()
        self._carriages = carriages
        self._free = [carriage.seats for carriage in carriages]

    def put_one(self, kind: Kind, *, by: Callable[[Kind, int], tuple[int, ...]]) -> bool:
        """Put one party where it fits best; whether it fits at all."""
        places = [
            place
            for place, carriage in enumerate(self._carriages)
            if self._free[place] >= kind.size
            and (not kind.accessible or (carriage.accessible and self._takes(place)))
        ]
        if places:
            self._put(kind, 1, place=max(places, key=lambda place: by(kind, place)))
        return bool(places)

    def _takes(self, place: int) -> bool:
        """Whether one more accessible party may ride there."""
        most = self._carriages[place].wheelchairs
        held = sum(number for kind, number in self.loads[place].items() if kind.accessible)
        return most is None or held < most

    def company(self, kind: Kind, place: int) -> tuple[int, ...]:
        """Whether its employer and stop are there already, then the most room."""
        load = self.loads[place]
        employer = any(other.employer == kind.employer for other in load)
        return employer, any(other.stop == kind.stop for other in load), self._free[place]

    def tightness(self, _kind: Kind, place: int) -> tuple[int, ...]:
        """Where the fewest seats stay free."""
        return (-self._free[place],)

    def put_instead(self, kind: Kind) -> bool:
        """Put a party where most seats are free and smaller ones leave; they are left to be put elsewhere."""
        place = max(range(len(self._free)), key=lambda place: (self._free[place], -place), default=None)
        if place is None:
            return False
        while self._free[place] < kind.size:
            short = kind.size - self._free[place]
            smaller = [
                other for other in +self.loads[place] if other.size < kind.size and not other.accessible
            ]
            if not smaller:
                return False
            leaves = min(smaller, key=lambda other: (abs(other.size - short), other))
            self._put(leaves, -1, place=place)
            self.left[leaves] += 1
        self._put(kind, 1, place=place)
        return True

    def put_in_turn(self, counts: Mapping[Kind, int]) -> None:
        """Fill the largest carriages first, with the largest employers that fit whole, then with a part."""
        stops: dict[int, dict[int, Counter[Kind]]] = defaultdict(lambda: defaultdict(Counter[Kind]))
        for kind, number in sorted(counts.items()):
            stops[kind.stop][kind.employer][kind] = number
        places = sorted(range(len(self._free)), key=lambda place: (-self._free[place], place))
        for employers in sorted(stops.values(), key=lambda groups: -sum(map(_heads, groups.values()))):
            waiting: list[Counter[Kind]] = sorted(employers.values(), key=_heads, reverse=True)
            while waiting and places:
                place = places[0]
                whole = next((group for group in waiting if _heads(group) <= self._free[place]), None)
                self._put_group(waiting[-1] if whole is None else whole, place=place)
                waiting = [group for group in waiting if group]
                if whole is None:
                    places.pop(0)
            for group in waiting:
                self.left += group

    def _put_group(self, group: Counter[Kind], *, place: int) -> None:
        """As many parties of a group as fit, the largest first; what was put is taken from the group."""
        for kind in sorted(group, key=_largest):
            number = min(group[kind], self._free[place] // kind.size)
            if number:
                self._put(kind, number, place=place)
                group[kind] -= number
            if not group[kind]:
                del group[kind]

    def _put(self, kind: Kind, number: int, *, place: int) -> None:
        self.loads[place][kind] += number
        self._free[place] -= kind.size * number


def _heads(group: Mapping[Kind, int]) -> int:
    return sum(kind.size * number for kind, number in group.items())
