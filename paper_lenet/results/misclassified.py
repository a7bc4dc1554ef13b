"""Lists of misread patterns: all of them, how many networks misread each, the most confident."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from paper_lenet.base.files import fixed, significant, write_csv
from paper_lenet.network.architecture import CLASSES
from paper_lenet.results.answers import Answers
from paper_lenet.results.mistakes import fig8, times_misread

MOST_CONFIDENT = 50


def write_misclassified(path: Path, networks: Sequence[Answers], known: bool) -> None:
    """Every misread pattern of every network with its ten penalties.

    ``in_fig8`` says whether the paper's network misread it too; empty if the set is not the
    paper's (`known` is false).

    Example:
        >>> import numpy as np
        >>> from paper_lenet.base.files import read_csv
        >>> from paper_lenet.network.recipe import Loss
        >>> penalties = np.array([[0.5] + [9] * 9, [0.1] + [9] * 9], np.float32)
        >>> network = Answers(0, np.array([7, 0]), penalties, Loss())
        >>> write_misclassified(Path("misclassified.csv"), [network], known=True)
        >>> (row,) = read_csv(Path("misclassified.csv"))  # the second pattern is answered well
        >>> row["truth"], row["answer"], row["in_fig8"], row["penalty_0"]
        ('7', '0', 'no', '0.5')
    """
    printed = fig8()
    rows = []
    for network in networks:
        for index, answer in network.misread.items():
            mark = ("yes" if index in printed else "no") if known else ""
            penalties = (significant(float(value)) for value in network.penalties[index])
            rows.append((network.seed, index, network.truth[index], answer, mark, *penalties))
    names = (f"penalty_{label}" for label in range(CLASSES))
    write_csv(path, ("seed", "index", "truth", "answer", "in_fig8", *names), rows)


def write_patterns(path: Path, networks: Sequence[Answers], known: bool) -> None:
    """Every pattern that some network, or the one of Fig. 8, misread.

    ``times`` is how many networks misread it, ``answers`` their wrong answers with how often each
    was given, ``fig8_answer`` the answer printed in Fig. 8.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.base.files import read_csv
        >>> from paper_lenet.network.recipe import Loss
        >>> penalties = np.array([[0.5] + [9] * 9, [0.1] + [9] * 9], np.float32)
        >>> networks = [Answers(seed, np.array([7, 0]), penalties, Loss()) for seed in (0, 1)]
        >>> write_patterns(Path("patterns.csv"), networks, known=False)
        >>> (row,) = read_csv(Path("patterns.csv"))
        >>> row["truth"], row["times"], row["answers"], row["fig8_answer"]
        ('7', '2', '0:2', '')
    """
    printed = fig8() if known else {}
    misread = [network.misread for network in networks]
    times, truth = times_misread(misread), networks[0].truth
    rows = []
    for index in sorted(times.keys() | printed.keys()):
        wrong = Counter(each[index] for each in misread if index in each)
        answers = " ".join(f"{answer}:{wrong[answer]}" for answer in sorted(wrong))
        rows.append((index, truth[index], times.get(index, 0), answers, printed.get(index, "")))
    write_csv(path, ("index", "truth", "times", "answers", "fig8_answer"), rows)


def write_confident(path: Path, networks: Sequence[Answers]) -> None:
    """The most confident mistakes.

    ``confidence`` is the posterior of the wrong answer, ``gap`` the second smallest penalty less
    the smallest (`Answers`); ``times`` is how many networks misread the pattern.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.base.files import read_csv
        >>> from paper_lenet.network.recipe import Loss
        >>> penalties = np.array([[0.5] + [9] * 9, [0.1] + [9] * 9], np.float32)
        >>> network = Answers(0, np.array([7, 8]), penalties, Loss())
        >>> write_confident(Path("confident.csv"), [network])
        >>> [row["index"] for row in read_csv(Path("confident.csv"))]
        ['1', '0']
    """
    times = times_misread([network.misread for network in networks])
    rows = []
    for index, network in most_confident(networks, MOST_CONFIDENT):
        values = fixed(float(network.confidence[index]), 6), fixed(float(network.gap[index]))
        answer = network.misread[index]
        rows.append((index, network.truth[index], answer, network.seed, *values, times[index]))
    heading = ("index", "truth", "answer", "seed", "confidence", "gap", "times")
    write_csv(path, heading, rows)


def most_confident(networks: Sequence[Answers], count: int) -> list[tuple[int, Answers]]:
    """The `count` patterns misread with most confidence, each with its most confident network.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.network.recipe import Loss
        >>> penalties = np.array([[0.5] + [9] * 9, [0.1] + [9] * 9], np.float32)
        >>> network = Answers(0, np.array([7, 8]), penalties, Loss())
        >>> [index for index, _ in most_confident([network], 1)]
        [1]
    """
    order = sorted(
        (-float(network.confidence[index]), network.seed, index, place)
        for place, network in enumerate(networks)
        for index in network.misread
    )
    found: dict[int, Answers] = {}
    for _, _, index, place in order:
        found.setdefault(index, networks[place])
    return list(found.items())[:count]
