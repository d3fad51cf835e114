"""A lesson as one Markdown file, with formulas between $$ as GitHub and Jupyter draw them."""

from __future__ import annotations

from collections.abc import Iterable

from toystory.course.equations.latex import latex
from toystory.export.lesson.blocks import Block, Code, Folded, Formula, Picture, Prose


def markdown(blocks: Iterable[Block]) -> str:
    """The file. Raises UnreadableEquation."""
    return "\n\n".join(_written(block).strip("\n") for block in blocks) + "\n"


def formula(block: Formula) -> str:
    """An equation between its sentences."""
    return f"{block.before}\n\n$$\n{latex(block.equation)}\n$$\n\n{block.after}\n"


def folded(block: Folded) -> str:
    """What opens on a click."""
    return f"<details>\n<summary>{block.summary}</summary>\n\n{block.markdown.strip()}\n\n</details>\n"


def _written(block: Block) -> str:
    match block:
        case Prose():
            return block.markdown
        case Formula():
            return formula(block)
        case Folded():
            return folded(block)
        case Code():
            fenced = f"```python\n{block.source.rstrip()}\n```"
            return folded(Folded(block.key, "Code", fenced)) if block.folded else fenced
        case Picture():
            raise ValueError("Markdown holds no drawings")
