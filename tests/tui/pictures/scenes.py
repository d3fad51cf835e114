"""About twenty screens of the app, as SVG: always the same, from fixed seeds, a few steps and no clock."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import cast

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from textual import constants
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from toystory.base.paths import VARIABLE
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.lesson.screen import StagesScreen
from toystory.tui.screens.real_numbers.screen import RealNumbersScreen

FOLDER = Path(__file__).parent
SMALL, MIDDLE, LARGE = (80, 24), (120, 36), (200, 50)


@dataclass(frozen=True)
class Scene:
    """One opening of the app.

    lesson: none for the course. pictures: by the name of each, the keys that lead to it from the one before.
    """

    lesson: str | None
    size: tuple[int, int]
    pictures: dict[str, str]
    theme: str = "dark"
    colors: str = "truecolor"
    """What the terminal can show, whichever this one is."""


SCENES = (
    Scene(None, SMALL, {"course-small": "", "sandbox-small": "0"}),
    Scene(None, LARGE, {"course-large": "", "palette": "colon"}),
    Scene(
        "gate", SMALL, {"train-small": "t down . . .", "claims-small": "g", "rate": "e", "help": "escape ?"}
    ),
    Scene("gate", MIDDLE, {"story": "s", "words": "w", "exercise": "escape u", "exercise-solution": "A A"}),
    Scene("regression", MIDDLE, {"predict": "p", "predict-answer": "1 A"}, theme="light"),
    Scene(
        "two-layer", MIDDLE, {"train": "t . . .", "options": "O", "ideas": "escape I", "source": "escape c"}
    ),
    Scene("two-layer", LARGE, {"train-large": "t . . .", "inside-large": "l"}, theme="light"),
    Scene("lstm", MIDDLE, {"one-update": "t i right right", "inside": "escape l"}),
    Scene("gate", SMALL, {"by-hand": "t i" + 6 * " right"}),
    Scene("comparison", MIDDLE, {"table": "T"}),
    Scene("mlp", SMALL, {"real-numbers": "# . . ."}),
    Scene("two-layer", MIDDLE, {"inside-16-colours": "t . . . l"}, colors="standard"),
    Scene("gate", (50, 15), {"too-small": ""}),
)
NAMES = tuple(name for scene in SCENES for name in scene.pictures)


async def take(scene: Scene) -> dict[str, str]:
    """Open the app and take the pictures of a scene: SVG by name."""
    before, constants.COLOR_SYSTEM = constants.COLOR_SYSTEM, scene.colors  # type: ignore[misc]
    app = ToystoryApp(scene.lesson)
    constants.COLOR_SYSTEM = before  # type: ignore[misc]
    taken = {}
    async with app.run_test(size=scene.size) as pilot:
        await pilot.pause()
        app.theme = f"toystory-{scene.theme}"
        for name, keys in scene.pictures.items():
            for key in keys.split():
                await pilot.press({".": "full_stop", "?": "question_mark", "#": "number_sign"}.get(key, key))
                await _settle(app, pilot)
            await _settle(app, pilot)
            svg = app.export_screenshot(title=name, simplify=True)
            taken[name] = re.sub(r"@font-face\s*{[^}]*}", "", svg).replace("Fira Code", "monospace")
    return taken


async def _settle(app: ToystoryApp, pilot: Pilot[None]) -> None:
    """Wait for what trains, and until nothing is drawn any more."""
    screen = next((s for s in reversed(app.screen_stack) if isinstance(s, StagesScreen)), None)
    if screen is not None:
        session = screen.lesson_state.session
        while not session.idle:
            await asyncio.sleep(0.01)
        for run in session.runs:
            run.seconds = 0.0  # no clock
    while isinstance(app.screen, RealNumbersScreen) and not app.screen.run.idle:
        await asyncio.sleep(0.01)
    for _ in range(3):
        for field in app.screen.query("Input, TextArea").results():
            cast(Input | TextArea, field).cursor_blink = False
        await pilot.pause(0.15)


@contextmanager
def new_home() -> Iterator[None]:
    """A home of a learner who has done nothing yet; pictures name it as ~."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HOME": folder, VARIABLE: str(Path(folder) / "toystory")}
        os.environ.pop("NO_COLOR", None)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def text_of(svg: str) -> list[str]:
    """The lines of a picture."""
    lines: dict[float, dict[float, str]] = {}
    for x, y, words in re.findall(r'<text[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>', svg):
        lines.setdefault(float(y), {})[float(x)] = unescape(words)
    shown = ("".join(parts[x] for x in sorted(parts)) for _, parts in sorted(lines.items()))
    return [line.replace("\xa0", " ").rstrip() for line in shown]
