"""Graphs and plans as pictures: golden files, and that no name gets out of its label."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

import answers
from compatcheck.config.model import Deployed
from compatcheck.report.dot import render_dot
from compatcheck.report.drawing import Drawing, of_graph, of_plan
from compatcheck.report.mermaid import render_mermaid
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.pairs import Verdict
from compatcheck.usecases.rollouts import GraphAnswer, Link, Node

Golden = Callable[[str, str], None]
DRAWINGS = {
    "graph": of_graph(answers.GRAPH),
    "plan": of_plan(answers.PLAN),
    "plan-blocked": of_plan(answers.BLOCKED),
}
# Graphviz 12 (compiled to WebAssembly) and Mermaid 11 took all of these, and showed them as they are.
HOSTILE = [
    *(
        'a"b',
        "a\nb",
        'x]; y["',
        '"]-->n1',
        "--> n0",
        "<script>alert(1)</script>",
        "</svg>",
        "end",
        "subgraph",
    ),
    *(
        "%%{init: {}}%%",
        'style:x"',
        "\\",
        'a\\"',
        "a\\nb",
        "&lt;b&gt;",
        "#quot;",
        "`x`",
        "1. x",
        "- x",
        "*x*",
    ),
    *("_x_", ";", "|", "\x1b[31m", "fa:fa-car", "\u202ex", "\udcff", "漢", "##[error]x"),
]
_LABEL = r'"(?:[^"\\]|\\.)*"'
_DOT = re.compile(
    "|".join(
        (
            r"digraph compatcheck \{|  rankdir=LR; compound=true;|  (node|edge) \[[^\[\]]*\];|  \}|\}",
            rf" *n\d+ \[label={_LABEL}\];",
            r"  subgraph cluster_f\d+ \{",
            rf"    label={_LABEL};",
            rf"  n\d+ -> n\d+ \[label={_LABEL}, color=\w+, fontcolor=\w+(, style=dashed)?\];",
        )
    )
)
_TEXT = r"(?:[\w ./,()-]|#\d+;|<br/>)*"
_MERMAID = re.compile(
    "|".join(
        (
            r"flowchart LR|  end",
            rf' *n\d+\["{_TEXT}"\]',
            rf'  subgraph f\d+\["{_TEXT}"\]',
            rf'  n\d+ -\.?->\|"{_TEXT}"\| n\d+',
            r"  linkStyle [\d,]+ stroke:\w+,color:\w+",
        )
    )
)


@pytest.fixture
def hostile() -> Drawing:
    nodes = tuple(Node(name, "", "", (Deployed(name),), (), group=name) for name in HOSTILE)
    links = tuple(
        Link(Edge(name, other, channel), (Call(f"s.{name}"),), Verdict.UNKNOWN, ())
        for name, other in zip(HOSTILE, HOSTILE[1:] + HOSTILE[:1], strict=True)
        for channel in ("", name)
    )
    return of_graph(GraphAnswer("", nodes, links, ()))


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_in_dot_is_that_of_the_golden_file(name: str, golden: Golden) -> None:
    golden(f"{name}.dot", render_dot(DRAWINGS[name]))


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_in_mermaid_is_that_of_the_golden_file(name: str, golden: Golden) -> None:
    golden(f"{name}.mmd", render_mermaid(DRAWINGS[name]))


def test_no_name_gets_out_of_its_label_in_dot(hostile: Drawing) -> None:
    lines = render_dot(hostile).splitlines()
    assert [line for line in lines if not _DOT.fullmatch(line)] == []
    boxes = [line for line in lines if line.startswith("    n")]
    assert len(boxes) == len(HOSTILE)
    labels = [line.partition("label=")[2].removesuffix("];") for line in boxes]
    shown = [re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), one[1:-1]) for one in labels]
    assert html.unescape(shown[HOSTILE.index('a\\"')]) == 'a\\"\na\\"'
    assert html.unescape(shown[HOSTILE.index("a\\nb")]) == "a\\nb\na\\nb"
    assert html.unescape(shown[HOSTILE.index("&lt;b&gt;")]) == "&lt;b&gt;\n&lt;b&gt;"
    assert "##[" not in render_dot(hostile) and html.unescape(shown[-1]) == "#♯[error]x\n#♯[error]x"


def test_no_name_gets_out_of_its_label_in_mermaid(hostile: Drawing) -> None:
    lines = render_mermaid(hostile).splitlines()
    assert [line for line in lines if not _MERMAID.fullmatch(line)] == []
    boxes = [line for line in lines if line.startswith("    n")]
    assert len(boxes) == len(HOSTILE)
    shown = [re.sub(r"#(\d+);", lambda found: chr(int(found[1])), line) for line in boxes]
    assert shown[HOSTILE.index('x]; y["')].endswith('["x]; y["<br/>x]; y[""]')
    assert '["-' not in boxes[HOSTILE.index("- x")] and "1. " not in boxes[HOSTILE.index("1. x")]


def test_an_arrow_says_its_verdict_in_words_not_only_in_colour() -> None:
    for text in (render_dot(DRAWINGS["graph"]), render_mermaid(DRAWINGS["graph"])):
        assert text.count("mismatch") == 1 and text.count("unknown") == 1


def test_an_edge_to_a_service_that_is_not_shown_is_left_out() -> None:
    without_cart = replace(
        answers.GRAPH, nodes=tuple(one for one in answers.GRAPH.nodes if one.name != "cart")
    )
    assert len(of_graph(without_cart).arrows) == 2


def test_waves_follow_each_other_and_what_blocks_is_an_arrow_between_moves() -> None:
    assert "w1n0 -> w2n0 [ltail=cluster_w1, lhead=cluster_w2];" in render_dot(DRAWINGS["plan"])
    assert "w1 --> w2" in render_mermaid(DRAWINGS["plan"])
    assert 'c1n1 -->|"mismatch<br/>2.0 with 1.1<br/>1.0 with 2.0"| c1n0' in render_mermaid(
        DRAWINGS["plan-blocked"]
    )


def test_more_arrows_than_mermaid_draws_are_told() -> None:
    links = (replace(answers.GRAPH.links[0], calls=()),) * 501
    lines = render_mermaid(of_graph(replace(answers.GRAPH, links=links))).splitlines()
    assert lines[1] == "  %% 501 arrows: set maxEdges, or ask for fewer services"
