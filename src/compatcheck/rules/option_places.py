"""Where the options that generators read stand in source: the numbers of descriptor.proto and of what extends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from compatcheck.diff.changes import Element
from compatcheck.schema.locations import Location, locate
from compatcheck.schema.model import Enum, Field, File, Message

_CONTAINERS: Final[Mapping[type, tuple[int, int]]] = {
    # `options` of the descriptor, and `features` in there.
    File: (8, 50),
    Message: (7, 12),
    Field: (8, 21),
    Enum: (3, 7),
}
_OPTIONS: Final[Mapping[str, int]] = {
    "java_package": 1,
    "java_outer_classname": 8,
    "optimize_for": 9,
    "java_multiple_files": 10,
    "go_package": 11,
    "cc_generic_services": 16,
    "java_generic_services": 17,
    "py_generic_services": 18,
    "objc_class_prefix": 36,
    "csharp_namespace": 37,
    "swift_prefix": 39,
    "php_class_prefix": 40,
    "php_namespace": 41,
    "php_metadata_namespace": 44,
    "ruby_package": 45,
    "no_standard_descriptor_accessor": 2,
    "jstype": 6,
}
_CTYPE: Final = 1
_FEATURES: Final[Mapping[str, tuple[int, int]]] = {
    "features.(pb.cpp).string_type": (1000, 2),
    "features.(pb.cpp).enum_name_uses_string_view": (1000, 3),
    "features.(pb.cpp).repeated_type": (1000, 4),
    "features.(pb.java).large_enum": (1001, 3),
    "features.(pb.java).nest_in_file_class": (1001, 5),
    "features.(pb.go).legacy_unmarshal_json_enum": (1002, 1),
    "features.(pb.go).api_level": (1002, 2),
    "features.(pb.go).strip_enum_prefix": (1002, 3),
    "features.(pb.csharp).nullable_reference_types": (1004, 1),
}


def option_location(element: Element, option: str) -> Location | None:
    """Where an option of an element stands; None if it is not set there, or source positions are missing."""
    if type(element) not in _CONTAINERS:
        return None
    options, features = _CONTAINERS[type(element)]
    paths: list[tuple[int, ...]] = []
    if option in _OPTIONS:
        paths.append((options, _OPTIONS[option]))
    elif option in _FEATURES:
        paths += [(options, features, *_FEATURES[option]), (options, _CTYPE)]
    place = element.place
    found = next((path for path in paths if (*place.steps, *path) in place.file.spans), None)
    return None if found is None else locate(place.down(*found))
