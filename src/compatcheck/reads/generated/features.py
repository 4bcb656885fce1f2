"""Options that a language's generator reads on types and fields: `features.(pb.<language>)` and older ones.

A feature that is not set holds as above it, up to the file, and there as the edition says: the defaults are the
`edition_defaults` in protobuf's cpp_features.proto, go_features.proto and java_features.proto (36.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from compatcheck.reads.generated.files import FILE_OPTIONS, feature, since
from compatcheck.reads.generated.languages import ALL
from compatcheck.schema.model import Enum, Field, File, Message, Options, OptionValue, Place, Type

Element = File | Message | Enum | Field
"""What such options can stand on, as far as they mean anything for others who compile."""

_ALSO_IN: Final[Mapping[str, frozenset[str]]] = {"java": frozenset({"java", "kotlin"})}

_FROM_2024: Final[Mapping[tuple[str, str], tuple[OptionValue, OptionValue]]] = {
    # (before edition 2024, from then on)
    ("cpp", "string_type"): ("STRING", "VIEW"),
    ("cpp", "enum_name_uses_string_view"): (False, True),
    ("go", "api_level"): ("API_OPEN", "API_OPAQUE"),
}
_DEFAULTS: Final[Mapping[tuple[str, str], OptionValue]] = {
    ("cpp", "repeated_type"): "LEGACY",
    ("csharp", "nullable_reference_types"): False,
    ("go", "strip_enum_prefix"): "STRIP_ENUM_PREFIX_KEEP",
    ("java", "large_enum"): False,
    ("java", "nest_in_file_class"): "LEGACY",
}
_SAYS_NOTHING: Final = frozenset({"API_LEVEL_UNSPECIFIED", "STRIP_ENUM_PREFIX_UNSPECIFIED"})
_ONLY_ADD: Final = frozenset({"API_HYBRID", "STRIP_ENUM_PREFIX_GENERATE_BOTH"})
"""Values that leave what any other declares and add to it."""
_OTHERWISE: Final = frozenset(
    {
        # These change what a program does, not what it is compiled against.
        ("cpp", "legacy_closed_enum"),
        ("java", "utf8_validation"),
        ("go", "optimize_mode"),
    }
)
_STRING_TYPE: Final = "features.(pb.cpp).string_type"
_JSTYPE: Final = "jstype"
_NO_DESCRIPTOR: Final = "no_standard_descriptor_accessor"


def languages_of(option: str) -> frozenset[str]:
    """The languages in which an option means something, by its name as source writes it."""
    if option in FILE_OPTIONS:
        return FILE_OPTIONS[option].languages
    if not option.startswith("features."):
        return frozenset({"javascript"} if option == _JSTYPE else {"cpp"})
    language = _split(option)[0]
    return _ALSO_IN.get(language, frozenset({language}) & ALL)


def told_features(old: Element, new: Element) -> Iterator[str]:
    """The options, by name, with which code for an element, or for what is in a file, breaks."""
    names = {*_names(old.place.options), *_names(new.place.options)}
    if isinstance(old, File) and isinstance(new, File) and old.syntax != new.syntax:
        names |= {_named(*key) for key in _FROM_2024}
    for name in sorted(names):
        before, after = value_of(old, name), value_of(new, name)
        if before != after and after not in _ONLY_ADD and _concerns(old, name):
            yield name


def value_of(element: Element, option: str) -> OptionValue | None:
    """What holds for an element, set there or above it or by default."""
    if option == _JSTYPE:
        own = element.place.options.get(_JSTYPE)
        return "JS_NORMAL" if own is None else own
    if option == _NO_DESCRIPTOR:
        return element.place.options.get(option) is True
    if option == _STRING_TYPE and element.place.options.get("ctype") == "CORD":
        return "CORD"
    return _inherited(element.place, *_split(option))


def sets(element: Element, option: str) -> bool:
    """Whether an option is set on the element itself."""
    return option in _names(element.place.options)


def _inherited(place: Place, language: str, name: str) -> OptionValue | None:
    file, steps = place.file, place.steps
    for length in range(len(steps), -1, -2):
        value = feature(Place(file, steps[:length]).options, language, name)
        if value is not None and value not in _SAYS_NOTHING:
            return _nesting(file, value) if name == "nest_in_file_class" else value
    default = _DEFAULTS.get((language, name))
    if (language, name) in _FROM_2024:
        default = _FROM_2024[language, name][since(file, "2024")]
    return _nesting(file, default) if name == "nest_in_file_class" else default


def _nesting(file: File, value: OptionValue | None) -> OptionValue | None:
    """Before edition 2024 a file says whether its types are nested in its class, from then on each type does."""
    if value != "LEGACY":
        return value
    return "NO" if FILE_OPTIONS["java_multiple_files"].value(file) == "true" else "YES"


def _names(options: Options) -> Iterator[str]:
    if "ctype" in options:
        yield _STRING_TYPE
    yield from (name for name in (_JSTYPE, _NO_DESCRIPTOR) if name in options)
    features = options.get("features")
    for key, values in features.items() if isinstance(features, Mapping) else ():
        language = key.removeprefix("pb.")
        if key.startswith("pb.") and language in ALL and isinstance(values, Mapping):
            yield from (_named(language, name) for name in values if (language, name) not in _OTHERWISE)


def _concerns(element: Element, option: str) -> bool:
    """Whether there is something here that the option is about."""
    if option == _STRING_TYPE and isinstance(element, Field):
        return element.type in (Type.STRING, Type.BYTES)
    if option == _NO_DESCRIPTOR:
        # Having it again takes nothing away.
        return not value_of(element, option)
    if not isinstance(element, File):
        return True
    if option in (_named("cpp", "enum_name_uses_string_view"), _named("go", "strip_enum_prefix")):
        return bool(element.enums or element.messages)
    return bool(element.messages or element.enums or element.services or element.extensions)


def _named(language: str, name: str) -> str:
    return f"features.(pb.{language}).{name}"


def _split(option: str) -> tuple[str, str]:
    language, _, name = option.removeprefix("features.(pb.").partition(").")
    return language, name
