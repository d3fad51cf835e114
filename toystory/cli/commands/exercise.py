"""`toystory exercise`: the learner's files are written, the exercises listed, hints and solutions told."""

from __future__ import annotations

import argparse
import sys

from toystory.base.errors import BadRequest
from toystory.cli.messages import print_json, print_sentences
from toystory.cli.output import Printer
from toystory.course.catalogue import chapters
from toystory.course.exercises.exercise import Exercise, all_exercises, exercises_of
from toystory.course.exercises.steps import at_step, steps_of
from toystory.grading.exercise_files import Written, begin, exercises_folder, path_of, remember_folder
from toystory.grading.lookup import exercises_meant
from toystory.grading.state import state_of
from toystory.progress.exercise_state import ExerciseState
from toystory.progress.store import Store

MARKS = {"new": " ", "begun": "…", "passed": "✓"}


def answer(args: argparse.Namespace) -> int:
    """Write, list, or tell: 0, or 1 where a solution was declined.

    Raises:
        BadRequest: what was asked for is no exercise, or makes no sense.
        OSError: a file can't be written.
    """
    if args.what is None and (args.hint or args.solution or args.fresh):
        raise BadRequest("say which exercise: 'toystory exercise' lists them all")
    if args.hint and args.solution:
        raise BadRequest("--hint or --solution: one at a time")
    if (args.hint or args.solution) and args.fresh:
        raise BadRequest("--fresh begins an exercise anew: ask for --hint or --solution by itself")
    if args.yes and not args.solution:
        raise BadRequest("--yes goes with --solution")
    meant = None if args.what is None else exercises_meant(args.what)
    if args.step is not None:
        meant = _at_step(meant, args)
    if args.out is not None:
        if meant is None or args.hint or args.solution or args.fresh or args.folder:
            raise BadRequest("--out DIR writes a lesson's exercises there: 'exercise gate --out DIR'")
        return _hand_out(meant, args)
    if args.folder is not None:
        if args.folder.exists() and not args.folder.is_dir():
            raise BadRequest(f"{args.folder} is no folder")
        remember_folder(args.folder)
    store = Store()
    try:
        return _do(meant, store, args, Printer(args.plain or args.json))
    finally:
        print_sentences(store.notices())


def _at_step(meant: tuple[Exercise, ...] | None, args: argparse.Namespace) -> tuple[Exercise, ...]:
    """The same exercises, begun at the step that was asked for; of a lesson, those that have it.

    Raises:
        BadRequest: There is none.
    """
    if meant is None or args.hint or args.solution:
        raise BadRequest("--step says how an exercise begins: 'exercise gate/update --step 1'")
    found = [at_step(exercise, args.step) for exercise in meant]
    if not any(found):
        what = meant[0].key if len(meant) == 1 else f"of {args.what}, no exercise"
        steps = steps_of(meant[0])
        has = ", ".join(f"{step.number} ({step.name})" for step in steps)
        told = f"it has {has}" if len(steps) > 1 else "it begins in one way alone, so leave out --step"
        told = f": {told}" if len(meant) == 1 else ""
        raise BadRequest(f"{what} has no step {args.step}{told}")
    return tuple(there or exercise for exercise, there in zip(meant, found, strict=True))


def _do(meant: tuple[Exercise, ...] | None, store: Store, args: argparse.Namespace, printer: Printer) -> int:
    if meant is None:
        return _list(store, args.json, printer)
    if args.hint or args.solution:
        if len(meant) > 1:
            keys = ", ".join(exercise.key for exercise in meant)
            raise BadRequest(f"say of which exercise: {keys}")
        tell = _tell_hint if args.hint else _tell_solution
        return tell(meant[0], store, args, printer)
    return _write(meant, store, args)


def _list(store: Store, as_json: bool, printer: Printer) -> int:
    every = all_exercises()
    if as_json:
        rows = [_row(exercise, state_of(exercise, store)) for exercise in every]
        print_json({"folder": str(exercises_folder()), "exercises": rows})
        return 0
    width = max(len(exercise.key) for exercise in every)
    for chapter in chapters():
        if exercises := exercises_of(chapter.name):
            printer.heading(f"{chapter.number} {chapter.title}")
        for exercise in exercises:
            state = state_of(exercise, store).state
            said = "" if state == "new" else f"  ({state})"
            printer.line(f"{MARKS[state]} {exercise.key:{width}}  {exercise.title}{said}", state == "passed")
    printer.line(f"\nYour files are in {exercises_folder()}; 'toystory exercise LESSON' writes them there.")
    return 0


def _row(exercise: Exercise, state: ExerciseState) -> dict[str, object]:
    path = path_of(exercise)
    return {
        "lesson": exercise.lesson,
        "name": exercise.name,
        "title": exercise.title,
        "kind": exercise.kind,
        "state": state.state,
        "file": str(path) if path.exists() else None,
    }


def _write(exercises: tuple[Exercise, ...], store: Store, args: argparse.Namespace) -> int:
    too_early = [each for each in exercises if len(exercises) > 1 and _comes_later(each, store)]
    exercises = tuple(each for each in exercises if each not in too_early)
    written = [(exercise, begin(exercise, args.fresh)) for exercise in exercises]
    for exercise, _ in written:
        store.note_exercise(exercise.lesson, exercise.name, begun=True)
    if args.json:
        rows = [
            _row(exercise, state_of(exercise, store))
            | {"written": each.made, "set_aside": each.aside and str(each.aside)}
            for exercise, each in written
        ]
        print_json({"folder": str(exercises_folder()), "exercises": rows})
        return 0
    for _, each in written:
        print(_said(each))
    for exercise in too_early:
        first = f"{exercise.lesson}/{exercise.after}"
        print(f"{exercise.key} comes once {first} passes: it shows what you write there", file=sys.stderr)
    if any(each.made for _, each in written):
        print("Complete them in your editor, or in the app under Your turn.", file=sys.stderr)
    return 0


def _comes_later(exercise: Exercise, store: Store) -> bool:
    """Whether it contains the solution of one beside it that does not pass yet, and was not begun."""
    if not exercise.after or path_of(exercise).exists():
        return False
    beside = next(each for each in exercises_of(exercise.lesson) if each.name == exercise.after)
    return state_of(beside, store).state != "passed"


def _hand_out(exercises: tuple[Exercise, ...], args: argparse.Namespace) -> int:
    """Write them for others: neither the record nor the learner's folder is touched."""
    if args.out.exists() and not args.out.is_dir():
        raise BadRequest(f"{args.out} is no folder")
    written = [(exercise, begin(exercise, folder=args.out)) for exercise in exercises]
    if args.json:
        rows = [
            {"lesson": e.lesson, "name": e.name, "file": str(each.path), "written": each.made}
            for e, each in written
        ]
        print_json({"folder": str(args.out), "exercises": rows})
        return 0
    for _, each in written:
        print(_said(each))
    return 0


def _said(written: Written) -> str:
    if written.aside:
        return f"{written.path}: begun anew; yours is now {written.aside.name}"
    return f"{written.path}" + ("" if written.made else ": was there already, and is left as it is")


def _tell_hint(exercise: Exercise, store: Store, args: argparse.Namespace, printer: Printer) -> int:
    """All hints up to the next one."""
    shown = min(store.exercise(exercise.lesson, exercise.name).hints + 1, len(exercise.hints))
    store.note_exercise(exercise.lesson, exercise.name, hints=shown)
    if args.json:
        print_json({"exercise": exercise.key, "hints": exercise.hints[:shown]})
        return 0
    for number, hint in enumerate(exercise.hints[:shown], start=1):
        printer.heading(f"Hint {number} of {len(exercise.hints)}")
        printer.markdown(hint)
    return 0


def _tell_solution(exercise: Exercise, store: Store, args: argparse.Namespace, printer: Printer) -> int:
    """After it was passed; else when the learner insists."""
    passed = store.exercise(exercise.lesson, exercise.name).state == "passed"
    if not (passed or args.yes or _insists(exercise)):
        return 1
    store.note_exercise(exercise.lesson, exercise.name, solution=True)
    if args.json:
        told = {
            "exercise": exercise.key,
            "solution": exercise.solution,
            "explanation": exercise.explanation,
        }
        print_json(told)
        return 0
    printer.code(exercise.solution)
    printer.heading("Why")
    printer.markdown(exercise.explanation)
    return 0


def _insists(exercise: Exercise) -> bool:
    if not (sys.stdin and sys.stdin.isatty()):
        raise BadRequest(f"{exercise.key} has not passed yet: add --yes to see its solution all the same")
    question = f"{exercise.key} has not passed yet. See its solution all the same? [y/N] "
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
