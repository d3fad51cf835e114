"""Training on the workers of a Dask cluster, on other machines or this one. Dask is imported when it is used.

What passes between a run and whoever submitted it goes through Dask's own connections, so that the workers
need reach nothing but their scheduler: reports as events, and the newest checkpoint of every run as a
variable of the scheduler. A worker that begins a run anew, because another was killed, goes on from there.
"""

from __future__ import annotations

import logging
import pickle
import platform
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from contextlib import suppress
from importlib.util import find_spec
from queue import SimpleQueue
from typing import Any

import numpy as np

from toystory import __version__
from toystory.base.errors import BadRequest, RunFailed
from toystory.base.interrupts import hold_back_interrupts
from toystory.base.runtime import keep_freed_memory
from toystory.training.checkpoints.arithmetic import arithmetic
from toystory.training.pools.engine import Channel, Deliver
from toystory.training.settings import MODEL_NAMES

LOCAL = "local"
"""The word for a cluster of this machine, which is begun for the command and ends with it."""
CONNECT_WITHIN = 5.0
"""Seconds until a scheduler that does not answer counts as not there, and one without workers as empty."""
LARGE = 10_000
"""Bytes from which a message goes by way of a variable: the scheduler keeps the last events of all."""
LOOK_EVERY = 0.25
"""Seconds between two looks of a worker whether anybody still wants its task."""


class ClusterEngine:
    """An `Engine` whose workers are those of a Dask scheduler.

    Attributes:
        workers: How many tasks they can carry out at a time.
        notice: A sentence where their figures may differ from this machine's, else empty.
    """

    def __init__(self, address: str, jobs: int | None = None) -> None:
        """Connect.

        Args:
            address: Of the scheduler, such as tcp://10.0.0.7:8786; or `LOCAL`.
            jobs: For `LOCAL`, how many workers.

        Raises:
            BadRequest: Dask is missing, or the address is none.
            RunFailed: Nobody answers there, there are no workers, or they train with another toystory.
        """
        if find_spec("distributed") is None:
            raise BadRequest("a cluster needs Dask: pip install 'toystory[cluster]'")
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._address = address
        self._cluster: Any = None
        self._client: Any = None
        self._name = f"toystory-{secrets.token_hex(8)}"
        self._arrived: SimpleQueue[Any] = SimpleQueue()
        self._tasks: dict[str, tuple[Future[Any], Any]] = {}
        """By their keys: what we promised, and what Dask did."""
        self._cancelled = False
        try:
            self.workers = self._connect(jobs)
            self.notice = self._compare_arithmetic()
        except BaseException:
            self.shutdown()
            raise

    def open(self, deliver: Deliver) -> Channel:
        """The channel to give to tasks. deliver: called with each message, in another thread."""
        self._client.subscribe_topic(self._name, lambda event: self._arrived.put(event[1]))
        threading.Thread(target=self._serve, args=(deliver,), daemon=True).start()
        return _ClusterChannel(self._name)

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Have `function(*args)` called by a worker.

        The future raises BrokenExecutor where several workers died of it, RunFailed where the scheduler is
        gone.
        """
        from distributed import Variable

        key, promised = f"{self._name}-{len(self._tasks)}", Future[Any]()
        try:
            Variable(key, self._client).set(b"")
            done = self._client.submit(_carry_out, function, args, key=key, pure=False)
        except Exception as error:  # whatever Dask makes of a lost connection
            raise RunFailed(self._gone()) from error
        self._tasks[key] = (promised, done)
        done.add_done_callback(self._arrived.put)
        return promised

    def cancel(self) -> None:
        """Ask all running tasks to come to their end, and begin no other."""
        self._cancelled = True
        with suppress(Exception):  # a worker may be dying meanwhile, or the scheduler be gone
            self._client.run(_cancel, self._name)

    def shutdown(self) -> None:
        """Have the workers do nothing more for us; a cluster of our own ends."""
        with suppress(Exception):
            if self._client is not None and self._client.status == "running":
                if self._tasks:
                    self.cancel()
                    self._client.cancel([done for _, done in self._tasks.values()], force=True)
                self._client.close()
        with suppress(Exception):
            if self._cluster is not None:
                self._cluster.close()
        self._arrived.put(None)
        self._client = self._cluster = None

    def _connect(self, jobs: int | None) -> int:
        """How many tasks the workers take at a time."""
        from distributed import Client
        from distributed.comm import get_address_host_port
        from distributed.comm.registry import get_backend

        try:
            if self._address == LOCAL:
                self._cluster = _local_cluster(jobs)
            else:
                scheme, _, _ = self._address.rpartition("://")
                get_backend(scheme or "tcp")
                get_address_host_port(self._address)
            self._client = Client(
                self._cluster or self._address, timeout=CONNECT_WITHIN, set_as_default=False
            )
            self._client.wait_for_workers(1, timeout=CONNECT_WITHIN)
            return int(sum(self._client.nthreads().values()))
        except TimeoutError as error:
            what = "has no workers: begin some with 'dask worker'" if self._client else "does not answer"
            raise RunFailed(f"the scheduler at {self._address} {what}") from error
        except OSError as error:
            raise RunFailed(f"the scheduler at {self._address} does not answer") from error
        except (ValueError, TypeError, ImportError) as error:
            raise BadRequest(
                f"{self._address!r} is no address of a scheduler: expected one such as tcp://127.0.0.1:8786, "
                f"or {LOCAL}"
            ) from error

    def _compare_arithmetic(self) -> str:
        """Raises RunFailed where the workers' figures are not ours."""
        try:
            theirs = self._client.run(_arithmetic)
        except ImportError as error:
            raise RunFailed(
                "the workers of the scheduler have no toystory: pip install 'toystory[cluster]' "
                "where they run"
            ) from error
        ours = _arithmetic()
        for worker, (version, _) in theirs.items():
            if version != ours[0]:
                raise RunFailed(
                    f"the worker {worker} has another toystory than this machine: "
                    "install the same where the workers run"
                )
        if any(machine != ours[1] for _, machine in theirs.values()):
            return (
                "the workers have another NumPy or another kind of processor than this machine: "
                "figures may differ from its own in their last digits"
            )
        return ""

    def _serve(self, deliver: Deliver) -> None:
        """Deliver messages and results, in the order in which they come."""
        from distributed import Variable

        client = self._client
        while (arrived := self._arrived.get()) is not None:
            if isinstance(arrived, bytes):
                deliver(pickle.loads(arrived))
            elif isinstance(arrived, str):
                with suppress(Exception):  # it may be gone by now, with the scheduler
                    deliver(pickle.loads(Variable(arrived, client).get(timeout=CONNECT_WITHIN)))
            else:
                self._settle(arrived, *self._tasks[arrived.key])
                with suppress(Exception):
                    Variable(arrived.key, client).delete()

    def _settle(self, done: Any, promised: Future[Any], _: Any) -> None:
        from distributed import KilledWorker

        if promised.done():
            return
        if done.status in ("cancelled", "lost"):
            if not (self._cancelled and promised.cancel()):
                promised.set_exception(RunFailed(self._gone()))
            return
        try:
            result = done.result(timeout=CONNECT_WITHIN)
        except KilledWorker:
            promised.set_exception(
                BrokenExecutor("several workers that trained it were killed, perhaps for want of memory")
            )
        except Exception as error:
            promised.set_exception(error)
        else:
            promised.set_result(result)

    def _gone(self) -> str:
        return (
            f"the scheduler at {self._address} is gone; what is finished is kept, and the same command goes "
            "on from there"
        )


def _local_cluster(jobs: int | None) -> Any:
    """Workers of this machine, a process each. Ctrl-C is this program's business, not theirs."""
    from distributed import LocalCluster

    made: list[Any] = []

    def make() -> None:
        hold_back_interrupts()
        made.append(
            LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                worker_dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
        )

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    if not made:
        raise RunFailed("Dask could begin no workers on this machine")
    return made[0]


# In a worker

_ended: set[str] = set()
"""The names of engines whose tasks are to come to their end."""


def _arithmetic() -> tuple[str, str]:
    """What decides the figures of this machine, but for their last digits; and what decides those."""
    machine = f"{np.__version__}, {platform.machine()}"
    return f"{__version__}, {arithmetic(MODEL_NAMES)}", machine


def _cancel(name: str) -> None:
    _ended.add(name)


def _carry_out(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    keep_freed_memory()
    return function(*args)


class _ClusterChannel:
    """The worker's end, of whichever worker carries the task out."""

    keeps = True

    def __init__(self, name: str) -> None:
        self._name = name
        self._looked = 0.0
        self._unwanted = False

    def send(self, message: object, *, keep: bool = False) -> None:
        from distributed import Variable, get_client, get_worker

        worker, packed = get_worker(), pickle.dumps(message)
        if keep or len(packed) > LARGE:
            key = worker.get_current_task()
            Variable(key, get_client()).set(packed)
            worker.log_event(self._name, key)
        else:
            worker.log_event(self._name, packed)

    def kept(self) -> Any:
        from distributed import Variable, get_client, get_worker

        packed = Variable(get_worker().get_current_task(), get_client()).get(timeout=CONNECT_WITHIN)
        return pickle.loads(packed) if packed else None

    def cancelled(self) -> bool:
        now = time.monotonic()
        if not self._unwanted and now - self._looked >= LOOK_EVERY:
            self._looked = now
            self._unwanted = self._is_unwanted()
        return self._unwanted or self._name in _ended

    def _is_unwanted(self) -> bool:
        """Whether the scheduler has taken the task away from this worker: whoever asked for it is gone."""
        from distributed import get_worker

        worker = get_worker()
        task = worker.state.tasks.get(worker.get_current_task())
        return task is None or task.state == "cancelled"
