"""What the paper printed of every classifier: Section III-C and III-D, Figs. 9 to 12.

With `numbers` the only place where a published number is written. Where text and figures disagree
the figures' numbers stand here, and the text's beside them.
"""

from __future__ import annotations

from typing import NamedTuple

from paper_lenet.paper.numbers import Published


class PrintedBar(NamedTuple):
    """One bar of Fig. 9, 11 or 12; `None` where a figure has no such bar.

    Attributes:
        name: as in the figures.
        error: test error in percent (Fig. 9).
        operations: multiply-accumulates a digit, in thousands (Fig. 11).
        variables: stored variables, in thousands (Fig. 12).
        rejected: test patterns rejected for an error of 0.5% on the rest, in percent (Fig. 10).

    Example:
        >>> [bar.error for bar in CLASSIFIERS if bar.name == "LeNet-5"]
        [0.95]
    """

    name: str
    error: float
    operations: int | None = None
    variables: int | None = None
    rejected: float | None = None


_REJECTION = "Fig. 10"
ERROR_AFTER_REJECTION = Published("error on what is not rejected, %", 0.5, _REJECTION, 0.1)

_OTHERS = "Section III-C, p. 2291"
CLASSIFIERS = (
    PrintedBar("Linear", 12.0, 4, 4),
    PrintedBar("[deslant] Linear", 8.4),
    PrintedBar("Pairwise", 7.6, 36, 35),
    PrintedBar("K-NN Euclidean", 5.0),
    PrintedBar("[deslant] K-NN Euclidean", 2.4, 24_000, 24_000, 8.1),
    PrintedBar("40 PCA + quadratic", 3.3, 39, 40),
    PrintedBar("1000 RBF + linear", 3.6, 794, 794),
    PrintedBar("[16x16] Tangent Distance", 1.1, 20_000, 25_000, 1.9),
    PrintedBar("SVM poly 4", 1.1, 14_000, 14_000, 1.8),
    PrintedBar("RS-SVM poly 5", 1.0, 650, 650),
    PrintedBar("[dist] V-SVM poly 9", 0.8, 28_000, 28_000),
    PrintedBar("28x28-300-10", 4.7),
    PrintedBar("[dist] 28x28-300-10", 3.6),
    PrintedBar("[deslant] 20x20-300-10", 1.6, 123, 123, 3.2),
    PrintedBar("28x28-1000-10", 4.5, 795, 795),
    PrintedBar("[dist] 28x28-1000-10", 3.8),
    PrintedBar("28x28-300-100-10", 3.05, 267, 267),
    PrintedBar("[dist] 28x28-300-100-10", 2.5),
    PrintedBar("28x28-500-150-10", 2.95, 469, 469),
    PrintedBar("[dist] 28x28-500-150-10", 2.45),
    PrintedBar("[16x16] LeNet-1", 1.7, 100, 3, 3.7),
    PrintedBar("LeNet-4", 1.1, 260, 17, 1.8),
    PrintedBar("LeNet-4 / Local", 1.1, 20_000, 24_000, 1.4),
    PrintedBar("LeNet-4 / K-NN", 1.1, 10_000, 24_000, 1.6),
    PrintedBar("LeNet-5", 0.95, 401, 60),
    PrintedBar("[dist] LeNet-5", 0.8),
    PrintedBar("[dist] Boosted LeNet-4", 0.7, 460, 51, 0.5),
)
MORE_OPERATIONS = Published("operations of RS-SVM above LeNet-5's, %", 60, "Section III-C", 10)
BOOSTED_COST = Published("cost of the boosted LeNet-4, in single ones", 1.75, _OTHERS)
LENET_1_OPERATIONS = Published("multiply-adds of LeNet-1 (about)", 100_000, _OTHERS, 10_000)
LENET_1_PARAMETERS = Published("parameters of LeNet-1 (about)", 2_600, _OTHERS, 100)
# Not of this paper: what its authors printed of the network from which LeNet-1 seems to come.
_EARLIER = "LeCun et al. (NIPS 1989)"
CONNECTIONS_1989 = Published("connections of the network of 1989", 98_442, _EARLIER)
PARAMETERS_1989 = Published("parameters of the network of 1989", 2_578, _EARLIER)
LENET_4_PARAMETERS = Published("parameters of LeNet-4 (about)", 17_000, _OTHERS, 1000)
TWO_HIDDEN = Published("first of the two hidden layers, in the text", 1000, _OTHERS)
