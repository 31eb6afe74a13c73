"""The picture of the flow: every arrow a number that was counted, nothing on top of anything else, words that fit."""

import warnings
from collections import Counter
from pathlib import Path

import pytest
from matplotlib.patches import FancyBboxPatch

from analysis.commands.shared import load
from analysis.pictures import draw, flow, style
from analysis.pictures.flow_graph import ENTRY, OVER, PARTING, PASSING, QUEUE, STARTED, flow_graph, in_parts
from analysis.pictures.flow_places import across, down, main_way
from analysis.runs import replicate
from tests.helpers.shops import at, branch, end, plan_of, shop, start, wait, work

WEEK = 7
SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHOPS = [
    *("growing_store", "solo_founder", "apparel_returns", "gift_shop"),
    *("textbook/one_clerk", "textbook/at_most_two_corrections", "textbook/returns_desk", "textbook/emergencies"),
]


def of_day(tmp_path, scenario, **how):
    return replicate(plan_of(tmp_path, scenario), replications=1, workers=1, **how)


def arrows(result):
    """Every arrow that a case took: (from, to, cases a day, whether new ones are started)."""
    graph = flow_graph(result)
    names = [f"{node.kind} {node.title}" for node in graph.nodes]
    return {(names[a], names[b], round(cases / WEEK, 6), new) for a, b, cases, new in graph.arrows if cases}


def test_a_parting_that_is_reached_from_one_place_is_part_of_its_arrows(tmp_path):
    steps = [
        work("check", "clerk", 1), branch("large", "sign", when={"value_over": 50}),
        work("file", "clerk", 1), end("filed"), work("sign", "clerk", 1), end("signed"),
    ]  # fmt: skip
    streams = {"order": {**at(0, 10, 20), "value": 10}, "big": {**at(30), "value": 90, "route": "order"}}
    result = of_day(
        tmp_path, shop(roles={"clerk": 1}, arrivals=streams, route={"order": [{"department": "desk", "steps": steps}]})
    )
    assert arrows(result) == {
        ("entry order", "queue check", 4, False),
        ("queue check", "queue file", 3, False),
        ("queue check", "queue sign", 1, False),
        ("queue file", "over filed", 3, False),
        ("queue sign", "over signed", 1, False),
    }


def test_where_cases_from_several_places_part_there_is_a_node(tmp_path):
    steps = [
        work("first", "clerk", 1, patience=5, gives_up_to="parts"), work("second", "clerk", 1),
        branch("parts", "aside", chance=0.5), wait("on", 1), end("over"), end("aside"),
    ]  # fmt: skip
    result = of_day(tmp_path, shop(roles={"clerk": 1}, route={"order": [{"department": "desk", "steps": steps}]}))
    graph = flow_graph(result)
    assert Counter(node.kind for node in graph.nodes) == {ENTRY: 1, QUEUE: 2, PARTING: 1, PASSING: 1, OVER: 2}


def test_who_gives_up_who_is_led_back_and_who_starts_another_case_has_an_arrow(tmp_path):
    order = [
        work("chat", "clerk", 30, patience=5, gives_up_to="gone"), start("asks", "mail"),
        branch("again", "chat", at_most=1, chance=1.0), end("told"), end("gone"),
    ]  # fmt: skip
    mail = [work("answer", "clerk", 1), end("answered")]
    result = of_day(
        tmp_path,
        shop(
            roles={"clerk": 1},
            arrivals={"order": at(0, 10)},
            route={"order": [{"department": "a", "steps": order}], "mail": [{"department": "b", "steps": mail}]},
        ),
    )
    assert arrows(result) == {
        ("entry order", "queue chat", 2, False),
        ("queue chat", "queue chat", 1, False),
        ("queue chat", "over told", 1, False),
        ("queue chat", "over gone", 1, False),
        ("queue chat", "entry mail", 1, True),
        ("entry mail", "queue answer", 1, False),
        ("queue answer", "over answered", 1, False),
    }
    parts = in_parts(flow_graph(result))
    assert [node.title for node in parts.nodes if node.kind == STARTED] == ["mail"]
    assert not [a for a in parts.arrows if a.starts and parts.nodes[a.target].kind != STARTED]


@pytest.fixture(scope="module", params=SHOPS)
def result(request):
    plan = load(str(SCENARIOS / f"{request.param}.toml"), {"overrides": (), "allow": ()})
    return replicate(plan, replications=1)


def test_what_comes_to_a_step_goes_on_from_it(result):
    graph = flow_graph(result)
    for number, node in enumerate(graph.nodes):
        come = sum(arrow.a_week for arrow in graph.arrows if arrow.target == number and not arrow.starts)
        gone = sum(arrow.a_week for arrow in graph.arrows if arrow.source == number and not arrow.starts)
        if node.kind != ENTRY:
            assert come == pytest.approx(node.a_week, rel=0.25, abs=2)  # some are under way at either end
        if node.kind != OVER:
            assert gone == pytest.approx(node.a_week, rel=0.25, abs=2)


@pytest.mark.parametrize("lay", [across, down])
def test_nothing_lies_on_anything_else(result, lay):
    graph = flow_graph(result) if lay is across else in_parts(flow_graph(result))
    places = lay(graph)
    for number, place in enumerate(places.nodes):
        assert place.x - place.width / 2 >= 0
        assert place.x + place.width / 2 <= places.width
        assert not [other for other in places.nodes[:number] if place.overlaps(other)]
        lanes = [lane.name for lane in places.lanes if lane.top <= place.y <= lane.bottom]
        assert lanes == [graph.nodes[number].department]
    assert [lane.top for lane in places.lanes[1:]] == [lane.bottom for lane in places.lanes[:-1]]


def test_the_main_way_leads_from_the_beginning_to_an_end(result):
    graph = flow_graph(result)
    main = main_way(graph)
    for route in range(len(result.plan.routes)):
        kinds = [node.kind for node, on in zip(graph.nodes, main, strict=True) if on and node.route == route]
        assert (kinds[0], kinds[-1]) == (ENTRY, OVER)
        assert kinds.count(OVER) == 1


@pytest.mark.parametrize("picture", [flow.flow, flow.flow_tall])
def test_words_fit_what_they_stand_in(result, picture):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with style.drawing("flow"):
        figure = picture(result)
        renderer = FigureCanvasAgg(figure).get_renderer()
        axes = figure.axes[0]
        boxes = [each.get_window_extent(renderer) for each in axes.patches if isinstance(each, FancyBboxPatch)]
        words = [text.get_window_extent(renderer) for text in axes.texts]
    assert len(boxes) >= 3
    for box in boxes:
        inside = [text for text in words if box.contains((text.x0 + text.x1) / 2, (text.y0 + text.y1) / 2)]
        assert len(inside) <= 1
        for text in inside:
            assert box.x0 - 1 <= text.x0 <= text.x1 <= box.x1 + 1
            assert box.y0 - 1 <= text.y0 <= text.y1 <= box.y1 + 1
    assert all(text.x0 >= 0 and text.x1 <= figure.bbox.width for text in words)


def test_a_long_route_of_many_departments_with_chinese_names_is_drawn_whole(tmp_path):
    steps = [
        {"department": f"部门{n % 3}很长的名字", "steps": [work(f"{n} 很长很长的步骤名字写在这里", "clerk", 1)]}
        for n in range(30)
    ]
    steps[-1]["steps"].append(end("完成"))
    result = of_day(tmp_path, shop(roles={"clerk": 1}, route={"order": steps}))
    places = across(flow_graph(result))
    assert len(places.nodes) == 32
    assert not [(a, b) for n, a in enumerate(places.nodes) for b in places.nodes[:n] if a.overlaps(b)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "很长很长" in draw("flow", result, "words").svg
        assert "完成" in draw("flow_tall", result, "words").svg


def test_a_run_to_which_nobody_came_is_drawn_too(tmp_path):
    result = of_day(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 1}, arrivals={"order": {"per_day": 0}}))
    assert "nobody came" in draw("flow", result, "words").svg
    assert "the widest arrow: 0 a week" in draw("flow_tall", result, "words").svg
