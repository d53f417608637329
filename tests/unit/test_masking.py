from __future__ import annotations

import pytest

from planner.masking import mask_id, mask_name, mask_personal, mask_phone


def test_the_defaults_of_the_house() -> None:
    assert mask_id("430525199001019973") == "4305**********9973"
    assert mask_phone("16900000000") == "169****0000"
    assert mask_name("张小华") == "张*华"
    assert mask_name("张三") == "张*"
    assert mask_name("欧阳修远") == "欧**远"


@pytest.mark.parametrize("mask", [mask_id, mask_phone, mask_name])
def test_what_is_too_short_to_mask_shows_nothing(mask: object) -> None:
    assert callable(mask)
    assert mask("") == ""
    assert mask("1") == "*"


def test_numbers_inside_a_text_are_masked_and_codes_are_not() -> None:
    text = "村 430525107201 号码430525199001019973,旧 430525900101997 电话16900000000。"
    assert (
        mask_personal(text) == "村 430525107201 号码4305**********9973,旧 4305*******1997 电话169****0000。"
    )
