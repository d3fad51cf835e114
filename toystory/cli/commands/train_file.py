"""`toystory train --file my_net.py`: the learner's own model, from one seed or many."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from rich.text import Text

from toystory.base.errors import BadRequest, RunFailed
from toystory.cli.messages import on_a_terminal, print_json, print_sentences
from toystory.cli.output import new_console
from toystory.cli.reporting.bars import Bar, Bars
from toystory.course.exercises.class_model import MODEL
from toystory.course.exercises.exercise import Exercise, Wrong
from toystory.course.exercises.whole_model import untrained
from toystory.grading.failures import Source
from toystory.grading.lookup import exercise_of_file, names_of, no_code
from toystory.grading.own_model.results import OwnResult, SeedResult, joined, keep, summary
from toystory.grading.own_model.training import Moment, OwnTraining
from toystory.grading.own_model.training_grounds import Ground, ground_of
from toystory.grading.recognise import is_unnamed_model, recognise
from toystory.grading.sandbox.process import CantStart
from toystory.grading.source import read_source
from toystory.grading.verdict import Verdict, check, of_wrong
from toystory.models.parts.history import History
from toystory.render import chart, numbers
from toystory.training.settings import SETTINGS

REACHED, NOT_REACHED, INTERRUPTED = 0, 1, 130


def train_file(args: argparse.Namespace) -> int:
    """Train it and say what came of it: 0 where a seed reached the bar, 1 where none did or it is wrong.

    Raises:
        BadRequest: the file is no whole model, or something else was asked for that does not go with it.
        RunFailed: there is nothing to run it in.
    """
    source, exercise, ground = _asked(args)
    try:
        with untrained():
            verdict = check(exercise, source)
        if not verdict.passed:
            return _tell_wrong(exercise, verdict, args.json)
        return _train(source, exercise, ground, args)
    except CantStart as error:
        raise RunFailed(str(error)) from error


def _asked(args: argparse.Namespace) -> tuple[Source, Exercise, Ground]:
    """What is to be trained, and on what. Raises BadRequest."""
    given = [setting.option for name, setting in SETTINGS.items() if name != "seed" and hasattr(args, name)]
    given += [f"--{name}" for name in ("save", "control") if getattr(args, name)]
    if given:
        raise BadRequest(f"your file is trained by its own recipe: leave out {', '.join(given)}")
    try:
        source = read_source(args.file)
    except Wrong as error:
        raise BadRequest(error.sentence) from None
    unnamed = is_unnamed_model(names_of(args.file), source.text)
    exercise = recognise(source) if unnamed else _named(args.file, source)
    ground = ground_of(exercise)
    if ground is None:
        raise BadRequest(f"{args.file} is {exercise.key}: only a whole model can be trained")
    return source, exercise, ground


def _named(file: Path, source: Source) -> Exercise:
    """The exercise that a file's name or its label tells. Raises BadRequest."""
    try:
        return exercise_of_file(file).exercise
    except BadRequest:
        if fault := no_code(file.name, source.text):
            raise BadRequest(fault) from None
        what = f"a model's file has {', '.join(MODEL[:-1])} and {MODEL[-1]}, or a class that does the same"
        raise BadRequest(f"{file} is no whole model: {what}") from None


def _tell_wrong(exercise: Exercise, verdict: Verdict, as_json: bool, seed: int | None = None) -> int:
    """Say what is wrong with it.

    Args:
        exercise: What it is.
        verdict: What is wrong.
        as_json: As one object.
        seed: In the training from which that happened; None where it was not trained.
    """
    if as_json:
        told = {"lesson": exercise.lesson, "passed": False, "seed": seed, "sentence": verdict.sentence}
        print_json(told)
    else:
        how = "it is not right yet, and so not trained" if seed is None else f"seed {seed} came to no end"
        print(f"{exercise.key}: {how}")
        print("\n".join(["  " + verdict.sentence, *verdict.details()]))
    return NOT_REACHED


def _train(source: Source, exercise: Exercise, ground: Ground, args: argparse.Namespace) -> int:
    """From seed after seed; each is kept as it ends."""
    first = getattr(args, "seed", 0)
    kept: OwnResult | None = None
    drawing = on_a_terminal(args.plain) and not args.json
    losses = History()
    for seed in range(first, first + (args.seeds or 1)):
        training = OwnTraining(source, exercise, ground, seed)
        losses = History()
        try:
            moment = _follow(training, losses, drawing)
        except Wrong as wrong:
            return _tell_wrong(exercise, of_wrong(wrong), args.json, seed)
        except KeyboardInterrupt:
            return _interrupted(seed, kept, args.json)
        result = summary(moment, losses)
        kept = joined(source, ground, seed, result, moment.numbers, kept)
        try:
            keep(kept)
        except OSError as error:
            print_sentences([f"what it came to can't be kept: {error.strerror or error}"])
        if not args.json:
            print(_line(source, ground, seed, result), flush=True)
        print_sentences(_remarks(training))
    if args.json:
        print_json(kept.as_json() if kept else {})
    elif kept is not None:
        if drawing:
            _draw(losses)
        print(kept.line())
    return REACHED if kept is not None and kept.reached else NOT_REACHED


def _interrupted(seed: int, kept: OwnResult | None, as_json: bool) -> int:
    """Say so; what other seeds came to is kept already.

    Args:
        seed: That was trained from.
        kept: Of the seeds before it.
        as_json: As one object.
    """
    if as_json:
        print_json({"interrupted": True, "seed": seed, "kept": kept.as_json() if kept else None})
    else:
        print(f"interrupted in seed {seed}" + ("; the seeds before it are kept" if kept else ""))
    return INTERRUPTED


def _follow(training: OwnTraining, losses: History, drawing: bool) -> Moment:
    """Train to the end, with a bar on a terminal. Raises Wrong."""
    bars = Bars(new_console())
    last: Moment | None = None
    try:
        for moment in training:
            last = moment
            for update, loss in moment.points:
                losses.add(update, loss)
            if drawing:
                bars.draw(partial(_bars, training, moment, losses))
    finally:
        bars.stop()
    assert last is not None
    return last


def _bars(training: OwnTraining, moment: Moment, losses: History) -> Iterator[Bar]:
    loss = f", loss {_loss(losses.points[-1][1])}" if losses.points else ""
    said = f"{moment.updates:,} updates{loss}, {numbers.accuracy(moment.share)} right"
    yield Bar(f"{training.source.name}, seed {training.seed}", moment.share, said)


def _line(source: Source, ground: Ground, seed: int, result: SeedResult) -> str:
    loss = "" if math.isnan(result.loss) else f", loss {_loss(result.loss)}"
    made = f"{result.updates:,} update{'' if result.updates == 1 else 's'} in " if result.updates else ""
    return (
        f"{source.name} ({ground.lesson}), seed {seed}: {made}{numbers.seconds(result.seconds)}{loss}, "
        f"right on {numbers.accuracy(result.share)} of {ground.test_name}"
    )


def _loss(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 1e4 else f"{value:.1e}"


def _remarks(training: OwnTraining) -> list[str]:
    said = []
    if training.unseen:
        said.append(
            f"seed {training.seed}: train asks none of your functions for gradients, so nothing was seen "
            "on the way"
        )
    if training.first_printed:
        said.append(f"your code printed, first: {training.first_printed}")
    return said


def _draw(losses: History) -> None:
    """The loss of the last seed."""
    if not losses.points:
        return
    console = new_console()
    updates, values = zip(*losses.points, strict=True)
    axes = chart.Axes(levels=(chart.Level(math.log(2), "a coin: ln 2"),))
    curve = chart.Series("your loss", updates, values)
    color = console.color_system is not None
    console.print(Text.from_ansi(chart.draw([curve], min(console.width, 100), 14, axes, color=color)))
