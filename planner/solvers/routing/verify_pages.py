"""Labels that the second opinion on bounds has kept, by node, in pages that are compared as a whole.

A page is laid out field by field and compared without a branch, which compilers turn into a few wide
instructions: labels are compared with all others at their node, of whatever cost.
"""
# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

from planner.solvers.routing.verify_subsets import Held, may_owe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

COST, LEFT, SPAN, CLOCK, MEMORY, SEEN, LINK, FIELDS = range(8)
"""Columns of a label: cost so far, ride seconds left, seconds since the start, earliest time, remembered
visits as bits of the place in the last one's neighbourhood, subset rows seen, the next of its list."""

PAGE: Final = 32
_COMPARED: Final = 6
_NOBODY: Final = 2**62
"""Cost of a place on a page where no label is."""


class Pages(NamedTuple):
    """What is kept; ``after`` chains the pages of a node, ``filled`` counts their labels."""

    fields: Ints
    """``[page, field, place]``."""
    after: Ints
    filled: Ints
    last: Ints
    """By node the page that is being filled, -1 for none; last of all, how many pages are in use."""


def open_pages(nodes: int, *, pages: int) -> Pages:
    """Empty pages."""
    return Pages(
        fields=np.full((pages, _COMPARED, PAGE), _NOBODY, dtype=np.int64),
        after=np.full(pages, -1, dtype=np.int64),
        filled=np.zeros(pages, dtype=np.int64),
        last=np.array([-1] * nodes + [0], dtype=np.int64),
    )


def more_pages(pages: Pages) -> Pages:
    """The same with twice the room."""
    empty = open_pages(0, pages=len(pages.after))
    return Pages(
        fields=np.concatenate([pages.fields, empty.fields]),
        after=np.concatenate([pages.after, empty.after]),
        filled=np.concatenate([pages.filled, empty.filled]),
        last=pages.last,
    )


@njit(cache=True)
def covered(label: Ints, node: int, fields: Ints, after: Ints, page: int, held: Held) -> bool:  # noqa: PLR0917  # numba kernels take arrays by position
    """Whether every way on from the label is open to one kept at its node, at no higher cost."""
    cost, left, span, clock = label[COST], label[LEFT], label[SPAN], label[CLOCK]
    others, unseen = ~label[MEMORY], ~label[SEEN]
    while page >= 0:
        own, any_one, any_free = fields[page], 0, 0
        for place in range(PAGE):
            no_worse = (
                (own[COST, place] <= cost)
                & (own[LEFT, place] >= left)
                & (own[SPAN, place] <= span)
                & (own[CLOCK, place] <= clock)
                & ((own[MEMORY, place] & others) == 0)
            )
            any_one |= no_worse
            any_free |= no_worse & ((own[SEEN, place] & unseen) == 0)
        if any_free or (any_one and _covered_paying(label, node, own, held)):
            return True
        page = after[page]
    return False


@njit(cache=True)
def _covered_paying(label: Ints, node: int, own: Ints, held: Held) -> bool:  # noqa: PLR0917  # as above
    """The same of one page, by a label that may have to pay for rows of which it has seen more."""
    for place in range(PAGE):
        if (
            own[COST, place] <= label[COST]
            and own[LEFT, place] >= label[LEFT]
            and own[SPAN, place] <= label[SPAN]
            and own[CLOCK, place] <= label[CLOCK]
            and own[MEMORY, place] & ~label[MEMORY] == 0
            and own[COST, place] + may_owe(own[SEEN, place], label[SEEN], node, held) <= label[COST]
        ):
            return True
    return False


@njit(cache=True)
def keep(label: Ints, node: int, pages: Pages) -> None:  # noqa: PLR0917  # as above
    """Put a label on its node's page; there must be a free one."""
    page = pages.last[node]
    if page < 0 or pages.filled[page] == PAGE:
        pages.after[pages.last[-1]] = page
        page = pages.last[-1]
        pages.last[node] = page
        pages.last[-1] += 1
    for field in range(_COMPARED):
        pages.fields[page, field, pages.filled[page]] = label[field]
    pages.filled[page] += 1
