"""An exercise: a Python file with a task, a gap, a solution and a check, and what is told beside it.

In lessons/<chapter>/exercises/<name>.py stands above the line CHECK_LINE what the learner gets, with the
solution between the lines GAP and END_OF_GAP; below it how it is judged. What it imports from the file of
another exercise is written out in the learner's. <name>.md has three hints, a numbered list of growing help,
then a line `---`, and the explanation.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from toystory.base.errors import BadProse
from toystory.course.catalogue import chapter, names, tell
from toystory.course.exercises.value_text import short_text
from toystory.course.own_lessons import where
from toystory.course.text.files import read_text

GAP = "# --- gap"
END_OF_GAP = "# --- end of gap"
CHECK_LINE = "# --- the check: not part of the learner's file"
KINDS = ("derivation", "heart", "extension", "bug hunt", "whole model")
HINTS = 3
SECONDS = 5.0
"""Of processor time for a check, unless the exercise asks for more."""

Value = Any
"""What goes into the learner's functions and comes back: numbers and arrays of them, bools, strings, None,
and lists, tuples and dicts of these."""


class Code(Protocol):
    """The learner's code: it runs in another process, and only its functions can be called."""

    def __call__(self, function: str, /, *arguments: Value) -> Value:
        """What the learner's function returns for copies of these arguments.

        Raises Wrong when there is no such function, or it fails, ends the process or never comes back.
        """


class Wrong(Exception):
    """The first thing that is wrong with the learner's code.

    sentence: says what, in plain words. expected, found: side by side, where there is something to compare.
    given: for which input, by name. All three are kept as short text.
    """

    def __init__(
        self,
        sentence: str,
        expected: object = None,
        found: object = None,
        given: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.expected = None if expected is None else short_text(expected)
        self.found = None if found is None else short_text(found)
        self.given = {name: short_text(value) for name, value in (given or {}).items()}


class NoSuchFunction(Wrong):
    """The learner's code has no function of that name."""


class BadExercise(BadProse):
    """An exercise's file is not built as it should be; the message says which, and what is missing."""


@dataclass(frozen=True)
class Mistake:
    """A mistake that one can make: about says what it is; in the solution, new stands in place of old.

    told: what a learner is told whose answer is wrong by the same numbers; "" where there is nothing to tell.
    """

    about: str
    old: str
    new: str
    told: str = ""

    def made_in(self, solution: str) -> str:
        """The solution with this mistake. Raises BadExercise unless old occurs exactly once in its code."""
        top, code = _split_docstring(solution)
        if (times := code.count(self.old)) != 1:
            raise BadExercise(
                f"the mistake {self.about!r}: {self.old!r} occurs {times} times in the solution"
            )
        return top + code.replace(self.old, self.new)


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lesson.

    task: Markdown, without the title. start: what the learner's file begins as. solution: the same, done.
    hints: of growing help. mistakes: each must fail the check. bug: in a bug hunt, the one to be found.
    check: raises Wrong unless the code is right. solved: the solution, to be called as the learner's code is;
    None where the check draws everything anew by itself. seconds: what a check may take.
    rows_last: how files of the time before are called (`exercises.rows_last`). after: the exercise beside it
    whose solution it contains, and which is to be done first; "" for none.
    """

    lesson: str
    name: str
    title: str
    order: int
    kind: str
    task: str
    start: str
    solution: str
    hints: tuple[str, ...]
    explanation: str
    check: Callable[[Code], None] = field(repr=False)
    mistakes: tuple[Mistake, ...] = ()
    bug: Mistake | None = None
    solved: Code | None = field(default=None, repr=False)
    rows_last: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    seconds: float = SECONDS
    after: str = ""

    @property
    def key(self) -> str:
        """As on the command line: gate/sigmoid."""
        return f"{self.lesson}/{self.name}"


def label_line(key: str) -> str:
    """The line of a learner's file that tells which exercise it is."""
    return f"Exercise {key}: `toystory check` says whether it is right."


_HINT = re.compile(r"^\d+\. (.+(?:\n   .+)*)", re.MULTILINE)
LABEL = re.compile(r"^Exercise ([\w-]+/\w+): `toystory check`", re.MULTILINE)


@cache
def exercises_of(lesson: str) -> tuple[Exercise, ...]:
    """The exercises of the lesson of that name, in their order. Raises UnknownChapter, BadExercise."""
    one = chapter(lesson)
    found = []
    for name in one.exercise_names:
        try:
            found.append(_read(lesson, one.folder / "exercises" / f"{name}.py"))
        except BadExercise as error:
            if not one.own:
                raise
            tell(f"exercise {lesson}/{name} is left out: {error}")
    return tuple(sorted(found, key=lambda exercise: (exercise.order, exercise.name)))


def all_exercises() -> tuple[Exercise, ...]:
    """Of all lessons, in the order of the story."""
    return tuple(exercise for lesson in names() for exercise in exercises_of(lesson))


def _read(lesson: str, file: Path) -> Exercise:
    try:
        module = import_module(f"toystory.lessons.{file.parent.parent.name}.exercises.{file.stem}")
    except (Exception, SystemExit) as error:
        raise BadExercise(where(error, file.parent)) from error
    text = file.read_text(encoding="utf-8-sig")
    solution, start = learners_part(text, f"{lesson}/{file.stem}", file)
    bug: Mistake | None = getattr(module, "BUG", None)
    if (bug is None) == (start == solution):
        raise BadExercise(f"{file}: expected either a gap (lines {GAP!r}, {END_OF_GAP!r}) or a BUG")
    # Not the module's own docstring, which `python -OO` drops.
    title, _, task = (ast.get_docstring(ast.parse(text), clean=False) or "").strip().partition("\n")
    hints, explanation = _read_help(file.with_suffix(".md"))
    return Exercise(
        lesson=lesson,
        name=file.stem,
        title=title.strip(),
        order=int(_constant(module, "ORDER", file)),
        kind=_constant(module, "KIND", file),
        task=task.strip() + "\n",
        start=start if bug is None else bug.made_in(solution),
        solution=solution,
        hints=hints,
        explanation=explanation,
        check=_constant(module, "check", file),
        mistakes=tuple(_constant(module, "MISTAKES", file)),
        bug=bug,
        solved=None
        if _constant(module, "KIND", file) == "whole model"
        else lambda function, /, *arguments: getattr(module, function)(*deepcopy(arguments)),
        rows_last=getattr(module, "ROWS_LAST", {}),
        seconds=getattr(module, "SECONDS", SECONDS),
        after=getattr(module, "AFTER", ""),
    )


def _read_help(file: Path) -> tuple[tuple[str, ...], str]:
    """The hints and the explanation of an exercise. Raises BadExercise where they can't be read."""
    try:
        listed, _, explanation = read_text(file).partition("\n---\n")
    except BadProse as error:
        raise BadExercise(str(error)) from None
    except OSError:
        raise BadExercise(f"there is no {file} with the hints and the explanation") from None
    hints = tuple(" ".join(hint.split()) for hint in _HINT.findall(listed))
    if len(hints) != HINTS or not explanation.strip():
        raise BadExercise(
            f"{file}: expected {HINTS} hints as a numbered list, a line '---' and an explanation"
        )
    return hints, explanation.strip() + "\n"


def _constant(module: ModuleType, name: str, file: Path) -> Any:
    try:
        return getattr(module, name)
    except AttributeError:
        raise BadExercise(f"{file}: there is no {name} below the line {CHECK_LINE!r}") from None


def learners_part(text: str, key: str, file: Path) -> tuple[str, str]:
    """Take the learner's part out of an exercise's file.

    Args:
        text: The whole file.
        key: As on the command line, gate/sigmoid.
        file: Where the text stands, for messages.

    Returns:
        The solution, and what the learner's file begins as.

    Raises:
        BadExercise: A marker is missing.
    """
    part, line, _ = text.partition(f"\n{CHECK_LINE}")
    if not line:
        raise BadExercise(f"{file}: there is no line {CHECK_LINE!r}")
    ours = "\n".join(_with_what_it_shares(part))
    return _without_markers(_labelled(ours, key).splitlines(), file)


def _with_what_it_shares(part: str) -> list[str]:
    """The lines of the learner's part, but for what it imports from this project, or for the check alone.

    What it imports from another exercise is written out, above its own first function or class.
    """
    tree = ast.parse(part)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    shared = [
        _definition(str(node.module), each.name)
        for node in imports
        if isinstance(node, ast.ImportFrom) and ".exercises." in str(node.module)
        for each in node.names
        if each.name in used
    ]
    lines = part.rstrip().splitlines()
    if shared:
        first = next(node.lineno for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
        lines[first - 1 : first - 1] = [line for text, _ in shared for line in (*text, "", "")]
    for node in reversed(imports):
        if not _is_the_learners(node, used):
            del lines[node.lineno - 1 : node.end_lineno]
            above = lines[node.lineno - 2 : node.lineno]
            if all(not line.strip() for line in above):
                del lines[node.lineno - 2]
    if needed := sorted({line for _, texts in shared for line in texts} - set(lines)):
        after = lines.index("from __future__ import annotations") + 1
        lines[after:after] = ["", *needed]
    return lines


def _definition(module: str, name: str) -> tuple[list[str], list[str]]:
    """A function or class as it stands in another exercise, and the lines that import what it needs."""
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text(encoding="utf-8-sig")
    body = ast.parse(text).body
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            needed = [ast.unparse(n) for n in body if isinstance(n, ast.Import) and _is_the_learners(n, used)]
            return text.splitlines()[node.lineno - 1 : node.end_lineno], needed
    raise BadExercise(f"{spec.origin}: there is no function or class {name}")


def _is_the_learners(node: ast.Import | ast.ImportFrom, used: set[str]) -> bool:
    """Whether this import belongs into the learner's file: NumPy's always, others where they are used."""
    module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
    root = (module or "").split(".")[0]
    if root in ("__future__", "numpy"):
        return True
    return root != "toystory" and any((a.asname or a.name) in used for a in node.names)


def _without_markers(lines: list[str], file: Path) -> tuple[str, str]:
    """The solution: without the markers and what is marked TODO. The start: without the gaps."""
    solution: list[str] = []
    start: list[str] = []
    inside = False
    for line in lines:
        if line.strip() == GAP and not inside:
            inside = True
            _drop_todo(solution)
        elif line.strip() == END_OF_GAP and inside:
            inside = False
        elif line.strip() in (GAP, END_OF_GAP):
            raise BadExercise(f"{file}: a line {line.strip()!r} without its other one")
        else:
            solution.append(line)
            if not inside:
                start.append(line)
    if inside:
        raise BadExercise(f"{file}: a gap without its line {END_OF_GAP!r}")
    return "\n".join(solution) + "\n", "\n".join(start) + "\n"


def _drop_todo(lines: list[str]) -> None:
    """Take away the comment that ends here, if it begins with TODO: in the solution it is done."""
    first = len(lines)
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1
        if lines[first].lstrip().startswith("# TODO"):
            del lines[first:]
            return


def _labelled(text: str, key: str) -> str:
    """With the line in the docstring that tells which exercise it is."""
    top, code = _split_docstring(text)
    body, quotes = top.rstrip()[:-3].rstrip(), top.rstrip()[-3:]
    return f"{body}\n\n{label_line(key)}\n{quotes}\n{code}"


def _split_docstring(text: str) -> tuple[str, str]:
    """The module's docstring, whole lines, and everything after it."""
    first = ast.parse(text).body[0]
    if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)):
        raise BadExercise("an exercise's file begins with its docstring: the title, and the task")
    lines = text.splitlines(keepends=True)
    return "".join(lines[: first.end_lineno]), "".join(lines[first.end_lineno :])
