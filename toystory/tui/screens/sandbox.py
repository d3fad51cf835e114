"""The sandbox: any model on any gate, outside the story."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType

from toystory.course.catalogue import load
from toystory.course.chapter import Chapter
from toystory.course.lesson import Lesson
from toystory.course.truth_tables import XOR
from toystory.lessons.attention.experiments import THINKING_ALOUD
from toystory.lessons.autograd.experiments import MACHINE
from toystory.lessons.lstm.experiments import EVERY_LENGTH as LSTM_EVERY_LENGTH
from toystory.lessons.rnn.experiments import EVERY_LENGTH as RNN_EVERY_LENGTH
from toystory.lessons.two_layer.experiments import FOUR_ROWS
from toystory.training.experiment import Experiment
from toystory.training.settings import ModelName
from toystory.tui.navigation import navigation
from toystory.tui.screens.dialogs.settings import SettingsScreen
from toystory.tui.screens.lesson.inside import Bits, InsideStage
from toystory.tui.screens.lesson.screen import StagesScreen
from toystory.tui.screens.lesson.train import TrainStage
from toystory.tui.screens.stage import Stage

STAGES = (("Train", "t"), ("Look inside", "l"))
CHAPTER_OF: dict[ModelName, str] = {
    "LogisticRegression": "regression",
    "TwoLayerNet": "two-layer",
    "AutogradNet": "autograd",
    "MLP": "mlp",
    "RNN": "rnn",
    "LSTM": "lstm",
    "Attention": "attention",
}
"""Whose derivation is shown."""
RECIPES: dict[str, Experiment] = {
    experiment.model: experiment
    for experiment in (
        Experiment(
            name="logistic regression, and of two bits",
            model="LogisticRegression",
            columns=2,
            given=XOR,
            gate="and",
            updates=1000,
            optimizer="gradient descent",
            learning_rate=1.0,
            evaluate_every=10,
        ),
        replace(FOUR_ROWS, name="two layers, xor of two bits"),
        replace(MACHINE, name="autograd, xor of two bits"),
        Experiment(
            name="MLP, parity of 3 of 10 bits",
            model="MLP",
            columns=10,
            relevant=(0, 1, 2),
            hidden=(64,),
            updates=3000,
            batch=128,
            learning_rate=3e-3,
        ),
        replace(RNN_EVERY_LENGTH, name="RNN, parity of at most 20 bits", columns=20, updates=3000),
        replace(LSTM_EVERY_LENGTH, name="LSTM, parity of at most 20 bits", columns=20, updates=1500),
        replace(THINKING_ALOUD, name="attention, parity of at most 20 bits", columns=20, updates=600),
    )
}
"""What the form begins with, by the model."""


def sandbox_lesson(model: ModelName) -> Lesson:
    """A lesson without a story: one recipe for the model, its derivation, and no claims."""
    chapter = load(CHAPTER_OF[model])
    recipe = RECIPES[model]
    return replace(
        _plain_words(chapter) if model == "LogisticRegression" else chapter,
        chapter=Chapter(
            0, f"sandbox-{model}", f"Sandbox: {model}", "any model on any gate", chapter.chapter.folder
        ),
        studies=(recipe,),
        ends_with=recipe.name,
        answers=(),
        claims=(),
        suggestions=(),
    )


def _plain_words(regression: Lesson) -> Lesson:
    """The steps for any number of columns, in the words of the first gate.

    Those of the load test tell of fifty columns, and of a parity that no line can learn.
    """
    gate = load("gate")
    of_gate = {step.value: step for step in gate.derivation}
    steps = tuple(
        replace(step, title=of_gate[step.value].title, sentence=of_gate[step.value].sentence)
        for step in regression.derivation
    )
    return replace(regression, derivation=steps, symbols=gate.symbols, is_translated=gate.is_translated)


class SandboxForm(SettingsScreen):
    """The settings, with the model among them."""

    CSS_PATH = "dialogs/settings.tcss"

    def __init__(self, experiment: Experiment | None = None) -> None:
        first = experiment or RECIPES["TwoLayerNet"]
        super().__init__(first, RECIPES[first.model], RECIPES, "Sandbox: any model on any gate")


class SandboxScreen(StagesScreen):
    """Train and Look inside, for one experiment after another of one model; another model opens anew."""

    CSS_PATH = "lesson/lesson.tcss"
    NAMES = STAGES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "stage(0)", "Train", show=False, id="sandbox.t", tooltip="Train"),
        Binding("l", "stage(1)", "Look inside", show=False, id="sandbox.l", tooltip="Look inside"),
    ]

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self._experiment = experiment

    def load_lesson(self) -> Lesson:
        return sandbox_lesson(self._experiment.model)

    def make_stages(self) -> tuple[Stage, ...]:
        bits = Bits()
        return TrainStage(self.lesson_state, bits), InsideStage(self.lesson_state, bits, self.health)

    async def on_mount(self) -> None:
        self.lesson_state.run_custom(self._experiment)

    def settings_form(self) -> SettingsScreen:
        return SandboxForm(self.lesson_state.settings)

    async def take_settings(self, experiment: Experiment | None) -> None:
        if experiment is not None and experiment.model != self._experiment.model:
            navigation(self).open_sandbox(experiment)
        else:
            await super().take_settings(experiment)
