"""What all tests share: laws repeat exactly, a slow machine is not a failure, kernels are compiled first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from planner.solvers.routing.compiled import prepare

if TYPE_CHECKING:
    from pathlib import Path

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-golden`` writes sentences anew; ``--tiny`` is the number of problems for brute force."""
    parser.addoption("--update-golden", action="store_true", default=False)
    parser.addoption("--tiny", type=int, default=24, metavar="N", help="tiny problems per test at most")


@pytest.fixture(scope="session")
def tiny(pytestconfig: pytest.Config) -> int:
    """Tiny problems that a test by brute force draws at most, 24 or more."""
    asked = pytestconfig.getoption("--tiny")
    assert isinstance(asked, int)
    return max(asked, 24)


@pytest.fixture(scope="session")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the solvers' kernels before a test with a clock: a search cannot wait for a compiler."""
    folder = tmp_path_factory.getbasetemp().parent / "kernels"
    prepare(folder)
    return folder
