"""Where a finding is shown: the part of an element that changed, or what held an element that is gone."""

from __future__ import annotations

from collections.abc import Mapping

from compatcheck.diff.changes import Added, Change, Element, OptionChanged, Removed
from compatcheck.reads.effects import Aspect
from compatcheck.rules.option_places import option_location
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
    Aspect.PUBLIC_IMPORT: (_PACKAGE, _SYNTAX),
}
_OPTIONS: Mapping[Aspect, tuple[int, int]] = {
    # Field numbers of `options` in MethodDescriptorProto and FieldDescriptorProto, and of the extension in there.
    Aspect.HTTP: (4, 72295728),
    Aspect.OPERATION: (4, 1049),
    Aspect.FIELD_BEHAVIOR: (8, 1052),
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
    if isinstance(change, OptionChanged) and change.aspect is Aspect.LANGUAGE_OPTION:
        old_at, new_at = (option_location(one, change.option) for one in (change.old, change.new))
        return new_at or _at(new, *_holder(new)), old_at or _at(old, *_holder(old))
    if isinstance(change, OptionChanged) and change.aspect in _OPTIONS:
        return _at_option(new, change.aspect), _at_option(old, change.aspect)
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


def _at_option(place: Place | None, aspect: Aspect) -> Location | None:
    """The option, or the element by its name where the option is not set. A repeated one by its first value."""
    if place is None:
        return None
    paths = (_OPTIONS[aspect], (*_OPTIONS[aspect], 0))
    found = next((one for one in paths if (*place.steps, *one) in place.file.spans), None)
    return _at(place, _NAME) if found is None else locate(place.down(*found))


def _shown(element: Element) -> tuple[int, ...]:
    """What has a body is shown by its name, a field, value or method as a whole."""
    return (_NAME,) if isinstance(element, (Message, Enum, Service, File)) else ()
