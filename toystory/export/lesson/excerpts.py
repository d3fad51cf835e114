"""Pieces of the project's files that a notebook takes instead of the whole: cut out of the source, so that
they can't differ from it."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from toystory.export.lesson.inline import OWN, lines_of, names_used, source_of, without_lines

EXPERIMENT = "toystory.training.experiment"
FAST = "toystory.models.fast"
READABLE_ONLY = '''\
"""The project trains through a faster form of the same equations; here a model trains as it is to be read."""

from __future__ import annotations


def fast_form(model: Model) -> None:
    """There is none."""
    return None
'''
"""In place of models/fast/, which would be as long again as all the rest."""


@dataclass(frozen=True)
class LessonCode:
    """What a lesson's own file says of its experiments and claims. studies, claims: code that makes a name of
    the same kind. imports: the modules that both need."""

    studies: str
    claims: str
    imports: tuple[str, ...]


def experiment_class(models: Collection[str]) -> str:
    """The class Experiment without the checks of its values, and able to build `models` alone.

    It keeps what is public and what that calls.
    """
    source = source_of(EXPERIMENT)
    tree = ast.parse(source)
    whole = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Experiment")
    methods = {node.name: node for node in whole.body if isinstance(node, ast.FunctionDef)}
    kept = _reached(methods)
    dropped = [lines_of(node) for name, node in methods.items() if name not in kept]
    dropped += _cases_of_others(methods["build_model"], models)
    dropped += [lines_of(node) for node in tree.body if node is not whole and not _is_import(node)]
    return without_lines(source, dropped)


def lesson_code(module: str) -> LessonCode:
    """The experiments and claims of the lesson that the file `module` makes."""
    source = source_of(module)
    tree = ast.parse(source)
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "lesson")
    made = function.body[-1]
    if not (isinstance(made, ast.Return) and isinstance(made.value, ast.Call)):
        raise ValueError(f"{module}: the last line of lesson() is expected to return a Lesson(…)")
    arguments = {keyword.arg: keyword.value for keyword in made.value.keywords}
    studies = f"studies = {_dedented(source, arguments['studies'])}\n"
    parts = [_dedented(source, statement) for statement in function.body[:-1] if not _is_docstring(statement)]
    parts.append(f"claims = {_dedented(source, arguments['claims'])}")
    own = [node for node in tree.body if node is not function and not _is_import(node)]
    helpers = _helpers(source, own, "\n".join(parts))
    claims = "\n\n\n".join([*helpers, "\n".join(parts)]) + "\n"
    used = names_used(ast.parse(studies + claims), annotations=False)
    claims = _imports_of_others(source, tree, used) + claims
    imports = [
        node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module and any(a.name in used for a in node.names)
        if node.module.partition(".")[0] in OWN
    ]
    return LessonCode(studies, claims, tuple(dict.fromkeys(imports)))


def _reached(methods: Mapping[str, ast.FunctionDef]) -> set[str]:
    """The public methods, and those that they call on themselves."""
    waiting = [name for name in methods if not name.startswith("_")]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        reached.add(name)
        called = {node.attr for node in ast.walk(methods[name]) if isinstance(node, ast.Attribute)}
        waiting += [other for other in called & set(methods) if other not in reached]
    return reached


def _cases_of_others(build: ast.FunctionDef, models: Collection[str]) -> list[tuple[int, int]]:
    """The lines of `case "Model":` for every model that is not among `models`."""
    return [
        (case.pattern.lineno, case.body[-1].end_lineno or case.pattern.lineno)
        for case in ast.walk(build)
        if isinstance(case, ast.match_case) and isinstance(case.pattern, ast.MatchValue)
        if isinstance(case.pattern.value, ast.Constant) and case.pattern.value.value not in models
    ]


def _helpers(source: str, own: Iterable[ast.stmt], text: str) -> list[str]:
    """The definitions among `own` that `text` uses, and those that they use, in their order."""
    chosen: set[ast.stmt] = set()
    used = names_used(ast.parse(text), annotations=False)
    while more := [node for node in own if node not in chosen and _makes(node) & used]:
        chosen.update(more)
        used.update(*(names_used(node, annotations=False) for node in more))
    lines = source.splitlines()
    return [
        "\n".join(lines[first - 1 : last])
        for first, last in (lines_of(node) for node in own if node in chosen)
    ]


def _imports_of_others(source: str, tree: ast.Module, used: set[str]) -> str:
    """The lines that import what is used from outside the project, and a blank one below them."""
    lines = [
        ast.get_source_segment(source, node)
        for node in tree.body
        if isinstance(node, ast.Import) and any((a.asname or a.name) in used for a in node.names)
    ]
    return "".join(f"{line}\n" for line in [*lines, ""]) if lines else ""


def _makes(node: ast.stmt) -> set[str]:
    """The names that a statement at the top of a file gives."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _dedented(source: str, node: ast.expr | ast.stmt) -> str:
    """The text of a node, moved to the left margin."""
    segment = ast.get_source_segment(source, node)
    assert segment is not None
    line = source.splitlines()[node.lineno - 1]
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.dedent(indent + segment)


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
