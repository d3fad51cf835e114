"""Where tasks are carried out: an executor, and a channel on which its workers report.

Two engines: processes of this machine, which is the default, and any other `concurrent.futures.Executor`,
whose workers may run anywhere that a socket of this machine can be reached from. A third, the workers of a
Dask cluster, is in `training/pools/cluster.py`.
"""

from __future__ import annotations

import multiprocessing
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from multiprocessing.connection import Client, Connection, Listener
from multiprocessing.process import BaseProcess
from queue import Empty, SimpleQueue
from typing import Any, Protocol

from toystory.base.interrupts import hold_back_interrupts
from toystory.base.runtime import keep_freed_memory

Deliver = Callable[[Any], None]
_Work = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]


class Channel(Protocol):
    """The worker's end of the line. It is pickled and goes to the worker with the task.

    Attributes:
        keeps: Whether a task is begun again elsewhere where its worker is killed, and finds what was kept.
    """

    keeps: bool

    def send(self, message: object, *, keep: bool = False) -> None:
        """Report to whoever submitted the task.

        Args:
            message: Anything that can be pickled.
            keep: Have it at hand, in place of what was kept before, for a worker that begins the task again.
        """

    def kept(self) -> Any:
        """What a worker that was killed has kept of this task; None where there is nothing."""

    def cancelled(self) -> bool:
        """Whether the task shall come to its end."""


class Engine(Protocol):
    """An executor whose tasks can report and can be cancelled while they run."""

    def open(self, deliver: Deliver) -> Channel:
        """The channel to give to tasks. deliver: called with each message, in another thread."""

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Have `function(*args)` called by a worker. All that is sent must be picklable."""

    def cancel(self) -> None:
        """Ask all running tasks to come to their end, and begin no other."""

    def shutdown(self) -> None:
        """End all workers, whatever they do."""


class CannotStart(OSError):
    """The system begins no process for us."""


class LocalProcesses(Executor):
    """Processes of this machine, begun when they are first needed.

    A pipe is all that one has in common with us: no lock and no semaphore, which some sandboxes forbid and
    which a killed program would leave behind. A killed process breaks its own task and no other.
    """

    def __init__(self, workers: int, *, one_task_each: bool = False) -> None:
        """Begin nothing yet.

        Args:
            workers: Processes at a time.
            one_task_each: Whether a process ends with its task, so that its memory is that of the task.
        """
        self._workers, self._one_task_each = workers, one_task_each
        self._tasks: SimpleQueue[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]] | None] = (
            SimpleQueue()
        )
        self._threads: list[threading.Thread] = []
        self._deliver: Deliver = lambda message: None
        self._lock = threading.Lock()
        """Guards the two below: no process begins after the end, and none is forgotten."""
        self._processes: set[_Process] = set()
        self._closed = False

    def open(self, deliver: Deliver) -> Channel:
        """The channel to give to tasks. deliver: called with each message, in another thread."""
        self._deliver = deliver
        return _PipeChannel()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have `function(*args)` called in a process.

        The future raises BrokenExecutor where the process was killed, CannotStart where none could be begun.
        """
        if self._closed:
            raise RuntimeError("the processes have been ended")
        if kwargs:
            raise TypeError("give every argument by its place")
        future: Future[Any] = Future()
        self._tasks.put((future, function, args))
        if len(self._threads) < self._workers:
            self._threads.append(threading.Thread(target=self._serve, daemon=True))
            self._threads[-1].start()
        return future

    def cancel(self) -> None:
        """Ask all running tasks to come to their end, and begin no other."""
        self._drop_waiting()
        with self._lock:
            for process in self._processes:
                process.cancel()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        """Kill all processes, and wait until they are gone."""
        self._drop_waiting()
        with self._lock:
            self._closed = True
            for process in self._processes:
                process.kill()
        for _ in self._threads:
            self._tasks.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _drop_waiting(self) -> None:
        with suppress(Empty):
            while (task := self._tasks.get_nowait()) is not None:
                task[0].cancel()

    def _serve(self) -> None:
        """Take task after task and see to it that a process does it. A thread for each process."""
        process: _Process | None = None
        while (task := self._tasks.get()) is not None:
            future, function, args = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                process = process or self._start()
                result, error = process.call(function, args, self._deliver)
            except Exception as broken:
                result, error = None, broken
            if process is not None and (self._one_task_each or isinstance(error, BrokenExecutor)):
                self._end(process)
                process = None
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)
        if process is not None:
            self._end(process)

    def _start(self) -> _Process:
        try:
            hold_back_interrupts()
            process = _Process()
        except OSError as error:
            raise CannotStart(error.errno, f"can't begin a process: {error.strerror or error}") from error
        with self._lock:
            self._processes.add(process)
            if self._closed:
                process.kill()
        return process

    def _end(self, process: _Process) -> None:
        with self._lock:
            self._processes.discard(process)
        process.end()


class _Process:
    """A process of ours, and the pipe to it."""

    def __init__(self) -> None:
        """Begin it. Raises OSError."""
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._sending = threading.Lock()
        """Held while something goes into the pipe: a cancellation comes from another thread than a task."""
        self._process: BaseProcess = context.Process(target=_work, args=(theirs,), daemon=True)
        try:
            self._process.start()
        finally:
            theirs.close()

    def call(
        self, function: Callable[..., Any], args: tuple[Any, ...], deliver: Deliver
    ) -> tuple[Any, BaseException | None]:
        """What `function(*args)` returns or raises there. Raises BrokenExecutor where it is killed."""
        try:
            with self._sending:
                self._connection.send((function, args))
            while True:
                kind, value, error = self._connection.recv()
                if kind != "message":
                    return value, error
                deliver(value)
        except (EOFError, OSError) as broken:
            raise BrokenExecutor("its process was killed, perhaps for want of memory") from broken

    def cancel(self) -> None:
        """Tell the task to come to its end."""
        with self._sending, suppress(OSError):
            self._connection.send(None)

    def kill(self) -> None:
        """End it where it is; `call` then comes back."""
        self._process.kill()

    def end(self) -> None:
        """Be gone."""
        self._process.kill()
        self._process.join()
        self._connection.close()


# In a process of ours

_connection: Connection[Any, Any] | None = None
_cancelled = threading.Event()


def _work(connection: Connection[Any, Any]) -> None:
    """Carry out what comes down the pipe."""
    global _connection
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_freed_memory()
    _connection = connection
    tasks: SimpleQueue[tuple[Callable[..., Any], tuple[Any, ...]]] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, tasks), daemon=True).start()
    while True:
        function, args = tasks.get()
        try:
            answer: tuple[str, Any, Exception | None] = ("end", function(*args), None)
        except Exception as error:
            answer = ("end", None, error)
        try:
            connection.send(answer)
        except OSError:  # nobody is left to take it
            os._exit(1)


def _listen(connection: Connection[Any, Any], tasks: SimpleQueue[Any]) -> None:
    """Hear what comes, also while a task is under way. With its parent a process ends at once."""
    try:
        while True:
            received = connection.recv()
            if received is None:
                _cancelled.set()
            else:
                tasks.put(received)
    except (EOFError, OSError):
        os._exit(1)


class _PipeChannel:
    """The pipe of whichever of our processes it is used in."""

    keeps = False

    def send(self, message: object, *, keep: bool = False) -> None:
        assert _connection is not None
        _connection.send(("message", message, None))

    def kept(self) -> None:
        return None

    def cancelled(self) -> bool:
        return _cancelled.is_set()


class AnyExecutor:
    """Any `concurrent.futures.Executor`: threads, processes, or workers on other machines.

    Its workers report to a socket of this machine, and show a key to prove that they were sent by us.
    """

    def __init__(self, executor: Executor, host: str = "127.0.0.1") -> None:
        """Take an executor that stays its owner's: it is not shut down.

        Args:
            executor: What carries out the tasks.
            host: The name or address under which the workers reach this machine.
        """
        self._executor, self._host = executor, host
        self._futures: set[Future[Any]] = set()
        self._lines: set[Connection[Any, Any]] = set()
        self._lock = threading.Lock()
        """Guards the lines, and whether they were told to cancel."""
        self._cancelled = self._closed = False
        self._key = secrets.token_bytes(32)
        self._listener: Listener | None = None

    def open(self, deliver: Deliver) -> Channel:
        """The channel to give to tasks. deliver: called with each message, in another thread."""
        self._listener = Listener((self._host, 0), authkey=self._key, backlog=64)
        threading.Thread(target=self._accept, args=(self._listener, deliver), daemon=True).start()
        address: Any = self._listener.address
        return _SocketChannel((self._host, address[1]), self._key)

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Have `function(*args)` called by a worker."""
        future = self._executor.submit(function, *args)
        self._futures.add(future)
        return future

    def cancel(self) -> None:
        """Ask all running tasks to come to their end, and begin no other."""
        for future in self._futures:
            future.cancel()
        with self._lock:
            self._cancelled = True
            for line in self._lines:
                with suppress(OSError):
                    line.send(None)

    def shutdown(self) -> None:
        """Hear nothing more. What still runs finds that out, and ends."""
        self.cancel()
        if self._listener is not None:
            self._closed = True
            with suppress(OSError):  # it wakes from waiting only when someone comes
                Client(self._listener.address, authkey=self._key).close()
            self._listener.close()

    def _accept(self, listener: Listener, deliver: Deliver) -> None:
        while not self._closed:
            try:
                line = listener.accept()
            except (OSError, EOFError, multiprocessing.AuthenticationError):  # a stranger, or gone again
                continue
            with self._lock:
                self._lines.add(line)
                if self._cancelled:
                    line.send(None)
            threading.Thread(target=self._read, args=(line, deliver), daemon=True).start()

    def _read(self, line: Connection[Any, Any], deliver: Deliver) -> None:
        with suppress(EOFError, OSError):
            while True:
                deliver(line.recv())
        with self._lock:
            self._lines.discard(line)
            line.close()


class _SocketChannel:
    """A line to the socket of `AnyExecutor`, made when it is first needed."""

    LOOK_EVERY = 0.05
    """Seconds between two looks whether the task is cancelled."""
    keeps = False

    def __init__(self, address: tuple[str, int], key: bytes) -> None:
        self._address, self._key = address, key
        self.__setstate__((address, key))

    def __getstate__(self) -> tuple[tuple[str, int], bytes]:
        return self._address, self._key

    def __setstate__(self, state: tuple[tuple[str, int], bytes]) -> None:
        self._address, self._key = state
        self._line: Connection[Any, Any] | None = None
        self._lock = threading.Lock()
        """Guards the line: the tasks of several threads may share it."""
        self._cancelled, self._looked = False, 0.0

    def kept(self) -> None:
        return None

    def send(self, message: object, *, keep: bool = False) -> None:
        with self._lock:
            if self._cancelled:
                return
            try:
                self._connect().send(message)
            except OSError:  # nobody listens any more
                self._cancelled = True

    def cancelled(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if not self._cancelled and now - self._looked >= self.LOOK_EVERY:
                self._looked = now
                try:
                    line = self._connect()
                    self._cancelled = line.poll() and line.recv() is None
                except (EOFError, OSError):
                    self._cancelled = True
        return self._cancelled

    def _connect(self) -> Connection[Any, Any]:
        if self._line is None:
            self._line = Client(self._address, authkey=self._key)
        return self._line


def engine_of(executor: Executor | Engine) -> Engine:
    """What makes an engine of any executor."""
    if isinstance(executor, LocalProcesses) or not isinstance(executor, Executor):
        return executor
    return AnyExecutor(executor)
