"""The model: the elements of a compiled schema, as frozen values that know nothing of protoc or git."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum as PyEnum
from typing import Protocol, Union

OptionValue = Union[bool, int, float, str, bytes, "tuple[OptionValue, ...]", "Mapping[str, OptionValue]"]
"""The value of an option: an enum value by its name, a repeated field as a tuple, a message by its set fields."""

Options = Mapping[str, OptionValue]
"""The options that are set on an element: a standard one by its name, an extension by its full name. What has
no definition at hand goes by its number (`#50001`) and is a tuple of its undecoded values."""


class Type(PyEnum):
    """The type of a field, named as `.proto` source names it."""

    DOUBLE = "double"
    FLOAT = "float"
    INT32 = "int32"
    INT64 = "int64"
    UINT32 = "uint32"
    UINT64 = "uint64"
    SINT32 = "sint32"
    SINT64 = "sint64"
    FIXED32 = "fixed32"
    FIXED64 = "fixed64"
    SFIXED32 = "sfixed32"
    SFIXED64 = "sfixed64"
    BOOL = "bool"
    STRING = "string"
    BYTES = "bytes"
    ENUM = "enum"
    MESSAGE = "message"
    GROUP = "group"
    """A group of proto2 or a message field with the feature `message_encoding = DELIMITED`."""


class Cardinality(PyEnum):
    """How often a field can occur, and whether set-to-default can be told from unset."""

    IMPLICIT = "implicit"
    OPTIONAL = "optional"
    REQUIRED = "required"
    REPEATED = "repeated"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Place:
    """Where protoc's source positions find an element: a file and a path of descriptor field numbers and indexes."""

    file: File
    steps: tuple[int, ...]

    def down(self, *steps: int) -> Place:
        return Place(self.file, self.steps + steps)

    @property
    def nested(self) -> bool:
        """Whether it is inside another element of the file."""
        return len(self.steps) > 2

    @property
    def options(self) -> Options:
        """The options that are set on the element here."""
        return self.file.elements.options(self.steps)

    @property
    def written_options(self) -> bytes:
        """The same, not decoded: cheap to compare. Empty if none is set."""
        return self.file.elements.written_options(self.steps)


class Scope(Protocol):
    """The universe of symbols that an element was compiled in."""

    def message(self, full_name: str) -> Message: ...

    def enum(self, full_name: str) -> Enum: ...

    def extensions(self, full_name: str) -> tuple[Field, ...]:
        """The extensions, known in this universe, of the message `full_name`."""
        ...


@dataclass(frozen=True, slots=True)
class Field:
    """A field or an extension; equal fields are the same on every surface, wherever they stand."""

    full_name: str
    name: str
    number: int
    json_name: str
    type: Type
    type_name: str
    """The full name of the message or enum, empty for a scalar."""
    cardinality: Cardinality
    packed: bool
    oneof: str
    """The oneof it is a member of, empty if none; never the synthetic one of proto3's `optional`."""
    default: str | None
    """The declared default as protoc prints it, None if none is declared."""
    checks_utf8: bool
    extendee: str
    """The full name of the extended message, empty for an ordinary field."""
    place: Place = field(compare=False, repr=False)
    scope: Scope = field(compare=False, repr=False)

    @property
    def message(self) -> Message:
        """The message it holds; for a map, its entry. Only for MESSAGE and GROUP."""
        return self.scope.message(self.type_name)

    @property
    def enum(self) -> Enum:
        """The enum it holds. Only for ENUM."""
        return self.scope.enum(self.type_name)

    @property
    def key(self) -> Field:
        """The key of a map field."""
        return self.message.numbers[1]

    @property
    def value(self) -> Field:
        """The value of a map field."""
        return self.message.numbers[2]

    @property
    def parts(self) -> tuple[Field, ...]:
        """What holds its values: key and value of a map, else the field itself."""
        return (self.key, self.value) if self.cardinality is Cardinality.MAP else (self,)

    @property
    def holds_message(self) -> bool:
        return self.type in (Type.MESSAGE, Type.GROUP)

    @property
    def repeats(self) -> bool:
        return self.cardinality in (Cardinality.REPEATED, Cardinality.MAP)


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """A message with its fields; `fields` has no extensions, see `Scope.extensions`."""

    full_name: str
    name: str
    fields: tuple[Field, ...]
    messages: tuple[Message, ...]
    """Nested messages, map entries included."""
    enums: tuple[Enum, ...]
    extensions: tuple[Field, ...]
    """Extensions that are declared inside this message, of whatever message."""
    reserved_numbers: tuple[range, ...]
    reserved_names: frozenset[str]
    extension_ranges: tuple[range, ...]
    is_map_entry: bool
    exported: bool
    """Whether other files can use it: `export`, `local`, or what its file makes of a type that says neither."""
    place: Place
    scope: Scope
    numbers: Mapping[int, Field]
    names: Mapping[str, Field]

    def reserves(self, number: int, name: str) -> bool:
        """Whether both the number and the name can never be used again by accident."""
        return name in self.reserved_names and self.reserves_number(number)

    def reserves_number(self, number: int) -> bool:
        return any(number in numbers for numbers in self.reserved_numbers)


@dataclass(frozen=True, slots=True)
class EnumValue:
    full_name: str
    """Enum and value, as one reads it; the language itself puts values beside their enum, as C++ does."""
    name: str
    number: int
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Enum:
    full_name: str
    name: str
    values: tuple[EnumValue, ...]
    """In the order of declaration; several values may share a number (`allow_alias`)."""
    closed: bool
    exported: bool
    """Whether other files can use it."""
    reserved_numbers: tuple[range, ...]
    reserved_names: frozenset[str]
    place: Place
    numbers: frozenset[int]
    """The numbers of the values."""

    def reserves(self, number: int, name: str) -> bool:
        """Whether both the number and the name can never be used again by accident."""
        return name in self.reserved_names and self.reserves_number(number)

    def reserves_number(self, number: int) -> bool:
        return any(number in numbers for numbers in self.reserved_numbers)


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    full_name: str
    """Service and method, separated by a dot: `shop.Cart.AddItem`."""
    name: str
    request_name: str
    response_name: str
    client_streaming: bool
    server_streaming: bool
    has_http: bool
    """Whether `google.api.http` gives it a REST binding, so that its messages travel as JSON, too."""
    place: Place
    scope: Scope

    @property
    def request(self) -> Message:
        return self.scope.message(self.request_name)

    @property
    def response(self) -> Message:
        return self.scope.message(self.response_name)

    @property
    def path(self) -> str:
        """The path of the HTTP/2 request that a gRPC call of this method makes."""
        service, _, method = self.full_name.rpartition(".")
        return f"/{service}/{method}"


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    full_name: str
    name: str
    methods: tuple[Method, ...]
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class File:
    """One `.proto` file as compiled in the universe of its own root."""

    path: str
    """Its path in the source; for a descriptor set, its import name."""
    name: str
    """The name that others import it by."""
    root: str
    """The universe it belongs to, named by its import root: elements are keyed by (root, full name)."""
    package: str
    syntax: str
    """`proto2`, `proto3` or the number of an edition."""
    text: bytes | None = field(repr=False)
    """The source text, None where there is only a descriptor."""
    spans: Mapping[tuple[int, ...], tuple[int, ...]] = field(repr=False)
    """Protoc's source positions: path of an element to (line, column[, end line], end column), zero-based."""
    compared: bool
    """False if it is here only to know which methods reach a change."""
    elements: FileElements = field(repr=False)

    @property
    def messages(self) -> tuple[Message, ...]:
        return self.elements.messages

    @property
    def enums(self) -> tuple[Enum, ...]:
        return self.elements.enums

    @property
    def services(self) -> tuple[Service, ...]:
        return self.elements.services

    @property
    def extensions(self) -> tuple[Field, ...]:
        return self.elements.extensions

    @property
    def public_imports(self) -> tuple[File, ...]:
        """The files that it imports with `import public`: who imports it can use what they declare."""
        return self.elements.public_imports

    @property
    def place(self) -> Place:
        return Place(self, ())


class FileElements(Protocol):
    """The top-level elements of a file, built when they are first asked for."""

    @property
    def messages(self) -> tuple[Message, ...]: ...

    @property
    def enums(self) -> tuple[Enum, ...]: ...

    @property
    def services(self) -> tuple[Service, ...]: ...

    @property
    def extensions(self) -> tuple[Field, ...]: ...

    @property
    def public_imports(self) -> tuple[File, ...]: ...

    def options(self, steps: tuple[int, ...]) -> Options:
        """The options of the element at a path of descriptor field numbers and indexes."""
        ...

    def written_options(self, steps: tuple[int, ...]) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Schema:
    """The files of one side, each once, in the universe of its own root."""

    files: tuple[File, ...]
