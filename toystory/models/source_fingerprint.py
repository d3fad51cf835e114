"""A short name for what a model computes: the syntax of its forward and backward pass, and of all they call.

Comments, docstrings, annotations and the layout of lines are no part of it, so that words may be mended.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from types import FunctionType
from typing import Any

PACKAGE = __name__.rpartition(".")[0]
ROOTS = ("forward", "backward", "loss_and_gradients")
IGNORED = frozenset({"annotation", "returns", "type_comment", "type_params", "ctx", "kind", "simple"})


def source_fingerprint(kind: type, functions: Iterable[Callable[..., Any]] = ()) -> str:
    """The fingerprint of a model's class.

    Args:
        kind: A subclass of `Model`.
        functions: More functions that it calls, by a table or an attribute.

    Returns:
        Sixteen hexadecimal digits; empty where a source can't be read, in an archive for instance.
    """
    import hashlib

    found: dict[str, str] = {}
    waiting = [*_methods(kind, ROOTS), *functions]
    try:
        while waiting:
            function = waiting.pop()
            if not isinstance(function, FunctionType) or not function.__module__.startswith(PACKAGE):
                continue
            name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"
            if name not in found:
                node = _definitions(function.__code__.co_filename)[_place(function)]
                found[name] = "".join(_canonical(node))
                waiting += _called(node, function, kind)
    except (OSError, SyntaxError, KeyError):
        return ""
    text = "\n".join(f"{name} {found[name]}" for name in sorted(found))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _methods(kind: type, names: Iterable[str]) -> Iterator[Any]:
    """Those of the class and of the classes it inherits from, since one may call the other."""
    for name in names:
        yield from (base.__dict__[name] for base in kind.__mro__ if name in base.__dict__)


def _place(function: FunctionType) -> tuple[str, int]:
    return function.__name__, function.__code__.co_firstlineno


@cache
def _definitions(file: str) -> dict[tuple[str, int], ast.FunctionDef]:
    """Every function and method of a file by its name and first line, where its decorators begin."""
    with open(file, encoding="utf-8") as opened:
        tree = ast.parse(opened.read())
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    return {
        (node.name, min([node.lineno, *(each.lineno for each in node.decorator_list)])): node
        for body in bodies
        for node in body
        if isinstance(node, ast.FunctionDef)
    }


def _called(node: ast.FunctionDef, function: FunctionType, kind: type) -> Iterator[Any]:
    """What of this package the function names: its module's functions, and methods of its own class."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield function.__globals__.get(each.id)
        elif isinstance(each, ast.Attribute):
            yield from _methods(kind, [each.attr])


def _canonical(node: ast.AST) -> Iterator[str]:
    """The tree of a function in one writing for all versions of Python."""
    yield f"({type(node).__name__}"
    for field, value in ast.iter_fields(node):
        if field in IGNORED or value is None or value == []:
            continue
        yield f" {field}="
        if field == "body" and isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            value = value[1:]
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                yield from _canonical(part)
            else:
                yield repr(part)
    yield ")"
