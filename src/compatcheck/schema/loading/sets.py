"""Makes a universe of a descriptor set."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.errors import UndecidedError
from compatcheck.schema.compiling import graph
from compatcheck.schema.compiling.bundled import bundled, is_bundled
from compatcheck.schema.compiling.compiler import compile_files
from compatcheck.schema.compiling.imports import scan
from compatcheck.schema.compiling.protoc import Protoc
from compatcheck.schema.compiling.wire import imports_of, split_set
from compatcheck.schema.loaded import Side, Universe, Unknown
from compatcheck.source.snapshot import DescriptorSet

_REMEDY = "make the descriptor set with --include_imports"


def universes_of_set(
    source: DescriptorSet, side: Side, protoc: Protoc
) -> tuple[Universe, tuple[Unknown, ...]]:
    """The one universe of a descriptor set, with root "", and its files that lack an import.

    Bundled imports that it lacks are added; UndecidedError if the data is no descriptor set.
    """
    try:
        descriptors = dict(split_set(source.data))
        imports = {name: imports_of(descriptor) for name, descriptor in descriptors.items()}
    except ValueError as error:
        raise UndecidedError(
            f"{source.origin.name} is not a descriptor set: {error}",
            "make one with protoc --descriptor_set_out, or buf build -o",
        ) from error
    owned = frozenset(descriptors)
    added = _bundled({one for needed in imports.values() for one in needed} - owned, protoc)
    missing: dict[str, str] = {}
    users = graph.importers(imports)
    for absent in sorted({one for needed in imports.values() for one in needed} - owned - added.keys()):
        for name in graph.reachable([absent], users) - {absent}:
            missing.setdefault(name, absent)
    unknown = tuple(
        Unknown(name, side, "missing-import", f'needs "{absent}", which the descriptor set lacks', _REMEDY)
        for name, absent in sorted(missing.items())
    )
    kept = {name: descriptor for name, descriptor in descriptors.items() if name not in missing}
    own = frozenset(name for name in owned if not name.startswith("google/protobuf/")) - missing.keys()
    return Universe("", "", {**added, **kept}, {}, own), unknown


def _bundled(names: Iterable[str], protoc: Protoc) -> dict[str, bytes]:
    """Descriptors of the bundled files among `names`, and of what they import."""
    files: dict[str, bytes] = {}
    stack = [name for name in names if is_bundled(name)]
    targets = tuple(sorted(stack))
    while stack:
        name = stack.pop()
        text = bundled(name)
        if name not in files and text is not None:
            files[name] = text
            stack += scan(text).imports
    compiled = compile_files(files, targets, positions=False, protoc=protoc) if files else None
    return dict(compiled.parts[0].descriptors) if compiled is not None and compiled.parts else {}
