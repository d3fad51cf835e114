"""How large the program is: lines of code by room, without blank lines, comments and docstrings.

    python tools/size.py [CHECKOUT] [--against OTHER_CHECKOUT]

A line counts if a token of Python other than a comment or a docstring stands on it, so that writing more
explanation costs nothing and packing several statements into a line gains little.
"""

from __future__ import annotations

import argparse
import ast
import io
import tokenize
from collections import Counter
from pathlib import Path

NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


def code_lines(source: str) -> int:
    """Lines of `source` that hold code.

    A string that is a statement of its own is documentation: a docstring, or what stands below a constant.
    """
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NOT_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def longest_function(source: str) -> tuple[int, str]:
    """The lines of the longest function of `source`, from `def` to its end, and its name."""
    found = [(0, "")]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append(((node.end_lineno or node.lineno) - node.lineno + 1, node.name))
    return max(found)


def sizes(checkout: Path) -> tuple[Counter[str], Counter[str], tuple[int, str]]:
    """Lines of code and files by room, and the longest function of the program.

    Args:
        checkout: The top folder of a checkout.

    Returns:
        Lines by room, files by room, and the longest function of all rooms but the tests.
    """
    lines: Counter[str] = Counter()
    files: Counter[str] = Counter()
    longest = (0, "")
    for path in sorted(checkout.rglob("*.py")):
        place = path.relative_to(checkout)
        top = place.parts[0]
        linked = any(parent.is_symlink() for parent in path.parents if parent != checkout)
        if linked or top not in {"toystory", "models", "lessons", "tests"}:
            continue
        source = path.read_text(encoding="utf-8")
        room = "/".join(place.parts[:2]) if top == "toystory" and len(place.parts) > 2 else top
        lines[room] += code_lines(source)
        files[room] += 1
        if top != "tests":
            length, name = longest_function(source)
            longest = max(longest, (length, f"{place}:{name}"))
    return lines, files, longest


def main() -> None:
    """Print the table, beside that of another checkout if one is named."""
    parser = argparse.ArgumentParser(description="Lines of code by room.")
    parser.add_argument("checkout", type=Path, nargs="?", default=Path(__file__).resolve().parents[1])
    parser.add_argument("--against", type=Path, help="another checkout, to compare with")
    asked = parser.parse_args()
    lines, files, longest = sizes(asked.checkout)
    for room in sorted(lines):
        print(f"{lines[room]:7,}  {files[room]:4} files  {room}")
    print(
        f"{_program(lines):7,}  the program, {lines['tests']:,} its tests; "
        f"longest function: {longest[0]} lines ({longest[1]})"
    )
    if asked.against:
        before, _, its_longest = sizes(asked.against)
        print(
            f"{_program(before):7,}  before, {before['tests']:,} its tests, {its_longest[0]} lines: "
            f"{_program(lines) - _program(before):+,} and {lines['tests'] - before['tests']:+,}"
        )


def _program(lines: Counter[str]) -> int:
    return sum(lines.values()) - lines["tests"]


if __name__ == "__main__":
    main()
