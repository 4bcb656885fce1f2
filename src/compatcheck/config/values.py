"""Reads single values of a configuration, or says in which key of which file something else stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from compatcheck.config.names import element, one_of, path_below, suggestion
from compatcheck.errors import UsageError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class At:
    """A key of a configuration file, for messages."""

    file: str
    key: str = ""

    def down(self, key: str) -> At:
        return At(self.file, f"{self.key}.{key}" if self.key else key)

    def error(self, message: str, hint: str = "") -> UsageError:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return UsageError(f"{place}: {message}", hint)


def known(data: Mapping[str, object], keys: Collection[str], at: At) -> None:
    """UsageError if a table has a key that is none of `keys`."""
    for key in data:
        if key not in keys:
            kebab = key.replace("_", "-")
            raise at.error(f"unknown key `{key}`", suggestion(kebab, keys))


def boolean(value: object, at: At) -> bool:
    if not isinstance(value, bool):
        raise at.error(f"must be true or false, not {kind(value)}")
    return value


def below(value: str, at: At, folder: str) -> str:
    """A path that counts from `folder`, as one from the repository's top."""
    path = path_below(folder, value)
    if path is None:
        raise at.error(f"`{value}` is not a folder inside the repository")
    return path


def elements(value: object, at: At) -> tuple[str, ...]:
    """Full names of gRPC services or methods, with dots only."""
    names = [(one, element(one)) for one in string_or_strings(value, at)]
    for written, name in names:
        if name is None:
            hint = "write it as `package.Service` or `package.Service/Method`"
            raise at.error(f"`{written}` is not the full name of a gRPC service or method", hint)
    return tuple(dict.fromkeys(name for _, name in names if name is not None))


def choice(value: object, at: At, choices: tuple[T, ...]) -> T:
    """The one of `choices` that is written."""
    text = string(value, at)
    for one in choices:
        if one == text:
            return one
    names = [str(one) for one in choices]
    raise at.error(f"`{text}` is not one of {one_of(names)}", suggestion(text, names))


def string_or_strings(value: object, at: At) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else strings(value, at)


def strings(value: object, at: At) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise at.error(f"must be a list of strings, not {kind(value)}")
    return tuple(value)


def string(value: object, at: At) -> str:
    if not isinstance(value, str):
        raise at.error(f"must be a string, not {kind(value)}")
    return value


def tables(value: object, at: At, read: Callable[[str, object, At], T]) -> Mapping[str, T]:
    """A table, each of its values read by its name."""
    return MappingProxyType({key: read(key, one, at.down(key)) for key, one in table(value, at).items()})


def table(value: object, at: At) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise at.error(f"must be a table, not {kind(value)}")
    return value


def kind(value: object) -> str:
    """What a value is, for messages."""
    if isinstance(value, list):
        odd = next((one for one in value if not isinstance(one, str)), None)
        return "a list" if odd is None else f"a list with {kind(odd)}"
    kinds = {str: "a string", bool: "a boolean", int: "a number", float: "a number", dict: "a table"}
    return kinds.get(type(value), "a date or time")
