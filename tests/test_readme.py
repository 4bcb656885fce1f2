"""What the README shows is what the program prints, on the shop that the demo builds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from compatcheck.usecases.demo import build

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SHOWN = [
    (command, output.rstrip("\n"))
    for block in re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for command, output in re.findall(r"^\$ compatcheck (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    build(folder, os.environ)
    return folder


def test_the_readme_shows_the_four_questions() -> None:
    assert [command.split()[0] for command, _ in SHOWN] == ["check", "explain", "pairs", "can-i-deploy"]


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_the_readme_shows_real_output(shop: Path, command: str, output: str) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "FORCE_"))
    }
    environment |= {"COLUMNS": "100", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "compatcheck", *command.split()],
        cwd=shop,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.rstrip("\n") == output
