"""Symbolic links: resolved inside a snapshot, never followed out of it."""

from __future__ import annotations

from pathlib import Path

from compatcheck.source.directory import snapshot as directory
from compatcheck.source.links import Resolved, resolve
from compatcheck.source.snapshot import Snapshot
from repositories import Repository, snapshot, texts


def link(repository: Repository, name: str, target: str) -> None:
    path = repository.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def every_source(repository: Repository) -> list[Snapshot]:
    repository.commit()
    link(repository, "untracked.proto", "d/a.proto")
    found = [
        repository.at("HEAD"),
        repository.index(),
        repository.work_tree(),
        directory(repository.path, "here"),
    ]
    (repository.path / "untracked.proto").unlink()
    return found


def test_links_are_resolved_inside_every_kind_of_source(repository: Repository) -> None:
    repository.write({"d/a.proto": "a", "d/sub/b.proto": "b", "README": "x"})
    link(repository, "file.proto", "d/a.proto")
    link(repository, "chain.proto", "x/../file.proto")
    link(repository, "x/up.proto", "../d/sub/b.proto")
    link(repository, "folder", "./d/")
    link(repository, "through.proto", "folder/sub/b.proto")
    link(repository, "LICENSE", "README")
    link(repository, "notes", "README")
    expected = {
        "file.proto": "d/a.proto",
        "chain.proto": "d/a.proto",
        "x/up.proto": "d/sub/b.proto",
        "folder/a.proto": "d/a.proto",
        "folder/sub/b.proto": "d/sub/b.proto",
        "through.proto": "d/sub/b.proto",
    }
    revision, index, work_tree, folder = every_source(repository)
    assert dict(revision.links) == dict(index.links) == expected
    assert dict(work_tree.links) == dict(folder.links) == {**expected, "untracked.proto": "d/a.proto"}
    for found in (revision, index, work_tree, folder):
        assert set(found.files) == {"d/a.proto", "d/sub/b.proto"}
        assert found.skipped == ()
        assert texts(snapshot(found))["folder/sub/b.proto"] == "b"


def test_links_that_lead_out_dangle_or_go_in_circles_are_skipped_and_said(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.proto").write_text("secret")
    repository.write({"d/a.proto": "a", "text": "x"})
    link(repository, "absolute.proto", str(tmp_path / "outside" / "secret.proto"))
    link(repository, "relative.proto", "../outside/secret.proto")
    link(repository, "out", "../outside")
    link(repository, "dangling.proto", "none.proto")
    link(repository, "circle.proto", "circle2.proto")
    link(repository, "circle2.proto", "circle.proto")
    link(repository, "text.proto", "text")
    link(repository, "README", "../README")
    link(repository, "docs.md", "none.md")
    for found in every_source(repository):
        said = {each.path: each.reason for each in found.skipped}
        assert set(said) == {
            *("absolute.proto", "relative.proto", "out", "dangling.proto"),
            *("circle.proto", "circle2.proto", "text.proto"),
        }
        assert "out of the source" in said["absolute.proto"]
        assert "out of the source" in said["out"]
        assert "not there" in said["dangling.proto"]
        assert "leads to itself" in said["circle.proto"]
        assert "not named .proto" in said["text.proto"]
        assert not any("secret" in text for text in texts(found).values())


def test_a_folder_linked_into_itself_shows_its_files_once(repository: Repository) -> None:
    repository.write({"top.proto": "top", "src/a.proto": "a"})
    link(repository, "src/github.com/org/project", "../../..")
    expected = {
        "src/github.com/org/project/top.proto": "top.proto",
        "src/github.com/org/project/src/a.proto": "src/a.proto",
    }
    assert dict(repository_at_head(repository).links) == expected


def repository_at_head(repository: Repository) -> Snapshot:
    repository.commit()
    return repository.at("HEAD")


def linked_to_each_other(size: int) -> Resolved:
    """Folders d0, d1, ... of one file each, and in each of them a link to every other."""
    every = range(size)
    targets = {f"d{one}/to{other}": f"../d{other}" for one in every for other in every if one != other}
    return resolve(targets, {f"d{one}/a.proto" for one in every}, ())


def test_folders_that_link_to_each_other_end() -> None:
    found = linked_to_each_other(8)
    assert found.links["d0/to1/a.proto"] == "d1/a.proto"
    assert found.links["d0/to1/to2/a.proto"] == "d2/a.proto"
    assert "d0/to1/to0/to1/a.proto" not in found.links
    assert found.skipped == ()


def test_links_that_multiply_without_bound_are_cut_off_and_said() -> None:
    found = linked_to_each_other(40)
    assert len(found.links) <= 100_000
    assert "more files than are followed" in found.skipped[-1].reason


def test_links_of_a_folder_without_files_to_itself_end() -> None:
    found = resolve({f"d/to{one}": "." for one in range(200)}, (), ())
    assert found.links == {}
    assert "more files than are followed" in found.skipped[-1].reason


def test_a_link_to_a_linked_folder_shows_what_that_shows() -> None:
    found = resolve({"one": "two", "two": "d", "d/in": "../e"}, {"d/a.proto", "e/b.proto"}, ())
    assert found.links == {
        "one/a.proto": "d/a.proto",
        "one/in/b.proto": "e/b.proto",
        "two/a.proto": "d/a.proto",
        "two/in/b.proto": "e/b.proto",
        "d/in/b.proto": "e/b.proto",
    }


def test_a_folder_does_not_take_in_its_neighbour_of_a_similar_name() -> None:
    found = resolve(
        {"link": "a"}, {"a/x.proto", "a-b/x.proto", "a.b/x.proto", "a0/x.proto", "ab/x.proto"}, ()
    )
    assert found.links == {"link/x.proto": "a/x.proto"}


def test_what_a_link_says_is_made_fit_for_a_message() -> None:
    found = resolve({"a.proto": "/\x1b[31m" + "x" * 500}, (), ())
    (skipped,) = found.skipped
    assert "\x1b" not in skipped.reason
    assert len(skipped.reason) < 200
