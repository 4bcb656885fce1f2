"""Source code of any language, reduced to what following a stub takes: names, members, calls, assignments.

Control flow is left out: every statement of a function may happen, in any order. What a language writes in
many ways is one thing here (`a.b`, `a->b`, `a::b` and `a["b"]` are all a Member).
"""

from __future__ import annotations

from dataclasses import dataclass

SELF = "self"
"""The name of the object whose method runs, whatever a language or a programmer calls it."""


ANY = "*"
"""The name of a member that may be any method: reflection, or generated code that calls all it has a route for."""


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, parameter, function, class, module or package by its simple name."""

    text: str


@dataclass(frozen=True, slots=True)
class Member:
    """What something holds under a name. `name` is empty if it is only known at run time."""

    of: Value
    name: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """A call, or the making of an object: `f(x)`, `new T(x)`, `T{a: x}`. Lines count from 1."""

    function: Value
    arguments: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    """Named arguments, or the fields of a composite literal."""
    types: tuple[str, ...] = ()
    """Type arguments, each a dotted name: `MapGrpcService<CartService>()`."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """An object, dictionary or map literal with keys that are known: `{addItem: f, "get": g}`."""

    fields: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A string literal (or an atom), without its quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Several:
    """Any of the parts, or something made of them: `a or b`, `c ? a : b`, `[a, b]`, `f"{a}:{b}"`.

    What passes a value on unchanged (parentheses, `await`, `&`, `*`, a cast) is left out: it is its operand.
    Without parts it is a value that is of no concern: a number, a comparison.
    """

    parts: tuple[Value, ...] = ()


NOTHING = Several()
"""A value of no concern."""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    types: tuple[str, ...] = ()
    """See `Assign.types`."""
    default: Value | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function, method or closure."""

    name: str
    """Empty for a closure."""
    parameters: tuple[Parameter, ...] = ()
    body: tuple[Statement, ...] = ()
    returns: tuple[str, ...] = ()
    """Types, see `Assign.types`."""
    owner: str = ""
    """The type whose method this is, where it is not written within a Class (Go receivers, Rust impl, C++ `T::f`)."""
    receiver: str = ""
    """What the body calls its object, where that is not SELF already (a Go receiver, Python's first parameter
    is turned into SELF by dropping it from `parameters` and naming it here)."""
    line: int = 0


Value = Name | Member | Call | Record | Text | Several | Function


@dataclass(frozen=True, slots=True)
class Assign:
    """A variable, constant or field (`target` a Member, or a Name within a Class) and what it may hold."""

    target: Value
    value: Value | None = None
    types: tuple[str, ...] = ()
    """Every dotted type name in the declaration, outermost first, without pointers: `std::unique_ptr<Cart::Stub>`
    gives `std.unique_ptr` and `Cart.Stub`."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Return:
    value: Value


@dataclass(frozen=True, slots=True)
class Do:
    """A value that is computed and not kept: mostly a call."""

    value: Value


@dataclass(frozen=True, slots=True)
class Class:
    """A class, struct, interface, object or module of functions."""

    name: str
    bases: tuple[str, ...] = ()
    """Dotted type names, without type arguments."""
    body: tuple[Statement, ...] = ()
    """Fields as Assign with a Name, methods as Function, nested classes as Class."""
    marks: tuple[str, ...] = ()
    """Names of annotations and attributes: `GrpcService`."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Import:
    """`import a.b as n` is Import("n", "a.b"); `from a.b import c as n` is Import("n", "a.b", "c").

    `name` is what it is called here; empty if everything of the module is (`import static a.B.*`, `using a`).
    """

    name: str
    module: str
    member: str = ""


Statement = Assign | Return | Do | Class | Function | Import


@dataclass(frozen=True, slots=True)
class File:
    """One file of code."""

    statements: tuple[Statement, ...]
    package: str = ""
    """The package or namespace that it says it is in."""
    broken: tuple[int, ...] = ()
    """The lines that the grammar does not understand."""
