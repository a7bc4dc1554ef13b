"""The study ``small``: three of Fig. 9's cheap classifiers, kept for the page to touch.

The linear one, 40 principal components with a quadratic classifier, and LeNet-1 (Section III-C), as
``studies/fig9.yaml`` has them, with seed 0. The record of the study ``fig9`` has whom they misread
and not their weights. Networks come from the store of trainings, and are trained if they are not
there. Of what is fitted at once the store has scores alone: it is fitted again, and has to answer
as they do.

Weights are rounded to whole steps, so that the page stays small: to 16 bits, and to 8 those of the
axes, which are more than half of all. What that changes is counted on the test patterns.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import Arrays, fixed, write_csv, write_json, write_tensors
from paper_lenet.digits.mnist import load
from paper_lenet.network.rounded import in_steps
from paper_lenet.studies.fig9 import networks, quadratic, train
from paper_lenet.studies.fig9.run import Run, State
from paper_lenet.studies.fig9.runs import answers, prepare
from paper_lenet.studies.fig9.sets import Judged, Sent
from paper_lenet.studies.study import Folders, Study
from paper_lenet.training.job import State as Passed

FIG9, NAMES, SEED = "fig9", ("linear", "pca_quadratic", "lenet_1"), 0
BITS, FEWER_BITS = 16, {"axes": 8}
WEIGHTS, KEY = "weights.safetensors", "steps"
COLUMNS = (
    *("classifier", "bar", "form", "parameters", "patterns"),
    *("errors", "rounded_errors", "otherwise", "percent", "rounded_percent"),
)
Answered = NDArray[np.uint8]


class SmallError(PaperLenetError, RuntimeError):
    """A classifier answers otherwise than in the store of trainings."""


class Small(NamedTuple):
    """One classifier with its weights rounded.

    Attributes:
        whole: its weights by name, whole numbers.
        steps: by name what one of them is.
        parameters: how many numbers it has.
        truth: (M,), the classes of the test patterns.
        exact: (M,), its answers before its weights were rounded.
        rounded: (M,), those after.
    """

    whole: Arrays
    steps: dict[str, float]
    parameters: int
    truth: Answered
    exact: Answered
    rounded: Answered


def analyse(folders: Folders) -> None:
    """Write ``weights.safetensors``, ``small.csv`` and ``small.json``.

    An array is called by its classifier and its own name, with a dot between.

    Raises:
        DivergedError: a network diverges.
        IdxError: the digits are missing or damaged.
        RecipeError: the file of classifiers is wrong.
        SmallError: one that is fitted answers otherwise than in the store.
    """
    prepare()
    digits = load(folders.raw())
    source = Sent(*digits)
    trained = train.with_seed(folders.grid(FIG9), NAMES, SEED, digits, folders)
    whole: Arrays = {}
    steps: dict[str, float] = {}
    rows = []
    for run, state in trained:
        found = kept(run, state, source.judged(run.classifier.form, False))
        whole |= {f"{run.name}.{name}": part for name, part in found.whole.items()}
        steps |= {f"{run.name}.{name}": step for name, step in found.steps.items()}
        rows.append(row(run, found))
    results = folders.results()
    write_tensors(results / WEIGHTS, whole, {KEY: steps})
    write_csv(results / "small.csv", COLUMNS, rows)
    tree = {str(cells[0]): dict(zip(COLUMNS, cells, strict=True)) for cells in rows}
    write_json(results / "small.json", tree)


def kept(run: Run, state: State, judged: Judged) -> Small:
    """A trained classifier with its weights rounded.

    Args:
        run: a network, or what `quadratic` fits.
        state: after its last pass.
        judged: the digits in its form.

    Raises:
        SmallError: it was fitted again, and answers otherwise than `state` has it.
    """
    assert state.fitted is not None  # it is finished
    exact = answers(state.fitted.scores)
    learned = dict(state.passed.parameters) if run.kind.network else _fitted(run, judged)
    if not np.array_equal(answered(run, learned, judged), exact):
        raise SmallError(f"{run}: fitted again it answers otherwise than in the store of trainings")
    whole, steps = rounded(learned)
    after = answered(run, multiplied(whole, steps), judged)
    return Small(whole, steps, state.fitted.variables, judged.truth, exact, after)


def _fitted(run: Run, judged: Judged) -> Arrays:
    """Mean, axes and weights."""
    sets = judged.sets
    return quadratic.units(run.settings, sets.training, sets.labels)._asdict()


def answered(run: Run, learned: Arrays, judged: Judged) -> Answered:
    """The answers to the test patterns, (M,), with these weights."""
    if run.kind.network:
        scored = networks.fitted(run.settings, Passed(learned), judged.patterns[1])
        return answers(scored.scores)
    units = quadratic.Units(**learned)
    return answers(quadratic.scores(run.settings, units, judged.sets.test))


def rounded(learned: Arrays) -> tuple[Arrays, dict[str, float]]:
    """Weights by name as whole numbers, int16, or int8 with so few bits; and one step of each."""
    whole: Arrays = {}
    steps: dict[str, float] = {}
    for name, part in learned.items():
        bits = FEWER_BITS.get(name, BITS)
        numbers, steps[name] = in_steps(part, bits)
        whole[name] = numbers.astype(np.int8 if bits <= 8 else np.int16)
    return whole, steps


def multiplied(whole: Arrays, steps: dict[str, float]) -> Arrays:
    """The weights that whole numbers stand for, float32, as the page has them."""
    return {name: (part * steps[name]).astype(np.float32) for name, part in whole.items()}


def row(run: Run, each: Small) -> tuple[object, ...]:
    """The cells of `COLUMNS`: ``otherwise`` are the test patterns that rounding changes."""
    patterns, made = len(each.truth), run.classifier
    errors, after, otherwise = (
        int(np.count_nonzero(one != other))
        for one, other in (
            (each.exact, each.truth),
            (each.rounded, each.truth),
            (each.exact, each.rounded),
        )
    )
    percent = (fixed(100 * count / patterns, 2) for count in (errors, after))
    about = (run.name, made.bar, made.form, each.parameters, patterns)
    return (*about, errors, after, otherwise, *percent)


STUDY = Study(analyse=analyse)
