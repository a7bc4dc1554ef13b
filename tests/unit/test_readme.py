"""The README's table of results is the committed results', not typed beside them."""

from __future__ import annotations

import json
from pathlib import Path

from paper_lenet import paper

ROOT = Path(__file__).parents[2]


def table() -> str:
    """The table as the README must have it."""
    text = (ROOT / "data/results/mnist/evaluate/metrics.json").read_text(encoding="utf-8")
    metrics = json.loads(text)
    bench = json.loads((ROOT / "data/timings/mnist/bench.json").read_text(encoding="utf-8"))
    rows = [
        ("Test error, %", paper.TEST_ERROR.value, "test_error_percent"),
        (
            "Training error on the fly, %",
            paper.TRAINING_ERROR.value,
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
    training, update = bench["training"], bench["update"]["pytorch_over_engine"]["median"]
    times = training["pytorch_seconds"] / training["engine_seconds"]
    where = "inside" if test["low"] <= paper.TEST_ERROR.value <= test["high"] else "outside"
    lines += [
        "",
        f"The paper's {paper.TEST_ERROR.value:.2f} lies {where} the interval of our mean. A single "
        f"further run of ours would lie between {once:.2f} and {test['one_run_high']:.2f}.",
        f"One training takes {training['engine_seconds']:.0f} seconds on one core, {times:.0f} "
        f"times faster than eager PyTorch; one update alone is {update:.0f} times faster.",
    ]
    return "\n".join(lines)


def test_the_readme_shows_the_committed_results():
    expected = table()
    found = (ROOT / "README.md").read_text(encoding="utf-8")
    assert expected in found, f"put this into the README:\n\n{expected}"
