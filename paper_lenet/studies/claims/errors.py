"""Claims on which test patterns are misread: Fig. 8.

Whether the network of Fig. 8 is one more seed of ours is asked by a test of exchangeability, see
`paper_lenet.results.mistakes`: if it were, it would be as like ours as they are like each other.
"""

from __future__ import annotations

from paper_lenet.base.statistics import LEVEL, over_seeds
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.results.mistakes import fig8, pairs, rank, shared
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance, Verdict
from paper_lenet.studies.claims.results import Results, Run
from paper_lenet.studies.claims.rules import ONE_RUN, as_printed, holds, one_run

RUNS = {
    ("paper", "paper"): ("plain", "trained without distortions"),
    ("distortions", "fig7"): ("fig7", "trained on distortions with Fig. 7's ranges"),
    ("distortions", "chosen"): ("chosen", "trained on distortions with the chosen ranges"),
}
# The smallest p of n seeds is 1 / (n + 1): with fewer the test could never fail.
FEWEST = 19
DRAWN = Published("misread patterns", len(numbers.fig8()), numbers.FIG_8)
EXCHANGED = Tolerance(
    f"it is not among the {100 - 100 * LEVEL:g}% of networks that are least like the others",
    "if the 82 come from one more seed, each network is as likely as any other to be the odd one; "
    "Jaccard's index, patterns in common over patterns in either, allows for different totals",
)
NEARER = Tolerance(
    f"the {100 * LEVEL:g}% intervals for the mean index with Fig. 8 do not overlap, and that with "
    "distortions is the higher",
    "82 of 10,000 is what Fig. 6 has with distortions; if that is where they come from, networks "
    "trained so must be more like it",
)


def claims() -> list[Claim]:
    """The claims of this theme."""
    result = []
    for run in RUNS:
        result += [_count(*run), _seed(*run, same=False), _seed(*run, same=True)]
    return [*result, _nearer("fig7"), _nearer("chosen")]


def _count(study: str, name: str) -> Claim:
    short, how = RUNS[study, name]

    def judge(results: Results) -> Finding:
        run = results.run(study, name)
        counts = [float(len(network)) for network in run.misread.values()]
        return as_printed(counts, DRAWN, run.diverged)

    return Claim(
        f"fig8-count-{short}",
        f"so many test patterns are misread; our networks are {how}",
        (DRAWN,),
        numbers.FIG_8,
        "misread test patterns after the last pass",
        ONE_RUN,
        judge,
        ".1f",
    )


def _seed(study: str, name: str, same: bool) -> Claim:
    short, how = RUNS[study, name]
    answers = "with the same answer" if same else "whatever the answer"

    def judge(results: Results) -> Finding:
        run = results.run(study, name)
        networks = list(run.misread.values())
        if len(networks) < 2:
            return one_run([float(len(each)) for each in networks], 0, 0, run.diverged)
        found = rank(networks, same)
        meet = [shared(network, fig8()) for network in networks]
        counts = [float(each.same if same else each.both) for each in meet]
        two = [float(each.same if same else each.both) for each in pairs(networks)]
        summary = over_seeds(counts)
        note = (
            f"two of ours share {over_seeds(two).mean:.1f}; place {found.rank} of "
            f"{len(found.likeness)} from the least alike, p = {found.p:.2f}"
        )
        if len(networks) < FEWEST:
            verdict = Verdict.NOT_MEASURED
            note += f"; with fewer than {FEWEST} seeds this test cannot say no"
        else:
            verdict = holds(found.p > 1 - LEVEL)
        return Finding(verdict, summary.mean, summary.low, summary.high, len(networks), note)

    return Claim(
        f"fig8-{'answers' if same else 'patterns'}-{short}",
        f"these are misread, {answers}: one more seed of networks {how}",
        (DRAWN,),
        numbers.FIG_8,
        "how many of them one of our networks misreads as well, on average",
        EXCHANGED,
        judge,
        ".1f",
    )


def likeness(run: Run) -> list[float]:
    """Jaccard's index of each of our networks with Fig. 8."""
    return [shared(network, fig8()).jaccard for network in run.misread.values()]


def _nearer(name: str) -> Claim:
    def judge(results: Results) -> Finding:
        with_, without = results.run("distortions", name), results.run("paper", "paper")
        if min(len(with_.misread), len(without.misread)) < 2:
            return Finding(Verdict.NOT_MEASURED, note="it takes two seeds or more")
        one, other = over_seeds(likeness(with_)), over_seeds(likeness(without))
        note = f"without distortions {other.mean:.3f}, {other.low:.3f} to {other.high:.3f}"
        return Finding(holds(one.low > other.high), one.mean, one.low, one.high, one.n, note)

    return Claim(
        f"fig8-nearer-{name}",
        "the misread patterns are those of the network that was trained on distortions",
        (DRAWN,),
        numbers.FIG_8,
        f"Jaccard's index of our networks with them, {RUNS['distortions', name][1]}",
        NEARER,
        judge,
        ".3f",
    )
