"""Where a service keeps its schema: folders, other repositories, directories outside git."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from compatcheck.errors import UsageError
from compatcheck.rollout.pairs import Verdict
from compatcheck.usecases.ask import ground
from compatcheck.usecases.pairs import all_pairs
from shops import Shop

SAFE, MISMATCH, UNKNOWN = Verdict.SAFE, Verdict.MISMATCH, Verdict.UNKNOWN


def cart(id_type: str) -> str:
    return (
        'syntax = "proto3"; package shop; service Cart { rpc Add(Item) returns (Item); } '
        f"message Item {{ {id_type} id = 1; }}"
    )


def config(schema: str, versions: str = "*") -> str:
    return f"""
    [services.web]
    versions = "web-*"
    schema = "web"
    consumes = ["shop.Cart"]
    [services.cart]
    schema = "{schema}"
    versions = "{versions}"
    provides = ["shop.Cart"]
    """


def found(shop: Shop) -> dict[str, Verdict]:
    return {one.provider_version: one.judgement.verdict for one in all_pairs(shop.ground()).pairs}


@pytest.fixture
def other(new_shop: Callable[[str], Shop]) -> Shop:
    """A second repository beside the first; 1.0 has the interface that the web uses, 2.0 another one."""
    made = new_shop("other")
    made.release({"api/cart.proto": cart("int32"), "old/cart.proto": cart("string")}, "1.0")
    made.release({"api/cart.proto": cart("string")}, "2.0")
    return made


@pytest.mark.parametrize("schema", ["../other#api", "../other/api", "{top}/other#api", "{top}/other/api"])
def test_a_folder_of_another_repository_with_its_tags(shop: Shop, other: Shop, schema: str) -> None:
    written = schema.replace("{top}", str(other.path.parent))
    shop.release({"web/cart.proto": cart("int32"), "compatcheck.toml": config(written)}, "web-1")
    assert found(shop) == {"1.0": SAFE, "2.0": MISMATCH}


@pytest.mark.usefixtures("other")
def test_a_version_that_only_the_repository_of_the_schema_lacks_is_named_with_it(shop: Shop) -> None:
    shop.write(
        {
            "compatcheck.toml": config("../other#api", "*").replace(
                "[services.cart]", '[services.cart]\npath = "web"'
            )
        }
    )
    shop.release({"web/cart.proto": cart("int32")}, "web-1", "9")
    (pair,) = (one for one in all_pairs(shop.ground()).pairs if one.provider_version == "9")
    (missing,) = pair.judgement.missing
    assert "the revision of cart 9: no tag of `*` in `../other#api` is that version (known: " in missing.datum


def test_another_repository_as_a_whole(shop: Shop, other: Shop) -> None:
    other.git("rm", "--quiet", "-r", "old")
    other.release({}, "3.0")
    shop.release({"web/cart.proto": cart("int32"), "compatcheck.toml": config("../other")}, "web-1")
    assert found(shop) == {"1.0": UNKNOWN, "2.0": MISMATCH, "3.0": MISMATCH}


def test_a_bare_repository(shop: Shop, other: Shop) -> None:
    shop.git("clone", "--quiet", "--bare", str(other.path), "../bare.git")
    shop.release({"web/cart.proto": cart("int32"), "compatcheck.toml": config("../bare.git#api")}, "web-1")
    assert found(shop) == {"1.0": SAFE, "2.0": MISMATCH}


def test_a_directory_outside_git_tells_versions_by_its_path(shop: Shop, tmp_path: Path) -> None:
    for version, id_type in (("1.0", "int32"), ("2.0", "string")):
        folder = tmp_path / "published" / f"cart-{version}" / "api"
        folder.mkdir(parents=True)
        (folder / "cart.proto").write_text(cart(id_type))
    (tmp_path / "published" / "notes.txt").write_text("no version")
    written = config("../published/cart-{version}/api")
    shop.release({"web/cart.proto": cart("int32"), "compatcheck.toml": written}, "web-1")
    assert found(shop) == {"1.0": SAFE, "2.0": MISMATCH}


def test_a_directory_outside_git_without_versions_is_unknown(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "cart.proto").write_text(cart("int32"))
    written = config("../published") + '[environments.live]\ncart = "1.0"\n'
    shop.release({"web/cart.proto": cart("int32"), "compatcheck.toml": written}, "web-1")
    assert found(shop) == {"1.0": UNKNOWN}


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("../nowhere", "there is no folder `../nowhere`"),
        ("../nowhere#api", "there is no repository at"),
        ("../other#../x", "`../x` is not a folder inside the repository"),
    ],
)
def test_a_home_that_is_nowhere_is_a_mistake(shop: Shop, other: Shop, schema: str, said: str) -> None:
    assert other.path.is_dir()
    shop.release({"web/cart.proto": cart("int32"), "compatcheck.toml": config(schema)}, "web-1")
    with pytest.raises(UsageError) as caught:
        all_pairs(shop.ground())
    assert caught.value.message.startswith("compatcheck.toml: services.cart.schema: ")
    assert said in caught.value.message


def test_a_folder_that_came_later_is_unknown_before(shop: Shop) -> None:
    shop.release({"web/cart.proto": cart("int32")}, "web-1", "cart-1")
    shop.release({"api/cart.proto": cart("int32"), "compatcheck.toml": config("api", "cart-*")}, "cart-2")
    assert found(shop) == {"1": UNKNOWN, "2": SAFE}


def test_paths_count_from_the_folder_of_the_configuration(shop: Shop) -> None:
    files = {"all/web/cart.proto": cart("int32"), "all/api/cart.proto": cart("string")}
    shop.release({**files, "all/compatcheck.toml": config("./api", "cart-*")}, "web-1", "cart-1")
    env = {name: shop.env[name] for name in ("PATH", "HOME")}
    answer = all_pairs(ground(None, None, env, shop.path / "all" / "web"))
    assert [one.judgement.verdict for one in answer.pairs] == [MISMATCH]


def test_a_bare_repository_is_asked_by_the_configuration_of_its_head(shop: Shop, tmp_path: Path) -> None:
    files = {"web/cart.proto": cart("int32"), "api/cart.proto": cart("string")}
    shop.release({**files, "compatcheck.toml": config("api", "cart-*")}, "web-1", "cart-1")
    shop.git("clone", "--quiet", "--bare", ".", "../bare.git")
    env = {name: shop.env[name] for name in ("PATH", "HOME")}
    answer = all_pairs(ground("bare.git", None, env, tmp_path))
    assert [one.judgement.verdict for one in answer.pairs] == [MISMATCH]


def test_outside_of_a_repository_nothing_can_be_asked(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not in a git repository"):
        ground(
            None, None, {"PATH": "/usr/bin:/bin", "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}, tmp_path
        )
