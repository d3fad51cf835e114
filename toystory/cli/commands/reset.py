"""`toystory reset`: forget what the learner did in a lesson, or in all of them."""

from __future__ import annotations

import argparse
import sys

from toystory.base.errors import BadRequest
from toystory.cli.messages import print_sentences
from toystory.course.catalogue import chapter
from toystory.progress.checkpoints import PausedRuns
from toystory.progress.store import Store

FORGOTTEN, NOT_FORGOTTEN = 0, 1


def answer(args: argparse.Namespace) -> int:
    """Ask, and delete; the exit code: 1 where nothing was deleted. Raises UnknownChapter, BadRequest."""
    if args.lesson is not None:
        chapter(args.lesson)
    what = "everything" if args.lesson is None else f"all of the lesson {args.lesson}"
    store = Store()
    paused = PausedRuns(store)
    if not (args.yes or _agreed(what)):
        print("nothing was deleted", file=sys.stderr)
        return NOT_FORGOTTEN
    done = store.forget(args.lesson)
    if done:
        paused.clear(args.lesson)
    print_sentences(store.notices())
    if not done:
        return NOT_FORGOTTEN
    print(f"{what} is forgotten; the files of your exercises are where they were")
    return FORGOTTEN


def _agreed(what: str) -> bool:
    """What the learner says on the terminal. Raises BadRequest where there is none."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise BadRequest("reset deletes, so it asks first, and here is no terminal to ask on: add --yes")
    print(
        "This forgets predictions, claims, runs, paused runs, and which exercises pass.\n"
        f"The files of your exercises stay.\nForget {what}? [y/N] ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    return sys.stdin.readline().strip().lower() in ("y", "yes")
