"""Filters, points, shelves of like posts and prices: the compiled heart of matching.

numba keeps a compiled function until its own file changes: all that the functions call is in this file.
"""
# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from planner.solvers.matching.problem import Ints

OPEN: Final = 0
AGE: Final = 1
SEX: Final = 2
SKILL: Final = 3
WAGE: Final = 4
DESTINATION: Final = 5
"""The first filter that keeps a person from a post, in the order in which they are asked."""
FAR: Final = 1 << 60


class Market(NamedTuple):
    """People and posts as the kernels want them; ``go`` is the points of a destination, -1 where closed.

    ``alone`` is the points of a person without a post, ``change`` of one who was offered another.
    """

    age: Ints
    skills: Ints
    floor: Ints
    sex: Ints
    offered: Ints
    go: Ints
    alone: Ints
    youngest: Ints
    oldest: Ints
    need: Ints
    wage: Ints
    where: Ints
    asks: Ints
    base: Ints
    idle: int
    change: int


class Shelves(NamedTuple):
    """Posts that differ in wage only stand on one shelf, the shelves of a destination side by side.

    ``first[shelf]`` and ``front[destination]`` begin a shelf and a destination; ``kind[shelf]`` is any post
    of it. ``order`` is by shelf and ``value``; ``pay`` is the wage.
    """

    front: Ints
    first: Ints
    kind: Ints
    order: Ints
    value: Ints
    pay: Ints


class Hand(NamedTuple):
    """Posts that a person has in hand, their lots, and a tally of four figures."""

    post: Ints
    lot: Ints
    tally: Ints


_MANY: Final = 0
_LEAST: Final = 1
_LIMIT: Final = 2
_BEAT: Final = 3


@njit(cache=True)
def _bits(word: int) -> int:
    many = 0
    while word:
        word &= word - 1
        many += 1
    return many


@njit(cache=True)
def _chance(p: int, post: int) -> int:
    """A number of 32 bits that looks drawn, the same whenever asked (end of MurmurHash3)."""
    word = (p * 0x9E3779B1 + post * 0x27D4EB2F + 1) & 0xFFFFFFFF
    word = ((word ^ (word >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    word = ((word ^ (word >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return word ^ (word >> 16)


@njit(cache=True)
def refuse(m: Market, p: int, j: int) -> int:  # noqa: PLR0917  # a kernel
    """The first filter between a person and a post, OPEN where there is none."""
    if m.age[p] >= 0 and (m.age[p] < m.youngest[j] or m.age[p] > m.oldest[j]):
        return AGE
    if m.asks[j] != 0 and m.sex[p] != 0 and m.asks[j] != m.sex[p]:
        return SEX
    if m.need[j] & ~m.skills[p]:
        return SKILL
    if m.wage[j] < m.floor[p]:
        return WAGE
    return DESTINATION if m.go[p, m.where[j]] < 0 else OPEN


@njit(cache=True)
def rate(m: Market, p: int, j: int) -> int:  # noqa: PLR0917  # a kernel
    """The points of a person in a post that is open."""
    points = m.go[p, m.where[j]] + m.base[j] + m.idle * _bits(m.skills[p] & ~m.need[j])
    if m.offered[p] >= 0 and m.offered[p] != j:
        points += m.change
    return points


@njit(cache=True)
def rate_all(m: Market, people: Ints, posts: Ints) -> Ints:  # noqa: PLR0917  # a kernel
    """The points of pairs, FAR where one is closed and 0 where the post is -1."""
    points = np.zeros(people.size, dtype=np.int64)
    for k in range(people.size):
        if posts[k] >= 0:
            closed = refuse(m, people[k], posts[k]) != OPEN
            points[k] = FAR if closed else rate(m, people[k], posts[k])
    return points


@njit(cache=True)
def refuse_all(m: Market, p: int) -> Ints:
    """The first filter between a person and each post."""
    reasons = np.empty(m.need.size, dtype=np.int64)
    for j in range(m.need.size):
        reasons[j] = refuse(m, p, j)
    return reasons


@njit(cache=True)
def _put(hand: Hand, post: int, lot: int) -> None:  # noqa: PLR0917  # a kernel
    """Keep the least lots; the greatest kept is the one to beat once the hand is full."""
    many = hand.tally[_MANY]
    if many < hand.lot.size:
        hand.post[many], hand.lot[many] = post, lot
        hand.tally[_MANY] = many + 1
    else:
        worst = hand.lot.argmax()
        hand.post[worst], hand.lot[worst] = post, lot
    if hand.tally[_MANY] == hand.lot.size:
        hand.tally[_BEAT] = min(hand.tally[_BEAT], hand.lot.max())


@njit(cache=True)
def _offer(hand: Hand, p: int, post: int, value: int) -> None:  # noqa: PLR0917  # a kernel
    """Draw a lot for a post; the least lots stay in the hand."""
    hand.tally[_LEAST] = min(hand.tally[_LEAST], value)
    lot = _chance(p, post)
    if lot < hand.tally[_BEAT]:
        _put(hand, post, lot)


@njit(cache=True)
def _browse(m: Market, s: Shelves, hand: Hand, p: int, shelf: int) -> None:  # noqa: PLR0917  # a kernel
    """Draw among the posts of one shelf that are below the limit."""
    kind = s.kind[shelf]
    start = m.go[p, m.where[kind]] + m.idle * _bits(m.skills[p] & ~m.need[kind])
    if m.offered[p] >= 0:
        start += m.change
    for place in range(s.first[shelf], s.first[shelf + 1]):
        value, post = start + s.value[place], s.order[place]
        if value >= hand.tally[_LIMIT]:
            break
        if s.pay[place] >= m.floor[p] and post != m.offered[p]:
            _offer(hand, p, post, value)


@njit(cache=True)
def _until(pay: Ints, value: Ints, low: int, high: int, floor: int, room: int) -> int:  # noqa: PLR0917  # a kernel
    """The first place from ``low`` that pays less than the floor or is not below the room; both get worse."""
    if pay[high - 1] >= floor and value[high - 1] < room:
        return high
    while low < high:
        middle = (low + high) // 2
        if pay[middle] >= floor and value[middle] < room:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True)
def _open(m: Market, s: Shelves, p: int, end: Ints, at: Ints) -> int:  # noqa: PLR0917  # a kernel
    """How many shelves a person may choose from, which (``at``), and how many posts up to each (``end``)."""
    many, whole = 0, 0
    for where in range(m.go.shape[1]):
        if m.go[p, where] >= 0:
            for shelf in range(s.front[where], s.front[where + 1]):
                kind = s.kind[shelf]
                if refuse(m, p, kind) in (OPEN, WAGE):
                    room = m.alone[p] - rate(m, p, kind) + m.base[kind]
                    first = s.first[shelf]
                    reach = _until(s.pay, s.value, first, s.first[shelf + 1], m.floor[p], room) - first
                    if reach:
                        whole += reach
                        at[many], end[many] = shelf, whole
                        many += 1
    return many


@njit(cache=True)
def deal(m: Market, s: Shelves, most: int) -> tuple[Ints, Ints]:  # noqa: PLR0917  # a kernel
    """By person, how many posts and which: by lot from equal parts of all that are better than being alone.

    ``s`` must be without prices, equal values by wage. The post offered earlier comes first.
    """
    people, end, at = m.age.size, np.zeros(s.kind.size + 1, np.int64), np.zeros(s.kind.size + 1, np.int64)
    many, posts = np.zeros(people, np.int64), np.full((people, most), -1)
    for p in range(people):
        shelves, old = _open(m, s, p, end[1:], at[1:]), m.offered[p]
        if old >= 0 and refuse(m, p, old) == OPEN:
            many[p], posts[p, 0] = 1, old
        parts, shelf = min(most - many[p], end[shelves]), 1
        for part in range(parts):
            low, high = part * end[shelves] // parts, (part + 1) * end[shelves] // parts
            lot = low + _chance(p, part) % (high - low)
            while end[shelf] <= lot:
                shelf += 1
            post = s.order[s.first[at[shelf]] + lot - end[shelf - 1]]
            if post != old:
                posts[p, many[p]] = post
                many[p] += 1
    return many, posts


@njit(cache=True)
def draw(m: Market, s: Shelves, prices: Ints, limit: Ints, most: int) -> tuple[Ints, Ints, Ints]:  # noqa: PLR0917  # a kernel
    """By person, how many posts of points and price below the limit, these posts, and the least sum.

    ``s.value`` must hold points and prices of posts. Where there are more than ``most``, so many are drawn;
    the post offered earlier is always among them.
    """
    people = m.age.size
    many, posts, least = np.zeros(people, np.int64), np.full((people, most), -1), limit.copy()
    for p in range(people):
        hand = Hand(posts[p], np.empty(most, np.int64), np.zeros(4, np.int64))
        hand.tally[_LIMIT], hand.tally[_LEAST], hand.tally[_BEAT] = limit[p], limit[p], FAR
        old = m.offered[p]
        if old >= 0 and refuse(m, p, old) == OPEN and rate(m, p, old) + prices[old] < limit[p]:
            hand.tally[_LEAST] = rate(m, p, old) + prices[old]
            _put(hand, old, -1)
        for where in range(m.go.shape[1]):
            if m.go[p, where] >= 0:
                for shelf in range(s.front[where], s.front[where + 1]):
                    kind = s.kind[shelf]
                    if refuse(m, p, kind) in (OPEN, WAGE):
                        ahead = rate(m, p, kind) - m.base[kind]
                        if ahead + s.value[s.first[shelf]] < limit[p]:
                            _browse(m, s, hand, p, shelf)
        many[p], least[p] = hand.tally[_MANY], hand.tally[_LEAST]
    return many, posts, least


class Ledger(NamedTuple):
    """A flow and its prices: ``first`` begins the pairs of a person, ``chosen`` is the pair taken or -1."""

    first: Ints
    post: Ints
    points: Ints
    alone: Ints
    chosen: Ints
    quota: Ints
    used: Ints
    prices: Ints


class _Queue(NamedTuple):
    """Posts whose price rose, first in first out; ``ends`` are head and tail."""

    posts: Ints
    inside: Ints
    ends: Ints


@njit(cache=True)
def _ask(b: Ledger, q: _Queue, p: int) -> bool:  # noqa: PLR0917  # a kernel
    """Raise what a person would rather have until he would not; whether that could be done."""
    have = b.alone[p]
    if b.chosen[p] >= 0:
        have = b.points[b.chosen[p]] + b.prices[b.post[b.chosen[p]]]
    if have > b.alone[p]:
        return False
    for arc in range(b.first[p], b.first[p + 1]):
        j, worth = b.post[arc], have - b.points[arc]
        if worth > b.prices[j]:
            if b.used[j] < b.quota[j]:
                return False
            b.prices[j] = worth
            if not q.inside[j]:
                q.inside[j], q.posts[q.ends[1]] = 1, j
                q.ends[1] = (q.ends[1] + 1) % q.posts.size
    return True


@njit(cache=True)
def raise_prices(b: Ledger, holders: Ints, start: Ints) -> int:  # noqa: PLR0917  # a kernel
    """Raise ``b.prices`` from 0 to the least at which all are content: -1, or a person who never is.

    ``holders`` are people by post, from ``start``. A price rises whenever somebody would rather have the post
    than what he has: Bellman and Ford's labels, first in first out. Where the flow is not the cheapest,
    somebody's price rises above what being alone costs, so it always ends.
    """
    posts = b.quota.size
    q = _Queue(np.empty(posts + 1, np.int64), np.zeros(posts, np.int64), np.zeros(2, np.int64))
    for p in range(b.alone.size):
        if not _ask(b, q, p):
            return p
    while q.ends[0] != q.ends[1]:
        j = q.posts[q.ends[0]]
        q.ends[0], q.inside[j] = (q.ends[0] + 1) % q.posts.size, 0
        for k in range(start[j], start[j + 1]):
            if not _ask(b, q, holders[k]):
                return holders[k]
    return -1


class Standing(NamedTuple):
    """A plan: the ``post`` of each person or -1, ``have`` its points and price, ``still`` who stays put."""

    post: Ints
    prices: Ints
    have: Ints
    still: Ints


@njit(cache=True)
def make_way(m: Market, plan: Standing, j: int, far: int, dist: Ints) -> bool:  # noqa: PLR0917  # a kernel
    """Shorten ``dist`` of the posts whose people would go to post ``j``, which is ``far``; last are the idle.

    False where somebody would rather be there than where he is: then the plan is not the best there is.
    """
    honest, idle = True, plan.prices.size
    for q in range(plan.post.size):
        if plan.still[q] == 0 and plan.post[q] != j and refuse(m, q, j) == OPEN:
            more = rate(m, q, j) + plan.prices[j] - plan.have[q]
            honest &= more >= 0
            here = plan.post[q] if plan.post[q] >= 0 else idle
            dist[here] = min(dist[here], far + max(more, 0))
    return honest


@njit(cache=True)
def meet(m: Market, prices: Ints, quota: Ints, members: Ints, venue: Ints) -> Ints:  # noqa: PLR0917  # a kernel
    """What a group would pay, points and prices, at each venue, FAR where not all find a place there.

    ``venue`` is of each post. Each member in turn takes the best that those before him left.
    """
    venues = venue.max() + 1
    total, left = np.zeros(venues, np.int64), quota.copy()
    for p in members:
        least, best = np.full(venues, FAR), np.full(venues, -1)
        for j in range(quota.size):
            if left[j] > 0 and total[venue[j]] < FAR and refuse(m, p, j) == OPEN:
                value = rate(m, p, j) + prices[j]
                if value < least[venue[j]]:
                    least[venue[j]], best[venue[j]] = value, j
        for v in range(venues):
            total[v] = min(total[v] + least[v], FAR)
            if best[v] >= 0:
                left[best[v]] -= 1
    return total
