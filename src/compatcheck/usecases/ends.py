"""The two ends of an edge, and their judgement: versions that are alike in what counts are judged once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from compatcheck.config.model import Channel
from compatcheck.rollout.edges import Call
from compatcheck.rollout.pairs import Interface, Judgement, Served, Verdict
from compatcheck.rollout.table import Table

NOTHING = Interface({})
"""The schema of a version that has no part in an edge."""
_SAFE = Judgement(Verdict.SAFE)


@dataclass(frozen=True, slots=True)
class Client:
    """What counts of a client version; on a channel, of a writer."""

    calls: tuple[Call, ...]
    interface: Interface

    @property
    def key(self) -> object:
        return self.interface, tuple(one.key for one in self.calls)


@dataclass(frozen=True, slots=True)
class Provider:
    """What counts of a provider version; on a channel, of a reader."""

    exists: bool
    interface: Interface
    served: Served

    @property
    def key(self) -> object:
        return self.exists, self.interface, self.served


def between(table: Table, channel: Channel | None, client: Client, provider: Provider) -> Judgement:
    """The judgement of a client version and a provider version; `channel` is what is between them, if not calls."""
    if not client.calls:
        return _SAFE
    if channel is None:
        return table.judge(client.interface, provider.interface, client.calls, provider.served)
    if not provider.exists:
        # Nobody is there to read it.
        return _SAFE
    written = channel.message
    if written not in client.interface.messages and not client.interface.missing_of(written):
        # What its own schema does not have, that version does not write.
        return Judgement(Verdict.SAFE, not_called=(written,))
    return table.judge_values(client.interface, provider.interface, written, channel.format)


def grid(
    clients: Sequence[Client], providers: Sequence[Provider], judge: Callable[[Client, Provider], Judgement]
) -> tuple[tuple[Judgement, ...], ...]:
    """A row for each client, a cell for each provider. What costs is each distinct pair, not each pair."""
    known: dict[tuple[object, object], Judgement] = {}
    columns = [(provider.key, provider) for provider in providers]
    found = []
    for client in clients:
        key, row = client.key, []
        for column, provider in columns:
            if (key, column) not in known:
                known[key, column] = judge(client, provider)
            row.append(known[key, column])
        found.append(tuple(row))
    return tuple(found)
