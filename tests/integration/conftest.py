"""The real data, brought once and kept between runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from paper_lenet.mnist import FILES, download
from paper_lenet.recipe import read_params

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def raw(request: pytest.FixtureRequest) -> Path:
    """A folder with MNIST's four files, from the pipeline's own if it has run."""
    folder = Path(request.config.cache.mkdir("mnist"))
    here = ROOT / "data" / "raw" / "mnist"
    there = all((here / name).is_file() for name in FILES)
    download(read_params(ROOT / "params.yaml").data, folder, here if there else None)
    return folder
