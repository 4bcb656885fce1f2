"""The program as its entry point starts it, and JSON by its published schema."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Protocol

import pytest
from jsonschema import Draft202012Validator

from compatcheck.cli.main import main
from shops import Shop


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


class Run(Protocol):
    def __call__(self, shop: Shop, *arguments: str) -> Done: ...


def valid(document: str, schema: str) -> Mapping[str, object]:
    """The document, after the published schema accepted it."""
    published = json.loads((files("compatcheck.report") / schema).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(published)
    loaded: Mapping[str, object] = json.loads(document)
    Draft202012Validator(published).validate(loaded)
    return loaded


def player(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run(shop, "pairs", ...)`: runs the program in the folder of the shop."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "GITHUB_", "CI"))]:
        monkeypatch.delenv(name)

    def play(shop: Shop, *arguments: str) -> Done:
        monkeypatch.chdir(shop.path)
        monkeypatch.setenv("HOME", shop.env["HOME"])
        monkeypatch.setenv("COLUMNS", "100")
        monkeypatch.setattr(sys, "argv", ["compatcheck", *arguments])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        assert isinstance(code, int) or code is None
        return Done(code or 0, *capsys.readouterr())

    return play
