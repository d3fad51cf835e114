"""A lesson as one HTML page, its formulas in MathML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from toystory.course.equations.mathml import mathml
from toystory.export.lesson.blocks import Block, Code, Folded, Formula, Picture, Prose
from toystory.export.page.html_page import code, page, prose


def html(title: str, blocks: Iterable[Block]) -> str:
    """The file.

    Args:
        title: Plain text.
        blocks: What stands in it.

    Raises:
        UnreadableEquation: One can't be written as MathML.
    """
    return page(title, "\n".join(_written(block) for block in blocks))


def _written(block: Block) -> str:
    match block:
        case Prose():
            return prose(block.markdown)
        case Formula():
            equation = f'<div class="equation">{mathml(block.equation)}</div>'
            return f"{prose(block.before)}{equation}\n{prose(block.after)}"
        case Folded():
            return _folded(block.summary, prose(block.markdown))
        case Code():
            return _folded("Code", code(block.source)) if block.folded else code(block.source)
        case Picture():
            return f'<figure><div class="charts">{block.svg}</div></figure>'


def _folded(summary: str, inside: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>\n{inside}</details>"
