"""The options of the suite, and an environment that is the same for everybody."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the expected results of the tests anew")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """CI systems ask for colours, which would be in every text."""
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def rewrites(request: pytest.FixtureRequest) -> bool:
    """Whether expected results are written anew instead of compared."""
    return bool(request.config.getoption("golden"))
