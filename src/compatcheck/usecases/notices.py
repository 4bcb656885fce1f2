"""What somebody should know of how an answer about services came about."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from compatcheck.usecases.fleet import Fleet


def notices(fleet: Fleet, about: Collection[str]) -> tuple[str, ...]:
    """What somebody should know of how the answer came about, as far as it concerns some services."""
    return (*_renamed(fleet, about), *_untagged(fleet), *_stale(fleet))


def _renamed(fleet: Fleet, about: Collection[str]) -> Iterator[str]:
    renamed = [(old, name) for old, name in sorted(fleet.codes.renamed) if name in about]
    if renamed:
        listed = ", ".join(f"{old} is {name}" for old, name in renamed)
        yield f"folders that were renamed are taken for one service each: {listed}"


def _stale(fleet: Fleet) -> Iterator[str]:
    """Generated code that is older than the schema beside it, at the versions of which a schema was asked for."""
    found: dict[tuple[str, str], list[str]] = {}
    for service, version in fleet.interfaces.asked():
        for said in fleet.interfaces.stale(fleet.service(service), version):
            found.setdefault((service, said), []).append(version)
    for (service, said), versions in found.items():
        yield f"{service} {', '.join(versions)}: {said}"


def _untagged(fleet: Fleet) -> tuple[str, ...]:
    found: dict[str, list[str]] = {}
    for service, version in fleet.timeline.untagged():
        found.setdefault(version, []).append(service)
    return tuple(
        f"no tag stands for {services[0] if len(services) == 1 else f'{len(services)} services at'} {version}: "
        f"`{version}` is read as a revision"
        for version, services in found.items()
        # Who asks for no version in particular gets HEAD, and knows what it is.
        if len(services) == 1 or version != "HEAD"
    )
