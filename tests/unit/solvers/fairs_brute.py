"""Tiny seasons of fairs, and the plan worth most by looking at all of them: nothing of the solver is used.

Posts filled are the least cut of each sector's flow, over every set of fairs. Slots and guests are tried in
all ways that keep the rules; those that promise less than was found already are passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations
from random import Random

from planner.solvers.fairs import Employer, Fair, FairsProblem, Slot, Venue, Village, Weights, Wish

FAIRS = 6
_MOST_SLOTS = 12
Plan = tuple[Fair, ...]


def random_problem(dice: Random) -> FairsProblem:
    """Up to 6 fairs, 8 days, 5 venues, few slots in all; every rule binds now and then."""
    while True:
        problem = _draw(dice)
        if sum(len(_own_slots(problem, number)) for number in range(len(problem.wishes))) <= _MOST_SLOTS:
            return _lock(dice, problem)


def _draw(dice: Random) -> FairsProblem:
    days, venues, sectors = dice.randint(1, 8), dice.randint(1, 5), dice.randint(1, 2)
    employers, villages, pools = dice.randint(0, 3), dice.randint(0, 3), dice.randint(0, 2)
    counts = [dice.randint(1, 3) for _ in range(dice.randint(1, 3))]
    while sum(counts) > FAIRS:
        counts.pop()
    return FairsProblem(
        days=days,
        venues=tuple(_venue(dice, days) for _ in range(venues)),
        villages=tuple(
            Village(
                seekers=tuple(dice.choice((0, 1, 3, 8)) for _ in range(sectors)),
                worth_fen=dice.choice((0, 10, 30)),
            )
            for _ in range(villages)
        ),
        employers=tuple(_employer(dice, days, venues=venues, sectors=sectors) for _ in range(employers)),
        wishes=tuple(
            _wish(dice, days, count=count, shape=(venues, sectors, employers, pools)) for count in counts
        ),
        reach_permille=tuple(
            tuple(dice.choice((0, 250, 500, 1000)) for _ in range(villages)) for _ in range(venues)
        ),
        neighbours=frozenset({(0, 1)} if dice.random() < 0.6 else ()),
        gap_days=dice.randint(0, 3),
        closed=frozenset(day for day in range(days) if dice.random() < 0.15),
        pools=tuple(tuple(dice.choice((1, 1, 2)) for _ in range(days)) for _ in range(pools)),
        crowd=dice.choice((6, 1000)),
        crowd_first=dice.randrange(days),
        weights=Weights(
            post_fen=tuple(dice.choice((20, 50, 90)) for _ in range(sectors)),
            missing_fen=dice.choice((0, 60, 1000)),
            idle_fen=dice.choice((0, 25)),
        ),
    )


def _venue(dice: Random, days: int) -> Venue:
    return Venue(
        visitors=dice.choice((4, 9, 100)),
        booths=dice.randint(0, 3),
        bonus_fen=tuple(dice.choice((0, 0, 40)) for _ in range(days)),
        township=dice.choice((None, 0, 0, 1, 2)),
        closed=frozenset(day for day in range(days) if dice.random() < 0.1),
        cost_fen=dice.choice((0, 30, 90)),
    )


def _employer(dice: Random, days: int, *, venues: int, sectors: int) -> Employer:
    return Employer(
        posts=tuple(dice.choice((0, 1, 2, 5)) for _ in range(sectors)),
        days=frozenset(day for day in range(days) if dice.random() < 0.8),
        travel_fen=tuple(dice.choice((None, 0, 15, 40)) for _ in range(venues)),
        booths=dice.choice((0, 1, 1, 2)),
        most=dice.randint(0, 3),
    )


def _wish(dice: Random, days: int, *, count: int, shape: tuple[int, int, int, int]) -> Wish:
    venues, sectors, employers, pools = shape
    first = dice.randrange(days)
    chosen = dice.random() < 0.3
    return Wish(
        count=count,
        venues=tuple(dice.sample(range(venues), dice.randint(1, venues))),
        first=first,
        last=dice.randint(first, days - 1),
        least=dice.randint(0, count),
        sectors=frozenset({dice.randrange(sectors)}) if dice.random() < 0.3 else None,
        employers=frozenset(n for n in range(employers) if dice.random() < 0.7) if chosen else None,
        draw_permille=dice.choice((500, 1000, 1600)),
        needs=tuple(dice.choice((0, 1, 1, 2)) for _ in range(pools)),
        cost_fen=dice.choice((0, 20)),
        spaced=dice.random() < 0.8,
    )


def _lock(dice: Random, problem: FairsProblem) -> FairsProblem:
    """Now and then a fixed fair, lawful or not, and a previous plan."""

    def any_fair() -> Fair:
        wish = dice.randrange(len(problem.wishes))
        slot = Slot(wish, dice.randrange(len(problem.venues)), dice.randrange(problem.days))
        known = range(len(problem.employers))
        return Fair(slot=slot, employers=tuple(n for n in known if dice.random() < 0.3))

    fixed = [any_fair() for _ in range(dice.choice((0, 0, 0, 1, 2)))]
    previous = {fair.slot: fair for fair in [any_fair() for _ in range(dice.choice((0, 0, 2)))]}
    own = [slot for number in range(len(problem.wishes)) for slot in _own_slots(problem, number)]
    if previous and own:
        kept = dice.choice(own)
        previous[kept] = Fair(slot=kept, employers=tuple(range(len(problem.employers))))
    weights = replace(problem.weights, moved_fen=dice.choice((0, 80)), rebooked_fen=dice.choice((0, 35)))
    gone = {fair.slot.wish for fair in previous.values()}
    spared_fen = min(weights.moved_fen, weights.missing_fen)
    wishes = [replace(w, spared_fen=spared_fen if n in gone else 0) for n, w in enumerate(problem.wishes)]
    return replace(
        problem,
        wishes=tuple(wishes),
        weights=weights,
        fixed=tuple({fair.slot: fair for fair in fixed}.values()),
        previous=tuple(previous.values()),
    )


@cache
def heads_at(problem: FairsProblem, slot: Slot) -> dict[tuple[int, int], int]:
    """Who comes by village and sector: shares rounded down village by village, sectors in turn."""
    wish, venue = problem.wishes[slot.wish], problem.venues[slot.venue]
    sectors = [s for s in range(problem.sectors) if wish.sectors is None or s in wish.sectors]
    millionths = [
        min(permille * wish.draw_permille, 10**6) for permille in problem.reach_permille[slot.venue]
    ]
    come = sum(
        part * sum(village.seekers[s] for s in sectors)
        for part, village in zip(millionths, problem.villages, strict=True)
    )
    found: dict[tuple[int, int], int] = {}
    for number, (part, village) in enumerate(zip(millionths, problem.villages, strict=True)):
        before, people = 0, 0
        for sector in sectors:
            people += village.seekers[sector]
            wanted = part * people
            after = wanted * venue.visitors // come if come > venue.visitors * 10**6 else wanted // 10**6
            found[number, sector] = after - before
            before = after
    return {key: heads for key, heads in found.items() if heads}


@cache
def _own_slots(problem: FairsProblem, wish: int) -> list[Slot]:
    asked = problem.wishes[wish]
    found: list[Slot] = []
    for venue in asked.venues:
        crowd = sum(heads_at(problem, Slot(wish, venue, 0)).values()) >= problem.crowd
        for day in range(asked.first, asked.last + 1):
            shut = day in problem.closed or day in problem.venues[venue].closed
            if not shut and not (crowd and day < problem.crowd_first):
                found.append(Slot(wish, venue, day))
    return found


def _clash(problem: FairsProblem, one: Slot, other: Slot) -> bool:
    if (one.venue, one.day) == (other.venue, other.day):
        return True
    towns = {problem.venues[one.venue].township, problem.venues[other.venue].township}
    spaced = problem.wishes[one.wish].spaced and problem.wishes[other.wish].spaced
    near = len(towns) == 1 or tuple(sorted(t for t in towns if t is not None)) in problem.neighbours
    return spaced and None not in towns and near and abs(one.day - other.day) < problem.gap_days


def faults(problem: FairsProblem, plan: Plan) -> list[str]:
    """What a plan breaks that fixed fairs do not excuse."""
    fixed = {fair.slot: set(fair.employers) for fair in problem.fixed}
    slots = [fair.slot for fair in plan]
    found = [f"lost {slot}" for slot in fixed if slot not in slots]
    found += [f"lost {fair.slot} guests" for fair in plan if fixed.get(fair.slot, set()) - {*fair.employers}]
    found += [f"twice {slot}" for slot, count in Counter(slots).items() if count > 1]
    free = [slot for slot in slots if slot not in fixed]
    found += [f"slot {slot}" for slot in free if slot not in _own_slots(problem, slot.wish)]
    for one, other in combinations(slots, 2):
        if _clash(problem, one, other) and not (one in fixed and other in fixed):
            found.append(f"clash {one} {other}")
    for number, wish in enumerate(problem.wishes):
        held = sum(slot.wish == number for slot in slots)
        if held > max(wish.count, sum(slot.wish == number for slot in fixed)):
            found.append(f"count {number}")
    for pool, stock in enumerate(problem.pools):
        for day, most in enumerate(stock):
            used, kept = (
                sum(problem.wishes[slot.wish].needs[pool] for slot in some if slot.day == day)
                for some in (slots, fixed)
            )
            if used > max(most, kept):
                found.append(f"pool {pool} {day}")
    return found + _guest_faults(problem, plan, fixed)


def _guest_faults(problem: FairsProblem, plan: Plan, fixed: dict[Slot, set[int]]) -> list[str]:
    found: list[str] = []
    for fair in plan:
        kept, venue = fixed.get(fair.slot, set()), problem.venues[fair.slot.venue]
        wanted = problem.wishes[fair.slot.wish].employers
        for number in set(fair.employers) - kept:
            employer = problem.employers[number]
            barred = employer.travel_fen[fair.slot.venue] is None or employer.booths > venue.booths
            if barred or fair.slot.day not in employer.days or not (wanted is None or number in wanted):
                found.append(f"guest {number} {fair.slot}")
        booths, taken = (sum(problem.employers[n].booths for n in some) for some in (fair.employers, kept))
        if booths > max(venue.booths, taken):
            found.append(f"booths {fair.slot}")
    for number, employer in enumerate(problem.employers):
        days = [fair.slot.day for fair in plan if number in fair.employers]
        kept_days = [slot.day for slot, guests in fixed.items() if number in guests]
        if len(days) > max(employer.most, len(kept_days)):
            found.append(f"visits {number}")
        found += [f"day {number} {day}" for day in days if days.count(day) > max(kept_days.count(day), 1)]
    return found


def worth(problem: FairsProblem, plan: Plan) -> int:
    """What a plan is worth, reckoned anew."""
    weights = problem.weights
    heads = [heads_at(problem, fair.slot) for fair in plan]
    total = _fixed_part(problem, plan)
    for i, village in enumerate(problem.villages):
        for s, seekers in enumerate(village.seekers):
            total += village.worth_fen * min(seekers, sum(h.get((i, s), 0) for h in heads))
    for s in range(problem.sectors):
        total += weights.post_fen[s] * _filled(problem, plan, heads, s)
    total -= sum(
        problem.employers[n].travel_fen[fair.slot.venue] or 0 for fair in plan for n in fair.employers
    )
    there = {n for fair in plan for n in fair.employers}
    total -= weights.idle_fen * sum(
        sum(e.posts) > 0 and n not in there for n, e in enumerate(problem.employers)
    )
    by_slot = {fair.slot: set(fair.employers) for fair in plan}
    for fair in problem.previous:
        if fair.slot in by_slot:
            total -= weights.rebooked_fen * len(set(fair.employers) - by_slot[fair.slot])
    return total


def _fixed_part(problem: FairsProblem, plan: Plan) -> int:
    """Whatever does not depend on who comes."""
    total = 0
    for fair in plan:
        venue = problem.venues[fair.slot.venue]
        total += venue.bonus_fen[fair.slot.day] - venue.cost_fen - problem.wishes[fair.slot.wish].cost_fen
    for number, wish in enumerate(problem.wishes):
        lacking = wish.least - sum(fair.slot.wish == number for fair in plan)
        total -= (problem.weights.missing_fen - wish.spared_fen) * max(lacking, 0)
    held = {fair.slot for fair in plan}
    return total - problem.weights.moved_fen * sum(fair.slot not in held for fair in problem.previous)


def _filled(problem: FairsProblem, plan: Plan, heads: Sequence[dict[tuple[int, int], int]], s: int) -> int:
    """Least cut: some fairs on the side of the villages, the others on that of the posts."""
    least: int | None = None
    for size in range(len(plan) + 1):
        for near in combinations(range(len(plan)), size):
            cut = sum(
                min(
                    village.seekers[s],
                    sum(heads[f].get((i, s), 0) for f in range(len(plan)) if f not in near),
                )
                for i, village in enumerate(problem.villages)
            )
            cut += sum(
                min(employer.posts[s], sum(employer.posts[s] for f in near if n in plan[f].employers))
                for n, employer in enumerate(problem.employers)
            )
            least = cut if least is None else min(least, cut)
    return least or 0


def best_worth(problem: FairsProblem) -> int:
    """What the best plan is worth."""
    choices = sorted(((_promise(problem, slots), slots) for slots in _choices(problem)), reverse=True)
    best: int | None = None
    for promise, slots in choices:
        if best is not None and promise <= best:
            break
        for plan in _plans(problem, slots):
            value = worth(problem, plan)
            best = value if best is None else max(best, value)
    assert best is not None
    return best


def _promise(problem: FairsProblem, slots: tuple[Slot, ...]) -> int:
    """No less than a plan with those slots can be worth: everybody comes, for nothing."""
    everybody = tuple(range(len(problem.employers)))
    plan = tuple(Fair(slot=slot, employers=everybody) for slot in slots)
    travel = sum(problem.employers[n].travel_fen[fair.slot.venue] or 0 for fair in plan for n in everybody)
    return worth(problem, plan) + travel


def _choices(problem: FairsProblem) -> Iterator[tuple[Slot, ...]]:
    """All sets of slots that keep the rules, the fixed ones among them."""
    fixed = tuple(fair.slot for fair in problem.fixed)
    guests = {fair.slot: fair.employers for fair in problem.fixed}
    free = [
        slot
        for number in range(len(problem.wishes))
        for slot in _own_slots(problem, number)
        if slot not in fixed
    ]

    def grow(chosen: tuple[Slot, ...], start: int) -> Iterator[tuple[Slot, ...]]:
        plan = tuple(Fair(slot=slot, employers=guests.get(slot, ())) for slot in chosen)
        if faults(problem, plan):
            return
        yield chosen
        for number in range(start, len(free)):
            yield from grow((*chosen, free[number]), number + 1)

    yield from grow(fixed, 0)


def _plans(problem: FairsProblem, slots: tuple[Slot, ...]) -> Iterator[Plan]:
    """All ways to have employers at slots that keep the rules."""
    fixed = {fair.slot: set(fair.employers) for fair in problem.fixed}

    def grow(plan: Plan) -> Iterator[Plan]:
        if len(plan) == len(slots):
            if not faults(problem, plan):
                yield plan
            return
        slot = slots[len(plan)]
        kept = fixed.get(slot, set())
        others = [n for n in range(len(problem.employers)) if n not in kept]
        for size in range(len(others) + 1):
            for chosen in combinations(others, size):
                longer = (*plan, Fair(slot=slot, employers=tuple(sorted((*kept, *chosen)))))
                if not _guest_faults(problem, longer, fixed):
                    yield from grow(longer)

    yield from grow(())
