"""Who makes the rows: this process, several of this machine, or a cluster."""

import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from harness.errors import InputError, ServerError

WAIT_S = 10

SENDERS = 2
"""Ranges that a single process makes at once: while one waits for the server, or is begun, the other goes on."""


@contextmanager
def workers(count: int, cluster: str | None) -> Iterator[tuple[Executor, int]]:
    """An executor, and how many ranges it makes at once.

    Raises:
        InputError: the extra for clusters is not installed.
        ServerError: no cluster answers at that address, or it has no workers.
    """
    if cluster is not None:
        with _client(cluster) as client:
            width = sum(client.nthreads().values())
            if not width:
                raise ServerError(f"--cluster {cluster}: the cluster has no workers: start some with `dask worker`")
            yield client.get_executor(pure=False), width
    elif count == 1:
        with ThreadPoolExecutor(SENDERS) as threads:
            yield threads, SENDERS
    else:
        # Not forked: threads and open connections of this process would be in a state that nobody knows.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(count, mp_context=context, initializer=_begun) as pool:
            yield pool, count


class Roll:
    """The processes of a pool, counted.

    A pool notices itself when one of them dies, but for one that dies while another is being started; and then it waits
    for the others, which may wait for what the dead one has taken with it. Threads and clusters have no such processes.
    """

    def __init__(self) -> None:
        self._most = 0

    def call(self) -> bool:
        """Whether all are there that ever were."""
        there = len(multiprocessing.active_children())
        self._most = max(self._most, there)
        return there == self._most

    @staticmethod
    def dismiss() -> None:
        """End all that are left."""
        for child in multiprocessing.active_children():
            child.kill()


def _begun() -> None:
    """A worker is ready for its first range, and leaves Ctrl-C to its parent, which lets the ranges under way end.

    It does not outlive its parent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    importlib.import_module("harness.run.filling")
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=[parent], daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        from distributed import Client  # noqa: PLC0415  (optional)
    except ImportError as error:
        raise InputError("--cluster needs Dask: pip install 'schema-harness[cluster]'") from error
    try:
        client = Client(address, timeout=WAIT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ServerError(f"--cluster {address}: no Dask scheduler answers there: {reason}") from error
    with client:
        yield client
