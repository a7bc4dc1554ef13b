"""Our rule for the pass at which the test error settles."""

from __future__ import annotations

import pytest

from paper_lenet.paper import numbers
from paper_lenet.results.beside_paper import settling_pass


@pytest.mark.parametrize(
    ("curve", "settled"),
    [
        ([2.0, 1.0], 2),
        ([1.0], 1),
        ([1.0, 1.0, 1.0], 1),
        ([1.1, 1.0], 1),  # exactly 0.1 points away is near
        ([1.0, 1.3, 1.05, 0.95, 1.0], 3),
        ([point.test_error for point in numbers.fig5()], 9),
    ],
)
def test_settling_pass_is_the_first_near_the_end(curve, settled):
    assert settling_pass(curve) == settled
