"""What is read off a recovered network, against its weights."""

from __future__ import annotations

from pathlib import Path

import known
import numpy as np
import pytest

from paper_lenet.studies.recovered import file
from paper_lenet.studies.recovered.quantities import QUANTITIES, quantities

SD = 0.01  # of each parameter


@pytest.fixture
def network(tmp_path: Path) -> Path:
    rows = known.rows()
    sd = {name: [np.full_like(row, SD) for row in part] for name, part in rows.items()}
    file.save(tmp_path / "network.safetensors", rows, sd, {})
    return tmp_path / "network.safetensors"


def weights(name: str) -> np.ndarray:
    return np.concatenate([row[:-1] for row in known.rows()[name]])


def test_coefficients_are_those_on_the_sum(network: Path) -> None:
    found = quantities(network)
    assert set(found) == set(QUANTITIES)
    for name in ("S2", "S4"):
        assert found[f"{name}_mean"] == pytest.approx(weights(name).mean(), rel=1e-5)
        assert found[f"{name}_least"] == pytest.approx(weights(name).min(), rel=1e-5)
        assert found[f"{name}_greatest"] == pytest.approx(weights(name).max(), rel=1e-5)
    for name in ("C1", "C3"):
        size = np.sqrt(np.mean(weights(name) ** 2))
        assert found[f"{name}_rms"] == pytest.approx(size, rel=1e-5)
