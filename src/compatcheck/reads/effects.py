"""The words of a verdict: effects, surfaces, directions, and the outcome that ties an effect to its cause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, IntEnum


class Effect(IntEnum):
    """What happens to the reader, roughly mildest first; from DROPPED up a call or stored data is broken."""

    SAFE = 0
    """The same value."""
    RELABELLED = 1
    """The same bytes; the field means another name now."""
    IGNORED = 2
    """The reader has no such field: kept as unknown in binary, gone in JSON."""
    PRESENCE_LOST = 3
    """Set-to-default and unset can no longer be told apart."""
    ABSENT = 4
    """The writer's schema lacks a field that the reader has: it always reads the default."""
    UNNAMED = 5
    """An open enum holds a number without a name."""
    DROPPED = 6
    """The reader has the field and never sees the value."""
    DEFAULT_CHANGED = 7
    """Unset reads as another default."""
    LOSSY = 8
    """Truncated, sign flipped, last one wins, duplicate keys merged."""
    LOST = 9
    """The value is destroyed, it is not even an unknown field."""
    MISREAD = 10
    """Another value without an error."""
    UNRESOLVABLE = 11
    """A type named inside `Any` is not known to the reader."""
    REJECTED = 12
    """A parse error, a message that lacks a required field, or code that does not compile."""
    UNROUTABLE = 13
    """The call itself fails."""

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", "-")

    @property
    def breaks(self) -> bool:
        return self >= Effect.DROPPED


class Surface(Enum):
    """What is compared."""

    WIRE = "wire"
    JSON = "json"
    GRPC = "grpc"
    HTTP = "http"
    """The REST surface that annotations ask a gateway to serve."""
    VALIDATION = "validation"
    """The constraints on values that a validating reader checks."""
    GENERATED = "generated"


class Direction(Enum):
    BACKWARD = "backward"
    """A new reader reads what an old writer wrote."""
    FORWARD = "forward"
    """An old reader reads what a new writer wrote."""


class Aspect(Enum):
    """Which property of a pair of elements an outcome comes from, so that each fact gets its own effects."""

    NAME = "name"
    JSON_NAME = "json name"
    TYPE = "type"
    CARDINALITY = "cardinality"
    PRESENCE = "presence"
    REQUIRED = "required"
    DEFAULT = "default"
    ONEOF = "oneof"
    UTF8 = "utf8"
    EXISTENCE = "existence"
    """The element exists on one side only."""
    VALUES = "values"
    """The values that an enum names."""
    OPENNESS = "openness"
    """Whether an enum is open or closed."""
    FIRST_VALUE = "first value"
    """The value that an enum field has when none is set."""
    NUMBER = "number"
    NUMBER_REUSED = "number reused"
    """Another name and another type at the same number."""
    MAP_KEY = "map key"
    MAP_VALUE = "map value"
    RESERVED = "reserved"
    EXTENSION_RANGES = "extension ranges"
    PACKAGE = "package"
    SYNTAX = "syntax"
    REQUEST = "request"
    RESPONSE = "response"
    CLIENT_STREAMING = "client streaming"
    SERVER_STREAMING = "server streaming"
    HTTP = "http"
    """The REST bindings of a method: `google.api.http`."""
    FIELD_BEHAVIOR = "field behavior"
    """What `google.api.field_behavior` demands of a field."""
    OPERATION = "operation"
    """The types that a long-running operation packs in `Any`: `google.longrunning.operation_info`."""
    CONSTRAINTS = "constraints"
    """Which values are valid, by protovalidate or protoc-gen-validate."""
    DEPRECATED = "deprecated"
    OPTION = "option"
    """An option that the configuration declares to have a meaning."""
    LANGUAGE_OPTION = "language option"
    """An option of a file that decides where or how generated code is written."""
    PUBLIC_IMPORT = "public import"
    VISIBILITY = "visibility"
    """Whether other files may use a type: `export` and `local` of edition 2024."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One effect on one reader, with the condition on values under which it happens ("" for always)."""

    effect: Effect
    aspect: Aspect
    condition: str = ""
    path: tuple[str, ...] = ()
    """Names of fields, from the message that was asked about down to where the effect happens."""

    def below(self, name: str) -> Outcome:
        """The same outcome, seen from a message that holds the one asked about in its field `name`."""
        return replace(self, path=(name, *self.path))


Outcomes = tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class DirectedEffect:
    """An effect on the readers of one direction and surface."""

    direction: Direction
    surface: Surface
    effect: Effect
    condition: str = ""
    """The values that it happens for; empty if it always does."""
    path: tuple[str, ...] = ()
    """Fields from the changed element down to where it happens; empty for the element itself."""
