"""Pictures of the real app: every stage of every lesson at three sizes; as PNG too, where a browser is.

    python tests/screenshots.py pictures                       all of them
    python tests/screenshots.py pictures lstm --stage train --size 120x36 --theme light

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
from pathlib import Path

# Before NumPy and Textual are imported, which read these.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
sys.path.insert(0, str(Path(__file__).parent.parent))

from lessons.catalogue import NAMES
from toystory.app import ToystoryApp
from toystory.screens.lesson import STAGES, LessonScreen

SIZES = ((80, 24), (120, 36), (200, 50))
STAGE_KEYS = {name.lower().replace(" ", "-"): key for name, key in STAGES}
SHOWN_STUDY = {"gate": 2, "regression": 0, "two-layer": 0, "mlp": 3, "rnn": 2, "lstm": 1, "comparison": 10}
"""Which experiment of a lesson is trained for its pictures, counted from 0."""
TRAINED_FOR = 0.6
"""Share of the updates that are made before the picture is taken."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FONT = "DejaVu Sans Mono"


async def take(
    lesson: str | None, size: tuple[int, int], stages: list[str], theme: str, out: Path
) -> list[Path]:
    """Open the app at `lesson` (None: the course), train for a while, and take a picture of every stage."""
    app = ToystoryApp(lesson)
    taken = []
    async with app.run_test(size=size) as pilot:
        if theme == "light":
            await pilot.press("m")
        await pilot.pause()
        if lesson is None:
            return [_write(app, out / f"course-{size[0]}x{size[1]}-{theme}.svg")]
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        if set(stages) & {"train", "look-inside"}:
            await _train(screen, SHOWN_STUDY[lesson])
        for stage in stages:
            await pilot.press(STAGE_KEYS[stage])
            await asyncio.sleep(1)
            await pilot.pause()
            taken.append(_write(app, out / f"{lesson}-{stage}-{size[0]}x{size[1]}-{theme}.svg"))
    return taken


async def _train(screen: LessonScreen, study: int) -> None:
    screen.bench.choose(study)
    session = screen.bench.session
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
            '<meta charset="utf-8"><body style="margin:0;background:transparent">'
            f"{svg.read_text(encoding='utf-8')}</body>",
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
                "--default-background-color=00000000",
                f"--user-data-dir={profile}",
                f"--window-size={width},{height}",
                f"--screenshot={png}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
    return png


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("lesson", nargs="*", choices=[*NAMES, "course"], default=[])
    parser.add_argument("--stage", choices=STAGE_KEYS, action="append")
    parser.add_argument("--size", action="append", help="such as 120x36")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    sizes = [tuple(map(int, size.split("x"))) for size in args.size] if args.size else SIZES
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    for lesson in args.lesson or ["course", *NAMES]:
        for size in sizes:
            name = None if lesson == "course" else lesson
            for svg in asyncio.run(take(name, size, args.stage or list(STAGE_KEYS), args.theme, args.out)):
                print(as_png(svg, browser) if browser else svg, flush=True)


if __name__ == "__main__":
    main()
