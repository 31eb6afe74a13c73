"""Tables such as experiments make, for the tests of their pictures."""

import numpy as np
import pandas as pd

NAN = float("nan")
LONG = "a measure whose name goes on and on, for everybody who ever packed a parcel at the second bench by night 12"
CHINESE = "客服专员在晚班的平均等待时间（含周末与双十一）"


def difference_frame(n=4, halves=True, proven=True):
    kinds = [
        ("order: cycle time", "h", 9.8, -1.7, 0.4, "less"),
        ("shipped in 48 h", "%", 91.0, 3.2, 1.1, "more"),
        ("cost", "CNY/week", 21400.0, 1625.0, 40.0, "less"),
        (CHINESE, "min", 3.2, -0.1, 0.6, "less"),
        (LONG, "", 40.0, 21.0, 3.0, ""),
        ("gave up waiting", "", 0.0, 2.0, 1.0, "less"),
        ("longest queue", "cases", 2.0, 9.0, 1.0, "less"),
        ("campaigns", "a week", 1.0, 0.0, 0.0, "more"),
    ]
    rows = []
    for number in range(n):
        name, unit, base, mean, half, better = kinds[number % len(kinds)]
        half = half if proven or not mean else 2 * abs(mean)
        half = half if halves else NAN
        name = name if number < len(kinds) else f"{name} {number}"
        rows.append((name, unit, base, mean, mean - half, mean + half, better))
    return pd.DataFrame(rows, columns=["label", "unit", "base", "mean", "low", "high", "better"])


def marginal_frame(n=5, halves=True, proven=True):
    names = ["packer", "picker/early", CHINESE, LONG, "finance", *(f"team {k}" for k in range(5, n))][:n]
    rows = []
    for number, name in enumerate(names):
        for change in (-1, 1):
            mean = -change * (9.0 if change < 0 else 4.0) / (1 + number)
            half = (0.3 * abs(mean) if proven and number % 4 != 3 else 1.5 * abs(mean)) if halves else NAN
            rows.append((name, change, mean, mean - half, mean + half))
    return pd.DataFrame(rows[: 2 * n - (n > 4)], columns=["label", "change", "mean", "low", "high"])


def pareto_frame(n=12, halves=True, chosen=3):
    number = np.arange(n)
    service = 0.7 + 0.28 * (1 - np.exp(-number / max(1, n / 4))) - 0.06 * (number % 3 == 2)
    half = np.full(n, 0.012 if halves else NAN)
    names = [f"packer {2 + k // 3}, picker {2 + k % 3}, 客服 {4 + k % 2}" for k in number]
    table = {"label": names, "cost": 18000 + 620.0 * number, "service": service}
    return pd.DataFrame({**table, "low": service - half, "high": service + half, "chosen": number == chosen})


def curve_frames(n=5, halves=True):
    x = np.linspace(2, 6, n)
    mean = 30 / x
    half = np.full(n, 0.8 if halves else NAN)
    points = pd.DataFrame({"x": x, "mean": mean, "low": mean - half, "high": mean + half})
    fine = np.linspace(2, 6, 50)
    fitted = 30 / fine
    return points, pd.DataFrame({"x": fine, "mean": fitted, "low": fitted - 0.5, "high": fitted + 0.5})


def surface_arrays():
    x, y = np.linspace(2, 6, 30), np.linspace(0.5, 1.5, 25)
    fitted = 10 * y[:, None] ** 2 + 12 / x[None, :]
    points = pd.DataFrame({"x": [2, 2, 6, 6, 4, 3], "y": [0.5, 1.5, 0.5, 1.5, 1.0, 1.2]})
    return points, x, y, fitted


def welch_frame(n=84):
    hours = 24.0 * np.arange(n) + 12
    wobble = 8 * np.sin(np.arange(n) * 2.1)
    mean = 90 * (1 - np.exp(-hours / 200)) + wobble
    smoothed = pd.Series(mean).rolling(7, center=True).mean()
    return pd.DataFrame({"hours": hours, "mean": mean, "smoothed": smoothed})


def convergence_frame(n=40):
    replications = np.arange(1, n + 1)
    mean = 9.8 + np.sin(replications) / replications
    half = np.where(replications > 1, 4 / np.sqrt(replications) + 6 / replications**2, NAN)
    return pd.DataFrame({"replications": replications, "mean": mean, "low": mean - half, "high": mean + half})


def hire_frame(n=10, halves=True):
    share = np.linspace(0.99, 0.3, n)
    half = np.full(n, 0.05 if halves else NAN)
    starts = pd.date_range("2025-09-01", periods=n, freq="7D")
    ends = {"low": np.maximum(0, share - half), "high": np.minimum(1, share + half)}
    return pd.DataFrame({"start": starts, "share": share, **ends})


def sensitivity_frame(n=6, halves=True):
    names = ["orders a day", CHINESE, LONG, "packing time", "returns", "patience", *(f"input {k}" for k in range(6, n))]
    total = 0.6 / (1 + np.arange(n))
    first = 0.8 * total
    half = 0.05 if halves else NAN
    table = {"label": names[:n], "first": first, "first_low": first - half, "first_high": first + half}
    return pd.DataFrame({**table, "total": total, "total_low": total - half, "total_high": total + half})


def effect_frame(n=4):
    rows = []
    for number in range(n):
        for value in (1.0, 2.0, 3.0):
            mean = 10 + value * (2 - number)
            rows.append(
                (f"{(CHINESE, LONG, 'packing time')[number % 3]} {number}", "min", value, mean, mean - 1, mean + 1)
            )
    return pd.DataFrame(rows, columns=["label", "unit", "value", "mean", "low", "high"])
