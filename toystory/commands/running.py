"""`toystory run`: train the models of a lesson, or of all, and judge its claims."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import lessons
from lessons.catalogue import NAMES
from lessons.lesson import Lesson, experiments_of
from lessons.run import Run
from models.experiment import Experiment
from toystory.choosing import choose_study
from toystory.overrides import Overrides, override
from toystory.reporters import PlainReporter, Reporter, SilentReporter, TerminalReporter
from toystory.results import LessonResult, result
from toystory.runner import Live, carry_out, nameless

HELD, FAILED, INTERRUPTED = 0, 1, 130


class CannotSave(OSError):
    """The file for the model can't be written; the message says which and why."""


@dataclass(frozen=True)
class RunOptions:
    """What `toystory run` was asked for. lesson: a name, or None for all of them."""

    lesson: str | None
    overrides: Overrides
    experiment: str | None = None
    seed: int = 0
    jobs: int = 1
    as_json: bool = False
    plain: bool = False
    save: Path | None = None


def run(options: RunOptions) -> int:
    """Run and report; the exit code says whether every claim holds.

    Raises lessons.UnknownChapter, ValueError or CannotSave, before anything is trained, where the request
    makes no sense.
    """
    chosen = [_prepare(name, options) for name in ([options.lesson] if options.lesson else NAMES)]
    if options.save is not None:
        check_writable(options.save)
    reporter = _reporter(options)
    if not options.as_json and (changed := options.overrides.given()):
        settings = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in changed.items())
        print(f"with your settings ({settings}); the claims are those of the lesson's own", file=sys.stderr)

    results: list[LessonResult] = []
    try:
        interrupted = _carry_out(chosen, options, reporter, results)
    except KeyboardInterrupt:
        interrupted = True
    if options.as_json:
        print(_as_json(options, results, interrupted))
    if interrupted:
        return INTERRUPTED
    if options.save is not None:
        _save(results[0], options.save)
    return HELD if all(r.passed for r in results) else FAILED


def check_writable(path: Path) -> None:
    """Raise CannotSave now rather than after the training."""
    existed = path.exists()
    try:
        with path.open("ab"):
            pass
        if not existed:
            path.unlink()
    except OSError as error:
        raise CannotSave(f"can't write {path}: {_reason(error)}; name another file with --save") from error


def _prepare(name: str, options: RunOptions) -> Lesson:
    lesson = lessons.load(name).seeded(options.seed)
    if options.experiment is not None:
        lesson = lesson.only([choose_study(lesson, options.experiment).name])
    return override(lesson, options.overrides)


def _reporter(options: RunOptions) -> Reporter:
    if options.as_json:
        return SilentReporter()
    if options.plain or not sys.stdout.isatty():
        return PlainReporter()
    return TerminalReporter()


def _carry_out(
    chosen: list[Lesson], options: RunOptions, reporter: Reporter, results: list[LessonResult]
) -> bool:
    """Run everything, report each lesson as soon as its runs are done; whether it was interrupted."""
    experiments = [e for lesson in chosen for study in lesson.studies for e in experiments_of(study)]
    reporter.begin(chosen, experiments)
    finished: dict[Experiment, Run] = {}
    reached: dict[Experiment, Live] = {}
    waiting = list(chosen)
    events = carry_out(experiments, options.jobs)
    try:
        for event in events:
            if isinstance(event, Live):
                reached[event.experiment] = event
                reporter.live(event)
                continue
            reached.pop(event.experiment, None)
            finished[event.experiment] = event
            reporter.finished(event)
            while waiting and _is_done(waiting[0], finished):
                results.append(result(waiting.pop(0), options.seed, finished))
                reporter.lesson(results[-1])
    except KeyboardInterrupt:
        events.close()
        reporter.interrupted(list(reached.values()), results)
        return True
    reporter.end(results)
    return False


def _is_done(lesson: Lesson, finished: dict[Experiment, Run]) -> bool:
    return all(nameless(e) in finished for study in lesson.studies for e in experiments_of(study))


def _as_json(options: RunOptions, results: list[LessonResult], interrupted: bool) -> str:
    objects = [r.as_json() for r in results]
    if options.lesson and objects:
        answer = objects[0]
    else:
        answer = {"passed": all(o["passed"] for o in objects) and not interrupted, "lessons": objects}
    if interrupted:
        answer["interrupted"] = True
    return json.dumps(answer, ensure_ascii=False)


def _save(result: LessonResult, path: Path) -> None:
    """Write the model beside its place first: a file that is there is replaced whole, or not at all."""
    model = result.runs.sweep(result.lesson.ends_with)[-1].model
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.exists() and not path.is_file():
            model.save(path)
        else:
            model.save(beside)
            beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise CannotSave(f"can't write {path}: {_reason(error)}; the model is lost") from error
    print(f"saved {model!r} to {path}", file=sys.stderr)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
