"""Every engine, a plain SimPy model and a hand-written C++ loop on the same shop: CPU time and memory an order.

    python -m benchmarks.fulfilment                      100,000 orders, three rounds, a table
    python -m benchmarks.fulfilment --engines idiomatic,simpy,fast,cpp --rounds 5 --json
    python -m benchmarks.fulfilment --linear             10,000, 100,000 and 1,000,000 orders: is the cost linear?

Every measurement is a fresh process, the engines take turns within a round (so that a machine that slows down slows
all of them), and a ratio is the median of the ratios of the rounds. Timed is CPU time, everything between the plan
and the finished log: luck drawn, orders played, rows put in order. Not timed: imports, compiling the scenario, and what
an engine compiles.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import sim
from benchmarks import cpp, idiomatic
from sim import choose_engine
from sim.draws import Draws
from sim.log import Log
from sim.plan import Plan

SCENARIO = Path(__file__).with_suffix(".toml")
SIZES = (10_000, 100_000, 1_000_000)
WARM_UP = 100
"""Orders of the run before the one that counts, for what an engine compiles or imports when it is first used."""

Run = Callable[[int], tuple[int, Callable[[], int]]]
"""seed → (orders that came, how to weigh what was recorded of them in bytes)"""


def prepare_idiomatic(orders: int) -> Run:
    def run(seed: int) -> tuple[int, Callable[[], int]]:
        results = idiomatic.run(orders / idiomatic.ORDERS_PER_MINUTE, seed)
        return results.orders, results.weigh

    return run


def prepare_engine(name: str, orders: int) -> Run:
    plan, play = plan_of(orders), choose_engine.engine(name)
    return partial(_play, lambda seed: play(plan, Draws(plan, seed, 0)))


def prepare_cpp(orders: int) -> Run:
    cpp.library()
    return partial(_play, partial(cpp.run, plan_of(orders)))


def plan_of(orders: int) -> Plan:
    """The shop, open until about so many orders have come."""
    return sim.load(SCENARIO, {"runs_for": f"{orders / idiomatic.ORDERS_PER_MINUTE:.3f} min"})


def _play(play: Callable[[int], Log], seed: int) -> tuple[int, Callable[[], int]]:
    log = play(seed)
    columns = [*vars(log.visits).values(), *vars(log.cases).values(), *log.helpers, *vars(log.stretches).values()]
    return int((log.cases.route == 0).sum()), lambda: sum(column.nbytes for column in columns)


ENGINES: dict[str, Callable[[int], Run]] = {
    "idiomatic": prepare_idiomatic,
    **{name: partial(prepare_engine, name) for name in choose_engine.NAMES},
    "cpp": prepare_cpp,
}
"""What can be measured: name → function that prepares a run of so many orders."""


def measure(name: str, orders: int, seed: int) -> dict[str, float]:
    """One run in this process, which must be a fresh one."""
    ENGINES[name](WARM_UP)(seed)
    run = ENGINES[name](orders)
    gc.collect()
    baseline, start = peak_bytes(), time.process_time()
    came, weigh = run(seed)
    cpu, peak, log = time.process_time() - start, peak_bytes() - baseline, weigh()
    return {"cpu_s_per_order": cpu / came, "peak": peak, "log": log / came, "beyond_log": (peak - log) / came}


def peak_bytes() -> int:
    """The most memory that this process has held so far."""
    status = Path("/proc/self/status")
    if status.exists():  # preferred: getrusage would count what the parent held before it started this process
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def measure_in_turns(names: list[str], orders: int, rounds: int) -> dict[str, list[dict[str, float]]]:
    """By engine, one measurement a round; all engines see the same seeds."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for seed in range(1, rounds + 1):
        for name in names:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
                found[name].append(fresh.submit(measure, name, orders, seed).result())
    return found


def compare(names: list[str], orders: int, rounds: int) -> dict[str, Any]:
    """Medians over the rounds, by engine."""
    found = measure_in_turns(names, orders, rounds)

    def medians(what: Callable[[dict[str, float]], float], digits: int = 0) -> dict[str, float]:
        return {name: round(median(map(what, rows)), digits) for name, rows in found.items()}

    def cost_ratio(above: str, below: str) -> float:
        pairs = zip(found[above], found[below], strict=True)
        return round(median(a["cpu_s_per_order"] / b["cpu_s_per_order"] for a, b in pairs), 3)

    def others(than: str) -> list[str]:
        return [name for name in names if name != than and than in names]

    return {
        "orders": orders,
        "rounds": rounds,
        "ratio_to_idiomatic": {name: cost_ratio("idiomatic", name) for name in others("idiomatic")},
        "ratio_to_cpp": {name: cost_ratio(name, "cpp") for name in others("cpp")},
        "orders_per_cpu_s": medians(lambda row: 1 / row["cpu_s_per_order"]),
        "peak_mb": medians(lambda row: row["peak"] / 1e6, 1),
        "bytes_per_order_beyond_log": medians(lambda row: row["beyond_log"]),
        "log_bytes_per_order": medians(lambda row: row["log"]),
    }


def linear(names: list[str], sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """CPU time and memory an order at growing sizes, one round each."""
    found = {size: measure_in_turns(names, size, 1) for size in sizes}

    def table(key: str, unit: float, digits: int) -> dict[str, dict[str, float]]:
        return {name: {str(size): round(found[size][name][0][key] / unit, digits) for size in sizes} for name in names}

    return {
        "cpu_us_per_order": table("cpu_s_per_order", 1e-6, 2),
        "bytes_per_order_beyond_log": table("beyond_log", 1, 0),
    }


def _print_comparison(result: dict[str, Any]) -> None:
    print(f"{result['orders']:,} orders, median of {result['rounds']} rounds")
    times = f"{'times idiomatic':>16}{'CPU / cpp':>11}"
    print(f"{'engine':<12}{times}{'orders/CPU s':>14}{'peak MB':>9}{'B/order beyond log':>20}{'log':>6}")
    for name, speed in result["orders_per_cpu_s"].items():
        times = f"{result['ratio_to_idiomatic'].get(name, ''):>16}{result['ratio_to_cpp'].get(name, ''):>11}"
        memory = f"{result['peak_mb'][name]:>9}{result['bytes_per_order_beyond_log'][name]:>20.0f}"
        print(f"{name:<12}{times}{speed:>14,.0f}{memory}{result['log_bytes_per_order'][name]:>6.0f}")


def _print_linear(result: dict[str, Any]) -> None:
    for what, by_engine in result.items():
        print(what.replace("_", " "))
        for name, by_size in by_engine.items():
            print(f"  {name:<12}" + "".join(f"{int(size):>12,}: {value:<8}" for size, value in by_size.items()))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", default="idiomatic,simpy", help=f"of: {','.join(ENGINES)}")
    parser.add_argument("--linear", action="store_true", help="10,000, 100,000 and 1,000,000 orders, one round each")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    names = given.engines.split(",")
    if unknown := [name for name in names if name not in ENGINES]:
        parser.error(f"there is no engine {', '.join(unknown)}; there are {', '.join(ENGINES)}")
    if given.orders < 1 or given.rounds < 1:
        parser.error("--orders and --rounds must be at least 1")
    try:
        if "cpp" in names:
            cpp.library()  # now, not after minutes of the other engines' runs, if it cannot be compiled
        result = linear(names) if given.linear else compare(names, given.orders, given.rounds)
    except sim.BadInput as error:
        parser.error(str(error))
    if given.json:
        print(json.dumps(result))
    else:
        (_print_linear if given.linear else _print_comparison)(result)


if __name__ == "__main__":
    main()
