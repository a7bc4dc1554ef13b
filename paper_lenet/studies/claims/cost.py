"""Claims on cost: multiply-accumulates and variables, Figs. 11 and 12.

Those of LeNet-5 are counted from the layer list, those of the other networks from the shapes that
Section III-C describes. All figures are in thousands.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from paper_lenet.network.architecture import layers
from paper_lenet.paper import classifiers
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.model import Claim, Finding
from paper_lenet.studies.claims.results import Results
from paper_lenet.studies.claims.rules import ROUNDED, holds, rounded

FIGURES = {"operations": "Fig. 11", "variables": "Fig. 12"}
DIGIT, BOX, CLASSES = 28 * 28, 20 * 20, 10


def connections() -> int:
    """Of the whole network."""
    return sum(layer.connections for layer in layers())


def parameters() -> int:
    """Of the whole network."""
    return sum(layer.parameters for layer in layers())


def full(*sizes: int) -> int:
    """The weights and biases of a fully connected network with these layers."""
    return sum((below + 1) * above for below, above in pairwise(sizes))


def classifier(name: str) -> classifiers.Classifier:
    """The bar of that name."""
    return next(each for each in classifiers.CLASSIFIERS if each.name == name)


def _expansion(components: int) -> int:
    """The products of every two components, the components and 1."""
    return components * (components + 1) // 2 + 1


# From the descriptions of Section III-C; one variable for each multiply-accumulate.
SHAPES: dict[str, tuple[str, int]] = {
    "Linear": ("400 inputs and a bias for each of ten units", full(BOX, CLASSES)),
    "Pairwise": ("785 weights for each of the 45 pairs of classes", full(DIGIT, 45)),
    "40 PCA + quadratic": (
        "40 components of 784 pixels, then 821 terms for each of ten units",
        40 * DIGIT + CLASSES * _expansion(40),
    ),
    "1000 RBF + linear": (
        "1,000 units of 784 inputs, then 1,000 for each of ten units",
        1000 * DIGIT + CLASSES * 1000,
    ),
    "[deslant] 20x20-300-10": ("weights and biases", full(BOX, 300, CLASSES)),
    "28x28-1000-10": ("weights and biases", full(DIGIT, 1000, CLASSES)),
    "28x28-300-100-10": ("weights and biases", full(DIGIT, 300, 100, CLASSES)),
    "28x28-500-150-10": ("weights and biases", full(DIGIT, 500, 150, CLASSES)),
}


def claims() -> list[Claim]:
    """The claims of this theme."""
    lenet5 = [
        _thousands("LeNet-5", "operations", "the connections of the layer list", connections),
        _thousands(
            "LeNet-5",
            "operations",
            "connections and parameters added up",
            lambda: connections() + parameters(),
            other=True,
        ),
        _thousands("LeNet-5", "variables", "the parameters of the layer list", parameters),
    ]
    others = [
        _thousands(name, column, test, _constant(count))
        for name, (test, count) in SHAPES.items()
        for column in FIGURES
    ]
    return [*lenet5, _more(), *others, _boosted_variables(), _boosted_cost()]


def _constant(count: int) -> Callable[[], int]:
    return lambda: count


def _thousands(
    name: str, column: str, test: str, count: Callable[[], int], other: bool = False
) -> Claim:
    value = getattr(classifier(name), column)
    what = "multiply-accumulates" if column == "operations" else "stored variables"
    printed = Published(f"{what} of {name}, thousands", value, FIGURES[column], 1)

    def judge(results: Results) -> Finding:
        return rounded(count() / 1000, printed)

    return Claim(
        f"{column}-{_short(name)}{'-sum' if other else ''}",
        f"the {what} of {name.replace('x', '×')}, in thousands"
        + (", if parameters count too" if other else ""),
        (printed,),
        printed.place,
        test,
        ROUNDED,
        judge,
        ",.3f",
    )


def _short(name: str) -> str:
    kept = "".join(each if each.isalnum() else " " for each in name.lower())
    return "-".join(kept.split())


def _more() -> Claim:
    printed = classifiers.MORE_OPERATIONS

    def judge(results: Results) -> Finding:
        reduced = classifier("RS-SVM poly 5").operations
        assert reduced is not None
        with_sum = 100 * (1000 * reduced / (connections() + parameters()) - 1)
        note = f"with connections and parameters added up it is {with_sum:.0f}"
        return rounded(100 * (1000 * reduced / connections() - 1), printed, note)

    return Claim(
        "rs-svm-more",
        "a reduced-set support vector machine takes about so many per cent more operations",
        (printed,),
        printed.place,
        "its printed operations against our connections",
        ROUNDED,
        judge,
        ".0f",
    )


def _boosted_variables() -> Claim:
    one, three = classifier("LeNet-4").variables, classifier("[dist] Boosted LeNet-4").variables
    assert one is not None
    assert three is not None
    printed = Published("stored variables of the boosted LeNet-4, thousands", three, "Fig. 12", 1)

    def judge(results: Results) -> Finding:
        return Finding(holds(3 * one == three), 3 * one)

    return Claim(
        "variables-boosted",
        "the stored variables of the boosted LeNet-4, in thousands",
        (printed,),
        printed.place,
        "three times those printed for LeNet-4",
        ROUNDED,
        judge,
        ".0f",
    )


def _boosted_cost() -> Claim:
    one, mean = classifier("LeNet-4").operations, classifier("[dist] Boosted LeNet-4").operations
    assert one is not None
    assert mean is not None
    printed = Published("operations of the boosted LeNet-4, thousands", mean, "Fig. 11", 10)
    ratio = classifiers.BOOSTED_COST

    def judge(results: Results) -> Finding:
        return rounded(ratio.value * one, printed)

    return Claim(
        "operations-boosted",
        f"the boosted LeNet-4 costs {ratio.value} single ones on average, in thousands",
        (printed,),
        f"{printed.place}, {ratio.place}",
        "its printed factor times the operations printed for LeNet-4",
        ROUNDED,
        judge,
        ".0f",
    )
