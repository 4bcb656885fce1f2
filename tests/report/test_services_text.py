"""The answers about services as people see them: golden files, what is left out, and that names steer nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

import answers
from answers import pair
from compatcheck.config.model import Deployed
from compatcheck.discover.uses import Provided
from compatcheck.report.deploy import render_deploy
from compatcheck.report.graph import render_graph
from compatcheck.report.pairs import render_pairs
from compatcheck.report.plan import render_plan
from compatcheck.report.terminal import columns
from compatcheck.report.who_uses import render_users
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.pairs import Judgement, Missing, Verdict
from compatcheck.rollout.plan import Move
from compatcheck.usecases.environments import COMMAND_LINE
from compatcheck.usecases.rollouts import (
    Deployment,
    Gap,
    GraphAnswer,
    Link,
    Matrix,
    Node,
    Pairs,
    PlanAnswer,
    Rollback,
    User,
    Users,
)

Golden = Callable[[str, str], None]
RENDERED = {
    "graph": lambda color, width: render_graph(answers.GRAPH, color=color, width=width),
    "graph-evidence": lambda color, width: render_graph(
        answers.GRAPH, color=color, width=width, evidence=True
    ),
    "pairs": lambda color, width: render_pairs(answers.PAIRS, color=color, width=width),
    "deploy": lambda color, width: render_deploy(answers.DEPLOYMENT, color=color, width=width),
    "deploy-closed": lambda color, width: render_deploy(answers.CLOSED, color=color, width=width),
    "plan": lambda color, width: render_plan(answers.PLAN, color=color, width=width),
    "plan-blocked": lambda color, width: render_plan(answers.BLOCKED, color=color, width=width),
    "who-uses": lambda color, width: render_users(answers.USERS, color=color, width=width),
}
HOSTILE = "::error::##[error]x\x1b[31m\u202e\nb"


@pytest.mark.parametrize("name", RENDERED)
def test_an_answer_reads_as_in_the_golden_file(name: str, golden: Golden) -> None:
    golden(f"{name}.txt", RENDERED[name](False, 100))


@pytest.mark.parametrize("name", RENDERED)
def test_an_answer_fits_into_80_columns(name: str) -> None:
    assert max(map(columns, RENDERED[name](False, 80).splitlines())) <= 80


@pytest.mark.parametrize("name", RENDERED)
def test_colour_changes_no_letter_of_an_answer(name: str) -> None:
    coloured = RENDERED[name](True, 100)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == RENDERED[name](False, 100)


def test_nothing_is_said_to_be_safe_where_nothing_was_judged() -> None:
    nothing = (Gap("", "no service was found"),)
    first_lines = [
        text.splitlines()[0]
        for text in (
            render_graph(GraphAnswer("", (), (), nothing)),
            render_pairs(Pairs((), nothing)),
            render_deploy(
                replace(answers.DEPLOYMENT, pairs=(), gaps=nothing, rollback=Rollback(Verdict.UNKNOWN, ()))
            ),
            render_plan(replace(answers.PLAN, waves=(), gaps=nothing)),
            render_users(Users("s.M", "message", "", (), nothing)),
        )
    ]
    assert first_lines == [
        "no services: not known",
        "no pair of versions to judge: not known",
        "Can checkout 2.0 be deployed to production? not known, and so not safe",
        "not known, and so not safe: payment 1.1, ads 1.0 and checkout 2.0 to production (rolling)",
        "message s.M: no version is known to use it",
    ]


def test_a_break_on_a_doubtful_call_is_only_said_to_be_possible() -> None:
    lines = render_pairs(Pairs(answers.PAIRS.matrices[1:2], ())).splitlines()
    said = [line.strip() for line in lines]
    assert any(line.startswith("not known: which methods of shop.v1.Payment") for line in said)
    assert any(line.startswith("possibly shop.v1.Payment.Refund: the call fails") for line in said)
    assert not any(line.startswith("shop.v1.Payment.Refund") for line in said)


def test_a_doubt_on_a_safe_pair_is_told() -> None:
    doubtful = Matrix(
        answers.TO_PAYMENT, ("2.0",), ("1.0",), ((answers.SAFE,),), {"2.0": (answers.ANY_PAYMENT,)}, None
    )
    assert "  doubt which methods of shop.v1.Payment" in render_pairs(Pairs((doubtful,), ()))


def test_a_long_history_shares_lines_of_the_grid() -> None:
    versions = tuple(f"1.{number}" for number in range(40))
    cells = tuple(
        tuple(answers.NEVER_SEEN if row >= 30 > column else answers.SAFE for column in range(40))
        for row in range(40)
    )
    matrix = Matrix(answers.TO_CART, versions, versions, cells, dict.fromkeys(versions, (answers.ADD,)), None)
    lines = render_pairs(Pairs((matrix,), ()), width=80).splitlines()
    assert lines[3:6] == [
        "                          1.0 .. 1.29  1.30 .. 1.39",
        "  checkout 1.0 .. 1.29             ok            ok",
        "  checkout 1.30 .. 1.39            x1            ok",
    ]
    assert lines[6] == "  x1 checkout 1.30 .. 1.39 with cart 1.0 .. 1.29"


def test_of_many_edges_those_that_are_not_safe_are_shown_and_the_rest_is_counted() -> None:
    def matrix(number: int) -> Matrix:
        bad = number >= 95
        edge = Edge(f"client{number}", "cart")
        cell = answers.NEVER_SEEN if bad else answers.SAFE
        return Matrix(edge, ("1",), ("1",), ((cell,),), {"1": (answers.ADD,)}, None)

    text = render_pairs(Pairs(tuple(map(matrix, range(100))), ()))
    assert text.startswith("100 pairs of versions: 95 safe, 5 mismatch\n")
    assert all(f"client{number} -> cart" in text for number in range(95, 100))
    assert "60 more edges (0 not safe) not shown" in text


def test_a_large_graph_says_what_it_leaves_out() -> None:
    served = (Provided("s.S"),)
    nodes = tuple(Node(f"s{number}", "", "", (Deployed("1"),), served) for number in range(300))
    links = tuple(
        Link(Edge("s0", f"s{number}"), (Call("s.S"),), verdict, ())
        for number, verdict in enumerate([*[Verdict.SAFE] * 290, Verdict.MISMATCH])
    )
    text = render_graph(GraphAnswer("", nodes, links, ()))
    assert text.startswith("300 services, 291 edges: 290 safe, 1 mismatch\n")
    assert "s0 -> s290  mismatch" in text
    assert "100 more services" in text and "191 more edges" in text


def test_what_only_the_command_line_says_is_live_has_no_name() -> None:
    firsts = [
        render_deploy(replace(answers.DEPLOYMENT, environment=COMMAND_LINE)),
        render_plan(replace(answers.PLAN, environment=COMMAND_LINE)),
        render_graph(replace(answers.GRAPH, environment=COMMAND_LINE)),
        render_users(replace(answers.USERS, environment=COMMAND_LINE)),
    ]
    assert [text.splitlines()[0] for text in firsts] == [
        "Can checkout 2.0 be deployed? no, there is a mismatch",
        "a safe order in 2 waves: payment 1.1, ads 1.0 and checkout 2.0 (rolling)",
        "5 services, 3 edges: 1 safe, 1 mismatch, 1 unknown",
        "field shop.v1.Item.price: used by 4 versions of 3 services (1 perhaps)",
    ]


def test_services_that_take_no_part_in_the_graph_are_only_named() -> None:
    idle = tuple(Node(name, f"src/{name}", "", (Deployed("1"),), ()) for name in ("docs", "proxy"))
    lines = render_graph(replace(answers.GRAPH, nodes=(*answers.GRAPH.nodes[:3], *idle))).splitlines()
    assert "  nothing served, no edge: docs, proxy" in lines
    assert not any("src/docs" in line for line in lines)


def test_a_rollback_that_is_open_or_not_known_says_so() -> None:
    def way_back(rollback: Rollback, deployment: Deployment = answers.CLOSED) -> str:
        return render_deploy(replace(deployment, rollback=rollback)).partition("the way back: ")[2]

    assert way_back(Rollback(Verdict.SAFE, ())) == "open; no known version of a neighbour closes it\n"
    assert way_back(Rollback(Verdict.UNKNOWN, (), ("why",))) == "not known\n  why\n"
    first = replace(answers.CLOSED, live=())
    assert way_back(Rollback(Verdict.SAFE, ()), first) == "there is no version to go back to\n"
    two = Rollback(Verdict.SAFE, (*answers.DEPLOYMENT.rollback.closed_by,) * 2)
    assert way_back(two).startswith("open until one of these is deployed: cart 1.3 and cart 1.3\n")


def test_a_name_cannot_steer_a_terminal_or_a_ci_system() -> None:
    edge = Edge(HOSTILE, HOSTILE + "2", HOSTILE)
    judged = Judgement(Verdict.UNKNOWN, missing=(Missing("client", HOSTILE, HOSTILE),))
    call = Call(HOSTILE, HOSTILE, answers.ADD.evidence)
    bad = pair(edge, HOSTILE, HOSTILE, judged, call)
    gaps = (Gap(HOSTILE, HOSTILE),)
    move = Move(HOSTILE, (HOSTILE,), HOSTILE)
    deployed = (Deployed(HOSTILE),)
    matrix = Matrix(edge, (HOSTILE,), (HOSTILE,), ((judged,),), {HOSTILE: (call,)}, None)
    texts = [
        render_graph(
            GraphAnswer(
                HOSTILE,
                (Node(HOSTILE, HOSTILE, HOSTILE, deployed, (), group=HOSTILE),),
                (Link(edge, (call,), Verdict.UNKNOWN, (bad,)),),
                gaps,
                (HOSTILE,),
            )
        ),
        render_pairs(Pairs((matrix,), gaps, (HOSTILE,))),
        render_deploy(
            replace(
                answers.DEPLOYMENT,
                service=HOSTILE,
                version=HOSTILE,
                environment=HOSTILE,
                live=deployed,
                pairs=(bad,),
                existing=(bad,),
                gaps=gaps,
                notices=(HOSTILE,),
            )
        ),
        render_plan(
            PlanAnswer(
                HOSTILE,
                answers.PLAN.strategy,
                (move,),
                ((move,),),
                (replace(answers.BLOCKED.conflicts[0], services=(HOSTILE,), pairs=(bad,)),),
                (bad,),
                (replace(answers.PLAN.no_return[0], service=HOSTILE, pairs=(bad,)),),
                (replace(answers.ADVISORY, client=HOSTILE, message=HOSTILE),),
                gaps,
                (HOSTILE,),
            )
        ),
        render_users(
            Users(
                HOSTILE,
                "field",
                HOSTILE,
                (User(HOSTILE, HOSTILE, "client", (HOSTILE,), (HOSTILE,), doubt=HOSTILE),),
                gaps,
                (HOSTILE,),
            )
        ),
    ]
    for text, sign in product(texts, ("\x1b", "\u202e")):
        assert "error" in text and sign not in text
    for text in texts:
        assert "##[" not in text
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
