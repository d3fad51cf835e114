"""Words on stdout, with colour or without."""

from __future__ import annotations

from rich.console import Console
from rich.markdown import Markdown
from rich.syntax import Syntax
from rich.text import Text

WIDTH = 100


class Printer:
    """Words on stdout: coloured on a terminal, unless plain."""

    def __init__(self, plain: bool) -> None:
        self.plain = plain
        self._console = Console(highlight=False, soft_wrap=True)
        self._pages = Console(highlight=False, width=min(Console().width, WIDTH))

    def line(self, text: str, good: bool | None = None) -> None:
        if self.plain:
            print(text)
        else:
            self._console.print(Text(text, style={True: "green", False: "red", None: ""}[good]))

    def heading(self, text: str) -> None:
        if self.plain:
            print(text)
        else:
            self._console.print(Text(text, style="bold"))

    def markdown(self, text: str) -> None:
        if self.plain:
            print(text)
        else:
            self._pages.print(Markdown(text))

    def code(self, text: str) -> None:
        if self.plain:
            print(text)
        else:
            python = Syntax("", "python", theme="ansi_dark", background_color="default")
            self._console.print(python.highlight(text))
