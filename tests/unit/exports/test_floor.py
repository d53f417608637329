"""What broke while a plan was made, in words."""

from __future__ import annotations

import pytest

from exports.floor import say_trouble
from planner.solvers.routing.search import Trouble


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize(("locale", "floor"), [("en", "floor"), ("zh_CN", "下限")])
def test_a_search_that_broke_is_named_and_a_bound_is_called_a_floor(
    trouble: Trouble, locale: str, floor: str
) -> None:
    search, bound = (say_trouble(backend, trouble, locale=locale) for backend in ("ruin", "bound"))
    assert "ruin" in search
    assert floor in bound
    assert floor not in search
