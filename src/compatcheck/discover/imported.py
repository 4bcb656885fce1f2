"""Finds the code of a repository that a service imports from outside its folders: packages shared in a monorepo."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from compatcheck.discover.conventions import Language
from compatcheck.discover.files import FileCache, code_files, load
from compatcheck.source.tree import Tree

_GO_MODULE = re.compile(r"^module\s+\"?([^\s\"]+)", re.MULTILINE)
_GO_IMPORTS = re.compile(r"^import\s*(?:\((.*?)^\)|([^\n(]*))", re.MULTILINE | re.DOTALL)
_GO_PATH = re.compile(r"[\"`]([^\"`\s]+)[\"`]")
_PYTHON_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<of>[\w.]+)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n#]+)"
    r"|import[ \t]+(?P<whole>[\w., \t]+))",
    re.MULTILINE,
)
_JAVASCRIPT_IMPORT = re.compile(r"(?:\bfrom|\bimport|\brequire)\s*\(?\s*[\"'](\.\.?/[^\"'\n]*)[\"']")
_JAVASCRIPT_ENDS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")


class _Shelf:
    """Which files of a tree an import means. Only such are found that are in the tree."""

    def __init__(self, tree: Tree) -> None:
        self._files = tree.files
        self._go: dict[str, list[str]] = {}
        for path in tree.files:
            if path.endswith(".go"):
                self._go.setdefault(posixpath.dirname(path), []).append(path)
        manifests = [path for path in tree.files if posixpath.basename(path) == "go.mod"] if self._go else []
        self._modules: dict[str, str] = {}
        for path, content in tree.read(manifests).items() if manifests else ():
            if isinstance(content, bytes) and (
                named := _GO_MODULE.search(content.decode("utf-8", "replace"))
            ):
                self._modules[named[1]] = posixpath.dirname(path)

    def imported(self, path: str, text: str) -> Iterator[str]:
        """Paths of the files that a file imports by a name that says where they are."""
        end = posixpath.splitext(path)[1]
        if end == ".go":
            yield from self._of_go(text)
        elif end == ".py":
            yield from self._of_python(path, text)
        elif end in _JAVASCRIPT_ENDS:
            yield from self._of_javascript(path, text)

    def _of_go(self, text: str) -> Iterator[str]:
        for listed in _GO_IMPORTS.finditer(text):
            for name in _GO_PATH.findall(listed[1] or listed[2] or ""):
                module = name
                while module and module not in self._modules:
                    module = module.rpartition("/")[0]
                if module:
                    folder = posixpath.join(self._modules[module], name[len(module) :].strip("/"))
                    yield from self._go.get(folder.rstrip("/"), ())

    def _of_python(self, path: str, text: str) -> Iterator[str]:
        """Absolute names are looked for in the folders around the file, the nearest first."""
        for said in _PYTHON_IMPORT.finditer(text):
            if said["of"]:
                of = said["of"] if said["of"].endswith(".") else f"{said['of']}."
                names = [said["of"], *(f"{of}{name}" for name in re.findall(r"\w+", said["names"]))]
            else:
                names = re.findall(r"[\w.]+", said["whole"])
            for name in names:
                yield from self._python_module(posixpath.dirname(path), name)

    def _python_module(self, folder: str, name: str) -> Iterator[str]:
        bare = name.lstrip(".")
        for _ in range(len(name) - len(bare) - 1):
            folder = posixpath.dirname(folder)
        inner = bare.replace(".", "/")
        while True:
            whole = posixpath.join(folder, inner)
            for found in (f"{whole}.py", f"{whole}/__init__.py"):
                if found in self._files:
                    yield found
                    return
            if not folder or name.startswith("."):
                return
            folder = posixpath.dirname(folder)

    def _of_javascript(self, path: str, text: str) -> Iterator[str]:
        for name in _JAVASCRIPT_IMPORT.findall(text):
            whole = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            stem, end = posixpath.splitext(whole)
            stem = stem if end in _JAVASCRIPT_ENDS else whole
            ends = ("", *_JAVASCRIPT_ENDS, *(f"/index{end}" for end in _JAVASCRIPT_ENDS))
            there = next((f"{stem}{end}" for end in ends if f"{stem}{end}" in self._files), None)
            if there is not None:
                yield there


def imported(
    tree: Tree, code: Mapping[str, Language], languages: Iterable[Language], cache: FileCache
) -> dict[str, Language]:
    """What the code imports, directly or not, from elsewhere in the tree; no tests, nothing generated or vendored.

    That is what can be told by path: packages of Go modules, relative modules of JavaScript and TypeScript, and
    modules of Python that lie in one of the folders around.
    """
    shelf, listed = _Shelf(tree), tuple(languages)
    found: dict[str, Language] = {}
    todo = list(code)
    while todo:
        texts = load(tree, todo, cache)
        named = dict.fromkeys(
            other
            for path in todo
            if (text := texts[path]) is not None
            for other in shelf.imported(path, text)
        )
        fresh = [path for path in named if path not in code and path not in found]
        chosen = code_files(fresh, [""], (), listed)
        found.update(chosen)
        todo = list(chosen)
    return found
