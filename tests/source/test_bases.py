"""Old sides that depend on history: bases that a shallow clone lacks, the latest release."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from compatcheck.errors import UndecidedError
from compatcheck.source.choice.select import Request
from compatcheck.source.git.place import locate
from compatcheck.source.git.tags import tags
from repositories import Repository, against, old, texts


class TestShallow:
    """Clones that lack the base."""

    @pytest.fixture
    def shallow(self, forked: Repository, tmp_path: Path) -> Repository:
        forked.git("switch", "--quiet", "main")
        return forked.clone(tmp_path / "shallow", "--depth=1", "--no-single-branch", "--branch=work")

    def test_a_missing_base_is_not_decided_and_the_command_is_named(self, shallow: Repository) -> None:
        shallow.git("tag", "v1.2.2")
        for request in (Request(), against("origin/main"), against("v1.2.3"), Request(against_released="w*")):
            with pytest.raises(UndecidedError) as caught:
                shallow.select(request)
            assert caught.value.exit_code == 3
            assert "git fetch --unshallow" in caught.value.hint
        shallow.git("fetch", "--quiet", "--unshallow")
        assert old(shallow.select(against("origin/main"))) == "base"

    def test_a_clone_of_one_branch_knows_no_default_branch(self, forked: Repository, tmp_path: Path) -> None:
        forked.git("switch", "--quiet", "main")
        single = forked.clone(tmp_path / "single", "--depth=1", "--branch=work")
        with pytest.raises(UndecidedError) as caught:
            single.select()
        assert "--unshallow" in caught.value.hint

    @pytest.mark.parametrize(
        ("env", "setting"),
        [
            ({"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"}, "fetch-depth: 0"),
            ({"GITLAB_CI": "true", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, "GIT_DEPTH: 0"),
            ({"BITBUCKET_PR_DESTINATION_BRANCH": "main"}, "depth: full"),
            ({"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}, "fetchDepth: 0"),
        ],
    )
    def test_each_ci_is_told_its_own_setting(
        self, shallow: Repository, env: dict[str, str], setting: str
    ) -> None:
        for request in (Request(), against("origin/main"), against("v0")):
            with pytest.raises(UndecidedError) as caught:
                shallow.select(request, env)
            assert setting in caught.value.hint


class TestReleased:
    """--against-released."""

    @pytest.fixture
    def released(self, repository: Repository) -> Repository:
        for version in ("v1.9.0", "v1.10.0", "v2.0.0-rc1"):
            repository.commit({"a.proto": version})
            repository.git("tag", "--annotate", "--message", "x", version)
        repository.git("tag", "other-9")
        repository.commit({"a.proto": "after"})
        return repository

    def test_the_latest_release_is_taken_by_version_and_not_by_name(self, released: Repository) -> None:
        chosen = released.select(Request(against_released="v*"))
        assert old(chosen) == "v1.10.0"
        assert chosen.old[0].origin.revision == "v1.10.0"
        assert old(released.select(Request(against_released="v2.*"))) == "v2.0.0-rc1"

    def test_a_name_may_hold_what_unicode_takes_for_the_end_of_a_line(self, repository: Repository) -> None:
        name = "v1\u2028\x85.0"
        commit = repository.commit({"a.proto": "release"})
        repository.git("tag", name)
        repository.commit({"a.proto": "later"})
        assert old(repository.select(Request(against_released="v*"))) == "release"
        place = locate(str(repository.path), os.environ)
        assert place is not None
        assert [(tag.name, tag.commit) for tag in tags(place)] == [(name, commit)]

    def test_it_comes_on_top_of_the_named_sides(self, released: Repository) -> None:
        chosen = released.select(Request(against=("HEAD",), against_released="v*"))
        assert [texts(each)["a.proto"] for each in chosen.old] == ["after", "v1.10.0"]

    def test_tags_that_cannot_be_reached_count_only_if_there_are_no_others(
        self, released: Repository
    ) -> None:
        released.git("switch", "--quiet", "--create", "maintenance", "v1.9.0")
        released.commit({"a.proto": "fix"})
        assert old(released.select(Request(against_released="v*"))) == "v1.9.0"
        released.git("switch", "--quiet", "--orphan", "alone")
        released.commit({"a.proto": "alone"})
        assert old(released.select(Request(against_released="v*"))) == "v1.10.0"

    def test_a_release_is_compared_with_the_one_before(self, released: Repository) -> None:
        assert old(released.select(Request(new="v1.10.0", against_released="v*"))) == "v1.9.0"
        released.git("switch", "--quiet", "--detach", "v1.10.0")
        assert old(released.select(Request(against_released="v*"))) == "v1.9.0"
        released.write({"a.proto": "edited"})
        assert old(released.select(Request(against_released="v*"))) == "v1.10.0"

    def test_the_only_release_is_compared_with_itself_and_that_is_said(self, released: Repository) -> None:
        chosen = released.select(Request(new="v1.9.0", against_released="v*"))
        assert old(chosen) == "v1.9.0"
        assert len(chosen.notices) == 1
