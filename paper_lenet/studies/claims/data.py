"""Claims on the data: Section II-B (the input's scale) and Section III-A (MNIST)."""

from __future__ import annotations

from paper_lenet.digits.preprocess import ROUGHLY
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance
from paper_lenet.studies.claims.results import Results
from paper_lenet.studies.claims.rules import EXACT, OPEN, equal, holds, undecided

FIELDS = {"field_28": "28 × 28 pixels", "field_32": "32 × 32 pixels"}
ROUGH = Tolerance(
    f"within {ROUGHLY:g} in one of the two fields",
    'the paper says "roughly" and not over which pixels; a tenth of the unit that the scale aims '
    "at is a generous reading",
)


def claims() -> list[Claim]:
    """The claims of this theme."""
    return [
        _patterns("train", numbers.TRAINING_PATTERNS),
        _patterns("test", numbers.TEST_PATTERNS),
        _test_set(),
        _moment("mean", numbers.INPUT_MEAN),
        _moment("variance", numbers.INPUT_VARIANCE),
        Claim(
            "writers",
            "half of the test patterns are of writers at school, and no writer is in both sets",
            (),
            "Section III-A, p. 2287",
            "the writers of the patterns",
            OPEN,
            lambda results: undecided("MNIST as it is public does not say who wrote a pattern"),
        ),
    ]


def _patterns(part: str, printed: Published) -> Claim:
    def judge(results: Results) -> Finding:
        return equal(results.tree("preprocess.json")["patterns"][part], printed)

    return Claim(
        f"patterns-{part}",
        f"so many {printed.what}",
        (printed,),
        printed.place,
        "patterns in today's MNIST",
        EXACT,
        judge,
        ",.0f",
    )


def _test_set() -> Claim:
    printed = Published("patterns of Fig. 8", len(numbers.fig8()), numbers.FIG_8)

    def judge(results: Results) -> Finding:
        truth = {int(row["index"]): int(row["truth"]) for row in results.rows(PATTERNS)}
        same = sum(truth.get(pattern.test_index) == pattern.truth for pattern in numbers.fig8())
        return equal(same, printed)

    return Claim(
        "test-set",
        "the test set is the one whose misread patterns are drawn",
        (printed,),
        numbers.FIG_8,
        "classes of Fig. 8's patterns that are those of the same places in today's test set",
        EXACT,
        judge,
        ".0f",
    )


PATTERNS = "evaluate/patterns.csv"


def _moment(kind: str, printed: Published) -> Claim:
    def judge(results: Results) -> Finding:
        found = results.tree("preprocess.json")
        values = {field: found[field][kind] for field in FIELDS}
        best = min(values, key=lambda field: abs(values[field] - printed.value))
        note = ", ".join(f"{values[field]:.3g} over {text}" for field, text in FIELDS.items())
        near = abs(values[best] - printed.value) <= ROUGHLY
        return Finding(holds(near), values[best], note=note)

    return Claim(
        f"input-{kind}",
        f"the scale of the inputs makes their {kind} roughly {printed.value:g}",
        (printed,),
        printed.place,
        f"the {kind} over all training patterns, exact, in the nearer field",
        ROUGH,
        judge,
    )
