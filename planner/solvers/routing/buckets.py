"""Labels of a search and where they are kept: buckets by load and visit, cheapest first, compiled.

A few labels a bucket are linked; all of them lie in blocks side by side in memory, where comparing them
is quicker than following links. One that another is nowhere worse than is not kept.
"""
# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from numba import njit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

VISIT: Final = 0
LOAD: Final = 1
RIDE: Final = 2
SPAN: Final = 3
COST: Final = 4
MEMORY: Final = 5
PARENT: Final = 6
LINK: Final = 7
FIELDS: Final = 8

NEXT_LOAD: Final = 0
NEXT_VISIT: Final = 1
USED: Final = 2
BLOCKS: Final = 3
WORK: Final = 4
FULL: Final = 5
AT: Final = 6

BLOCK: Final = 32
"""Labels kept side by side in memory, since following a link takes longer than comparing."""
KEPT: Final = 5
"""What of a label is compared there, cost, ride, span, memory, and its number."""
FILLED: Final = 0
AFTER: Final = 1
CHAIN: Final = 2


@njit(cache=True, nogil=True)
def _insert_few(labels: Ints, heads: Ints, at: Ints, width: int) -> None:  # noqa: PLR0917  # as above
    """Put label ``USED`` into its bucket, cheapest first, unless another is nowhere worse but for memory."""
    number = at[USED]
    visit, load = labels[number, VISIT], labels[number, LOAD]
    cost, ride, span = labels[number, COST], labels[number, RIDE], labels[number, SPAN]
    before, other, place = -1, heads[load, visit], 0
    while other >= 0 and labels[other, COST] <= cost:
        at[WORK] += 1
        place += 1
        if place == width or (labels[other, RIDE] <= ride and labels[other, SPAN] <= span):
            return
        before, other = other, labels[other, LINK]
    labels[number, LINK] = other
    if before < 0:
        heads[load, visit] = number
    else:
        labels[before, LINK] = number
    at[USED] += 1
    before = number
    while other >= 0:
        at[WORK] += 1
        place += 1
        after = labels[other, LINK]
        if place == width or (labels[other, RIDE] >= ride and labels[other, SPAN] >= span):
            labels[before, LINK] = after
        else:
            before = other
        other = after


@njit(cache=True, nogil=True)
def is_dominated(labels: Ints, blocks: Ints, chains: Ints, at: Ints, number: int, block: int) -> bool:  # noqa: PLR0917  # as above
    """Whether a label of these blocks is nowhere worse than one."""
    cost, ride = labels[number, COST], labels[number, RIDE]
    span, others = labels[number, SPAN], ~labels[number, MEMORY]
    while block >= 0:
        base = block * (KEPT * BLOCK)
        for place in range(base, base + KEPT * chains[block, FILLED], KEPT):
            at[WORK] += 1
            if blocks[place] > cost:
                return False
            if blocks[place + 1] <= ride and blocks[place + 3] & others == 0 and blocks[place + 2] <= span:
                return True
        block = chains[block, AFTER]
    return False


@njit(cache=True, nogil=True)
def _open(chains: Ints, at: Ints, after: int) -> int:  # noqa: PLR0917  # as above
    """A new block, empty, before another."""
    new = at[BLOCKS]
    at[BLOCKS] += 1
    chains[new, FILLED], chains[new, AFTER] = 0, after
    return new


@njit(cache=True, nogil=True)
def _halve(blocks: Ints, chains: Ints, at: Ints, block: int) -> int:  # noqa: PLR0917  # as above
    """Move the dearer half of a full block to a new one after it; which that is."""
    new, half = _open(chains, at, chains[block, AFTER]), BLOCK // 2
    for place in range(half * KEPT):
        blocks[new * (KEPT * BLOCK) + place] = blocks[block * (KEPT * BLOCK) + half * KEPT + place]
    chains[block, AFTER] = new
    chains[block, FILLED] = chains[new, FILLED] = half
    return new


@njit(cache=True, nogil=True)
def keep(labels: Ints, blocks: Ints, chains: Ints, at: Ints, number: int, first: int) -> int:  # noqa: PLR0917  # as above
    """Put a label into blocks by cost, cheapest first; which block is now the first."""
    cost = labels[number, COST]
    if first < 0:
        first = _open(chains, at, -1)
    block = first
    while chains[block, AFTER] >= 0 and blocks[chains[block, AFTER] * (KEPT * BLOCK)] <= cost:
        block = chains[block, AFTER]
    if chains[block, FILLED] == BLOCK:
        new = _halve(blocks, chains, at, block)
        if blocks[new * (KEPT * BLOCK)] <= cost:
            block = new
    base = block * (KEPT * BLOCK)
    place = base + KEPT * chains[block, FILLED]
    while place > base and blocks[place - KEPT] > cost:
        for field in range(KEPT):
            blocks[place + field] = blocks[place - KEPT + field]
        place -= KEPT
    blocks[place], blocks[place + 1] = cost, labels[number, RIDE]
    blocks[place + 2], blocks[place + 3] = labels[number, SPAN], labels[number, MEMORY]
    blocks[place + 4] = number
    chains[block, FILLED] += 1
    return first


@njit(cache=True, nogil=True)
def insert(labels: Ints, heads: Ints, blocks: Ints, chains: Ints, at: Ints, width: int) -> None:  # noqa: PLR0917  # as above
    """Put label ``USED`` into its bucket unless it is dominated there."""
    if width > 0:
        _insert_few(labels, heads, at, width)
        return
    number = at[USED]
    visit, load = labels[number, VISIT], labels[number, LOAD]
    first = int(heads[load, visit])
    if not is_dominated(labels, blocks, chains, at, number, first):
        heads[load, visit] = keep(labels, blocks, chains, at, number, first)
        at[USED] += 1
