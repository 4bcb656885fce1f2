"""The compiler on good, broken, clashing and hostile files, with the real protoc."""

from __future__ import annotations

import time

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto

from compatcheck.errors import UndecidedError
from compatcheck.schema.compiling.bundled import bundled
from compatcheck.schema.compiling.compiler import Compiled, compile_files
from compatcheck.schema.compiling.protoc import Protoc

GOOD = b'syntax = "proto3"; package good; message Good { int32 x = 1; }'


def check(files: dict[str, bytes], *targets: str, timeout: float = 20) -> Compiled:
    return compile_files(files, targets or tuple(files), timeout=timeout)


def compiled_names(compiled: Compiled) -> set[str]:
    return {name for part in compiled.parts for name in part.targets}


def only_good_survives(files: dict[str, bytes], bad: str, timeout: float = 20) -> str:
    """Compile `files` with a good one beside them -> why `bad` failed."""
    compiled = check({"good.proto": GOOD, **files}, timeout=timeout)
    assert "good.proto" in compiled_names(compiled)
    assert compiled_names(compiled) | compiled.failed.keys() == {"good.proto", *files}
    return compiled.failed[bad]


def test_a_closure_is_compiled_and_only_targets_carry_positions() -> None:
    files = {
        "a/user.proto": b'syntax = "proto3"; package a; import "b.proto"; message User { B b = 1; }',
        "b.proto": b'syntax = "proto3"; package a; message B {}',
    }
    compiled = check(files, "a/user.proto")
    (part,) = compiled.parts
    user = FileDescriptorProto.FromString(part.descriptors["a/user.proto"])
    assert list(user.dependency) == ["b.proto"]
    assert user.source_code_info.location
    assert not FileDescriptorProto.FromString(part.descriptors["b.proto"]).HasField("source_code_info")
    assert part.descriptors.keys() == files.keys()
    assert (compiled.errors, compiled.failed) == ((), {})


@pytest.mark.parametrize("head", [b"", b'syntax = "proto2";', b'edition = "2023";', b'edition = "2024";'])
def test_every_syntax_and_edition_compiles(head: bytes) -> None:
    assert compiled_names(check({"x.proto": head + b" message M {}"})) == {"x.proto"}


def test_warnings_are_not_errors() -> None:
    compiled = check(
        {"good.proto": GOOD, "x.proto": b'syntax = "proto3"; import "good.proto"; message My_X { }'}
    )
    assert (len(compiled_names(compiled)), compiled.errors) == (2, ())


def test_an_error_has_file_line_column_and_does_not_hide_other_files() -> None:
    files = {"bad.proto": b'syntax = "proto3";\nmessage M { Nope x = 1; }', "worse.proto": b"message {"}
    compiled = check({"good.proto": GOOD, **files})
    assert compiled_names(compiled) == {"good.proto"}
    first = next(error for error in compiled.errors if error.file == "bad.proto")
    assert (first.line, first.column, first.message) == (2, 13, '"Nope" is not defined.')
    assert "worse.proto" in compiled.failed


def test_a_file_that_needs_a_broken_one_says_so() -> None:
    files = {
        "bad.proto": b'syntax = "proto3"; message M { Nope x = 1; }',
        "middle.proto": b'syntax = "proto3"; import "bad.proto";',
        "user.proto": b'syntax = "proto3"; import "middle.proto";',
    }
    reason = only_good_survives(files, "user.proto")
    assert reason.startswith("imports bad.proto, which does not compile: ")
    assert '"Nope" is not defined.' in reason


def test_a_missing_import_fails_its_importer() -> None:
    assert "missing.proto" in only_good_survives({"x.proto": b'import "missing.proto";'}, "x.proto")


def test_files_that_define_the_same_names_and_never_meet_are_compiled_apart() -> None:
    files = {
        f"v{n}/x.proto": b'syntax = "proto3"; package p; message M { int32 x = %d; }' % n for n in (1, 2, 3)
    }
    files["v2/user.proto"] = b'syntax = "proto3"; package p; import "v2/x.proto"; message U { M m = 1; }'
    compiled = check(files)
    assert [set(part.targets) for part in compiled.parts] == [
        {"v1/x.proto"},
        {"v2/x.proto", "v2/user.proto"},
        {"v3/x.proto"},
    ]
    assert (compiled.errors, compiled.failed) == ((), {})


def test_a_file_that_imports_both_of_two_clashing_files_fails() -> None:
    files = {
        "a.proto": b'syntax = "proto3"; package p; message M {}',
        "b.proto": b'syntax = "proto3"; package p; message M {}',
        "both.proto": b'syntax = "proto3"; import "a.proto"; import "b.proto";',
    }
    compiled = check(files)
    assert [part.targets for part in compiled.parts] == [("a.proto",), ("b.proto",)]
    assert "already defined" in compiled.failed["both.proto"]


def nested_option(depth: int) -> dict[str, bytes]:
    """A file whose option's value is nested `depth` deep, and what it imports."""
    text = b'syntax = "proto2"; package d; import "google/protobuf/descriptor.proto";'
    text += b"message O { optional O o = 1; } extend google.protobuf.FileOptions { optional O opt = 50001; }"
    text += b"option (opt) = " + b"{ o: " * depth + b"{}" + b"}" * depth + b";"
    descriptor = bundled("google/protobuf/descriptor.proto")
    assert descriptor is not None
    return {"google/protobuf/descriptor.proto": descriptor, "deep.proto": text}


def test_an_option_nested_so_deep_that_protoc_alone_aborts_compiles() -> None:
    assert "deep.proto" in compiled_names(check(nested_option(150)))


def test_a_file_that_crashes_protoc_is_found_and_the_rest_is_compiled() -> None:
    others = {f"f{n}.proto": b"message F%d {}" % n for n in range(40)}
    files = {**others, **nested_option(50_000), "needs-it.proto": b'import "deep.proto";'}
    reason = only_good_survives(files, "deep.proto")
    assert "ended abnormally (SIG" in reason
    assert only_good_survives(files, "needs-it.proto").startswith(
        "imports deep.proto, which does not compile"
    )


def test_a_long_chain_of_imports_fails_at_its_end_only() -> None:
    count = 3_000
    files = {f"c{n}.proto": b'import "c%d.proto";' % (n - 1) for n in range(1, count)}
    files["c0.proto"] = b"message C {}"
    compiled = check(files, "c0.proto", "c100.proto", f"c{count - 1}.proto")
    assert compiled_names(compiled) == {"c0.proto", "c100.proto"}
    assert "chain of more than" in compiled.failed[f"c{count - 1}.proto"]


def test_a_cycle_fails_the_files_in_it() -> None:
    files = {
        "a.proto": b'import "b.proto";',
        "b.proto": b'import "a.proto";',
        "self.proto": b'import "self.proto";',
    }
    compiled = check({"good.proto": GOOD, **files})
    assert compiled_names(compiled) == {"good.proto"}
    assert compiled.failed.keys() == files.keys()
    assert "recursively imports itself" in " ".join(error.message for error in compiled.errors)


def test_a_file_that_takes_too_long_is_found_and_the_rest_is_compiled() -> None:
    ranges = b",".join(b"%d to %d" % (4 * n + 1, 4 * n + 2) for n in range(120_000))
    started = time.monotonic()
    files = {f"f{n}.proto": b"message F%d {}" % n for n in range(5)}
    files["slow.proto"] = b"message Slow { reserved " + ranges + b"; }"
    reason = only_good_survives(files, "slow.proto", timeout=4)
    assert "did not finish" in reason
    assert time.monotonic() - started < 8


def test_when_time_is_up_the_rest_is_not_decided() -> None:
    compiled = check({"good.proto": GOOD}, timeout=0)
    assert compiled.undecided == {"good.proto"}
    assert "ran out of time" in compiled.failed["good.proto"]


def test_too_much_memory_is_an_error_on_the_file() -> None:
    values = b"".join(b"V%d = %d;" % (n, n) for n in range(200_000))
    files = {"good.proto": GOOD, "huge.proto": b"enum E {" + values + b"}"}
    with Protoc(memory=160 << 20) as protoc:
        compiled = compile_files(files, tuple(files), timeout=30, protoc=protoc)
    assert compiled_names(compiled) == {"good.proto"}
    assert "ended abnormally" in compiled.failed["huge.proto"]


def test_garbage_is_an_error_with_few_and_clean_messages() -> None:
    garbage = bytes(n % 255 + 1 for n in range(40_000))
    compiled = check({"good.proto": GOOD, "x.proto": garbage})
    assert compiled_names(compiled) == {"good.proto"}
    assert 0 < len(compiled.errors) <= 10
    assert all(error.message.isprintable() and len(error.message) <= 400 for error in compiled.errors)


@pytest.mark.parametrize("text", [b"\0", b"message M {}\0", b"\xff\xfe", b"{{{{", b'"', b"/*"])
def test_what_is_no_proto_text_fails_alone(text: bytes) -> None:
    assert only_good_survives({"x.proto": text}, "x.proto")


def test_an_empty_file_compiles() -> None:
    assert compiled_names(check({"empty.proto": b""})) == {"empty.proto"}


@pytest.mark.parametrize(
    "name", ["-o.proto", "@args.proto", "--version", "a b.proto", "é.proto", 'q".proto', "x:1:2: y.proto"]
)
def test_odd_names_are_names(name: str) -> None:
    compiled = check({name: b"message M {}", "bad" + name: b"x"})
    assert compiled_names(compiled) == {name}
    assert "bad" + name in compiled.failed


@pytest.mark.parametrize(
    "name",
    [
        "../out.proto",
        "/tmp/out.proto",
        "a/../../out.proto",
        "a//b.proto",
        "./a.proto",
        "",
        "a\\b.proto",
        "nul\0.proto",
        "line\n.proto",
        "\udcff.proto",
        "\ud800.proto",
        "x" * 300 + ".proto",
        ".compatcheck-umbrella.proto",
    ],
)
def test_names_that_cannot_be_written_are_refused(name: str) -> None:
    assert only_good_survives({name: b"message M {}"}, name)


def test_a_file_and_a_folder_of_one_name_leave_one_of_them() -> None:
    compiled = check({"good.proto": GOOD, "a.proto": b"message A {}", "a.proto/b.proto": b"message B {}"})
    assert compiled_names(compiled) == {"good.proto", "a.proto"}


def test_messages_do_not_tell_the_temporary_folder() -> None:
    compiled = check({"bad.proto": b'import "none.proto"; message'})
    assert "compatcheck-" not in " ".join(
        [*compiled.failed.values(), *(error.message for error in compiled.errors)]
    )


def test_the_same_errors_come_back_in_the_same_order() -> None:
    files = {f"f{n}.proto": b"message M { Nope x = 1; }" for n in range(30)}
    assert check(files) == check(files)


def test_a_compiler_that_cannot_start_is_said_and_blamed_on_no_file() -> None:
    with Protoc(memory=1 << 20) as protoc, pytest.raises(UndecidedError, match="cannot be started"):
        compile_files({"good.proto": GOOD}, ["good.proto"], protoc=protoc)


def test_files_for_the_lite_runtime_compile_beside_others() -> None:
    lite = b'syntax = "proto2"; option optimize_for = LITE_RUNTIME; import "good.proto"; message L {}'
    assert compiled_names(check({"good.proto": GOOD, "lite.proto": lite})) == {"good.proto", "lite.proto"}
