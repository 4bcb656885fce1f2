"""How code that is generated for a language names what a gRPC service is there: stubs, bases, registrations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from compatcheck.discover.code import File


class Role(Enum):
    """What a name of generated code stands for."""

    STUB = "stub"
    """A stub: what makes one when it is called, or the type of one."""
    SERVED = "served"
    """What serves once it is registered: a base class of implementations, or a definition of a service."""
    REGISTER = "register"
    """A function that registers an implementation: its being called makes the service served."""


@dataclass(frozen=True, slots=True)
class Meaning:
    role: Role
    service: str
    """What the code calls the gRPC service: a simple name (`CartService`), or as much of the full name as it says."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language: how to read it, and the conventions of its generated code. All functions are pure."""

    name: str
    """As people write it: `Go`."""
    suffixes: tuple[str, ...]
    """Of files: `.go`."""
    read: Callable[[str], File]
    """Text of a file -> what it says. Never raises on any text: see `File.broken`."""
    called: Callable[[tuple[str, ...]], Meaning | None]
    """What a call of a function or class of generated code does, by its dotted name after imports are
    resolved: `("pb", "NewCartServiceClient")`. Whether there is such a service is not asked here."""
    typed: Callable[[tuple[str, ...]], Meaning | None]
    """What a declared type or a base class means: `("pb", "CartServiceClient")`."""
    registrars: frozenset[str] = frozenset()
    """Functions and methods, by simple name, that make what they are given (as an argument, a type argument or
    a mark of a class) served, if it is SERVED: `addService`, `MapGrpcService`, `GrpcService`."""
    affixes: tuple[tuple[str, str], ...] = ()
    """Prefixes and suffixes that a method's name may wear: `("", "Async")`, `("PrepareAsync", "")`. Case and
    underscores are never told apart."""
    generated: tuple[str, ...] = ()
    """Globs of file names that generators write: `*.pb.go`. Such files are not read as code."""
    tests: tuple[str, ...] = ()
    """Globs of paths within a service's folder that hold tests, which are not deployed: `*_test.go`."""
    imports: Callable[[str], tuple[str, ...]] | None = None
    """Text of a file -> the modules that it imports, as it writes them; None where their names do not say where
    their files are."""
