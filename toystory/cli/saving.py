"""Writing a trained model where the learner wants it."""

from __future__ import annotations

import sys
from pathlib import Path

from toystory.base import files
from toystory.base.errors import RunFailed
from toystory.models.storage import to_bytes
from toystory.training.run import Run


def check_can_save(path: Path) -> None:
    """Find out before the training, and not after it, whether the model can be written.

    Raises:
        BadRequest: it can't.
    """
    files.check_writable(path, "--save")


def save_run(run: Run, path: Path) -> None:
    """Write the model of a run, whole or not at all.

    Args:
        run: Finished.
        path: Where to.

    Raises:
        RunFailed: It can't be written, or the run diverged.
    """
    if run.diverged:
        raise RunFailed(f"the model diverged, so it was not written to {path}")
    try:
        files.write(path, to_bytes(run.model))
    except OSError as error:
        raise RunFailed(f"can't write {path}: {files.reason(error)}; the model is lost") from error
    print(f"saved {run.model!r} to {path}", file=sys.stderr)
