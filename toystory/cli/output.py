"""The terminal that commands write to: words with colour or without, never narrower than can be read."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

WIDTH = 100
NARROWEST = 20
"""Columns. On a narrower terminal lines break where they will, in place of words that vanish."""
SHOWS_COLOUR = ("less", "cat", "bat")
"""Pagers; the first when it is told so."""


def new_console(**options: Any) -> Console:
    """A console on stdout, of the terminal's width; `options` are those of rich."""
    console = Console(highlight=False, **options)
    if console.width < NARROWEST:
        console.width = NARROWEST
    return console


class Printer:
    """Words on stdout: coloured on a terminal, unless plain."""

    def __init__(self, plain: bool) -> None:
        self.plain = plain
        self._console = new_console(soft_wrap=True)
        self._pages = new_console()
        self._pages.width = min(self._pages.width, WIDTH)

    def line(self, text: str, good: bool | None = None) -> None:
        """Print a line.

        Args:
            text: Of the line.
            good: Whether it is good news, which decides its colour; None for neither.
        """
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
            from rich.markdown import Markdown  # takes a moment, and few commands show any

            self._pages.print(Markdown(text))

    def code(self, text: str) -> None:
        if self.plain:
            print(text)
        else:
            from rich.syntax import Syntax

            python = Syntax("", "python", theme="ansi_dark", background_color="default")
            self._console.print(python.highlight(text))


def page(console: Console, *parts: RenderableType) -> None:
    """Show `parts` in the learner's pager, or as they are where there is none.

    Those of which it is not known that they show colours get the words alone.
    """
    try:
        command = shlex.split(os.environ.get("PAGER") or "less")
    except ValueError:
        command = []
    program = shutil.which(command[0]) if command else None
    if program is None:
        console.print(*parts, sep="\n")
        return
    environment = {"LESSCHARSET": "utf-8", "LESS": "-F"} | os.environ
    name = Path(program).stem
    with console.capture() as captured:
        console.print(*parts, sep="\n")
    text = captured.get() if name in SHOWS_COLOUR else Text.from_ansi(captured.get()).plain + "\n"
    pager = subprocess.Popen(
        [program, *command[1:], *(["-R"] if name == "less" else [])], stdin=subprocess.PIPE, env=environment
    )
    with suppress(OSError):  # it may be left before it has all
        pager.communicate(text.encode(errors="replace"))
    while pager.poll() is None:
        with suppress(KeyboardInterrupt):  # it knows what to do about that
            pager.wait()
