"""The health of a training at every look, from the first look on."""

from __future__ import annotations

from toystory.course.analysis.health import Health, Watch
from toystory.course.analysis.layers import typical_rows
from toystory.training.background import BackgroundRun, Snapshot

MOST = 300
"""Looks that are kept: beyond that every second one of the older half goes."""
ROWS, ROWS_READ_BIT_BY_BIT = 64, 16
"""Rows on which the units are judged."""


class HealthHistory:
    """Watches one run of one session at a time; it begins anew with another."""

    def __init__(self) -> None:
        self._of: tuple[BackgroundRun, int] | None = None
        self._snapshot: Snapshot | None = None
        self._watch: Watch | None = None
        self._seen: list[Health] = []

    def look(self, session: BackgroundRun) -> tuple[Health, ...]:
        """All looks so far, one taken now if there is a snapshot not seen yet."""
        snapshot = session.snapshot
        experiment = snapshot.experiment if snapshot else session.experiment
        run = session.experiments.index(experiment)
        if self._of is None or self._of[0] is not session or self._of[1] != run:
            self._of, self._snapshot, self._seen = (session, run), None, []
            rows = ROWS_READ_BIT_BY_BIT if experiment.any_length else ROWS
            self._watch = Watch(typical_rows(experiment.columns, rows))
        assert self._watch is not None
        if snapshot is None:
            if not self._seen:
                self._seen = [Watch(self._watch.rows).look(experiment.build_model(), 0)]
        elif snapshot is not self._snapshot:
            self._snapshot = snapshot
            if not self._seen and snapshot.update:
                self._seen = [self._watch.look(experiment.build_model(), 0)]
            if self._seen and self._seen[-1].update >= snapshot.update:
                del self._seen[-1]
            self._seen.append(self._watch.look(snapshot.build_model(), snapshot.update, snapshot.gradients))
            if len(self._seen) > MOST:
                self._seen = self._seen[: MOST // 2 : 2] + self._seen[MOST // 2 :]
        return tuple(self._seen)
