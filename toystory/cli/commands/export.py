"""`toystory export`: lessons as notebooks, Markdown or HTML pages; models for other frameworks, and back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.base.files import can_be_replaced, check_free, make_folder, write
from toystory.base.model_forms import MODEL_SUFFIXES
from toystory.cli.arguments import EXPORT_SUFFIXES
from toystory.cli.messages import print_sentences
from toystory.course import catalogue
from toystory.course.catalogue import names
from toystory.course.exercises.exercise import exercises_of
from toystory.course.lesson import Lesson
from toystory.course.lesson_results import LessonResult, result
from toystory.export.frameworks.export import export_model
from toystory.export.frameworks.read import read_model
from toystory.export.lesson.assignment import left_out
from toystory.export.lesson.export import ASSIGNMENTS, export
from toystory.models.loading import load
from toystory.models.model import Model
from toystory.models.storage import to_bytes
from toystory.training.pools.train_all import default_jobs, nameless, train_all
from toystory.training.run import Run, experiments_of


def answer(args: argparse.Namespace) -> int:
    """Write a file for each lesson or model and print its name; 0.

    Raises:
        UnknownChapter, BadRequest: before anything is written.
        OSError: a file can't be written.
    """
    if args.source is not None:
        return _import_model(args)
    if args.to in MODEL_SUFFIXES or any(name.endswith(".npz") for name in args.what):
        return _export_models(args)
    asked, to = _names(args), args.to or "notebook"
    loaded = (
        _with_exercises(catalogue.load_all(), to) if args.all else [catalogue.load(name) for name in asked]
    )
    paths = _paths([f"{lesson.name}{EXPORT_SUFFIXES[to]}" for lesson in loaded], args.out)
    for path in paths:
        check_free(path, args.force)
    for lesson, path in zip(loaded, paths, strict=True):
        trained = _train(lesson) if args.train else None
        _write(path, export(lesson, to, trained, args.solutions))
        if to in ASSIGNMENTS and (names_out := left_out(lesson)):
            print_sentences(
                [f"left out, since its check takes too long for a notebook: {', '.join(names_out)}"]
            )
    return 0


def _export_models(args: argparse.Namespace) -> int:
    """Write each model's file for the other framework."""
    if args.to not in MODEL_SUFFIXES:
        raise BadRequest(f"a model becomes {', '.join(MODEL_SUFFIXES)}: say which with --to")
    if args.all or args.train or not args.what or not args.solutions:
        raise BadRequest(f"--to {args.to} is for a model: give the file that --save wrote, such as lstm.npz")
    models = [_load(Path(name)) for name in args.what]
    paths = _paths([f"{Path(name).stem}{MODEL_SUFFIXES[args.to]}" for name in args.what], args.out)
    for path in paths:
        check_free(path, args.force)
    for model, path in zip(models, paths, strict=True):
        _write(path, export_model(model, args.to, path))
    return 0


def _import_model(args: argparse.Namespace) -> int:
    """Write a model of another framework as one of ours."""
    if args.what or args.all or args.train or args.to:
        raise BadRequest("--from FILE becomes a model of ours: give --out and nothing else")
    like = _load(args.like) if args.like else None
    (path,) = _paths([f"{args.source.stem}.npz"], args.out)
    check_free(path, args.force)
    model = read_model(args.source, like)
    _write(path, to_bytes(model))
    return 0


def _load(path: Path) -> Model:
    """A model of ours. Raises BadRequest."""
    try:
        return load(path)
    except FileNotFoundError:
        raise BadRequest(f"there is no model {path}: `toystory train --save {path}` makes one") from None
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _write(path: Path, contents: str | bytes) -> None:
    write(path, contents)
    if can_be_replaced(path):
        print(path)


def _names(args: argparse.Namespace) -> tuple[str, ...]:
    """The lessons that are asked for."""
    if args.like:
        raise BadRequest("--like goes with --from")
    if args.all and args.what:
        raise BadRequest("--all is every lesson: leave out the names, or --all")
    if not args.all and not args.what:
        raise BadRequest(f"say which lesson to export: {', '.join(names())}, or --all")
    if args.to in ASSIGNMENTS and (args.train or not args.solutions):
        raise BadRequest(f"an assignment for {args.to} has its solutions: {args.to} itself takes them out")
    if args.train and args.to in (None, "notebook"):
        raise BadRequest("a notebook trains by itself: leave out --train, or export --to html")
    return names() if args.all else tuple(dict.fromkeys(args.what))


def _paths(names: Sequence[str], out: Path | None) -> list[Path]:
    """Where each file goes. out: a file for one, a folder for several."""
    one = len(names) == 1
    if out is not None and one and not out.is_dir():
        return [out]
    folder = out or Path()
    if not one:
        make_folder(folder)
    return [folder / name for name in names]


def _with_exercises(lessons: list[Lesson], to: str) -> list[Lesson]:
    """Those that can be exported so: an assignment is made of exercises."""
    return [lesson for lesson in lessons if to not in ASSIGNMENTS or exercises_of(lesson.name)]


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
