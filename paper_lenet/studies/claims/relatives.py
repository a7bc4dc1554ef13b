"""Claims on LeNet-1, LeNet-4 and its boosted form: Section III-C, Fig. 9.

The paper gives neither the layers of LeNet-1 nor the kernels and connections of LeNet-4, and the
sizes that it gives of LeNet-4 do not fit its description. So their errors cannot be tested.
"""

from __future__ import annotations

from paper_lenet.paper import classifiers
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.cost import classifier
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance
from paper_lenet.studies.claims.results import Results
from paper_lenet.studies.claims.rules import OPEN, holds, undecided

AT_MOST = Tolerance(
    "the described part alone has no more parameters",
    "what the description leaves open can only add to them",
)
NAMES = {
    "[16x16] LeNet-1": "its layers are not in the paper",
    "LeNet-4": "its kernels and the connections of its maps are not in the paper",
    "[dist] Boosted LeNet-4": "it is made of three LeNet-4, whose layers are not in the paper",
}


def claims() -> list[Claim]:
    """The claims of this theme."""
    return [*(_error(name, why) for name, why in NAMES.items()), _lenet_4()]


def _error(name: str, why: str) -> Claim:
    printed = Published(f"test error of {name}, %", classifier(name).error, "Fig. 9", 0.1)
    short = name.rpartition("]")[2].strip()

    def judge(results: Results) -> Finding:
        return undecided(why)

    return Claim(
        f"error-{short.lower().replace(' ', '-')}",
        f"the test error of {short}, in percent",
        (printed,),
        printed.place,
        "a network of the same layers",
        OPEN,
        judge,
    )


def _lenet_4() -> Claim:
    printed = classifiers.LENET_4_PARAMETERS

    def judge(results: Results) -> Finding:
        # The smallest that 16 maps may be, below a layer of 120 that sees them whole.
        ours = 120 * (16 * 4 * 4 + 1)
        note = "16 maps of 4 × 4 into 120 units; of 5 × 5 there are more still"
        return Finding(holds(ours <= printed.value + printed.unit / 2), ours, note=note)

    return Claim(
        "lenet-4",
        "LeNet-4 as described has about so many parameters",
        (printed,),
        printed.place,
        "parameters of its full layer alone",
        AT_MOST,
        judge,
        ",.0f",
    )
