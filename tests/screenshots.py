"""Pictures of the real app: every stage of every lesson, the course and the sandbox, at three sizes, dark and
light; as PNG too, where a browser is.

    python tests/screenshots.py pictures                       all of them, two themes
    python tests/screenshots.py pictures lstm --shot train --size 120x36 --theme light
    python tests/screenshots.py pictures --sheet               and contact sheets of them (with Pillow)

Those of the README; the folder of --home holds what `toystory compare` has trained:

    python tests/screenshots.py .github --readme --home FOLDER

For looking at, one by one; no test compares them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

# Before NumPy and Textual are imported, which read these.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault(
    "TEXTUAL_COLOR_SYSTEM", "truecolor"
)  # whatever the terminal of whoever takes them knows
sys.path.insert(0, str(Path(__file__).parent.parent))

from textual.pilot import Pilot

from toystory.base.paths import VARIABLE
from toystory.course.catalogue import NAMES
from toystory.course.exercises.exercise import exercises_of
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.lesson.exercises import ExerciseStage
from toystory.tui.screens.lesson.screen import STAGES, LessonScreen
from toystory.tui.screens.sandbox import RECIPES

PLACES = ("course", *NAMES, "sandbox")
SIZES = ((80, 24), (120, 36), (200, 50))
THEMES = ("dark", "light")
STAGE_KEYS = {name.lower().replace(" ", "-"): key for name, key in STAGES}
SHOWN_STUDY = {"gate": 2, "regression": 0, "two-layer": 0, "mlp": 3, "rnn": 2, "lstm": 3, "comparison": 10}
"""Which experiment of a lesson is trained for its pictures, counted from 0."""
SHOWN_MISTAKE = {"gate": (2, 1), "two-layer": (1, 2), "lstm": (3, 0)}
"""Which exercise is shown checked, and with which of its planted mistakes; else the first with its first."""
TRAINED_FOR = 0.6
"""Share of the updates that are made before the picture is taken."""
LONGEST_CHECK = 20.0
"""Seconds that a check may take."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FONT = "DejaVu Sans Mono"
SHARPNESS = 2
"""Pixels of the pictures for each of the drawing's."""

App = Pilot[None]
Shot = Callable[[App, str], Awaitable[None]]
"""Brings the lesson of that name, from wherever it is, to what shall be seen."""


@dataclass(frozen=True)
class Size:
    """Of a terminal."""

    columns: int
    rows: int

    def __str__(self) -> str:
        return f"{self.columns}x{self.rows}"


def keys(*pressed: str) -> Shot:
    """A shot that takes nothing but these keys, from the lesson's stages."""

    async def press(pilot: App, lesson: str) -> None:
        await pilot.press(*pressed)

    return press


async def check_mistake(pilot: App, lesson: str) -> None:
    """An exercise with an answer that is nearly right, and what the check says of it."""
    await pilot.press("u")
    exercises = exercises_of(lesson)
    if not exercises:
        return
    exercise, mistake = SHOWN_MISTAKE.get(lesson, (0, 0))
    await pilot.press(str(exercise + 1))
    await pilot.pause()
    stage = pilot.app.screen.query_one(ExerciseStage)
    shown = exercises[exercise]
    stage.editor.text = shown.mistakes[mistake].made_in(shown.solution)
    await pilot.press("e")
    old = shown.mistakes[mistake].new.splitlines()[0]
    stage.editor.go_to(next(i for i, line in enumerate(stage.editor.text.splitlines()) if old in line))
    await pilot.press("f5")
    for _ in range(round(LONGEST_CHECK / 0.1)):
        await asyncio.sleep(0.1)
        if stage.result.said and "checking" not in stage.result.said:
            return


async def remember(pilot: App, lesson: str) -> None:
    """Predict with its answer, down at the questions from memory, the first of them answered."""
    await pilot.press("p", "1", "A")
    await pilot.pause()
    for _ in range(3):
        await pilot.press("enter")
        await pilot.pause()


SHOTS: dict[str, Shot] = {
    **{name: keys(key) for name, key in STAGE_KEYS.items()},
    "train-derivation": keys("t", "d"),
    "train-claims": keys("t", "g"),
    "train-panel": keys("t", "M"),
    "inside-next": keys("l", "v"),
    "inside-panel": keys("l", "M"),
    "exercise": check_mistake,
    "answer": keys("p", "1", "A"),
    "recall": remember,
    "options": keys("t", "O"),
    "ideas": keys("t", "I"),
    "rate": keys("t", "e"),
    "one-update": keys("t", "i", "j", "j"),
    "gradient-check": keys("t", "C"),
    "source": keys("t", "c"),
    "help": keys("t", "question_mark"),
    # The RNN and the LSTM, each the way that works.
    "table": keys("T", *["down"] * 7, "P", "down", "down"),
    "frontier": keys("T", "B"),
}
ONLY = {"table": ("comparison",), "frontier": ("comparison",)}
"""Shots that only these lessons have."""
TRAINED = {"train", "inside", "look", "options", "one", "gradient", "source"}
"""Beginnings of shots that show a model at work."""


async def take(lesson: str, size: Size, shots: list[str], theme: str, out: Path) -> list[Path]:
    """Open the app at the lesson, train for a while, and take its pictures."""
    app = ToystoryApp(lesson)
    taken = []
    async with app.run_test(size=(size.columns, size.rows)) as pilot:
        await pilot.pause()
        app.theme = f"toystory-{theme}"
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        if any(shot.partition("-")[0] in TRAINED for shot in shots):
            await _train(screen, SHOWN_STUDY[lesson])
        for shot in shots:
            while app.screen is not screen or screen.maximized is not None:
                await pilot.press("escape")
            screen.set_focus(screen.stage.focus_target())
            await SHOTS[shot](pilot, lesson)
            await asyncio.sleep(0.7)
            await pilot.pause()
            taken.append(_write(app, out / f"{lesson}-{shot}-{size}-{theme}.svg"))
    return taken


async def take_course(size: Size, theme: str, out: Path) -> list[Path]:
    """The chapters before anything was done, and after an hour with the first ones."""
    taken = []
    app = ToystoryApp()
    async with app.run_test(size=(size.columns, size.rows)) as pilot:
        await pilot.pause()
        app.theme = f"toystory-{theme}"
        await pilot.pause()
        taken.append(_write(app, out / f"course-{size}-{theme}.svg"))
        for name, keys_there in (("gate", "p 1 A t a"), ("two-layer", "p 2"), ("regression", "t .")):
            app.open_lesson(name)
            await pilot.pause()
            await pilot.press(*("full_stop" if key == "." else key for key in keys_there.split()))
            screen = app.screen
            assert isinstance(screen, LessonScreen)
            await _finish(screen)
            await pilot.press("escape")
            await pilot.pause()
        taken.append(_write(app, out / f"course-begun-{size}-{theme}.svg"))
    return taken


SANDBOX: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("and", "LogisticRegression", {}),
    ("nand-of-3", "TwoLayerNet", {"gate": "nand", "columns": 3, "given": tuple(product((0, 1), repeat=3))}),
    ("part-of-10", "MLP", {}),
    ("or", "RNN", {"gate": "or", "updates": 400}),
    ("parity", "LSTM", {"updates": 600}),
)
"""Name, model and what is changed in its recipe; each is looked at while it trains, and inside."""


async def take_sandbox(size: Size, theme: str, out: Path) -> list[Path]:
    """Its form, and then one model after another on gates of all kinds."""
    taken = []
    app = ToystoryApp()
    async with app.run_test(size=(size.columns, size.rows)) as pilot:
        await pilot.pause()
        app.theme = f"toystory-{theme}"
        await pilot.press("0")
        await pilot.pause()
        taken.append(_write(app, out / f"sandbox-form-{size}-{theme}.svg"))
        await pilot.press("escape")
        for name, model, changes in SANDBOX:
            app.open_sandbox(replace(RECIPES[model], **changes))
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, LessonScreen)
            await _finish(screen)
            for key, what in (("t", "train"), ("l", "look-inside")):
                await pilot.press(key)
                await asyncio.sleep(0.7)
                await pilot.pause()
                taken.append(_write(app, out / f"sandbox-{name}-{what}-{size}-{theme}.svg"))
    return taken


async def _finish(screen: LessonScreen) -> None:
    # Between two of all in turn, none runs.
    while screen.lesson_state.running is not None or screen.lesson_state.all_in_turn:
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.3)


async def _train(screen: LessonScreen, study: int) -> None:
    screen.lesson_state.choose(study)
    session = screen.lesson_state.session
    session.start()
    enough = int(TRAINED_FOR * session.experiment.updates)
    while session.state in ("running", "measuring") and (session.run is None or session.run.updates < enough):
        await asyncio.sleep(0.05)
    if session.state == "running":
        session.pause()
        await asyncio.sleep(0.5)


def _write(app: ToystoryApp, path: Path) -> Path:
    svg = app.export_screenshot(title="toystory")
    # The picture must not ask for anything outside: neither its fonts nor their addresses.
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg).replace("Fira Code", FONT)
    path.write_text(svg, encoding="utf-8")
    return path


def as_png(svg: Path, browser: str) -> Path:
    """The SVG as a browser draws it."""
    drawing = svg.read_text(encoding="utf-8")
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
    assert size is not None
    width, height = (round(float(length)) for length in size.groups())
    png = svg.with_suffix(".png")
    with tempfile.TemporaryDirectory() as profile:
        page = Path(profile) / "page.html"
        page.write_text(
            f'<meta charset="utf-8"><body style="margin:0;background:transparent">{drawing}</body>',
            encoding="utf-8",
        )
        subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--no-first-run",
                "--run-all-compositor-stages-before-draw",  # else now and then a tile stays black
                "--default-background-color=00000000",
                f"--force-device-scale-factor={SHARPNESS}",
                f"--user-data-dir={profile}",
                f"--window-size={width},{height}",
                f"--screenshot={png}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
    return png


def sheets(pictures: list[Path], out: Path) -> list[Path]:
    """Contact sheets: the pictures of each size and theme, nine on a sheet. Needs Pillow."""
    from PIL import Image

    groups: dict[str, list[Path]] = {}
    for picture in pictures:
        groups.setdefault("-".join(picture.stem.split("-")[-2:]), []).append(picture)
    made = []
    for group, files in groups.items():
        for number, start in enumerate(range(0, len(files), 9), start=1):
            images = [Image.open(file).convert("RGB") for file in files[start : start + 9]]
            width, height = (length * 2 // 3 for length in images[0].size)
            width, height = width // SHARPNESS, height // SHARPNESS
            sheet = Image.new("RGB", (3 * width, -(-len(images) // 3) * height), "grey")
            for place, image in enumerate(images):
                sheet.paste(image.resize((width, height)), (place % 3 * width, place // 3 * height))
            made.append(out / f"sheet-{group}-{number}.png")
            sheet.save(made[-1])
    return made


README = {"train": ("lstm", "train"), "inside": ("two-layer", "look-inside"), "turn": ("gate", "exercise")}
"""The pictures of the README: name, lesson and shot."""


def readme(out: Path, browser: str, given: Path | None) -> None:
    """The pictures of the README, all of one size and theme."""
    wanted = README | ({"table": ("comparison", "table")} if given else {})
    with tempfile.TemporaryDirectory() as made:
        for name, (lesson, shot) in wanted.items():
            with home(given):
                [svg] = asyncio.run(take(lesson, Size(120, 36), [shot], "dark", Path(made)))
            print(shutil.copy(as_png(svg, browser), out / f"{name}.png"), flush=True)


@contextmanager
def home(given: Path | None) -> Iterator[None]:
    """A learner's folder for the time being, a new one or a copy of the given one. It lies in a home of its
    own, for that is how the pictures name it."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        learners = Path(folder) / "toystory"
        if given is not None:
            shutil.copytree(given, learners)
        os.environ |= {"HOME": folder, VARIABLE: str(learners)}
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("lesson", nargs="*", help=f"of {', '.join(PLACES)}; default: all of them")
    parser.add_argument("--shot", choices=SHOTS, action="append", help="what to show; default: all of it")
    parser.add_argument("--size", action="append", help="such as 120x36; default: three sizes")
    parser.add_argument("--theme", choices=THEMES, action="append", help="default: both")
    parser.add_argument("--home", type=Path, help="a learner's folder; a copy of it is used (default: none)")
    parser.add_argument("--sheet", action="store_true", help="contact sheets too")
    parser.add_argument("--svg", action="store_true", help="no PNG")
    parser.add_argument("--readme", action="store_true", help="the README's pictures, and no others")
    args = parser.parse_args()
    for unknown in set(args.lesson) - set(PLACES):
        parser.error(f"no lesson is called {unknown}: choose from {', '.join(PLACES)}")
    args.out.mkdir(parents=True, exist_ok=True)
    browser = None if args.svg else next(filter(None, map(shutil.which, BROWSERS)), None)
    if args.readme:
        if browser is None:
            parser.error("a PNG is drawn by a browser, and there is none: install chromium")
        readme(args.out, browser, args.home)
        return
    sizes = (
        [Size(*map(int, size.split("x"))) for size in args.size] if args.size else [Size(*s) for s in SIZES]
    )
    pictures = []
    for theme in args.theme or THEMES:
        for lesson in args.lesson or PLACES:
            shots = [s for s in args.shot or SHOTS if lesson in ONLY.get(s, (lesson,))]
            for size in sizes:
                with home(args.home):
                    if lesson == "course":
                        made = asyncio.run(take_course(size, theme, args.out))
                    elif lesson == "sandbox":
                        made = asyncio.run(take_sandbox(size, theme, args.out))
                    else:
                        made = asyncio.run(take(lesson, size, shots, theme, args.out))
                for svg in made:
                    pictures.append(as_png(svg, browser) if browser else svg)
                    print(pictures[-1], flush=True)
    if args.sheet and browser:
        for sheet in sheets(pictures, args.out):
            print(sheet)


if __name__ == "__main__":
    main()
