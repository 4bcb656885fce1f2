"""`compatcheck check` on files that import what comes from a registry."""

from __future__ import annotations

from program import SERVED, check
from repositories import Repository

ITEMS = "proto/shop/v1/items.proto"
CHECKED = SERVED.replace(
    "message Key {\n  string sku = 1;",
    'import "buf/validate/validate.proto";\nmessage Key {\n  string sku = 1 [(buf.validate.field).required = true];',
)


def test_equal_options_are_a_notice_and_different_ones_are_not_decided(shop: Repository) -> None:
    shop.commit({ITEMS: CHECKED})
    shop.write({ITEMS: CHECKED.replace("int64 price = 2;", "int64 price = 2; string note = 3;")})
    for format_ in ("text", "json", "github"):
        done = check(shop, "--format", format_)
        assert (done.code, "unknown:" in done.out) == (0, False)
        assert (
            "`buf/validate/validate.proto`, which is not in the source, are compared as text only" in done.out
        )
    shop.write({ITEMS: CHECKED.replace(" = true]", " = false]").replace("int64 price", "int32 price")})
    for format_ in ("text", "json", "github"):
        done = check(shop, "--format", format_)
        assert done.code == 1
        assert "options `(buf.validate.field)` changed and cannot be judged" in done.out
    shop.write({ITEMS: CHECKED.replace(" = true]", " = false]")})
    assert check(shop).code == 3
