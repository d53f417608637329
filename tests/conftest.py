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
    """``--update-golden`` writes the sentences that tests compare with anew."""
    parser.addoption("--update-golden", action="store_true", default=False)


@pytest.fixture(scope="session")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the solvers' kernels before a test with a clock: a search cannot wait for a compiler."""
    folder = tmp_path_factory.getbasetemp().parent / "kernels"
    prepare(folder)
    return folder
