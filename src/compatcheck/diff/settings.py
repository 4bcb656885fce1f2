"""What a comparison depends on beside the two schemas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from compatcheck.reads.json import JsonSettings


def _no(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Settings:
    json: JsonSettings = field(default_factory=JsonSettings)
    languages: frozenset[str] | None = None
    """The languages that code is generated for; None for all."""
    options: frozenset[str] = frozenset()
    """Full names of the options that are declared to have a meaning."""
    travels_in_any: Callable[[str], bool] = _no
    """Whether messages of a type, by its full name, are known to be packed in `google.protobuf.Any`."""
