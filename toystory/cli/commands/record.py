"""`toystory record`: what the learner has done, in one file, and back from it on another machine."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.base.files import check_free, write
from toystory.base.paths import expanded, home
from toystory.cli.messages import print_json
from toystory.grading.exercise_files import exercises_folder
from toystory.progress.bundle import collect, read, take_over, to_bytes

WORDS = {
    "run": ("run", "runs"),
    "verdict": ("claim", "claims"),
    "exercise": ("exercise", "exercises"),
    "recall": ("answer from memory", "answers from memory"),
    "own": ("study of your own", "studies of your own"),
    "lesson": ("lesson", "lessons"),
}
"""What the rows of each table are."""


def answer(args: argparse.Namespace) -> int:
    """Write the file, or take over what is in it; 0.

    Raises:
        BadRequest: There is nothing to write, or nothing that can be read.
        OSError: A file can't be written.
    """
    file = expanded(args.file, "FILE")
    return _export(file, args.force) if args.what == "export" else _import(file, args.json)


def _export(file: Path, force: bool) -> int:
    bundle = collect(home(), exercises_folder())
    if bundle.record is None and not bundle.files:
        raise BadRequest(f"there is nothing to export yet: neither a record nor an exercise in {home()}")
    check_free(file, force, "FILE")
    write(file, to_bytes(bundle))
    print(file)
    return 0


def _import(file: Path, as_json: bool) -> int:
    bundle = read(file)
    with tempfile.TemporaryDirectory(prefix="toystory-import-") as scratch:
        done = take_over(bundle, Path(scratch), home(), exercises_folder())
    if as_json:
        print_json(
            {
                "rows": done.rows,
                "written": [str(path) for path in done.written],
                "set_aside": [str(path) for path in done.aside],
            }
        )
        return 0
    parts = [f"{n} {WORDS[table][n != 1]}" for table, n in done.rows.items() if n and table in WORDS]
    if done.written:
        parts.append(f"{len(done.written)} file{'s' * (len(done.written) != 1)}")
    print(f"taken over: {', '.join(parts) or 'nothing that was not here already'}")
    for path in done.aside:
        print(f"{path}: the older of two, set aside")
    return 0
