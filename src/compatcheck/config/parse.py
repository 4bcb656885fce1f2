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
    Setting,
)
from compatcheck.config.names import one_of, suggestion
from compatcheck.config.services import channels, environments, service
from compatcheck.config.values import (
    At,
    below,
    boolean,
    choice,
    kind,
    known,
    string,
    string_or_strings,
    strings,
    table,
    tables,
)
from compatcheck.errors import UsageError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Names:
    """What a configuration may name and other layers define."""

    rules: Collection[str]
    surfaces: Collection[str]


def parse(text: bytes, where: str, names: Names, *, folder: str | None = None) -> Config:
    """The configuration in `text`, of a file that messages call `where`.

    The table `[tool.compatcheck]` counts if the file is a `pyproject.toml`, else the whole file. `folder` is
    what its paths count from, relative to the repository's top; by default the folder of `where`.
    UsageError: it is not TOML, or says something that means nothing here.
    """
    data = _loaded(text, where)
    at = At(where)
    if where.replace("\\", "/").rpartition("/")[2] == "pyproject.toml":
        at = at.down("tool.compatcheck")
        data = table(table(data.get("tool", {}), at).get("compatcheck", {}), at)
    if folder is None:
        folder = where.rpartition("/")[0]
    known(data, _KEYS, at)

    def get(key: str, read: Callable[[object, At], T], default: T) -> T:
        return read(data[key], at.down(key)) if key in data else default

    default = Config()
    discover = get("discover", boolean, default.discover)
    services = get(
        "services",
        lambda value, at: tables(value, at, lambda name, one, at: service(name, one, at, folder)),
        default.services,
    )
    # What is discovered has names that are not known here.
    declared = None if discover or not services else services.keys()
    return Config(
        where=where,
        folder=folder,
        roots=get("roots", lambda value, at: _roots(value, at, folder), default.roots),
        exclude=get("exclude", strings, default.exclude),
        against=get("against", string_or_strings, default.against),
        fail_on=get("fail-on", lambda value, at: choice(value, at, LEVELS), default.fail_on),
        preset=get("preset", lambda value, at: choice(value, at, PRESETS), default.preset),
        surfaces=get("surfaces", lambda value, at: _surfaces(value, at, names.surfaces), default.surfaces),
        severity=get("severity", lambda value, at: _severity(value, at, names.rules), default.severity),
        json_unknown_fields=get(
            "json-unknown-fields",
            lambda value, at: choice(value, at, UNKNOWN_JSON_FIELDS),
            default.json_unknown_fields,
        ),
        json_profile=get(
            "json-profile", lambda value, at: choice(value, at, JSON_PROFILES), default.json_profile
        ),
        json_names=get("json-names", lambda value, at: choice(value, at, JSON_NAMES), default.json_names),
        json_enums=get("json-enums", lambda value, at: choice(value, at, JSON_ENUMS), default.json_enums),
        languages=get("languages", _languages, default.languages),
        travels_in_any=get("travels-in-any", string_or_strings, default.travels_in_any),
        options=get("options", _options, default.options),
        services=services,
        discover=discover,
        channels=get("channels", lambda value, at: channels(value, at, declared), default.channels),
        environments=get(
            "environments", lambda value, at: environments(value, at, declared), default.environments
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
    "discover",
    "channels",
    "environments",
)
_OPTION_KEYS = ("name", "on-change")


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


def _severity(value: object, at: At, rules: Collection[str]) -> Mapping[str, Setting]:
    def setting(pattern: str, value: object, at: At) -> Setting:
        if not any(fnmatchcase(rule, pattern) for rule in rules):
            kind = "no rule matches" if any(sign in pattern for sign in "*?[") else "there is no rule"
            raise at.error(f"{kind} `{pattern}`", suggestion(pattern, rules))
        return choice(value, at, SETTINGS)

    return tables(value, at, setting)


def _surfaces(value: object, at: At, surfaces: Collection[str]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(choice(one, at, tuple(surfaces)) for one in strings(value, at)))
    if not chosen:
        raise at.error("is empty, so that nothing would be compared", f"name some of {one_of(surfaces)}")
    return chosen


def _languages(value: object, at: At) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(choice(one, at, LANGUAGES) for one in strings(value, at)))
    if not chosen:
        raise at.error("is empty", "leave it out if no code is generated, and `generated` out of `surfaces`")
    return chosen


def _options(value: object, at: At) -> Mapping[str, Setting]:
    """`[[options]]`: what a change of an option that a schema defines itself counts as."""
    if not isinstance(value, list):
        raise at.error(f"must be a list of tables, not {kind(value)}", "write `[[options]]`")
    found: dict[str, Setting] = {}
    for index, one in enumerate(value, 1):
        here = at.down(str(index))
        data = table(one, here)
        known(data, _OPTION_KEYS, here)
        missing = [key for key in _OPTION_KEYS if key not in data]
        if missing:
            raise here.error(f"`{missing[0]}` is missing")
        name = string(data["name"], here.down("name")).strip().removeprefix("(").removesuffix(")").strip(".")
        if not name:
            raise here.down("name").error("is empty", "write the full name, such as `acme.auth.scope`")
        if name in found:
            raise here.down("name").error(f"`{name}` is declared twice")
        found[name] = choice(data["on-change"], here.down("on-change"), SETTINGS)
    return MappingProxyType(found)


def _roots(value: object, at: At, folder: str) -> tuple[str, ...]:
    return tuple(below(one, at, folder) for one in strings(value, at))
