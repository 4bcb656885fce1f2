"""How the elements of two schemas find each other, seen in the facts that come of it."""

from __future__ import annotations

import pytest

from checking import compared
from diff.facts import facts

HEAD = 'syntax = "proto3";\npackage shop.v1;\n'
NEXT = 'syntax = "proto3";\npackage shop.v2;\n'
CART = "message Cart { string id = 1; repeated Item items = 2; }\nmessage Item { string sku = 1; }\n"
SERVICE = "service Carts { rpc Get(Cart) returns (Cart); rpc Put(Cart) returns (Cart); }\n"


def test_a_renamed_package_is_one_fact_and_hides_nothing_inside() -> None:
    found = compared(
        HEAD + CART + SERVICE, NEXT + (CART + SERVICE).replace("string sku = 1", "bytes sku = 1")
    )
    assert facts(found.changes) == [
        "changed File shop.proto (package)",
        "changed Field shop.v2.Item.sku (type)",
    ]


def test_a_file_that_moves_with_its_package_is_found_by_its_types() -> None:
    found = compared(
        {"shop/v1/cart.proto": HEAD + CART + SERVICE},
        {"shop/v2/cart.proto": NEXT + CART.replace("string id = 1", "string id = 3") + SERVICE},
    )
    assert facts(found.changes) == [
        "changed File shop/v2/cart.proto (package)",
        "changed Field shop.v2.Cart.id (number)",
    ]


def test_one_file_of_a_package_can_leave_it() -> None:
    order = "message Order { string id = 1; }\n"
    found = compared(
        {"cart.proto": HEAD + CART, "order.proto": HEAD + order},
        {"cart.proto": NEXT + CART, "order.proto": HEAD + order.replace("string", "bytes")},
    )
    assert facts(found.changes) == [
        "changed File cart.proto (package)",
        "changed Field shop.v1.Order.id (type)",
    ]


def test_a_new_version_beside_the_old_one_is_no_renamed_package() -> None:
    old = {"shop/v1/cart.proto": HEAD + CART}
    assert facts(compared(old, {**old, "shop/v2/cart.proto": NEXT + CART}).changes) == []


def test_types_that_leave_a_file_for_another_package_are_renamed_each() -> None:
    order = "message Order { string id = 1; }\n"
    found = compared(
        {"cart.proto": HEAD + CART, "order.proto": NEXT + order},
        {"order.proto": NEXT + order + CART},
    )
    assert facts(found.changes) == [
        "changed Message shop.v2.Cart (name)",
        "changed Message shop.v2.Item (name)",
    ]


def test_a_file_that_moves_is_the_same() -> None:
    user = HEAD + 'import "shop/v1/cart.proto";\nmessage Order { Cart cart = 1; }\n'
    found = compared(
        {"proto/shop/v1/cart.proto": HEAD + CART, "proto/shop/v1/order.proto": user},
        {"api/proto/shop/v1/cart.proto": HEAD + CART, "api/proto/shop/v1/order.proto": user},
    )
    assert facts(found.changes) == []


def test_a_rename_is_one_fact_wherever_the_type_is_used() -> None:
    user = "message Order { Cart cart = 1; map<string, Cart> carts = 2; oneof one { Cart last = 3; } }\n"
    users = "service Carts { rpc Get(Cart) returns (stream Cart); }\n"
    old = HEAD + CART + user + users
    found = compared(
        old, old.replace("Cart ", "Basket ").replace("Cart>", "Basket>").replace("Cart)", "Basket)")
    )
    assert facts(found.changes) == ["changed Message shop.v1.Basket (name)"]


def test_what_is_renamed_and_changed_is_removed() -> None:
    found = compared(HEAD + "message A { string id = 1; }\n", HEAD + "message B { string id = 2; }\n")
    assert facts(found.changes) == ["removed Message shop.v1.A"]


def test_of_several_alike_none_is_taken_for_the_renamed_one() -> None:
    two = "message A { string id = 1; }\nmessage B { string id = 1; }\n"
    found = compared(
        HEAD + two, HEAD + two.replace("message A", "message C").replace("message B", "message D")
    )
    assert facts(found.changes) == ["removed Message shop.v1.A", "removed Message shop.v1.B"]


def test_an_empty_message_is_not_taken_for_another() -> None:
    assert facts(compared(HEAD + "message A {}", HEAD + "message B {}").changes) == [
        "removed Message shop.v1.A"
    ]


def test_a_service_with_one_method_is_not_taken_for_another() -> None:
    one = HEAD + CART + "service Carts { rpc Get(Cart) returns (Cart); }\n"
    found = compared(one, one.replace("service Carts", "service Baskets"))
    assert facts(found.changes) == ["removed Service shop.v1.Carts", "added Service shop.v1.Baskets"]


def test_a_service_is_renamed_beside_its_package() -> None:
    found = compared(HEAD + CART + SERVICE, NEXT + CART + SERVICE.replace("service Carts", "service Baskets"))
    assert facts(found.changes) == [
        "changed File shop.proto (package)",
        "changed Service shop.v2.Baskets (name)",
    ]


def test_of_removed_types_only_the_outermost_is_told() -> None:
    found = compared(HEAD + "message A { message B { enum C { X = 0; } C c = 1; } enum D { Y = 0; } }", HEAD)
    assert facts(found.changes) == ["removed Message shop.v1.A"]


def test_nested_types_move_with_the_renamed_message_around_them() -> None:
    old = HEAD + "message A { message B { enum C { X = 0; Y = 1; } C c = 1; } B b = 1; }\n"
    found = compared(old, old.replace("message A", "message Z").replace("Y = 1", "Y = 1; W = 2"))
    assert facts(found.changes) == ["removed Message shop.v1.A"], (
        "with a change inside there is no proof that it is the same message"
    )
    assert facts(compared(old, old.replace("message A", "message Z")).changes) == [
        "changed Message shop.v1.Z (name)"
    ]


RECURSIVE = (
    "message Tree { string name = 1; repeated Tree children = 2; Leaf leaf = 3; }\n"
    "message Leaf { Tree of = 1; }\n"
)


def test_types_that_hold_each_other_are_compared_once() -> None:
    found = compared(HEAD + RECURSIVE, HEAD + RECURSIVE.replace("string name", "bytes name"))
    assert facts(found.changes) == ["changed Field shop.v1.Tree.name (type)"]


def test_types_that_hold_each_other_can_be_renamed_together() -> None:
    renamed = RECURSIVE.replace("Tree", "Branch").replace("Leaf", "Blade")
    assert facts(compared(HEAD + RECURSIVE, HEAD + renamed).changes) == [
        "changed Message shop.v1.Branch (name)",
        "changed Message shop.v1.Blade (name)",
    ]


def test_a_long_chain_of_types_is_no_deep_recursion() -> None:
    chain = "".join(f"message M{one} {{ M{one + 1} next = 1; string n{one} = 2; }}\n" for one in range(1500))
    old = HEAD + chain + "message M1500 {}\n"
    found = compared({"a.proto": old}, {"b.proto": old.replace("shop.v1", "shop.v2")})
    assert facts(found.changes) == ["changed File b.proto (package)"]


def test_many_types_that_look_alike_are_not_held_against_each_other() -> None:
    """Each against each would be 4 million comparisons."""
    old, new = (
        "".join(f"message {letter}{one} {{ string id = 1; }}\n" for one in range(2000)) for letter in "AB"
    )
    found = compared(HEAD + old, HEAD + new)
    assert len(found.changes) == 2000
    assert set(facts(found.changes)) == {f"removed Message shop.v1.A{one}" for one in range(2000)}


class TestTwoRoots:
    """Copies of one file, each in the universe of its own root."""

    def texts(self, left: str, right: str) -> dict[str, str]:
        return {"left/shop/v1/cart.proto": left, "right/shop/v1/cart.proto": right}

    def test_a_change_in_one_of_them_is_one_fact(self) -> None:
        old = HEAD + CART
        new = old.replace("string sku", "bytes sku")
        found = compared(self.texts(old, old), self.texts(old, new), roots=("left", "right"))
        assert facts(found.changes) == ["changed Field shop.v1.Item.sku (type)"]
        assert [change.new.place.file.path for change in found.changes if hasattr(change, "new")] == [
            "right/shop/v1/cart.proto"
        ]

    def test_a_rename_in_one_of_them_says_nothing_about_the_other(self) -> None:
        old = HEAD + CART
        renamed, grown = (
            old.replace("Item", "Line"),
            old.replace("string sku = 1;", "string sku = 1; int32 n = 2;"),
        )
        found = compared(self.texts(old, old), self.texts(renamed, grown), roots=("left", "right"))
        assert facts(found.changes) == ["added Field shop.v1.Item.n", "changed Message shop.v1.Line (name)"]

    def test_a_package_renamed_in_one_of_them_says_nothing_about_the_other(self) -> None:
        old = HEAD + CART
        grown = old.replace("string sku = 1;", "string sku = 1; int32 n = 2;")
        found = compared(self.texts(old, old), self.texts(NEXT + CART, grown), roots=("left", "right"))
        assert facts(found.changes) == [
            "changed File left/shop/v1/cart.proto (package)",
            "added Field shop.v1.Item.n",
        ]

    def test_what_is_removed_in_one_of_them_hides_nothing_in_the_other(self) -> None:
        old = HEAD + "message A { message B { string id = 1; } }\n"
        new = self.texts(HEAD, HEAD + "message A {}\n")
        found = compared(self.texts(old, old), new, roots=("left", "right"))
        assert facts(found.changes) == ["removed Message shop.v1.A", "removed Message shop.v1.A.B"]

    def test_extensions_of_one_name_and_number_stay_apart(self) -> None:
        head = 'syntax = "proto2";\npackage shop.v1;\nmessage Item { extensions 100 to 199; }\n'
        string, int32 = (
            head + f"extend Item {{ optional {one} note = 100; }}\n" for one in ("string", "int32")
        )
        old, new = self.texts(string, int32), self.texts(string + "//\n", int32 + "message New {}\n")
        assert facts(compared(old, new, roots=("left", "right")).changes) == []


def test_two_fields_that_swap_numbers_are_two_facts() -> None:
    old = HEAD + "message M { string a = 1; string b = 2; }"
    found = compared(old, HEAD + "message M { string b = 1; string a = 2; }")
    assert facts(found.changes) == [
        "changed Field shop.v1.M.a (number)",
        "changed Field shop.v1.M.b (number)",
    ]


@pytest.mark.parametrize("parts", [("shop", "store"), ("shop.v1", "shop.v2"), ("", "shop"), ("shop", "")])
def test_packages_of_any_depth_are_renamed(parts: tuple[str, str]) -> None:
    old, new = (f'syntax = "proto3";\n{f"package {one};" if one else ""}\n{CART}' for one in parts)
    assert facts(compared(old, new).changes) == ["changed File shop.proto (package)"]


def test_a_file_without_elements_has_no_package_to_change() -> None:
    assert facts(compared(HEAD, NEXT).changes) == []
