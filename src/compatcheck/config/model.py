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
ChannelFormat = Literal["wire", "json"]
Phase = Literal["stable", "rolling", "canary", "blue", "green", "draining"]

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
CHANNEL_FORMATS: tuple[ChannelFormat, ...] = ("wire", "json")
PHASES: tuple[Phase, ...] = ("stable", "rolling", "canary", "blue", "green", "draining")
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
    path: tuple[str, ...] = ()
    """Folders with its code, relative to the top of its repository; those that a version lacks do not count.
    Empty: the folder that discovery finds under its name, if any."""
    repo: str = ""
    """Another local repository that holds it. Empty: the one where the question is asked."""
    schema: str = ""
    """Its own copy of the interface: a folder, `REPO` or `REPO#FOLDER`. Empty: what is found in its code, else
    the whole repository."""
    versions: tuple[str, ...] = ("*",)
    """Tag globs such as `cart-v*`, where the version is what follows the fixed text, and templates such as
    `cart/{version}`, where the version is put in to get a revision."""
    provides: tuple[str, ...] | None = None
    """Full names of gRPC services or methods that it serves. None: what its code says."""
    consumes: tuple[str, ...] | None = None
    """Full names of gRPC services or methods that it calls. None: what its code says."""
    external: bool = False
    """Whether nobody can drain it (mobile applications, a public API): every version ever published is live."""
    group: str = ""
    """Services of one group are deployed together and only meet members of the group's same deployment."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A topic, queue, file or table that values of one message go through: `[channels.NAME]`."""

    name: str
    message: str
    """Full name."""
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    """Names of services."""
    since: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Writer to the oldest of its versions of which values are still stored. Without an entry, values of every
    version that came before a live one may be there; the entry `live` says that nothing is kept."""
    format: ChannelFormat = "wire"


@dataclass(frozen=True, slots=True)
class Deployed:
    """A version that is live in an environment."""

    version: str
    phase: Phase = "stable"
    share: float | None = None
    """Of a canary: the part of the traffic that it gets, from 0 to 1."""


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
    discover: bool = False
    """Whether services that are not declared are looked for all the same; without declared ones they are."""
    channels: Mapping[str, Channel] = field(default_factory=lambda: MappingProxyType({}))
    environments: Mapping[str, Mapping[str, tuple[Deployed, ...]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """Environment to service to the versions that are live there."""
