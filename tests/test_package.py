"""What is published: a wheel that works by itself, and a source archive that makes the same wheel."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from program import RETYPED, SERVED
from repositories import Repository, settle_git

TOP = Path(__file__).parent.parent
DOCUMENTS = ("check", "deploy", "graph", "pairs", "plan", "rules", "who_uses")
DATA = (
    *("py.typed", "schema/compiling/protoc_child.py"),
    *(f"report/{name}.schema.json" for name in DOCUMENTS),
    *("fixtures/demo/steps.toml", "fixtures/rules/field-removed/old.proto"),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that was made from what is in it.

    The build backend is the one of this environment, so that nothing is fetched.
    """
    folder = tmp_path_factory.mktemp("built")
    backend = "import sys; from hatchling.build import build_sdist, build_wheel; "
    _python("-c", f"{backend} build_sdist(sys.argv[1])", str(folder), cwd=TOP)
    (archive,) = folder.glob("*.tar.gz")
    # Not extractall: some versions of Python do not know its filter, and others ask for it.
    subprocess.run(["tar", "-xzf", str(archive)], cwd=folder, check=True)
    unpacked = folder / archive.name.removesuffix(".tar.gz")
    _python("-c", f"{backend} build_wheel(sys.argv[1])", str(folder), cwd=unpacked)
    return folder


def _python(*arguments: str, cwd: Path) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def names(built: Path) -> list[str]:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        return packed.namelist()


def test_the_wheel_holds_the_package_its_data_and_its_licence(names: list[str]) -> None:
    missing = [name for name in DATA if f"compatcheck/{name}" not in names]
    assert not missing
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    sources = {path.relative_to(TOP / "src").as_posix() for path in (TOP / "src").rglob("*.py")}
    assert sources <= set(names)
    examples = [path for path in (TOP / "fixtures/rules").rglob("*") if path.is_file()]
    assert {f"compatcheck/{path.relative_to(TOP).as_posix()}" for path in examples} <= set(names)


def test_the_wheel_holds_nothing_else(names: list[str]) -> None:
    assert [name for name in names if not name.startswith(("compatcheck/", "compatcheck-"))] == []
    unwanted = ("tests/", "__pycache__", ".pyc", "_pb2.py", "fixtures/ok/")
    assert [name for name in names if any(one in name for one in unwanted)] == []


def test_the_source_archive_holds_what_its_tests_need(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        held = {name.partition("/")[2] for name in packed.getnames()}
    for name in (
        "tests/conftest.py",
        "fixtures/ok",
        "Makefile",
        "LICENSE",
        "README.md",
        ".pre-commit-hooks.yaml",
    ):
        assert any(one == name or one.startswith(f"{name}/") for one in held), name


def test_what_is_installed_works_without_the_checkout(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pip installs the wheel alone into a folder; what it needs comes from this environment."""
    settle_git(tmp_path, monkeypatch)
    (wheel,) = built.glob("*.whl")
    site = tmp_path / "site"
    pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    _python(*pip, "--target", str(site), str(wheel), cwd=tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(site))
    repository = Repository.create(tmp_path / "shop")
    repository.commit({"items.proto": SERVED})
    origin = _python("-c", "import compatcheck; print(compatcheck.__file__)", cwd=repository.path).strip()
    assert origin == str(site / "compatcheck/__init__.py")

    version = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["version"]
    program = ("-m", "compatcheck")
    assert _python(*program, "--version", cwd=repository.path) == f"compatcheck {version}\n"
    assert "field-type-changed" in _python(*program, "rules", cwd=repository.path)
    assert "field-removed" in _python(*program, "explain", "field-removed", cwd=repository.path)
    assert "Can catalog 1.1 be deployed" in _python(*program, "demo", cwd=repository.path)
    repository.write({"items.proto": RETYPED})
    script = subprocess.run(
        [str(site / "bin/compatcheck"), "check"],
        cwd=repository.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert script.returncode == 1, script.stderr
    assert "error[field-type-changed]" in script.stdout


def test_the_oldest_packages_that_are_tested_are_the_oldest_that_are_allowed() -> None:
    """`make corners` would otherwise test a range that nobody promised."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    listed = [*project["dependencies"], *project["optional-dependencies"]["discover"]]
    allowed = dict(re.findall(r"^([\w-]+)>=([\d.]+)", "\n".join(listed), re.MULTILINE))
    assert len(allowed) == len(listed)
    lines = (TOP / "tests/corners/oldest.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert {name: _numbers(low) for name, low in allowed.items()} == {
        name: _numbers(version) for name, version in pinned.items()
    }


def _numbers(version: str) -> tuple[int, ...]:
    """`1.66` and `1.66.0` are the same version."""
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
