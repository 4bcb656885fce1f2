"""The runtime's view of a universe: message classes made from its descriptors."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message as Value
from google.protobuf.message_factory import GetMessageClass

from compatcheck.schema.loaded import LoadedSide
from compatcheck.schema.model import Field, Message
from compatcheck.schema.pool import NotTakenError, pool_of

_METHODS = frozenset(dir(Empty))
"""What the runtime, its printers and its parsers ask every message for, unless a field has that name."""


class Pools:
    """One pool for each universe of a side, built when it is first asked for."""

    def __init__(self, side: LoadedSide) -> None:
        self._descriptors: Mapping[str, Mapping[str, bytes]] = {
            universe.key: universe.descriptors for universe in side.universes
        }
        self._pools: dict[str, DescriptorPool | None] = {}
        self._usable: dict[tuple[str, str], bool] = {}

    def of(self, key: str) -> DescriptorPool:
        """The pool of the universe with this key. NotTakenError: there can be none."""
        if key not in self._pools:
            self._pools[key] = self._made(key)
        pool = self._pools[key]
        if pool is None:
            raise NotTakenError
        return pool

    def _made(self, key: str) -> DescriptorPool | None:
        try:
            return pool_of(self._descriptors[key]) if key in self._descriptors else None
        except NotTakenError:
            return None

    def type_of(self, message: Message) -> type[Value]:
        """The runtime's class of a message. NotTakenError: there is none, or none that can be used."""
        root, name = message.place.file.root, message.full_name
        try:
            descriptor = self.of(root).FindMessageTypeByName(name)
            found = GetMessageClass(descriptor)
        except (KeyError, TypeError) as error:
            raise NotTakenError from error
        if (root, name) not in self._usable:
            self._usable[root, name] = not _hides_methods(descriptor)
        if not self._usable[root, name]:
            raise NotTakenError
        return found


def _hides_methods(message: Descriptor) -> bool:
    """Whether it, or what it holds, has a field such as `ListFields`."""
    reached, pending = {message.full_name}, [message]
    while pending:
        for field in pending.pop().fields:
            if field.name in _METHODS:
                return True
            inner = field.message_type
            if inner is not None and inner.full_name not in reached:
                reached.add(inner.full_name)
                pending.append(inner)
    return False


def runtime_field(field: Field, pool: DescriptorPool) -> FieldDescriptor:
    """The runtime's descriptor of a field or extension of the model. NotTakenError: it has none."""
    try:
        if field.extendee:
            return pool.FindExtensionByName(field.full_name)
        parent = pool.FindMessageTypeByName(field.full_name.rpartition(".")[0])
        return parent.fields_by_number[field.number]
    except (KeyError, TypeError) as error:
        raise NotTakenError from error
