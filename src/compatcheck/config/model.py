"""The values of a configuration, with the defaults that hold where nothing is configured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Level = Literal["note", "warning", "error"]
Setting = Literal["off", "note", "warning", "error"]
Preset = Literal["wire", "rollout", "strict"]
UnknownJsonFields = Literal["ignore", "reject"]
JsonProfile = Literal["python", "portable"]
JsonNames = Literal["json", "proto"]
JsonEnums = Literal["names", "integers"]

LEVELS: tuple[Level, ...] = ("note", "warning", "error")
"""Mildest first."""
SETTINGS: tuple[Setting, ...] = ("off", *LEVELS)
"""What a rule's severity can be set to, mildest first."""
PRESETS: tuple[Preset, ...] = ("wire", "rollout", "strict")
"""Weakest first."""
UNKNOWN_JSON_FIELDS: tuple[UnknownJsonFields, ...] = ("ignore", "reject")
JSON_PROFILES: tuple[JsonProfile, ...] = ("python", "portable")
JSON_NAMES: tuple[JsonNames, ...] = ("json", "proto")
JSON_ENUMS: tuple[JsonEnums, ...] = ("names", "integers")
LANGUAGES = (
    "cpp",
    "csharp",
    "go",
    "java",
    "javascript",
    "kotlin",
    "objc",
    "php",
    "python",
    "ruby",
    "rust",
    "swift",
)
"""The languages that code can be generated for, as far as what breaks differs between them."""


@dataclass(frozen=True, slots=True)
class Service:
    """A declared service: `[services.NAME]`."""

    name: str
    schema: str = ""
    """Its own copy of the interface: a folder, `REPO` or `REPO#FOLDER`. Empty: the whole repository."""
    versions: tuple[str, ...] = ("*",)
    """Tag globs such as `cart-v*`, where the version is what follows the fixed text, and templates such as
    `cart/{version}`, where the version is put in to get a revision."""
    provides: tuple[str, ...] = ()
    """Full names of gRPC services or methods that it serves."""
    consumes: tuple[str, ...] = ()
    """Full names of gRPC services or methods that it calls."""


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration. Paths and globs are relative to the repository's top."""

    where: str = ""
    """The file it was read from, as messages name it; empty for the defaults."""
    folder: str = ""
    """The folder that `exclude` counts from; empty for the repository's top."""
    roots: tuple[str, ...] = ()
    """Import roots, `.` for the repository's top. Empty: they are inferred."""
    exclude: tuple[str, ...] = ()
    """Patterns as in a `.gitignore` that stands in `folder`."""
    against: tuple[str, ...] = ()
    fail_on: Level = "error"
    preset: Preset = "rollout"
    surfaces: tuple[str, ...] | None = None
    """The surfaces that are compared. None: the preset decides."""
    severity: Mapping[str, Setting] = field(default_factory=lambda: MappingProxyType({}))
    """Rule id, or a glob of rule ids, to what its findings count as."""
    json_unknown_fields: UnknownJsonFields = "ignore"
    """What JSON parsers do with a field that they do not know."""
    json_profile: JsonProfile = "portable"
    """Whose JSON parser reads: the strictest of several, or that of Python."""
    json_names: JsonNames = "json"
    """Which names of fields JSON printers write: the JSON names, or those of the `.proto` source."""
    json_enums: JsonEnums = "names"
    """How JSON printers write the values of enums."""
    languages: tuple[str, ...] | None = None
    """The languages that code is generated for. None: all of them."""
    travels_in_any: tuple[str, ...] = ()
    """Globs of full names of messages that are packed in `google.protobuf.Any`."""
    options: Mapping[str, Setting] = field(default_factory=lambda: MappingProxyType({}))
    """Full name of an option that a schema defines itself, to what a change of its value counts as."""
    services: Mapping[str, Service] = field(default_factory=lambda: MappingProxyType({}))
    environments: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """Environment to service to the versions that are live there."""
