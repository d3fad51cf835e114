"""The project's own files, whole, for a notebook: those it takes along, and those it shows as cells."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "toystory"


def path_of(module: str) -> str:
    """Where a module stands in the project: `toystory.models.lstm` is `toystory/models/lstm.py`."""
    source = Path(inspect.getfile(import_module(module)))
    name = module.replace(".", "/")
    return f"{name}/__init__.py" if source.name == "__init__.py" else f"{name}.py"


@cache
def source_of(module: str) -> str:
    """The text of a module's file."""
    return Path(inspect.getfile(import_module(module))).read_text(encoding="utf-8-sig")


def files_of(module: str) -> dict[str, str]:
    """A module's file and the Markdown of the same name that it reads, where there is one: texts by paths."""
    markdown = Path(inspect.getfile(import_module(module))).with_suffix(".md")
    files = {path_of(module): source_of(module)}
    if markdown.is_file():
        files[f"{module.replace('.', '/')}.md"] = markdown.read_text(encoding="utf-8-sig")
    return files


def needed_modules(modules: Iterable[str], and_these: Iterable[str]) -> list[str]:
    """The project's modules that some code imports, directly or not, and the packages around them, sorted.

    What is imported for types alone is not among them.

    Args:
        modules: Their imports are followed; they themselves are left out unless one needs another.
        and_these: Modules that are needed beside those.
    """
    found: set[str] = set()
    waiting = [*and_these, *(name for module in modules for name in _imports(module))]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += [*_imports(module), *filter(None, [module.rpartition(".")[0]])]
    return sorted(found)


def as_cell(source: str, above: Collection[str] = ()) -> str:
    """A file's text as code for a notebook's cell.

    Left out are `from __future__`, which may stand nowhere but at the beginning of a program, and the imports
    of modules that are cells themselves. Types that name a class of the file become text.

    Args:
        source: The text of the file.
        above: Modules that stand as cells above it.
    """
    source = _with_quoted_annotations(source)
    dropped: set[int] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and (node.module == "__future__" or node.module in above):
            dropped.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = source.splitlines()
    # Blank lines below an import that is gone go with it.
    for n in range(2, len(lines) + 1):
        if n - 1 in dropped and not lines[n - 1].strip():
            dropped.add(n)
    return "\n".join(line for n, line in enumerate(lines, start=1) if n not in dropped) + "\n"


def _with_quoted_annotations(source: str) -> str:
    """Types that name a class of the file, as text: read at once, they would be read before there is one."""
    tree = ast.parse(source)
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    types = [
        given
        for node in ast.walk(tree)
        for given in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if isinstance(given, ast.expr) and given.end_lineno == given.lineno
        if classes & {name.id for name in ast.walk(given) if isinstance(name, ast.Name)}
    ]
    for given in sorted(types, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        line, first, end = lines[given.lineno - 1], given.col_offset, given.end_col_offset or 0
        lines[given.lineno - 1] = line[:first] + b'"' + line[first:end] + b'"' + line[end:]
    return b"".join(lines).decode()


def literal(text: str) -> str:
    """`text` as a Python literal that is read like the text itself, where it can be."""
    raw = f"r'''{text}'''"
    readable = "'''" not in text and not text.endswith(("\\", "'"))
    return raw if readable and ast.literal_eval(raw) == text else repr(text)


@cache
def _imports(module: str) -> tuple[str, ...]:
    """The project's modules that a module imports when it runs, at its top or inside a function."""
    found: list[str] = []
    for node in _running(ast.parse(source_of(module))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if _is_own(alias.name)]
        elif isinstance(node, ast.ImportFrom) and _is_own(whole := _whole_name(node, module)):
            found.append(whole)
            found += [name for a in node.names if _is_module(name := f"{whole}.{a.name}")]
    return tuple(found)


def _whole_name(node: ast.ImportFrom, module: str) -> str:
    """The module that is imported from, in full where it is told from here: `.experiments`."""
    if not node.level:
        return node.module or ""
    around = module if path_of(module).endswith("__init__.py") else module.rpartition(".")[0]
    for _ in range(node.level - 1):
        around = around.rpartition(".")[0]
    return f"{around}.{node.module}" if node.module else around


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those under `if TYPE_CHECKING:`."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from _running(node)


def _is_own(module: str) -> bool:
    return module.partition(".")[0] == PACKAGE


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
