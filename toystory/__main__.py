"""`toystory` and `python -m toystory`.

Up here nothing is imported that Python has not loaded already: first a Ctrl-C is heard, and the working
folder is left out, where a learner's file may be called as a module of Python's.
"""

import codecs
import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

INTERRUPTED = 130
SPELLED = "toystory.spelled"


def main() -> int:
    """Make sure that our own packages are the ones imported, and answer the command line."""
    try:
        _forget_the_working_folder()
        _make_streams_safe()
        # Small matrices: one BLAS thread is faster than two, and leaves the other processor to the interface.
        for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
            os.environ.setdefault(name, "1")
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


def _leave_at_once(code: int) -> "NoReturn":
    """Skip the end of the interpreter, in which one more Ctrl-C would be told with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        try:  # noqa: SIM105
            stream.flush()
        except (OSError, ValueError):
            pass
    os._exit(code)


def _spell(error: UnicodeError) -> tuple[str, int]:
    """An error handler of streams. What it takes to spell is imported when the first sign is lacking."""
    from toystory.base.spelling import handle

    return handle(error)


def _make_streams_safe() -> None:
    """A sign that the encoding of a stream lacks is spelled, bytes that are no text are no mistake.

    A stream that is closed takes everything and gives nothing.
    """
    codecs.register_error(SPELLED, _spell)
    for name, mode, errors in (("stdin", "r", "replace"), ("stdout", "w", SPELLED), ("stderr", "w", SPELLED)):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)
    for name in ("COLUMNS", "LINES"):
        if not os.environ.get(name, "1").strip("0"):
            del os.environ[name]  # no terminal has 0 of them: it was not known


def _forget_the_working_folder() -> None:
    """`python -m` puts the folder it is called from first, where a learner may keep other `models`."""
    here = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    try:
        first = os.path.realpath(sys.path[0]) if sys.path else here
        if first == os.path.realpath(os.getcwd()) and first != here:
            del sys.path[0]
    except OSError:  # a folder that was removed under us has nothing in it
        pass


if __name__ == "__main__":
    sys.exit(main())
