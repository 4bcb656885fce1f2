"""A file that thousands import: only those that name something of it that a change touches are looked at."""

from __future__ import annotations

import pytest

from checking import checked, source
from compatcheck.schema.loading.load import load

SHARED = """syntax = "proto3";
package shared.v1;
import "google/protobuf/descriptor.proto";
extend google.protobuf.MessageOptions { string owner = 50001; }
message Money { int64 cents = 1; %s }
message Price { Money net = 1; }
message Colour { int32 rgb = 1; }
"""
CROWD = {
    f"crowd/v1/m{number}.proto": f"""syntax = "proto3";
package crowd.v1;
import "shared/v1/shared.proto";
message M{number} {{ option (shared.v1.owner) = "crowd"; shared.v1.Colour colour = 1; }}
"""
    for number in range(110)
}
NEAR = {
    "shop/v1/item.proto": """syntax = "proto3";
package shop.v1;
import "shared/v1/shared.proto";
message Item { shared.v1.Price price = 1; }
""",
    "shop/v1/shop.proto": """syntax = "proto3";
package shop.v1;
import "shop/v1/item.proto";
service Shop { rpc Get(Item) returns (Item); }
""",
}
OLD = {"shared/v1/shared.proto": SHARED % "", **CROWD, **NEAR}


def compiled(old: dict[str, str], new: dict[str, str]) -> set[str]:
    """The paths of which the new side knows descriptors."""
    loaded = load(source(old), source(new))
    return {path for universe in loaded.new.universes for path in universe.paths.values()}


def test_a_change_of_one_message_reaches_those_that_hold_it_and_not_the_crowd() -> None:
    new = {**OLD, "shared/v1/shared.proto": SHARED % "string currency = 2;"}
    assert compiled(OLD, new) == {"shared/v1/shared.proto", *NEAR}
    (order,) = checked(OLD, new).orders
    assert order.method == "shop.v1.Shop.Get"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("package shared.v1;", "package shared.v2;"),
        ("message Colour { int32 rgb = 1;", "message Colour { int64 rgb = 1;"),
        ("string owner = 50001;", "bytes owner = 50001;"),
    ],
)
def test_a_change_that_touches_the_crowd_reaches_it(old: str, new: str) -> None:
    """A package, a type or an option that all of them name."""
    changed = (SHARED % "").replace(old, new)
    loaded = load(source(OLD), source({**OLD, "shared/v1/shared.proto": changed}))
    paths = {path for universe in loaded.new.universes for path in universe.paths.values()}
    broken = {unknown.path for unknown in loaded.unknown}
    assert paths | broken >= set(CROWD)


def test_those_who_get_a_file_by_a_public_import_are_reached() -> None:
    passing = {
        "shared/v1/all.proto": 'syntax = "proto3";\nimport public "shared/v1/shared.proto";\n',
        "far/v1/far.proto": """syntax = "proto3";
package far.v1;
import "shared/v1/all.proto";
message Far { shared.v1.Money money = 1; }
""",
    }
    old = {**OLD, **passing}
    new = {**old, "shared/v1/shared.proto": SHARED % "string currency = 2;"}
    assert compiled(old, new) >= passing.keys()


def test_a_name_that_the_change_takes_breaks_the_file_that_has_it_already() -> None:
    own = 'syntax = "proto3";\npackage shared.v1;\nimport "shared/v1/shared.proto";\nmessage Tax { Colour c = 1; }\n'
    old = {**OLD, "shared/v1/tax.proto": own}
    new = {**old, "shared/v1/shared.proto": SHARED % "" + "message Tax {}\n"}
    loaded = load(source(old), source(new))
    assert [(one.path, one.cause) for one in loaded.unknown] == [("shared/v1/tax.proto", "broken-by-change")]
