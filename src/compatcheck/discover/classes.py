"""Says of each class of a program what it extends: classes of the code, and what generated ones make of it."""

from __future__ import annotations

from compatcheck.discover import lookups
from compatcheck.discover.conventions import Role
from compatcheck.discover.state import State
from compatcheck.discover.values import ClassCode, ClassItself, Outside, Stub, Unit


def relate(state: State) -> None:
    """Fills in what the classes extend, and records those that a mark registers."""
    classes = [made for some in state.program.classes.values() for made in some]
    for made in classes:
        _resolve_bases(state, made)
    for made in classes:
        above = _ancestors(made)
        made.served = sorted({service for other in above for service in other.served})
        made.stubs = list(dict.fromkeys(stub for other in above for stub in other.stubs))
    for made in classes:
        if made.code is not None and set(made.code.marks) & made.module.language.registrars:
            for service in made.served:
                state.found.provide(service, (made.module.path, made.code.line))


def _resolve_bases(state: State, made: ClassCode) -> None:
    if made.code is None:
        return
    above = made.scope.above
    assert above is not None
    state.unit = Unit((), made.module, above)
    for written in made.code.bases:
        for value in lookups.typed(state, written):
            if isinstance(value, ClassItself):
                if value.of is not made and made not in _ancestors(value.of):
                    made.bases.append(value.of)
                    value.of.derived.append(made)
            elif isinstance(value, Outside):
                meaning = state.found.typed(made.module, value.path, made.code.line)
                if meaning and meaning[0] is Role.SERVED:
                    made.served.append(meaning[1])
                elif meaning and meaning[0] is Role.STUB:
                    made.stubs.append(Stub(meaning[1], made.module.path, made.code.line))


def _ancestors(made: ClassCode) -> list[ClassCode]:
    seen = {made: None}
    todo = [made]
    while todo:
        for base in todo.pop().bases:
            if base not in seen:
                seen[base] = None
                todo.append(base)
    return list(seen)
