"""Lays out the files of a service as scopes: what each package, class and function declares, and who sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from compatcheck.discover.code import Assign, Class, File, Function, Import, Name, Statement
from compatcheck.discover.conventions import Language
from compatcheck.discover.values import (
    ClassCode,
    ClassItself,
    FunctionItself,
    Instance,
    Module,
    Node,
    Scope,
    Unit,
)

SAYS_SELF = frozenset({"Go", "JavaScript", "Python", "Rust", "TypeScript"})
"""Languages in which a method gets at its own members through its object's name only."""

BY_FOLDER = frozenset({"Go"})
"""Languages whose packages are folders."""

CONSTRUCTOR = "<init>"


@dataclass(slots=True)
class Program:
    """All code of a service."""

    modules: list[Module] = field(default_factory=list)
    packages: dict[tuple[str, str], Scope] = field(default_factory=dict)
    """(language, its own name for it) -> the scope that its files share."""
    units: list[Unit] = field(default_factory=list)
    classes: dict[str, list[ClassCode]] = field(default_factory=dict)
    functions: dict[str, list[Unit]] = field(default_factory=dict)


def lay_out(files: Iterable[tuple[str, Language, File]]) -> Program:
    """`files`: path, language and content of each file."""
    program = Program()
    methods: list[tuple[Unit, str]] = []
    for path, language, file in files:
        package = _package(program, path, language, file)
        module = Module(path, language, Scope(above=package), file.package)
        package.modules.append(module)
        program.modules.append(module)
        _declare(program, methods, file.statements, module.scope, package, module, None)
        program.units.append(Unit(file.statements, module, module.scope))
    for unit, owner in methods:
        _adopt(program, unit, owner)
    return program


def _package(program: Program, path: str, language: Language, file: File) -> Scope:
    folder = path.rpartition("/")[0]
    if language.name in BY_FOLDER:
        key = (language.name, f"{folder}:{file.package}")
    else:
        key = (language.name, file.package.replace("::", ".") or path)
    return program.packages.setdefault(key, Scope())


def _declare(
    program: Program,
    methods: list[tuple[Unit, str]],
    statements: tuple[Statement, ...],
    imports: Scope,
    scope: Scope,
    module: Module,
    owner: ClassCode | None,
) -> None:
    """Enters names into `scope` and imports into `imports`; functions look up names from `imports` on."""
    for statement in statements:
        match statement:
            case Import(name=""):
                module.everything.append(statement.module)
            case Import():
                imports.imports.setdefault(statement.name, []).append(statement)
            case Class():
                _declare_class(program, methods, statement, imports, scope, module)
            case Function():
                unit = function_unit(statement, imports, module, owner)
                program.units.append(unit)
                program.functions.setdefault(statement.name, []).append(unit)
                if statement.owner:
                    methods.append((unit, statement.owner))
                else:
                    add(scope, statement.name).values[FunctionItself(unit)] = None
            case Assign(target=Name(text=text)):
                add(scope, text)
                scope.variables.add(text)
            case _:
                pass


def _declare_class(
    program: Program,
    methods: list[tuple[Unit, str]],
    code: Class,
    imports: Scope,
    scope: Scope,
    module: Module,
) -> None:
    held = add(scope, code.name)
    parts = [value.of for value in held.values if isinstance(value, ClassItself)]
    if parts and parts[0].module.language is module.language and code.name:
        made = parts[0]  # a partial class, an extension, or the same name declared twice
        if made.code is None or (code.bases and not made.code.bases):
            made.code = code
    else:
        made = ClassCode(code.name, module, Scope(above=imports), code)
        made.scope.of_class = made
        held.values[ClassItself(made)] = None
        program.classes.setdefault(code.name, []).append(made)
    body = Scope(above=imports, names=made.scope.names, of_class=made)
    _declare(program, methods, code.body, body, made.scope, module, made)
    program.units.append(Unit(code.body, module, body, owner=made))


def function_unit(function: Function, scope: Scope, module: Module, owner: ClassCode | None) -> Unit:
    """The unit of a function that is written in `scope`."""
    inner = Scope(above=scope)
    for parameter in function.parameters:
        add(inner, parameter.name)
        inner.variables.add(parameter.name)
    if owner is not None and function.receiver:
        add(inner, function.receiver).values[Instance(owner)] = None
    return Unit(function.body, module, inner, function, owner)


def begin(program: Program, unit: Unit) -> list[Unit]:
    """Enters what a function's body declares, once; gives the units of what is declared in it.

    A variable that a function or file around it assigns too is that one: what is assigned and what is declared
    are not told apart.
    """
    if unit.begun or unit.function is None:
        unit.begun = True
        return []
    unit.begun = True
    scope = unit.scope
    taken = set(scope.names)
    before = len(program.units)
    own = tuple(item for item in unit.statements if not _shared(item, scope, taken))
    methods: list[tuple[Unit, str]] = []
    _declare(program, methods, own, scope, scope, unit.module, unit.owner)
    for method, owner in methods:
        _adopt(program, method, owner)
    return program.units[before:]


def _shared(statement: Statement, scope: Scope, parameters: set[str]) -> bool:
    if not isinstance(statement, Assign) or not isinstance(statement.target, Name):
        return False
    name = statement.target.text
    around = scope.above
    while around is not None and name not in parameters:
        if around.of_class is None and name in around.variables:
            return True
        around = around.above
    return False


def _adopt(program: Program, unit: Unit, owner: str) -> None:
    """Makes a function a method of the class that it says it belongs to."""
    package = package_of(unit.module)
    simple = owner.replace("::", ".").rpartition(".")[2]
    held = add(package, simple)
    made = next((value.of for value in held.values if isinstance(value, ClassItself)), None)
    if made is None:
        elsewhere = [] if unit.module.language.name in BY_FOLDER else program.classes.get(simple, [])
        made = elsewhere[0] if elsewhere else ClassCode(simple, unit.module, Scope(above=unit.module.scope))
        made.scope.of_class = made
        held.values[ClassItself(made)] = None
        if not elsewhere:
            program.classes.setdefault(simple, []).append(made)
    unit.owner = made
    if unit.function is not None and unit.function.receiver:
        add(unit.scope, unit.function.receiver).values[Instance(made)] = None
    if unit.module.language.name not in SAYS_SELF:
        unit.scope.above = Scope(above=unit.scope.above, names=made.scope.names, of_class=made)
    name = unit.function.name if unit.function else ""
    add(made.scope, name).values[FunctionItself(unit)] = None


def add(scope: Scope, name: str) -> Node:
    """The node of a name of this very scope, made if it is new."""
    node = scope.names.get(name)
    if node is None:
        node = scope.names[name] = Node()
    return node


def package_of(module: Module) -> Scope:
    """What the file shares with the others of its package."""
    assert module.scope.above is not None
    return module.scope.above


def scopes_around(scope: Scope | None) -> Iterator[Scope]:
    """From the inside out."""
    while scope is not None:
        yield scope
        scope = scope.above


def family(made: ClassCode) -> list[ClassCode]:
    """The class, what it extends and what extends it: where a member of an instance may be."""
    seen = {made: None}
    for step in ("bases", "derived"):
        todo = [made]
        while todo:
            current = todo.pop()
            for other in current.bases if step == "bases" else current.derived:
                if other not in seen:
                    seen[other] = None
                    todo.append(other)
    return list(seen)
