"""The scan of a text for its package and imports."""

from __future__ import annotations

import time

import pytest

from compatcheck.schema.compiling.imports import Scan, scan


def test_a_plain_file_says_its_package_and_imports() -> None:
    text = b'syntax = "proto3";\npackage a.b;\nimport "x.proto";\nimport public "y/z.proto";'
    text += b'import weak "w.proto";'
    assert scan(text) == Scan("a.b", ("x.proto", "y/z.proto", "w.proto"), ("y/z.proto",))


def test_the_option_imports_of_an_edition_are_read() -> None:
    assert scan(b'edition = "2024"; import option "o.proto";') == Scan("", ("o.proto",))


@pytest.mark.parametrize(
    "text",
    [
        b'// import "x.proto";\n',
        b'/* import "x.proto"; */',
        b'/* a /* b */ option o = "import \\"x.proto\\";";',
        b'message M { option (o) = "}"; import "x.proto"; }',
        b"message M { /* } */ } enum E { // }\n import 'x.proto'; }",
        b'option (o) = { import: "x.proto" };',
        b"option o = 'import \"x.proto\";';",
        b'reimport "x.proto";',
        b'import x "x.proto";',
        b'import "x.proto"',
        b'import "x.proto" }',
        b"import;",
        b"",
    ],
)
def test_what_only_looks_like_an_import_is_none(text: bytes) -> None:
    assert scan(text).imports == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (b'import "a" \'b\' "c.proto";', "abc.proto"),
        (b"import\n// here\n/* and here */'x.proto'/**/;", "x.proto"),
        (b'import"x.proto";', "x.proto"),
        (rb'import "\x61\142\u0063\U00000064\t.proto";', "abcd\t.proto"),
        (rb'import "a\"b\\.proto";', 'a"b\\.proto'),
        (b'\xef\xbb\xbfimport "x.proto";', "x.proto"),
        ("import 'é.proto';".encode(), "é.proto"),
        (b'import "\xff.proto";', "\udcff.proto"),
        (b'import "nul\\0.proto";', "nul\0.proto"),
        (b'message M {} import "x.proto";', "x.proto"),
        (b'message M { string s = 1 [default = "{"]; } import "x.proto";', "x.proto"),
        (b'import "unclosed\n; import "x.proto";', "x.proto"),
        (b'import "x.proto"; /* never closed', "x.proto"),
        (b'syntax = "proto3"; // package \n package a; import "x.proto"; }', "x.proto"),
    ],
)
def test_an_import_is_found_however_it_is_written(text: bytes, name: str) -> None:
    assert scan(text).imports[-1] == name


def test_an_import_that_stands_twice_is_given_once() -> None:
    assert scan(b'import "x.proto"; import "x.proto";').imports == ("x.proto",)


def test_a_package_may_hold_blanks_and_comments() -> None:
    assert scan(b"package a . /* b */ c // d\n ;").package == "a.c"


@pytest.mark.parametrize(
    "unit", [b"/*", b'"', b"'", b"{", b"}", b'import "', b"\\", b'"\\', b"import /*", b"//", b";"]
)
def test_time_grows_with_the_text_and_not_faster(unit: bytes) -> None:
    started = time.monotonic()
    scan(b"import " + unit * 200_000)
    assert time.monotonic() - started < 2


def test_arbitrary_bytes_never_raise() -> None:
    for first in range(256):
        for second in (0x22, 0x27, 0x2A, 0x2F, 0x5C, 0x7B, 0xFF):
            assert scan(b'import "a.proto";' + bytes([first, second])).imports == ("a.proto",)
