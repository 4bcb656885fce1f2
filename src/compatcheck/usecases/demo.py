"""Builds the demo's shop: a scratch repository with versions of several services, the same every time."""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compatcheck.errors import UsageError
from compatcheck.usecases import examples

_START = 1_767_225_600
"""2026-01-01T00:00:00Z: when the shop opens. Each step comes a day later."""
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Step:
    """A commit of the demo: the folder that is laid over the files before it, its message and tags."""

    folder: str
    message: str
    tags: tuple[str, ...]
    branch: str
    """The branch that starts with this step; empty to stay on the one before."""


def steps(folder: Path) -> tuple[Step, ...]:
    listed = tomllib.loads((folder / "steps.toml").read_text(encoding="utf-8"))["step"]
    return tuple(
        Step(one["folder"], one["message"], tuple(one["tags"]), one.get("branch", "")) for one in listed
    )


def build(target: Path, env: Mapping[str, str], example: str = "demo") -> tuple[Step, ...]:
    """Make a repository of the steps of an example in the empty folder `target`; the last one stays checked out."""
    folder, target = examples.folder(example), target.resolve()
    found = steps(folder)
    _git(target, env, 0, "init", "--quiet", "--initial-branch=main", "--template=")
    for day, step in enumerate(found):
        if step.branch:
            _git(target, env, day, "checkout", "--quiet", "-b", step.branch)
        _lay_over(folder / step.folder, target)
        _git(target, env, day, "add", "--all", "--force")
        _git(target, env, day, "commit", "--quiet", "--message", step.message)
        for tag in step.tags:
            _git(target, env, day, "tag", tag)
    return found


def _lay_over(folder: Path, target: Path) -> None:
    """Copy the files of a step. Fresh times and modes: git takes a file of the old time and size for unchanged."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            copy = target / file.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())


def _git(target: Path, env: Mapping[str, str], day: int, *arguments: str) -> None:
    """Run git on the scratch repository alone: no configuration and no variable of the user's takes part."""
    own = {name: value for name, value in env.items() if not name.startswith("GIT_")}
    moment = f"{_START + day * _DAY} +0000"
    person = {"NAME": "Shop", "EMAIL": "shop@example.com", "DATE": moment}
    own |= {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()}
    own |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    own |= {"GIT_DIR": str(target / ".git"), "GIT_WORK_TREE": str(target), "LC_ALL": "C"}
    command: Sequence[str] = ("git", "-c", "commit.gpgSign=false", "-c", "gc.auto=0", *arguments)
    try:
        subprocess.run(
            command, cwd=target, env=own, stdin=subprocess.DEVNULL, capture_output=True, check=True
        )
    except FileNotFoundError as error:
        raise UsageError("git is not installed, or not on the PATH") from error
    except subprocess.CalledProcessError as error:
        said = os.fsdecode(error.stderr).strip()
        raise UsageError(f"git {arguments[0]} failed in {target}: {said}") from error
