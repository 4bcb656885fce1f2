"""Which versions are live: as configured, as the command line says, or as a record of deployments will say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from compatcheck.config import Config
from compatcheck.config.model import Deployed
from compatcheck.config.names import suggestion
from compatcheck.errors import UsageError
from compatcheck.rollout.live import Live

COMMAND_LINE = "the command line"
"""What an environment is called of which only the command line tells."""


def live_there(environment: str) -> str:
    """`live in production`."""
    return "said to be live" if environment == COMMAND_LINE else f"live in {environment}"


class Deployments(Protocol):
    """Knows what is deployed where."""

    def environments(self) -> Collection[str]:
        """The names of all environments."""

    def live(self, environment: str, /) -> Live:
        """What is live in one of them."""


@dataclass(frozen=True, slots=True)
class Configured:
    """What the configuration says is deployed: `[environments.NAME]`."""

    config: Config

    def environments(self) -> Collection[str]:
        return self.config.environments.keys()

    def live(self, environment: str, /) -> Live:
        return self.config.environments[environment]


def live_in(deployments: Deployments, environment: str | None, written: Sequence[str]) -> tuple[str, Live]:
    """The name of an environment and what is live in it, `--live` being `written`.

    What the command line names of a service takes the place of what was known of it. UsageError: there is no
    such environment, or neither it nor anything live was named.
    """
    said = _written(written)
    if environment is None:
        if not said:
            raise UsageError("no environment is named", "say --env NAME, or --live SERVICE=VERSION,...")
        return COMMAND_LINE, said
    known = deployments.environments()
    if environment not in known:
        hint = suggestion(environment, known)
        raise UsageError(f"there is no environment `{environment}`", hint or "add [environments.NAME]")
    return environment, MappingProxyType({**deployments.live(environment), **said})


def _written(written: Sequence[str]) -> Mapping[str, tuple[Deployed, ...]]:
    """`cart=1.0,checkout=2.0,checkout=2.1`, given once or several times."""
    found: dict[str, dict[str, Deployed]] = {}
    for one in (part.strip() for text in written for part in text.split(",")):
        service, sign, version = one.partition("=")
        if not one:
            continue
        if not (service and sign and version):
            raise UsageError(f"`{one}` does not say what is live", "write it as SERVICE=VERSION")
        found.setdefault(service, {})[version] = Deployed(version)
    return {service: tuple(versions.values()) for service, versions in found.items()}
