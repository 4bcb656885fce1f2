"""Splits a change in two: a version that speaks the old and the new at once, and one that has left the old behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compatcheck.rollout.blend import Stage, blended
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.fresh import Fresh, fresh_of
from compatcheck.rollout.live import Judge, Setting
from compatcheck.rollout.moves import Move
from compatcheck.rollout.pairs import Interface, Judgement, Served
from compatcheck.rollout.sources import Sources
from compatcheck.schema.model import Cardinality, Field

EXPANDED: Stage = "<expanded>"
CONTRACTED: Stage = "<contracted>"


@dataclass(frozen=True, slots=True)
class Expansion:
    """The versions that would split the change of some services; whether they help is for a search to find out."""

    moves: Mapping[str, Move]
    """Service to its move, from one version to another."""
    interfaces: Mapping[tuple[str, str], Interface]
    """Service and version (`<expanded>`, `<contracted>`) to its schema."""
    fresh: Fresh
    changes: tuple[str, ...]
    """What the expanded versions have to add and to keep, in words."""
    all_changes: tuple[str, ...]
    """The same and what the contracted versions remove."""

    def judge(self, setting: Setting, sources: Sources) -> Judge:
        """The judge of a setting, which knows these versions, too."""
        known: dict[tuple[Edge, str, str], Judgement] = {}

        def judged(edge: Edge, client: str, provider: str) -> Judgement:
            ends = ((edge.client, client), (edge.provider, provider))
            if not any(end in self.interfaces for end in ends):
                return setting.judge(edge, client, provider)
            key = (edge, client, provider)
            if key not in known:
                one, other = (self.interfaces.get(end) or sources.interface(*end) for end in ends)
                if edge.channel:
                    channel = setting.channels[edge.channel]
                    known[key] = sources.table.judge_values(one, other, channel.message, channel.format)
                else:
                    calls, served = self._calls(edge, client, sources), self._served(*ends[1], sources)
                    known[key] = sources.table.judge(one, other, calls, served)
            return known[key]

        return judged

    def _calls(self, edge: Edge, version: str, sources: Sources) -> tuple[Call, ...]:
        """An expanded version serves the old and the new, and calls what the old one calls: who it would call
        otherwise may not be there yet, where two services call each other."""
        move = self.moves.get(edge.client)
        if move is None or version not in (EXPANDED, CONTRACTED):
            return sources.calls(edge, version)
        if version == EXPANDED:
            return sources.calls(edge, move.old[0])
        return tuple(self._renamed(call) for call in sources.calls(edge, move.new))

    def _renamed(self, call: Call) -> Call:
        simple = self.fresh.methods.get(call.name)
        if simple is None:
            return call
        return Call(f"{call.name.rpartition('.')[0]}.{simple}", call.doubt, call.evidence)

    def _served(self, service: str, version: str, sources: Sources) -> Served:
        move = self.moves.get(service)
        if move is None or version not in (EXPANDED, CONTRACTED):
            return sources.served(service, version)
        new = sources.served(service, move.new)
        names = {self._renamed(Call(name)).name for name in new.names}
        if version == CONTRACTED:
            return Served(frozenset(names), new.missing)
        old = sources.served(service, move.old[0])
        return Served(old.names | names, (*old.missing, *new.missing))


def expand(moves: Sequence[Move], edges: Sequence[Edge], sources: Sources) -> Expansion:
    """The versions that would split these moves, each from one live version, joined by `edges`."""
    old = {move.service: sources.interface(move.service, move.old[0]) for move in moves}
    new = {move.service: sources.interface(move.service, move.new) for move in moves}
    terms = sources.table.terms
    methods = [
        copies[0] for interface in (*old.values(), *new.values()) for copies in interface.methods.values()
    ]
    travels = any(method.has_http for method in methods) if terms.json_counts is None else terms.json_counts
    fresh = fresh_of(list(old.values()), list(new.values()), terms.json if travels else None)
    interfaces: dict[tuple[str, str], Interface] = {
        (move.service, stage): blended(old[move.service], new[move.service], fresh, stage)
        for move in moves
        for stage in (EXPANDED, CONTRACTED)
    }
    changes = tuple(dict.fromkeys(_added(moves, edges, fresh, old, new, sources)))
    removed = tuple(dict.fromkeys(_removed(fresh, edges)))
    return Expansion({move.service: move for move in moves}, interfaces, fresh, changes, changes + removed)


def _added(
    moves: Sequence[Move],
    edges: Iterable[Edge],
    fresh: Fresh,
    old: Mapping[str, Interface],
    new: Mapping[str, Interface],
    sources: Sources,
) -> Iterator[str]:
    for (message, wanted), made in fresh.fields.items():
        beside = fresh.beside[message, wanted]
        yield f"add `{declared(made)}` to `{message}` beside `{declared(beside)}`, and write both"
    for message, number in sorted(fresh.required):
        yield f"leave field {number} of `{message}` optional, not required"
    for method, simple in sorted(fresh.methods.items()):
        yield f"add the new form of `{method}` as `{simple}` beside the old one, and serve both"
    by_service = {move.service: move for move in moves}
    for edge in edges:
        if edge.channel:
            continue
        client, provider = by_service[edge.client], by_service[edge.provider]
        called = {
            version: {
                name
                for call in sources.calls(edge, version)
                for name in known[edge.client].methods_of(call.name) or (call.name,)
            }
            for version, known in ((client.old[0], old), (client.new, new))
        }
        serves = {
            version: _serves(provider, version, known, sources)
            for version, known in ((provider.old[0], old), (provider.new, new))
        }
        for name in sorted(called[client.old[0]] - serves[provider.new]):
            yield f"keep serving `{name}` in {edge.provider} until no version of {edge.client} calls it"
        for name in sorted(called[client.new] - serves[provider.old[0]]):
            yield f"serve `{name}` in {edge.provider} before {edge.client} calls it"


def _serves(move: Move, version: str, known: Mapping[str, Interface], sources: Sources) -> set[str]:
    served = sources.served(move.service, version)
    return {name for name in known[move.service].methods if served.serves(name)}


def _removed(fresh: Fresh, edges: Iterable[Edge]) -> Iterator[str]:
    # Values that hold the old fields only break nobody who reads, and tell him nothing either.
    for channel in sorted({edge.channel for edge in edges if edge.channel and fresh.fields}):
        yield f"once nothing is kept in `{channel}` that older versions wrote, or after rewriting it:"
    for (message, _), beside in fresh.beside.items():
        yield f"then remove `{declared(beside)}` from `{message}`, and reserve {beside.number} and `{beside.name}`"
    for method, simple in sorted(fresh.methods.items()):
        yield f"then remove the old form of `{method}` and keep `{simple}`"


def declared(field: Field) -> str:
    """A field as `.proto` source declares it."""
    if field.cardinality is Cardinality.MAP:
        type_ = f"map<{field.key.type.value}, {_type(field.value)}>"
    else:
        label = {
            Cardinality.REPEATED: "repeated ",
            Cardinality.REQUIRED: "required ",
        }.get(field.cardinality, "")
        type_ = label + _type(field)
    return f"{type_} {field.name} = {field.number}"


def _type(field: Field) -> str:
    return field.type_name or field.type.value
