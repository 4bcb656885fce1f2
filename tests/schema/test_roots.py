"""Where import roots are found, and where imports lead."""

from __future__ import annotations

import pytest

from compatcheck.schema.loading.roots import (
    CONFIGURED,
    FAR,
    GUESSED,
    MENTIONED,
    NEIGHBOURS,
    PACKAGE,
    Places,
    Root,
    agreed,
    infer,
    infer_from_mentions,
    normal,
    pair_roots,
    resolve,
)


def places(*paths: str, links: dict[str, str] | None = None, roots: tuple[str, ...] = ()) -> Places:
    return Places(dict.fromkeys(paths, "id"), links or {}, roots)


@pytest.mark.parametrize(
    ("path", "package", "imports", "others", "root"),
    [
        ("proto/a/x.proto", "a", ["a/y.proto"], ["proto/a/y.proto"], Root("proto", NEIGHBOURS)),
        ("proto/a/x.proto", "a", ["proto/a/y.proto"], ["proto/a/y.proto"], Root("", NEIGHBOURS)),
        ("s/protos/x.proto", "", ["y.proto"], ["s/protos/y.proto"], Root("s/protos", NEIGHBOURS)),
        ("proto/a/b/x.proto", "a.b", [], [], Root("proto", PACKAGE)),
        ("a/b/x.proto", "a.b", ["gone.proto"], [], Root("", PACKAGE)),
        ("xa/b/x.proto", "a.b", [], [], Root("xa/b", GUESSED)),
        ("proto/a/x.proto", "other", ["z/y.proto"], ["proto/z/y.proto"], Root("proto", FAR)),
        ("proto/x.proto", "", ["google/api/http.proto"], ["google/api/http.proto"], Root("proto", GUESSED)),
        ("x.proto", "", [], [], Root("", GUESSED)),
        ("x.proto", "", ["x.proto"], [], Root("", GUESSED)),
    ],
)
def test_a_root_follows_the_best_evidence(
    path: str, package: str, imports: list[str], others: list[str], root: Root
) -> None:
    assert infer(path, package, imports, places(path, *others)) == root


def test_a_preview_tree_is_a_root_of_its_own_even_if_all_its_imports_lie_outside() -> None:
    known = places(
        "preview/google/x/v1/x.proto", "google/api/field.proto", "google/x/v1/x.proto", "google/y.proto"
    )
    found = infer(
        "preview/google/x/v1/x.proto", "google.x.v1", ["google/api/field.proto", "google/y.proto"], known
    )
    assert found == Root("preview", PACKAGE)


def test_the_longest_configured_root_that_contains_a_file_is_its_root() -> None:
    known = places("a/b/c/x.proto", roots=("a", "a/b", "z"))
    assert infer("a/b/c/x.proto", "c", [], known) == Root("a/b", CONFIGURED)


def test_configured_roots_may_be_written_as_folders() -> None:
    assert normal([".", "", "./proto/", "a/b"]) == ("", "", "proto", "a/b")


def test_other_files_names_for_a_file_give_its_root() -> None:
    assert infer_from_mentions("s/p/a/x.proto", ["a/x.proto", "x.proto", "a/x.proto"]) == Root(
        "s/p", MENTIONED
    )
    assert infer_from_mentions("s/p/x.proto", ["y.proto"]) == Root("s/p", GUESSED)


def test_the_surer_side_decides_for_both() -> None:
    assert agreed(Root("a", GUESSED), Root("", NEIGHBOURS)) == ("", "")
    assert agreed(Root("", NEIGHBOURS), Root("proto", NEIGHBOURS)) == ("", "proto")
    assert agreed(None, Root("x", FAR)) == ("x", "x")


@pytest.mark.parametrize(
    ("name", "paths", "found"),
    [
        ("a/y.proto", ["r/a/y.proto", "r/s/a/y.proto"], "r/a/y.proto"),
        ("a/y.proto", ["far/a/y.proto", "r/s/a/y.proto"], "r/s/a/y.proto"),
        ("a/y.proto", ["zzz/a/y.proto", "far/off/a/y.proto"], "zzz/a/y.proto"),
        ("a/y.proto", ["b/a/y.proto", "c/a/y.proto"], "b/a/y.proto"),
        ("y.proto", ["ay.proto"], None),
        ("google/protobuf/any.proto", [], ""),
        ("google/protobuf/any.proto", ["far/google/protobuf/any.proto"], ""),
        ("google/protobuf/any.proto", ["r/google/protobuf/any.proto"], "r/google/protobuf/any.proto"),
        ("", ["a.proto"], None),
    ],
)
def test_an_import_leads_to_the_root_then_to_a_bundled_file_then_to_the_nearest(
    name: str, paths: list[str], found: str | None
) -> None:
    assert resolve(name, "r", "r/s/x.proto", "r", places("r/s/x.proto", *paths)) == found


def test_links_lead_to_their_files() -> None:
    known = places("shared/y.proto", links={"r/y.proto": "shared/y.proto"})
    assert resolve("y.proto", "r", "r/x.proto", "r", known) == "shared/y.proto"


def test_configured_roots_are_searched_in_order_and_nothing_else_is() -> None:
    known = places("r/x.proto", "b/y.proto", "a/y.proto", "c/z.proto", roots=("b", "a", "r"))
    assert resolve("y.proto", "r", "r/x.proto", "r", known) == "b/y.proto"
    assert resolve("z.proto", "r", "r/x.proto", "r", known) is None


def test_equal_roots_pair_and_a_moved_one_pairs_by_its_files() -> None:
    old = {"proto/a.proto": "proto", "proto/b.proto": "proto", "x/c.proto": "x", "old/z.proto": "old"}
    new = {
        "api/proto/a.proto": "api/proto",
        "api/proto/b.proto": "api/proto",
        "x/c.proto": "x",
        "n/q.proto": "n",
    }
    assert pair_roots(old, new) == {"api/proto": "proto", "x": "x"}


def test_a_root_that_moved_without_its_files_pairs_by_their_paths() -> None:
    assert pair_roots({"proto/a.proto": ""}, {"proto/a.proto": "proto"}) == {"proto": ""}


def test_a_root_pairs_once_and_with_most_in_common() -> None:
    old = {"p/a.proto": "p", "p/b.proto": "p"}
    new = {"q/a.proto": "q", "r/a.proto": "r", "r/b.proto": "r"}
    assert pair_roots(old, new) == {"r": "p"}
