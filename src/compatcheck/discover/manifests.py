"""What manifests say that variables with addresses hold: compose files, Kubernetes, `.env`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from compatcheck.discover.syntax import parse, unquoted
from compatcheck.discover.uses import Called, Uses
from compatcheck.source.tree import Tree

if TYPE_CHECKING:
    from ast_grep_py import SgNode

Variables = Mapping[str, tuple[str, ...]]
"""Variable to the values that any manifest gives it."""

Manifests = dict[str, tuple[tuple[str, str], ...]]
"""Content id of a manifest -> what it sets, remembered from one tree to the next."""

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_SETTING = re.compile(r"([A-Z][A-Z0-9_]*)=(.+)", re.DOTALL)
_LARGEST = 200_000
"""Bytes. What is larger was generated for a cluster and is not what people write."""
_MOST = 400
"""Files that are looked at, those nearest to the top first."""


def named_in(uses: Uses) -> frozenset[str]:
    """The variables among the addresses that code gives."""
    found = (address for called in uses.calls for address in called.addresses)
    return frozenset(address for address in found if _VARIABLE.fullmatch(address))


def variables_in(tree: Tree, wanted: frozenset[str], cache: Manifests) -> Variables:
    """The values that the manifests of a tree give some variables, in the order of the files."""
    paths = [path for path in tree.files if path.endswith((".yaml", ".yml")) or _is_env(path)]
    chosen = sorted(paths, key=lambda path: (path.count("/"), path))[:_MOST] if wanted else []
    new = [path for path in chosen if tree.files[path] not in cache]
    for path, text in tree.read(new).items() if new else ():
        cache[tree.files[path]] = tuple(_settings(path, text)) if isinstance(text, bytes) else ()
    found: dict[str, dict[str, None]] = {}
    for path in chosen:
        for name, value in cache[tree.files[path]]:
            if name in wanted:
                found.setdefault(name, {})[value] = None
    return {name: tuple(values) for name, values in found.items()}


def _settings(path: str, text: bytes) -> Iterator[tuple[str, str]]:
    if len(text) <= _LARGEST:
        said = text.decode("utf-8", "replace")
        yield from _lines(said) if _is_env(path) else _nodes(said)


def with_values(uses: Uses, variables: Variables) -> Uses:
    """The same uses, where an address that is a variable brings along what manifests say that it holds."""
    return Uses(
        uses.provides,
        tuple(_with_values(called, variables) for called in uses.calls),
        uses.missing,
        uses.exists,
    )


def _with_values(called: Called, variables: Variables) -> Called:
    values = [value for address in called.addresses for value in variables.get(address, ())]
    addresses = tuple(dict.fromkeys((*called.addresses, *values)))
    return Called(called.service, called.method, called.evidence, addresses)


def _is_env(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name == ".env" or name.endswith(".env") or name.startswith(".env.")


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """The settings of a `.env` file: its whole grammar is a line `NAME=value`."""
    for line in text.splitlines():
        setting = _SETTING.fullmatch(line.strip().removeprefix("export "))
        if setting:
            yield setting[1], unquoted(setting[2])


def _nodes(text: str) -> Iterator[tuple[str, str]]:
    """`NAME: value`, `- NAME=value`, and `- name: NAME` with its `value:`."""
    if not _VARIABLE.search(text):
        return
    root = parse(text, "yaml")
    for kind in ("block_mapping", "flow_mapping"):
        for mapping in root.find_all(kind=kind):
            pairs = dict(_pairs(mapping))
            if "name" in pairs and "value" in pairs and _VARIABLE.fullmatch(pairs["name"]):
                yield pairs["name"], pairs["value"]
            for name, value in pairs.items():
                if _VARIABLE.fullmatch(name) and value:
                    yield name, value
    for kind in ("string_scalar", "double_quote_scalar", "single_quote_scalar"):
        for scalar in root.find_all(kind=kind):
            setting = _SETTING.fullmatch(unquoted(scalar.text()))
            if setting:
                yield setting[1], setting[2]


def _pairs(mapping: SgNode) -> Iterable[tuple[str, str]]:
    """Keys and values that are plain text."""
    for pair in mapping.children():
        key, value = pair.field("key"), pair.field("value")
        if key is not None and value is not None and value.kind() == "flow_node":
            yield unquoted(key.text()), unquoted(value.text())
