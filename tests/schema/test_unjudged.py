"""A check of files whose missing imports are used for options: what is compared, and what is not decided."""

from __future__ import annotations

import pytest

from checking import IMPORTS, source
from compatcheck.config import Config
from compatcheck.schema.loaded import Loaded
from compatcheck.schema.loading.load import load
from compatcheck.schema.loading.whole import load_one
from compatcheck.usecases.check import check
from compatcheck.usecases.results import Check

RULES = "validate/validate.proto"
BUF = "buf/validate/validate.proto"
AS_TEXT = f"options of `{RULES}`, which is not in the source, are compared as text only: 1 file"
VENDORED = {RULES: (IMPORTS / RULES).read_text()}


def proto(*lines: str, package: str = "p", rules: str = RULES) -> str:
    return f'syntax = "proto3"; package {package}; import "{rules}";\n' + "\n".join(lines)


def message(*fields: str, name: str = "M") -> str:
    return f"message {name} {{ {' '.join(fields)} }}"


def checked(old: str | dict[str, str], new: str | dict[str, str]) -> Check:
    olds = {"p/a.proto": old} if isinstance(old, str) else old
    news = {"p/a.proto": new} if isinstance(new, str) else new
    return check(source(olds, "old"), source(news, "new"), Config())


def rules(done: Check) -> list[str]:
    return [one.rule for one in done.findings]


CHECKED = "string s = 1 [(validate.rules).string.min_len = 1];"


def test_options_that_are_equal_as_text_are_a_notice_and_the_rest_is_compared() -> None:
    moved = message("string s = 1 [ (validate.rules).string. min_len=1 ];", "string i = 2;")
    done = checked(proto(message(CHECKED, "int32 i = 2;")), proto("// moved down", moved))
    assert (rules(done), done.undecided, done.notices) == (["field-type-changed"], (), (AS_TEXT,))
    (finding,) = done.findings
    assert finding.location is not None
    assert (finding.location.line, finding.location.column) == (3, moved.index("string i") + 1)


def test_options_that_differ_are_undecided_and_the_rest_is_compared() -> None:
    done = checked(
        proto(message(CHECKED, "int32 i = 2;")),
        proto(message(CHECKED.replace("= 1]", "= 2]"), "string i = 2;")),
    )
    assert rules(done) == ["field-type-changed"]
    (one,) = done.undecided
    assert one.path == "p/a.proto"
    assert one.reason == (
        f"options `(validate.rules)` changed and cannot be judged, since `{RULES}` is missing; "
        f"put the file where {RULES} leads, or name its import root in `roots` of compatcheck.toml"
    )
    assert done.notices == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (message("string s = 1;"), message(CHECKED)),
        (
            message("string a = 1 [(r) = 1];", "string b = 2;"),
            message("string a = 1;", "string b = 2 [(r) = 1];"),
        ),
        (message("string s = 1 [(a) = 1, (b) = 1];"), message("string s = 1 [(b) = 1, (a) = 1];")),
        (message(), message(CHECKED)),
        (message(CHECKED), message()),
        (message("oneof o { int32 i = 1; }"), message("oneof o { option (r) = true; int32 i = 1; }")),
        (message("option (r) = { a: 1 };"), message("option (r) = { a: 2 };")),
        ("option (r) = 1;", "option (r) = 2;"),
        ("enum E { A = 0; }", "enum E { A = 0 [(r) = 1]; }"),
        (
            "service S { rpc R(M) returns (M); } message M {}",
            "service S { rpc R(M) returns (M) { option (r) = {}; } } message M {}",
        ),
        (message(CHECKED, name="A"), message(CHECKED.replace("= 1]", "= 2]"), name="B")),
        (f"message A {{ {message(CHECKED)} }}", f"message B {{ {message('string s = 1;')} }}"),
    ],
)
def test_what_may_concern_both_sides_is_undecided(old: str, new: str) -> None:
    for one, other in ((old, new), (new, old)):
        assert [each.path for each in checked(proto(one), proto(other)).undecided] == ["p/a.proto"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (message(CHECKED), message(CHECKED) + message(CHECKED, name="Added")),
        (message(CHECKED), message(CHECKED, message("option (r) = 1;", CHECKED, name="Added"))),
        ("enum E { A = 0; }", "enum E { A = 0; B = 1 [(r) = 1]; }"),
        ("service S {} message M {}", "service S { rpc R(M) returns (M) { option (r) = 1; } } message M {}"),
        (message(CHECKED, "int32 i = 2;"), message("oneof o { int32 i = 2; }", CHECKED)),
        (message(CHECKED), message(CHECKED, name="Renamed")),
        (message("string s = 1 [(r) = 'a b'];"), message("string s = 1 [/* c */ (r)='a b'];")),
    ],
)
def test_what_only_one_side_has_or_what_stays_the_same_is_decided(old: str, new: str) -> None:
    for one, other in ((old, new), (new, old)):
        assert checked(proto(one), proto(other)).undecided == ()


def test_the_options_of_a_group_are_compared() -> None:
    old = proto("message M { optional group G = 1 [(r) = 1] { option (m) = 1; } }").replace(
        "proto3", "proto2"
    )
    assert checked(old, old.replace("(r)", " (r) ")).undecided == ()
    for one in ("(r) = 1", "(m) = 1"):
        assert len(checked(old, old.replace(one, one.replace("1", "2"))).undecided) == 1
        assert len(checked(old, old.replace("G = 1", "G = 2").replace(one, one + "0")).undecided) == 1


def test_a_package_or_a_file_with_another_name_keeps_its_options() -> None:
    loose = message(CHECKED.replace("= 1]", "= 2]"))
    same, changed = proto(message(CHECKED), package="q"), proto(loose, package="q")
    assert checked(proto(message(CHECKED)), same).undecided == ()
    assert len(checked(proto(message(CHECKED)), changed).undecided) == 1
    moved, unlike = {"p/b.proto": proto(message(CHECKED))}, {"p/b.proto": proto(loose)}
    assert checked(proto(message(CHECKED)), moved).undecided == ()
    assert [one.path for one in checked(proto(message(CHECKED)), unlike).undecided] == ["p/b.proto"]


def test_a_new_file_is_decided() -> None:
    done = checked({}, {"p/a.proto": proto("option (r) = 1;", message(CHECKED))})
    assert (done.undecided, done.notices) == ((), (AS_TEXT,))


def test_an_import_that_is_missing_on_one_side_adds_and_removes_no_constraint() -> None:
    text = proto(message(CHECKED, "int32 i = 2;"))
    retyped = text.replace("int32 i", "string i")
    stricter = text.replace("min_len = 1", "min_len = 2")
    for swapped in (False, True):
        for new, expected, undecided in (
            (text, [], 0),
            (retyped, ["field-type-changed"], 0),
            (stricter, [], 1),
        ):
            sides = ({"p/a.proto": text}, {"p/a.proto": new, **VENDORED})
            done = checked(*(sides[::-1] if swapped else sides))
            of_text = [one.rule for one in done.findings if one.path == "p/a.proto"]
            assert (of_text, len(done.undecided)) == (expected, undecided)


def test_a_constraint_that_is_new_where_its_definition_is_vendored_is_told() -> None:
    text = message(CHECKED, "string t = 2;")
    stricter = text.replace("t = 2", "t = 2 [(validate.rules).string.min_len = 3]")
    done = checked({"p/a.proto": proto(text)}, {"p/a.proto": proto(stricter), **VENDORED})
    assert [(one.rule, one.element) for one in done.findings if one.path == "p/a.proto"] == [
        ("constraints-tightened", "p.M.t")
    ]
    assert done.undecided == ()


def test_options_of_another_definition_are_not_taken_for_new_ones() -> None:
    here = {BUF: (IMPORTS / BUF).read_text()}
    old = {"p/a.proto": proto(message(CHECKED)), **here}
    protovalidate = CHECKED.replace("validate.rules", "buf.validate.field")
    done = checked(old, {"p/a.proto": proto(message(protovalidate), rules=BUF), **here})
    assert (rules(done), [one.path for one in done.undecided]) == ([], ["p/a.proto"])


def test_options_that_are_defined_beside_those_that_are_not_are_judged() -> None:
    http = (
        'import "google/api/annotations.proto"; service S { rpc R(M) returns (M) { OPTIONS } } message M {}'
    )
    route = 'option (google.api.http) = { get: "/v1/PATH" };'
    old = http.replace("OPTIONS", f"option (r) = 1; {route}").replace("PATH", "a")
    done = checked(proto(old), proto(old.replace("/v1/a", "/v1/b")))
    assert (rules(done), done.undecided) == (["http-route-removed"], ())


def test_options_that_both_sides_can_read_are_judged_beside_those_that_only_one_lacks() -> None:
    http = """service S { rpc R(M) returns (M) { option (google.api.http) = { get: "/a" }; } } message M {}"""
    old = proto(http, rules="google/api/annotations.proto")
    new = (
        old.replace("/a", "/b")
        .replace("option", "option (other) = 1; option")
        .replace("import", "import 'x';import")
    )
    done = checked(old, new)
    assert (rules(done), [one.path for one in done.undecided]) == (["http-route-removed"], ["p/a.proto"])


def test_a_stand_in_is_no_file_of_the_schema() -> None:
    text = proto(message(CHECKED, "int32 i = 2;"))
    loaded: Loaded = load(source({"p/a.proto": text}), source({"p/a.proto": text.replace("int32", "string")}))
    assert loaded.changed == ("p/a.proto",)
    for side in (loaded.old, loaded.new):
        (universe,) = side.universes
        assert (
            universe.owned == universe.compare == universe.paths.keys() == side.texts.keys() == {"p/a.proto"}
        )


def test_what_is_the_same_with_all_it_needs_is_not_compiled() -> None:
    text = proto(message(CHECKED))
    other = 'syntax = "proto3"; package o; message O { int32 i = 1; }'
    loaded = load(
        source({"p/a.proto": text, "o.proto": other}),
        source({"p/a.proto": text, "o.proto": other.replace("int32", "string")}),
    )
    assert {name for universe in loaded.new.universes for name in universe.owned} == {"o.proto"}
    assert (loaded.unknown, loaded.as_text) == ((), {})


def test_an_unchanged_file_that_a_change_reaches_is_compared_with_its_options_as_text() -> None:
    rest = proto('import "p/t.proto";', message(CHECKED, "T t = 2;"))
    done = checked(
        {"p/a.proto": rest, "p/t.proto": 'syntax = "proto3"; package p; message T {}'},
        {"p/a.proto": rest, "p/t.proto": 'syntax = "proto3"; package p; enum T { A = 0; }'},
    )
    assert "field-type-changed" in rules(done)
    assert (done.undecided, done.notices) == ((), (AS_TEXT,))


def test_definitions_that_are_passed_on_by_a_file_are_missing_for_its_users_too() -> None:
    passing = {"p/passes.proto": f'syntax = "proto3"; import public "{RULES}";'}
    text = proto(message(CHECKED, "int32 i = 2;"), rules="p/passes.proto")
    done = checked({"p/a.proto": text, **passing}, {"p/a.proto": text.replace("int32", "string"), **passing})
    assert (rules(done), done.undecided) == (["field-type-changed"], ())
    private = {"p/passes.proto": f'syntax = "proto3"; import "{RULES}";'}
    done = checked({"p/a.proto": text, **private}, {"p/a.proto": text.replace("int32", "string"), **private})
    assert [one.path for one in done.undecided] == ["p/a.proto"]


def test_a_missing_import_whose_name_is_a_folder_does_no_harm() -> None:
    text = 'syntax = "proto3"; package p; import "p"; import "p/b.proto"; import "../up.proto"; import "";'
    text += message("B b = 1;", "int32 i = 2;")
    both = {"p/b.proto": 'syntax = "proto3"; package p; message B {}'}
    done = checked({"p/a.proto": text, **both}, {"p/a.proto": text.replace("int32", "string"), **both})
    assert [one.path for one in done.undecided] == ["p/a.proto"] * len(done.undecided)
    assert done.undecided
    assert "is not found" in done.undecided[0].reason


def test_a_source_on_its_own_says_what_it_lacks() -> None:
    whole = load_one(source({"p/a.proto": proto(message(CHECKED))}))
    assert whole.unknown == ()
    assert whole.lacks == {RULES}
    alone = load_one(source({"p/a.proto": proto(message(CHECKED))}), stand_ins=False)
    assert [one.cause for one in alone.unknown] == ["missing-import"]


def test_a_file_that_moves_with_its_package_keeps_its_options_to_itself() -> None:
    short, long = CHECKED, "string s = 1 [(.validate.rules).string = {min_len: 1}];"
    old = {"p/a.proto": proto(message(short))}
    new = {"q/b.proto": proto(message(long), package="q")}
    for vendored in ({}, VENDORED):
        for one, other in (({**old, **vendored}, new), (new, {**old, **vendored})):
            done = checked(one, other)
            assert {each.path for each in done.undecided} == {"p/a.proto", "q/b.proto"}
            assert not [rule for rule in rules(done) if rule.startswith("constraints")]
