"""The options of the suite."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the expected results of the tests anew")


@pytest.fixture
def rewrites(request: pytest.FixtureRequest) -> bool:
    """Whether expected results are written anew instead of compared."""
    return bool(request.config.getoption("golden"))
