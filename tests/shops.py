"""Scratch repositories with services in them: real git, with short ways to fill one and to ask about it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compatcheck.usecases.ask import ground
from compatcheck.usecases.ground import Ground


def clean_environment(home: Path) -> dict[str, str]:
    """The variables of a user without git configuration, outside of any hook or CI."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    person = {"NAME": "Ann", "EMAIL": "ann@example.com", "DATE": "2026-01-01T00:00:00Z"}
    git = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()}
    return {**kept, **git, "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


@dataclass(frozen=True)
class Shop:
    """A repository in a folder, with short ways to fill it and to ask about it."""

    path: Path
    env: Mapping[str, str]

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.path, env=self.env, check=True, capture_output=True)

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def release(self, files: Mapping[str, str], *tags: str) -> None:
        """Write files, commit everything and tag it."""
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", " ".join(tags) or "step")
        for tag in tags:
            self.git("tag", tag)

    def ground(self) -> Ground:
        return ground(None, None, {name: self.env[name] for name in ("PATH", "HOME")}, self.path)
