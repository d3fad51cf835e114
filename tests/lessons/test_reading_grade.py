"""Plain enough to read in a language that is not one's own: a reading grade for everything the app says.

Run with -s to see the hardest of each kind.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import toystory.tui
from tests.support.reading import WORD, grade
from toystory.course import catalogue
from toystory.course.analysis.network import OF_A_CELL
from toystory.course.catalogue import NAMES
from toystory.course.derivation.update_steps import CLIP, decay_step, optimizer_step
from toystory.course.exercises.exercise import exercises_of
from toystory.course.text.glossary import glossary
from toystory.lessons.mlp.real_numbers import QUESTIONS
from toystory.lessons.mlp.softmax_derivation import WITH_DROPOUT
from toystory.training.settings import OPTIMIZER_NAMES
from toystory.tui.keymap import all_bindings

INSTRUCTIONS, STORIES = 8.0, 9.0
"""The highest grades: of what tells the learner what to do and what is seen, and of what is told."""
FEWEST = 8
"""Words below which a label is too short for a grade: one long word decides it."""
MOST_CODE = 2
"""A hint with so many assignments and indices is code, line by line."""
RARE = ("torn about", "hairpin", "sulk", "diet", "accident of the")
"""Nobody has to know these to know what to do."""
REASONS = {
    "No network at all: elimination finds the fifty columns from 60 rows, in so many of 50 draws": (
        "the name of the method, which the chapter explains"
    ),
}
"""What may be harder, and why."""


def sentences_of_the_app() -> Iterator[str]:
    """Every text in the sources of the app that is not a docstring, with 'it' where a value stands."""
    for file in sorted(Path(toystory.tui.__file__).parent.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                left_out |= {id(part) for part in node.values}
                parts = (part.value if isinstance(part, ast.Constant) else "it" for part in node.values)
                yield "".join(map(str, parts))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
                yield node.value


def of_the_app() -> Iterator[str]:
    for text in sentences_of_the_app():
        if ";\n" not in text and "{\n" not in text:  # not style sheets
            yield text
    yield from (binding.tooltip for binding in all_bindings())


def of_the_lessons() -> Iterator[str]:
    yield from (step.sentence for step in WITH_DROPOUT)
    yield from (*QUESTIONS.values(), *(said for pair in OF_A_CELL.values() for said in pair))
    yield from (step.sentence for step in (CLIP, decay_step("W1", "W₁")))
    yield from (optimizer_step("W1", "W₁", name).sentence for name in OPTIMIZER_NAMES)
    for name in NAMES:
        lesson = catalogue.load(name)
        yield from (claim.text for claim in lesson.claims)
        yield from (step.sentence for step in lesson.derivation)
        yield from lesson.can
        for suggestion in lesson.suggestions:
            yield suggestion.text
            yield suggestion.reason


def of_the_exercises() -> Iterator[str]:
    for name in NAMES:
        for exercise in exercises_of(name):
            prose = "\n".join(line for line in exercise.task.splitlines() if not line.startswith("    "))
            yield prose
            yield from (hint for hint in exercise.hints if hint.count(" = ") + hint.count("[") < MOST_CODE)


def of_the_glossary() -> Iterator[str]:
    yield from (word.meaning for word in glossary())


KINDS = {
    "the app": of_the_app,
    "claims, derivations, ideas": of_the_lessons,
    "exercises": of_the_exercises,
    "the glossary": of_the_glossary,
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_tells_the_learner_what_to_do_is_plain(kind: str) -> None:
    texts = {text for text in KINDS[kind]() if len(WORD.findall(text)) >= FEWEST}
    graded = sorted(((grade(text), text) for text in texts if text not in REASONS), reverse=True)
    print(f"\n{kind}: {len(graded)} texts, mean {sum(g for g, _ in graded) / len(graded):.1f}; the hardest:")
    for found, text in graded[:3]:
        print(f"  {found:4.1f}  {' '.join(text.split())[:100]}")
    assert [(round(found, 1), text) for found, text in graded if found > INSTRUCTIONS] == []
    assert [(word, text) for text in KINDS[kind]() for word in RARE if word in text.lower()] == []


@pytest.mark.parametrize("name", NAMES)
def test_stories_are_plain(name: str) -> None:
    lesson = catalogue.load(name)
    parts = {
        "story": lesson.story,
        "question": lesson.prediction.question,
        "explanation": lesson.prediction.explanation,
        "recap": lesson.recap,
    }
    grades = {part: round(grade(text), 1) for part, text in parts.items()}
    print(f"\n{name}: {grades}")
    assert max(grades.values()) <= STORIES


def test_the_count_knows_easy_from_hard() -> None:
    easy = "The lamp is on. You press the switch. The lamp goes off."
    hard = (
        "Notwithstanding considerable theoretical sophistication, contemporary optimisation methodologies "
        "necessitate computational resources that institutions habitually underestimate."
    )
    assert grade(easy) < 2
    assert grade(hard) > 16
