"""In which order two services can go from one pair of versions to another, so that whoever meets can talk."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from compatcheck.rollout.pairs import Verdict

VerdictOf = Callable[[str, str], Verdict]
"""(client version, provider version) -> their verdict."""


class StepOrder(Enum):
    ANY = "any"
    PROVIDER_FIRST = "provider-first"
    CLIENT_FIRST = "client-first"
    NONE = "none"
    UNKNOWN = "unknown"
    """A pair on the way is not known, or the pair at the end is no good whatever the order."""


def step_order(verdict: VerdictOf, old: tuple[str, str], new: tuple[str, str]) -> StepOrder:
    """The order in which (client, provider) gets from the versions `old` to `new`.

    If the provider goes first, the old client meets the new provider; if the client goes first, the new
    client meets the old provider. In every order the new client meets the new provider in the end.
    """
    if verdict(*new) is not Verdict.SAFE:
        return StepOrder.UNKNOWN
    provider_first, client_first = verdict(old[0], new[1]), verdict(new[0], old[1])
    if Verdict.UNKNOWN in (provider_first, client_first):
        return StepOrder.UNKNOWN
    if provider_first is client_first:
        return StepOrder.ANY if provider_first is Verdict.SAFE else StepOrder.NONE
    return StepOrder.PROVIDER_FIRST if provider_first is Verdict.SAFE else StepOrder.CLIENT_FIRST
