"""Rules about files."""

from __future__ import annotations

from compatcheck.diff.changes import Changed
from compatcheck.diff.generated import passed_on
from compatcheck.reads.effects import Aspect
from compatcheck.rules.rule import rule
from compatcheck.schema.model import File


@rule(Changed[File], Aspect.PACKAGE)
def file_package_changed(change: Changed[File]) -> str:
    """A file changes its package.

    The package is part of the path of every gRPC call, so clients and servers of different versions no longer
    find each other: calls end as UNIMPLEMENTED in both directions. It is also part of every type's name, which
    generated code and `google.protobuf.Any` use. The binary format of the messages does not hold it.

    Help: Serve the services under both packages until every client has moved, then remove the old one.
    """
    what = "services and types" if change.old.services else "types"
    return f"the {what} of this file are in {_package(change.new)} now, they were in {_package(change.old)}"


@rule(Changed[File], Aspect.SYNTAX)
def file_syntax_changed(change: Changed[File]) -> str:
    """A file changes its syntax or edition.

    The defaults of presence, packing, UTF-8 checks and the openness of enums depend on it. What changes for a
    field or an enum is reported there; this note says where it comes from.

    Help: Keep the behaviour with explicit features, and change it field by field.
    """
    return f"the file is written in {_name(change.new.syntax)} now, it was {_name(change.old.syntax)}"


@rule(Changed[File], Aspect.PUBLIC_IMPORT)
def file_public_import_removed(change: Changed[File]) -> str:
    """A file no longer passes on what it imports.

    Through `import public` a file that is imported gives its importers the types of another one. Without it
    importers that use these types and do not import their file themselves do not compile.

    Help: Keep the public import until every importer imports the other file itself.
    """
    kept = {one.name for one in (change.new, *passed_on(change.new))}
    gone = ", ".join(f"`{one.name}`" for one in passed_on(change.old) if one.name not in kept)
    return f"who imports this file can no longer use {gone or 'all of what it passed on'} through it"


def _package(file: File) -> str:
    return f"package `{file.package}`" if file.package else "no package"


def _name(syntax: str) -> str:
    return syntax if syntax.startswith("proto") else f"edition {syntax}"
