"""Pictures of the real app: every stage, dialog and picture of every lesson, the course, the sandbox, real
numbers, questions that are due and a model of one's own; at three sizes, dark and light; as PNG too, where a
browser is.

    python tests/screenshots.py pictures                       all of them, two themes
    python tests/screenshots.py pictures lstm --shot train --size 120x36 --theme light
    python tests/screenshots.py pictures --sheet               contact sheets, a few on each: much sooner

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
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
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
from toystory.course.catalogue import NAMES, load
from toystory.course.exercises.exercise import exercises_of
from toystory.grading.failures import Source
from toystory.grading.own_model.run import OwnRun
from toystory.grading.own_model.training_grounds import ground_of
from toystory.progress.lesson_progress import CourseProgress
from toystory.progress.store import Store
from toystory.training.background import OVER
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.dialogs.chapter_end import ChapterEnd
from toystory.tui.screens.inspection.derivation import DerivationScreen
from toystory.tui.screens.lesson.exercises import ExerciseStage
from toystory.tui.screens.lesson.inside import InsideStage
from toystory.tui.screens.lesson.screen import STAGES, LessonScreen, StagesScreen
from toystory.tui.screens.lesson.train import TrainStage
from toystory.tui.screens.own_model import OwnModelScreen, OwnTrainings
from toystory.tui.screens.real_numbers.screen import RealNumbersScreen
from toystory.tui.screens.sandbox import RECIPES

SIZES = ((80, 24), (120, 36), (200, 50))
THEMES = ("dark", "light")
STAGE_KEYS = {name.lower().replace(" ", "-"): key for name, key in STAGES}
SHOWN_STUDY = {"gate": 2, "mlp": 3, "rnn": 2, "lstm": 3, "comparison": 10}
"""Which experiment of a lesson is trained for its pictures, counted from 0; else the first."""
SHOWN_MISTAKE = {"gate": (2, 1), "two-layer": (1, 2), "lstm": (3, 0)}
"""Which exercise is shown checked, and with which of its planted mistakes; else the first with its first."""
TRAINED_FOR = 0.6
"""Share of the updates that are made before the picture is taken."""
LONGEST_WAIT = 60.0
"""Seconds that a check or a training may take."""
MOST_PAGES = 8
"""Turns of Look inside that are looked for."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ON_A_SHEET = {"80x24": (2, 3), "120x36": (2, 2), "200x50": (1, 2)}
"""Pictures of a contact sheet: across, and down."""
FONT = "DejaVu Sans Mono"
SHARPNESS = 2
"""Pixels of the pictures for each of the drawing's."""


class Missing(Exception):
    """The lesson has nothing like that."""


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
    for _ in range(round(LONGEST_WAIT / 0.1)):
        await asyncio.sleep(0.1)
        if stage.result.said and "checking" not in stage.result.said:
            return


def exercise(number: int, *pressed: str) -> Shot:
    """An exercise as it is first seen, or after these keys. number: from 0; −1 for the last."""

    async def open_exercise(pilot: App, lesson: str) -> None:
        await pilot.press("u")
        if exercises := exercises_of(lesson):
            await pilot.press(str((number % len(exercises) + 1) % 10), *pressed)

    return open_exercise


async def end_of_chapter(pilot: App, lesson: str) -> None:
    """What one can do now; opened as the line of the next step does where all is done."""
    screen = pilot.app.screen
    assert isinstance(screen, LessonScreen)
    pilot.app.push_screen(ChapterEnd(screen.lesson_state.lesson, screen.following))


def page_of_update(name: str) -> Shot:
    """A page of one update that is no step: by hand, or the changes."""

    async def turn(pilot: App, lesson: str) -> None:
        await pilot.press("t", "i")
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, DerivationScreen)
        screen.go_to([str(page) for page in screen.pages].index(name))

    return turn


def pictures_on(page: int) -> Shot:
    """The pictures of Look inside that are seen after so many turns; none beyond the last one."""

    async def turn(pilot: App, lesson: str) -> None:
        await pilot.press("l")
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, LessonScreen)
        stage = screen.stage
        assert isinstance(stage, InsideStage)
        pages = -(-len(stage.pictures) // stage.room)
        if page >= pages:
            raise Missing
        stage.turn_to(page * stage.room)

    return turn


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
    "train-all": keys("t", "Z"),
    "train-small": keys("t", "d", "underscore"),
    **{f"inside-{page + 1}": pictures_on(page) for page in range(1, MOST_PAGES)},
    "inside-panel": keys("l", "M"),
    "inside-walk": keys("l", "full_stop", "full_stop"),
    "exercise": check_mistake,
    "exercise-task": exercise(0),
    "exercise-second": exercise(1),
    "exercise-fewer": exercise(0, "U"),
    "exercise-editor": exercise(0, "v", "M"),
    "exercise-hint": exercise(0, "h"),
    "exercise-whole": exercise(-1),
    "answer": keys("p", "1", "A"),
    "recall": remember,
    "options": keys("t", "O"),
    "ideas": keys("t", "I"),
    "rate": keys("t", "e"),
    "one-update": keys("t", "i", "j", "j"),
    "one-update-by-hand": page_of_update("by hand"),
    "one-update-changes": page_of_update("changes"),
    "one-update-small": keys("t", "i", "underscore", "j", "j", "j", "j"),
    "gradient-check": keys("t", "C"),
    "source": keys("t", "c"),
    "help": keys("t", "question_mark"),
    "help-inside": keys("l", "question_mark"),
    "words": keys("s", "w"),
    "words-train": keys("t", "w"),
    "export": keys("t", "E"),
    "framework": keys("t", "F"),
    "find-rate": keys("t", "J"),
    "palette": keys("t", "colon"),
    "end": end_of_chapter,
    # The RNN and the LSTM, each the way that works.
    "table": keys("T", *["down"] * 7, "P", "down", "down"),
    "frontier": keys("T", "B"),
}
ONLY = {"table": ("comparison",), "frontier": ("comparison",)}
"""Shots that only these lessons have."""
TRAINED = {"train", "inside", "look", "options", "one", "gradient", "source", "words", "export"}
"""Beginnings of shots that show a model at work."""


async def take(lesson: str, size: Size, shots: list[str], themes: Sequence[str], out: Path) -> list[Path]:
    """Open the app at the lesson, train for a while, and take its pictures."""
    app = ToystoryApp(lesson)
    taken = []
    async with app.run_test(size=(size.columns, size.rows)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        if any(shot.partition("-")[0] in TRAINED for shot in shots):
            await _train(screen, SHOWN_STUDY.get(lesson, 0))
        for shot in shots:
            while app.screen is not screen or screen.maximized is not None:
                await pilot.press("escape")
            assert isinstance(screen, LessonScreen)
            await _first_view(pilot, screen)
            with suppress(Missing):
                await SHOTS[shot](pilot, lesson)
                await asyncio.sleep(0.5)
                taken += await _write(pilot, out, f"{lesson}-{shot}-{size}", themes)
    return taken


async def _first_view(pilot: App, screen: LessonScreen) -> None:
    """Back to what Train begins with, and to the model that trains, whatever the shot before has opened."""
    train = next(stage for stage in screen.stages if isinstance(stage, TrainStage))
    screen.set_focus(screen.stage.focus_target())  # not in an editor: the key would be typed there
    await pilot.press("t")
    train.cursor.small, train.side, train.view = False, "derivation", "loss"
    if not train.first_view:
        await pilot.press("Z")  # nothing in the later chapters
    train.lay_out()
    await pilot.pause()


async def take_real_numbers(size: Size, themes: Sequence[str], out: Path) -> list[Path]:
    """Something a network is good at, its form, and each of its views of a trained model."""
    app = ToystoryApp()
    taken = []
    async with app.run_test(size=(size.columns, size.rows)) as pilot:
        await pilot.press("number_sign")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, RealNumbersScreen)
        taken += await _write(pilot, out, f"real-numbers-new-{size}", themes)
        await pilot.press("O")
        taken += await _write(pilot, out, f"real-numbers-form-{size}", themes)
        await pilot.press("escape", "space")
        await _until(lambda: screen.run.idle)
        for view in range(4):
            taken += await _write(pilot, out, f"real-numbers-{view + 1}-{size}", themes)
            await pilot.press("v")
        await pilot.press("d")
        taken += await _write(pilot, out, f"real-numbers-derivation-{size}", themes)
        await pilot.press("C")
        await asyncio.sleep(1)
        taken += await _write(pilot, out, f"real-numbers-check-{size}", themes)
        await pilot.press("escape", "question_mark")
        taken += await _write(pilot, out, f"real-numbers-help-{size}", themes)
    return taken


async def take_review(size: Size, themes: Sequence[str], out: Path) -> list[Path]:
    """Questions that were not known: asked, answered and marked."""
    record = CourseProgress(Store()).record("gate")
    for recall in load("gate").recall:
        record.review(recall.id, 0, 1, len(NAMES))
    app = ToystoryApp("regression")
    taken = []
    async with app.run_test(size=(size.columns, size.rows)) as pilot:
        await pilot.press("p", "1")
        for name, pressed in (("asked", "Q"), ("answered", "enter"), ("next", "1")):
            await pilot.press(pressed)
            taken += await _write(pilot, out, f"review-{name}-{size}", themes)
    return taken


async def take_own_model(size: Size, themes: Sequence[str], out: Path) -> list[Path]:
    """The solution of each whole model as if it were the learner's, trained beside ours."""
    taken = []
    for lesson in NAMES:
        exercises = exercises_of(lesson)
        if not exercises or (ground := ground_of(exercises[-1])) is None:
            continue
        app = ToystoryApp(lesson)
        async with app.run_test(size=(size.columns, size.rows)) as pilot:
            await pilot.press("u")
            await pilot.pause()
            source = Source("whole_model.py", exercises[-1].solution)
            trainings = OwnTrainings(OwnRun(source, exercises[-1], ground))
            trainings.start()
            app.push_screen(OwnModelScreen(trainings))
            await _until(partial(_is_over, trainings))
            taken += await _write(pilot, out, f"own-model-{lesson}-{size}", themes)
            trainings.stop(LONGEST_WAIT)
    return taken


def _is_over(trainings: OwnTrainings) -> bool:
    return trainings.run.state in OVER


async def take_course(size: Size, themes: Sequence[str], out: Path) -> list[Path]:
    """The chapters before anything was done, and after an hour with the first ones."""
    taken = []
    app = ToystoryApp()
    async with app.run_test(size=(size.columns, size.rows)) as pilot:
        await pilot.pause()
        taken += await _write(pilot, out, f"course-{size}", themes)
        for name, keys_there in (("gate", "p 1 A t a"), ("two-layer", "p 2"), ("regression", "t .")):
            app.open_lesson(name)
            await pilot.pause()
            await pilot.press(*("full_stop" if key == "." else key for key in keys_there.split()))
            screen = app.screen
            assert isinstance(screen, LessonScreen)
            await _finish(screen)
            await pilot.press("escape")
            await pilot.pause()
        taken += await _write(pilot, out, f"course-begun-{size}", themes)
    return taken


SANDBOX: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("and", "LogisticRegression", {}),
    ("nand-of-3", "TwoLayerNet", {"gate": "nand", "columns": 3, "given": tuple(product((0, 1), repeat=3))}),
    ("part-of-10", "MLP", {}),
    ("or", "RNN", {"gate": "or", "updates": 400}),
    ("parity", "LSTM", {"updates": 600}),
)
"""Name, model and what is changed in its recipe; each is looked at while it trains, and inside."""


async def take_sandbox(size: Size, themes: Sequence[str], out: Path) -> list[Path]:
    """Its form, and then one model after another on gates of all kinds."""
    taken = []
    app = ToystoryApp()
    async with app.run_test(size=(size.columns, size.rows)) as pilot:
        await pilot.pause()
        await pilot.press("0")
        taken += await _write(pilot, out, f"sandbox-form-{size}", themes)
        await pilot.press("escape")
        for name, model, changes in SANDBOX:
            app.open_sandbox(replace(RECIPES[model], **changes))
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, StagesScreen)
            await _finish(screen)
            for key, what in (("t", "train"), ("l", "look-inside")):
                await pilot.press(key)
                await asyncio.sleep(0.7)
                taken += await _write(pilot, out, f"sandbox-{name}-{what}-{size}", themes)
    return taken


OTHER_PLACES = {
    "course": take_course,
    "sandbox": take_sandbox,
    "real-numbers": take_real_numbers,
    "review": take_review,
    "own-model": take_own_model,
}
"""What takes the pictures of each place that is no lesson."""
PLACES = (*NAMES, *OTHER_PLACES)


async def _finish(screen: StagesScreen) -> None:
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


async def _until(condition: Callable[[], bool]) -> None:
    for _ in range(round(LONGEST_WAIT / 0.1)):
        if condition():
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)


async def _write(pilot: App, out: Path, name: str, themes: Sequence[str]) -> list[Path]:
    """What is shown now, in each theme."""
    written = []
    for theme in themes:
        pilot.app.theme = f"toystory-{theme}"
        await pilot.pause(0.2)
        svg = pilot.app.export_screenshot(title="toystory")
        # The picture must not ask for anything outside: neither its fonts nor their addresses.
        svg = re.sub(r"@font-face\s*{[^}]*}", "", svg).replace("Fira Code", FONT)
        written.append(out / f"{name}-{theme}.svg")
        written[-1].write_text(svg, encoding="utf-8")
    return written


def as_png(svg: Path, browser: str) -> Path:
    """The SVG as a browser draws it."""
    png = svg.with_suffix(".png")
    draw(svg.read_text(encoding="utf-8"), _size_of(svg), png, browser, SHARPNESS)
    return png


def _size_of(svg: Path) -> tuple[int, int]:
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg.read_text(encoding="utf-8"))
    assert size is not None
    return round(float(size[1])), round(float(size[2]))


def draw(drawing: str, size: tuple[int, int], png: Path, browser: str, sharpness: float) -> None:
    """Have a browser draw what stands in a page.

    Args:
        drawing: Inside of the page, HTML or SVG.
        size: Of the page: width and height.
        png: Where it is written.
        browser: The command.
        sharpness: Pixels of the picture for each of the page's.
    """
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
                f"--force-device-scale-factor={sharpness}",
                f"--user-data-dir={profile}",
                f"--window-size={size[0]},{size[1]}",
                f"--screenshot={png}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


def sheets(pictures: list[Path], out: Path, browser: str) -> list[Path]:
    """Contact sheets: the pictures of each size and theme, a few on each, named above.

    Args:
        pictures: SVG files.
        out: The folder of the sheets.
        browser: Draws them.
    """
    groups: dict[str, list[Path]] = {}
    for picture in pictures:
        groups.setdefault("-".join(picture.stem.split("-")[-2:]), []).append(picture)
    made = []
    for group, files in groups.items():
        across, down = ON_A_SHEET.get(group.partition("-")[0], (2, 2))
        for number, start in enumerate(range(0, len(files), across * down), start=1):
            shown = files[start : start + across * down]
            width, height = _size_of(shown[0])
            cells = "".join(
                f'<div style="font:20px monospace;color:grey"><div>{svg.stem}</div>'
                f'<img src="{svg.resolve().as_uri()}" width="{width}" height="{height}"></div>'
                for svg in shown
            )
            grid = f'<div style="display:grid;grid-template-columns:repeat({across},{width}px)">{cells}</div>'
            made.append(out / f"sheet-{group}-{number}.png")
            size = (across * width, -(-len(shown) // across) * (height + 30))
            draw(grid, size, made[-1], browser, 1)
    return made


README = {"train": ("lstm", "train"), "inside": ("two-layer", "look-inside"), "turn": ("gate", "exercise")}
"""The pictures of the README: name, lesson and shot."""


def readme(out: Path, browser: str, given: Path | None) -> None:
    """The pictures of the README, all of one size and theme."""
    wanted = README | ({"table": ("comparison", "table")} if given else {})
    with tempfile.TemporaryDirectory() as made:
        for name, (lesson, shot) in wanted.items():
            with home(given):
                [svg] = asyncio.run(take(lesson, Size(120, 36), [shot], ["dark"], Path(made)))
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
    parser.add_argument("--sheet", action="store_true", help="contact sheets in place of single ones")
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
    pictures: list[Path] = []
    themes = args.theme or THEMES
    for place, size in product(args.lesson or PLACES, sizes):
        with home(args.home):
            if place in OTHER_PLACES:
                made = asyncio.run(OTHER_PLACES[place](size, themes, args.out))
            else:
                shots = [s for s in args.shot or SHOTS if place in ONLY.get(s, (place,))]
                made = asyncio.run(take(place, size, shots, themes, args.out))
        pictures += made
        for svg in made:
            print(as_png(svg, browser) if browser and not args.sheet else svg, flush=True)
    if args.sheet and browser:
        for sheet in sheets(pictures, args.out, browser):
            print(sheet)


if __name__ == "__main__":
    main()
