"""`toystory show LESSON`: a chapter to read, paged on a terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from rich.console import RenderableType
from rich.markdown import Markdown
from rich.rule import Rule
from rich.text import Text

from toystory.cli.output import new_console, page
from toystory.course import catalogue
from toystory.course.lesson import Lesson
from toystory.course.worked_example import example_to_read
from toystory.export.frameworks.training import training_script
from toystory.render.derivation_panel import derivation_panel, derivation_text
from toystory.training.run import Sweep, experiments_of

READING_WIDTH = 88


def answer(args: argparse.Namespace) -> int:
    """Print the story, the question, the derivation, the experiments, the recap and the sources; 0.

    Raises:
        UnknownChapter: no lesson is called so.
        BadRequest: no script trains such a run in the framework that is asked for.
    """
    lesson = catalogue.load(args.lesson)
    if args.framework:
        print(training_script(lesson, args.framework), end="")
        return 0
    if args.plain:
        print(_plain(lesson))
        return 0
    console = new_console()
    console.width = min(console.width, READING_WIDTH)
    if not sys.stdout.isatty():
        with console.capture() as captured:
            console.print(*_parts(lesson), sep="\n")
        print(captured.get(), end="")
        return 0
    page(console, *_parts(lesson))
    return 0


def _parts(lesson: Lesson) -> Iterator[RenderableType]:
    chapter, prediction = lesson.chapter, lesson.prediction
    yield Rule(Text(f"{chapter.number} {chapter.title}", style="bold"))
    yield Text(chapter.about, style="italic", justify="center")
    yield Markdown(lesson.story)
    yield _heading("Predict")
    yield Markdown(prediction.question)
    for number, choice in enumerate(prediction.choices, start=1):
        yield Text(f"  {number}) {choice}")
    yield _heading("The derivation")
    whose, steps = example_to_read(lesson)
    yield Text(f"The numbers are those of {whose}.", style="dim")
    for done in steps:
        yield derivation_panel(done.number, done.step, done.value, done.worked)
    yield _heading("The experiments")
    for line in _experiment_lines(lesson):
        yield Text(f"  {line}")
    yield _heading("The claims")
    for claim in lesson.claims:
        yield Text.assemble(f"  {claim.text}  ", (f"asked: {claim.bar.text}", "dim"))
    yield _heading("Recap")
    yield Markdown(lesson.recap)
    yield _heading("Sources")
    yield Markdown(lesson.sources)


def _heading(title: str) -> Text:
    return Text(f"\n{title}", style="bold underline")


def _experiment_lines(lesson: Lesson) -> Iterator[str]:
    for number, study in enumerate(lesson.studies, start=1):
        runs = f" ({len(study.experiments)} runs)" if isinstance(study, Sweep) else ""
        yield f"{number}. {study.name}{runs}: {experiments_of(study)[0].describe()}"


def _plain(lesson: Lesson) -> str:
    chapter, prediction = lesson.chapter, lesson.prediction
    parts = [f"{chapter.number}. {chapter.title}", chapter.about, "", lesson.story, "Predict", ""]
    parts.append(prediction.question)
    parts += [f"{number}) {choice}" for number, choice in enumerate(prediction.choices, start=1)]
    whose, steps = example_to_read(lesson)
    parts += ["", f"The derivation, in the numbers of {whose}", ""]
    for done in steps:
        parts += [derivation_text(done.number, done.step, done.value, done.worked), ""]
    parts += ["The experiments", "", *_experiment_lines(lesson), "", "The claims", ""]
    parts += [f"{claim.text}: asked {claim.bar.text}" for claim in lesson.claims]
    return "\n".join([*parts, "", "Recap", "", lesson.recap, "Sources", "", lesson.sources])
