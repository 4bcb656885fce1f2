"""The layers of the design hold, and what costs time is not imported before it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
HEAVY = {
    "ast_grep_py",
    "git",
    "networkx",
    "yaml",
    "google.protobuf",
    "grpc_tools",
    "pathspec",
    "jsonschema",
    "importlib.metadata",
}


def test_the_layers_hold() -> None:
    """import-linter reads its contracts from pyproject.toml; its report is the failure message."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 kept, 0 broken" in done.stdout


def imported_by(code: str, cwd: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('\\n'.join(sys.modules))"],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines())


def test_the_command_line_starts_without_anything_heavy() -> None:
    assert not imported_by("import compatcheck.cli.main, compatcheck.cli.check", TOP) & HEAVY


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    (tmp_path / "a.proto").write_text('syntax = "proto3";\nmessage A {}\n')
    git("add", ".")
    git("commit", "-qm", "first")
    (tmp_path / "notes.txt").write_text("nothing to do with schemas\n")
    git("add", ".")
    return tmp_path


RUN_HOOK = """
from click.testing import CliRunner
from compatcheck.cli.main import cli
result = CliRunner().invoke(cli, ["check", "--staged", "--against", "HEAD"])
assert result.exit_code == 0, result.output
assert "No .proto file differs" in result.output, result.output
"""


def test_a_hook_that_finds_no_changed_schema_loads_nothing_heavy(repository: Path) -> None:
    modules = imported_by(RUN_HOOK, repository)
    assert not modules & HEAVY
    assert not {name for name in modules if name.startswith("compatcheck.") and ".rules" in name}
