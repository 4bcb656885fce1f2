"""Options that move or reshape generated code, against what generators do without them."""

from __future__ import annotations

import pytest

from checking import checked, schema
from compatcheck.config import Config
from compatcheck.reads.generated.files import FILE_OPTIONS
from compatcheck.schema.model import File


def file(head: str, path: str = "shop/order_lines2go.proto", body: str = "message M {}") -> File:
    return next(one for one in schema({path: f"{head}\n{body}"}).files if one.path == path)


P3 = 'syntax = "proto3"; package acme_x.v1beta1.my2pkg;'
"""A package with what generators capitalise unlike each other."""


@pytest.mark.parametrize(
    ("option", "head", "expected"),
    [
        # As protoc 36.2 generates them.
        ("java_package", P3, "acme_x.v1beta1.my2pkg"),
        ("java_outer_classname", P3, "OrderLines2Go"),
        ("java_outer_classname", f"{P3} message OrderLines2Go {{}}", "OrderLines2GoOuterClass"),
        ("java_outer_classname", f"{P3} message A {{ enum OrderLines2Go {{ Z = 0; }} }}", "OrderLines2GoOuterClass"),
        ("java_outer_classname", 'edition = "2023";', "OrderLines2Go"),
        ("java_outer_classname", 'edition = "2024";', "OrderLines2GoProto"),
        ("java_multiple_files", P3, "false"),
        ("java_multiple_files", 'edition = "2023";', "false"),
        ("java_multiple_files", 'edition = "2024";', "true"),
        ("csharp_namespace", P3, "AcmeX.V1Beta1.My2Pkg"),
        ("php_namespace", P3, "Acme_x\\V1beta1\\My2pkg"),
        ("php_metadata_namespace", P3, "GPBMetadata"),
        ("ruby_package", P3, "AcmeX::V1beta1::My2pkg"),
        ("ruby_package", f'{P3} option ruby_package = "a.b_c";', "A::BC"),
        ("objc_class_prefix", P3, ""),
        ("swift_prefix", P3, "AcmeX_V1beta1_My2pkg_"),
        ("swift_prefix", f'{P3} option swift_prefix = "";', ""),
        ("optimize_for", f"{P3} option optimize_for = CODE_SIZE;", "SPEED or CODE_SIZE"),
        # As protoc-gen-go documents it.
        ("go_package", P3, None),
        ("go_package", f'{P3} option go_package = "a.b/c/my-pkg";', "a.b/c/my-pkg;my_pkg"),
        ("go_package", f'{P3} option go_package = "a.b/c/my-pkg;pkg";', "a.b/c/my-pkg;pkg"),
        # Without a package.
        ("csharp_namespace", 'syntax = "proto3";', ""),
        ("swift_prefix", 'syntax = "proto3";', ""),
    ],
)  # fmt: skip
def test_an_option_that_is_not_set_has_the_value_that_generators_take(
    option: str, head: str, expected: str | None
) -> None:
    assert FILE_OPTIONS[option].value(file(head)) == expected


def told(old: str, new: str, config: Config | None = None) -> list[str]:
    """The options that are told, as their messages say."""
    found = checked(old, new, config).findings
    return [one.message for one in found if one.rule == "language-option-changed"]


HEAD = 'syntax = "proto3"; package shop.v1; '
CODE = "message Order { string id = 1; int64 total = 2; } service Cart { rpc Get(Order) returns (Order); }"


def test_an_option_of_a_language_that_is_not_used_is_not_told() -> None:
    old, new = HEAD + CODE, HEAD + 'option java_package = "com.shop"; option swift_prefix = "S"; ' + CODE
    assert len(told(old, new)) == 2
    assert told(old, new, Config(languages=("go", "python"))) == []
    assert told(old, new, Config(languages=("kotlin",))) == [
        "`java_package` is `com.shop` now, it was `shop.v1` by default"
    ]


def test_generic_services_matter_where_there_are_services_and_only_when_they_go() -> None:
    option = "option py_generic_services = true; "
    assert told(HEAD + option + CODE, HEAD + CODE) == [
        "`py_generic_services` is `false` by default now, it was `true`"
    ]
    assert told(HEAD + CODE, HEAD + option + CODE) == []
    without = "message Order {}"
    assert told(HEAD + option + without, HEAD + without) == []


def test_a_package_that_moves_the_defaults_is_told_by_itself() -> None:
    assert told(HEAD + CODE, HEAD.replace("v1", "v2") + CODE) == []


def test_a_package_that_moves_beside_an_option_that_holds_code_in_place_is_not_told_twice() -> None:
    kept = 'option java_package = "shop.v1"; '
    assert told(HEAD + CODE, HEAD.replace("v1", "v2") + kept + CODE) == []


def test_a_message_called_as_the_file_pushes_the_outer_class_aside() -> None:
    assert told(HEAD + CODE, HEAD + CODE + " message Shop {}") == [
        "`java_outer_classname` is `ShopOuterClass` by default now, it was `Shop` by default"
    ]


def test_a_file_without_declarations_has_no_code_to_move() -> None:
    assert told(HEAD, HEAD + 'option go_package = "a.b/c"; option java_package = "a";') == []


def test_a_first_go_package_moves_nothing() -> None:
    with_package = HEAD + 'option go_package = "example.com/shop"; '
    assert told(HEAD + CODE, with_package + CODE) == []
    assert told(with_package + CODE, HEAD + CODE) == [
        "`go_package` is not set now, it was `example.com/shop;shop`"
    ]


FEATURES = 'edition = "2024"; package shop; import option "google/protobuf/go_features.proto"; import option "google/protobuf/java_features.proto"; '  # noqa: E501


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "option features.(pb.go).api_level = API_OPAQUE;", []),
        ("", "option features.(pb.go).api_level = API_HYBRID;", []),
        ("option features.(pb.go).api_level = API_HYBRID;", "", ["API_OPAQUE"]),
        ("", "option features.(pb.go).strip_enum_prefix = STRIP_ENUM_PREFIX_KEEP;", []),
        ("", "option features.(pb.go).strip_enum_prefix = STRIP_ENUM_PREFIX_GENERATE_BOTH;", []),
        ("", "option features.(pb.java).utf8_validation = VERIFY;", []),
    ],
)
def test_a_feature_is_held_against_the_default_of_its_edition(
    old: str, new: str, expected: list[str]
) -> None:
    found = told(f"{FEATURES}{old} message Order {{}}", f"{FEATURES}{new} message Order {{}}")
    assert [new_value(one) for one in found] == expected


def new_value(message: str) -> str:
    return message.split(" is `")[1].split("`")[0]


def test_a_feature_that_a_message_says_after_its_file_is_not_told_twice() -> None:
    level = "option features.(pb.go).api_level = API_OPEN;"
    in_file = f"{FEATURES}{level} message Order {{}}"
    in_message = f"{FEATURES}{level} message Order {{ {level} }}"
    assert told(in_file, in_message) == []
    assert len(told(f"{FEATURES}message Order {{}}", in_message)) == 2
