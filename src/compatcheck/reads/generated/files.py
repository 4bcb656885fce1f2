"""Where and how code is generated from a file: what its options say, or what generators make of a file without them.

The defaults are those of protoc's own generators (33.5 to 36.2, compiled and read), of protoc-gen-go and of
SwiftProtobuf; descriptor.proto describes the options.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from compatcheck.schema.model import Enum, File, Message, OptionValue, Service
from compatcheck.schema.walk import enums_of, messages_of

_JVM: Final = frozenset({"java", "kotlin"})


def _has_types(file: File) -> bool:
    return bool(file.messages or file.enums)


def _has_code(file: File) -> bool:
    return bool(file.messages or file.enums or file.services or file.extensions)


def _has_services(file: File) -> bool:
    return bool(file.services)


def _all_code(_: File, __: File) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class FileOption:
    """An option of a file that moves generated code, or makes other code."""

    languages: frozenset[str]
    value: Callable[[File], str | None]
    """What holds for the file, set or not; None where nobody can tell from the file."""
    matters: Callable[[File], bool] = _has_code
    """Whether there is code that it is about."""
    condition: Callable[[File, File], str] = _all_code
    """Which code, if not all."""


def _text(file: File, option: str) -> str | None:
    value = file.place.options.get(option)
    return value if isinstance(value, str) else None


def _flag(file: File, option: str) -> bool:
    return file.place.options.get(option) is True


def feature(options: Mapping[str, OptionValue], language: str, name: str) -> OptionValue | None:
    """The value of a feature such as `features.(pb.java).large_enum` that is set in these options."""
    features = options.get("features")
    own = features.get(f"pb.{language}") if isinstance(features, Mapping) else None
    return own.get(name) if isinstance(own, Mapping) else None


def since(file: File, edition: str) -> bool:
    """Whether a file is written in this edition or a later one."""
    return not file.syntax.startswith("proto") and file.syntax >= edition


def _java_package(file: File) -> str:
    own = _text(file, "java_package")
    return file.package if own is None else own


def _java_multiple_files(file: File) -> str:
    return str(_flag(file, "java_multiple_files") or since(file, "2024")).lower()


def _outer_class_named(old: File, new: File) -> str:
    """With a file for each type, nothing but the descriptor and extensions is in the outer class."""
    multiple = {_java_multiple_files(old), _java_multiple_files(new)}
    return "only for code that names the outer class" if multiple == {"true"} else ""


def _java_outer_classname(file: File) -> str:
    own = _text(file, "java_outer_classname")
    if own is not None:
        return own
    name = _camel_case(_stem(file))
    if since(file, "2024"):
        return f"{name}Proto"
    types: tuple[Message | Enum | Service, ...] = (*messages_of(file), *enums_of(file), *file.services)
    taken = {one.name for one in types}
    return f"{name}OuterClass" if name in taken else name


def _go_package(file: File) -> str | None:
    """Import path and package name. Without the option protoc-gen-go is told by its caller, or refuses the file."""
    own = _text(file, "go_package")
    if own is None:
        return None
    path, _, name = own.partition(";")
    return f"{path};{re.sub(r'[^A-Za-z0-9_]', '_', name or path.rpartition('/')[2])}"


def _csharp_namespace(file: File) -> str:
    own = _text(file, "csharp_namespace")
    if own is not None:
        return own
    return ".".join(map(_camel_case, file.package.split("."))) if file.package else ""


def _php_namespace(file: File) -> str:
    own = _text(file, "php_namespace")
    if own is not None:
        return own.strip("\\")
    return "\\".join(map(_capitalised, file.package.split(".")))


def _php_metadata_namespace(file: File) -> str:
    own = _text(file, "php_metadata_namespace")
    if own is not None:
        return own.strip("\\")
    return "\\".join(("GPBMetadata", *map(_camel_case, file.name.split("/")[:-1])))


def _ruby_package(file: File) -> str:
    own = _text(file, "ruby_package")
    parts = (file.package if own is None else own).replace("::", ".").split(".")
    return "::".join("".join(map(_capitalised, part.split("_"))) for part in parts)


def _swift_prefix(file: File) -> str:
    """An empty prefix is not the same as none: it takes the package out of the names."""
    own = _text(file, "swift_prefix")
    if own is not None or not file.package:
        return own or ""
    parts = file.package.split(".")
    return "".join("".join(map(_capitalised, part.split("_"))) + "_" for part in parts)


def _prefix(option: str) -> Callable[[File], str]:
    return lambda file: _text(file, option) or ""


def _set(option: str) -> Callable[[File], str]:
    return lambda file: str(_flag(file, option)).lower()


def _runtime(file: File) -> str:
    """SPEED and CODE_SIZE declare the same."""
    return "LITE_RUNTIME" if _text(file, "optimize_for") == "LITE_RUNTIME" else "SPEED or CODE_SIZE"


FILE_OPTIONS: Final[Mapping[str, FileOption]] = {
    "java_package": FileOption(_JVM, _java_package),
    "java_multiple_files": FileOption(_JVM, _java_multiple_files, _has_types),
    "java_outer_classname": FileOption(_JVM, _java_outer_classname, condition=_outer_class_named),
    "java_generic_services": FileOption(_JVM, _set("java_generic_services"), _has_services),
    "go_package": FileOption(frozenset({"go"}), _go_package),
    "csharp_namespace": FileOption(frozenset({"csharp"}), _csharp_namespace),
    "objc_class_prefix": FileOption(frozenset({"objc"}), _prefix("objc_class_prefix")),
    "php_namespace": FileOption(frozenset({"php"}), _php_namespace),
    "php_class_prefix": FileOption(frozenset({"php"}), _prefix("php_class_prefix")),
    "php_metadata_namespace": FileOption(frozenset({"php"}), _php_metadata_namespace),
    "ruby_package": FileOption(frozenset({"ruby"}), _ruby_package),
    "swift_prefix": FileOption(frozenset({"swift"}), _swift_prefix),
    # Java and Kotlin go by a parameter of the generator instead.
    "optimize_for": FileOption(frozenset({"cpp"}), _runtime, lambda file: bool(file.messages)),
    "cc_generic_services": FileOption(frozenset({"cpp"}), _set("cc_generic_services"), _has_services),
    "py_generic_services": FileOption(frozenset({"python"}), _set("py_generic_services"), _has_services),
}
"""By name, as source writes it. `cc_enable_arenas` is not here: the code is the same, whatever it says."""

ONLY_ADD: Final = frozenset(
    {("java_generic_services", "true"), ("cc_generic_services", "true"), ("py_generic_services", "true")}
)
"""New values with which there is more code than before, and none less."""


def _stem(file: File) -> str:
    return file.name.rpartition("/")[2].removesuffix(".proto")


def _camel_case(name: str) -> str:
    """As protoc does for Java and C#: a capital letter first, and after whatever is no letter."""
    return "".join(map(_capitalised, re.findall(r"[A-Za-z]+|[0-9]+", name)))


def _capitalised(word: str) -> str:
    return word[:1].upper() + word[1:]
