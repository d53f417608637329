import pytest

import planner


def test_public_names_are_there() -> None:
    for name in planner.__all__:
        assert getattr(planner, name).__name__ == name


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        getattr(planner, "noth" + "ing")
