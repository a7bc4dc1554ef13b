"""The README's table of results is the committed results', not typed beside them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from paper_lenet.base.files import read_csv, read_json
from paper_lenet.base.machine import by_machine, named
from paper_lenet.paper import numbers

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "data/timings/mnist/bench"


def table() -> str:
    """The table as the README must have it."""
    text = (ROOT / "data/results/mnist/paper/evaluate/metrics.json").read_text(encoding="utf-8")
    metrics = json.loads(text)
    rows = [
        ("Test error, %", numbers.TEST_ERROR.value, "test_error_percent"),
        (
            "Training error on the fly, %",
            numbers.TRAINING_ERROR.value,
            "training_error_on_the_fly_percent",
        ),
    ]
    lines = [
        f"| after pass {metrics['passes']} | the paper, one run | ours, mean of {metrics['seeds']} "
        "seeds | 95% interval of the mean | s.d. over seeds |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, printed, key in rows:
        ours = metrics[key]
        lines.append(
            f"| {name} | {printed:.2f} | {ours['mean']:.2f} | {ours['low']:.2f} to "
            f"{ours['high']:.2f} | {ours['sd']:.2f} |"
        )
    test, once = metrics["test_error_percent"], metrics["test_error_percent"]["one_run_low"]
    where = "inside" if test["low"] <= numbers.TEST_ERROR.value <= test["high"] else "outside"
    lines += [
        "",
        f"The paper's {numbers.TEST_ERROR.value:.2f} lies {where} the interval of our mean. A "
        f"single further run of ours would lie between {once:.2f} and {test['one_run_high']:.2f}.",
        *speeds(list(by_machine(BENCH).values())),
    ]
    return "\n".join(lines)


def speeds(machines: list[dict[str, Any]]) -> list[str]:
    """How fast the engine is on each machine, that which was measured last first."""
    result = []
    for bench in machines:
        training, update = bench["training"], bench["update"]["pytorch_over_engine"]["median"]
        times = training["pytorch_seconds"] / training["engine_seconds"]
        same = bench.get("engine") == machines[0]["engine"]
        result.append(
            f"On one core ({named(bench)}{'' if same else ', with an earlier engine'}) a training "
            f"takes {training['engine_seconds']:.0f} seconds, {times:.0f} times faster than eager "
            f"PyTorch; an update alone is {update:.0f} times faster."
        )
    return result


def test_the_readme_shows_the_committed_results():
    expected = table()
    found = (ROOT / "README.md").read_text(encoding="utf-8")
    assert expected in found, f"put this into the README:\n\n{expected}"


def studies() -> str:
    """The table of the studies' results as the README must have it."""
    folder = ROOT / "data/results/studies"
    statistics = json.loads((folder / "paper/statistics.json").read_text(encoding="utf-8"))
    claims = json.loads((ROOT / "data/results/mnist/claims.json").read_text(encoding="utf-8"))
    ours, n = statistics["test_error"], statistics["seeds"]
    lines = [
        "| test error, % | the paper | ours | 95% interval | seeds |",
        "| --- | --- | --- | --- | --- |",
        f"| 60,000 patterns | {numbers.TEST_ERROR.value} | {ours['mean']:.2f} | {ours['low']:.2f} "
        f"to {ours['high']:.2f} | {n} |",
    ]
    sizes = {row["run"]: row for row in read_csv(folder / "sizes/sizes.csv")}
    fig6 = {str(point.patterns): point.test_error for point in numbers.fig6()}
    distorted = {row["run"]: row for row in read_csv(folder / "distortions/errors.csv")}
    rows = [
        ("30,000 patterns", fig6["30000"], sizes["30000"]),
        ("15,000 patterns", fig6["15000"], sizes["15000"]),
        (
            "with distortions, settled apart",
            numbers.DISTORTED_TEST_ERROR.value,
            distorted["chosen"],
        ),
        ("with those of Fig. 7", numbers.DISTORTED_TEST_ERROR.value, distorted["fig7"]),
    ]
    for name, printed, row in rows:
        mean, low, high = (float(row[f"test_{key}"]) for key in ("mean", "low", "high"))
        lines.append(
            f"| {name} | {printed} | {mean:.2f} | {low:.2f} to {high:.2f} | {row['seeds']} |"
        )
    few = ", and of {} there are too few seeds"
    counts, sums = (claims["kinds"][kind] for kind in ("statistical", "arithmetic"))
    lines += [
        "",
        f"Of {counts['claims']} statements of the paper on trained networks and other classifiers, "
        f"{counts['reproduced']} are reproduced, {counts['compatible']} are compatible with ours "
        f"by tests that could not have told much, {counts['not_reproduced']} are not reproduced, "
        f"and {counts['not_testable']} cannot be tested with public data"
        f"{few.format(counts['not_measured']) if counts['not_measured'] else ''}. "
        f"Of {sums['claims']} that are arithmetic, {sums['reproduced']} add up.",
    ]
    return "\n".join(lines)


def test_the_readme_shows_the_studies_results():
    expected = studies()
    found = (ROOT / "README.md").read_text(encoding="utf-8")
    assert expected in found, f"put this into the README:\n\n{expected}"


def test_the_readme_says_about_how_long_all_studies_take():
    found = [read_json(path) for path in (ROOT / "data/timings/studies").glob("*.json")]
    hours = sum(each["core_minutes"] for each in found) / 60 / 2  # on two cores
    (said,) = re.findall(
        r"make studies +# all of them: about ([0-9]+) hours on two cores",
        (ROOT / "README.md").read_text(encoding="utf-8"),
    )
    assert abs(int(said) - hours) < 2, f"{hours:.1f} hours"
