"""A folder that cannot be listed: what lies below it is undecided, and never taken for removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from program import OTHER, RETYPED, SERVED, compatcheck

_LONGEST = 4096
"""Bytes in a path, its end included, that Linux takes: a longer one is for nobody, not even for root."""


NEW = f"new{'-' * 200}"


@pytest.fixture
def hidden(tmp_path: Path) -> str:
    """Folders `old` and `NEW` of the same files, and the path in both of one that cannot be listed in `NEW`.

    Its path is just too long there, since the name of `NEW` is longer than the other.
    """
    length = _LONGEST - len(os.fsencode(tmp_path / NEW)) - 1
    whole = (length - 1) // 201
    steps = [*["d" * 200] * whole, "e" * (length - 201 * whole)]
    for name in ("old", NEW):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.proto").write_text(SERVED)
        folder = os.open(tmp_path / name, os.O_RDONLY)
        for step in steps:
            os.mkdir(step, dir_fd=folder)
            above, folder = folder, os.open(step, os.O_RDONLY, dir_fd=folder)
            os.close(above)
        with open(os.open("b.proto", os.O_WRONLY | os.O_CREAT, dir_fd=folder), "w") as file:
            file.write(OTHER)
        os.close(folder)
    return "/".join(steps)


@pytest.mark.parametrize("new", [NEW, "old"])
def test_what_a_folder_hides_on_either_side_is_undecided(hidden: str, tmp_path: Path, new: str) -> None:
    old = "old" if new == NEW else NEW
    done = compatcheck("check", f"./{new}", "--against", f"./{old}", "--format", "json", cwd=tmp_path)
    assert (done.code, done.rules, done.unknown) == (3, [], [hidden])
    (tmp_path / NEW / "a.proto").write_text(RETYPED)
    done = compatcheck("check", f"./{new}", "--against", f"./{old}", "--format", "json", cwd=tmp_path)
    assert (done.code, done.rules, done.unknown) == (1, ["field-type-changed"], [hidden])


def test_a_folder_that_is_excluded_hides_nothing(hidden: str, tmp_path: Path) -> None:
    for name in ("old", NEW):
        (tmp_path / name / "compatcheck.toml").write_text(f'exclude = ["{"d" * 200}/"]\n')
    done = compatcheck("check", f"./{NEW}", "--against", "./old", "--format", "json", cwd=tmp_path)
    assert (done.code, done.rules, done.unknown) == (0, [], [])
    assert hidden in done.out


def test_a_link_that_leads_nowhere_hides_nothing(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.proto").write_text(SERVED)
    (tmp_path / "new" / "vendor").symlink_to("/nowhere")
    done = compatcheck("check", "./new", "--against", "./old", cwd=tmp_path)
    assert done.code == 0
    assert "skipped: vendor: a link that leads out of the source" in done.out
