"""What a change of REST annotations is told as, where that depends on more than the annotation."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from checking import FIXTURES, checked, compared, examples, sides
from compatcheck.config import Config
from compatcheck.diff.changes import Change
from compatcheck.reads.effects import Direction, Surface

HEAD = """syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "google/longrunning/operations.proto";
"""
REQUIRED, OUTPUT_ONLY = (f"[(google.api.field_behavior) = {name}]" for name in ("REQUIRED", "OUTPUT_ONLY"))


def told(old: str, new: str, config: Config | None = None) -> list[str]:
    findings = checked(HEAD + old, HEAD + new, config).findings
    return [f"{one.severity.label} {one.rule} {one.element.removeprefix('shop.v1.')}" for one in findings]


def cart(behavior: str = "", held: str = "", method: str = 'post: "/v1/carts" body: "*"') -> str:
    rule = f"{{ option (google.api.http) = {{ {method} }}; }}" if method else ";"
    return f"""
message Cart {{ string owner = 1 {behavior}; }}
message PutRequest {{ string id = 1; Cart cart = 2 {held}; }}
message PutResponse {{ Cart cart = 1; }}
service Carts {{ rpc Put(PutRequest) returns (PutResponse) {rule} }}
"""


def test_what_becomes_required_is_an_error_and_what_no_longer_is_a_warning() -> None:
    assert told(cart(), cart(REQUIRED)) == ["error field-behavior-became-required Cart.owner"]
    assert told(cart(REQUIRED), cart()) == ["warning field-behavior-changed Cart.owner"]


def test_what_servers_ignore_they_do_not_demand() -> None:
    assert told(cart("", OUTPUT_ONLY), cart(REQUIRED, OUTPUT_ONLY)) == []


def test_what_was_output_only_and_becomes_required_is_told_once() -> None:
    assert told(cart(OUTPUT_ONLY), cart(REQUIRED)) == ["error field-behavior-became-required Cart.owner"]


def test_a_server_that_ignores_a_field_is_a_note_since_it_may_always_have_done_so() -> None:
    assert told(cart(), cart(OUTPUT_ONLY)) == ["note field-behavior-changed Cart.owner"]


def test_clients_that_could_not_send_a_message_are_not_asked_for_its_fields() -> None:
    before = "message Cart { string owner = 1; }"
    after = cart().replace("string owner = 1 ;", f"string owner = 1; string shop = 2 {REQUIRED};")
    assert told(before, after) == ["note field-added Cart.shop", "note service-added Carts"]


def test_a_message_without_methods_may_be_anybodys_request() -> None:
    before, after = (f"message Cart {{ string owner = 1 {behavior}; }}" for behavior in ("", REQUIRED))
    assert told(before, after) == ["error field-behavior-became-required Cart.owner"]


def test_an_annotation_that_comes_or_goes_as_a_whole() -> None:
    assert told(cart(method=""), cart()) == ["note http-route-added Carts.Put"]
    assert told(cart(), cart(method="")) == ["error http-route-removed Carts.Put"]


def test_a_method_that_takes_over_the_route_of_another_one_is_a_note() -> None:
    before = cart()
    after = before.replace("rpc Put(PutRequest)", "rpc Pull(Other)") + "message Other { int32 id = 1; }"
    assert told(before, after) == ["error method-removed Carts.Put", "note method-added Carts.Pull"]
    removed, added = checked(HEAD + before, HEAD + after).findings
    on_http = [
        [one.direction for one in two.effects if one.surface is Surface.HTTP] for two in (removed, added)
    ]
    assert [set(one) for one in on_http] == [{Direction.BACKWARD}, {Direction.FORWARD}]


def test_a_service_that_goes_takes_the_routes_with_it_that_no_other_one_serves() -> None:
    get = 'rpc Get(PutRequest) returns (PutResponse) { option (google.api.http) = { get: "/v1/shops" }; }'
    both = cart().replace("service Carts {", f"service Shops {{ {get}")
    gone, come = checked(HEAD + both, HEAD + cart()).findings
    assert (gone.rule, come.rule) == ("service-removed", "service-added")
    conditions = [one.condition for one in gone.effects if one.surface is Surface.HTTP]
    assert conditions == ["only for routes that no other method serves"]
    assert not any(one.surface is Surface.HTTP for one in come.effects)


def test_the_wire_preset_does_not_look_at_rest() -> None:
    assert told(cart(), cart(REQUIRED, method=""), Config(preset="wire")) == []


def test_a_field_in_the_path_keeps_its_route_when_it_is_renamed() -> None:
    get = 'get: "/v1/carts/{id}"'
    before = cart(method=get)
    after = before.replace("string id = 1", "string key = 1").replace("{id}", "{key}")
    assert told(before, after) == ["error field-renamed PutRequest.key"]


def operation(result: str, more: str = "") -> str:
    info = f"option (google.longrunning.operation_info) = {{ {result} }};" if result else ""
    return f"""
message Merged {{ int32 lines = 1; }} message Done {{ string text = 1; }} message Ask {{}} {more}
service Carts {{ rpc Merge(Ask) returns (google.longrunning.Operation) {{ {info} }} }}
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('response_type: "Merged"', 'response_type: "Done"', "error"),
        ('metadata_type: "Merged"', 'metadata_type: "Done"', "error"),
        ('response_type: "Merged"', "", "warning"),
        ('response_type: "Merjed"', 'response_type: "Merged"', "warning"),
        ("", 'response_type: "Merged"', None),
        ('response_type: "Merged"', 'response_type: "shop.v1.Merged"', None),
    ],
)
def test_the_type_of_an_operation(before: str, after: str, expected: str | None) -> None:
    found = told(operation(before), operation(after))
    assert found == ([] if expected is None else [f"{expected} operation-type-changed Carts.Merge"])


def test_the_type_of_an_operation_that_is_renamed_is_told_there() -> None:
    after = operation('response_type: "Joined"').replace("message Merged", "message Joined")
    found = told(operation('response_type: "Merged"'), after)
    assert [one.split()[1] for one in found] == ["message-renamed"]


VENDORED = {
    "google/api/http.proto": """syntax = "proto3"; package google.api;
message HttpRule { oneof pattern { string get = 2; string post = 4; } string body = 7; }
""",
    "google/api/annotations.proto": """syntax = "proto3"; package google.api;
import "google/api/http.proto"; import "google/protobuf/descriptor.proto";
extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
""",
}


def test_annotations_are_read_by_the_definition_that_the_schema_brings() -> None:
    old = HEAD.partition('import "google/api/field')[0] + cart()
    old_files, new_files = ({**VENDORED, "shop.proto": text} for text in (old, old.replace("/v1/", "/v2/")))
    (finding,) = checked(old_files, new_files).findings
    assert (finding.rule, finding.severity.label) == ("http-route-removed", "error")
    assert finding.message == (
        "REST clients that use `POST /v1/carts` find no route at a new gateway; it serves `POST /v2/carts`"
    )


def on_rest(changes: tuple[Change, ...]) -> Counter[tuple[Direction, str]]:
    effects = [one for change in changes for one in change.effects if one.surface is Surface.HTTP]
    return Counter((one.direction, repr(replace(one, direction=Direction.BACKWARD))) for one in effects)


def with_rest() -> list[Path]:
    folders = [folder for kind in ("rules", "ok") for folder in examples(kind)]
    return [one for one in folders if any("google.api." in text for text in sides(one)[0].values())]


@pytest.mark.parametrize("folder", with_rest(), ids=lambda folder: folder.relative_to(FIXTURES).as_posix())
def test_what_old_clients_meet_is_what_new_ones_meet_the_other_way_round(folder: Path) -> None:
    old, new = sides(folder)
    there, back = (on_rest(compared(*both).changes) for both in ((old, new), (new, old)))
    other = {Direction.BACKWARD: Direction.FORWARD, Direction.FORWARD: Direction.BACKWARD}
    assert there == Counter({(other[direction], told): count for (direction, told), count in back.items()})
