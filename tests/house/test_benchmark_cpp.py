"""The C++ loop of the benchmark plays the shop it is compared on: by the same rules, with the same luck."""

from __future__ import annotations

import json
import shutil
from array import array
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np
import pytest

import sim
from benchmarks import cpp, fulfilment, idiomatic
from sim.choose_engine import engine
from sim.distributions import Law
from sim.draws import CaseLuck, Draws
from sim.log import GAVE_UP, OPEN, WENT, Log
from sim.plan import COLLECT, END, WAIT, WORK, Plan, Stream
from sim.units import DAY, MINUTE
from sim.verify import verify
from tests.house.test_benchmark import engine_figures

needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="the C++ loop needs the compiler g++")

ORDERS, RUNS = 2000, 30
MEMORY_OF_RETURNS = 6000
"""Orders of a run of which enough are sent back: most take two days."""
LONG = 2**45


def shop(orders: int) -> Plan:
    return fulfilment.plan_of(orders)


# --- the rules: the engine that is the reference makes the same log of the same luck ------------------------------


class LuckOf(Draws):
    """The luck that shows in a log; what it hides (how long unfinished work takes, whose patience held) is LONG."""

    def __init__(self, log: Log) -> None:
        self.log = log
        super().__init__(log.plan, log.seed, log.replication)

    def _draw_stream(self, stream: Stream) -> CaseLuck:
        c = self.log.cases
        return CaseLuck(*(column[c.route == stream.route] for column in (c.arrived, c.lines, c.units, c.value, c.rank)))

    def _draw_column(self, number: int, what: str, visit: int) -> array[int]:
        assert visit == 1
        v, rows, base = self.log.visits, self.log.visits.step == number, self.bases[self.plan.steps[number].route]
        of = v.case[rows] - base
        values = np.full(self.cases[self.plan.steps[number].route].arrived.size, LONG)
        if what == "chance":
            values[of] = v.outcome[rows] == WENT
            return array("b", values.astype(np.int8).tobytes())
        if what == "takes":
            values[of] = np.where(v.left[rows] >= 0, v.left[rows] - v.began[rows], LONG)
        elif what == "patience":
            values[of] = np.where(v.outcome[rows] == GAVE_UP, v.left[rows] - v.joined[rows], LONG)
        else:
            children = self.log.cases.route == self.plan.steps[number].starts_route
            values[of] = -v.joined[rows]
            values[self.log.cases.parent[children] - base] += self.log.cases.arrived[children]
            values[values < 0] = LONG
        return array("q", values.tobytes())


@needs_compiler
@pytest.mark.parametrize("seed", range(3))
def test_the_reference_engine_makes_the_same_log_of_the_same_luck(seed: int) -> None:
    log = cpp.run(shop(MEMORY_OF_RETURNS), seed)
    again = engine("simpy")(log.plan, LuckOf(log))
    assert GAVE_UP in log.visits.outcome
    assert set(log.cases.route) == {0, 1, 2}
    for ours, theirs in ((log.visits, again.visits), (log.cases, again.cases)):
        for name, column in vars(ours).items():
            assert column.dtype == getattr(theirs, name).dtype, name
            assert np.array_equal(column, getattr(theirs, name)), name


@needs_compiler
def test_its_log_keeps_the_rules() -> None:
    log = cpp.run(shop(ORDERS), 1)
    verify(log, LuckOf(log))


@needs_compiler
def test_its_books_are_right() -> None:
    log = cpp.run(shop(MEMORY_OF_RETURNS), 7)
    v, plan = log.visits, log.plan
    begun, over = v.began >= 0, v.left >= 0
    assert (v.began[begun] >= v.joined[begun]).all()
    assert (v.left[begun & over] >= v.began[begun & over]).all()
    assert ((v.outcome == OPEN) == ~over).all()
    assert max(v.joined.max(), v.left.max()) < plan.runs_for
    for role, line in enumerate(idiomatic.PEOPLE):
        rows = np.isin(v.person, plan.people_of(role))
        changes = [*((t, 1) for t in v.began[rows]), *((t, -1) for t in v.left[rows & over])]
        at_work = np.cumsum([change for _, change in sorted(changes)])
        assert at_work.max() == idiomatic.PEOPLE[line]
        assert at_work.min() >= 0


# --- the luck: what was drawn follows the laws of the plan --------------------------------------------------------


def distribution(law: Law) -> Any:
    from scipy import stats

    if law.family == "exponential":
        return stats.expon(scale=law.scale)
    (shape,) = law.shape
    if law.family == "gamma":
        return stats.gamma(shape, scale=law.scale / shape)
    return stats.lognorm(shape, scale=law.scale)


@pytest.fixture(scope="module")
def long_log() -> Log:
    return cpp.run(shop(400_000), 3)


@needs_compiler
def test_its_times_follow_the_laws_of_the_plan(long_log: Log) -> None:
    """Kolmogorov and Smirnov's test; of cases that came so early that hardly any of their visits are open."""
    from scipy import stats

    luck, steps, v = LuckOf(long_log), long_log.plan.steps, long_log.visits
    early, values = v.joined < long_log.plan.runs_for - 20 * DAY, {}
    for number, step in enumerate(steps):
        rows = v.case[early & (v.step == number) & (v.began >= 0)] - luck.bases[step.route]
        for what in ("takes", "after"):
            if law := getattr(step, what):
                drawn = np.frombuffer(luck.column(number, what), np.int64)[rows]
                values[step.name] = stats.kstest(drawn[drawn < LONG], distribution(law).cdf).pvalue
    gaps = np.diff(long_log.cases.arrived[long_log.cases.route == 0])
    values["gaps"] = stats.kstest(gaps, stats.expon(scale=MINUTE).cdf).pvalue
    assert abs(gaps.size - 400_000) < 4 * 400_000**0.5
    assert len(values) == 10
    assert {what: p for what, p in values.items() if not p > 1e-5} == {}


@needs_compiler
def test_patience_ends_at_the_rate_of_the_plan(long_log: Log) -> None:
    """Of exponential patience with mean m the times waited add up to m for each who gave up (Lawless 2003, ch. 4.1)."""
    plan, v = long_log.plan, long_log.visits
    (number,) = [number for number, step in enumerate(plan.steps) if step.patience is not None]
    rows = v.step == number
    waited, lost = np.maximum(v.began, v.left * (v.began < 0)) - v.joined, (v.outcome == GAVE_UP)[rows].sum()
    mean = plan.steps[number].patience.scale
    assert abs(waited[rows & (v.left >= 0)].sum() / lost / mean - 1) < 4 / lost**0.5


# --- the shop: all figures of independent runs agree with those of the compiled engine ----------------------------


def figures(log: Log) -> dict[str, float]:
    """How many come to each step, how long they wait there, how long it takes and how much that scatters."""
    v, orders, found = log.visits, int((log.cases.route == 0).sum()), engine_figures(log)
    found["orders"] = orders
    for number, step in enumerate(log.plan.steps):
        rows = v.step == number
        key = log.plan.step_key(number)
        found[f"{key}: visits"] = rows.sum() / orders
        found[f"{key}: went"] = (v.outcome[rows] == WENT).mean()
        done = rows & (v.left >= 0) & (v.began >= 0)
        if step.verb in (WORK, WAIT):
            minutes = (v.left - v.began)[done] / MINUTE
            found[f"{key}: takes"], found[f"{key}: scatters"] = minutes.mean(), minutes.std()
        if step.verb in (WORK, COLLECT):
            found[f"{key}: longest wait"] = (v.began - v.joined)[done].max() / MINUTE
        if step.verb == END:
            came = log.cases.arrived[np.searchsorted(log.cases.case, v.case[rows])]
            found[f"{key}: since it came"] = (v.left[rows] - came).mean() / MINUTE
    return found


def z_scores(a: list[dict[str, float]], b: list[dict[str, float]]) -> dict[str, float]:
    """By figure: the difference of the means over independent runs, in its standard errors (0 for equal constants)."""
    scores = {}
    for figure in a[0]:
        x, y = [run[figure] for run in a], [run[figure] for run in b]
        error = ((stdev(x) ** 2 + stdev(y) ** 2) / RUNS) ** 0.5
        difference = fmean(x) - fmean(y)
        scores[figure] = difference / error if error or difference else 0.0
    return scores


@pytest.fixture(scope="module")
def compiled_figures() -> list[dict[str, float]]:
    pytest.importorskip("numba", reason="the compiled engine needs numba")
    plan = shop(MEMORY_OF_RETURNS)
    return [figures(sim.simulate(plan, seed, engine="fast")) for seed in range(RUNS)]


@needs_compiler
def test_its_figures_are_those_of_the_compiled_engine(compiled_figures: list[dict[str, float]]) -> None:
    plan = shop(MEMORY_OF_RETURNS)
    scores = z_scores([figures(cpp.run(plan, seed)) for seed in range(RUNS)], compiled_figures)
    assert len(scores) > 60
    assert {figure: z for figure, z in scores.items() if not abs(z) <= 4.5} == {}


@needs_compiler
@pytest.mark.parametrize(("role", "step"), [("picker", "pick"), ("packer", "pack"), ("agent", "answer")])
def test_one_person_more_would_be_seen(role: str, step: str, compiled_figures: list[dict[str, float]]) -> None:
    plan, people = shop(MEMORY_OF_RETURNS), {**idiomatic.PEOPLE, role: idiomatic.PEOPLE[role] + 1}
    scores = z_scores([figures(cpp.run(plan, seed, people)) for seed in range(RUNS)], compiled_figures)
    assert scores[step] < -4.5


@needs_compiler
def test_same_seed_same_log() -> None:
    one, same, other = (cpp.run(shop(200), seed).visits for seed in (5, 5, 6))
    assert all(np.array_equal(column, getattr(same, name)) for name, column in vars(one).items())
    assert not np.array_equal(one.joined[:100], other.joined[:100])


# --- how it is called ---------------------------------------------------------------------------------------------


@pytest.fixture
def anew() -> Iterator[None]:
    """Nothing is loaded yet, nor will what the test loads be used by others."""
    cpp.library.cache_clear()
    yield
    cpp.library.cache_clear()


Say = Callable[[str], str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Say:
    def main(engines: str) -> str:
        with pytest.raises(SystemExit) as end:
            fulfilment.main(["--orders", "100", "--rounds", "1", "--engines", engines])
        assert end.value.code == 2
        return capsys.readouterr().err.splitlines()[-1]

    return main


@pytest.mark.usefixtures("anew")
def test_without_a_compiler_one_sentence(monkeypatch: pytest.MonkeyPatch, said: Say) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(fulfilment, "measure_in_turns", partial(pytest.fail, "measured before it was asked for g++"))
    assert said("simpy,cpp").endswith("--engines cpp: needs the compiler g++, and there is none here")


@pytest.mark.usefixtures("anew")
@needs_compiler
def test_what_the_compiler_cannot_compile_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: Say) -> None:
    source = tmp_path / "broken.cpp"
    source.write_text("int main( {}\n", encoding="utf-8")
    monkeypatch.setattr(cpp, "SOURCE", source)
    monkeypatch.setenv("SHOPFLOOR_CACHE", str(tmp_path))
    assert "cannot compile broken.cpp" in said("cpp")
    assert list(tmp_path.rglob("*.so")) == []


@pytest.mark.usefixtures("anew")
@needs_compiler
def test_it_is_compiled_once_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHOPFLOOR_CACHE", str(tmp_path))
    cpp.library()
    (kept,) = tmp_path.rglob("*.so")
    cpp.library.cache_clear()
    monkeypatch.setattr(cpp, "_compile", partial(pytest.fail, "compiled again"))
    assert cpp.library()._name == str(kept)


def test_more_orders_than_it_can_count_are_refused() -> None:
    with pytest.raises(sim.BadInput, match="counts to 4,000,000 orders"):
        cpp.run(shop(1).model_copy(update={"runs_for": (cpp.MOST_ORDERS + 1) * MINUTE}), 1)


@needs_compiler
def test_json_compares_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    fulfilment.main(["--orders", "300", "--rounds", "1", "--engines", "idiomatic,simpy,cpp", "--json"])
    result = json.loads(capsys.readouterr().out)
    assert result["ratio_to_idiomatic"].keys() == {"simpy", "cpp"}
    assert result["ratio_to_cpp"].keys() == {"idiomatic", "simpy"}
    for figure in ("orders_per_cpu_s", "peak_mb", "bytes_per_order_beyond_log", "log_bytes_per_order"):
        assert result[figure].keys() == {"idiomatic", "simpy", "cpp"}
    assert result["ratio_to_cpp"]["idiomatic"] == result["ratio_to_idiomatic"]["cpp"]


@needs_compiler
def test_linear_measures_it_too() -> None:
    result = fulfilment.linear(["cpp"], sizes=(100, 200))
    assert result["cpu_us_per_order"]["cpp"].keys() == {"100", "200"}
