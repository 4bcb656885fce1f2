"""Finds out of the code of one version of a service which gRPC services it serves and which methods it calls."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib.util import find_spec

from compatcheck.discover.classes import relate
from compatcheck.discover.code import File
from compatcheck.discover.conventions import Language
from compatcheck.discover.files import Chosen, FileCache, choose, code_files, within
from compatcheck.discover.flow import Flow
from compatcheck.discover.found import Found, Place
from compatcheck.discover.imported import imported
from compatcheck.discover.languages.registry import LANGUAGES
from compatcheck.discover.scopes import lay_out
from compatcheck.discover.uses import Called, Evidence, Provided, Uses
from compatcheck.errors import UsageError
from compatcheck.source.tree import Tree

_LOOPBACK = re.compile(r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::\d*)?")

_WIDEST = 120
"""Letters of a line of evidence."""


def uses_of(
    tree: Tree,
    folders: Sequence[str],
    known: Mapping[str, tuple[str, ...]],
    *,
    excluded: Sequence[str] = (),
    cache: FileCache | None = None,
) -> Uses:
    """What the code in `folders` of a tree ("" is all of it) serves and calls.

    `known`: gRPC services by full name, with the simple names of their methods; code that names others says
    nothing. What the code imports from elsewhere in the tree is followed too, see
    `imported`. `excluded`: folders below those that belong to other services. UsageError: ast-grep is not installed.
    """
    if find_spec("ast_grep_py") is None:
        raise UsageError("discovery needs ast-grep-py", "pip install 'compatcheck[discover]'")
    own = [
        path
        for path in tree.files
        if any(within(path, folder) for folder in folders)
        and not any(within(path, folder) for folder in excluded)
    ]
    if not own:
        return Uses(exists=False)
    code = code_files(own, folders, excluded, LANGUAGES)
    cache = FileCache() if cache is None else cache
    shared = imported(tree, code, LANGUAGES, cache)
    code |= shared
    key = (tuple((path, tree.files[path], path in shared) for path in code), tuple(known.items()))
    if key not in cache.uses:
        cache.uses[key] = _uses(choose(tree, code, known, cache), known, shared)
    return cache.uses[key]


def _uses(chosen: Chosen, known: Mapping[str, tuple[str, ...]], shared: Collection[str]) -> Uses:
    found, complete = follow(chosen.files, known, shared)
    missing = list(chosen.missing)
    missing += [
        f"{path}:{line}: this may be any of {', '.join(services)}" for path, line, services in found.unclear
    ]
    missing += [
        f"{path}:{line}: which gRPC service this is of is chosen at run time"
        for path, line in found.chosen_later
    ]
    if not complete:
        missing.append("the code is too entangled: following its stubs was cut short")
    return Uses(_provides(found, chosen), _calls(found, chosen), tuple(sorted(missing)))


def follow(
    files: Iterable[tuple[str, Language, File]],
    known: Mapping[str, tuple[str, ...]],
    shared: Collection[str] = (),
) -> tuple[Found, bool]:
    """What following the stubs of some files finds; False: not all of it, since it had to be cut short.

    `shared`: see `Flow`.
    """
    found = Found(known)
    flow = Flow(lay_out(files), found, shared)
    relate(flow)
    return found, flow.run()


def _provides(found: Found, chosen: Chosen) -> tuple[Provided, ...]:
    return tuple(
        Provided(service, _evidence(found.provided[service], chosen)) for service in sorted(found.provided)
    )


def _calls(found: Found, chosen: Chosen) -> tuple[Called, ...]:
    """What the stubs call, and those that escaped.

    A stub that is given to a library and never called is one whose methods are not known; not so if methods of
    its service are called where a parameter or field of the stub's type is declared: that is taken for the place
    to which a framework brings it (axum's `with_state(client)` and `State<CartClient>`). A service that calls
    itself on its own host meets no other version: that is a program to try it with.
    """
    places: dict[tuple[str, str], dict[Place, None]] = {}
    addresses: dict[tuple[str, str], set[str]] = {}
    for stub, methods in found.uses.items():
        for method, where in methods.items():
            places.setdefault((stub.service, method), {}).update(where)
            addresses.setdefault((stub.service, method), set()).update(found.addresses.get(stub, ()))
    followed = {stub.service for stub in found.injected if any(found.uses.get(stub, ()))}
    for stub in found.given_away:
        if stub not in found.uses and stub.service not in followed:
            places.setdefault((stub.service, ""), {})[stub.path, stub.line] = None
            addresses.setdefault((stub.service, ""), set()).update(found.addresses.get(stub, ()))
    anywhere: dict[str, set[str]] = {}
    for stub, texts in found.addresses.items():
        anywhere.setdefault(stub.service, set()).update(texts)
    likely = {use: _likely(addresses[use] or anywhere.get(use[0], set())) for use in sorted(places)}
    return tuple(
        Called(service, method, _evidence(places[service, method], chosen), texts)
        for (service, method), texts in likely.items()
        if not (service in found.provided and _is_own_host(texts))
    )


def _is_own_host(addresses: tuple[str, ...]) -> bool:
    hosts = [text for text in addresses if not text.endswith("PORT")]
    return bool(hosts) and all(_LOOPBACK.fullmatch(host) for host in hosts)


def _likely(texts: set[str]) -> tuple[str, ...]:
    """Those that look like a variable of the environment or have a port or domain, if there are any; else all."""
    telling = {text for text in texts if text.isupper() or ":" in text or "." in text}
    return tuple(sorted(telling or texts))


def _evidence(places: Iterable[Place], chosen: Chosen) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(path, line, _line(chosen.texts.get(path, ""), line)) for path, line in sorted(places)
    )


def _line(text: str, number: int) -> str:
    lines = text.split("\n", number)
    return lines[number - 1].strip()[:_WIDEST] if 0 < number <= len(lines) else ""
