"""Claims on a trained network from inside: Fig. 13, and Section II-B on F6.

The numbers of 1998 are read from the drawn states (`paper_lenet.paper.fig13`); ours are networks
of the same recipe, trained as the figure's was, with a tenth of the pixels inverted.
"""

from __future__ import annotations

from paper_lenet.base.statistics import LEVEL, over_seeds
from paper_lenet.paper import fig13, numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance
from paper_lenet.studies.claims.results import Results
from paper_lenet.studies.claims.rules import ONE_RUN, as_printed, below, one_run

STUDY, RUN = "noise", "paper"
# The drawn scale of F6 is another, so its shares cannot be read.
SATURATED = ("C1", "S2", "C3", "S4", "C5")
FEW = 0.05
READ = Tolerance(
    f"the {100 * LEVEL:g}% interval for one further run of ours contains some of what the drawing "
    "allows",
    "the figure shows one network; its grey levels are coarse, so a share lies between two numbers",
)
HARDLY = Tolerance(
    f"the {100 * LEVEL:g}% interval for the mean share lies below {100 * FEW:g}%",
    "the paper gives no number; one state in twenty would no longer be an exception",
)


def claims() -> list[Claim]:
    """The claims of this theme."""
    coefficients = [
        _coefficient(layer, kind)
        for layer in ("S2", "S4")
        for kind in ("mean", "least", "greatest")
    ]
    return [*coefficients, *map(_saturated, SATURATED), _f6()]


def _coefficient(layer: str, kind: str) -> Claim:
    found = over_seeds([unit.coefficient for unit in fig13.subsampling(layer)])
    value = {"mean": found.mean, "least": found.least, "greatest": found.greatest}[kind]
    printed = Published(f"{kind} coefficient of {layer}", round(value, 3), numbers.FIG_13, 0.001)

    def judge(results: Results) -> Finding:
        run = results.run(STUDY, RUN)
        dead = layer == "S4" and kind != "greatest"
        note = "one map of the drawn network is dead" if dead else ""
        return as_printed(run.values(f"{layer}_{kind}"), printed, run.diverged, note)

    return Claim(
        f"coefficient-{layer.lower()}-{kind}",
        f"the {kind} trained coefficient of {layer}, on the sum of four inputs",
        (printed,),
        numbers.FIG_13,
        "the same, a value a seed",
        ONE_RUN,
        judge,
    )


def _saturated(layer: str) -> Claim:
    share = fig13.saturated(fig13.drawn(layer))
    what = f"part of {layer}'s states beyond {fig13.SATURATED}"
    printed = tuple(
        Published(f"{what}, {end}", round(value, 3), numbers.FIG_13)
        for end, value in zip(("at least", "at most"), share, strict=True)
    )

    def judge(results: Results) -> Finding:
        run = results.run(STUDY, RUN)
        low, high = (number.value for number in printed)
        return one_run(run.values(f"{layer}_saturated"), low, high, run.diverged)

    return Claim(
        f"saturated-{layer.lower()}",
        f"the part of {layer}'s states that are saturated, beyond {fig13.SATURATED}",
        printed,
        numbers.FIG_13,
        "the same, over 500 test patterns with inverted pixels, a value a seed",
        READ,
        judge,
    )


def _f6() -> Claim:
    def judge(results: Results) -> Finding:
        return below(results.run("paper", "paper").values("F6_saturated"), FEW)

    return Claim(
        "f6-not-saturated",
        "codes of plus and minus one keep the units of F6 from saturating",
        (),
        "Section II-B, p. 2286",
        f"part of F6's states beyond {fig13.SATURATED}, over 500 test patterns",
        HARDLY,
        judge,
        ".4f",
    )
