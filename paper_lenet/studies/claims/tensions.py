"""Tensions: where the paper, or its two versions, say two things that cannot both be so.

Each is put as the claim that is in doubt. The journal's numbers are those of the printed version,
the preprint's those of the authors' own.
"""

from __future__ import annotations

from paper_lenet.base.statistics import LEVEL
from paper_lenet.network.architecture import layers
from paper_lenet.paper import classifiers, numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.cost import classifier, full
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance
from paper_lenet.studies.claims.results import Results, differences
from paper_lenet.studies.claims.rules import (
    EXACT,
    ONE_RUN,
    OPEN,
    ROUNDED,
    as_printed,
    equal,
    rounded,
    undecided,
    within,
)

C3 = next(count for count in numbers.COUNTS if count.layer == "C3")
SAME = Tolerance(
    f"the {100 * LEVEL:g}% interval for the difference, within seeds, lies within "
    f"{numbers.UNCERTAINTY.value:g} points",
    "the paper's own uncertainty: a difference within it would not show in its numbers",
)


def claims() -> list[Claim]:
    """The claims of this theme."""
    return [
        _journal("c3", C3.journal_connections, C3.place),
        _journal("total", numbers.TOTAL.journal_connections, numbers.TOTAL.place),
        _trainable(),
        _average_or_sum(),
        _literal_step("smallest_step", numbers.SMALLEST_STEP),
        _literal_step("largest_step", numbers.LARGEST_STEP),
        _literal_error(),
        _fig6(),
        _two_hidden(),
        *(_open(*each) for each in UNDECIDED),
    ]


def _journal(name: str, value: int | None, place: str) -> Claim:
    assert value is not None
    printed = Published("connections in the journal", value, place)

    def judge(results: Results) -> Finding:
        chosen = [layer for layer in layers() if name in ("total", layer.name.lower())]
        ours = sum(layer.connections for layer in chosen)
        return equal(ours, printed, "the preprint prints our number")

    subject = "in all" if name == "total" else f"of {name.upper()}"
    return Claim(
        f"journal-{name}",
        f"the connections {subject}, as the journal prints them",
        (printed,),
        place,
        "the sum over the layer list",
        EXACT,
        judge,
        ",.0f",
    )


def _trainable() -> Claim:
    printed = numbers.LAYERS

    def judge(results: Results) -> Finding:
        ours = sum(bool(layer.parameters) for layer in layers())
        return equal(ours, printed, "the output's codes are fixed, at least at first")

    return Claim(
        "all-trainable",
        "all seven layers have trainable parameters",
        (printed,),
        printed.place,
        "layers of the layer list that have any",
        EXACT,
        judge,
        ".0f",
    )


def _average_or_sum() -> Claim:
    def judge(results: Results) -> Finding:
        one, other = (results.run("readings", name) for name in ("sum", "paper"))
        return within(differences(one, other), numbers.UNCERTAINTY.value)

    return Claim(
        "average-or-sum",
        "subsampling takes the average of four inputs (II-A), or adds them (II-B): one network",
        (),
        "Sections II-A and II-B, pp. 2284-2285",
        "test error with the sum less that with the average, in points, within seeds",
        SAME,
        judge,
        "+.3f",
    )


def _literal_step(column: str, printed: Published) -> Claim:
    def judge(results: Results) -> Finding:
        run = results.run("literal", "literal")
        return as_printed(run.values(column), printed, run.diverged)

    return Claim(
        f"literal-{column.replace('_', '-')}",
        f"the {printed.what.removesuffix(' (about)')}, from the text taken word by word",
        (printed,),
        printed.place,
        "the same in pass 1, with the weights of Appendix A",
        ONE_RUN,
        judge,
        ".2e",
    )


def _literal_error() -> Claim:
    printed = numbers.TEST_ERROR

    def judge(results: Results) -> Finding:
        run = results.run("literal", "literal")
        return as_printed(run.test(), printed, run.diverged)

    return Claim(
        "literal-test-error",
        "the test error in percent, from the text taken word by word",
        (printed,),
        printed.place,
        "test error after the last pass, with the weights of Appendix A, eq. 7 and eq. 8",
        ONE_RUN,
        judge,
    )


def _fig6() -> Claim:
    point = numbers.fig6()[-1]
    printed = Published("test error, %", point.test_error, numbers.FIG_6, numbers.FIG_6_STEP)

    def judge(results: Results) -> Finding:
        return rounded(numbers.TEST_ERROR.value, printed, "one test pattern of 10,000 is 0.01")

    return Claim(
        "fig6-text",
        "Fig. 6 draws the test error of the text",
        (printed,),
        f"{numbers.FIG_6}, {numbers.TEST_ERROR.place}",
        "the text's number against the marker",
        ROUNDED,
        judge,
        ".2f",
    )


def _two_hidden() -> Claim:
    name = "28x28-500-150-10"
    operations = classifier(name).operations
    assert operations is not None
    printed = Published(
        "operations of the larger such network, thousands", operations, "Fig. 11", 1
    )
    first = int(classifiers.TWO_HIDDEN.value)

    def judge(results: Results) -> Finding:
        ours = full(28 * 28, first, 150, 10) / 1000
        return rounded(
            ours, printed, "with 500 in place of 1,000, as the figures have it, they agree"
        )

    return Claim(
        "two-hidden-layers",
        f"the larger network of two hidden layers has {first} and 150 units, as the text says",
        (printed,),
        f"{printed.place}, {classifiers.TWO_HIDDEN.place}",
        "weights and biases of that shape, in thousands",
        ROUNDED,
        judge,
        ",.0f",
    )


# Tensions of which nothing public says which side is right: name, statement, place, note.
UNDECIDED = (
    (
        "passes",
        "the training has 20 passes (text), or 21 points (Fig. 5)",
        f"{numbers.PASSES.place}, {numbers.FIG_5}",
        "the last points are alike, so the curve fits both",
    ),
    (
        "loss",
        "the results are of eq. 8, or of eq. 9 with some j",
        "Section II-C, p. 2286",
        "the text does not say; see the study of readings",
    ),
    (
        "rejection-score",
        "a pattern is rejected by its smallest penalty, or by the two smallest",
        "Section III-D",
        "both wordings stand there; the second is the explicit one",
    ),
    (
        "svm-error",
        "the support vector machine has 1.4% or 1.1%, its reduced form 1.1% or 1.0%",
        "Section III-C, Fig. 9",
        "experiments of others; their programs are not public",
    ),
    (
        "svm-degree",
        "the virtual support vector machine is of degree 9 (Figs. 9, 11) or 5 (Fig. 12)",
        "Figs. 9, 11 and 12",
        "an experiment of others; its program is not public",
    ),
)


def _open(name: str, statement: str, place: str, note: str) -> Claim:
    def judge(results: Results) -> Finding:
        return undecided(note)

    return Claim(name, statement, (), place, "none", OPEN, judge)
