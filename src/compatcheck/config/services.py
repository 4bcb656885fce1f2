"""Reads what a configuration says of services, of the channels between them, and of what is live."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from compatcheck.config.model import CHANNEL_FORMATS, PHASES, Channel, Deployed, Service
from compatcheck.config.names import element, suggestion
from compatcheck.config.values import (
    At,
    below,
    boolean,
    choice,
    elements,
    kind,
    known,
    string,
    string_or_strings,
    table,
    tables,
)

_SERVICE_KEYS = ("path", "repo", "schema", "versions", "provides", "consumes", "external", "group")
_CHANNEL_KEYS = ("message", "writers", "readers", "since", "format")
_DEPLOYED_KEYS = ("version", "phase", "share")

Declared = Collection[str] | None
"""The names of the services that there are; None: those that are discovered."""


def service(name: str, value: object, at: At, folder: str) -> Service:
    """`[services.NAME]`. Its paths count from `folder`, or from the top of the repository that it names."""
    data = table(value, at)
    known(data, _SERVICE_KEYS, at)
    default = Service(name)
    repo = _filled(data["repo"], at.down("repo")) if "repo" in data else default.repo
    start = "" if repo else folder
    return Service(
        name=name,
        path=_paths(data["path"], at.down("path"), start) if "path" in data else default.path,
        repo=repo,
        schema=string(data["schema"], at.down("schema")) if "schema" in data else default.schema,
        versions=_versions(data["versions"], at.down("versions")) if "versions" in data else default.versions,
        provides=elements(data["provides"], at.down("provides")) if "provides" in data else None,
        consumes=elements(data["consumes"], at.down("consumes")) if "consumes" in data else None,
        external=boolean(data["external"], at.down("external")) if "external" in data else False,
        group=string(data["group"], at.down("group")) if "group" in data else default.group,
    )


def channels(value: object, at: At, declared: Declared) -> Mapping[str, Channel]:
    """`[channels.NAME]`."""
    return tables(value, at, lambda name, one, at: _channel(name, one, at, declared))


def environments(
    value: object, at: At, declared: Declared
) -> Mapping[str, Mapping[str, tuple[Deployed, ...]]]:
    """`[environments.NAME]`."""

    def live(name: str, value: object, at: At) -> tuple[Deployed, ...]:
        _declared(name, declared, at)
        return _deployed(value, at)

    return tables(value, at, lambda _name, value, at: tables(value, at, live))


def _versions(value: object, at: At) -> tuple[str, ...]:
    patterns = string_or_strings(value, at)
    if not patterns:
        raise at.error("is empty", "write a tag glob such as `v*`")
    for pattern in patterns:
        if not ("{version}" in pattern or any(sign in pattern for sign in "*?[")):
            hint = "write a tag glob such as `v*`, or a template such as `name/{version}`"
            raise at.error(f"`{pattern}` leaves no room for a version", hint)
        if pattern.count("{version}") > 1:
            raise at.error(f"`{pattern}` has `{{version}}` more than once")
    return patterns


def _paths(value: object, at: At, folder: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(below(one, at, folder) for one in string_or_strings(value, at)))


def _channel(name: str, value: object, at: At, declared: Declared) -> Channel:
    data = table(value, at)
    known(data, _CHANNEL_KEYS, at)
    missing = next((key for key in ("message", "writers", "readers") if key not in data), None)
    if missing is not None:
        raise at.error(f"`{missing}` is missing")
    written = string(data["message"], at.down("message"))
    message = element(written)
    if message is None or "/" in written:
        hint = "write it as `package.Message`"
        raise at.down("message").error(f"`{written}` is not the full name of a message", hint)
    writers = _services(data["writers"], at.down("writers"), declared)
    form = data.get("format", "wire")
    return Channel(
        name=name,
        message=message,
        writers=writers,
        readers=_services(data["readers"], at.down("readers"), declared),
        since=_since(data["since"], at.down("since"), writers) if "since" in data else MappingProxyType({}),
        format=choice(form, at.down("format"), CHANNEL_FORMATS),
    )


def _since(value: object, at: At, writers: tuple[str, ...]) -> Mapping[str, str]:
    """A version for all writers, or for each of them."""
    if isinstance(value, str):
        return MappingProxyType(dict.fromkeys(writers, _filled(value, at)))

    def version(writer: str, value: object, at: At) -> str:
        if writer not in writers:
            raise at.error(f"`{writer}` is none of the channel's writers", suggestion(writer, writers))
        return _filled(value, at)

    if not isinstance(value, dict):
        raise at.error(f"must be a version, or a table of writers and versions, not {kind(value)}")
    return tables(value, at, version)


def _services(value: object, at: At, declared: Declared) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(string_or_strings(value, at)))
    if not names:
        raise at.error("is empty", "name the services")
    for name in names:
        _declared(name, declared, at)
    return names


def _declared(name: str, declared: Declared, at: At) -> None:
    if declared is not None and name not in declared:
        raise at.error(f"there is no [services.{name}]", suggestion(name, declared))


def _deployed(value: object, at: At) -> tuple[Deployed, ...]:
    """A version, a table that says more of it, or a list of both."""
    listed = value if isinstance(value, list) else [value]
    many = isinstance(value, list)
    found: dict[str, Deployed] = {}
    for index, one in enumerate(listed, 1):
        here = at.down(str(index)) if many else at
        live = Deployed(one) if isinstance(one, str) else _phased(one, here)
        if not live.version:
            raise here.error("is empty", "write a version")
        if found.setdefault(live.version, live) != live:
            raise here.error(f"`{live.version}` is in two phases at once")
    return tuple(found.values())


def _phased(value: object, at: At) -> Deployed:
    if not isinstance(value, dict):
        raise at.error(f"must be a version, a table, or a list of them, not {kind(value)}")
    known(value, _DEPLOYED_KEYS, at)
    if "version" not in value:
        raise at.error("`version` is missing")
    phase = choice(value.get("phase", "stable"), at.down("phase"), PHASES)
    share = None
    if "share" in value:
        share = _share(value["share"], at.down("share"))
        if phase != "canary":
            raise at.down("share").error(f"only a canary has a share, and this is {phase}")
    return Deployed(string(value["version"], at.down("version")), phase, share)


def _share(value: object, at: At) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise at.error(f"must be a number, not {kind(value)}")
    if not 0 <= value <= 1:
        raise at.error(f"{value} is not between 0 and 1", "10 percent is 0.1")
    return float(value)


def _filled(value: object, at: At) -> str:
    text = string(value, at)
    if not text:
        raise at.error("is empty")
    return text
