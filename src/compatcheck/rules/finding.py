"""A finding: what a rule makes of a change, as a value that every report shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from compatcheck.reads.calls import Side
from compatcheck.reads.effects import DirectedEffect
from compatcheck.schema.locations import Location


class Severity(IntEnum):
    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class Break(Enum):
    """Who breaks while old and new versions are live together."""

    OLD_CLIENT_NEW_SERVER = "old-client/new-server"
    NEW_CLIENT_OLD_SERVER = "new-client/old-server"


class Order(Enum):
    """In which order a rollout is safe, as far as one method is concerned."""

    ANY = "any"
    SERVERS_FIRST = "servers-first"
    CLIENTS_FIRST = "clients-first"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reached:
    """A method that a change reaches: it is what changed, or its messages hold the changed element."""

    method: str
    side: Side
    breaks: tuple[Break, ...]
    path: tuple[str, ...] = ()
    """Fields from the request or response down to the changed element; empty for the call itself."""


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    severity: Severity
    element: str
    """The full name of the element that changed (as the new side calls it, if it still has it)."""
    path: str
    """The file that the finding is shown in: the new one, or the old one if the file is gone."""
    location: Location | None
    """Where it stands in the new source; for a removed element, what contained it. None without source."""
    old_location: Location | None
    source_line: str
    """The first line of `location`, for a code frame; empty without source."""
    old_source: str
    """What stood at `old_location` (its first line, stripped); empty without source."""
    message: str
    help: str
    """What to do instead, in one sentence."""
    effects: tuple[DirectedEffect, ...]
    methods: tuple[Reached, ...]
    breaks: tuple[Break, ...]
    """Who breaks on any of the methods; nobody where no method reaches the change."""
    fingerprint: str
    """Stable while rule, element and change stay the same, wherever lines move: 16 hexadecimal digits."""
