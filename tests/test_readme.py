"""What the README and the pages of docs show is what the program prints, on the systems in fixtures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from compatcheck.usecases.demo import build

TOP = Path(__file__).parents[1]
PAGES = {"README.md": "demo", "docs/rollouts.md": "system"}
"""Page to the example that its commands were asked of."""


def shown_in(page: str) -> list[tuple[str, str]]:
    """The commands of a page and what it shows of their output."""
    text = (TOP / page).read_text(encoding="utf-8")
    return [
        (command, output.rstrip("\n"))
        for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        for command, output in re.findall(r"^\$ compatcheck (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    ]


SHOWN = [(page, command, output) for page in PAGES for command, output in shown_in(page)]


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for name in PAGES.values():
        found[name] = tmp_path_factory.mktemp(name)
        build(found[name], os.environ, name)
    return found


def test_the_readme_shows_the_five_questions() -> None:
    commands = [command.split()[0] for command, _ in shown_in("README.md")]
    assert commands == ["check", "explain", "pairs", "can-i-deploy", "plan"]


@pytest.mark.parametrize(
    ("page", "command", "output"), SHOWN, ids=[f"{page} {command}" for page, command, _ in SHOWN]
)
def test_pages_show_real_output(examples: dict[str, Path], page: str, command: str, output: str) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "FORCE_"))
    }
    environment |= {"COLUMNS": "100", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "compatcheck", *command.split()],
        cwd=examples[PAGES[page]],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.rstrip("\n") == output
