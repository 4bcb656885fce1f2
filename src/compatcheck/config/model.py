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

LEVELS: tuple[Level, ...] = ("note", "warning", "error")
"""Mildest first."""
SETTINGS: tuple[Setting, ...] = ("off", *LEVELS)
"""What a rule's severity can be set to, mildest first."""
PRESETS: tuple[Preset, ...] = ("wire", "rollout", "strict")
"""Weakest first."""
UNKNOWN_JSON_FIELDS: tuple[UnknownJsonFields, ...] = ("ignore", "reject")


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
    services: Mapping[str, Service] = field(default_factory=lambda: MappingProxyType({}))
    environments: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """Environment to service to the versions that are live there."""
