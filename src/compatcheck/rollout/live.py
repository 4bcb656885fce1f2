"""What meets during a deployment: old and new versions of a service, and what is live around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compatcheck.rollout.graph import Edge

Live = Mapping[str, tuple[str, ...]]
"""Service to the versions of it that are live in one environment."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A client version that calls a provider version while a deployment is under way."""

    edge: Edge
    client_version: str
    provider_version: str
    new: bool
    """Whether the version that is being deployed takes part; if not, the two meet already."""


@dataclass(frozen=True, slots=True)
class Window:
    """The meetings of a deployment, and the neighbours of which no version is known to be live."""

    meetings: tuple[Meeting, ...]
    absent: tuple[str, ...]


def window(edges: tuple[Edge, ...], live: Live, service: str, version: str) -> Window:
    """Who meets while `version` of `service` is rolled out. `edges` are those around the service.

    Old and new versions of the service serve at once, and call at once; where it calls itself, they meet
    each other, too.
    """
    versions = {service: tuple(dict.fromkeys((*live.get(service, ()), version)))}
    neighbours = {name for edge in edges for name in (edge.client, edge.provider)} - {service}
    versions |= {name: live.get(name, ()) for name in neighbours}
    meetings = tuple(meeting for edge in edges for meeting in _meetings(edge, versions, service, version))
    return Window(meetings, tuple(sorted(name for name in neighbours if not versions[name])))


def _meetings(
    edge: Edge, versions: Mapping[str, tuple[str, ...]], service: str, version: str
) -> Iterator[Meeting]:
    for client_version in versions[edge.client]:
        for provider_version in versions[edge.provider]:
            parties = ((edge.client, client_version), (edge.provider, provider_version))
            yield Meeting(edge, client_version, provider_version, new=(service, version) in parties)
