"""The report and the pictures: complete, true to the result, self-contained, safe, the same every time."""

import math
import re
import subprocess
import sys
import warnings
from html.parser import HTMLParser

import matplotlib
import pytest

import analysis
from analysis.measures.ledger import CAUSES, TOLD
from analysis.output import report
from analysis.pictures import NAMES, draw, style
from sim.units import DAY, HOUR, WEEK, format_duration
from tests.helpers.shops import at, branch, collect, end, plan_of, shop, start, wait, work

SCRIPT = "<script>alert(1)</script>"
COMMAND = f"python run_sim.py 'a & b.toml' --set \"x={SCRIPT}\""

HOURS = {
    "day": {"Mon-Sun": ["08:00-18:00"]},
    "late": {"Mon-Sun": ["12:00-22:00"]},
    "first day": {"Mon": ["09:00-17:00"]},
}
ORDERS = [
    {"department": "warehouse", "steps": [
        work("pick <b>&", "picker", {"exponential": {"mean": "9 min"}}, title={"en": f"Pick {SCRIPT}", "zh": "拣货"}),
        branch("nothing to pack", "sent", chance=0.2),
        work("pack", ["packer", "picker"], {"exponential": {"mean": "6 min"}}, title={"zh": "打包 $x^2$"}),
        collect("pick-up", every=240),
    ]},
    {"department": "office", "steps": [
        start("asks", "contact", chance=0.5, after=30),
        wait("under way", 600),
        branch("came back", "sent back", chance=0.1),
        end("sent", outcome="over"),
        end("sent back", outcome="over"),
    ]},
]  # fmt: skip
ANSWER = work("answer", "clerk", {"exponential": {"mean": "8 min"}}, patience=20, gives_up_to="lost")
CONTACTS = [{"department": "office", "steps": [ANSWER, end("told"), end("lost")]}]
PROMISES = {
    "soon": {"route": "order", "ends": "pick-up", "within": "30 s", "share": 0.9},
    "at last": {"route": "order", "ends": "under way", "within": "3 days", "share": 0.5},
    "answered at once": {"route": "contact", "begins": "answer", "since": "answer", "within": "5 min", "share": 0.6},
}
ROLES = {
    "picker": {
        "teams": [{"people": 1, "hours": "day"}, {"people": 1, "hours": "late"}],
        "department": "warehouse",
        "pay": {"per_hour": 30, "on_costs": 0.3, "overtime": 1.5},
    },
    "packer": {"people": 1, "hours": "day", "title": {"en": f"Packer {SCRIPT}"}, "department": "warehouse"},
    "clerk": {"people": 1, "hours": "day", "at_shift_end": "pause", "department": "office"},
    "extra": {"people": 0, "hours": "day", "department": "office"},
    "helper": {"people": 1, "hours": "first day", "department": "office"},
}


def busy_shop():
    return shop(
        title={"en": f"A shop {SCRIPT}", "zh": "一家店 <i>"},
        story="First <b>words</b>.\n\nThen others.",
        runs_for="5 days",
        warm_up="1 day",
        hours=HOURS,
        roles=ROLES,
        arrivals={"order": {"per_day": 70, "value": 60}, "contact": {"per_day": 20}},
        route={"order": ORDERS, "contact": CONTACTS},
        promises=PROMISES,
        contribution={"order": {"share_of_value": 0.2, "per_case": 1}},
    )


def render(result):
    return report.render(result, report.drawn(result, workers=1), COMMAND)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return analysis.runs.replicate(
        plan_of(tmp_path_factory.mktemp("shop"), busy_shop()), replications=4, seed=3, workers=1
    )


@pytest.fixture(scope="module")
def html(result, drawn):
    return report.render(result, drawn, COMMAND)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


@pytest.fixture(scope="module")
def drawn(result):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return report.drawn(result, workers=1)


@pytest.fixture(scope="module")
def nothing_ended(tmp_path_factory):
    plan = plan_of(tmp_path_factory.mktemp("shop"), shop(wait("for ever", 10_000), arrivals={"order": at(5)}))
    return analysis.runs.replicate(plan, replications=2, workers=1)


class Page(HTMLParser):
    """A page taken apart: tags, attributes, words, and the rows of its tables. Refuses what is not well nested."""

    VOID = frozenset({"meta", "link", "br", "img", "input", "hr"})

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.words, self.open = [], [], [], []
        self.tables, self.captions = {}, {}
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "table":
            self.rows = self.tables[dict(attrs)["id"].removeprefix("table-")] = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data

    @property
    def text(self):
        return " ".join(" ".join(self.words).replace("\u00a0", " ").split())

    def columns(self, name):
        """The column headings of a table, and its rows as (group, first cell, other cells)."""
        heading, *rows = self.tables[name]
        group, found = "", []
        for row in rows:
            if len(row) == 1:
                group = row[0]
            else:
                found.append((group, row[0], row[1:]))
        return heading[1:], found


# --- safe and self-contained ----------------------------------------------------------------------------------


def test_the_page_needs_nothing_but_itself(html, page):
    assert not {"script", "link", "iframe", "img", "image", "object", "embed", "base", "form", "foreignobject"} & set(
        page.tags
    )
    assert all(value.startswith("#") for name, value in page.attributes if name in ("href", "src", "action", "srcset"))
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "xmlns"]
    assert "@import" not in html
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", html))
    assert "http" not in html.replace("http-equiv", "")


def test_ids_are_unique_and_every_reference_leads_somewhere(html, page):
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    references = [value for name, value in page.attributes if name == "href"] + re.findall(r"url\(([^)]*)\)", html)
    assert len(references) > 20
    assert {reference.removeprefix("#") for reference in references} <= set(ids)


def test_what_people_wrote_is_shown_and_never_obeyed(html, page):
    assert "<script" not in html
    assert not {"b", "i"} & set(page.tags)
    for words in (
        f"A shop {SCRIPT}",
        "一家店 <i>",
        "First <b>words</b>.",
        f"Pick {SCRIPT}",
        f"Packer {SCRIPT}",
        "pick <b>&",
    ):
        assert words in page.text
    assert COMMAND in page.text
    assert "$x^2$" in page.text


def test_words_in_pictures_are_escaped_too(result):
    drawn = draw("delays_by_step", result, f"words {SCRIPT}").svg
    assert "&lt;script&gt;" in drawn
    assert "<script" not in drawn
    assert Page(drawn).attributes.count(("aria-label", f"words {SCRIPT}")) == 1


# --- complete and true ----------------------------------------------------------------------------------------


def test_every_role_team_step_route_outcome_and_promise_has_its_row(result, page):
    plan = result.plan
    heads = {name: " | ".join(head for _, head, _ in page.columns(name)[1]) for name in page.tables}
    for role in plan.roles:
        assert role.name in heads["roles"]
    for step in plan.steps:
        assert step.name in heads["steps"] + heads["turns"]
    for each in plan.routes:
        assert each.name in heads["routes"]
        assert each.name in heads["ledger"]
    for promise in plan.promises:
        assert promise.name in heads["promises"]
    for outcome in plan.outcomes:
        assert outcome in heads["outcomes"]
    assert [head for _, head, _ in page.columns("teams")[1]] == ["day", "late"]
    assert [head for _, head, _ in page.columns("departments")[1]] == ["warehouse", "office"]
    assert len(page.columns("steps")[1]) + len(page.columns("turns")[1]) == len(plan.steps)


UNITS_H = {"h": 1.0, "min": 1 / 60, "s": 1 / 3600, "%": 0.01, "": 1.0}
FIGURE = re.compile(r"(?:≥ )?([\d,.]+)(?: ± ([\d,.]+))? ?(h|min|s|%)?(?: \(n = \d+\))?")


def agrees(cell, estimate, per_unit):
    """Whether a cell tells this estimate, to its last digit; `per_unit` turns the measure into hours or shares."""
    if math.isnan(estimate.mean):
        return cell == "–"
    if cell == "0":
        return estimate.mean == 0
    mean, half, unit = FIGURE.fullmatch(cell).groups()
    size = UNITS_H[unit or ""]
    last_digit = 0.501 * 10.0 ** -len(mean.partition(".")[2]) * size
    told = [float(text.replace(",", "")) * size for text in (mean, half)]
    wanted = [estimate.mean * per_unit, estimate.half_width * per_unit]
    return all(abs(a - b) <= last_digit for a, b in zip(told, wanted, strict=True))


def keyed(result, kind, group, head):
    """How the result calls the place of a row."""
    names = {"roles": result.plan.roles, "steps": result.plan.steps, "turns": result.plan.steps}
    if kind in names:
        head = max((each.name for each in names[kind] if head.endswith(each.name)), key=len)
    return f"{group}/{head}" if kind in ("steps", "turns", "outcomes") else head


CHECKED = {
    ("roles", "role"): {
        "utilisation": ("utilisation", 1), "on shift (h/week)": ("scheduled_h", 1), "busy (h/week)": ("busy_h", 1),
        "overtime (h/week)": ("overtime_h", 1), "wait, mean": ("wait_min", 1 / 60),
        "nine in ten at most": ("wait_p90_min", 1 / 60), "queue, mean": ("queue", 1),
        "still there at the end": ("open", 1),
    },
    ("routes", "route"): {
        "arrived": ("arrived", 1), "ended": ("ended", 1), "still open at the end": ("open", 1),
        "ended a day": ("per_day", 1), "cycle time, mean": ("cycle_h", 1), "half within": ("cycle_p50_h", 1),
        "nine in ten within": ("cycle_p90_h", 1), "19 in 20 within": ("cycle_p95_h", 1), "longest": ("cycle_max_h", 1),
        "in the shop, mean": ("in_progress", 1),
    },
    ("steps", "step"): {
        "cases a day": ("per_day", 1), "wait, mean": ("wait_min", 1 / 60),
        "half wait at most": ("wait_p50_min", 1 / 60), "nine in ten at most": ("wait_p90_min", 1 / 60),
        "longest": ("wait_max_min", 1 / 60), "takes, mean": ("service_min", 1 / 60), "queue, mean": ("queue", 1),
        "queue, longest": ("queue_max", 1), "gave up": ("gave_up_share", 1), "still there at the end": ("open", 1),
    },
    ("turns", "step"): {"cases a day": ("per_day", 1)},
    ("outcomes", "outcome"): {"cases": ("ended", 1)},
    ("money", "money"): {
        "staff cost": ("staff_cost_per_week", 1), "contribution": ("contribution_per_week", 1),
        "surplus": ("surplus_per_week", 1),
    },
    ("ledger", "ledger"): {TOLD[cause]: (cause, 1) for cause in CAUSES},
}  # fmt: skip


@pytest.mark.parametrize(("table", "kind"), CHECKED, ids=str)
def test_figures_are_those_of_the_result(result, page, table, kind):
    columns, rows = page.columns(table)
    wanted = CHECKED[table, kind]
    compared = 0
    for group, head, cells in rows:
        place = keyed(result, table, group, head)
        for column, cell in zip(columns, cells, strict=True):
            if column in wanted:
                measure, per_unit = wanted[column]
                found = result.get(kind, place, measure)
                assert agrees(cell, found, per_unit), f"{place}, {column}: {cell} for {found}"
                compared += 1
    assert compared >= 3 * len(rows) or len(wanted) == 1 == compared / len(rows)


def test_causes_that_are_left_out_never_occur(result, page):
    columns, _ = page.columns("ledger")
    for cause in CAUSES:
        occurs = any(result.get("ledger", each.name, cause).mean > 0 for each in result.plan.routes)
        assert occurs == (TOLD[cause] in columns)
    assert TOLD["departure"] in columns
    assert TOLD["held_back"] not in columns


def test_promises_are_told_with_share_target_and_verdict(result, page):
    _, rows = page.columns("promises")
    told = {head: cells for _, head, cells in rows}
    assert told["soon"][1:4] == ["90 %", told["soon"][2], "broken"]
    assert told["at last"][1:4] == ["50 %", "100 ± 0 %", "kept"]
    assert told["at last"][0] == "order: “under way” is over within 3 days of arrival"
    assert told["answered at once"][0] == "contact: “answer” has begun within 5 min of joining its queue"
    for name, cells in told.items():
        assert agrees(cells[2], result.get("promise", name, "share"), 1)
        for measure, cell in zip(("kept", "broken", "undecided"), cells[4:], strict=True):
            assert agrees(cell, result.get("promise", name, measure), 1)


def test_what_gave_up_is_told_beside_what_ended(result, page):
    columns, rows = page.columns("routes")
    told = {head: dict(zip(columns, cells, strict=True)) for _, head, cells in rows}
    assert agrees(told["contact"]["times somebody gave up waiting"], result.get("step", "contact/answer", "gave_up"), 1)
    assert result.get("step", "contact/answer", "gave_up").mean > 0
    assert told["order"]["times somebody gave up waiting"] == "0"


def test_an_outcome_that_two_ends_share_is_added_up(result, page):
    shares = {head: cells[1] for group, head, cells in page.columns("outcomes")[1] if group == "order"}
    assert shares == {"over": "100 ± 0 %"}
    assert (result.each("outcome", "order/over", "ended") == result.each("route", "order", "ended")).all()
    assert result.get("step", "order/sent back", "visits").mean > 0


def test_the_answer_the_notes_and_the_way_to_run_it_again_are_there(result, page):
    for sentence in (each for part in vars(analysis.answers.answer.answer(result)).values() for each in part):
        assert sentence in page.text
    for words in ("4 independent replications", "5 days from Monday 1 January 2024", "figures are of 4 days", "seed 3"):
        assert words in page.text
    assert result.plan.digest() in page.text
    assert {"warm-up", "utilisation", "cycle time"} <= set(page.text.split("Words")[-1].split()) | {"cycle time"}


def test_whose_pay_is_known_is_told(result, page):
    assert result.plan.currency in page.text
    assert page.text.count("2 of 5 people have pay") == 2  # in the answer, and at the table


def test_a_shop_without_money_is_told_without(nothing_ended):
    assert not [key for key in nothing_ended.keys if key[0] == "money"]
    page = Page(render(nothing_ended))
    assert "money" not in page.tables
    assert "CNY" not in page.text


def test_one_replication_has_no_intervals(result):
    once = analysis.runs.replicate(result.plan, replications=1, workers=1)
    page = Page(render(once))
    assert "One replication: there is no interval." in page.text
    assert not [cell for rows in page.tables.values() for row in rows for cell in row if "±" in cell]
    assert {cells[3] for _, _, cells in page.columns("promises")[1]} == {"not proven"}


def test_a_run_in_which_nothing_ended_says_so(nothing_ended):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = Page(render(nothing_ended))
    assert page.text.count("Nothing ended in this run") >= 4
    assert "nan" not in re.split(r"\W", page.text)


# --- pictures -------------------------------------------------------------------------------------------------


def test_every_picture_is_drawn_as_png_without_a_warning_and_stands_in_the_page(page, drawn):
    assert tuple(drawn) == NAMES
    assert all(each.png.startswith(b"\x89PNG\r\n\x1a\n") and len(each.png) > 10_000 for each in drawn.values())
    assert page.tags.count("svg") == len(drawn)


def test_the_same_result_gives_the_same_bytes_whatever_matplotlib_is_set_to(result, html, drawn, monkeypatch):
    monkeypatch.setitem(matplotlib.rcParams, "font.size", 31.0)
    monkeypatch.setitem(matplotlib.rcParams, "svg.fonttype", "path")
    assert report.drawn(result, workers=2) == drawn
    assert render(result) == html
    assert matplotlib.rcParams["font.size"] == 31.0


def test_a_picture_tells_every_hour_of_every_role(result, drawn):
    picture = Page(drawn["utilisation"].svg)
    by_hour = result.over_time["hour", "utilisation"].mean(axis=0)
    assert not math.isnan(by_hour[0, 9])
    assert math.isnan(by_hour[0, 2])
    wanted = sorted(f"{share * 100:.0f}" for share in by_hour.reshape(-1) if not math.isnan(share))
    ticks = [f"{hour:02d}" for hour in range(0, 25, 2)]
    written = [word.strip() for word in picture.words if re.fullmatch(r"\d+", word.strip())]
    assert sorted(written) == sorted(wanted + ticks)


def test_each_cause_has_one_colour(result, drawn):
    assert len(set(style.COLOURS.values())) == len(CAUSES)
    for name in ("delays", "delays_by_step"):
        picture = drawn[name].svg.lower()
        for cause in CAUSES:
            occurs = any(result.get("ledger", each.name, cause).mean > 0 for each in result.plan.routes)
            assert occurs == (style.COLOURS[cause].lower() in picture)


@pytest.fixture
def no_chinese_font(monkeypatch):
    style.drawable.cache_clear()
    monkeypatch.setattr(style, "families", lambda: ["DejaVu Sans"])
    yield
    style.drawable.cache_clear()


@pytest.mark.usefixtures("no_chinese_font")
def test_without_a_chinese_font_a_title_gives_way_to_what_can_be_drawn(result):
    assert style.legible({"zh": "打包", "en": "Pack"}, "pack") == "Pack"
    assert style.legible({"zh": "打包"}, "pack") == "pack"
    assert style.legible({"en": "打包", "de": "Packen"}, "pack") == "Packen"
    assert style.legible({}, "打包 2") == "?? 2"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ">pack<" in draw("delays_by_step", result, "words").svg


def test_long_names_are_wrapped_and_cut_in_the_middle():
    assert style.wrap("short", 10) == "short"
    assert style.wrap("two words", 5) == "two\nwords"
    assert style.wrap("打包" * 4, 8) == "打包打包\n打包打包"
    cut = style.wrap("a step whose name goes on and on and on and on 12", 16)
    assert cut.count("\n") == 1
    assert all(len(line) <= 16 for line in cut.split("\n"))
    assert cut.startswith("a step")
    assert "…" in cut
    assert cut.endswith("12")


def test_spans_of_time_are_told_in_whole_weeks_where_they_are_some():
    told = [format_duration(ms) for ms in (WEEK, 12 * WEEK, 10 * DAY, 6 * HOUR)]
    assert told == ["1 week", "12 weeks", "10 days", "6 h"]


def test_importing_the_analysis_stays_quick():
    heavy = "matplotlib", "jinja2", "pandas", "scipy"
    rooms = "analysis, analysis.output.report, analysis.output.folder"
    code = f"import sys, {rooms}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
