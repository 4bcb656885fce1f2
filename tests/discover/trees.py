"""Trees of files and known gRPC services for the tests of discovery."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from compatcheck.source.content import blob_id
from compatcheck.source.snapshot import Unreadable
from compatcheck.source.tree import Tree


def tree_of(files: Mapping[str, bytes]) -> Tree:
    """A revision that holds these files."""

    def read(paths: Iterable[str]) -> dict[str, bytes | Unreadable]:
        return {path: files[path] for path in paths}

    return Tree({path: blob_id(content) for path, content in files.items()}, read)


def known_services(proto: str) -> dict[str, tuple[str, ...]]:
    """Full names of the services of a `.proto` file -> their methods."""
    package = re.search(r"^package\s+([\w.]+);", proto, re.MULTILINE)
    prefix = f"{package[1]}." if package else ""
    known: dict[str, tuple[str, ...]] = {}
    for service in re.split(r"^service\s+", proto, flags=re.MULTILINE)[1:]:
        name = re.match(r"\w+", service)
        assert name is not None
        known[prefix + name[0]] = tuple(re.findall(r"\brpc\s+(\w+)", service.split("\n}")[0]))
    return known
