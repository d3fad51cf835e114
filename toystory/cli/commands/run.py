"""`toystory run`: train the models of a lesson, or of all, and judge its claims."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toystory.base.errors import BadRequest
from toystory.cli.arguments import OVERRIDABLE
from toystory.cli.cluster import cluster
from toystory.cli.messages import print_json, print_sentences
from toystory.cli.overrides import override
from toystory.cli.reporting.choice import choose_reporter
from toystory.cli.reporting.plain import Reporter
from toystory.cli.saving import check_can_save, save_run
from toystory.course import catalogue
from toystory.course.lesson import Lesson
from toystory.course.lesson_results import LessonResult, report_as_json, result
from toystory.training.control import CONTROLS
from toystory.training.experiment import Experiment
from toystory.training.loop import notices
from toystory.training.pools.report import Report
from toystory.training.pools.train_all import jobs_for, longest_first, nameless, train_all
from toystory.training.run import Run, Study, experiments_of

if TYPE_CHECKING:
    from toystory.training.pools.engine import Engine

HELD, FAILED, INTERRUPTED = 0, 1, 130


@dataclass(frozen=True)
class Outcome:
    """results: of the lessons that came to their end. After an interruption also what was reached.

    unfinished: lessons with some of their experiments at their end. under_way: experiments that were not.
    """

    results: list[LessonResult]
    interrupted: bool = False
    unfinished: tuple[LessonResult, ...] = ()
    under_way: tuple[Report, ...] = ()


def answer(args: argparse.Namespace) -> int:
    """Run and report: 0 where every claim holds, else 1; 130 where it was interrupted.

    Raises:
        UnknownChapter, BadRequest: before anything is trained, where the request makes no sense.
        RunFailed: something came between a run and its end.
    """
    if not args.all and args.lesson is None:
        raise BadRequest(
            "say what to run: --lesson LESSON, or --all; 'toystory run --help' shows what can be asked"
        )
    if args.all and (args.experiment is not None or args.save is not None):
        raise BadRequest("--experiment and --save need one lesson: give --lesson LESSON in place of --all")
    overrides = {name: getattr(args, name) for name in OVERRIDABLE if hasattr(args, name)}
    chosen = _prepare(catalogue.load_all() if args.all else [catalogue.load(args.lesson)], args, overrides)
    if args.save is not None:
        check_can_save(args.save)
    if not args.json and overrides:
        settings = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in overrides.items())
        print(f"with your settings ({settings}); the claims are those of the lesson's own", file=sys.stderr)
    print_sentences(
        notices(e for lesson in chosen for study in lesson.studies for e in experiments_of(study))
    )

    with cluster(args) as engine:
        outcome = _carry_out(chosen, args, choose_reporter(args.json, args.plain), engine)
    if args.json:
        print_json(_as_json(args, chosen, outcome))
    if outcome.interrupted:
        return INTERRUPTED
    if args.save is not None:
        (only,) = outcome.results
        save_run(only.runs.sweep(only.lesson.ends_with)[-1], args.save)
    return HELD if all(r.passed for r in outcome.results) else FAILED


def _prepare(loaded: list[Lesson], args: argparse.Namespace, overrides: dict[str, Any]) -> list[Lesson]:
    try:
        chosen = [lesson.seeded(args.seed) for lesson in loaded]
        if args.experiment is not None:
            chosen = [lesson.only([lesson.find_study(args.experiment).name, CONTROLS]) for lesson in chosen]
        return override(chosen, overrides)
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _carry_out(
    chosen: list[Lesson], args: argparse.Namespace, reporter: Reporter, engine: Engine | None
) -> Outcome:
    """Run everything and report each lesson as soon as its runs are at their end."""
    experiments = [e for lesson in chosen for study in lesson.studies for e in experiments_of(study)]
    finished: dict[Experiment, Run] = {}
    under_way: dict[Experiment, Report] = {}
    waiting = list(chosen)
    results: list[LessonResult] = []
    try:
        reporter.begin(chosen, experiments)
        jobs = args.jobs or jobs_for(experiments)
        queue = experiments if engine is None and jobs == 1 else _queue(chosen)
        with closing(train_all(queue, jobs, engine)) as events:
            for event in events:
                if isinstance(event, Report):
                    under_way[event.experiment] = event
                    reporter.report(event)
                    continue
                under_way.pop(event.experiment, None)
                finished[event.experiment] = event
                reporter.finished(event)
                while waiting and all(_is_done(study, finished) for study in waiting[0].studies):
                    results.append(result(waiting[0], args.seed, finished))
                    reporter.lesson(results[-1])
                    del waiting[0]
        reporter.end(results)
    except KeyboardInterrupt:
        parts = [lesson.only(s.name for s in lesson.studies if _is_done(s, finished)) for lesson in waiting]
        unfinished = tuple(result(part, args.seed, finished) for part in parts if part.studies)
        reporter.interrupted(results, unfinished, tuple(under_way.values()))
        return Outcome(results, True, unfinished, tuple(under_way.values()))
    finally:
        reporter.close()
    return Outcome(results)


def _queue(chosen: list[Lesson]) -> list[Experiment]:
    """In which order several processes train: lesson by lesson, as they are told, and short runs last."""
    return [
        e for lesson in chosen for e in longest_first(e for s in lesson.studies for e in experiments_of(s))
    ]


def _is_done(study: Study, finished: dict[Experiment, Run]) -> bool:
    return all(nameless(experiment) in finished for experiment in experiments_of(study))


def _as_json(args: argparse.Namespace, chosen: list[Lesson], outcome: Outcome) -> dict[str, Any]:
    """What `run --json` prints: the lesson, or all of them."""
    whole = [r.as_json() for r in outcome.results]
    if not outcome.interrupted:
        return whole[0] if args.lesson else {"passed": all(o["passed"] for o in whole), "lessons": whole}

    parts = [r.as_json() | {"passed": False, "interrupted": True} for r in outcome.unfinished]
    names = {
        nameless(e): e.name for lesson in chosen for study in lesson.studies for e in experiments_of(study)
    }
    reached = [report_as_json(names[at.experiment], at) for at in outcome.under_way]
    end = {"passed": False, "interrupted": True, "reached": reached}
    if not args.lesson:
        return {"lessons": whole + parts} | end
    nothing = {"lesson": args.lesson, "seed": args.seed, "seconds": 0.0, "claims": [], "runs": []}
    return next(iter(whole + parts), nothing) | end
