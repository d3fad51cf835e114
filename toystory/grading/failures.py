"""What became of a call of the learner's code, in plain words."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Any

from toystory.base.nearest import nearest
from toystory.course.exercises.exercise import NoSuchFunction, Wrong
from toystory.course.exercises.value_class import CARRY_OUT, CLASS, WAYS_BACK
from toystory.grading.numpy_errors import explained
from toystory.grading.sandbox import process, wire
from toystory.grading.sandbox.learner_process import MEMORY

LONGEST_LINE = 100
MUCH = 2**20
"""Bytes, printed, that take time."""


class Failed(Wrong):
    """The learner's code did not come to an answer.

    Attributes:
        trace: The learner's own lines that it came by.
    """

    def __init__(
        self, sentence: str, given: dict[str, object] | None = None, trace: tuple[str, ...] = ()
    ) -> None:
        super().__init__(sentence, None, None, given)
        self.trace = trace


class Missing(Failed, NoSuchFunction):
    """There is no function of the name that was called."""


@dataclass(frozen=True)
class Source:
    """The learner's file.

    Attributes:
        name: As the learner knows it.
        text: All of it.
    """

    name: str
    text: str

    def line(self, number: int) -> str:
        """The text of a line, counted from 1; empty where there is none."""
        lines = self.text.splitlines()
        line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        return line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + " …"

    def trace(self, frames: object) -> tuple[str, ...]:
        """A line for each frame that the learner's process tells of."""
        said = []
        for frame in frames if isinstance(frames, list) else []:
            if isinstance(frame, list) and len(frame) == 2 and isinstance(frame[0], int):
                where = "" if frame[1] == "<module>" else f", in {frame[1]}"
                said.append(f"line {frame[0]}{where}: {self.line(frame[0])}")
        return tuple(dict.fromkeys(said))


def read_load(message: wire.Message, source: Source) -> None:
    """Read what came of running the file.

    Args:
        message: Of the learner's process.
        source: The learner's text.

    Raises:
        Failed: It was not run to its end.
    """
    if "ok" in message:
        return
    if "syntax" in message:
        raise _bad_syntax(message, source)
    raise _raised(message, source, "", ())


def read_call(
    message: wire.Message, value: Any, source: Source, function: str, arguments: tuple[Any, ...]
) -> Any:
    """Read what came of a call.

    Args:
        message: From the learner's process.
        value: That goes with it.
        source: The learner's file.
        function: That was called.
        arguments: With which.

    Returns:
        What the function returned.

    Raises:
        Failed: It came to no answer.
    """
    if "ok" in message:
        return value
    if "missing" in message:
        raise Missing(_missing(function, source, message["missing"]))
    if "not callable" in message:
        raise Failed(
            f"{function} is no function but a value ({message['not callable']}): write `def {function}(…)`"
        )
    given = _given(message, arguments)
    if "unusable" in message:
        raise Failed(f"{function} returned {message['unusable']}: that is not what was asked for", given)
    raise _raised(message, source, function, arguments)


def stopped_early(error: Exception, source: Source, function: str) -> Failed:
    """Say why the code was stopped.

    Args:
        error: What LearnerProcess raised.
        source: The learner's file.
        function: That ran; "" while the file was loaded.
    """
    what = function or source.name
    if isinstance(error, process.OutOfTime):
        line = "" if error.line is None else f", in line {error.line}"
        trace = () if error.line is None else source.trace([[error.line, function or "<module>"]])
        if error.printed > MUCH:
            sentence = (
                f"{what} was still running after {error.seconds:g} seconds{line}, and was stopped; by then "
                f"it had printed {error.printed // 2**20} MB, and printing takes time: does it come to its "
                "end without?"
            )
        elif error.waited:
            sentence = (
                f"{what} was still not done after {error.seconds:g} seconds{line}, in which it used the "
                "processor little, and was stopped: does it wait for something?"
            )
        else:
            sentence = (
                f"{what} was still running after {error.seconds:g} seconds of processor time{line}, and was "
                "stopped: is there a loop without an end?"
            )
        return Failed(sentence, None, trace)
    if isinstance(error, process.Ended):
        return Failed(_ended(error.code, what))
    return Failed(
        f"what came back from {what} made no sense: does it write to a file or a pipe that it did not open?"
    )


def _ended(code: int | None, what: str) -> str:
    if code is not None and code < 0:
        name = next((each.name for each in signal.Signals if each == -code), f"signal {-code}")
        return (
            f"Python itself broke down while {what} ran ({name}): recursion that never ends can do that, "
            "or more memory than there is"
        )
    exit_code = "" if code is None else f" (exit code {code})"
    return f"{what} ended its own process{exit_code}: a function answers with `return`"


def _missing(function: str, source: Source, there: object) -> str:
    if function in (CARRY_OUT, WAYS_BACK):
        return f"{source.name} has no class named {CLASS}"
    names = [str(name) for name in there] if isinstance(there, list) else []
    near = nearest(function, names, cutoff=0.5)
    hint = f": did you mean {near}, which is there?" if near else ""
    return f"{source.name} has no function named {function}{hint}"


def _bad_syntax(message: wire.Message, source: Source) -> Failed:
    line, column = message.get("line"), message.get("column")
    if not isinstance(line, int):
        return Failed(f"{source.name} is not Python: {message['syntax']}")
    text = source.line(line)
    place = f"line {line}" + (f", column {column}" if isinstance(column, int) and column > 0 else "")
    trace = [f"line {line}: {text}"]
    if isinstance(column, int) and column > 0:
        whole = source.text.splitlines()[line - 1] if text else ""
        indent = len(whole) - len(whole.lstrip())
        trace.append(" " * (len(f"line {line}: ") + max(column - 1 - indent, 0)) + "^")
    return Failed(f"{source.name} is not Python, in {place}: {message['syntax']}", None, tuple(trace))


def _raised(message: wire.Message, source: Source, function: str, arguments: tuple[Any, ...]) -> Failed:
    trace = source.trace(message.get("frames"))
    what, kind, raised = function or source.name, message.get("kind"), str(message.get("raised"))
    at = f" ({trace[-1].partition(':')[0]})" if trace else ""
    given = _given(message, arguments)
    said = f": {message['said']}" if message.get("said") else ""
    if kind == "SystemExit":
        sentence = f"{what} ends the program with exit{at}: a function answers with `return`"
        return Failed(sentence, given, trace)
    if kind == "MemoryError":
        most = MEMORY // 2**30
        sentence = f"{what} wants more memory than the {most} GB that a check has{at}{said}"
        return Failed(sentence, given, trace)
    if kind == "RecursionError":
        sentence = f"{what} calls itself again and again, and never stops{at}"
        return Failed(sentence, given, trace)
    if raised == "EOFError":
        sentence = f"{what} waits for something to be typed{at}: a function gets what it needs as arguments"
        return Failed(sentence, given, trace)
    if raised == "OurOwn":
        sentence = f"{what} imports {message['said']} from this program{at}: here it is you who writes it"
        return Failed(sentence, given, trace)
    if raised == "ModuleNotFoundError":
        sentence = f"{what} imports what is not there{at}{said}; NumPy and Python's own modules are enough"
        return Failed(sentence, given, trace)
    verb = "stopped with" if not function else "raised"
    explanation = explained(str(message.get("said", "")), trace[-1] if trace else "")
    more = f". {explanation}" if explanation else ""
    return Failed(f"{what} {verb} {raised}{said}{more}", given, trace)


def _given(message: wire.Message, arguments: tuple[Any, ...]) -> dict[str, object]:
    """The arguments by the names that the learner's function has for them."""
    names = message.get("names")
    if not isinstance(names, list) or len(names) < len(arguments):
        return {f"argument {number}": value for number, value in enumerate(arguments, start=1)}
    return {str(name): value for name, value in zip(names, arguments, strict=False)}
