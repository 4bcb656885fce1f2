"""Where a finding is shown: the part of an element that changed, or what held an element that is gone."""

from __future__ import annotations

from collections.abc import Mapping

from compatcheck.diff.changes import Added, Change, Element, Removed
from compatcheck.reads.effects import Aspect
from compatcheck.schema.locations import Location, locate
from compatcheck.schema.model import Enum, EnumValue, File, Message, Place, Service

_NAME = 1
"""The field number of `name` in the descriptors of everything but files."""
_PACKAGE, _SYNTAX = 2, 12
"""The field numbers of `package` and `syntax` in FileDescriptorProto."""
_DETAILS: Mapping[Aspect, tuple[int, ...]] = {
    # Field numbers of FieldDescriptorProto, MethodDescriptorProto and FileDescriptorProto.
    Aspect.TYPE: (6, 5),
    Aspect.NUMBER: (3,),
    Aspect.JSON_NAME: (10,),
    Aspect.DEFAULT: (7,),
    Aspect.MAP_KEY: (6,),
    Aspect.MAP_VALUE: (6,),
    Aspect.CARDINALITY: (4,),
    Aspect.REQUIRED: (4,),
    Aspect.REQUEST: (2,),
    Aspect.RESPONSE: (3,),
    # The word `stream`, or the type where it would stand.
    Aspect.CLIENT_STREAMING: (5, 2),
    Aspect.SERVER_STREAMING: (6, 3),
    Aspect.PACKAGE: (_PACKAGE,),
    Aspect.SYNTAX: (_SYNTAX,),
}
_ENUM_VALUE_NUMBER = 2


def places(change: Change) -> tuple[Place | None, Place | None]:
    """The new and the old place of what a change is about, or of what holds it on the side that lacks it."""
    if isinstance(change, Added):
        return change.new.place, change.holder
    if isinstance(change, Removed):
        return change.holder, change.old.place
    return change.new.place, change.old.place


def locations(change: Change) -> tuple[Location | None, Location | None]:
    """The spans in the new and the old source that show the change."""
    new, old = places(change)
    if isinstance(change, Added):
        return _at(new, *_shown(change.new)), _at(old, *_holder(old))
    if isinstance(change, Removed):
        return _at(new, *_holder(new)), _at(old, *_shown(change.old))
    if isinstance(change.new, EnumValue) and change.aspect is Aspect.NUMBER:
        details: tuple[int, ...] = (_ENUM_VALUE_NUMBER,)
    else:
        details = _DETAILS.get(change.aspect, (_NAME,))
    return _at(new, *details), _at(old, *details)


def _holder(place: Place | None) -> tuple[int, ...]:
    """A message, enum or service is shown by its name, a file by its package or else its syntax."""
    return (_NAME,) if place is not None and place.steps else (_PACKAGE, _SYNTAX)


def _at(place: Place | None, *details: int) -> Location | None:
    return None if place is None else locate(place, *details)


def _shown(element: Element) -> tuple[int, ...]:
    """What has a body is shown by its name, a field, value or method as a whole."""
    return (_NAME,) if isinstance(element, (Message, Enum, Service, File)) else ()
