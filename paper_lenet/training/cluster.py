"""The jobs of a study on a Dask cluster, with the bits that this machine would give.

The patterns go to each worker once. A worker trains whole jobs, and only if its own digest of the
job is the client's: with other sources or versions it refuses. The client keeps each result in the
store as it arrives. A worker that dies loses the job that it ran, which another one begins again.

``dask.distributed`` is the optional extra ``cluster``, imported here alone.
"""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Sequence
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

from paper_lenet.training import checkpoint
from paper_lenet.training import store as stores
from paper_lenet.training.job import Job, State
from paper_lenet.training.progress import Progress
from paper_lenet.training.store import Finished, Selection, Store

if TYPE_CHECKING:
    from distributed import Client, Future

OTHER = (
    "the worker {} has other sources, or other versions of the libraries, than this machine; its "
    "results would not be the same. Install the same commit and constraints.txt there, and start "
    "the worker again"
)
SECONDS = 10.0  # after which a scheduler without an answer, or without workers, is given up


class ClusterError(RuntimeError):
    """There is no such cluster, or it cannot train these jobs."""


def train_all(
    address: str,
    store: Store,
    missing: dict[str, Job],
    patterns: Selection,
    results: dict[str, Finished],
    progress: Progress,
) -> None:
    """Train what is missing, by digest, into `store` and `results`.

    Args:
        address: of the scheduler, as in ``tcp://10.0.0.1:8786``.
        store: where results are kept, and where unfinished jobs begin from.
        missing: the jobs.
        patterns: sent to the workers.
        results: filled, by digest.
        progress: told of each job that ends.

    Raises:
        ClusterError: Dask is not installed, no scheduler or no worker answers, or a worker has
            other sources or versions.
    """
    client = _connected(address)
    try:
        while missing:
            _round(client, address, store, missing, patterns, results, progress)
            missing = {digest: job for digest, job in missing.items() if digest not in results}
    except (OSError, CancelledError) as error:
        raise ClusterError(
            f"the scheduler {address} is lost ({error}); finished trainings are kept, run it again"
        ) from None
    finally:
        client.close()


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ClusterError(
            "--scheduler needs dask.distributed: pip install -e '.[cluster]'"
        ) from None
    if not re.fullmatch(r"(\w+://)?[^/]+:\d+", address):
        raise ClusterError(f"--scheduler {address}: not an address as in tcp://10.0.0.1:8786")
    # What goes wrong is told here, in one line; Dask would tell it first, in forty.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=SECONDS)
    except OSError as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address} ({error}); start one with `dask scheduler`"
        ) from None


def _round(
    client: Client,
    address: str,
    store: Store,
    missing: dict[str, Job],
    patterns: Selection,
    results: dict[str, Finished],
    progress: Progress,
) -> None:
    """Send the patterns and all jobs, and keep what comes; all workers lost, some are left."""
    from distributed import as_completed

    try:
        client.wait_for_workers(1, timeout=SECONDS)
    except TimeoutError:
        raise ClusterError(
            f"the scheduler {address} has no workers; start some with `dask worker {address}`, "
            "then run this again. Finished trainings are kept"
        ) from None
    _check(client, next(iter(missing.items())), store)
    sent = client.scatter(patterns, broadcast=True, hash=False)
    futures: dict[Future[Finished], str] = {}
    for digest, job in missing.items():
        state = store.unfinished(digest)
        future = client.submit(work, job, digest, store.sums, state, sent, pure=False)
        futures[future] = digest
    try:
        for future in as_completed(futures):
            digest = futures.pop(future)
            if future.status == "cancelled":
                continue  # the patterns were lost with the last worker that had them
            finished = _result(future, missing[digest])
            store.save(finished, digest)
            results[digest] = finished
            progress.job(finished)
    finally:
        client.cancel(list(futures))


def _check(client: Client, one: tuple[str, Job], store: Store) -> None:
    """See that each worker would train `one`, a digest and its job, as this machine does."""
    digest, job = one
    found = client.run(checkpoint.digest, job, store.sums, on_error="return")
    for worker, answer in found.items():
        if isinstance(answer, Exception):
            raise ClusterError(
                f"the worker {worker} cannot run paper_lenet ({answer}); install it there, and "
                "start the worker again"
            )
        if answer != digest:
            raise ClusterError(OTHER.format(worker))


def _result(future: Future[Finished], job: Job) -> Finished:
    """What a job gave, or one line on why it gave nothing."""
    error = future.exception()
    if error is None:
        finished: Finished = future.result()
        return finished
    if type(error).__module__.startswith("paper_lenet"):
        raise error
    raise ClusterError(
        f"{job} fails on the cluster: {type(error).__name__}: {' '.join(str(error).split())}"
    )


def work(
    job: Job, digest: str, sums: Sequence[str], state: State | None, patterns: Selection
) -> Finished:
    """Train one job on a worker.

    Raises:
        ClusterError: this worker's sources or versions are not the client's.
    """
    if checkpoint.digest(job, sums) != digest:
        raise ClusterError(OTHER.format(f"on {socket.gethostname()}"))
    return stores.train(job, patterns(job.recipe), state, None, _nobody)


def _nobody(number: int, shown: int, errors: int) -> None:
    """Nobody watches a job on a worker."""
