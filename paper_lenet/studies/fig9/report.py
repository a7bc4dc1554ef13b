"""The analysis: Figs. 9 to 12 with ours beside the printed bars, from committed files alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from paper_lenet.base.files import write_csv, write_json
from paper_lenet.base.statistics import Summary
from paper_lenet.figures import draw, fig9
from paper_lenet.figures.draw import Dot
from paper_lenet.figures.fig9 import Bar
from paper_lenet.paper.classifiers import CLASSIFIERS, ERROR_AFTER_REJECTION
from paper_lenet.results.mistakes import Misread
from paper_lenet.studies.claims.power import FEWEST
from paper_lenet.studies.fig9 import bars, misses, pairs, train
from paper_lenet.studies.fig9.bars import Placed
from paper_lenet.studies.fig9.misses import WORST
from paper_lenet.studies.fig9.reading import choices, outcomes
from paper_lenet.studies.study import Folders, Study

THOUSAND = 1000.0


def analyse(folders: Folders) -> None:
    """Write the tables and ``fig9.json``, and draw.

    - ``bars.csv``: a row for each classifier, and for each bar that was not tried.
    - ``order.csv``, ``overlap.csv``, ``halves.csv``: what `pairs` has.
    - ``misses.csv``, ``choices.csv``: what `misses` has.
    - Drawings: ``fig9`` to ``fig12`` and ``overlap``.

    Raises:
        FormatError: the record is not as it was written.
        TableError: a file of it is missing.
        RecipeError: the file of classifiers is wrong.
    """
    found = outcomes(folders)
    everyone = bars.placed(found)
    tried = [each for each in everyone if each.first]
    results, asked = folders.results(), choices(folders)
    write_csv(results / "bars.csv", bars.HEADING, map(bars.row, everyone))
    order, worst = pairs.neighbours(tried), misses.missed(everyone)
    write_csv(results / "order.csv", pairs.ORDER, map(pairs.order_row, order))
    write_csv(results / "overlap.csv", pairs.OVERLAP, pairs.overlap_rows(tried))
    made = [each for each in everyone if each.outcome and each.outcome.told]
    write_csv(results / "halves.csv", pairs.HALVES, map(pairs.halves_row, made))
    rows = [misses.miss_row(*each, asked) for each in worst[:WORST]]
    write_csv(results / "misses.csv", misses.MISSES, rows)
    write_csv(results / "choices.csv", misses.CHOICES, misses.choice_rows(asked, found))
    tree = {**counts(everyone), "order": pairs.order_tree(order, tried)}
    write_json(results / "fig9.json", tree)
    draw.write(folders.figures, drawings(everyone))


def counts(everyone: Sequence[Placed]) -> dict[str, Any]:
    """How many bars were tried and how they ended, each bar by its key, and what else was tried.

    ``few`` bars draw something and have too few seeds for a claim to be decided.
    """
    firsts = bars.firsts(everyone)
    verdicts = [bars.verdict(each) for each in firsts]
    seeds = [each.outcome.error.n for each in firsts if each.outcome]
    classifiers = [each.outcome for each in everyone if each.outcome]
    misread: list[Misread] = [each.first.misread for each in classifiers if each.told]
    return {
        "count": len(CLASSIFIERS),
        "tried": len(seeds),
        "within": verdicts.count(bars.WITHIN),
        "outside": verdicts.count(bars.OUTSIDE),
        "not_tried": verdicts.count(bars.NOT_TRIED),
        "alone": seeds.count(1),
        "few": sum(1 < n < FEWEST for n in seeds),
        "classifiers": len(classifiers),
        "further": sum(each.reading > 1 for each in classifiers),
        "today": sum(each.classifier.today for each in classifiers),
        "misread_by_some": len(set().union(*misread)),
        "misread_by_all": len(set.intersection(*map(set, misread))) if misread else 0,
        "accepted_error": ERROR_AFTER_REJECTION.value,
        "bars": {bars.key(each.bar.name): bars.tree(each) for each in firsts if each.bar},
        "others": {
            each.name: bars.tree(each) for each in everyone if each.outcome and not each.first
        },
    }


def drawings(everyone: Sequence[Placed]) -> dict[str, draw.Drawing]:
    """The drawings by name."""
    firsts = bars.firsts(everyone)
    tried = [each for each in everyone if each.first]
    errors = [_error(each, everyone) for each in firsts]
    errors += [_error(each, everyone) for each in everyone if each.bar is None]
    result: dict[str, draw.Drawing] = {"fig9": partial(fig9.errors, errors)}
    for name, column, unit, title in (
        ("fig10", "rejected", 1.0, f"rejected for {ERROR_AFTER_REJECTION.value}% error, %"),
        ("fig11", "operations", THOUSAND, "operations, thousands"),
        ("fig12", "variables", THOUSAND, "variables, thousands"),
    ):
        rows = [
            _cost(each, column, unit)
            for each in firsts
            if each.bar and getattr(each.bar, column) is not None
        ]
        result[name] = partial(fig9.costs, rows, title, logarithmic=unit > 1)
    names = [each.bar.name for each in tried if each.bar]
    result["overlap"] = partial(fig9.overlap, names, pairs.shares(tried))
    return result


def _error(each: Placed, everyone: Sequence[Placed]) -> Bar:
    """A row of Fig. 9: the interval is that for one further training."""
    label = each.bar.name if each.bar else each.name
    others = [
        other.outcome.error.mean
        for other in everyone
        if other.outcome and other.outcome.reading > 1 and other.bar == each.bar
    ]
    ours = _dot(each.outcome.error) if each.outcome else None
    return Bar(label, each.bar.error if each.bar else None, ours, tuple(others))


def _cost(each: Placed, column: str, unit: float) -> Bar:
    """A row of Figs. 10 to 12: in percent, or in thousands."""
    assert each.bar is not None
    ours = _dot(each.outcome.mean(column), unit) if each.outcome else None
    return Bar(each.bar.name, getattr(each.bar, column), ours)


def _dot(found: Summary, unit: float = 1.0) -> Dot:
    return Dot(found.mean / unit, found.run_low / unit, found.run_high / unit)


STUDY = Study(analyse=analyse, train=train.train)
