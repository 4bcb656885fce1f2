"""A repository is divided into services by its container and build files."""

from __future__ import annotations

import pytest

from compatcheck.discover.boundaries import services_in
from discover.trees import tree_of


def folders(*paths: str) -> dict[str, str]:
    return {service.name: service.folder for service in services_in(tree_of(dict.fromkeys(paths, b"")))}


def test_a_folder_with_a_container_file_is_a_service_and_names_it() -> None:
    service, other = services_in(tree_of({"src/cart/Dockerfile": b"", "src/pay/pay.Dockerfile": b""}))
    assert (service.name, service.folder, service.evidence) == ("cart", "src/cart", "src/cart/Dockerfile")
    assert (other.name, other.evidence) == ("pay", "src/pay/pay.Dockerfile")


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.debug", "Containerfile", "web.Dockerfile"])
def test_container_files_have_several_names(name: str) -> None:
    assert folders(f"cart/{name}") == {"cart": "cart"}


@pytest.mark.parametrize("name", ["Dockerfile.md", "Dockerfile.dockerignore", "MyDockerfile"])
def test_some_names_only_look_like_container_files(name: str) -> None:
    assert folders(f"cart/{name}") == {}


@pytest.mark.parametrize(
    "name",
    [
        "go.mod",
        "package.json",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "a.csproj",
        "pyproject.toml",
        "setup.py",
        "requirements.txt",
        "Pipfile",
        "Cargo.toml",
        "mix.exs",
        "CMakeLists.txt",
        "Gemfile",
        "composer.json",
    ],
)
def test_a_folder_with_a_build_file_and_code_is_a_service(name: str) -> None:
    assert folders(f"cart/{name}", "cart/lib/main.go") == {"cart": "cart"}


def test_a_build_file_without_code_makes_no_service() -> None:
    assert folders("docs-site/package.json", "docs-site/index.html") == {}


def test_a_folder_with_a_container_file_takes_in_folders_with_build_files() -> None:
    assert folders("app1/Dockerfile", "app1/android/build.gradle", "app1/android/A.java") == {"app1": "app1"}


def test_a_container_file_within_a_service_makes_another_one() -> None:
    outer, inner = services_in(tree_of({"shop/Dockerfile": b"", "shop/worker/Dockerfile": b""}))
    assert (outer.name, outer.excluded) == ("shop", ("shop/worker",))
    assert (inner.name, inner.excluded) == ("worker", ())


def test_a_build_file_above_services_keeps_what_is_in_none_of_them() -> None:
    found = services_in(tree_of({"shop/go.mod": b"", "shop/cart/Dockerfile": b"", "shop/tool/main.go": b""}))
    assert [(service.name, service.excluded) for service in found] == [("shop", ("shop/cart",)), ("cart", ())]
    assert folders("shop/go.mod", "shop/cart/Dockerfile", "shop/cart/main.go") == {"cart": "shop/cart"}


def test_the_whole_repository_is_no_service_beside_containers() -> None:
    assert folders("package.json", "lint.js", "cart/Dockerfile") == {"cart": "cart"}
    assert folders("go.mod", "main.go") == {"root": ""}


def test_tests_tools_and_generated_code_are_no_services() -> None:
    paths = ["cart/tests/cart.tests.csproj", "cart/tests/A.cs", "e2e/Dockerfile", "cart/genproto/Dockerfile"]
    assert folders(*paths, "internal/tools/go.mod", "internal/tools/tools.go", "cart/Dockerfile") == {
        "cart": "cart"
    }


def test_a_container_file_in_a_folder_for_packaging_packs_the_folder_around() -> None:
    assert folders("cart/docker/Dockerfile", "cart/main.go") == {"cart": "cart"}


def test_a_folder_that_says_nothing_takes_the_name_of_the_one_around_it() -> None:
    assert folders("src/cart/src/Dockerfile") == {"cart": "src/cart/src"}
    assert folders("src/Dockerfile") == {"src": "src"}


def test_names_take_in_as_much_of_the_path_as_makes_them_unique() -> None:
    paths = ["a/api/Dockerfile", "b/api/Dockerfile", "cart/src/Dockerfile", "cart/app/Dockerfile"]
    assert folders(*paths) == {
        "a/api": "a/api",
        "b/api": "b/api",
        "cart/src": "cart/src",
        "cart/app": "cart/app",
    }


def test_programs_of_one_go_module_are_services_and_the_module_is_none() -> None:
    assert folders("go.mod", "cmd/web/main.go", "cmd/job/main.go", "internal/a.go") == {
        "web": "cmd/web",
        "job": "cmd/job",
    }


def test_a_single_program_of_a_go_module_is_the_module() -> None:
    assert folders("go.mod", "cmd/web/main.go", "internal/a.go") == {"root": ""}
