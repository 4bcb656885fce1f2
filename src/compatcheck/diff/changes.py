"""A change: one structural fact about an element, with what it does to readers; no judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from compatcheck.reads.effects import Aspect, DirectedEffect
from compatcheck.schema.model import Enum, EnumValue, Field, File, Message, Method, Place, Service

Element = File | Message | Field | Enum | EnumValue | Service | Method
E = TypeVar("E", File, Message, Field, Enum, EnumValue, Service, Method)


@dataclass(frozen=True, slots=True, eq=False)
class Added(Generic[E]):
    """An element of the new schema that the old one lacks."""

    new: E
    holder: Place | None
    """What would have held it in the old schema."""
    effects: tuple[DirectedEffect, ...]
    taken_from: E | None = None
    """What had its number, and has another one now."""


@dataclass(frozen=True, slots=True, eq=False)
class Removed(Generic[E]):
    """An element of the old schema that the new one lacks."""

    old: E
    holder: Place | None
    """What held it, in the new schema; None if that is gone as well."""
    effects: tuple[DirectedEffect, ...]
    reserved: bool = False
    """Whether both its number and its name are reserved now."""
    number_reserved: bool = False
    """Whether at least its number is."""
    taken_by: E | None = None
    """What had another number, and has its number now."""


@dataclass(frozen=True, slots=True, eq=False)
class Changed(Generic[E]):
    """An element of both schemas that differs in one aspect."""

    old: E
    new: E
    aspect: Aspect
    effects: tuple[DirectedEffect, ...]


@dataclass(frozen=True, slots=True, eq=False)
class OptionChanged:
    """An option of an element of both schemas differs in what it means."""

    old: Element
    new: Element
    aspect: Aspect
    option: str
    """Its name as source writes it; an extension by its full name, with the fields below it that differ, if any."""
    effects: tuple[DirectedEffect, ...]


Change = (
    Added[Field]
    | Added[EnumValue]
    | Added[Service]
    | Added[Method]
    | Removed[Message]
    | Removed[Field]
    | Removed[Enum]
    | Removed[EnumValue]
    | Removed[Service]
    | Removed[Method]
    | Changed[File]
    | Changed[Message]
    | Changed[Field]
    | Changed[Enum]
    | Changed[EnumValue]
    | Changed[Service]
    | Changed[Method]
    | OptionChanged
)


def element_of(change: Change) -> Element:
    """The element that a change is about, as the new side has it, if it still has it."""
    return change.old if isinstance(change, Removed) else change.new
