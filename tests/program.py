"""Runs the program as a user does, and holds it to what it owes everybody: no traceback, no raw escape codes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from jsonschema import Draft202012Validator

from compatcheck.report.json_text import Json
from repositories import Repository

SERVED = """syntax = "proto3";
package shop.v1;
service Items {
  rpc Get(Key) returns (Item);
}
message Key {
  string sku = 1;
}
message Item {
  string sku = 1;
  int64 price = 2;
}
"""
RETYPED = SERVED.replace("int64 price", "string price")
"""Breaks `SERVED` in both directions: one error, `field-type-changed`."""
GROWN = SERVED.replace("int64 price = 2;", "int64 price = 2;\n  string note = 3;")
"""Adds a field: a note."""
OTHER = SERVED.replace("shop.v1", "shop.v2")
OTHER_RETYPED = RETYPED.replace("shop.v1", "shop.v2")


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Mapping[str, Json]:
        """The JSON on stdout, which has to be as the published schema says."""
        document = cast(Mapping[str, Json], json.loads(self.out))
        _schema().validate(document)
        return document

    @property
    def findings(self) -> list[dict[str, Json]]:
        """The findings of a JSON document."""
        return cast(list[dict[str, Json]], self.document["findings"])

    @property
    def rules(self) -> list[str]:
        return [str(one["rule"]) for one in self.findings]

    @property
    def unknown(self) -> list[str]:
        """The paths of a JSON document that could not be compared."""
        return [str(one["path"]) for one in cast(list[dict[str, Json]], self.document["unknown"])]


def compatcheck(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    """Run it to its end; `env` comes on top of the variables of this process."""
    done = subprocess.run(
        [sys.executable, "-m", "compatcheck", *arguments],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "100", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    ended = Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in ended.err, ended.err
    for line in (ended.out + ended.err).split("\n") if "--color" not in arguments else ():
        assert not any(char < " " or "\x7f" <= char < "\xa0" for char in line), repr(line)
    return ended


def check(
    repository: Repository, *arguments: str, cwd: str = ".", env: Mapping[str, str] | None = None
) -> Ended:
    return compatcheck("check", *arguments, cwd=repository.path / cwd, env=env)


def refused(ended: Ended, *said: str) -> None:
    """The user's mistake is told in a line, and one more that says what to do."""
    assert ended.code == 2, ended
    assert ended.out == ""
    lines = ended.err.splitlines()
    assert len(lines) in (1, 2), ended.err
    assert lines[0].startswith("compatcheck: ")
    assert all(line.startswith("  ") for line in lines[1:])
    for words in said:
        assert words in ended.err


@contextmanager
def untouched(*folders: Path) -> Iterator[None]:
    """Nothing below the folders is written, made or removed."""
    before = [_contents(folder) for folder in folders]
    yield
    for folder, held in zip(folders, before, strict=True):
        assert _contents(folder) == held


def _contents(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Path -> mode, time of the last change in nanoseconds, content."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        status = path.lstat()
        data = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        found[os.fspath(path)] = (status.st_mode, status.st_mtime_ns, data)
    return found


@cache
def _schema() -> Draft202012Validator:
    from importlib.resources import files

    text = files("compatcheck.report").joinpath("check.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(cast(dict[str, Json], json.loads(text)))
