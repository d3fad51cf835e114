"""Writing a trained model where the learner wants it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from toystory.base.errors import BadRequest, RunFailed
from toystory.training.run import Run


def check_writable(path: Path) -> None:
    """Raise BadRequest now rather than RunFailed after the training."""
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "is a directory")
        if path.is_file():
            with path.open("ab"):
                pass
        if _is_kept_beside(path):
            beside = _beside(path)
            beside.touch()
            beside.unlink()
    except OSError as error:
        raise BadRequest(f"can't write {path}: {_reason(error)}; name another file with --save") from error


def save_run(run: Run, path: Path) -> None:
    """Write the model of `run` beside its place first: a file that is there is replaced whole, or not at all.

    Raises RunFailed, also where the run diverged.
    """
    if run.diverged:
        raise RunFailed(f"the model diverged, so it was not written to {path}")
    beside = _beside(path)
    try:
        if _is_kept_beside(path):
            run.model.save(beside)
            beside.replace(path.resolve())
        else:
            run.model.save(path)
    except OSError as error:
        raise RunFailed(f"can't write {path}: {_reason(error)}; the model is lost") from error
    finally:
        with suppress(OSError):
            beside.unlink()
    print(f"saved {run.model!r} to {path}", file=sys.stderr)


def _is_kept_beside(path: Path) -> bool:
    """False of a device or a pipe: nothing can take its place."""
    return path.is_file() or not path.exists()


def _beside(path: Path) -> Path:
    """A name of our own in the folder of what `path` leads to."""
    return path.resolve().with_name(f".toystory-{os.getpid()}")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
