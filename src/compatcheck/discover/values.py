"""What an expression of the code may stand for while stubs are followed, and where such values are kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from compatcheck.discover.code import Class, Function, Import, Parameter, Statement
from compatcheck.discover.conventions import Language

MOST = 16
"""Values that one variable or expression keeps, stubs and what is served aside. What is passed over is kept count
of, see `Flow.passed_over`: a variable with more has become a mix of everything."""


@dataclass(frozen=True, slots=True)
class Stub:
    """A stub of a gRPC service (full name), by the place where it is made or declared."""

    service: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Served:
    """What serves a gRPC service (full name) once it is given to a registrar."""

    service: str


@dataclass(frozen=True, slots=True)
class Instance:
    of: ClassCode


@dataclass(frozen=True, slots=True)
class ClassItself:
    of: ClassCode


@dataclass(frozen=True, slots=True)
class FunctionItself:
    """A function, method or closure of the code."""

    of: Unit


@dataclass(frozen=True, slots=True)
class Package:
    """A file or package of the code, as an import names it."""

    scope: Scope
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """Something that is not in the code, by its dotted path: a library, or what is generated."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A text that the code holds; it may say where a service is."""

    text: str


@dataclass(frozen=True, slots=True)
class Fields:
    """A record literal, or what a collection holds (under an empty name), by where its content is kept."""

    of: Holder


@dataclass(frozen=True, slots=True)
class Response:
    """What a method of a stub gives back, or that method: of no further concern."""


Value = (
    Stub | Served | Instance | ClassItself | FunctionItself | Package | Outside | Words | Fields | Response
)


@dataclass(slots=True, eq=False)
class Node:
    """A variable, field, parameter or result: what it may hold, and which units read it."""

    values: dict[Value, None] = field(default_factory=dict)
    readers: dict[Unit, None] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Holder:
    """Named contents of a record or collection."""

    fields: dict[str, Node] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Module:
    """A file of code."""

    path: str
    language: Language
    scope: Scope
    """Its imports; what it declares is in the scope above, which files of one package share."""
    package: str = ""
    """What it says its package is."""
    everything: list[str] = field(default_factory=list)
    """Modules all of whose names are imported."""


@dataclass(slots=True, eq=False)
class Scope:
    """Names that are seen from within, up to the package."""

    above: Scope | None = None
    names: dict[str, Node] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)
    """Names that are assigned here."""
    imports: dict[str, list[Import]] = field(default_factory=dict)
    of_class: ClassCode | None = None
    """The class whose members these names are."""
    modules: list[Module] = field(default_factory=list)
    """Of a package: its files."""


@dataclass(slots=True, eq=False)
class ClassCode:
    """A class of the code. All its instances are taken as one."""

    name: str
    module: Module
    scope: Scope
    """Its members."""
    code: Class | None = None
    """None if only methods of it are seen."""
    bases: list[ClassCode] = field(default_factory=list)
    derived: list[ClassCode] = field(default_factory=list)
    stubs: list[Stub] = field(default_factory=list)
    """What a base that is a stub makes of its instances."""
    served: list[str] = field(default_factory=list)
    """gRPC services (full names) whose generated bases it extends, directly or not."""


@dataclass(slots=True, eq=False)
class Unit:
    """Statements that are evaluated together: of a file, a class or a function."""

    statements: tuple[Statement, ...]
    module: Module
    scope: Scope
    function: Function | None = None
    owner: ClassCode | None = None
    """The class that SELF is an instance of."""
    result: Node = field(default_factory=Node)
    closures: dict[int, Unit] = field(default_factory=dict)
    records: dict[int, Holder] = field(default_factory=dict)
    begun: bool = False

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return self.function.parameters if self.function else ()
