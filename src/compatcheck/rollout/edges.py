"""An edge between two services, and what is called or written along it."""

from __future__ import annotations

from dataclasses import dataclass

from compatcheck.discover.uses import Evidence


@dataclass(frozen=True, slots=True)
class Edge:
    """Who calls whom. On a channel the client is who writes, and the provider who reads what was written."""

    client: str
    provider: str
    channel: str = ""
    """The name of the channel; empty for calls."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a client version calls at a provider; on a channel, the message that it writes."""

    name: str
    """Full name of a method; of a gRPC service, if all of its methods are called, or nobody knows which."""
    doubt: str = ""
    """What is not known of it, in words: which methods, or whether it is this provider that is called. A break
    on a doubtful call makes a pair unknown, never a mismatch."""
    evidence: tuple[Evidence, ...] = ()

    @property
    def key(self) -> tuple[str, str, bool]:
        """What its verdict depends on: calls that are alike in it are judged once."""
        return self.name, self.doubt, bool(self.evidence)
