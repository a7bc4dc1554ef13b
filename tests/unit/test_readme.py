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
    seconds, ratio = bench["training"]["engine_seconds"], bench["update"]["pytorch_over_engine"]
    lines += [
        "",
        f"One training takes {seconds:.0f} seconds on one core, {ratio['median']:.0f} times faster "
        "than eager PyTorch.",
    ]
    return "\n".join(lines)


def test_the_readme_shows_the_committed_results():
    expected = table()
    found = (ROOT / "README.md").read_text(encoding="utf-8")
    assert expected in found, f"put this into the README:\n\n{expected}"
