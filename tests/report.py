"""Times that matter, printed and held to nothing: ``make report``.

The engine beside PyTorch, measured in turns in one run; then what the last runs of the tests took,
from the files that ``make test`` and ``make test-rest`` leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from paper_lenet.base.machine import cores, environment
from paper_lenet.bench import clock, report, workloads
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.params import read_params
from paper_lenet.training.job import select

ROUNDS = 11
SLOWEST = 12
DATA, WORK = Path("data/processed/mnist"), Path("data/work")


def engine() -> Iterator[str]:
    """One update, one answer, the curvature of one pattern, one training; several threads."""
    recipe = read_params(Path("params.yaml")).recipe
    sets = [Patterns.load(DATA / f"{name}.safetensors") for name in ("train", "test")]
    counted = workloads.works(
        recipe, select(recipe, *sets), workloads.Counts(), sorted({1, cores()})
    )
    seconds = clock.alternate(counted, range(ROUNDS))
    yield f"{environment()['processor']}, {cores()} cores; medians of {ROUNDS} rounds"
    for what in ("update", "answer", "curvature"):
        pair = report.pair(seconds, what)
        engine, pytorch = pair["engine_us"]["median"], pair["pytorch_us"]["median"]
        times = pair["pytorch_over_engine"]
        yield (
            f"{what}: {engine:.1f} µs, in PyTorch {pytorch:.0f} µs, which is "
            f"{times['median']:.0f} times ({times['least']:.0f} to {times['greatest']:.0f})"
        )
    for row in report.threads(seconds)[1:]:
        yield f"{row['threads']} threads: {row['times_one']['median']:.2f} times the updates of one"
    whole = report.training(recipe, seconds, "engine")
    yield f"a training of {recipe.step.passes} passes: {whole:.0f} s on one core"


def tests(path: Path) -> Iterator[str]:
    """How many tests ran and how long, and the slowest of them."""
    (suite,) = ElementTree.parse(path).getroot()
    cases = sorted(suite.iter("testcase"), key=lambda each: -float(each.attrib["time"]))
    total = sum(float(each.attrib["time"]) for each in cases)
    yield (
        f"{path.stem}: {len(cases)} in {float(suite.attrib['time']):.0f} s, "
        f"{total:.0f} s one after the other; the slowest:"
    )
    for case in cases[:SLOWEST]:
        name = f"{case.attrib['classname'].rpartition('.')[2]}, {case.attrib['name']}"
        yield f"{float(case.attrib['time']):7.1f} s  {name[:88]}"
    for each in suite.iter("property"):
        yield f"{each.attrib['name']}: {each.attrib['value']}"


def main() -> None:
    print(*engine(), sep="\n")
    for path in sorted(WORK.glob("tests*.xml")):
        print("", *tests(path), sep="\n")


if __name__ == "__main__":
    main()
