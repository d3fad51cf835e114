"""The parts of a lesson that run: the project's files it needs, its experiments, its claims."""

from __future__ import annotations

from collections.abc import Iterator

from toystory.course.lesson import Lesson
from toystory.export.lesson.blocks import Block, Code, Prose
from toystory.export.lesson.excerpts import (
    EXPERIMENT,
    FAST,
    READABLE_ONLY,
    LessonCode,
    experiment_class,
    lesson_code,
)
from toystory.export.lesson.inline import File, functions, inlined, path_of, slug, source_of
from toystory.export.lesson.reading import study_line
from toystory.models.storage import MODELS
from toystory.training.experiment import Experiment
from toystory.training.run import experiments_of

RUN, CLAIM, TRAINING, MEMORY = (
    "toystory.training.run",
    "toystory.training.claim",
    "toystory.training.loop",
    "toystory.base.runtime",
)

CARRY_OUT = '''\
import matplotlib.pyplot as plt

keep_freed_memory()
runs: dict[str, list[Run]] = {}


def carry_out(name: str) -> None:
    """Train what the lesson calls by this name, say how each run ended, and draw the curves."""
    study = next(study for study in studies if study.name == name)
    experiments = study.experiments if isinstance(study, Sweep) else (study,)
    runs[name] = [Run(experiment) for experiment in experiments]
    for run in runs[name]:
        for progress in run:
            pass
        tie = ", a tie: every answer is one half" if run.tie else ""
        print(
            f"{run.experiment.name}: {progress.message}, {run.seconds:.1f} s; loss {run.loss:.4f}; right on "
            f"{run.train_accuracy:.2%} of its own rows, {run.fresh_accuracy:.2%} of fresh rows{tie}"
        )
    draw(runs[name])


def draw(runs: list[Run]) -> None:
    """The loss and the accuracy of every run, by updates."""
    figure, (loss, accuracy) = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
    for run in runs:
        label = run.experiment.name if 1 < len(runs) <= 8 else None
        loss.plot(*zip(*run.losses.points, strict=True), label=label)
        accuracy.plot(*zip(*run.fresh_accuracies.points, strict=True), label=label or "fresh rows")
    if len(runs) == 1:
        accuracy.plot(*zip(*runs[0].train_accuracies.points, strict=True), "--", label="its own rows")
    loss.set(xlabel="updates", ylabel="loss", ylim=(0, None))
    accuracy.set(xlabel="updates", ylabel="accuracy", ylim=(-0.02, 1.02))
    if len(runs) <= 8:
        accuracy.legend()
    plt.show()
'''
JUDGE = """\
measured = Runs(runs)
for claim in claims:
    verdict = judge(claim, measured)
    held = "holds" if verdict.passed else "FAILS"
    print(f"{held}: {claim.text}: {verdict.shown} (asked: {claim.bar.text})")
"""


def code(lesson: Lesson) -> Iterator[Block]:
    """The shared files, the model, the loop that trains it, the experiments, and what draws their curves."""
    pieces = lesson_code(_module(lesson))
    files = _files(lesson, pieces)
    models = _model_modules(lesson)
    yield Prose(
        "code",
        "## The code\n\nThe project's own files, as they stand; only their imports of each other are taken "
        "out. First what every model shares, then the model, then the loop that trains it. What is not the "
        "subject of this lesson is folded up: open it by clicking on it.",
    )
    for file in files:
        if not _holds_experiments(file):
            yield Prose(f"file-{file.slug}", f"`{file.path}`{_left_out(file)}")
            yield Code(f"code-{file.slug}", file.code, folded=file.name not in models)
    yield Prose("experiments", "## The experiments\n\nTheir settings, as the lesson has them.")
    for file in filter(_holds_experiments, files):
        yield Prose(f"file-{file.slug}", f"`{file.path}`")
        yield Code(f"code-{file.slug}", file.code)
    yield Code("studies", pieces.studies)
    yield Prose("carry-out", "How they are carried out and drawn:")
    yield Code("carry-out-code", CARRY_OUT)


def training(lesson: Lesson) -> Iterator[Block]:
    """Each experiment, trained and drawn."""
    runs = _experiments(lesson)
    updates = sum(e.updates for e in runs)
    yield Prose(
        "training",
        f"## Training\n\n{len(runs)} runs, {updates:,} updates at most in all. The same seed gives the same "
        "figures on the same machine.",
    )
    for number, study in enumerate(lesson.studies, start=1):
        yield Prose(f"study-{number}", f"### {number}. {study.name}\n\n{study_line(study)}")
        yield Code(f"study-{number}-code", f"carry_out({study.name!r})\n")


def claims(lesson: Lesson) -> Iterator[Block]:
    """What the lesson claims, measured on the runs above."""
    yield Prose(
        "claims",
        "## What the lesson claims\n\nEach claim is a sentence, a measurement on the runs above and the bar "
        "it has to reach. Fresh rows are drawn after the training.",
    )
    yield Code("claims-code", lesson_code(_module(lesson)).claims)
    yield Code("judge", JUDGE)


def model_sources(lesson: Lesson) -> Iterator[Block]:
    """The files of the lesson's models, whole, to be read."""
    yield Prose("code", "## The code\n\nThe model's own file, from scratch in NumPy.")
    for name in _model_modules(lesson):
        yield Prose(f"file-{slug(name)}", f"`{path_of(name)}`")
        yield Code(f"code-{slug(name)}", source_of(name))


def experiments(lesson: Lesson) -> Iterator[Block]:
    """The settings of every experiment, and what is claimed of them; nothing measured."""
    lines = [f"{n}. **{study.name}**: {study_line(study)}" for n, study in enumerate(lesson.studies, start=1)]
    claimed = [f"- {claim.text} (asked: {claim.bar.text})" for claim in lesson.claims]
    run = f"`toystory run --lesson {lesson.name}` trains them and judges the claims."
    yield Prose("experiments", "\n".join(["## The experiments", "", *lines, "", run]))
    yield Prose("claims", "\n".join(["## What the lesson claims", "", *claimed]))


def _files(lesson: Lesson, pieces: LessonCode) -> list[File]:
    """Everything that has to run before the lesson's experiments can, in order."""
    roots = (*_model_modules(lesson), TRAINING, MEMORY, RUN, CLAIM, *pieces.imports)
    experiment = experiment_class({e.model for e in _experiments(lesson)})
    return inlined(roots, {EXPERIMENT: experiment, FAST: READABLE_ONLY})


def _holds_experiments(file: File) -> bool:
    """Whether it belongs to a lesson, not to all of them."""
    return file.name.startswith("toystory.lessons.") and file.name.count(".") > 1


def _left_out(file: File) -> str:
    """What the file has in the project and not here, in brackets."""
    if file.name == FAST:
        return " (a stand-in)"
    if file.name == EXPERIMENT:
        return " (left out: the checks of its values, and other lessons' models)"
    here = set(functions(file.code))
    names = [f"`{name}`" for name in functions(source_of(file.name)) if name not in here]
    return f" (left out: {', '.join(names)}, which needs files that are not here)" if names else ""


def _experiments(lesson: Lesson) -> list[Experiment]:
    return [e for study in lesson.studies for e in experiments_of(study)]


def _model_modules(lesson: Lesson) -> list[str]:
    """The modules of the lesson's models, in the order of the story."""
    models = dict.fromkeys(e.model for e in _experiments(lesson))
    return [MODELS[name].__module__ for name in MODELS if name in models]


def _module(lesson: Lesson) -> str:
    """The module that makes the lesson."""
    return f"toystory.lessons.{lesson.chapter.folder.name}.lesson"
