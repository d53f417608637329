"""The font is found, and what it cannot draw is known before printing."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports.fonts import find_font, find_uncovered, list_uncovered
from planner.errors import ExportError


def test_the_packaged_font_has_simplified_shapes() -> None:
    assert find_font().family.endswith(" SC")


def test_a_configured_font_comes_first() -> None:
    packaged = find_font()
    assert find_font(packaged.path) == packaged


def test_a_configured_font_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"gone\.ttf"):
        find_font(tmp_path / "gone.ttf")


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"not a font")
    with pytest.raises(ExportError, match=r"broken\.ttf"):
        find_font(broken)


@pytest.mark.parametrize("name", ["张三丰", "㼆𠮷䶮翀", "阿依夏木·吐尔逊", "镕喆赟犇骉淼", "Li Hua 169"])
def test_names_in_use_are_covered(name: str) -> None:
    assert find_uncovered(name, font=find_font()) == ""


def test_characters_the_font_lacks_are_named_once_in_order() -> None:
    assert find_uncovered("\U0002eb89刘\U0002ebf0\U0002eb89", font=find_font()) == "\U0002eb89\U0002ebf0"


def test_names_to_write_by_hand_are_listed_once() -> None:
    odd = "刘\U0002eb89"
    assert list_uncovered(["张三", odd, "李四", odd], font=find_font()) == (odd,)
