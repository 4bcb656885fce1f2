"""Python is reduced to what following a stub takes, whatever is fed to the reader."""

from __future__ import annotations

from compatcheck.discover.code import (
    Assign,
    Call,
    Class,
    Do,
    File,
    Function,
    Import,
    Member,
    Name,
    Return,
    Several,
    Text,
)
from compatcheck.discover.conventions import Meaning, Role
from compatcheck.discover.languages.python import PYTHON


def read(text: str) -> File:
    return PYTHON.read(text)


def test_imports_keep_the_dots_of_relative_modules() -> None:
    text = "import a.b\nimport c.d as e\nfrom ..x import y as z\nfrom . import w\nfrom v import *\n"
    assert read(text).statements == (
        Import("a", "a"),
        Import("e", "c.d"),
        Import("z", "..x", "y"),
        Import("w", ".", "w"),
        Import("", "v"),
    )


def test_a_method_names_its_object_and_drops_it_from_the_parameters() -> None:
    (made,) = read(
        'class A(b.B[int]):\n  def __init__(self, c: "d.CStub | None"):\n    self.c = c\n'
    ).statements
    assert isinstance(made, Class)
    (method,) = made.body
    assert isinstance(method, Function)
    assert (made.bases, method.name, method.receiver) == (("b.B",), "<init>", "self")
    assert [(each.name, each.types) for each in method.parameters] == [("c", ("d.CStub", "None"))]
    assert method.body == (Assign(Member(Name("self"), "c", 3), Name("c"), line=3),)


def test_a_constructor_of_a_base_makes_a_thing_of_the_base() -> None:
    (made,) = read("class A(b.B):\n  def f(self):\n    super().__init__(1)\n    super().g()\n").statements
    assert isinstance(made, Class)
    (method,) = made.body
    assert isinstance(method, Function)
    assert method.body == (
        Do(Call(Member(Name("b"), "B", 3), (Several(),), line=3)),
        Do(Call(Member(Name("self"), "g", 4), line=4)),
    )


def test_a_getattr_is_a_member_whose_name_is_known_if_it_is_written() -> None:
    text = 'getattr(stub, "Get")\ngetattr(stub, name)\n'
    assert read(text).statements == (
        Do(Member(Name("stub"), "Get", 1)),
        Do(Member(Name("stub"), "", 2)),
    )


def test_a_walrus_within_a_comparison_is_assigned_and_its_call_is_kept() -> None:
    statements = read("if (n := stub.Get(1)) is None:\n  pass\n").statements
    assert statements == (
        Assign(Name("n"), Call(Member(Name("stub"), "Get", 1), (Several(),), line=1), line=1),
    )


def test_a_name_that_is_declared_global_is_one_of_the_file() -> None:
    declared, function = read("def f():\n  global stub\n  stub = 1\n").statements
    assert declared == Assign(Name("stub"), line=2)
    assert isinstance(function, Function)


def test_a_generator_gives_what_it_yields() -> None:
    (function,) = read("def f():\n  with g() as c:\n    yield c\n").statements
    assert isinstance(function, Function)
    assert function.body[-1] == Return(Name("c"))


def test_variables_of_the_environment_stay_texts() -> None:
    assert read('f(os.environ["CART_ADDR"])\n').statements == (
        Do(
            Call(
                Name("f"),
                (
                    Call(
                        Member(Member(Name("os"), "environ", 1), "__getitem__", 1),
                        (Text("CART_ADDR"),),
                        line=1,
                    ),
                ),
                line=1,
            )
        ),
    )


def test_names_of_generated_code_have_their_meanings() -> None:
    assert PYTHON.called(("cart_pb2_grpc", "CartStub")) == Meaning(Role.STUB, "Cart")
    assert PYTHON.called(("x", "add_CartServicer_to_server")) == Meaning(Role.REGISTER, "Cart")
    assert PYTHON.called(("cart_pb2_grpc", "Cart")) == Meaning(Role.STUB, "Cart")
    assert PYTHON.called(("cart", "Cart")) is None
    assert PYTHON.typed(("v1", "CartBase")) == Meaning(Role.SERVED, "Cart")


def test_code_that_is_broken_is_read_but_for_what_is_broken() -> None:
    file = read("import a\ndef f(:\n  pass\nstub.Get(1)\n")
    assert file.broken[:1] == (2,)
    assert file.statements[0] == Import("a", "a")
    assert Do(Call(Member(Name("stub"), "Get", 4), (Several(),), line=4)) in file.statements


def test_no_text_makes_the_reader_fail() -> None:
    for text in (
        "",
        "\0",
        "\ud800",
        "(" * 3_000,
        "x = " + "f(" * 1_000 + ")" * 1_000,
        "x = a" + ".b" * 3_000,
        "if a:\n" + "".join(" " * depth + "if a:\n" for depth in range(1, 400)),
        "class A(" * 200,
        "match x:\n case [[[[A(b=c)]]]]: pass\nwith as: lambda",
        "from import x\nimport\nglobal\ngetattr()\n",
    ):
        assert isinstance(read(text), File)
