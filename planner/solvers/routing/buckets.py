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
SEEN: Final = 8
FIELDS: Final = 9

NEXT_LOAD: Final = 0
NEXT_VISIT: Final = 1
USED: Final = 2
BLOCKS: Final = 3
WORK: Final = 4
FULL: Final = 5
AT: Final = 6

BLOCK: Final = 32
"""Labels kept side by side in memory, since following a link takes longer than comparing."""
KEPT: Final = 6
"""What of a label is compared there, a row each: cost, ride, span, memory, rows seen; and its number."""
NUMBER: Final = 5
EMPTY: Final = 1 << 62
"""Cost of a place that is not filled."""
COMPARED: Final = 6
"""Work of comparing with a block."""
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
def _owe(owed: int, rows: Ints, fen: Ints) -> int:  # noqa: PLR0917  # as above
    """The most that rows by their bits still ask for."""
    most, bit = 0, 0
    while owed:
        if owed & 1:
            most += int(fen[rows[bit]])
        owed >>= 1
        bit += 1
    return most


@njit(cache=True, nogil=True, inline="always")
def is_dominated(  # noqa: PLR0913, PLR0917  # as above
    labels: Ints, blocks: Ints, chains: Ints, at: Ints, rows: Ints, fen: Ints, number: int, block: int
) -> bool:
    """Whether a label of these blocks is nowhere worse than one, whatever rows both will count in.

    A block is compared whole, without a branch, which the compiler turns into a few instructions.
    """
    cost, ride = labels[number, COST], labels[number, RIDE]
    span, others = labels[number, SPAN], ~labels[number, MEMORY]
    here, unseen = labels[number, VISIT], ~labels[number, SEEN]
    while block >= 0 and blocks[block, 0, 0] <= cost:
        at[WORK] += COMPARED
        own, covers, owing = blocks[block], 0, 0
        for place in range(BLOCK):
            no_worse = (
                (own[0, place] <= cost)
                & (own[1, place] <= ride)
                & (own[2, place] <= span)
                & ((own[3, place] & others) == 0)
            )
            owing |= no_worse
            covers |= no_worse & ((own[4, place] & unseen) == 0)
        if covers or (owing and _covers_owing(own, rows[here], fen, cost, ride, span, others, unseen)):
            return True
        block = chains[block, AFTER]
    return False


@njit(cache=True, nogil=True)
def _covers_owing(  # noqa: PLR0913, PLR0917  # as above
    own: Ints, rows: Ints, fen: Ints, cost: int, ride: int, span: int, others: int, unseen: int
) -> bool:
    """Whether a label of one block is no dearer even if it pays for all rows it has seen one more of."""
    for place in range(BLOCK):
        if own[0, place] <= cost and own[1, place] <= ride and own[2, place] <= span:
            owed = own[4, place] & unseen
            if own[3, place] & others == 0 and own[0, place] + _owe(owed, rows, fen) <= cost:
                return True
    return False


@njit(cache=True, nogil=True)
def _open(blocks: Ints, chains: Ints, at: Ints, after: int) -> int:  # noqa: PLR0917  # as above
    """A new block, empty, before another."""
    new = at[BLOCKS]
    at[BLOCKS] += 1
    chains[new, FILLED], chains[new, AFTER] = 0, after
    blocks[new, 0] = EMPTY
    return new


@njit(cache=True, nogil=True)
def _halve(blocks: Ints, chains: Ints, at: Ints, block: int) -> int:  # noqa: PLR0917  # as above
    """Move the dearer half of a full block to a new one after it; which that is."""
    new, half = _open(blocks, chains, at, chains[block, AFTER]), BLOCK // 2
    blocks[new, :, :half] = blocks[block, :, half:]
    blocks[block, 0, half:] = EMPTY
    chains[block, AFTER] = new
    chains[block, FILLED] = chains[new, FILLED] = half
    return new


@njit(cache=True, nogil=True)
def keep(labels: Ints, blocks: Ints, chains: Ints, at: Ints, number: int, first: int) -> int:  # noqa: PLR0917  # as above
    """Put a label into blocks by cost, cheapest first; which block is now the first."""
    cost = labels[number, COST]
    if first < 0:
        first = _open(blocks, chains, at, -1)
    block = first
    while chains[block, AFTER] >= 0 and blocks[chains[block, AFTER], 0, 0] <= cost:
        block = chains[block, AFTER]
    if chains[block, FILLED] == BLOCK:
        new = _halve(blocks, chains, at, block)
        if blocks[new, 0, 0] <= cost:
            block = new
    own, place = blocks[block], chains[block, FILLED]
    while place > 0 and own[0, place - 1] > cost:
        for field in range(KEPT):
            own[field, place] = own[field, place - 1]
        place -= 1
    own[0, place], own[1, place] = cost, labels[number, RIDE]
    own[2, place], own[3, place] = labels[number, SPAN], labels[number, MEMORY]
    own[4, place], own[5, place] = labels[number, SEEN], number
    chains[block, FILLED] += 1
    return first


@njit(cache=True, nogil=True, inline="always")
def insert(  # noqa: PLR0913, PLR0917  # as above
    labels: Ints, heads: Ints, blocks: Ints, chains: Ints, at: Ints, rows: Ints, fen: Ints, width: int
) -> None:
    """Put label ``USED`` into its bucket unless it is dominated there."""
    if width > 0:
        _insert_few(labels, heads, at, width)
        return
    number = at[USED]
    visit, load = labels[number, VISIT], labels[number, LOAD]
    first = int(heads[load, visit])
    if not is_dominated(labels, blocks, chains, at, rows, fen, number, first):
        heads[load, visit] = keep(labels, blocks, chains, at, number, first)
        at[USED] += 1
