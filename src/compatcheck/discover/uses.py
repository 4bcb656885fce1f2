"""What the code of one version of a service says: what it serves, what it calls, and where that is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """A line of code. `path` is relative to the repository's top; `text` is the line, trimmed and cut."""

    path: str
    line: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Provided:
    """A gRPC service (full name) that the code registers."""

    service: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """A gRPC service that the code calls."""

    service: str
    """Full name."""
    method: str = ""
    """Simple name as in the schema. Empty: which methods it calls could not be followed."""
    evidence: tuple[Evidence, ...] = ()
    """Where it is called; where the stub is made if the method is not known."""
    addresses: tuple[str, ...] = ()
    """What the code says of where the service is: names of variables (`CART_ADDR`), host names, as written."""


@dataclass(frozen=True, slots=True)
class Uses:
    """What a version of a service serves and calls, as far as its code says."""

    provides: tuple[Provided, ...] = ()
    calls: tuple[Called, ...] = ()
    missing: tuple[str, ...] = ()
    """What could not be read and may hold more, in words: a file with a broken line, one that is too large."""
    exists: bool = True
    """False: its folder is not in that revision. It serves nothing and calls nothing."""
