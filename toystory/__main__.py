"""`toystory` and `python -m toystory`."""

import io
import os
import sys
from pathlib import Path


def main() -> int:
    """Make sure that our own packages are the ones imported, and answer the command line."""
    _forget_the_working_folder()
    _make_streams_safe()
    # Small matrices: one BLAS thread is faster than two, and leaves the other processor to the interface.
    for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ.setdefault(variable, "1")
    from toystory.cli.main import main as answer

    return answer()


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
