"""The code on a sheet can be read from an office laser's paper."""

from __future__ import annotations

import re

import pytest

from exports.qr import SIDE_MM, draw_code
from planner.errors import ExportError


def test_dots_are_half_a_millimetre_or_more() -> None:
    box = re.search(
        r'width="(\d+)" height="(\d+)"', draw_code("breeze dongkou-2020 v12 0a1b2c3d manifest 166")
    )
    assert box is not None
    across, down = (int(side) for side in box.groups())
    assert across == down
    assert SIDE_MM / across >= 0.5


def test_a_text_too_long_for_that_is_refused() -> None:
    with pytest.raises(ExportError):
        draw_code("x" * 100)
