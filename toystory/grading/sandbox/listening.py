"""What a process of the grader is asked is heard while it works, too: with whoever asks, it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

Request = TypeVar("Request")


def listen(read: Callable[[], Request | None], gone: Callable[[], object]) -> Callable[[], Request]:
    """Read requests in a thread of its own.

    A program that is killed tells nobody: its end of the pipe is closed, whatever code of a learner's runs or
    sleeps at this end.

    Args:
        read: Waits for a request; None at the end of the pipe.
        gone: Ends the process; called in that thread when nobody asks any more.

    Returns:
        What waits for the next request.
    """
    heard: SimpleQueue[Request] = SimpleQueue()

    def hear() -> None:
        try:
            while (request := read()) is not None:
                heard.put(request)
        finally:
            gone()

    threading.Thread(target=hear, daemon=True).start()
    return heard.get
