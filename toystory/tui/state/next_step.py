"""What a learner does next in a chapter: one sensible step after another, and which of them are done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from toystory.course.chapter import Chapter
from toystory.tui.state.lesson_state import LessonState

StepName = Literal["story", "guess", "run", "inside", "recall", "review", "rest", "idea", "code", "on"]


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: Of the step, for the marks.
        done: Whether the learner has done it.
        text: What to do, in a few words.
        stage: The title of the stage that it is done in; "" for none.
    """

    name: StepName
    done: bool
    text: str
    stage: str = ""


def steps(state: LessonState, following: Chapter | None, due: int = 0) -> tuple[Step, ...]:
    """The steps of a chapter, in order; what the chapter does not have is left out.

    Args:
        state: Of the open lesson.
        following: The chapter after this one; None after the last.
        due: How many questions of other chapters are to be asked again.
    """
    return (*_steps(state, due), _on(state, following))


def next_step(all_steps: tuple[Step, ...]) -> Step:
    """The first that is not done; the last where all are."""
    return next((step for step in all_steps if not step.done), all_steps[-1])


def run_of(state: LessonState) -> str | None:
    """The name of the experiment to run next: of those that answer the question, else of all."""
    finished, studies = state.record.finished, state.lesson.studies
    answers = state.lesson.answers or tuple(study.name for study in studies)
    return next((name for name in answers if name not in finished), None)


def _steps(state: LessonState, due: int) -> Iterator[Step]:
    lesson, record = state.lesson, state.record
    moved = bool(record.marks - {"Story"}) or record.prediction is not None
    yield Step("story", moved, "read the story, then D", "Story")

    guessed = record.prediction is not None or record.answered
    there = state.stage == "Predict"
    last = len(lesson.prediction.choices)
    guess = f"what do you think? 1–{last} says it" if there else "guess first: what will happen?"
    yield Step("guess", guessed, guess, "Predict")

    name = run_of(state)
    yield Step("run", name is None, _run_text(state, name), "Train")

    looked = "Look inside" in record.marks
    yield Step("inside", looked, "look inside the model: what has it become?", "Look inside")

    if lesson.recall:
        answered = all(one.id in record.recalled for one in lesson.recall)
        left = sum(one.id not in record.recalled for one in lesson.recall)
        asked = f"{left} question{'s' if left > 1 else ''} from memory"
        words = f"read why; then {asked}: enter" if there else f"were you right? Read why, then {asked}"
        yield Step("recall", answered, words, "Predict")

    if due:
        again = "a question comes" if due == 1 else f"{due} questions come"
        yield Step("review", False, f"{again} back from other chapters: do you know it now?")

    rest = [study for study in lesson.studies if study.name not in record.finished]
    yield Step("rest", not rest, _rest_text(state, len(rest)), "Train")

    if lesson.suggestions:
        idea = next((one for one in lesson.suggestions if not state.has_run(one)), lesson.suggestions[0])
        tried = any(state.has_run(one) for one in lesson.suggestions)
        yield Step("idea", tried, _idea_text(state, idea.text), "Train")

    if record.exercise_names:
        to_write = [n for n in record.exercise_names if record.exercise(n).state != "passed"]
        more = f", {len(to_write)} left" if len(to_write) > 1 else ""
        yield Step("code", not to_write, f"your turn: write it in code{more}", "Your turn")


def _run_text(state: LessonState, name: str | None) -> str:
    if state.running is not None:
        return "it trains: watch the curve, d shows the derivation"
    if state.session.state == "paused" and state.study.name == name:
        return f"go on with “{name}”: space"
    return f"train “{name}”"


def _rest_text(state: LessonState, left: int) -> str:
    if state.running is not None:
        return "they train, one after another: g shows the claims"
    return f"run the other experiments too: a ({left} left)"


def _idea_text(state: LessonState, text: str) -> str:
    if state.running is not None:
        return "it trains: what do you expect?"
    return f"try an idea: {text[0].lower()}{text[1:]}"


def _on(state: LessonState, following: Chapter | None) -> Step:
    if following is None:
        return Step("on", False, "all done: the sandbox is yours, 0 on the page of chapters")
    return Step("on", False, f"all done here: chapter {following.number} is next, {following.title}")
