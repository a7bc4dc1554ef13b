"""Numbers for the tests of tiles: whole ones that float32 adds exactly, and real ones."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

FEW = settings(max_examples=25)  # each holds hundreds of numbers
WHOLE = st.integers(-50, 50)
REAL = st.floats(-(2.0**30), 2.0**30, width=32)


def numbers(*shape: int) -> st.SearchStrategy[np.ndarray]:
    """Arrays of small whole numbers: sums of a few hundred products of two of them are exact."""
    return arrays(np.float32, shape, elements=WHOLE.map(float))
