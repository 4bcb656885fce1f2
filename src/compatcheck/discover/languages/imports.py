"""Which modules a file of Go, Python, JavaScript or TypeScript imports, as it writes them.

Cheaper than reading all of a file, and asked of every file of a service: one that says nothing of gRPC may import
one that does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatcheck.discover.syntax import parse, unquoted

if TYPE_CHECKING:
    from ast_grep_py import SgNode


def of_go(text: str) -> tuple[str, ...]:
    """Paths of packages: `a.com/shop/cart`."""
    paths = (node.field("path") for node in parse(text, "go").find_all(kind="import_spec"))
    return tuple(unquoted(path.text()) for path in paths if path is not None)


def of_python(text: str) -> tuple[str, ...]:
    """Dotted names: `from ..shop import cart` may mean the module `..shop` and the module `..shop.cart`."""
    found: list[str] = []
    for node in parse(text, "python").find_all(
        any=[{"kind": "import_statement"}, {"kind": "import_from_statement"}]
    ):
        module = node.field("module_name")
        of = _bare(module) if module is not None else ""
        if of:
            found.append(of)
        before = of if of.endswith(".") or not of else f"{of}."
        found += [f"{before}{_bare(child.field('name') or child)}" for child in node.field_children("name")]
    return tuple(found)


def of_javascript(text: str) -> tuple[str, ...]:
    """Modules in `import`, `export ... from`, `require(...)` and `import(...)`: `../shop/cart.js`."""
    found: list[str] = []
    statements: list[SgNode] = parse(text, "tsx").find_all(
        any=[
            {"kind": "import_statement"},
            {"kind": "export_statement"},
            {"kind": "import_require_clause"},
            {"kind": "call_expression", "has": {"field": "function", "regex": r"^(require|import)$"}},
        ]
    )
    for node in statements:
        given = node.field("arguments")
        said = given.named_children()[:1] if given is not None else [node.field("source")]
        found += [unquoted(each.text()) for each in said if each is not None and each.kind() == "string"]
    return tuple(found)


def _bare(node: SgNode) -> str:
    return re.sub(r"\s", "", node.text())
