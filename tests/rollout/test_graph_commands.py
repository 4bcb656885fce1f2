"""`graph`, `plan` and `who-uses` on the demo's shop: exit codes, text, and JSON by its published schema."""

from __future__ import annotations

from commands import Run, valid
from shops import Shop


def test_the_graph_as_text_names_services_and_who_calls_whom(run: Run, demo_shop: Shop) -> None:
    done = run(demo_shop, "graph", "--env", "production")
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0] == "production: 6 services, 7 edges: 7 safe"
    assert "  checkout -> payment  safe" in lines
    mixed = run(demo_shop, "graph", "checkout", "--live", "checkout=1.1,payment=1.0")
    assert mixed.returncode == 1
    assert "     mismatch checkout 1.1 with payment 1.0" in mixed.stdout.splitlines()


def test_the_graph_as_json_and_around_one_service(run: Run, demo_shop: Shop) -> None:
    done = run(demo_shop, "graph", "payment", "--env", "production", "--format", "json")
    document = valid(done.stdout, "graph.schema.json")
    services, edges = document["services"], document["edges"]
    assert isinstance(services, list) and isinstance(edges, list)
    assert [one["name"] for one in services] == ["checkout", "payment"]
    assert [(one["client"], one["provider"], one["methods"]) for one in edges] == [
        ("checkout", "payment", ["shop.v1.Payment"])
    ]
    wider = run(demo_shop, "graph", "payment", "--env", "production", "--depth", "2", "--format", "json")
    found = valid(wider.stdout, "graph.schema.json")["services"]
    assert isinstance(found, list)
    assert [one["name"] for one in found] == ["cart", "checkout", "payment", "shipping", "storefront"]


def test_a_graph_and_a_plan_can_be_drawn(run: Run, demo_shop: Shop) -> None:
    plan = ("plan", "checkout@1.1", "payment@1.1", "--env", "production")
    for arguments in (("graph",), plan):
        dot = run(demo_shop, *arguments, "--format", "dot").stdout
        assert dot.startswith("digraph compatcheck {\n") and dot.endswith("}\n")
        assert run(demo_shop, *arguments, "--format", "mermaid").stdout.startswith("flowchart LR\n")


def test_a_plan_is_an_order_in_waves(run: Run, demo_shop: Shop) -> None:
    arguments = ("plan", "checkout@1.1", "payment@1.1", "--env", "production")
    done = run(demo_shop, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "a safe order in 2 waves: checkout 1.1 and payment 1.1 to production (rolling)"
    assert lines[2:4] == ["  1  payment   1.0 -> 1.1", "  2  checkout  1.0 -> 1.1"]
    document = valid(run(demo_shop, *arguments, "--format", "json").stdout, "plan.schema.json")
    assert document["waves"] == [
        [{"service": "payment", "from": ["1.0"], "to": "1.1"}],
        [{"service": "checkout", "from": ["1.0"], "to": "1.1"}],
    ]


def test_a_plan_without_an_order_says_who_blocks_whom_and_what_helps(run: Run, demo_shop: Shop) -> None:
    arguments = ("plan", "checkout@2.0", "shipping@2.0", "payment@1.1", "--env", "production")
    done = run(demo_shop, *arguments)
    assert done.returncode == 1
    assert done.stdout.startswith("no order is safe: checkout 2.0, shipping 2.0 and payment 1.1")
    document = valid(run(demo_shop, *arguments, "--format", "json").stdout, "plan.schema.json")
    conflicts = document["conflicts"]
    assert isinstance(conflicts, list)
    assert [sorted(one["services"]) for one in conflicts] == [["checkout", "shipping"]]
    assert {one["effect"] for one in conflicts[0]["reasons"]} == {"dropped"}
    assert "switch-together" in {one["kind"] for one in conflicts[0]["ways_out"]}


def test_who_uses_a_method_is_a_question_that_ends_in_0(run: Run, demo_shop: Shop) -> None:
    arguments = ("who-uses", "shop.v1.Payment.Charge", "--env", "production")
    done = run(demo_shop, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("method shop.v1.Payment.Charge: used by ")
    document = valid(run(demo_shop, *arguments, "--format", "json").stdout, "who_uses.schema.json")
    users = document["users"]
    assert isinstance(users, list)
    assert ("checkout", "1.0", "client") in {
        (one["service"], one["service_version"], one["role"]) for one in users
    }


def test_who_uses_ends_in_3_if_a_version_cannot_be_read(run: Run, demo_shop: Shop) -> None:
    done = run(demo_shop, "who-uses", "shop.v1.Checkout.PlaceOrder")
    assert done.returncode == 3
    assert "unknown: storefront 1.1: " in done.stdout
