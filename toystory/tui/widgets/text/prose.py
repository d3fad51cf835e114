"""Markdown as the lessons write it, in one widget.

Textual's own makes a widget of every paragraph and of every point of a list, and styles each of them and each
of its ways to emphasise: opening a page took twice as long. Links are not opened: there may be no browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

PARSER = MarkdownIt("commonmark").enable("table")
ADDRESS = re.compile(r"(https?://[^\s<>]*[^\s<>.,:;)])")
HEADING = "bold $primary"
QUOTED = "$foreground 85%"
CODE_INDENT = 2
"""Columns before code."""
LEAST = 10
"""Columns that words have at least, however narrow it is."""
GAP = 2
"""Columns between those of a table."""


@dataclass(frozen=True)
class Inks:
    """What depends on the theme: styles of a word of code, of a line of code, and of what marks a point."""

    word: str
    code: str
    point: str


DARK = Inks("$text-warning 95% on $warning 10%", "$foreground on black 10%", "$text-primary")
LIGHT = Inks("$text-error 95% on $error 5%", "$foreground on white 30%", "$text-secondary")


@dataclass(frozen=True)
class Block:
    """A paragraph, or what stands in the place of one.

    Attributes:
        content: Its words; what has a line break in it has several lines.
        first: What stands before its first line, and
        rest: before every other: as many columns.
        above: Empty lines before it, at least.
        below: And after it.
        code: Whether it is code, on a ground of its own.
        rule: Whether it is a line across.
        table: The rows of a table, the first its heads, in place of `content`.
    """

    content: Content = Content()  # noqa: RUF009
    first: Content = Content()  # noqa: RUF009
    rest: Content = Content()  # noqa: RUF009
    above: int = 0
    below: int = 1
    code: bool = False
    rule: bool = False
    table: tuple[tuple[Content, ...], ...] = ()


class Prose(Widget):
    """As high as its words are."""

    DEFAULT_CSS = """
    Prose {
        width: 100%;
        height: auto;
        color: $foreground;
        text-wrap: nowrap;
    }
    """

    def __init__(self, markdown: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._markdown = markdown
        self._blocks: tuple[bool, list[Block]] | None = None
        self._lines: tuple[int, bool, Content, int] | None = None

    @property
    def source(self) -> str:
        """What it shows, as Markdown."""
        return self._markdown

    def update(self, markdown: str) -> None:
        """Show something else."""
        if markdown != self._markdown:
            self._markdown = markdown
            self._blocks = self._lines = None
            self.refresh(layout=True)

    def render(self) -> RenderResult:
        return self._laid_out(self.size.width)[0]

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return self._laid_out(width)[1]

    def _laid_out(self, width: int) -> tuple[Content, int]:
        """All lines as one text, and how many."""
        dark = self.app.current_theme.dark
        if self._blocks is None or self._blocks[0] != dark:
            self._blocks = (dark, list(blocks_of(self._markdown, DARK if dark else LIGHT)))
        if self._lines is None or self._lines[:2] != (width, dark):
            lines = list(_lines(self._blocks[1], width, DARK if dark else LIGHT))
            self._lines = (width, dark, Content("\n").join(lines), len(lines))
        return self._lines[2:]


def blocks_of(markdown: str, inks: Inks) -> Iterator[Block]:
    """The blocks of a text, in order.

    Args:
        markdown: The text.
        inks: Of the theme.
    """
    yield from _blocks(PARSER.parse(markdown), inks)


def _blocks(tokens: Sequence[Token], inks: Inks) -> Iterator[Block]:
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _end(tokens, at)
        inner = tokens[at + 1 : end]
        match token.type:
            case "paragraph_open":
                yield Block(_inline(inner[0], inks))
            case "heading_open":
                yield Block(_inline(inner[0], inks, HEADING), above=0 if token.tag == "h1" else 1)
            case "fence" | "code_block":
                yield Block(_code(token), above=1, code=True)
            case "hr":
                yield Block(above=1, rule=True)
            case "blockquote_open":
                bar = Content.styled("▌", "$primary 60%") + "  "
                for block in _blocks(inner, inks):
                    yield Block(block.content.stylize_before(QUOTED), bar, bar, above=1)
            case "bullet_list_open" | "ordered_list_open":
                yield from _list(token, inner, inks)
            case "table_open":
                yield Block(table=tuple(_rows(inner, inks)))
        at = end + 1


def _end(tokens: Sequence[Token], at: int) -> int:
    """Where what begins at a token is closed."""
    depth = 0
    for place in range(at, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place
    return len(tokens) - 1


def _list(opening: Token, tokens: Sequence[Token], inks: Inks) -> Iterator[Block]:
    """A block for each point, without empty lines between them."""
    points: list[Sequence[Token]] = []
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        points.append(tokens[at + 1 : end])
        at = end + 1
    first = int(opening.attrs.get("start", 1))
    ordered = opening.type == "ordered_list_open"
    marks = [f"{first + n}. " if ordered else "• " for n in range(len(points))]
    width = max(map(len, marks), default=0)
    indent = Content(" " * width)
    for n, (mark, point) in enumerate(zip(marks, points, strict=True)):
        for place, block in enumerate(_blocks(point, inks)):
            before = Content.styled(mark.rjust(width), inks.point) if place == 0 else indent
            last = n + 1 == len(points)
            yield Block(block.content, before + block.first, indent + block.rest, below=int(last))


def _rows(tokens: Sequence[Token], inks: Inks) -> Iterator[tuple[Content, ...]]:
    row: list[Content] = []
    style = ""
    for token in tokens:
        if token.type in ("th_open", "td_open"):
            style = HEADING if token.type == "th_open" else ""
        elif token.type == "inline":
            row.append(_inline(token, inks, style))
        elif token.type == "tr_close":
            yield tuple(row)
            row = []


def _inline(token: Token, inks: Inks, base: str = "") -> Content:
    """The words of a paragraph."""
    parts: list[tuple[str, str]] = []
    styles = [base] if base else []
    for child in token.children or []:
        match child.type:
            case "em_open":
                styles.append("italic")
            case "strong_open":
                styles.append("bold")
            case "link_open":
                styles.append("underline")
            case "em_close" | "strong_close" | "link_close":
                styles.pop()
            case "softbreak":
                parts.append((" ", ""))
            case "hardbreak":
                parts.append(("\n", ""))
            case "code_inline":
                parts.append((child.content, " ".join([*(s for s in styles if s != base), inks.word])))
            case _:
                for n, part in enumerate(ADDRESS.split(child.content)):
                    parts.append((part, " ".join([*styles, "underline"] if n % 2 else styles)))
    return Content.assemble(*parts)


def _code(token: Token) -> Content:
    """Formulas and examples that name no language are no language."""
    code = token.content.rstrip("\n")
    if not (language := token.info.strip()):
        return Content(code)
    from textual.highlight import highlight

    return highlight(code, language=language)


def _lines(blocks: Iterable[Block], width: int, inks: Inks) -> Iterator[Content]:
    """Each as wide as it is; code across the whole width."""
    below: int | None = None
    for block in blocks:
        if below is not None:
            yield from [Content()] * max(below, block.above)
        below = block.below
        if block.rule:
            yield Content()
            yield Content.styled("─" * width, "$secondary")
        elif block.code:
            yield from _code_lines(block, width, inks)
        elif block.table:
            yield from _table_lines(block.table, width)
        else:
            room = max(width - block.first.cell_length, LEAST)
            before = block.first
            for line in block.content.wrap(room):
                yield before + line
                before = block.rest
    if below is not None:
        yield from [Content()] * below


def _code_lines(block: Block, width: int, inks: Inks) -> Iterator[Content]:
    room = max(width - 2 * CODE_INDENT, LEAST)
    indent = Content(" " * CODE_INDENT)
    for line in block.content.split("\n", allow_blank=True):
        for part in line.wrap(room) if line.cell_length > room else [line]:
            whole = block.first + indent + part
            yield whole.pad_right(max(width - whole.cell_length, 0)).stylize_before(inks.code)


def _table_lines(rows: Sequence[Sequence[Content]], width: int) -> Iterator[Content]:
    """Columns as wide as they are; where they do not fit, the widest is broken."""
    columns = [max(cell.cell_length for cell in column) for column in zip(*rows, strict=True)]
    while sum(columns) + GAP * (len(columns) - 1) > width and max(columns) > LEAST:
        columns[columns.index(max(columns))] -= 1
    for n, row in enumerate(rows):
        cells = [cell.wrap(room) if cell else [cell] for cell, room in zip(row, columns, strict=True)]
        for place in range(max(map(len, cells))):
            line, begins = Content(), 0
            for cell, room in zip(cells, columns, strict=True):
                line = line.pad_right(begins - line.cell_length)
                line += cell[place] if place < len(cell) else Content()
                begins += room + GAP
            yield line
        if n == 0:
            yield Content.styled("─" * min(width, sum(columns) + GAP * (len(columns) - 1)), "$foreground 20%")
