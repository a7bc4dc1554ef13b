"""A Dask cluster as a pool: passes are carried out by its workers, with this machine's bits.

The patterns go to each worker once. A worker carries out passes only if its own digest of the job
is the client's: where the code does something else, it refuses. Each pass comes back to the client,
which keeps it in the store; a worker that dies loses the pass that it was at.

``dask.distributed`` is the optional extra ``cluster``, imported here alone.
"""

from __future__ import annotations

import gc
import logging
import re
import socket
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.extras import missing
from paper_lenet.training.kind import Advance, Job, Kind, Watch, nobody
from paper_lenet.training.store import Store

if TYPE_CHECKING:
    from distributed import Client

OTHER = (
    "the worker {} does something else than this machine; its results would not be the same. "
    "Install the same commit and constraints.txt there, and start the worker again"
)
SECONDS = 10.0  # after which a scheduler without an answer, or without workers, is given up


class ClusterError(PaperLenetError, RuntimeError):
    """There is no such cluster, or it cannot train these jobs.

    Example:
        >>> from pathlib import Path
        >>> from paper_lenet.training.jobs import JOBS
        >>> Cluster("here", Store(Path("trainings"), JOBS, []), None)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        paper_lenet.training.cluster.ClusterError: --scheduler here: not an address as in ...
    """


class Cluster:
    """See `pool.Pool`.

    Args:
        address: of the scheduler, as in ``tcp://10.0.0.1:8786``.
        store: whose jobs are trained.
        patterns: sent to the workers.

    Raises:
        ClusterError: Dask is not installed, no scheduler or no worker answers.

    Example:
        >>> from dataclasses import replace
        >>> from pathlib import Path
        >>> from distributed import LocalCluster
        >>> from paper_lenet.training.jobs import JOBS
        >>> counting = replace(JOBS, digest=lambda job, sums: job)
        >>> counting = replace(counting, advance=lambda job, state, *_: Advance(state + 1, None))
        >>> here = {"processes": False, "protocol": "tcp", "dashboard_address": None}
        >>> store = Store(Path("trainings"), counting, [])
        >>> with LocalCluster(1, threads_per_worker=2, local_directory="dask", **here) as dask:
        ...     pool = Cluster(dask.scheduler_address, store, "patterns")
        ...     future = pool.submit(counting, "job", 0, nobody)
        ...     print(pool.size(), pool.result(future, "job"))
        ...     pool.close(stopped=False)
        2 Advance(state=1, ending=None)
    """

    def __init__(self, address: str, store: Store, patterns: Any) -> None:
        self._address, self._store, self._patterns = address, store, patterns
        self._client = _connected(address)
        self._executor = self._client.get_executor(pure=False)
        self._sent: Any = None
        self._checked: set[str] = set()

    def size(self) -> int:
        """See `Pool`: one pass a thread of the workers that are there now."""
        try:
            self._client.wait_for_workers(1, timeout=SECONDS)
            return sum(self._client.nthreads().values())
        except TimeoutError:
            raise ClusterError(
                f"the scheduler {self._address} has no workers; start some with `dask worker "
                f"{self._address}`, then run this again. Finished passes are kept"
            ) from None
        except OSError as error:
            raise self._lost(error) from None

    def submit(self, kind: Kind, job: Job, state: Any, watch: Watch) -> Future[Advance]:
        """See `Pool`.

        Raises:
            ClusterError: a worker would do something else.
        """
        try:
            self._check(kind, job)
            if self._sent is None or self._sent.status != "finished":
                self._sent = self._client.scatter(self._patterns, broadcast=True, hash=False)
            expected = kind.digest(job, self._store.sums)
            future: Future[Advance] = self._executor.submit(
                work, kind, job, state, self._store.sums, expected, self._sent
            )
            return future
        except (OSError, CancelledError) as error:
            raise self._lost(error) from None

    def result(self, future: Future[Advance], job: Job) -> Advance | None:
        """See `Pool`: a pass whose patterns were lost with the last worker that had them is lost.

        Raises:
            ClusterError: the pass fails on the cluster.
        """
        try:
            return future.result()
        except CancelledError:
            return None
        except Exception as error:
            if type(error).__module__.startswith("paper_lenet"):
                raise
            text = f"{type(error).__name__}: {' '.join(str(error).split())}"
            raise ClusterError(f"{job} fails on the cluster: {text}") from None

    def close(self, stopped: bool) -> None:
        """See `Pool`."""
        self._executor.shutdown(wait=False)
        self._client.close()

    def _check(self, kind: Kind, job: Job) -> None:
        """See that each worker that is new does with `job` what this machine does."""
        workers = set(self._client.nthreads()) - self._checked
        if not workers:
            return
        expected = kind.digest(job, self._store.sums)
        found = self._client.run(
            kind.digest, job, self._store.sums, workers=list(workers), on_error="return"
        )
        for worker, answer in found.items():
            if isinstance(answer, Exception):
                raise ClusterError(
                    f"the worker {worker} cannot run paper_lenet ({answer}); install it there, and "
                    "start the worker again"
                )
            if answer != expected:
                raise ClusterError(OTHER.format(worker))
        self._checked |= workers

    def _lost(self, error: BaseException) -> ClusterError:
        return ClusterError(
            f"the scheduler {self._address} is lost ({error}); finished passes are kept, run it "
            "again"
        )


def _connected(address: str) -> Client:
    good = re.fullmatch(r"((tcp|tls)://)?[\w.:\[\]-]+:(\d{1,5})", address)
    if good is None or not 0 < int(good[3]) < 2**16:
        wanted = "tcp://10.0.0.1:8786, or tls://10.0.0.1:8786"
        raise ClusterError(f"--scheduler {address}: not an address as in {wanted}")
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise ClusterError(str(missing(error, "--scheduler"))) from None
    # What goes wrong is told here, in one line; Dask would tell it first, in forty.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=SECONDS)
    except (OSError, TypeError, ValueError) as error:  # the second of tls without certificates
        reason = str(error)
    # What is left of the client ends now. Later it could end while another one starts, holds
    # Dask's lock, and would wait for itself.
    gc.collect()
    raise ClusterError(
        f"no Dask scheduler answers at {address} ({reason}); start one with `dask scheduler`"
    )


def work(
    kind: Kind, job: Job, state: Any, sums: Sequence[str], expected: str, patterns: Any
) -> Advance:
    """Carry out one pass on a worker.

    Raises:
        ClusterError: this worker does something else than the client.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.job import Job
        >>> from paper_lenet.training.jobs import JOBS
        >>> job = Job("paper", Recipe(), 0, "engine")
        >>> expected = JOBS.digest(job, ["a"])
        >>> work(JOBS, job, JOBS.begin(job), ["b"], expected, None)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        paper_lenet.training.cluster.ClusterError: the worker on ... does something else than ...
    """
    if kind.digest(job, sums) != expected:
        raise ClusterError(OTHER.format(f"on {socket.gethostname()}"))
    return kind.advance(job, state, patterns, nobody)
