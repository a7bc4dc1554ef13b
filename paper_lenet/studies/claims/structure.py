"""Claims on the network's structure: Sections II-A and II-B, Table I, Fig. 3, Appendix A.

All are computed from the description; nothing is trained for them.
"""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from paper_lenet.network.architecture import SQUASHING_AMPLITUDE, SQUASHING_SLOPE, layers
from paper_lenet.network.receptive_field import receptive_fields
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Count, Published
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance
from paper_lenet.studies.claims.results import Results
from paper_lenet.studies.claims.rules import EXACT, ROUNDED, equal, holds, rounded

COUNTED = "the sum over the layer list"
# Section II-B names these as easily confused, and so alike in their codes.
CONFUSABLE = ("O", "o", "0"), ("l", "1", "[", "]", "I")
PRINTABLE = range(33, 127)

ALIKE = Tolerance(
    "within each group every pair is nearer than half of all pairs of printable characters",
    "the paper says alike, without a number; nearer than a pair taken at random is the least that "
    "it can mean",
)


def claims() -> list[Claim]:
    """The claims of this theme."""
    counts = [*numbers.COUNTS, numbers.TOTAL]
    parameters = [_count(each, "parameters", each.parameters) for each in counts]
    connections = [
        _count(each, "connections", each.connections)
        for each in counts
        if each.connections is not None
    ]
    return [*parameters, *connections, _centres(), _squashed_one(), _bend(), _codes()]


def _count(count: Count, kind: str, printed: int | None) -> Claim:
    assert printed is not None
    total = count is numbers.TOTAL
    number = Published(f"{kind} of {count.layer}", printed, count.place)

    def judge(results: Results) -> Finding:
        chosen = [layer for layer in layers() if total or layer.name == count.layer]
        ours = sum(getattr(layer, kind) for layer in chosen)
        preprint = kind == "connections" and count.connections != count.journal_connections
        return equal(ours, number, "the preprint's number; see the tensions" if preprint else "")

    subject = "the network" if total else count.layer
    name = f"{kind}-{'total' if total else count.layer.lower()}"
    statement = f"{subject} has so many {kind}"
    return Claim(name, statement, (number,), count.place, COUNTED, EXACT, judge, ",.0f")


def _centres() -> Claim:
    number = numbers.LARGEST_DIGIT

    def judge(results: Results) -> Finding:
        field = next(each for each in receptive_fields() if each.name == "C3")
        low, high = field.tiled
        return equal(high - low, number, f"pixels {low:g} to {high:g} of 32")

    return Claim(
        "centres-c3",
        "the centres of C3's receptive fields form the middle 20 by 20 of the input",
        (number,),
        number.place,
        "side of what the centres tile, each standing for one jump around it",
        EXACT,
        judge,
        ".0f",
    )


def squash(total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Eq. 6."""
    result: NDArray[np.float64] = SQUASHING_AMPLITUDE * np.tanh(SQUASHING_SLOPE * total)
    return result


def _squashed_one() -> Claim:
    number = numbers.SQUASHED_ONE
    tolerance = Tolerance(
        "within one unit of the last printed digit of A",
        "A = 1.7159 is itself rounded to four decimals",
    )

    def judge(results: Results) -> Finding:
        ours = float(squash(np.array(1.0)))
        return Finding(holds(abs(ours - number.value) <= 1e-4), ours)

    return Claim(
        "squash-one",
        "f(1) = 1 and f(-1) = -1",
        (number,),
        number.place,
        "eq. 6 with the printed A and S; f is odd",
        tolerance,
        judge,
        ".6f",
    )


def _bend() -> Claim:
    number = numbers.STRONGEST_BEND

    def judge(results: Results) -> Finding:
        # f'' is proportional to t - t^3 with t = tanh(S a), greatest where t^2 = 1/3.
        ours = float(np.arctanh(np.sqrt(1 / 3)) / SQUASHING_SLOPE)
        return rounded(ours, number)

    return Claim(
        "squash-bend",
        "the second derivative of f is greatest at 1 and -1",
        (number,),
        number.place,
        "the argument where it is greatest, from eq. 6",
        ROUNDED,
        judge,
    )


def all_codes() -> dict[str, NDArray[np.int64]]:
    """The 96 codes of Fig. 3 by character, (84,) each, +1 and -1."""
    text = files("paper_lenet.paper").joinpath("data/fig3_codes.txt").read_text(encoding="utf-8")
    result = {}
    for block in text.split("\n\n"):
        if block.strip() and not block.startswith("#"):
            heading, *rows = block.strip().splitlines()
            marks = "".join(rows)
            character = chr(int(heading.split(maxsplit=1)[0]))
            result[character] = np.array([1 if mark == "#" else -1 for mark in marks])
    return result


def distances(characters: str) -> list[int]:
    """The Hamming distances between the codes of every two of `characters`."""
    codes = all_codes()
    pairs = combinations(characters, 2)
    return [int(np.count_nonzero(codes[one] != codes[other])) for one, other in pairs]


def _codes() -> Claim:
    def judge(results: Results) -> Finding:
        median = float(np.median(distances("".join(map(chr, PRINTABLE)))))
        alike = [distance for group in CONFUSABLE for distance in distances("".join(group))]
        return Finding(
            holds(max(alike) < median),
            max(alike),
            n=len(alike),
            note=f"the middle distance of all pairs is {median:g}",
        )

    return Claim(
        "codes-alike",
        "characters that are easily confused have similar codes: O, o and 0; l, 1, I and brackets",
        (),
        "Section II-B, p. 2286",
        "the greatest Hamming distance of a pair within the groups, of the codes of Fig. 3",
        ALIKE,
        judge,
        ".0f",
    )
