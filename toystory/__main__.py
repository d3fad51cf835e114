"""`toystory` and `python -m toystory`."""

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

INTERRUPTED = 130


def main() -> int:
    """Make sure that our own packages are the ones imported, and answer the command line."""
    _forget_the_working_folder()
    _make_streams_safe()
    # Small matrices: one BLAS thread is faster than two, and leaves the other processor to the interface.
    for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ.setdefault(variable, "1")
    try:
        from toystory.base.interrupts import hear_interrupts_once

        hear_interrupts_once()
        from toystory.cli.main import main as answer

        code = answer()
    except KeyboardInterrupt:
        print("toystory: interrupted", file=sys.stderr)
        code = INTERRUPTED
    if code == INTERRUPTED:
        _leave_at_once(code)
    return code


def _leave_at_once(code: int) -> NoReturn:
    """Skip the end of the interpreter, in which one more Ctrl-C would be told with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _make_streams_safe() -> None:
    """A sign that the output's encoding lacks becomes a question mark; a closed stdout takes everything."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _forget_the_working_folder() -> None:
    """`python -m` puts the folder it is called from first, where a learner may keep other `models`."""
    here = Path(__file__).resolve().parent.parent
    first = Path(sys.path[0] or ".").resolve() if sys.path else here
    if first == Path.cwd() and first != here:
        del sys.path[0]


if __name__ == "__main__":
    sys.exit(main())
