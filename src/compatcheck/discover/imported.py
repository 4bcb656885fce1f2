"""Finds the code of a repository that a service imports from outside its folders: packages shared in a monorepo."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from compatcheck.discover.conventions import Language
from compatcheck.discover.files import FileCache, code_files, load
from compatcheck.source.tree import Tree

_MODULE = re.compile(r"^module\s+\"?([^\s\"]+)", re.MULTILINE)
"""The directive of `go.mod` that names the module, on a line of its own; ast-grep has no grammar for that file."""
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
            if isinstance(content, bytes) and (named := _MODULE.search(content.decode("utf-8", "replace"))):
                self._modules[named[1]] = posixpath.dirname(path)

    def meant(self, path: str, names: Iterable[str]) -> Iterator[str]:
        """Paths of the files that a file means by the modules it names."""
        end = posixpath.splitext(path)[1]
        for name in names:
            if end == ".go":
                yield from self._go_package(name)
            elif end == ".py":
                yield from self._python_module(posixpath.dirname(path), name)
            elif name.startswith(("./", "../")):
                yield from self._javascript_module(posixpath.dirname(path), name)

    def _go_package(self, name: str) -> Iterator[str]:
        module = name
        while module and module not in self._modules:
            module = module.rpartition("/")[0]
        if module:
            folder = posixpath.join(self._modules[module], name[len(module) :].strip("/"))
            yield from self._go.get(folder.rstrip("/"), ())

    def _python_module(self, folder: str, name: str) -> Iterator[str]:
        """Absolute names are looked for in the folders around the file, the nearest first."""
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

    def _javascript_module(self, folder: str, name: str) -> Iterator[str]:
        whole = posixpath.normpath(posixpath.join(folder, name))
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
    todo = dict(code)
    while todo:
        texts = load(tree, todo, cache)
        meant = dict.fromkeys(
            other
            for path, language in todo.items()
            for other in shelf.meant(path, _names(language, tree.files[path], texts[path], cache))
        )
        fresh = [path for path in meant if path not in code and path not in found]
        todo = code_files(fresh, [""], (), listed)
        found.update(todo)
    return found


def _names(language: Language, content_id: str, text: str | None, cache: FileCache) -> tuple[str, ...]:
    """The modules that a file imports."""
    if language.imports is None or text is None:
        return ()
    key = (content_id, language.name)
    if key not in cache.imports:
        cache.imports[key] = language.imports(text)
    return cache.imports[key]
