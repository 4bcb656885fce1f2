"""Builds the model from descriptors, each element when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.message import Message as ProtoMessage

from compatcheck.schema.elements import Found, build_enum, build_service, join
from compatcheck.schema.features import Features, file_features, is_exported, resolve, syntax_of
from compatcheck.schema.loaded import LoadedSide, Universe
from compatcheck.schema.model import (
    Cardinality,
    Enum,
    Field,
    File,
    Message,
    Options,
    Place,
    Schema,
    Service,
    Type,
)
from compatcheck.schema.options import OptionReader
from compatcheck.schema.walk import extensions_of

# Field numbers of descriptor.proto, of which protoc builds the paths of its source positions.
_FILE_MESSAGE, _FILE_ENUM, _FILE_SERVICE, _FILE_EXTENSION = 4, 5, 6, 7
_MESSAGE_FIELD, _MESSAGE_NESTED, _MESSAGE_ENUM, _MESSAGE_EXTENSION = 2, 3, 4, 6

_TYPES = {number: Type[name.removeprefix("TYPE_")] for name, number in FieldDescriptorProto.Type.items()}
_SCALARS_THAT_PACK = frozenset(Type) - {Type.STRING, Type.BYTES, Type.MESSAGE, Type.GROUP}


def build(side: LoadedSide) -> Schema:
    """The schema of a loaded side: each file once, in the universe that it belongs to."""
    files: list[File] = []
    for universe in side.universes:
        symbols = Symbols(universe, side.texts)
        files += (symbols.files[name] for name in sorted(universe.owned))
    return Schema(tuple(files))


class Symbols:
    """The symbols of one universe, and so the scope in which the types of its files are found.

    `files` maps import names to the files; a KeyError from `message` or `enum` cannot happen for a name that
    protoc resolved, since a universe holds whole import closures.
    """

    def __init__(self, universe: Universe, texts: Mapping[str, bytes]) -> None:
        self._root = universe.key
        self._messages: dict[str, Message] = {}
        self._enums: dict[str, Enum] = {}
        self._found_messages: dict[str, Found[DescriptorProto]] = {}
        self._found_enums: dict[str, Found[EnumDescriptorProto]] = {}
        self.files: dict[str, File] = {}
        self._option_reader = OptionReader(universe.descriptors)
        for name, data in universe.descriptors.items():
            path = universe.path(name)
            self._add(FileDescriptorProto.FromString(data), path, texts.get(path), name in universe.compare)

    def _add(self, descriptor: FileDescriptorProto, path: str, text: bytes | None, compared: bool) -> None:
        file = File(
            path=path,
            name=descriptor.name,
            root=self._root,
            package=descriptor.package,
            syntax=syntax_of(descriptor),
            text=text,
            spans={tuple(place.path): tuple(place.span) for place in descriptor.source_code_info.location},
            compared=compared,
            elements=_Elements(self, descriptor, self._option_reader),
        )
        self.files[descriptor.name] = file
        features = file_features(descriptor)
        for index, message in enumerate(descriptor.message_type):
            self._index(message, descriptor.package, Place(file, (_FILE_MESSAGE, index)), features)
        for index, enum in enumerate(descriptor.enum_type):
            self._index_enum(enum, descriptor.package, Place(file, (_FILE_ENUM, index)), features)

    def _index(self, message: DescriptorProto, parent: str, place: Place, inherited: Features) -> None:
        full_name = join(parent, message.name)
        features = resolve(inherited, message.options.features)
        if message.options.map_entry:
            # A map's values are length-prefixed, whatever the features of the file say.
            features = replace(features, delimited=False)
        self._found_messages[full_name] = Found(message, full_name, place, features)
        for index, nested in enumerate(message.nested_type):
            self._index(nested, full_name, place.down(_MESSAGE_NESTED, index), features)
        for index, enum in enumerate(message.enum_type):
            self._index_enum(enum, full_name, place.down(_MESSAGE_ENUM, index), features)

    def _index_enum(self, enum: EnumDescriptorProto, parent: str, place: Place, inherited: Features) -> None:
        full_name = join(parent, enum.name)
        features = resolve(inherited, enum.options.features)
        self._found_enums[full_name] = Found(enum, full_name, place, features)

    def message(self, full_name: str) -> Message:
        if full_name not in self._messages:
            self._messages[full_name] = self._build_message(self._found_messages[full_name])
        return self._messages[full_name]

    def enum(self, full_name: str) -> Enum:
        if full_name not in self._enums:
            self._enums[full_name] = build_enum(self._found_enums[full_name])
        return self._enums[full_name]

    def extensions(self, full_name: str) -> tuple[Field, ...]:
        return self._extensions_by_extendee.get(full_name, ())

    @cached_property
    def _extensions_by_extendee(self) -> dict[str, tuple[Field, ...]]:
        by_extendee: dict[str, tuple[Field, ...]] = {}
        for file in self.files.values():
            for extension in extensions_of(file):
                by_extendee[extension.extendee] = (*by_extendee.get(extension.extendee, ()), extension)
        return by_extendee

    def _build_message(self, found: Found[DescriptorProto]) -> Message:
        message, name, place = found.descriptor, found.full_name, found.place
        fields = tuple(
            self.build_field(one, message, name, place.down(_MESSAGE_FIELD, index), found.features)
            for index, one in enumerate(message.field)
        )
        return Message(
            full_name=name,
            name=message.name,
            fields=fields,
            messages=tuple(self.message(f"{name}.{nested.name}") for nested in message.nested_type),
            enums=tuple(self.enum(f"{name}.{enum.name}") for enum in message.enum_type),
            extensions=tuple(
                self.build_field(one, message, name, place.down(_MESSAGE_EXTENSION, index), found.features)
                for index, one in enumerate(message.extension)
            ),
            reserved_numbers=tuple(range(one.start, one.end) for one in message.reserved_range),
            reserved_names=frozenset(message.reserved_name),
            extension_ranges=tuple(range(one.start, one.end) for one in message.extension_range),
            is_map_entry=message.options.map_entry,
            exported=is_exported(message.visibility, place.nested, found.features),
            place=place,
            scope=self,
            numbers={field.number: field for field in fields},
            names={field.name: field for field in fields},
        )

    def build_field(
        self,
        field: FieldDescriptorProto,
        parent: DescriptorProto | None,
        parent_name: str,
        place: Place,
        inherited: Features,
    ) -> Field:
        features = resolve(inherited, field.options.features)
        type_ = _TYPES[field.type]
        if type_ is Type.MESSAGE and features.delimited:
            type_ = Type.GROUP
        oneof = ""
        if parent is not None and field.HasField("oneof_index") and not field.proto3_optional:
            oneof = parent.oneof_decl[field.oneof_index].name
        type_name = field.type_name.removeprefix(".")
        cardinality = self._cardinality(field, type_, type_name, features)
        packed = field.options.packed if field.options.HasField("packed") else features.packed
        return Field(
            full_name=join(parent_name, field.name),
            name=field.name,
            number=field.number,
            json_name=field.json_name,
            # A map's entries are length-prefixed, whatever the features of the file say.
            type=Type.MESSAGE if cardinality is Cardinality.MAP else type_,
            type_name=type_name,
            cardinality=cardinality,
            packed=packed and cardinality is Cardinality.REPEATED and type_ in _SCALARS_THAT_PACK,
            oneof=oneof,
            default=field.default_value if field.HasField("default_value") else None,
            checks_utf8=type_ is Type.STRING and features.checks_utf8,
            extendee=field.extendee.removeprefix("."),
            place=place,
            scope=self,
        )

    def _cardinality(
        self, field: FieldDescriptorProto, type_: Type, type_name: str, features: Features
    ) -> Cardinality:
        if field.label == FieldDescriptorProto.LABEL_REPEATED:
            found = self._found_messages.get(type_name)
            is_map = found is not None and found.descriptor.options.map_entry
            return Cardinality.MAP if is_map else Cardinality.REPEATED
        if field.label == FieldDescriptorProto.LABEL_REQUIRED or features.legacy_required:
            return Cardinality.REQUIRED
        always_explicit = (
            type_ in (Type.MESSAGE, Type.GROUP) or field.extendee or field.HasField("oneof_index")
        )
        return Cardinality.OPTIONAL if always_explicit or features.explicit_presence else Cardinality.IMPLICIT


class _Elements:
    """The top-level elements of one file, taken from its universe when asked for."""

    def __init__(self, symbols: Symbols, descriptor: FileDescriptorProto, reader: OptionReader) -> None:
        self._symbols = symbols
        self._descriptor = descriptor
        self._option_reader = reader
        self._read_options: dict[tuple[int, ...], Options] = {}

    @property
    def _file(self) -> File:
        return self._symbols.files[self._descriptor.name]

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        package = self._descriptor.package
        return tuple(self._symbols.message(join(package, one.name)) for one in self._descriptor.message_type)

    @cached_property
    def enums(self) -> tuple[Enum, ...]:
        package = self._descriptor.package
        return tuple(self._symbols.enum(join(package, one.name)) for one in self._descriptor.enum_type)

    @cached_property
    def services(self) -> tuple[Service, ...]:
        package = self._descriptor.package
        return tuple(
            build_service(
                one, join(package, one.name), Place(self._file, (_FILE_SERVICE, index)), self._symbols
            )
            for index, one in enumerate(self._descriptor.service)
        )

    @cached_property
    def extensions(self) -> tuple[Field, ...]:
        features = file_features(self._descriptor)
        return tuple(
            self._symbols.build_field(
                one, None, self._descriptor.package, Place(self._file, (_FILE_EXTENSION, index)), features
            )
            for index, one in enumerate(self._descriptor.extension)
        )

    @property
    def public_imports(self) -> tuple[File, ...]:
        imports = self._descriptor.dependency
        return tuple(self._symbols.files[imports[index]] for index in self._descriptor.public_dependency)

    def options(self, steps: tuple[int, ...]) -> Options:
        # Each field asks for the options of its message, which may name all fields.
        if steps not in self._read_options:
            self._read_options[steps] = self._option_reader.read(self._options(steps))
        return self._read_options[steps]

    def written_options(self, steps: tuple[int, ...]) -> bytes:
        return self._options(steps).SerializeToString(deterministic=True)

    def _options(self, steps: tuple[int, ...]) -> ProtoMessage:
        element: ProtoMessage = self._descriptor
        for number, index in zip(steps[::2], steps[1::2], strict=True):
            element = getattr(element, element.DESCRIPTOR.fields_by_number[number].name)[index]
        options: ProtoMessage = getattr(element, "options")  # noqa: B009
        return options
