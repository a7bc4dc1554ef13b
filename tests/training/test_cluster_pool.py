"""What the cluster refuses, each in one line; trainings on one are in the integration tests."""

from __future__ import annotations

import gc
import socket
import sys
from pathlib import Path

import pytest
from fake_training import digits, small_recipe

from paper_lenet.training import cluster
from paper_lenet.training.cluster import ClusterError, work
from paper_lenet.training.job import Job
from paper_lenet.training.jobs import JOBS
from paper_lenet.training.selection import Selection
from paper_lenet.training.store import Store

JOB = Job("a", small_recipe(), 0, "engine", thorough=False)
PATTERNS = Selection(digits(60, 1), digits(20, 2))


def train(address: str, folder: Path) -> None:
    cluster.Cluster(address, Store(folder, JOBS, ["s"]), PATTERNS)


def test_a_worker_that_does_something_else_trains_nothing() -> None:
    expected, state = JOBS.digest(JOB, ["s"]), JOBS.begin(JOB)
    advance = work(JOBS, JOB, state, ["s"], expected, PATTERNS)
    assert len(advance.state.rows) == 1
    with pytest.raises(ClusterError, match="does something else than this machine"):
        work(JOBS, JOB, state, ["t"], expected, PATTERNS)


def test_the_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"needs Dask: pip install -e '\.\[cluster"):
        train("tcp://127.0.0.1:1", tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        *("here", "tcp://10.0.0.1", "8786", "", "tcp://:1", "tcp://a b:1", "tcp://10.0.0.1:0"),
        *("http://10.0.0.1:1", "ucx://10.0.0.1:1", "inproc://10.0.0.1:1", "ws://10.0.0.1:1"),
        *("tcp://10.0.0.1:65536", f"tcp://10.0.0.1:{10**20}", "tcp://10.0.0.1:1/x", "tcp://\x1b:1"),
    ],
)
def test_what_is_no_address_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ClusterError, match=f"--scheduler {address}: not an address"):
        train(address, tmp_path)


def test_tls_without_certificates_is_told(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at tls://.*TLS expects"):
        train("tls://127.0.0.1:1", tmp_path)


def test_a_scheduler_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "SECONDS", 0.3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(ClusterError, match=f"no Dask scheduler answers at {address} .*start"):
            train(address, tmp_path)


def test_nothing_is_left_of_a_client_that_failed(tmp_path: Path) -> None:
    """It would end when Python sees fit, perhaps while another starts, and both would wait."""
    distributed = pytest.importorskip("distributed")
    gc.disable()
    try:
        with pytest.raises(ClusterError, match="no Dask scheduler answers"):
            train("tls://127.0.0.1:1", tmp_path)
        assert not [each for each in gc.get_objects() if type(each) is distributed.Client]
    finally:
        gc.enable()
