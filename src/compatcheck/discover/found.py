"""Collects what following the stubs of a service brings to light."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from compatcheck.discover.code import Import
from compatcheck.discover.conventions import Language, Meaning, Role
from compatcheck.discover.names import is_infrastructure, method_of, services_named
from compatcheck.discover.values import Module, Stub

Place = tuple[str, int]
"""Path and line."""


@dataclass(slots=True)
class Found:
    """Uses of stubs, by stub; and gRPC services (full names) that are registered."""

    known: Mapping[str, tuple[str, ...]]
    """gRPC services by full name, with the simple names of their methods."""
    uses: dict[Stub, dict[str, dict[Place, None]]] = field(default_factory=dict)
    """Under an empty name: methods that are chosen at run time."""
    given_away: dict[Stub, None] = field(default_factory=dict)
    """Stubs that went where their calls cannot be seen."""
    injected: dict[Stub, None] = field(default_factory=dict)
    """Stubs that parameters and fields hold since their types say so."""
    addresses: dict[Stub, dict[str, None]] = field(default_factory=dict)
    provided: dict[str, dict[Place, None]] = field(default_factory=dict)
    unclear: dict[tuple[str, int, tuple[str, ...]], None] = field(default_factory=dict)
    """Places with a name that several gRPC services have, and those."""
    chosen_later: dict[Place, None] = field(default_factory=dict)
    """Places that make a stub of a service whose name is only known at run time."""
    _linked: dict[tuple[str, str, str, tuple[str, ...]], tuple[Role, tuple[str, ...]] | None] = field(
        default_factory=dict
    )

    def called(self, module: Module, path: tuple[str, ...], line: int) -> tuple[Role, str] | None:
        """What calling generated code does, and for which gRPC service (full name)."""
        return self._meaning(module, "called", module.language.called, path, line)

    def typed(self, module: Module, path: tuple[str, ...], line: int) -> tuple[Role, str] | None:
        """What a type of generated code means, and for which gRPC service (full name)."""
        return self._meaning(module, "typed", module.language.typed, path, line)

    def _meaning(
        self,
        module: Module,
        how: str,
        convention: Callable[[tuple[str, ...]], Meaning | None],
        path: tuple[str, ...],
        line: int,
    ) -> tuple[Role, str] | None:
        key = (how, module.language.name, module.path, path)
        if key not in self._linked:
            meaning = convention(path)
            services = services_named(self.known, meaning.service, _hints(module, path)) if meaning else ()
            self._linked[key] = (meaning.role, services) if meaning and services else None
        linked = self._linked[key]
        if linked is None:
            return None
        role, services = linked
        if len(services) > 1:
            self.unclear[module.path, line, services] = None
            return None
        return None if is_infrastructure(services[0]) else (role, services[0])

    def use(self, stub: Stub, method: str, place: Place) -> None:
        self.uses.setdefault(stub, {}).setdefault(method, {})[place] = None

    def provide(self, service: str, place: Place) -> None:
        self.provided.setdefault(service, {})[place] = None

    def method(self, stub: Stub, language: Language, name: str) -> str | None:
        """The method of the stub's service that a member's name means."""
        return method_of(self.known[stub.service], name, language.affixes)


def _hints(module: Module, path: tuple[str, ...]) -> tuple[str, ...]:
    """What may tell services of one name apart, most telling first."""
    imports = [item for items in module.scope.imports.values() for item in items]
    return (
        ".".join(path),
        "\n".join([*map(_written, imports), *module.everything]),
        module.package,
        module.path.rpartition("/")[0],
    )


def _written(item: Import) -> str:
    return f"{item.module}.{item.member} {item.name}"
