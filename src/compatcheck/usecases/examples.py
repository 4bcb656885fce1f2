"""Finds the examples that come with the program: each rule's, and the demo's."""

from __future__ import annotations

from pathlib import Path

from compatcheck.errors import UsageError


def folder(name: str) -> Path:
    """A folder of `fixtures/`: inside an installed package, or in the checkout around it."""
    package = Path(__file__).resolve().parents[1]
    for fixtures in (package / "fixtures", package.parents[1] / "fixtures"):
        if (fixtures / name).is_dir():
            return fixtures / name
    raise UsageError(f"this installation lacks its examples ({name})", "install compatcheck again")


def of_rule(rule_id: str) -> tuple[str, str]:
    """The old and the new text of a rule's example."""
    example = folder("rules") / rule_id
    return (
        (example / "old.proto").read_text(encoding="utf-8"),
        (example / "new.proto").read_text(encoding="utf-8"),
    )
