"""Changes that public histories hold and that were once judged wrongly, cut down to what matters."""

from __future__ import annotations

import pytest

from checking import checked
from compatcheck.reads.effects import Direction, Effect, Surface
from compatcheck.rules.finding import Finding, Severity


def message(fields: str) -> str:
    return f'syntax = "proto3";\npackage shop.v1;\nmessage Address {{ {fields} }}\n'


def found(old: str, new: str) -> dict[str, Finding]:
    """The findings by the short name of their element."""
    return {one.element.rpartition(".")[2]: one for one in checked(message(old), message(new)).findings}


def on_wire(finding: Finding, direction: Direction) -> list[Effect]:
    return [
        one.effect
        for one in finding.effects
        if one.surface is Surface.WIRE and one.direction is direction and not one.condition
    ]


def test_what_was_written_under_a_number_that_moved_is_misread_by_its_new_owner() -> None:
    """microservices-demo: `street_address_2` gives its number to `city`, whose own goes to a new field."""
    findings = found("string line = 2; string city = 3;", "string city = 2; string state = 3;")
    assert set(findings) == {"line", "city", "state"}
    assert on_wire(findings["line"], Direction.BACKWARD) == [Effect.MISREAD]
    assert on_wire(findings["state"], Direction.FORWARD) == [Effect.MISREAD]
    assert findings["line"].message.endswith("is removed; `city` has the number now")
    assert findings["state"].message.endswith("is added; the number was that of `city`")
    assert findings["state"].severity is Severity.ERROR


def test_what_the_new_owner_of_a_number_cannot_parse_is_dropped() -> None:
    findings = found("string line = 2; int32 city = 3;", "int32 city = 2; string state = 3;")
    assert on_wire(findings["line"], Direction.BACKWARD) == [Effect.DROPPED]
    assert on_wire(findings["state"], Direction.FORWARD) == [Effect.DROPPED]


@pytest.mark.parametrize(
    ("reserved", "told"),
    [
        ("reserved 2;", "is removed, its number is reserved, its name is not"),
        ('reserved "city";', "is removed and not reserved"),
        ("", "is removed and not reserved"),
    ],
)
def test_a_message_says_what_is_left_to_reserve(reserved: str, told: str) -> None:
    """opentelemetry-proto reserves the numbers of its deleted fields, and never their names."""
    findings = found("string line = 1; string city = 2;", f"string line = 1; {reserved}")
    assert findings["city"].message.endswith(told)


def test_a_value_of_an_enum_says_so_as_well() -> None:
    head = 'syntax = "proto3";\nenum State {\n  NEW = 0;\n'
    (finding,) = checked(f"{head}  PAID = 1;\n}}\n", f"{head}  reserved 1;\n}}\n").findings
    assert finding.message == "value `PAID` = 1 is removed, its number is reserved, its name is not"


def test_a_custom_option_is_never_sent() -> None:
    """temporalio/api deletes its copy of gogo.proto: 80 extensions of the options of descriptors."""
    head = 'syntax = "proto2";\nimport "google/protobuf/descriptor.proto";\n'
    option = "extend google.protobuf.MessageOptions { optional bool stringer = 64025; }\n"
    (removed,) = checked(head + option, head).findings
    assert (removed.rule, removed.severity) == ("field-removed", Severity.WARNING)
    assert {one.surface for one in removed.effects} == {Surface.GENERATED}
    (added,) = checked(head, head + option).findings
    assert (added.severity, added.effects) == (Severity.NOTE, ())


SERVICE = """syntax = "proto3";
package shop.v1;
service Carts { rpc Get(Cart) returns (Cart); }
message Cart { string id = 1; }
"""


def test_a_copy_more_or_less_is_no_change() -> None:
    """opentelemetry-demo: each service had its copy of the interface, made and deleted as its build changed."""
    one, two = {"pb/shop.proto": SERVICE}, {"pb/shop.proto": SERVICE, "cart/proto/shop.proto": SERVICE}
    for old, new in ((two, one), (one, two)):
        check = checked(old, new)
        assert (check.findings, check.orders, check.changed_files) == ((), (), 1)


def test_the_last_copy_is_no_copy() -> None:
    other = 'syntax = "proto3";\nmessage Other {}\n'
    check = checked({"a/shop.proto": SERVICE, "other.proto": other}, {"other.proto": other})
    assert {one.rule for one in check.findings} == {"service-removed", "message-removed"}


def test_a_copy_that_differs_is_told() -> None:
    drifted = SERVICE.replace("id = 1", "id = 2")
    check = checked({"a/shop.proto": SERVICE, "b/shop.proto": drifted}, {"b/shop.proto": drifted})
    assert "service-removed" in {one.rule for one in check.findings}


SPANS = """syntax = "proto3";
package trace.v1;
message Resource { %s }
"""


def test_a_field_of_a_renamed_type_is_not_blamed_for_what_changed_inside_a_shared_one() -> None:
    """opentelemetry-proto: `LibrarySpans` became `ScopeSpans`, and `Span` lost a field in the same release."""
    old = (
        SPANS % "repeated LibrarySpans library_spans = 1;"
        + "message LibrarySpans { repeated Span spans = 1; }"
    )
    new = SPANS % "repeated ScopeSpans scope_spans = 1;" + (
        "message ScopeSpans { repeated Span spans = 1; string schema_url = 2; }"
    )
    span = "message Span { string name = 1; %s }"
    findings = checked(old + span % "int32 code = 2;", new + span % "").findings
    reused = next(one for one in findings if one.rule == "field-number-reused")
    assert reused.severity is Severity.WARNING
    assert {one.path for one in reused.effects} == {(), ("schema_url",)}
    assert [one.element for one in findings if one.severity is Severity.ERROR] == ["trace.v1.Span.code"]


def test_a_method_is_not_blamed_for_what_changed_inside_a_shared_type() -> None:
    head = 'syntax = "proto3";\nservice Carts {\n  rpc Get(%s) returns (Cart);\n}\nmessage Cart {}\n'
    item = "message Item { string id = 1; %s }"
    old = head % "GetCart" + "message GetCart { Item item = 1; }" + item % "int32 count = 2;"
    new = head % "GetRequest" + "message GetRequest { Item item = 1; bool all = 2; }" + item % ""
    told = {one.rule: one.severity for one in checked(old, new).findings}
    assert told["method-request-type-changed"] is Severity.WARNING
    assert told["field-removed"] is Severity.ERROR


def test_a_message_names_all_that_changed_about_a_field() -> None:
    findings = found("uint64 line = 2;", "int32 line = 1;")
    told = "field `line` had number 2, it has 1 now, and type `int32` instead of `uint64`"
    assert findings["line"].message == told
    into = checked(
        message("string line = 1; string city = 2;"), message("oneof o { string a = 1; string b = 2; }")
    )
    assert {one.message for one in into.findings if one.rule == "field-oneof-changed"} == {
        "field `a` (number 1), `line` before, moves into oneof `o`",
        "field `b` (number 2), `city` before, moves into oneof `o`",
    }


def test_nobody_breaks_on_a_method_that_one_side_lacks_but_by_its_absence() -> None:
    """microservices-demo: `CreateOrder` is removed, and a message that it took changes as well."""
    service = (
        'syntax = "proto3";\n'
        "service Orders {{ rpc Place(Order) returns (Order); {} }}\n"
        "message Order {{ {} }}\n"
    )
    old = service.format("rpc Create(Order) returns (Order);", "int32 id = 1;")
    findings = {one.rule: one for one in checked(old, service.format("", "string id = 1;")).findings}
    broken = {one.method for one in findings["field-type-changed"].methods if one.breaks}
    assert broken == {"Orders.Place"}
    assert {one.method for one in findings["field-type-changed"].methods} == {"Orders.Place", "Orders.Create"}
    assert findings["method-removed"].breaks
