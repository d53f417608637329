"""How many posts can be filled at the fairs of a plan: exactly, as a maximum flow for each sector.

Heads flow from villages through the fairs they come to, to the employers there. A sector's posts are all
worth the same, so the most heads are the most worth; capacities are whole, so the heads are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from ortools.graph.python import max_flow

from planner.errors import SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


class Meeting(NamedTuple):
    """One fair: ``heads`` of ``seekers`` (village * sectors + sector) come to it, and employers."""

    seekers: Ints
    heads: Ints
    employers: tuple[int, ...]


class Filled(NamedTuple):
    """Posts filled by fair and sector, and by employer and sector."""

    by_fair: Ints
    by_employer: Ints


class Flow(NamedTuple):
    """Who is met where: rows of fair, seeker and heads; posts filled: fair, employer, sector and posts."""

    going: Ints
    filled: Ints


def fill_posts(meetings: Sequence[Meeting], *, seekers: Ints, posts: Ints) -> Filled:
    """Fill as many ``posts`` (employer and sector) as can be, each once, by ``seekers``, each once.

    Raises SolverError where the library fails.
    """
    flow = flow_posts(meetings, seekers=seekers, posts=posts).filled
    filled = Filled(np.zeros((len(meetings), posts.shape[1]), dtype=np.int64), np.zeros_like(posts))
    np.add.at(filled.by_fair, (flow[:, 0], flow[:, 2]), flow[:, 3])
    np.add.at(filled.by_employer, (flow[:, 1], flow[:, 2]), flow[:, 3])
    return filled


def flow_posts(meetings: Sequence[Meeting], *, seekers: Ints, posts: Ints) -> Flow:
    """The same, seeker by seeker and employer by employer. Raises SolverError where the library fails."""
    sectors = posts.shape[1]
    fair = 2 + seekers.size
    post = fair + len(meetings) * sectors
    arcs = [np.zeros((0, 3), dtype=np.int64)]
    for number, meeting in enumerate(meetings):
        guests = np.array(meeting.employers, dtype=np.int64)
        offered = posts[guests]
        met = (offered.sum(axis=0) > 0)[meeting.seekers % sectors]
        coming = meeting.seekers[met]
        arcs.append(_arcs(2 + coming, fair + number * sectors + coming % sectors, meeting.heads[met]))
        row, sector = np.nonzero(offered)
        ends = post + guests[row] * sectors + sector
        arcs.append(_arcs(fair + number * sectors + sector, ends, offered[row, sector]))
    inner = np.concatenate(arcs)
    come = np.unique(inner[inner[:, 0] < fair, 0])
    open_posts = np.unique(inner[inner[:, 1] >= post, 1])
    outer = _arcs(np.zeros_like(come), come, seekers[come - 2])
    last = _arcs(open_posts, np.ones_like(open_posts), posts.reshape(-1)[open_posts - post])
    flows = _flow(np.concatenate([inner, outer, last]))[: len(inner)]
    enter, leave = inner[:, 0] < fair, inner[:, 0] >= fair
    site, offer = inner[leave, 0] - fair, inner[leave, 1] - post
    return Flow(
        going=np.stack([(inner[enter, 1] - fair) // sectors, inner[enter, 0] - 2, flows[enter]], axis=1),
        filled=np.stack([site // sectors, offer // sectors, offer % sectors, flows[leave]], axis=1),
    )


def _arcs(tails: Ints, heads: Ints, most: Ints) -> Ints:  # noqa: PLR0917  # columns
    return np.stack([tails, heads, most], axis=1)


def _flow(arcs: Ints) -> Ints:
    """The flow of each arc of a greatest flow from node 0 to node 1."""
    if not arcs.size:
        return np.zeros(0, dtype=np.int64)
    solver = cast("Any", max_flow.SimpleMaxFlow())  # its stubs want arrays of one shape
    nodes = arcs[:, :2].astype(np.int32)
    numbers = solver.add_arcs_with_capacity(nodes[:, 0], nodes[:, 1], arcs[:, 2])
    status = solver.solve(0, 1)
    if status != solver.OPTIMAL:
        raise SolverError("fairs", str(status))
    return np.asarray(solver.flows(numbers), dtype=np.int64)
