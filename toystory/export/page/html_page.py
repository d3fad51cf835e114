"""One HTML file that holds all it needs.

It is light or dark as the reader's system is, and prints black on white.
"""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files

from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

GENERATOR = "toystory"
LIGHT_CODE, DARK_CODE = "default", "github-dark"


def is_ours(html: str) -> bool:
    """Whether the text of a file is a page that was made here."""
    return f'<meta name="generator" content="{GENERATOR}">' in html[:1000]


def page(title: str, body: str) -> str:
    """A whole HTML document.

    Args:
        title: Plain text.
        body: HTML.
    """
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<meta name="generator" content="{GENERATOR}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n<main>\n{body}\n"
        "</main>\n</body>\n</html>\n"
    )


def prose(markdown: str) -> str:
    """Markdown as HTML; HTML in it is shown, not obeyed."""
    html: str = _markdown().render(markdown)
    return html


def code(source: str) -> str:
    """Python, coloured."""
    coloured: str = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
    return f'<pre class="highlight"><code>{coloured}</code></pre>\n'


@cache
def _markdown() -> MarkdownIt:
    options = {"html": False, "highlight": _coloured}
    return MarkdownIt("commonmark", options).enable("table")


def _coloured(source: str, language: str, _attributes: str) -> str:
    """What stands in a fence: coloured where it is Python, else as it is."""
    return code(source) if language == "python" else ""


@cache
def _style() -> str:
    light, dark = (_code_style(name) for name in (LIGHT_CODE, DARK_CODE))
    if_dark = f"@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    return f"{_read('page.css')}{_read('chart.css')}{light}\n{if_dark}"


def _code_style(name: str) -> str:
    rules: str = HtmlFormatter(style=name).get_style_defs(".highlight")  # type: ignore[no-untyped-call]
    return rules


def _read(name: str) -> str:
    return files("toystory.export.page").joinpath(name).read_text(encoding="utf-8")
