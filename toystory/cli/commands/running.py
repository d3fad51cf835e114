"""`toystory run`: train the models of a lesson, or of all, and judge its claims."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toystory.base.errors import BadRequest
from toystory.cli.overrides import Overrides, override
from toystory.cli.reporters import Reporter, choose_reporter
from toystory.cli.saving import check_writable, save_run
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.lesson import Lesson
from toystory.course.lesson_results import LessonResult, live_as_json, result
from toystory.training.experiment import Experiment
from toystory.training.pool import Live, carry_out, nameless
from toystory.training.run import Run, Study, experiments_of

HELD, FAILED, INTERRUPTED = 0, 1, 130


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


@dataclass(frozen=True)
class Outcome:
    """results: of the lessons that came to their end. After an interruption also what was reached.

    under_way: lessons with some of their experiments at their end. live: experiments that were not.
    """

    results: list[LessonResult]
    interrupted: bool = False
    under_way: tuple[LessonResult, ...] = ()
    live: tuple[Live, ...] = ()


def run(options: RunOptions) -> int:
    """Run and report; the exit code says whether every claim holds.

    Raises catalogue.UnknownChapter or BadRequest before anything is trained, where the request makes no
    sense; RunFailed later.
    """
    names = NAMES if options.lesson is None else (options.lesson,)
    chosen = _prepare([catalogue.load(name) for name in names], options)
    if options.save is not None:
        check_writable(options.save)
    if not options.as_json and (changed := options.overrides.given()):
        settings = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in changed.items())
        print(f"with your settings ({settings}); the claims are those of the lesson's own", file=sys.stderr)

    outcome = _carry_out(chosen, options, choose_reporter(options.as_json, options.plain))
    if options.as_json:
        print(json.dumps(_as_json(options, chosen, outcome)))
    if outcome.interrupted:
        return INTERRUPTED
    if options.save is not None:
        (only,) = outcome.results
        save_run(only.runs.sweep(only.lesson.ends_with)[-1], options.save)
    return HELD if all(r.passed for r in outcome.results) else FAILED


def _prepare(loaded: list[Lesson], options: RunOptions) -> list[Lesson]:
    try:
        chosen = [lesson.seeded(options.seed) for lesson in loaded]
        if options.experiment is not None:
            chosen = [lesson.only([lesson.find_study(options.experiment).name]) for lesson in chosen]
        return override(chosen, options.overrides)
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _carry_out(chosen: list[Lesson], options: RunOptions, reporter: Reporter) -> Outcome:
    """Run everything and report each lesson as soon as its runs are at their end."""
    experiments = [e for lesson in chosen for study in lesson.studies for e in experiments_of(study)]
    finished: dict[Experiment, Run] = {}
    live: dict[Experiment, Live] = {}
    waiting = list(chosen)
    results: list[LessonResult] = []
    try:
        reporter.begin(chosen, experiments)
        with closing(carry_out(experiments, options.jobs)) as events:
            for event in events:
                if isinstance(event, Live):
                    live[event.experiment] = event
                    reporter.live(event)
                    continue
                live.pop(event.experiment, None)
                finished[event.experiment] = event
                reporter.finished(event)
                while waiting and all(_is_done(study, finished) for study in waiting[0].studies):
                    results.append(result(waiting[0], options.seed, finished))
                    reporter.lesson(results[-1])
                    del waiting[0]
        reporter.end(results)
    except KeyboardInterrupt:
        parts = [lesson.only(s.name for s in lesson.studies if _is_done(s, finished)) for lesson in waiting]
        under_way = tuple(result(part, options.seed, finished) for part in parts if part.studies)
        reporter.interrupted(results, under_way, tuple(live.values()))
        return Outcome(results, True, under_way, tuple(live.values()))
    finally:
        reporter.close()
    return Outcome(results)


def _is_done(study: Study, finished: dict[Experiment, Run]) -> bool:
    return all(nameless(experiment) in finished for experiment in experiments_of(study))


def _as_json(options: RunOptions, chosen: list[Lesson], outcome: Outcome) -> dict[str, Any]:
    """What `run --json` prints: the lesson, or all of them."""
    whole = [r.as_json() for r in outcome.results]
    if not outcome.interrupted:
        return whole[0] if options.lesson else {"passed": all(o["passed"] for o in whole), "lessons": whole}

    parts = [r.as_json() | {"passed": False, "interrupted": True} for r in outcome.under_way]
    names = {
        nameless(e): e.name for lesson in chosen for study in lesson.studies for e in experiments_of(study)
    }
    reached = [live_as_json(names[at.experiment], at) for at in outcome.live]
    end = {"passed": False, "interrupted": True, "reached": reached}
    if not options.lesson:
        return {"lessons": whole + parts} | end
    nothing = {"lesson": options.lesson, "seed": options.seed, "seconds": 0.0, "claims": [], "runs": []}
    return next(iter(whole + parts), nothing) | end
