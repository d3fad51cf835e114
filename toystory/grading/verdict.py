"""Checks the learner's file, and says what is wrong with it first."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from toystory.course.exercises.diagnosis import diagnose
from toystory.course.exercises.exercise import Code, Exercise, Wrong
from toystory.course.exercises.random_inputs import other_inputs
from toystory.course.exercises.rows_last import MARK, RowsLast
from toystory.course.exercises.steps import LINE, NAMES, counts
from toystory.grading.failures import LONGEST_LINE, Failed, Source, read_call, read_load, stopped_early
from toystory.grading.sandbox import wire
from toystory.grading.sandbox.audit import MOST, asks_for
from toystory.grading.sandbox.process import Ended, LearnerProcess, OutOfTime
from toystory.grading.source import read_source

MOST_LINES = 8
"""Of what was printed, in a verdict."""
DRAWS = 20
ANEW = "the usual inputs came out right, and these were drawn for this check alone"
ROWS_LAST = (
    "this file was begun when rows came last in this chapter: its functions are asked that way, and what "
    "stands here has rows first, as the chapter has now"
)
FIRST_STEP = f"this file was begun at step 1, where {NAMES[LINE]}: the exercise counts from step 2 on"
STOPPED_EARLY = (OutOfTime, Ended, wire.BadMessage)


@dataclass(frozen=True)
class Verdict:
    """What a check came to.

    Attributes:
        passed: Whether all is right.
        sentence: The first thing wrong, or that all is well.
        expected: What should have come, as short text, where there is something to compare.
        found: What came.
        given: For which input, by name.
        trace: The learner's own lines that a failure came by.
        output: What the code printed, the first of it.
        cut: How many bytes more there were.
        notes: What else the learner should know.
        seconds: That the check took.
        suspicious: What the code asked of the system that no exercise needs, a few words each.
    """

    passed: bool
    sentence: str
    expected: str | None = None
    found: str | None = None
    given: dict[str, str] = field(default_factory=dict)
    trace: tuple[str, ...] = ()
    output: str = ""
    cut: int = 0
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    suspicious: tuple[str, ...] = ()

    def text(self) -> str:
        """All of it, plain."""
        return "\n".join([self.sentence, *self.details()])

    def details(self) -> Iterator[str]:
        """All but the sentence, a line at a time: why it is so stands before what it was asked with."""
        for number, note in enumerate(self.notes):
            yield from _block("" if number else "note", note)
        if self.expected is not None:
            yield from _block("expected", self.expected)
        if self.found is not None:
            yield from _block("found", self.found)
        for number, (name, value) in enumerate(self.given.items()):
            yield from _block("" if number else "for", f"{name} = {_hanging(value, len(name) + 3)}")
        for number, line in enumerate(self.trace):
            yield from _block("" if number else "your code", line)
        yield from self._printed()

    def _printed(self) -> Iterator[str]:
        lines = self.output.rstrip().splitlines()
        left = "\n".join(lines[MOST_LINES:])
        if lines:
            yield from _block("printed", "\n".join(lines[:MOST_LINES]))
        if self.cut or left:
            yield from _block("", f"… and {self.cut + len(left):,} bytes more")


@dataclass(frozen=True)
class Ran:
    """What a file printed when it was run.

    Attributes:
        sentence: What stopped it; empty where it came to its end.
        output: What it printed, the first of it.
        cut: How many bytes more there were.
        trace: The learner's own lines that a failure came by.
    """

    sentence: str
    output: str
    cut: int = 0
    trace: tuple[str, ...] = ()


def check_file(exercise: Exercise, file: Path, cancel: threading.Event | None = None) -> Verdict:
    """Check a file.

    Args:
        exercise: What it is to solve.
        file: The learner's.
        cancel: Set it, from any thread, to end the check.

    Raises:
        process.Cancelled: `cancel` was set.
        process.CantStart: There is nothing to run it in.
    """
    try:
        source = read_source(file)
    except Wrong as error:
        return Verdict(False, error.sentence)
    return check(exercise, source, cancel)


def check(
    exercise: Exercise,
    source: Source,
    cancel: threading.Event | None = None,
    wall_clock: float | None = None,
) -> Verdict:
    """Check a text.

    Args:
        exercise: What it is to solve.
        source: The text.
        cancel: Set it, from any thread, to end the check.
        wall_clock: Seconds that it may take for each that it may use the processor; None for the usual.

    Raises:
        process.Cancelled: `cancel` was set.
        process.CantStart: There is nothing to run it in.
    """
    began = time.monotonic()
    wrong: Wrong | None = None
    fresh = False
    process = LearnerProcess(cancel, exercise.seconds, wall_clock)
    code = LearnerCode(process, source)
    old = bool(exercise.rows_last) and MARK.search(source.text) is not None
    asked: Code = RowsLast(code, exercise.rows_last) if old else code
    try:
        with process:
            code.load()
            exercise.check(asked)
            fresh = True
            _check_anew(exercise, asked)
    except Wrong as error:
        wrong = error
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        # Only where a check works with what came back before it has looked at it.
        wrong = Wrong(f"what your code returned can't be worked with: {error}")
    verdict = Verdict(
        passed=wrong is None,
        sentence="It is right." if wrong is None else clean(wrong.sentence),
        output=clean(process.output),
        cut=process.cut,
        notes=(*([ROWS_LAST] if old else []), *([_patched(code.patched)] if code.patched else [])),
        seconds=time.monotonic() - began,
        suspicious=tuple(dict.fromkeys([*code.suspicious, *asks_for(source.text)])),
    )
    if wrong is None:
        note = () if counts(source.text) else (FIRST_STEP,)
        return replace(verdict, notes=(*verdict.notes, *note))
    more = (diagnose(exercise, wrong), ANEW if fresh else "")
    said = of_wrong(wrong)
    return replace(
        verdict,
        notes=(*(note for note in more if note), *verdict.notes),
        expected=said.expected,
        found=said.found,
        given=said.given,
        trace=said.trace,
    )


def of_wrong(wrong: Wrong) -> Verdict:
    """What is wrong, and nothing else."""
    return Verdict(
        passed=False,
        sentence=clean(wrong.sentence),
        expected=wrong.expected,
        found=None if wrong.found is None else clean(wrong.found),
        given=wrong.given,
        trace=tuple(clean(line) for line in wrong.trace) if isinstance(wrong, Failed) else (),
    )


def run_as_program(source: Source, seconds: float, cancel: threading.Event | None = None) -> Ran:
    """Run a text as `python file.py` does, in a process with the limits of a check.

    Args:
        source: The text.
        seconds: Of processor time that it may use.
        cancel: Set it, from any thread, to end it.

    Raises:
        process.Cancelled: `cancel` was set.
        process.CantStart: There is nothing to run it in.
    """
    process = LearnerProcess(cancel, seconds)
    code = LearnerCode(process, source)
    sentence = ""
    trace: tuple[str, ...] = ()
    try:
        with process:
            code.load(as_program=True)
    except Wrong as error:
        sentence = clean(error.sentence)
        trace = tuple(clean(line) for line in error.trace) if isinstance(error, Failed) else ()
    return Ran(sentence, clean(process.output).rstrip(), process.cut, trace)


def _check_anew(exercise: Exercise, code: Code) -> None:
    """Once more with inputs that nobody has seen: answers to the others may be copied. Raises Wrong."""
    if exercise.solved is None:
        return
    for _ in range(DRAWS):
        with other_inputs(secrets.randbits(32)):
            try:
                exercise.check(exercise.solved)
            except Wrong:
                # A draw that tells nothing: a ReLU right at its bend, where finite differences see no slope.
                continue
            exercise.check(code)
            return


class LearnerCode:
    """The functions of a learner's file, called in another process: an `exercises.exercise.Code`."""

    def __init__(self, process: LearnerProcess, source: Source) -> None:
        """Run nothing yet."""
        self._process = process
        self._source = source
        self.patched: list[str] = []
        """What of NumPy the learner's code has replaced."""
        self.suspicious: list[str] = []
        """What it has asked of the system."""

    def load(self, *, as_program: bool = False) -> None:
        """Run the file. Raises Wrong.

        Args:
            as_program: Whether as `python file.py` does, with what stands below `__main__`.
        """
        try:
            message = self._process.load(self._source.name, self._source.text, as_program=as_program)
        except STOPPED_EARLY as error:
            raise stopped_early(error, self._source, "") from None
        self._note(message)
        read_load(message, self._source)

    def __call__(self, function: str, /, *arguments: Any) -> Any:
        """Call a function of the file. Raises Wrong where it comes to no answer."""
        try:
            message, value = self._process.call(function, arguments)
        except STOPPED_EARLY as error:
            raise stopped_early(error, self._source, function) from None
        self._note(message)
        return read_call(message, value, self._source, function, arguments)

    def _note(self, message: wire.Message) -> None:
        patched = message.get("patched")
        if isinstance(patched, list):
            self.patched = [str(name) for name in patched]
        told = message.get("told")
        if isinstance(told, list):
            self.suspicious = [clean(str(each)[:LONGEST_LINE]) for each in told[:MOST]]


def _patched(names: list[str]) -> str:
    return (
        f"your code replaces {', '.join(names)}: the check runs in another process, with a NumPy of its own, "
        "and does not notice"
    )


def clean(text: str) -> str:
    """Without what would move the cursor or change the colours of a terminal."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text.expandtabs())


def _block(name: str, text: str) -> Iterator[str]:
    """A name, and beside it the text, which may have several lines."""
    for number, line in enumerate(text.splitlines() or [""]):
        yield f"  {name if number == 0 else '':<10}{line}".rstrip()


def _hanging(text: str, by: int) -> str:
    return text.replace("\n", "\n" + " " * by)
