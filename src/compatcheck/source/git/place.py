"""Finds a repository and fixes the environment in which git commands on it run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from compatcheck.errors import UsageError

# Variables that tie git to one repository (`git rev-parse --local-env-vars` lists these and rarer ones).
# A hook sets some of them; for another repository than the hook's they must not be seen.
_LOCAL = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_PREFIX",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
)

# Nothing is written (not even a refreshed index), nothing is fetched and nobody is asked for a password.
# GIT_NO_LAZY_FETCH is known to git from 2.39.4 on; an older git fails at the protocol instead of the network.
_GUARD = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_GLOB_PATHSPECS": "0",
    "GIT_NOGLOB_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "0",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A local repository. Paths are absolute; `top` is None without a work tree; `algorithm`: its hash."""

    top: str | None
    git_dir: str
    common_dir: str
    algorithm: str
    shallow: bool
    environment: Mapping[str, str]

    @property
    def folder(self) -> str:
        """Where git commands run: the top of the work tree, or the repository itself."""
        return self.top or self.git_dir


def locate(folder: str, env: Mapping[str, str]) -> Place | None:
    """The repository that git sees from `folder` with the variables of `env`; None if there is none.

    A repository that git refuses to touch (someone else owns it) is a UsageError.
    """
    arguments = ["--is-shallow-repository", "--show-object-format", "--absolute-git-dir"]
    arguments += ["--path-format=absolute", "--git-common-dir", "--show-toplevel"]
    try:
        answer = subprocess.run(
            ["git", "rev-parse", *arguments],
            cwd=folder,
            env={**env, **_GUARD, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        if os.path.isdir(folder):
            raise UsageError("git is not installed, or not on the PATH") from error
        return None
    except OSError:
        # Not a directory, not ours to look into, or a name that is too long.
        return None
    # In a bare repository everything but the top is printed before git complains.
    lines = os.fsdecode(answer.stdout).split("\n")[:-1]
    if len(lines) not in (4, 5):
        complaint = os.fsdecode(answer.stderr).strip().split("\n")
        if complaint[0].startswith("fatal: not a git repository"):
            return None
        hint = next(
            (line.strip() for line in complaint if "safe.directory" in line and "git config" in line), ""
        )
        raise UsageError(
            f"git cannot open the repository at {folder}: {complaint[0].removeprefix('fatal: ')}", hint
        )
    shallow, algorithm, git_dir, common_dir, *rest = lines
    top = rest[0] if rest else None
    index_file = os.path.join(top or folder, env.get("GIT_INDEX_FILE") or os.path.join(git_dir, "index"))
    return Place(
        top=top,
        git_dir=git_dir,
        common_dir=os.path.realpath(common_dir),
        algorithm=algorithm,
        shallow=shallow == "true",
        environment=MappingProxyType(_pinned(env, git_dir, common_dir, top, index_file)),
    )


def _pinned(
    env: Mapping[str, str], git_dir: str, common_dir: str, top: str | None, index_file: str
) -> dict[str, str]:
    """The variables that hold git to this repository, whatever the process's own environment says."""
    pinned = {
        **_GUARD,
        "GIT_DIR": git_dir,
        "GIT_INDEX_FILE": index_file,
        "GIT_COMMON_DIR": common_dir,
        "GIT_OBJECT_DIRECTORY": os.path.abspath(
            env.get("GIT_OBJECT_DIRECTORY") or os.path.join(common_dir, "objects")
        ),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": env.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", ""),
        # What `git -c` hands to a hook.
        "GIT_CONFIG_PARAMETERS": env.get("GIT_CONFIG_PARAMETERS", ""),
        "GIT_CONFIG_COUNT": env.get("GIT_CONFIG_COUNT", ""),
    }
    if top is not None:
        pinned["GIT_WORK_TREE"] = top
    return pinned


def locate_other(folder: str, env: Mapping[str, str], cwd: str) -> Place:
    """The repository at `folder`, which the user named; UsageError if there is none.

    A hook's variables belong to the repository of `cwd` and are honoured only if `folder` is that repository.
    """
    free = {name: value for name, value in env.items() if name not in _LOCAL}
    place = locate(folder, free)
    if place is None:
        raise UsageError(
            f"{folder} is not a git repository", "name a folder inside one, or a bare repository"
        )
    if len(free) < len(env):
        own = locate(cwd, env)
        if own is not None and os.path.realpath(own.git_dir) == os.path.realpath(place.git_dir):
            return own
    return place
