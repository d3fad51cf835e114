"""`toystory` and `python -m toystory`."""

import codecs
import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

INTERRUPTED = 130
SPELLED = "toystory.spelled"


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


def _spell(error: UnicodeError) -> tuple[str, int]:
    """An error handler of streams. What it takes to spell is imported when the first sign is lacking."""
    from toystory.base.spelling import handle

    return handle(error)


def _make_streams_safe() -> None:
    """A sign that the encoding of a stream lacks is spelled; a stream that is closed takes everything."""
    codecs.register_error(SPELLED, _spell)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=SPELLED)
    for name in ("COLUMNS", "LINES"):
        if not os.environ.get(name, "1").strip("0"):
            del os.environ[name]  # no terminal has 0 of them: it was not known


def _forget_the_working_folder() -> None:
    """`python -m` puts the folder it is called from first, where a learner may keep other `models`."""
    here = Path(__file__).resolve().parent.parent
    with suppress(OSError):  # a folder that was removed under us has nothing in it
        first = Path(sys.path[0] or ".").resolve() if sys.path else here
        if first == Path.cwd() and first != here:
            del sys.path[0]


if __name__ == "__main__":
    sys.exit(main())
