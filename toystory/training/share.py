"""How much of the processors this program's trainings may take: less where others train beside it.

Who trains in a thread asks between updates. Nothing changes until someone sets a fraction, as a server of
many apps does.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

KEY_PAUSE = 0.5
"""Seconds that trainings wait after a key, where they have only a part of a processor."""
LONGEST_PAUSE = 2.0
"""Seconds between two updates, at most, that are due to others."""


class ProcessorShare:
    """What the trainings of this program may take together.

    Attributes:
        fraction: Of a processor's time; 1 or more for all that there is.
        tick: Seconds between two looks at what trains, for whoever draws it.
        quiet_until: When trainings may go on that were asked to wait for a key, by the monotonic clock.
        changed: Called when the first training begins and when the last one rests.
    """

    def __init__(self) -> None:
        self.fraction, self.tick = 1.0, 0.0
        self.quiet_until = 0.0
        self.changed: Callable[[bool], object] = lambda _: None
        self._lock = threading.Lock()
        self._training = 0

    def begin(self) -> None:
        """A training begins, or goes on."""
        self._count(1)

    def rest(self) -> None:
        """A training has ended, or waits."""
        self._count(-1)

    def pause_after(self, spent: float) -> float:
        """Seconds to wait after so much work.

        Args:
            spent: Processor time, in seconds.
        """
        if self.fraction >= 1:
            return 0.0
        return min(LONGEST_PAUSE, max(spent * (1 / self.fraction - 1), self.quiet_until - time.monotonic()))

    def wait_for_key(self) -> None:
        """A key was pressed: what answers it needs the interpreter, and others the processors."""
        self.quiet_until = time.monotonic() + KEY_PAUSE

    def _count(self, step: int) -> None:
        with self._lock:
            before = self._training
            self._training += step
            if (before > 0) == (self._training > 0):
                return
        self.changed(step > 0)


class Spent:
    """A thread's processor time since it has last given way."""

    def __init__(self) -> None:
        self._since = time.thread_time()

    def take(self) -> float:
        """Seconds; counted anew from now on."""
        now = time.thread_time()
        spent, self._since = now - self._since, now
        return spent


SHARE = ProcessorShare()
"""Of this program."""
