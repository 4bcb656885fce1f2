"""Loading two sources: what is compiled, what is to be compared, what is unknown."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest

from compatcheck.errors import UndecidedError
from compatcheck.schema.compiling.compiler import compile_files
from compatcheck.schema.compiling.protoc import UMBRELLA, Protoc
from compatcheck.schema.loaded import Loaded, LoadedSide
from compatcheck.schema.loading.load import load
from compatcheck.schema.loading.whole import load_one
from compatcheck.source.snapshot import DescriptorSet, Origin, Skipped, Snapshot, Unreadable


@dataclass
class Memory:
    """Contents that note what was asked of them."""

    texts: Mapping[str, bytes | Unreadable]
    read_paths: list[str] = field(default_factory=list)
    asked: int = 0

    def read(self, paths: Iterable[str]) -> dict[str, bytes | Unreadable]:
        wanted = list(paths)
        self.read_paths += wanted
        return {path: self.texts[path] for path in wanted}

    def mentions(self) -> dict[str, tuple[str, ...]]:
        self.asked += 1
        found = {}
        for path, text in self.texts.items():
            if isinstance(text, bytes):
                found[path] = tuple(
                    word.decode() for word in text.split(b'"')[1::2] if word.endswith(b".proto")
                )
        return found

    def lookup(self, _path: str, /) -> bytes | Unreadable | None:
        return None


Text = str | bytes | Unreadable


def source(files: Mapping[str, Text], links: Mapping[str, str] | None = None, skipped: str = "") -> Snapshot:
    texts = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    ids = {
        path: hashlib.sha1(text).hexdigest() if isinstance(text, bytes) else "missing " + path
        for path, text in texts.items()
    }
    left_out = (Skipped(skipped, "a submodule"),) if skipped else ()
    return Snapshot(Origin("revision", "HEAD"), ids, links or {}, left_out, Memory(texts))


def contents(snapshot: Snapshot) -> Memory:
    assert isinstance(snapshot.contents, Memory)
    return snapshot.contents


def proto(*lines: str, package: str = "p") -> str:
    return f'syntax = "proto3";\npackage {package};\n' + "\n".join(lines)


def compared(side: LoadedSide) -> set[str]:
    return {universe.path(name) for universe in side.universes for name in universe.compare}


def owned(side: LoadedSide) -> set[str]:
    return {universe.path(name) for universe in side.universes for name in universe.owned}


def unknown(loaded: Loaded) -> set[tuple[str, str, str]]:
    return {(one.path, one.side, one.cause) for one in loaded.unknown}


A1, A2 = proto("message A { int32 x = 1; }"), proto("message A { int64 x = 1; }")


def test_equal_sources_are_not_read() -> None:
    old, new = source({"p/a.proto": A1}), source({"p/a.proto": A1})
    assert load(old, new) == Loaded(LoadedSide(), LoadedSide())
    assert contents(old).read_paths == contents(new).read_paths == []


def test_only_the_change_and_what_it_imports_is_read_and_compiled() -> None:
    rest = {
        "p/b.proto": proto("message B {}"),
        "p/other.proto": proto("message Other {}"),
        "p/user.proto": proto('import "p/other.proto";'),
    }
    old = source({**rest, "p/a.proto": proto('import "p/b.proto"; message A { B b = 1; }')})
    new = source({**rest, "p/a.proto": proto('import "p/b.proto"; message A { B c = 1; }')})
    loaded = load(old, new)
    assert compared(loaded.old) == compared(loaded.new) == {"p/a.proto"}
    assert sorted({*contents(old).read_paths, *contents(new).read_paths}) == ["p/a.proto", "p/b.proto"]
    assert contents(old).asked + contents(new).asked == 1
    assert list(loaded.new.universes[0].descriptors) == ["p/b.proto", "p/a.proto"]
    assert loaded.new.texts.keys() == {"p/a.proto"}
    assert loaded.changed == ("p/a.proto",)
    assert loaded.unknown == ()


def test_a_comment_changes_nothing_and_nobody_is_asked_for_users() -> None:
    old, new = source({"p/a.proto": A1}), source({"p/a.proto": A1 + "// more"})
    loaded = load(old, new)
    assert (compared(loaded.new), loaded.changed) == (set(), ("p/a.proto",))
    assert contents(old).asked + contents(new).asked == 0


def test_unchanged_files_that_use_a_change_also_through_others_are_there_for_reach() -> None:
    rest = {
        "p/middle.proto": proto('import "p/a.proto"; message M { A a = 1; }'),
        "p/service.proto": proto('import "p/middle.proto"; service S { rpc R(M) returns (M); }'),
        "p/alone.proto": proto("message Alone {}"),
    }
    loaded = load(source({**rest, "p/a.proto": A1}), source({**rest, "p/a.proto": A2}))
    for side in (loaded.old, loaded.new):
        assert owned(side) == {"p/a.proto", "p/middle.proto", "p/service.proto"}
        assert compared(side) == {"p/a.proto"}
        assert "p/service.proto" in side.texts


def test_an_unchanged_file_whose_descriptor_changes_is_compared() -> None:
    rest = {"p/user.proto": proto('import "p/a.proto"; message M { T t = 1; }')}
    old = source({**rest, "p/a.proto": proto("message T {}")})
    new = source({**rest, "p/a.proto": proto("enum T { ZERO = 0; }")})
    assert compared(load(old, new).new) == {"p/a.proto", "p/user.proto"}


def test_an_unchanged_file_that_a_change_breaks_is_unknown() -> None:
    rest = {
        "p/user.proto": proto('import "p/a.proto"; message M { A a = 1; }'),
        "p/user2.proto": proto('import "p/user.proto"; message M2 { M m = 1; }'),
    }
    loaded = load(source({**rest, "p/a.proto": A1}), source({**rest, "p/a.proto": proto("message Z {}")}))
    assert unknown(loaded) == {("p/user.proto", "new", "broken-by-change")}
    assert '"A" is not defined' in loaded.unknown[0].reason
    assert compared(loaded.new) == {"p/a.proto"}


def test_an_unchanged_file_whose_import_is_removed_is_unknown() -> None:
    rest = {"p/user.proto": proto('import "p/a.proto"; message M { A a = 1; }')}
    loaded = load(source({**rest, "p/a.proto": A1}), source(rest))
    assert unknown(loaded) == {("p/user.proto", "new", "broken-by-change")}
    assert compared(loaded.old) == {"p/a.proto"}


def test_an_unchanged_file_that_never_compiled_is_not_mentioned() -> None:
    rest = {"p/user.proto": proto('import "p/a.proto"; message M { Nope a = 1; }')}
    assert unknown(load(source({**rest, "p/a.proto": A1}), source({**rest, "p/a.proto": A2}))) == set()


def test_added_and_removed_files_are_compared_on_their_side() -> None:
    loaded = load(source({"p/a.proto": A1}), source({"p/b.proto": proto("message B {}")}))
    assert (compared(loaded.old), compared(loaded.new)) == ({"p/a.proto"}, {"p/b.proto"})


def test_a_moved_file_is_not_compared() -> None:
    loaded = load(source({"p/a.proto": A1}), source({"p/moved.proto": A1 + "// new"}))
    assert compared(loaded.old) == compared(loaded.new) == set()


def test_a_moved_root_pairs_and_only_what_changed_in_it_is_compared() -> None:
    b = proto('import "p/a.proto"; message B { A a = 1; }')
    c = proto("message C {}")
    old = source({"proto/p/a.proto": A1, "proto/p/b.proto": b, "proto/p/c.proto": c})
    new = source({"api/proto/p/a.proto": A2, "api/proto/p/b.proto": b, "api/proto/p/c.proto": c})
    loaded = load(old, new)
    assert loaded.pairs == {"api/proto": "proto"}
    assert compared(loaded.old) == {"proto/p/a.proto"}
    assert compared(loaded.new) == {"api/proto/p/a.proto"}


def test_a_tree_that_only_moved_is_not_compiled() -> None:
    loaded = load(source({"proto/p/a.proto": A1}), source({"api/proto/p/a.proto": A1}))
    assert loaded.new.universes == loaded.old.universes == ()
    assert loaded.unknown == ()


def test_copies_of_one_file_are_universes_of_their_own() -> None:
    old = source({f"src/{one}/demo.proto": A1 for one in "abc"})
    new = source({f"src/{one}/demo.proto": A2 for one in "abc"})
    loaded = load(old, new)
    assert [universe.root for universe in loaded.new.universes] == ["src/a", "src/b", "src/c"]
    assert loaded.pairs == {f"src/{one}": f"src/{one}" for one in "abc"}
    assert all(universe.compare == {"demo.proto"} for universe in loaded.new.universes)


def test_files_of_one_root_that_define_the_same_names_are_kept_apart_on_both_sides() -> None:
    def files(kind: str) -> dict[str, str]:
        return {
            "v1/x.proto": proto('import "v1/y.proto";', f"message X {{ {kind} x = 1; }}"),
            "v2/x.proto": proto('import "v2/y.proto";', f"message X {{ {kind} x = 1; }}"),
            "v1/y.proto": proto("", package="y1"),
            "v2/y.proto": proto("", package="y2"),
        }

    loaded = load(source(files("int32")), source(files("string")))
    assert loaded.unknown == ()
    assert loaded.pairs == {"": "", "v2/x.proto": "v2/x.proto"}
    assert compared(loaded.new) == {"v1/x.proto", "v2/x.proto"}


def test_an_added_file_that_clashes_is_the_one_set_apart() -> None:
    user = {"y.proto": proto("", package="y"), "b/x.proto": proto('import "b/z.proto"; message X {}')}
    rest = {**user, "b/z.proto": proto("", package="z"), "a/z.proto": proto("", package="z2")}
    new = {"b/x.proto": proto('import "b/z.proto"; message X { int32 i = 1; }')}
    new["a/x.proto"] = proto('import "a/z.proto"; message X {}')
    loaded = load(source(rest), source({**rest, **new}))
    assert loaded.pairs == {"": ""}
    assert [universe.key for universe in loaded.new.universes] == ["", "a/x.proto"]


def test_a_file_keeps_its_root_when_only_one_side_gives_it_away() -> None:
    old = source({"foo/x.proto": A1, "foo/y.proto": proto("", package="y")})
    new = source({"foo/x.proto": A2 + 'import "foo/y.proto";', "foo/y.proto": proto("", package="y")})
    loaded = load(old, new)
    assert loaded.pairs == {"": ""}
    assert loaded.new.universes[0].paths["foo/x.proto"] == "foo/x.proto"


def test_a_missing_import_names_file_importer_and_remedy() -> None:
    def files(a: str) -> dict[str, str]:
        return {
            "p/a.proto": a,
            "p/b.proto": proto(
                'import "buf/validate/validate.proto";', "message B { buf.validate.Rule r = 1; }"
            ),
            "p/c.proto": A1.replace("A", "C") if a == A1 else A2.replace("A", "C"),
        }

    old = source({k: v.replace("syntax", 'import "p/b.proto"; syntax', 0) for k, v in files(A1).items()})
    new = source({**files(A2 + 'import "p/b.proto";')}, skipped="third_party/validate")
    loaded = load(old, new)
    assert unknown(loaded) == {("p/a.proto", "new", "missing-import")}
    (one,) = loaded.unknown
    assert one.reason == 'needs p/b.proto, which imports "buf/validate/validate.proto", which is not found'
    assert "`roots`" in one.remedy
    assert "third_party/validate" in one.remedy
    assert compared(loaded.new) == {"p/c.proto"}


def test_an_import_that_is_missing_on_both_sides_makes_a_changed_file_unknown() -> None:
    texts = (
        proto('import "x/y.proto";', f"message A {{ {kind} x = 1; x.Y y = 2; }}")
        for kind in ("int32", "int64")
    )
    old, new = (source({"p/a.proto": text}) for text in texts)
    assert unknown(load(old, new)) == {
        ("p/a.proto", "old", "missing-import"),
        ("p/a.proto", "new", "missing-import"),
    }


def test_a_file_that_lacks_an_import_is_not_blamed_for_what_another_lacks() -> None:
    def files(kind: str) -> dict[str, str]:
        return {
            "p/a.proto": proto(
                'import "p/b.proto"; import "rules.proto";', f"message A {{ {kind} a = 1; B b = 2; }}"
            ),
            "p/b.proto": proto('import "types.proto";', "message B { T t = 1; }"),
        }

    loaded = load(source(files("int32")), source(files("int64")))
    assert {one.reason for one in loaded.unknown} == {
        'needs p/b.proto, which imports "types.proto", which is not found'
    }


def test_content_that_cannot_be_read_is_unknown_and_the_rest_is_loaded() -> None:
    gone = Unreadable("its object is missing", "fetch it")
    old = source({"p/a.proto": gone, "p/b.proto": A1.replace("A", "B"), "p/c.proto": proto("message C {}")})
    new = source(
        {"p/a.proto": A1, "p/b.proto": A2.replace("A", "B"), "p/c.proto": proto('import "p/a.proto";')}
    )
    loaded = load(old, new)
    assert unknown(loaded) == {("p/a.proto", "old", "unreadable")}
    assert (loaded.unknown[0].reason, loaded.unknown[0].remedy) == ("its object is missing", "fetch it")
    assert "p/a.proto" not in compared(loaded.new)
    assert "p/b.proto" in compared(loaded.new)


def test_a_changed_file_that_needs_unreadable_content_is_unknown() -> None:
    gone = Unreadable("its object is missing", "fetch it")
    old = source({"p/a.proto": A1, "p/b.proto": gone})
    new = source({"p/a.proto": A2 + 'import "p/b.proto";', "p/b.proto": gone})
    loaded = load(old, new)
    assert unknown(loaded) == {("p/a.proto", "new", "unreadable")}
    assert loaded.unknown[0].reason == "needs p/b.proto, which cannot be read: its object is missing"


def test_a_changed_file_that_does_not_compile_is_unknown_with_its_place() -> None:
    loaded = load(source({"p/a.proto": A1, "q.proto": A1}), source({"p/a.proto": "message {", "q.proto": A2}))
    assert unknown(loaded) == {("p/a.proto", "new", "does-not-compile")}
    assert (loaded.unknown[0].line, loaded.unknown[0].column) == (1, 9)
    assert compared(loaded.new) == {"q.proto"}


def test_time_that_runs_out_is_unknown() -> None:
    loaded = load(source({"p/a.proto": A1}), source({"p/a.proto": A2}), timeout=0)
    assert {cause for _, _, cause in unknown(loaded)} == {"not-decided"}


def test_excluded_files_are_not_compared_and_still_imported() -> None:
    rest = {"p/user.proto": proto('import "p/a.proto"; message M { T t = 1; }')}
    old = source({**rest, "p/a.proto": proto("message T {}"), "p/broken.proto": "x"})
    new = source({**rest, "p/a.proto": proto("enum T { ZERO = 0; }"), "p/broken.proto": "y"})
    loaded = load(old, new, exclude=lambda path: path != "p/user.proto")
    assert compared(loaded.new) == {"p/user.proto"}
    assert (loaded.unknown, loaded.changed) == ((), ())


def test_configured_roots_overrule() -> None:
    def files(kind: str) -> dict[str, str]:
        return {
            "api/x.proto": proto('import "lib.proto";', f"message X {{ {kind} x = 1; }}"),
            "near/lib.proto": "message {",
            "vendored/deep/lib.proto": proto("", package="lib"),
        }

    loaded = load(source(files("int32")), source(files("bool")), roots=["api", "vendored/deep"])
    assert loaded.unknown == ()
    assert loaded.new.universes[0].paths == {"x.proto": "api/x.proto", "lib.proto": "vendored/deep/lib.proto"}


def test_a_link_that_leads_elsewhere_reaches_its_users() -> None:
    files = {
        "b/x.proto": A1,
        "c/x.proto": proto("message A {}"),
        "user.proto": proto('import "a/x.proto";', "message U { A a = 1; }"),
    }
    old, new = source(files, {"a/x.proto": "b/x.proto"}), source(files, {"a/x.proto": "c/x.proto"})
    assert owned(load(old, new).new) == {"user.proto"}


def test_an_import_through_a_link_is_known_by_its_real_path() -> None:
    old = source(
        {"shared/x.proto": A1, "r/u.proto": proto('import "x.proto"; message U { A a = 1; }')},
        {"r/x.proto": "shared/x.proto"},
    )
    new = source(
        {"shared/x.proto": A2, "r/u.proto": proto('import "x.proto"; message U { A a = 1; }')},
        {"r/x.proto": "shared/x.proto"},
    )
    loaded = load(old, new)
    assert compared(loaded.new) == {"shared/x.proto"}
    assert "r/u.proto" in owned(loaded.new)


def test_many_changes_give_the_same_as_few() -> None:
    def files(kind: str) -> dict[str, str]:
        many = {f"p/f{n}.proto": proto(f"message F{n} {{ {kind} x = 1; }}") for n in range(120)}
        return {**many, "p/user.proto": proto('import "p/f7.proto"; service S { rpc R(F7) returns (F7); }')}

    loaded = load(source(files("int32")), source(files("int64")))
    assert compared(loaded.new) == {f"p/f{n}.proto" for n in range(120)}
    assert "p/user.proto" in owned(loaded.new)


def test_loading_the_modules_loads_no_protobuf() -> None:
    program = "import sys, compatcheck.schema.loading.load, compatcheck.schema.loading.whole\n"
    program += "print('google.protobuf' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "False\n"


def descriptor_set(files: Mapping[str, str]) -> DescriptorSet:
    texts = {name: text.encode() for name, text in files.items()}
    with Protoc() as protoc:
        tree, _ = protoc.write(texts)
        data = protoc.run(tree, sorted(texts), 20).data
    from google.protobuf.descriptor_pb2 import FileDescriptorSet

    whole = FileDescriptorSet.FromString(data)
    kept = [one for one in whole.file if one.name != UMBRELLA]
    return DescriptorSet(
        Origin("descriptor-set", "image.binpb"), FileDescriptorSet(file=kept).SerializeToString()
    )


def test_two_descriptor_sets_are_compared_by_name() -> None:
    same = proto("message S {}")
    loaded = load(
        descriptor_set({"a.proto": A1, "s.proto": same}), descriptor_set({"a.proto": A2, "s.proto": same})
    )
    assert compared(loaded.old) == compared(loaded.new) == {"a.proto"}
    assert loaded.pairs == {"": ""}


def test_a_descriptor_set_is_compared_with_the_roots_of_a_snapshot() -> None:
    old = descriptor_set(
        {
            "p/a.proto": A1,
            "q/b.proto": proto("message B {}", package="q"),
            "p/gone.proto": proto("message G {}"),
        }
    )
    new = source(
        {
            "one/p/a.proto": A2,
            "one/p/c.proto": proto('import "p/a.proto";'),
            "two/q/b.proto": proto("message B {}", package="q"),
        }
    )
    loaded = load(old, new)
    assert loaded.pairs == {"one": "one", "two": "two"}
    assert compared(loaded.old) == {"p/a.proto", "p/gone.proto"}
    assert compared(loaded.new) == {"one/p/a.proto", "one/p/c.proto"}
    back = load(new, old)
    assert compared(back.new) == {"p/a.proto", "p/gone.proto"}


def test_a_descriptor_set_that_lacks_an_import_says_so() -> None:
    whole = descriptor_set(
        {"a.proto": A1, "b.proto": proto('import "a.proto";'), "c.proto": proto("message C {}")}
    )
    from google.protobuf.descriptor_pb2 import FileDescriptorSet

    files = FileDescriptorSet.FromString(whole.data).file
    data = FileDescriptorSet(file=[one for one in files if one.name != "a.proto"]).SerializeToString()
    loaded = load(
        DescriptorSet(whole.origin, data), source({"b.proto": proto('import "a.proto";'), "a.proto": A1})
    )
    assert unknown(loaded) == {("b.proto", "old", "missing-import")}
    assert "b.proto" not in compared(loaded.new)


@pytest.mark.parametrize("data", [b"garbage", b"\x0a\x02\x0a\x05", b"\x0a\x00", b"\x08\x01"])
def test_what_is_no_descriptor_set_is_said(data: bytes) -> None:
    with pytest.raises(UndecidedError, match="is not a descriptor set"):
        load(DescriptorSet(Origin("descriptor-set", "image.binpb"), data), source({"a.proto": A1}))


def test_a_whole_source_is_loaded_by_roots_with_its_broken_files_apart() -> None:
    files = {
        "p/a.proto": A1,
        "preview/p/a.proto": A2,
        "p/bad.proto": "message {",
        "lib/free.proto": proto("message Free {}", package="free"),
        "p/uses.proto": proto('import "lib/free.proto";'),
    }
    whole = load_one(source(files))
    assert {(one.root, tuple(sorted(one.owned))) for one in whole.side.universes} == {
        ("", ("lib/free.proto", "p/a.proto", "p/uses.proto")),
        ("preview", ("p/a.proto",)),
    }
    assert [one.path for one in whole.unknown] == ["p/bad.proto"]
    assert whole.side.texts == {}


def test_only_wanted_files_of_a_source_are_loaded() -> None:
    whole = load_one(
        source({"p/a.proto": A1, "p/b.proto": "x"}), lambda path: path == "p/a.proto", positions=True
    )
    assert owned(whole.side) == set(whole.side.texts) == {"p/a.proto"}
    assert whole.unknown == ()


def test_a_whole_descriptor_set_is_loaded() -> None:
    whole = load_one(descriptor_set({"a.proto": A1}))
    assert owned(whole.side) == {"a.proto"}


def test_every_element_is_the_same_however_it_is_loaded() -> None:
    files = {"p/a.proto": A1, "p/b.proto": proto('import "p/a.proto"; message B { A a = 1; }')}
    direct = compile_files(
        {name: text.encode() for name, text in files.items()}, tuple(files), positions=False
    )
    (universe,) = load_one(source(files)).side.universes
    assert universe.descriptors == direct.parts[0].descriptors
