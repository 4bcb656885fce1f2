"""The way back: whether a service can return to what is live before its deployment."""

from __future__ import annotations

from collections.abc import Collection

from compatcheck.config.model import Deployed
from compatcheck.rollout.live import Live, Meeting, Setting, Strategy, meetings
from compatcheck.rollout.pairs import Judgement, Pair, Verdict


def back(
    setting: Setting,
    live: Live,
    service: str,
    old: tuple[Deployed, ...],
    known: Collection[Meeting],
    strategy: Strategy = Strategy.ROLLING,
) -> tuple[Pair, ...]:
    """The pairs that are not safe if a service goes from what is in `live` back to `old`, without `known` ones.

    While it goes back, both are live; afterwards only the old ones are, and what the newer one has written to
    channels is still there. `known` meetings happen already and are not the way back's fault.
    """
    left = live.get(service, ())
    if not strategy.mixes:
        # The way back is a switch, too.
        left = tuple(Deployed(one.version, "blue") for one in left)
        old = tuple(Deployed(one.version, "green") for one in old)
    both = (*left, *(one for one in old if one.version not in {here.version for here in left}))
    written = {service: tuple(one.version for one in left)}
    found = dict.fromkeys(
        (*meetings(setting, {**live, service: both}), *meetings(setting, {**live, service: old}, written))
    )
    return tuple(
        Pair(one.edge, one.client_version, one.provider_version, judgement)
        for one in found
        if one not in known and (judgement := judged(setting, one)).verdict is not Verdict.SAFE
    )


def judged(setting: Setting, meeting: Meeting) -> Judgement:
    return setting.judge(meeting.edge, meeting.client_version, meeting.provider_version)
