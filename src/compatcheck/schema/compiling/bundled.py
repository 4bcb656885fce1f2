"""The .proto files that come with the tool's packages: well-known types and googleapis-common-protos."""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from pathlib import Path

# googleapis-common-protos installs these under another file name than the one that is imported.
_RENAMED = {"google/longrunning/operations.proto": "google/longrunning/operations_proto.proto"}


def bundled(name: str) -> bytes | None:
    """The text of the file that is imported as `name`, or None if no package here has it."""
    path = _path(name)
    return None if path is None else path.read_bytes()


def is_bundled(name: str) -> bool:
    """Whether a package here has a file that is imported as `name`."""
    return _path(name) is not None


@cache
def _path(name: str) -> Path | None:
    if (
        not name.startswith("google/")
        or not name.endswith(".proto")
        or "\0" in name
        or ".." in name.split("/")
    ):
        return None
    for folder in _folders():
        for candidate in (name, _RENAMED.get(name, name)):
            path = folder / candidate
            # Path.is_file would raise for a name that is too long.
            if os.path.isfile(path):
                return path
    return None


@cache
def _folders() -> tuple[Path, ...]:
    """Where google/… may lie: beside the compiler first, since its well-known types fit it."""
    compiler = importlib.util.find_spec("grpc_tools")
    common = importlib.util.find_spec("google")
    return (
        *(
            Path(place) / "_proto"
            for place in (compiler.submodule_search_locations or () if compiler else ())
        ),
        *(Path(place).parent for place in (common.submodule_search_locations or () if common else ())),
    )
