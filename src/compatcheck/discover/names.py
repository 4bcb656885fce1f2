"""Links what code calls a gRPC service (`CartServiceClient`'s `CartService`) to a service of the schemas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_INFRASTRUCTURE = re.compile(
    r"(?:grpc\.(?:health|reflection|channelz|lb|binarylog)|envoy|opentelemetry\.proto\.collector)\."
)
_WELL_KNOWN = (
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    "grpc.channelz.v1.Channelz",
)
"""Services that code may use without having their schemas: their names must not be taken for others."""


def is_infrastructure(service: str) -> bool:
    """Whether a gRPC service (full name) serves the plumbing: it makes no edge between services."""
    return _INFRASTRUCTURE.match(service) is not None


def folded(name: str) -> str:
    """A name as it compares over languages: without case and underscores."""
    return name.replace("_", "").lower()


def method_of(methods: Sequence[str], name: str, affixes: Sequence[tuple[str, str]] = ()) -> str | None:
    """The method that code means by `name`, which may wear one of the affixes; None if there is none."""
    written = folded(name)
    by_name = {folded(method): method for method in methods}
    if written in by_name:
        return by_name[written]
    for prefix, suffix in affixes:
        before, after = folded(prefix), folded(suffix)
        if written.startswith(before) and written.endswith(after):
            bare = written[len(before) : len(written) - len(after)]
            if bare in by_name:
                return by_name[bare]
    return None


def services_named(
    known: Mapping[str, tuple[str, ...]], symbol: str, hints: Iterable[str]
) -> tuple[str, ...]:
    """The full names that `symbol` may stand for: none, one, or several that nothing tells apart.

    `symbol` is a simple name or as much of the full name as the code says, dotted. `hints` are texts that may
    name the package (an import path, an alias, the packages that a file imports), most telling first. The first
    that fits just one decides. Services of infrastructure are never among them.
    """
    parts = [folded(part) for part in symbol.split(".")]
    named = [name for name in known if folded(name.rpartition(".")[2]) == parts[-1]]
    if not named:
        return ()
    named += [
        name for name in _WELL_KNOWN if name not in known and folded(name.rpartition(".")[2]) == parts[-1]
    ]
    told = [".".join(parts[:-1]), *hints] if len(parts) > 1 else list(hints)
    for hint in told:
        if len(named) == 1:
            break
        named = _fitting(named, hint) or named
    own = tuple(sorted(name for name in named if not is_infrastructure(name)))
    return own if own or len(named) > 1 else ()


def _fitting(names: Sequence[str], hint: str) -> list[str]:
    """Those whose package the hint names in full; else those of whose package it names what sets them apart."""
    words: set[str] = set()
    squeezed: set[str] = set()
    for line in hint.splitlines():
        said = [folded(word) for word in re.findall(r"[A-Za-z0-9]+", line)]
        words.update(said)
        squeezed.update(
            "".join(said[start:end]) for start in range(len(said)) for end in range(start + 1, start + 8)
        )
    packages = {name: [folded(part) for part in name.split(".")[:-1]] for name in names}
    full = [name for name in names if packages[name] and "".join(packages[name]) in squeezed]
    if full:
        longest = max(len(packages[name]) for name in full)
        return [name for name in full if len(packages[name]) == longest]
    common = set.intersection(*(set(parts) for parts in packages.values()))
    apart = {name: set(packages[name]) - common for name in names}
    fitting = [name for name in names if apart[name] and apart[name] <= words]
    most = max((len(apart[name]) for name in fitting), default=0)
    return [name for name in fitting if len(apart[name]) == most]
