"""What `google.api.field_behavior` and `google.longrunning.operation_info` say of a field and of a method."""

from __future__ import annotations

from collections.abc import Mapping

from compatcheck.schema.model import Field, Method

FIELD_BEHAVIOR = "google.api.field_behavior"
OPERATION_INFO = "google.longrunning.operation_info"
OPERATION_PARTS = ("response_type", "metadata_type")
"""The fields of `google.longrunning.OperationInfo`: what the operation ends with, and what it tells on its way."""


def behaviors(field: Field) -> frozenset[str]:
    """The names of the values, such as `REQUIRED`."""
    values = field.place.options.get(FIELD_BEHAVIOR, ())
    return frozenset(map(str, values)) if isinstance(values, tuple) else frozenset()


def operation_info(method: Method) -> Mapping[str, str]:
    """The types that the method's long-running operation packs in `Any`, as they are written, by OPERATION_PARTS."""
    info = method.place.options.get(OPERATION_INFO)
    if not isinstance(info, Mapping):
        return {}
    return {part: str(info[part]).removeprefix(".") for part in OPERATION_PARTS if info.get(part)}


def operation_names(method: Method, written: str) -> tuple[str, ...]:
    """The full names that a written one can stand for: in the package of the method, or as it is."""
    package = method.place.file.package
    return (f"{package}.{written}", written) if package else (written,)


def operation_types(method: Method) -> tuple[str, ...]:
    """Full names of the types that the method's long-running operation packs in `Any`; each once.

    A type in the package of the method may be named without it. One that no file at hand declares is taken for one of
    the package if its name has no dot.
    """
    return tuple(dict.fromkeys(_resolved(method, one) for one in operation_info(method).values()))


def is_declared(method: Method, written: str) -> bool:
    """Whether the schema of the method has the type: by AIP-151, its file declares or imports it."""
    return any(_declares(method, name) for name in operation_names(method, written))


def _resolved(method: Method, written: str) -> str:
    names = operation_names(method, written)
    declared = next((name for name in names if _declares(method, name)), None)
    return declared or names[-1 if "." in written else 0]


def _declares(method: Method, full_name: str) -> bool:
    try:
        method.scope.message(full_name)
    except KeyError:
        return False
    return True
