"""Taking turns: of several things that are to be drawn now and then, one at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping


class RedrawSchedule:
    """Says whose turn it is.

    What is drawn at once keeps a key waiting for as long as it takes, and it costs more: Textual goes
    through everything between the highest and the lowest line that has changed.
    """

    def __init__(self, every: Mapping[str, float]) -> None:
        """every: by name, the seconds that are to pass between two turns."""
        self._every = dict(every)
        self._last = dict.fromkeys(self._every, -math.inf)

    def next_due(self, now: float) -> str | None:
        """Who is due at `now`, in seconds, and has been for longest; None for nobody."""
        late = {name: now - self._last[name] - every for name, every in self._every.items()}
        name = max(late, key=late.__getitem__)
        if late[name] < 0:
            return None
        self._last[name] = now
        return name

    def reset(self) -> None:
        """Everybody is due, in the order of the names."""
        self._last = dict.fromkeys(self._every, -math.inf)
