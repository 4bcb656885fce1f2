"""The early way out of a hook: one git call says whether anything that matters differs; no GitPython."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_CONFIGURATION = frozenset({b"compatcheck.toml", b"pyproject.toml"})
_LINK_OR_SUBMODULE = frozenset({b"120000", b"160000"})
_EITHER = ("-z", "--raw", "--no-renames", "--no-relative", "--ignore-submodules=none")


def nothing_relevant(old_rev: str | None, new_rev: str | None, cwd: str | Path) -> bool:
    """Whether no `.proto` file, configuration, link or submodule differs between the two sides.

    `old_rev` None is HEAD, `new_rev` None is the index (GIT_INDEX_FILE is honoured). Any doubt is False:
    an unknown revision, a git that is too old or missing, an unborn HEAD.
    """
    old = old_rev or "HEAD"
    # What names several commits would make one of them the other side.
    if any(mark in side for side in (old, new_rev or "") for mark in ("..", "^!", "^@", "^-")):
        return False
    if old.startswith("^") or (new_rev or "").startswith("^"):
        return False
    if new_rev is None:
        arguments = ["diff-index", "--cached", "--ita-invisible-in-index", *_EITHER, "--end-of-options", old]
    else:
        arguments = ["diff-tree", "-r", *_EITHER, "--end-of-options", old, new_rev]
    environment = {
        **os.environ,
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
    }
    try:
        answer = subprocess.run(
            ["git", *arguments, "--"],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, ValueError):
        return False
    # Each change is ":MODE MODE ID ID STATUS", NUL, path, NUL.
    fields = answer.stdout.split(b"\0")
    if answer.returncode != 0 or len(fields) % 2 == 0:
        return False
    return not any(_matters(meta, path) for meta, path in zip(fields[:-1:2], fields[1::2], strict=True))


def _matters(meta: bytes, path: bytes) -> bool:
    if path.endswith(b".proto") or path.rpartition(b"/")[2] in _CONFIGURATION:
        return True
    modes = meta[1:].split(b" ")[:2]
    return any(mode in _LINK_OR_SUBMODULE for mode in modes)
