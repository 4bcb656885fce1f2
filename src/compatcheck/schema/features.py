"""Features: what `syntax`, `edition` and feature options make of presence, enums, packing, UTF-8 and encoding.

The defaults are those of the edition specification; `descriptor.proto` carries the same in `edition_defaults`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from google.protobuf.descriptor_pb2 import (
    VISIBILITY_EXPORT,
    VISIBILITY_UNSET,
    Edition,
    FeatureSet,
    FileDescriptorProto,
    SymbolVisibility,
)


@dataclass(frozen=True, slots=True)
class Features:
    """The features with a meaning for compatibility, resolved for one element."""

    explicit_presence: bool
    legacy_required: bool
    closed_enums: bool
    packed: bool
    checks_utf8: bool
    delimited: bool
    exports_top_level: bool
    """Whether a top-level type that says neither `export` nor `local` can be used by other files."""
    exports_nested: bool


_PROTO2 = Features(
    explicit_presence=True,
    legacy_required=False,
    closed_enums=True,
    packed=False,
    checks_utf8=False,
    delimited=False,
    exports_top_level=True,
    exports_nested=True,
)
_PROTO3 = Features(
    explicit_presence=False,
    legacy_required=False,
    closed_enums=False,
    packed=True,
    checks_utf8=True,
    delimited=False,
    exports_top_level=True,
    exports_nested=True,
)
_EDITIONS = replace(_PROTO3, explicit_presence=True)
_EDITION_2024 = replace(_EDITIONS, exports_nested=False)
_EDITION_2026 = replace(_EDITION_2024, exports_top_level=False)
_FIRST_EDITION = 1000
"""Editions are numbered in their order; 998 and 999 stand for proto2 and proto3."""
_2024, _2026 = 1001, 1002
_Visibility = FeatureSet.VisibilityFeature
_EXPORTS = {
    _Visibility.EXPORT_ALL: (True, True),
    _Visibility.EXPORT_TOP_LEVEL: (True, False),
    _Visibility.LOCAL_ALL: (False, False),
    _Visibility.STRICT: (False, False),
}
"""The feature `default_symbol_visibility`, to whether top-level and nested types are exported."""


def syntax_of(file: FileDescriptorProto) -> str:
    """`proto2`, `proto3` or the edition's number, such as `2023`."""
    if file.syntax == "editions":
        return Edition.Name(file.edition).removeprefix("EDITION_")
    return file.syntax or "proto2"


def file_features(file: FileDescriptorProto) -> Features:
    if file.syntax == "proto3":
        defaults = _PROTO3
    elif file.syntax == "editions" and file.edition >= _FIRST_EDITION:
        defaults = _of_edition(file.edition)
    else:
        defaults = _PROTO2
    return resolve(defaults, file.options.features)


def _of_edition(edition: int) -> Features:
    if edition >= _2026:
        return _EDITION_2026
    return _EDITION_2024 if edition >= _2024 else _EDITIONS


def is_exported(visibility: SymbolVisibility.ValueType, nested: bool, features: Features) -> bool:
    """Whether other files can use a type: what it says itself, else what holds for types at its level."""
    if visibility == VISIBILITY_UNSET:
        return features.exports_nested if nested else features.exports_top_level
    return visibility == VISIBILITY_EXPORT


def resolve(inherited: Features, own: FeatureSet) -> Features:
    """The features of an element whose parent has `inherited` and whose options say `own`; 0 means unset."""
    if not own.ByteSize():
        return inherited
    changes: dict[str, bool] = {}
    if own.field_presence:
        changes["explicit_presence"] = own.field_presence != FeatureSet.IMPLICIT
        changes["legacy_required"] = own.field_presence == FeatureSet.LEGACY_REQUIRED
    if own.enum_type:
        changes["closed_enums"] = own.enum_type == FeatureSet.CLOSED
    if own.repeated_field_encoding:
        changes["packed"] = own.repeated_field_encoding == FeatureSet.PACKED
    if own.utf8_validation:
        changes["checks_utf8"] = own.utf8_validation == FeatureSet.VERIFY
    if own.message_encoding:
        changes["delimited"] = own.message_encoding == FeatureSet.DELIMITED
    if own.default_symbol_visibility in _EXPORTS:
        exports = _EXPORTS[own.default_symbol_visibility]
        changes["exports_top_level"], changes["exports_nested"] = exports
    return replace(inherited, **changes)
