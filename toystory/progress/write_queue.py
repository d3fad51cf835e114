"""Writing behind the back of whoever asks for it: a disk may take its time, and nobody shall wait for it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable


class WriteQueue:
    """Does one piece of work after another, in a thread that lives as long as there is any.

    Python waits for that thread when it ends: what was asked for before a quit is still done.
    """

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        """failed: hears of work that raised."""
        self._failed = failed
        self._waiting: deque[Callable[[], object]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def do(self, work: Callable[[], object]) -> None:
        """Have it done soon, after what was asked for before."""
        with self._changed:
            self._waiting.append(work)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="write the record")
                self._thread.start()

    def finish(self, timeout: float | None = None) -> bool:
        """Wait until all is done; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._thread is None, timeout)

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._waiting:
                    self._thread = None
                    self._changed.notify_all()
                    return
                work = self._waiting.popleft()
            try:
                work()
            except Exception as error:  # whatever it is, the next piece of work is not to blame
                self._failed(error)
