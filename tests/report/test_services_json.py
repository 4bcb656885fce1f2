"""The answers about services as JSON: the published schemas accept them, and what programs read is there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from typing import TypeAlias

import pytest
from jsonschema import Draft202012Validator

import answers
from compatcheck.report.rollout_json import (
    render_deploy_json,
    render_graph_json,
    render_pairs_json,
    render_plan_json,
    render_users_json,
)
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.pairs import Judgement, Verdict
from compatcheck.usecases.rollouts import GraphAnswer, Matrix, Pairs

Document: TypeAlias = "Mapping[str, list[Mapping[str, object]]]"
DOCUMENTS = {
    "graph": (render_graph_json(answers.GRAPH, "1.0"),),
    "pairs": ("".join(render_pairs_json(answers.PAIRS, "1.0")),),
    "deploy": (render_deploy_json(answers.DEPLOYMENT, "1.0"), render_deploy_json(answers.CLOSED, "1.0")),
    "plan": (render_plan_json(answers.PLAN, "1.0"), render_plan_json(answers.BLOCKED, "1.0")),
    "who_uses": (render_users_json(answers.USERS, "1.0"),),
}


def published(name: str) -> Mapping[str, Mapping[str, object]]:
    loaded: Mapping[str, Mapping[str, object]] = json.loads(
        (files("compatcheck.report") / f"{name}.schema.json").read_text(encoding="utf-8")
    )
    return loaded


def load(text: str) -> Document:
    loaded: Document = json.loads(text)
    return loaded


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_published_schema_accepts_every_document(name: str) -> None:
    schema = published(name)
    Draft202012Validator.check_schema(schema)
    for text in DOCUMENTS[name]:
        assert text.isascii() and text.endswith("}\n")
        Draft202012Validator(schema).validate(json.loads(text))


def test_what_two_schemas_define_they_define_alike() -> None:
    seen: dict[str, object] = {}
    for name in DOCUMENTS:
        for key, definition in published(name)["$defs"].items():
            assert seen.setdefault(key, definition) == definition, key


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_holds_every_key_that_its_schema_knows(name: str) -> None:
    # Everything is required, so that a program need not ask whether a key is there.
    schema = published(name)
    for definition in (schema, *schema["$defs"].values()):
        assert isinstance(definition, Mapping)
        if "properties" in definition:
            assert sorted(definition["properties"]) == sorted(definition["required"])
            assert definition["additionalProperties"] is False


def test_a_reason_says_who_writes_who_reads_and_where_it_is_called() -> None:
    (cell,) = (
        one
        for one in load(DOCUMENTS["pairs"][0])["pairs"]
        if (one["provider"], one["client_version"], one["provider_version"]) == ("cart", "2.0", "1.1")
    )
    reasons = cell["reasons"]
    assert isinstance(reasons, list)
    assert [one["kind"] for one in reasons] == ["break", "break", "caution"]
    assert reasons[1] == {
        "kind": "break",
        "method": "shop.v1.Cart.AddItem",
        "side": "response",
        "writer": "cart@1.1",
        "reader": "checkout@2.0",
        "path": ["total"],
        "effect": "misread",
        "surface": "json",
        "condition": "above 2^53",
        "evidence": [
            {"path": "src/checkout/main.go", "line": 210, "text": "resp, err := carts.AddItem(ctx, req)"},
            {"path": "src/checkout/retry.go", "line": 12, "text": "return carts.AddItem(ctx, req)"},
        ],
    }


def test_a_pair_without_calls_says_that_nothing_is_called() -> None:
    first = load(DOCUMENTS["pairs"][0])["pairs"][0]
    assert (first["client_version"], first["verdict"]) == ("0.9", "safe")
    assert first["reasons"] == [{"kind": "not-called", "method": ""}]


def test_a_doubt_is_a_reason_and_names_both_versions() -> None:
    (pair,) = (one for one in load(DOCUMENTS["pairs"][0])["pairs"] if one["provider"] == "payment")
    reasons = pair["reasons"]
    assert isinstance(reasons, list)
    assert pair["verdict"] == "unknown"
    (doubt,) = (one for one in reasons if one["kind"] == "unknown")
    assert (doubt["of"], doubt["with"]) == ("checkout@2.0", "payment@1.0")
    assert doubt["missing"] == answers.ANY_PAYMENT.doubt
    # The evidence of the call of a whole service stands with the methods of that service, too.
    assert all(one["evidence"][0]["path"] == "src/checkout/pay.go" for one in reasons)


def test_the_reasons_of_a_conflict_are_listed_once_with_the_versions_that_meet() -> None:
    conflict, unknown = load(DOCUMENTS["plan"][1])["conflicts"]
    reasons = conflict["reasons"]
    assert isinstance(reasons, list)
    parties = [(one["writer"], one["reader"], one["path"]) for one in reasons]
    assert parties == [
        ("checkout@2.0", "cart@1.1", ["item", "price"]),
        ("cart@1.1", "checkout@2.0", ["total"]),
        ("checkout@1.0", "cart@2.0", ["item", "price"]),
        ("cart@2.0", "checkout@1.0", ["total"]),
    ]
    ways = conflict["ways_out"]
    assert isinstance(ways, list)
    assert [way["kind"] for way in ways] == ["switch-together", "intermediate", "expand-contract"]
    assert ways[1]["waves"][0] == [{"service": "cart", "from": ["1.0", "1.1"], "to": "1.5"}]
    assert (unknown["verdict"], unknown["ways_out"]) == ("unknown", [])


def test_pairs_have_a_line_each_and_are_never_all_at_hand() -> None:
    versions = tuple(map(str, range(60)))
    row = (answers.SAFE,) * len(versions)
    calls = dict.fromkeys(versions, (answers.GET,))
    matrix = Matrix(answers.TO_CART, versions, versions, (row,) * len(versions), calls, None)
    pieces = list(render_pairs_json(Pairs((matrix,), ()), "1.0"))
    assert max(map(len, pieces)) < sum(map(len, pieces)) / 3
    document = load("".join(pieces))
    lines = "".join(pieces).splitlines()
    assert len(document["pairs"]) == 3600 == sum(line.startswith('    {"client": ') for line in lines) - 1
    assert json.loads("".join(pieces))["summary"] == {"safe": 3600, "mismatch": 0, "unknown": 0}


def test_names_that_are_no_unicode_make_no_invalid_document() -> None:
    edge = Edge("a\udcff", "b\U0001f600", "")
    cell = Judgement(Verdict.SAFE, not_called=("\ud800",))
    matrix = Matrix(edge, ("1",), ("\udc80",), ((cell,),), {"1": (Call("s\udcff"),)}, None)
    texts = (
        "".join(render_pairs_json(Pairs((matrix,), ()), "1.0")),
        render_graph_json(replace(answers.GRAPH, environment="\udcff"), "1.0"),
    )
    for text in texts:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    (pair,) = load(texts[0])["pairs"]
    assert (pair["client"], pair["provider"]) == ("a\\xff", "b\U0001f600")


def test_an_empty_answer_is_unknown_in_json() -> None:
    for text in (
        "".join(render_pairs_json(Pairs((), ()), "1.0")),
        render_graph_json(GraphAnswer("", (), (), ()), "1.0"),
    ):
        assert json.loads(text)["verdict"] == "unknown"
