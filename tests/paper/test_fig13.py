"""Fig. 13 as numbers: the figure's grey levels, and which way is up."""

from __future__ import annotations

import numpy as np

from paper_lenet.network.architecture import codes
from paper_lenet.paper import fig13

# The grey levels that occur in the figure.
LEVELS = np.unique(np.concatenate([fig13.drawn(name).ravel() for name in ("C1", "S2", "C3", "C5")]))


def test_levels_are_never_farther_apart_than_said():
    assert np.diff(LEVELS.astype(int)).max() == fig13.APART


def test_black_is_the_positive_state():
    """With that sign, and no other, each panel of F6 is the code of a digit."""
    for panel in fig13.drawn("F6"):
        signs = np.sign(fig13.states(panel)).ravel()
        assert min(np.count_nonzero(signs != code) for code in codes()) == 0
