"""A lesson: all that one chapter holds."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from toystory.base.language import ENGLISH, language
from toystory.base.nearest import nearest
from toystory.course.chapter import Chapter
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.derivation.translated import steps_in, symbols_in
from toystory.course.derivation.update_steps import UPDATE_SYMBOLS, steps_for
from toystory.course.suggestion import Suggestion
from toystory.course.table import Table
from toystory.course.text.derivation_words import fits
from toystory.course.text.prose import Prediction, Recall, read_prediction, read_recap, read_story
from toystory.course.text.translation import SHARED, english_of, text_of
from toystory.models.parts.arrays import Bits
from toystory.training.claim import Claim
from toystory.training.control import CONTROLS, controls
from toystory.training.experiment import Experiment
from toystory.training.run import Runs, Study, Sweep, experiments_of


@dataclass(frozen=True)
class Lesson:
    """A chapter: its prose is read from the Markdown files in its folder, the rest are Python values.

    studies: what is run, in the order of the story. ends_with: the experiment whose model the chapter ends
    with. answers: the names of the studies that answer its prediction. suggestions: what else to try.
    example: the row that the derivation is shown on.
    table: what the finished runs come to, side by side; None where the lesson has no table.
    is_translated: whether the derivation is in another language than English.
    studies may end with the sweep `controls(…)` of those that are shown to fail.
    """

    chapter: Chapter
    derivation: tuple[DerivationStep, ...]
    symbols: tuple[Symbol, ...]
    example: tuple[int, ...]
    suggestions: tuple[Suggestion, ...]
    studies: tuple[Study, ...]
    ends_with: str
    answers: tuple[str, ...]
    claims: tuple[Claim, ...]
    table: Callable[[Runs], Table] | None = None
    is_translated: bool = False

    @property
    def name(self) -> str:
        return self.chapter.name

    @cached_property
    def story(self) -> str:
        return read_story(self.chapter.folder / "story.md")

    @cached_property
    def prediction(self) -> Prediction:
        return read_prediction(self.chapter.folder / "predict.md")

    @cached_property
    def recap(self) -> str:
        return text_of(self.chapter.folder / "recap.md")

    @cached_property
    def to_keep(self) -> str:
        """The recap without its questions, as Markdown."""
        return read_recap(self.chapter.folder / "recap.md")[0]

    @cached_property
    def recall(self) -> tuple[Recall, ...]:
        """The questions from memory."""
        return read_recap(self.chapter.folder / "recap.md")[1]

    @cached_property
    def can(self) -> tuple[str, ...]:
        """What the learner can do at its end, a few words each; nothing where the lesson does not say."""
        file = self.chapter.folder / "can.md"
        lines = text_of(file).splitlines() if file.exists() else []
        return tuple(line.removeprefix("- ").strip() for line in lines if line.startswith("- "))

    @cached_property
    def sources(self) -> str:
        return text_of(self.chapter.folder / "sources.md")

    def in_language(self) -> Lesson:
        """The lesson with its derivation in the learner's language, where that is translated."""
        file = self.chapter.folder / "derivation.md"
        if language() == ENGLISH or not file.is_file():
            return self
        english, text = english_of(file), text_of(file)
        if text == english or not fits(english, text):
            return self
        steps = steps_in(self.derivation, english, text)
        return replace(self, derivation=steps, symbols=symbols_in(self.symbols, text), is_translated=True)

    @cached_property
    def all_symbols(self) -> tuple[Symbol, ...]:
        """Those of the derivation, before them those of the steps that an experiment's settings add."""
        words = _shared_words(language()) if self.is_translated else None
        return (*(symbols_in(UPDATE_SYMBOLS, words[1]) if words else UPDATE_SYMBOLS), *self.symbols)

    def derivation_of(self, experiment: Experiment, layer: int = 1) -> tuple[DerivationStep, ...]:
        """The derivation as an experiment trains, in the language of the lesson's own.

        Args:
            experiment: What is trained with which optimiser, clip and decay.
            layer: Of a tower, the hidden layer that is looked at, from 1.
        """
        steps = steps_for(self.derivation, experiment, layer)
        words = _shared_words(language()) if self.is_translated else None
        return steps_in(steps, *words) if words else steps

    def study(self, name: str) -> Study:
        """The experiment or sweep called `name`. Raises KeyError."""
        return {study.name: study for study in self.studies}[name]

    def find_study(self, wanted: str) -> Study:
        """Find the experiment or sweep that a learner means.

        Args:
            wanted: Its number, its name, or a part of the name that fits only one.

        Raises:
            ValueError: None fits, or several do; the message names the nearest and all of them.
        """
        names = [study.name for study in self.studies]
        numbered = {str(number): study for number, study in enumerate(self.studies, start=1)}
        if wanted in numbered:
            return numbered[wanted]
        part = _plain(wanted)
        words = {name: _plain(name) for name in names}
        exact = [name for name in names if words[name] == part]
        whole = [name for name in names if f" {part} " in f" {words[name]} "]
        within = [name for name in names if part in words[name] and not part.isdecimal()]
        fitting = exact or whole or within
        if part and len(fitting) == 1:
            return self.study(fitting[0])
        if part and fitting:
            several = " and ".join(repr(name) for name in fitting)
            raise ValueError(f"{wanted!r} fits more than one experiment of lesson {self.name}: {several}")
        near = nearest(part, words.values(), cutoff=0.4)
        hint = "".join(f"did you mean {name!r}? " for name in names if words[name] == near)
        listed = ", ".join(f"{number} {name!r}" for number, name in enumerate(names, start=1))
        what = f"lesson {self.name} has no experiment called {reprlib.repr(wanted)}"
        raise ValueError(f"{what}: {hint}it has {listed}")

    def example_row(self, experiment: Experiment) -> Bits:
        """The row that the derivation is shown on, as the experiment's model reads it.

        Returns:
            The lesson's example, (1, columns): repeated or cut to the experiment's columns.
        """
        row = self.example
        if not experiment.any_length:
            row = (row * -(-experiment.columns // len(row)))[: experiment.columns]
        return np.array([row], dtype=np.uint8)

    @property
    def controlled(self) -> tuple[str, ...]:
        """The names of the studies whose controls are run too: those that are shown to fail."""
        there = {e for study in self.studies if study.name == CONTROLS for e in experiments_of(study)}
        return tuple(
            study.name
            for study in studies_alone(self.studies)
            if there.issuperset(controls((study,)).experiments)
        )

    def with_studies(self, studies: Iterable[Study]) -> Lesson:
        """The same lesson with other settings in its studies; the controls are made anew from them.

        Args:
            studies: Of the same names as the lesson's own; its controls need not be among them.
        """
        own = studies_alone(studies)
        failing = [study for study in own if study.name in self.controlled]
        return replace(self, studies=(*own, controls(failing)) if failing else own)

    def seeded(self, seed: int) -> Lesson:
        """The same lesson from other beginnings: `seed` is added to the seed of every experiment."""
        return replace(self, studies=tuple(_seeded(study, seed) for study in self.studies))

    def only(self, names: Iterable[str]) -> Lesson:
        """The studies of these names, and the claims that need no others.

        Args:
            names: What is kept. With `CONTROLS` among them, the controls of the studies that are kept; all
                controls where it is the only name.
        """
        kept = set(names)
        studies = tuple(study for study in self.studies if study.name in kept)
        if CONTROLS in kept and len(kept) > 1:
            failing = [study for study in studies if study.name in self.controlled]
            studies = (*studies_alone(studies), *((controls(failing),) if failing else ()))
        claims = tuple(claim for claim in self.claims if kept.issuperset(claim.needs))
        own = [study.name for study in studies_alone(studies)]
        ends_with = self.ends_with if self.ends_with in kept or not own else own[-1]
        answers = tuple(name for name in self.answers if name in kept)
        return replace(self, studies=studies, ends_with=ends_with, answers=answers, claims=claims)


@cache
def _shared_words(code: str) -> tuple[str, str] | None:
    """What all derivations have, in English and in the learner's language; None where that is not translated.

    Args:
        code: Of the language.
    """
    english, text = english_of(SHARED), text_of(SHARED)
    return (english, text) if fits(english, text) else None


def studies_alone(studies: Iterable[Study]) -> tuple[Study, ...]:
    """What a lesson trains besides its controls."""
    return tuple(study for study in studies if study.name != CONTROLS)


def _seeded(study: Study, seed: int) -> Study:
    if isinstance(study, Sweep):
        return Sweep(study.name, tuple(replace(e, seed=e.seed + seed) for e in study.experiments))
    return replace(study, seed=study.seed + seed)


def _plain(name: str) -> str:
    """Letters and digits only, so that rows-of-every-length is 'rows of every length'."""
    return re.sub(r"[^\w±]+", " ", name.lower().replace(",", "")).strip()
