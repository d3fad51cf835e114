"""`toystory export`: lessons to take home, as notebooks, Markdown or HTML pages."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from toystory.base.files import check_free, make_folder, write_whole

if TYPE_CHECKING:
    from toystory.course.lesson import Lesson
    from toystory.course.lesson_results import LessonResult

SUFFIXES = {"notebook": ".ipynb", "markdown": ".md", "html": ".html"}
"""Of the files, by what a lesson can become."""


@dataclass(frozen=True)
class ExportOptions:
    """What `toystory export` was asked for. out: a file for one lesson, a folder for several."""

    lessons: tuple[str, ...]
    to: str = "notebook"
    out: Path | None = None
    force: bool = False
    train: bool = False


def export_lessons(options: ExportOptions) -> int:
    """Write a file for each lesson and print its name; 0.

    Raises catalogue.UnknownChapter or BadRequest before anything is written, RunFailed later.
    """
    from toystory.course import catalogue
    from toystory.export.lesson.export import export

    loaded = [catalogue.load(name) for name in options.lessons]
    paths = _paths(options)
    for path in paths:
        check_free(path, options.force)
    for lesson, path in zip(loaded, paths, strict=True):
        result = _train(lesson) if options.train else None
        write_whole(path, export(lesson, options.to, result))
        print(path)
    return 0


def _paths(options: ExportOptions) -> Sequence[Path]:
    """Where each lesson goes."""
    suffix = SUFFIXES[options.to]
    one = len(options.lessons) == 1
    if options.out is not None and one and not options.out.is_dir():
        return [options.out]
    folder = options.out or Path()
    if not one:
        make_folder(folder)
    return [folder / f"{name}{suffix}" for name in options.lessons]


def _train(lesson: Lesson) -> LessonResult:
    """Run all experiments of the lesson, telling on stderr what is done."""
    from toystory.course.lesson_results import result
    from toystory.training.pool import carry_out, default_jobs, nameless
    from toystory.training.run import Run, experiments_of

    experiments = [e for study in lesson.studies for e in experiments_of(study)]
    names = {nameless(e): e.name for e in experiments}
    finished = {}
    with closing(carry_out(experiments, default_jobs())) as events:
        for run in (event for event in events if isinstance(event, Run)):
            finished[run.experiment] = run
            done = f"{len(finished)} of {len(names)} trained: {names[run.experiment]}"
            print(f"{lesson.name}: {done}", file=sys.stderr)
    return result(lesson, 0, finished)
