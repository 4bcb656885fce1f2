"""Turns the text of a configuration into values, or into an error that names the file and the key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TypeVar

from compatcheck.config.model import (
    JSON_ENUMS,
    JSON_NAMES,
    JSON_PROFILES,
    LANGUAGES,
    LEVELS,
    PRESETS,
    SETTINGS,
    UNKNOWN_JSON_FIELDS,
    Config,
    Service,
    Setting,
)
from compatcheck.config.names import element, one_of, path_below, suggestion
from compatcheck.errors import UsageError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Names:
    """What a configuration may name and other layers define."""

    rules: Collection[str]
    surfaces: Collection[str]


@dataclass(frozen=True, slots=True)
class _At:
    """A key of a configuration file, for messages."""

    file: str
    key: str = ""

    def down(self, key: str) -> _At:
        return _At(self.file, f"{self.key}.{key}" if self.key else key)

    def error(self, message: str, hint: str = "") -> UsageError:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return UsageError(f"{place}: {message}", hint)


def parse(text: bytes, where: str, names: Names, *, folder: str | None = None) -> Config:
    """The configuration in `text`, of a file that messages call `where`.

    The table `[tool.compatcheck]` counts if the file is a `pyproject.toml`, else the whole file. `folder` is
    what its paths count from, relative to the repository's top; by default the folder of `where`.
    UsageError: it is not TOML, or says something that means nothing here.
    """
    data = _loaded(text, where)
    at = _At(where)
    if where.replace("\\", "/").rpartition("/")[2] == "pyproject.toml":
        at = at.down("tool.compatcheck")
        data = _table(_table(data.get("tool", {}), at).get("compatcheck", {}), at)
    if folder is None:
        folder = where.rpartition("/")[0]
    _known(data, _KEYS, at)

    def get(key: str, read: Callable[[object, _At], T], default: T) -> T:
        return read(data[key], at.down(key)) if key in data else default

    default = Config()
    services = get("services", lambda value, at: _tables(value, at, _service), default.services)
    return Config(
        where=where,
        folder=folder,
        roots=get("roots", lambda value, at: _roots(value, at, folder), default.roots),
        exclude=get("exclude", _strings, default.exclude),
        against=get("against", _string_or_strings, default.against),
        fail_on=get("fail-on", lambda value, at: _choice(value, at, LEVELS), default.fail_on),
        preset=get("preset", lambda value, at: _choice(value, at, PRESETS), default.preset),
        surfaces=get("surfaces", lambda value, at: _surfaces(value, at, names.surfaces), default.surfaces),
        severity=get("severity", lambda value, at: _severity(value, at, names.rules), default.severity),
        json_unknown_fields=get(
            "json-unknown-fields",
            lambda value, at: _choice(value, at, UNKNOWN_JSON_FIELDS),
            default.json_unknown_fields,
        ),
        json_profile=get(
            "json-profile", lambda value, at: _choice(value, at, JSON_PROFILES), default.json_profile
        ),
        json_names=get("json-names", lambda value, at: _choice(value, at, JSON_NAMES), default.json_names),
        json_enums=get("json-enums", lambda value, at: _choice(value, at, JSON_ENUMS), default.json_enums),
        languages=get("languages", _languages, default.languages),
        travels_in_any=get("travels-in-any", _string_or_strings, default.travels_in_any),
        options=get("options", _options, default.options),
        services=services,
        environments=get(
            "environments", lambda value, at: _environments(value, at, services), default.environments
        ),
    )


_KEYS = (
    "roots",
    "exclude",
    "against",
    "fail-on",
    "preset",
    "surfaces",
    "severity",
    "json-unknown-fields",
    "json-profile",
    "json-names",
    "json-enums",
    "languages",
    "travels-in-any",
    "options",
    "services",
    "environments",
)
_OPTION_KEYS = ("name", "on-change")
_SERVICE_KEYS = ("schema", "versions", "provides", "consumes")


def _loaded(text: bytes, where: str) -> Mapping[str, object]:
    import tomllib

    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UsageError(f"{where}: is not UTF-8 text") from None
    # A number of thousands of digits is a ValueError only.
    except ValueError as error:
        raise UsageError(f"{where}: is not valid TOML: {error}") from None
    except RecursionError:
        raise UsageError(f"{where}: is nested too deep") from None


def _known(data: Mapping[str, object], keys: Collection[str], at: _At) -> None:
    for key in data:
        if key not in keys:
            kebab = key.replace("_", "-")
            raise at.error(f"unknown key `{key}`", suggestion(kebab, keys))


def _service(name: str, value: object, at: _At) -> Service:
    data = _table(value, at)
    _known(data, _SERVICE_KEYS, at)
    default = Service(name)
    versions = default.versions
    if "versions" in data:
        versions = _string_or_strings(data["versions"], at.down("versions"))
        for pattern in versions:
            if not ("{version}" in pattern or any(sign in pattern for sign in "*?[")):
                raise at.down("versions").error(
                    f"`{pattern}` leaves no room for a version",
                    "write a tag glob such as `v*`, or a template such as `name/{version}`",
                )
            if pattern.count("{version}") > 1:
                raise at.down("versions").error(f"`{pattern}` has `{{version}}` more than once")
    return Service(
        name=name,
        schema=_string(data["schema"], at.down("schema")) if "schema" in data else default.schema,
        versions=versions,
        provides=_elements(data["provides"], at.down("provides")) if "provides" in data else (),
        consumes=_elements(data["consumes"], at.down("consumes")) if "consumes" in data else (),
    )


def _environments(
    value: object, at: _At, services: Mapping[str, Service]
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    def live(name: str, value: object, at: _At) -> tuple[str, ...]:
        if name not in services:
            raise at.error(f"there is no [services.{name}]", suggestion(name, services))
        return tuple(dict.fromkeys(_string_or_strings(value, at)))

    return _tables(value, at, lambda _name, value, at: _tables(value, at, live))


def _severity(value: object, at: _At, rules: Collection[str]) -> Mapping[str, Setting]:
    def setting(pattern: str, value: object, at: _At) -> Setting:
        if not any(fnmatchcase(rule, pattern) for rule in rules):
            kind = "no rule matches" if any(sign in pattern for sign in "*?[") else "there is no rule"
            raise at.error(f"{kind} `{pattern}`", suggestion(pattern, rules))
        return _choice(value, at, SETTINGS)

    return _tables(value, at, setting)


def _surfaces(value: object, at: _At, surfaces: Collection[str]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(_choice(one, at, tuple(surfaces)) for one in _strings(value, at)))
    if not chosen:
        raise at.error("is empty, so that nothing would be compared", f"name some of {one_of(surfaces)}")
    return chosen


def _languages(value: object, at: _At) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(_choice(one, at, LANGUAGES) for one in _strings(value, at)))
    if not chosen:
        raise at.error("is empty", "leave it out if no code is generated, and `generated` out of `surfaces`")
    return chosen


def _options(value: object, at: _At) -> Mapping[str, Setting]:
    """`[[options]]`: what a change of an option that a schema defines itself counts as."""
    if not isinstance(value, list):
        raise at.error(f"must be a list of tables, not {_kind(value)}", "write `[[options]]`")
    found: dict[str, Setting] = {}
    for index, one in enumerate(value, 1):
        here = at.down(str(index))
        data = _table(one, here)
        _known(data, _OPTION_KEYS, here)
        missing = [key for key in _OPTION_KEYS if key not in data]
        if missing:
            raise here.error(f"`{missing[0]}` is missing")
        name = _string(data["name"], here.down("name")).strip().removeprefix("(").removesuffix(")").strip(".")
        if not name:
            raise here.down("name").error("is empty", "write the full name, such as `acme.auth.scope`")
        if name in found:
            raise here.down("name").error(f"`{name}` is declared twice")
        found[name] = _choice(data["on-change"], here.down("on-change"), SETTINGS)
    return MappingProxyType(found)


def _roots(value: object, at: _At, folder: str) -> tuple[str, ...]:
    return tuple(_below(one, at, folder) for one in _strings(value, at))


def _below(value: str, at: _At, folder: str) -> str:
    path = path_below(folder, value)
    if path is None:
        raise at.error(f"`{value}` is not a folder inside the repository")
    return path


def _elements(value: object, at: _At) -> tuple[str, ...]:
    names = [(one, element(one)) for one in _string_or_strings(value, at)]
    for written, name in names:
        if name is None:
            hint = "write it as `package.Service` or `package.Service/Method`"
            raise at.error(f"`{written}` is not the full name of a gRPC service or method", hint)
    return tuple(dict.fromkeys(name for _, name in names if name is not None))


def _choice(value: object, at: _At, choices: tuple[T, ...]) -> T:
    text = _string(value, at)
    for choice in choices:
        if choice == text:
            return choice
    known = [str(choice) for choice in choices]
    raise at.error(f"`{text}` is not one of {one_of(known)}", suggestion(text, known))


def _string_or_strings(value: object, at: _At) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else _strings(value, at)


def _strings(value: object, at: _At) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise at.error(f"must be a list of strings, not {_kind(value)}")
    return tuple(value)


def _string(value: object, at: _At) -> str:
    if not isinstance(value, str):
        raise at.error(f"must be a string, not {_kind(value)}")
    return value


def _tables(value: object, at: _At, read: Callable[[str, object, _At], T]) -> Mapping[str, T]:
    return MappingProxyType({key: read(key, one, at.down(key)) for key, one in _table(value, at).items()})


def _table(value: object, at: _At) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise at.error(f"must be a table, not {_kind(value)}")
    return value


def _kind(value: object) -> str:
    if isinstance(value, list):
        odd = next((one for one in value if not isinstance(one, str)), None)
        return "a list" if odd is None else f"a list with {_kind(odd)}"
    kinds = {str: "a string", bool: "a boolean", int: "a number", float: "a number", dict: "a table"}
    return kinds.get(type(value), "a date or time")
