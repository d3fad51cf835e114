"""`toystory export`: lessons to take home, as notebooks, Markdown or HTML pages."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.base.files import can_be_replaced, check_free, make_folder, write
from toystory.cli.arguments import EXPORT_SUFFIXES
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.lesson import Lesson
from toystory.course.lesson_results import LessonResult, result
from toystory.export.lesson.export import export
from toystory.training.pool import default_jobs, nameless, train_all
from toystory.training.run import Run, experiments_of


def answer(args: argparse.Namespace) -> int:
    """Write a file for each lesson and print its name; 0.

    Raises:
        UnknownChapter, BadRequest: before anything is written.
        OSError: a file can't be written.
    """
    names = _names(args)
    loaded = [catalogue.load(name) for name in names]
    paths = _paths(names, args.to, args.out)
    for path in paths:
        check_free(path, args.force)
    for lesson, path in zip(loaded, paths, strict=True):
        trained = _train(lesson) if args.train else None
        write(path, export(lesson, args.to, trained))
        if can_be_replaced(path):
            print(path)
    return 0


def _names(args: argparse.Namespace) -> tuple[str, ...]:
    """The lessons that are asked for."""
    if args.all and args.lessons:
        raise BadRequest("--all is every lesson: leave out the names, or --all")
    if not args.all and not args.lessons:
        raise BadRequest(f"say which lesson to export: {', '.join(NAMES)}, or --all")
    if args.train and args.to == "notebook":
        raise BadRequest("a notebook trains by itself: leave out --train, or export --to html")
    return NAMES if args.all else tuple(dict.fromkeys(args.lessons))


def _paths(names: tuple[str, ...], to: str, out: Path | None) -> list[Path]:
    """Where each lesson goes. out: a file for one lesson, a folder for several."""
    suffix, one = EXPORT_SUFFIXES[to], len(names) == 1
    if out is not None and one and not out.is_dir():
        return [out]
    folder = out or Path()
    if not one:
        make_folder(folder)
    return [folder / f"{name}{suffix}" for name in names]


def _train(lesson: Lesson) -> LessonResult:
    """Run all experiments of the lesson, telling on stderr what is done."""
    experiments = [e for study in lesson.studies for e in experiments_of(study)]
    names = {nameless(e): e.name for e in experiments}
    finished = {}
    with closing(train_all(experiments, default_jobs())) as events:
        for run in (event for event in events if isinstance(event, Run)):
            finished[run.experiment] = run
            done = f"{len(finished)} of {len(names)} trained: {names[run.experiment]}"
            print(f"{lesson.name}: {done}", file=sys.stderr)
    return result(lesson, 0, finished)
