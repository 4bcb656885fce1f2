"""Makes a universe of a descriptor set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from compatcheck.errors import UndecidedError
from compatcheck.schema.compiling import graph
from compatcheck.schema.compiling.bundled import bundled, is_bundled
from compatcheck.schema.compiling.compiler import compile_files
from compatcheck.schema.compiling.imports import scan
from compatcheck.schema.compiling.protoc import Protoc
from compatcheck.schema.compiling.wire import imports_of, split_set
from compatcheck.schema.loaded import Side, Universe, Unknown
from compatcheck.source.content import shown
from compatcheck.source.snapshot import DescriptorSet

_REMEDY = "make the descriptor set with --include_imports"


def universe_of_set(
    source: DescriptorSet, side: Side, protoc: Protoc
) -> tuple[Universe, tuple[Unknown, ...]]:
    """The one universe of a descriptor set, with root "", and its files that cannot be used.

    Those lack an import, or say what no compiler would. Bundled imports that it lacks are added;
    UndecidedError if the data is no descriptor set.
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
    unordered = {**added, **kept}
    order = graph.imports_first(unordered, {name: imports_of(one) for name, one in unordered.items()})
    complete = {name: unordered[name] for name in order if name in unordered}
    refused = _refused(complete, imports)
    unknown += tuple(
        Unknown(name, side, "does-not-compile", reason, "make the descriptor set again")
        for name, reason in sorted(refused.items())
    )
    usable = {name: one for name, one in complete.items() if name not in refused}
    own = frozenset(name for name in kept.keys() & usable if not name.startswith("google/protobuf/"))
    return Universe("", "", usable, {}, own), unknown


def _refused(descriptors: Mapping[str, bytes], imports: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The files that the protobuf runtime refuses, and why: nobody says that a compiler wrote them."""
    from google.protobuf.descriptor_pool import DescriptorPool

    pool = DescriptorPool()
    refused: dict[str, str] = {}
    added = {name: imports_of(one) for name, one in descriptors.items() if name not in imports}
    for name in graph.imports_first(sorted(descriptors), {**imports, **added}):
        try:
            if name in descriptors:
                pool.AddSerializedFile(descriptors[name])
        except (TypeError, ValueError) as error:
            refused[name] = shown(str(error))
    return refused


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
