"""Which submissions say the same in other words: names, comments and layout are taken away first."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterable

SHORT = 3
"""Statements of one's own below which two may well agree by chance."""


def fingerprint(text: str) -> str:
    """The same for two files that differ in comments, layout, docstrings, types and local names alone.

    Args:
        text: Of a learner's file, whether it is Python or not.
    """
    try:
        tree = _Plain().visit(ast.parse(text))
        plain = ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        plain = "\n".join(_words(text))
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def own_statements(text: str, start: str) -> int:
    """How many statements a learner has added to what the file begins with; 0 where it is no Python.

    Args:
        text: The learner's file.
        start: What it began as.
    """
    theirs, ours = list(_statements(text)), list(_statements(start))
    for statement in ours:
        if statement in theirs:
            theirs.remove(statement)
    return len(theirs)


def _statements(text: str) -> Iterable[str]:
    """The simple statements, each as plain text; of one with a body, its head."""
    try:
        tree = _Plain().visit(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            if isinstance(getattr(node, "body", None), list):
                yield type(node).__name__ + str(getattr(node, "name", ""))
            elif not isinstance(node, ast.Pass):
                yield ast.dump(node)


def _words(text: str) -> list[str]:
    """The words of what is no whole program, without comments and layout."""
    found: list[str] = []
    layout = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in layout:
                found.append(token.string)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return found or text.split()
    return found


class _Plain(ast.NodeTransformer):
    """Takes away docstrings and types, and numbers the names that are a function's own."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def visit_Module(self, node: ast.Module) -> ast.AST:
        return self._without_docstring(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._without_docstring(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        around, self._names = self._names, dict(self._names)
        own = [argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)]
        own += [
            name.id
            for name in ast.walk(node)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        ]
        for name in own:
            self._names.setdefault(name, f"v{len(self._names)}")
        node.returns = None
        self._without_docstring(node)
        self._names = around
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.visit(ast.Assign([node.target], node.value))  # type: ignore[no-any-return]

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._names.get(node.arg, node.arg))

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self._names.get(node.id, node.id), node.ctx)

    def _without_docstring(self, node: ast.Module | ast.ClassDef | ast.FunctionDef) -> ast.AST:
        first = node.body[:1]
        if first and isinstance(first[0], ast.Expr) and isinstance(first[0].value, ast.Constant):
            node.body = node.body[1:]
        return self.generic_visit(node)
