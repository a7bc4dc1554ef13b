"""Two readings of Fig. 13's coefficients side by side: ``coefficients.csv``.

`fig13_units` takes grey as linear in the state, which it is not quite (`palette`), and the study
``posterior`` and the claims have its coefficients. The recovered network has others. The table says
how far they are apart, and how wide the evidence is that rests on them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from paper_lenet.base.files import fixed, significant, write_csv
from paper_lenet.studies.posterior.features import Matrix
from paper_lenet.studies.posterior.summaries import COEFFICIENTS, Observed

HEADING = ("quantity", "recovered", "linear", "apart", "spread")


def write(folder: Path, recovered: Mapping[str, float], observed: Observed, total: Matrix) -> None:
    """Write the table into `folder`.

    Args:
        folder: must be there.
        recovered: each of `COEFFICIENTS`, on the sum of four inputs.
        observed: logarithms of the same by `fig13_units`, among other statistics.
        total: (statistics, statistics), their covariance, of logarithms.
    """
    rows = []
    for name in COEFFICIENTS:
        place = observed.names.index(name)
        linear = math.exp(float(observed.values[place]))
        apart = 100 * (recovered[name] / linear - 1)
        spread = 100 * float(np.sqrt(total[place, place]))
        numbers = significant(recovered[name], 4), significant(linear, 4)
        rows.append((name, *numbers, fixed(apart, 1), fixed(spread, 0)))
    write_csv(folder / "coefficients.csv", HEADING, rows)
