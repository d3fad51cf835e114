"""The parts of a lesson that run: the project's files it needs, its experiments, its claims."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from toystory.course.exercises.exercise import exercises_of
from toystory.course.lesson import Lesson
from toystory.export.lesson.blocks import Block, Code, Prose
from toystory.export.lesson.exercise_checks import MODULE, modules_of
from toystory.export.lesson.package import as_cell, files_of, literal, needed_modules, path_of, source_of
from toystory.export.lesson.reading import study_line
from toystory.models.loading import MODELS
from toystory.training.control import CONTROLS
from toystory.training.experiment import Experiment
from toystory.training.run import Study, experiments_of

SHARED = ("toystory.models.parts.arrays", "toystory.models.parts.activations")
"""Cells of their own above the model: exercises have learners define the same names, and what makes names
unique across cells (`marimo convert`) understands that of definitions, not of imports."""

IMPORTED = tuple(
    f"toystory.{name}" for name in ("base.runtime", "training.claim", "training.control", "training.run")
)
"""What the cells import that are written here."""

READER = {"two-layer": "rows = 10_000"}
"""The parameter that keeps a notebook within two minutes or so, by the names of the lessons that need one."""

PARAMETERS = """\
seed = 0  # added to the seed of every experiment
rows = None  # at most so many training rows; None for as many as the lesson has
updates = None  # at most so many updates an experiment; None for as many as the lesson has
"""
UNPACK = """\
import sys
import tempfile
from pathlib import Path

FILES = {{
{files}
}}


def unpack(files: dict[str, str]) -> None:
    \"\"\"Lay the files into a new folder and have Python import from there.\"\"\"
    folder = Path(tempfile.mkdtemp(prefix="toystory-"))
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for name in [name for name in sys.modules if name.partition(".")[0] == "toystory"]:
        del sys.modules[name]
    sys.path.insert(0, str(folder))


unpack(FILES)
"""
CARRY_OUT_IMPORTS = """\
import time
from dataclasses import replace

import matplotlib.pyplot as plt

from toystory.base.runtime import keep_freed_memory
from {lesson} import lesson
from toystory.training.claim import judge
from toystory.training.control import controls
from toystory.training.experiment import Experiment
from toystory.training.run import Run, Runs, Study, experiments_of

"""
CARRY_OUT = '''\
keep_freed_memory()
runs: dict[str, list[Run]] = {}
shortened: set[str] = set()


def with_parameters(experiment: Experiment) -> Experiment:
    """The experiment with this notebook's seed, and no more rows and updates than its parameters allow."""
    changed = {"seed": experiment.seed + seed}
    if rows is not None and experiment.rows is not None:
        changed["rows"] = min(rows, experiment.rows)
    if updates is not None:
        changed["updates"] = min(updates, experiment.updates)
    return replace(experiment, **changed)


def carry_out(study: Study) -> None:
    """Train an experiment or a sweep, say how each run ended, and draw the curves."""
    runs[study.name] = [Run(with_parameters(experiment)) for experiment in experiments_of(study)]
    for run, experiment in zip(runs[study.name], experiments_of(study)):
        for progress in run:
            pass
        shorter = (run.experiment.rows, run.experiment.updates) != (experiment.rows, experiment.updates)
        if shorter:
            shortened.add(study.name)
        settings = f" (shortened: {run.experiment.describe()})" if shorter else ""
        tie = ", a tie: every answer is one half" if run.tie else ""
        print(
            f"{experiment.name}{settings}: {progress.message}, {run.seconds:.1f} s; "
            f"loss {run.loss:.4f}; right on {run.train_accuracy:.2%} of its own rows, "
            f"{run.fresh_accuracy:.2%} of {run.tested_on}{tie}"
        )
    draw(runs[study.name])


def seconds_of(experiment: Experiment) -> float:
    """About how long it takes here: it is trained for a moment."""
    run, began, first, done = Run(with_parameters(experiment)), time.perf_counter(), 0.0, 0
    for progress in run:
        done += 1
        if done == 1:
            first = time.perf_counter() - began
        if time.perf_counter() - began > first + 0.2:
            break
    else:
        return time.perf_counter() - began
    return first + (time.perf_counter() - began - first) * (run.experiment.updates - 1) / max(done - 1, 1)


def how_long(*studies: Study) -> None:
    """Say how long each study takes on this machine, at most, and all of them."""
    known: dict[Experiment, float] = {}
    total = 0.0
    for study in studies:
        recipes = [replace(experiment, name="", seed=0) for experiment in experiments_of(study)]
        for recipe in recipes:
            if recipe not in known:
                known[recipe] = seconds_of(recipe)
        seconds = sum(known[recipe] for recipe in recipes)
        total += seconds
        print(f"{study.name}: about {seconds:,.1f} s")
    print(f"all of it: about {total:,.0f} s, less where runs end early")


def draw(runs: list[Run]) -> None:
    """The loss and the accuracy of every run, by updates."""
    figure, (loss, accuracy) = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
    for run in runs:
        label = run.experiment.name if 1 < len(runs) <= 8 else None
        loss.plot(*zip(*run.losses.points), label=label)
        accuracy.plot(*zip(*run.fresh_accuracies.points), label=label or "fresh rows")
    if len(runs) == 1:
        accuracy.plot(*zip(*runs[0].train_accuracies.points), "--", label="its own rows")
    loss.set(xlabel="updates", ylabel="loss", ylim=(0, None))
    accuracy.set(xlabel="updates", ylabel="accuracy", ylim=(-0.02, 1.02))
    if len(runs) <= 8:
        accuracy.legend()
    plt.show()


def check_claims() -> None:
    """Measure every claim of the lesson on the runs, and say whether it holds."""
    for claim in lesson(None).claims:
        if shortened.intersection(claim.needs):
            print(f"not measured, since its runs were shortened: {claim.text}")
            continue
        verdict = judge(claim, Runs(runs))
        held = "holds" if verdict.passed else "FAILS"
        print(f"{held}: {claim.text}: {verdict.shown} (asked: {claim.bar.text})")
'''


def parameters(lesson: Lesson) -> Iterator[Block]:
    """What may be set for all of the notebook."""
    yield Prose("parameters-text", _parameters_text(lesson))
    yield Code("parameters", _parameters(lesson), parameters=True)


def code(lesson: Lesson) -> Iterator[Block]:
    """The project's files, the models and the experiments as cells, and what carries them out."""
    models, experiments = _model_modules(lesson), _experiments_module(lesson)
    checks = [module for exercise in exercises_of(lesson.name) for module in modules_of(exercise)]
    needed = (*IMPORTED, _lesson_module(lesson), *((MODULE, *checks) if checks else ()))
    modules = needed_modules([*models, experiments], and_these=needed)
    files = {path: text for module in modules for path, text in files_of(module).items()}
    yield Prose(
        "code",
        f"## The code\n\nFirst the rest of the project, {len(files)} files as they stand, folded up: open "
        "them by clicking on them. They are laid into a folder for as long as the notebook runs.",
    )
    entries = "\n".join(f'    "{path}": {literal(text)},' for path, text in files.items())
    yield Code("files", UNPACK.format(files=entries), folded=True)
    for number, name in enumerate(SHARED):
        yield Prose(f"file-{slug(name)}", f"`{path_of(name)}`")
        yield Code(f"code-{slug(name)}", as_cell(source_of(name), above=SHARED[:number]), folded=True)
    for name in models:
        yield Prose(f"file-{slug(name)}", _model_text(name))
        yield Code(f"code-{slug(name)}", _model_cell(name))
    yield Prose("experiments", "## The experiments\n\nTheir settings, as the lesson has them.")
    yield Prose(f"file-{slug(experiments)}", f"`{path_of(experiments)}`")
    yield Code(f"code-{slug(experiments)}", source_of(experiments))
    yield Prose("carry-out", "How they are carried out, drawn and measured:")
    yield Code("carry-out-code", CARRY_OUT_IMPORTS.format(lesson=_lesson_module(lesson)) + CARRY_OUT)


def training(lesson: Lesson) -> Iterator[Block]:
    """Each experiment, trained and drawn."""
    runs = _experiments(lesson)
    updates = sum(e.updates for e in runs)
    yield Prose(
        "training",
        f"## Training\n\n{len(runs)} runs, {updates:,} updates at most in all. The same seed gives the same "
        "figures on the same machine.",
    )
    every = ",\n    ".join(_expression(study, lesson) for study in lesson.studies)
    yield Prose("how-long", "How long will that take here? Each recipe is tried for a moment.")
    yield Code("how-long-code", f"how_long(\n    {every},\n)\n")
    for number, study in enumerate(lesson.studies, start=1):
        yield Prose(f"study-{number}", f"### {number}. {study.name}\n\n{study_line(study)}")
        yield Code(f"study-{number}-code", f"carry_out({_expression(study, lesson)})\n")


def claims() -> Iterator[Block]:
    """What the lesson claims, measured on the runs above."""
    yield Prose(
        "claims",
        "## What the lesson claims\n\nEach claim is a sentence, a measurement on the runs above and the bar "
        "it has to reach. Fresh rows are drawn after the training.",
    )
    yield Code("judge", "check_claims()\n")


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


def slug(module: str) -> str:
    """A module's name without dots."""
    return module.replace(".", "-")


def _parameters(lesson: Lesson) -> str:
    shorter = READER.get(lesson.name, "")
    name = shorter.partition(" =")[0]
    lines = [
        line.replace(f"{name} = None", shorter) if name and line.startswith(f"{name} =") else line
        for line in PARAMETERS.splitlines(keepends=True)
    ]
    return "".join(lines)


def _parameters_text(lesson: Lesson) -> str:
    text = "Set these before you run the notebook."
    if lesson.name in READER:
        text += (
            f" With `{READER[lesson.name]}` it takes a minute or two; `None` does all that the lesson does."
        )
    return text


def _model_text(module: str) -> str:
    return f"`{path_of(module)}`, the model. Change it: what stands here is what trains below."


def _model_cell(module: str) -> str:
    """The model's file, and its class made the one that experiments build and measurements know."""
    name = next(name for name, model in MODELS.items() if model.__module__ == module)
    source = as_cell(source_of(module), above=SHARED)
    return f"{source}\n\nfrom toystory.models import loading\n\nloading.replace_model({name})\n"


def _expression(study: Study, lesson: Lesson) -> str:
    """How the cell of the experiments calls a study: `EVERY_LENGTH`, `SWEEPS[0]` or `CELLS[3].experiment`.

    Raises:
        LookupError: It has no name there.
    """
    if study.name == CONTROLS:
        failing = "".join(f"{_expression(lesson.study(name), lesson)}, " for name in lesson.controlled)
        return f"controls(({failing.rstrip()}))"
    for name, value in vars(import_module(_experiments_module(lesson))).items():
        for number, item in enumerate(value if isinstance(value, tuple) else ()):
            if study == item:
                return f"{name}[{number}]"
            if study == getattr(item, "experiment", None):
                return f"{name}[{number}].experiment"
        if study == value:
            return name
    raise LookupError(f"{_experiments_module(lesson)} gives no name to the study {study.name!r}")


def _experiments(lesson: Lesson) -> list[Experiment]:
    return [e for study in lesson.studies for e in experiments_of(study)]


def _model_modules(lesson: Lesson) -> list[str]:
    """The modules of the lesson's models, in the order of the story."""
    models = dict.fromkeys(e.model for e in _experiments(lesson))
    return [MODELS[name].__module__ for name in MODELS if name in models]


def _experiments_module(lesson: Lesson) -> str:
    """The module that says what the lesson runs."""
    name = "cells" if lesson.name == "comparison" else "experiments"
    return f"{_lesson_module(lesson).removesuffix('.lesson')}.{name}"


def _lesson_module(lesson: Lesson) -> str:
    """The module that makes the lesson."""
    return f"{lesson.chapter.module}.lesson"
