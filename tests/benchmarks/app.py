"""The app, measured: first paint, training with the app on screen, from a key to the screen, opening a stage,
time per redraw.

    python tests/benchmarks/app.py                 all of it, in about three minutes
    python tests/benchmarks/app.py speed keys      some of it
    python tests/benchmarks/app.py --json
    python tests/benchmarks/app.py --quick         fewer times, in half a minute
    python tests/benchmarks/app.py stages --beside OLD   the same of another checkout, in turn, and the ratios

The real program runs in a terminal of its own of 120 × 36, which this one plays. Measure on a quiet machine.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import gc
import json
import os
import pty
import random
import resource
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

WIDTH, HEIGHT = 120, 36
FIRST, LAST = 100, 1100
"""Updates between which training is timed: the same ones with the app on screen and without."""
PAUSE = 0.02
"""Seconds without a byte, after which what is painted was painted whole."""
BARE = """
import numpy
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("painted")
Bare().run()
"""


# A terminal of our own

_COMPILED = tempfile.TemporaryDirectory(prefix="toystory-benchmark-")


def _environment() -> dict[str, str]:
    """Every program finds its modules compiled, from the second time that it is started on: as the bare app
    and Python's own are, and ours are for everybody who does not forbid it."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": _COMPILED.name}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


class Terminal:
    """Runs a program on a pseudo-terminal of 120 × 36, and reads what it paints."""

    def __init__(self, *command: str) -> None:
        self.started = time.perf_counter()
        self._home = tempfile.TemporaryDirectory(prefix="toystory-benchmark-")
        child, self._end = pty.fork()
        if child == 0:
            environment = _environment() | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            environment |= {"OPENBLAS_NUM_THREADS": "1", "TOYSTORY_HOME": self._home.name}
            os.execve(sys.executable, [sys.executable, *command], environment)
        self._child = child
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))

    def read_until(self, text: str, seconds: float = 60.0) -> float:
        """When `text` had come, by perf_counter. Raises TimeoutError."""
        seen, deadline, wanted = b"", time.perf_counter() + seconds, text.encode()
        while wanted not in seen:
            left = deadline - time.perf_counter()
            if left <= 0:
                raise TimeoutError(f"{text!r} did not come in {seconds:g} seconds")
            if select.select([self._end], [], [], left)[0]:
                seen = seen[-200:] + os.read(self._end, 65536)
        return time.perf_counter()

    def read_for(self, seconds: float) -> int:
        """Read what comes; how many bytes."""
        count, deadline = 0, time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            if select.select([self._end], [], [], left)[0]:
                count += len(os.read(self._end, 65536))
        return count

    def read_large(self, size: int, seconds: float = 5.0) -> float:
        """When so many bytes had come without a pause, by perf_counter. Raises TimeoutError."""
        count, deadline = 0, time.perf_counter() + seconds
        while count < size:
            left = deadline - time.perf_counter()
            if left <= 0:
                raise TimeoutError(f"{size} bytes in a row did not come in {seconds:g} seconds")
            if select.select([self._end], [], [], min(left, PAUSE))[0]:
                count += len(os.read(self._end, 65536))
            else:
                count = 0
        return time.perf_counter()

    def processor_seconds(self) -> float:
        """What all threads of the program have taken of the processor."""
        fields = Path(f"/proc/{self._child}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def read_to_the_end(self) -> None:
        """Read until the program has ended."""
        while True:
            try:
                if not os.read(self._end, 65536):
                    return
            except OSError:  # Linux says it like this
                return

    def press(self, key: str) -> None:
        os.write(self._end, key.encode())

    def close(self) -> None:
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        os.close(self._end)
        self._home.cleanup()


@contextmanager
def terminal(*command: str) -> Iterator[Terminal]:
    """A terminal, closed at the end."""
    opened = Terminal(*command)
    try:
        yield opened
    finally:
        opened.close()


def inside(what: str, out: Path | str = os.devnull) -> tuple[str, ...]:
    """The command that runs `what` of the functions below with the app in the same process."""
    return (str(Path(__file__)), "--inside", what, "--out", str(out))


# What is measured


def first_paint(pairs: int = 10) -> dict[str, float]:
    """Milliseconds from the start of the process to the first paint: of a bare Textual app that imports
    NumPy, and of this one, in turn; the first pair, which compiles, does not count."""
    bare: list[float] = []
    own: list[float] = []
    for _ in range(1 + pairs):
        with terminal("-c", BARE) as one:
            bare.append(1e3 * (one.read_until("painted") - one.started))
        with terminal("-m", "toystory") as one:
            own.append(1e3 * (one.read_until("Alex") - one.started))
    del bare[0], own[0]
    ratios = [mine / theirs for mine, theirs in zip(own, bare, strict=True)]
    return {
        "bare app, ms": statistics.median(bare),
        "toystory, ms": statistics.median(own),
        "toystory / bare": statistics.median(ratios),
    }


def listing(pairs: int = 10) -> dict[str, float]:
    """Milliseconds that `toystory list` takes, and that Python takes to import argparse, in turn; the first
    pair, which compiles, does not count."""
    commands = (["-m", "toystory", "list"], ["-c", "import argparse"])
    taken: tuple[list[float], list[float]] = ([], [])
    environment = _environment()
    for _ in range(1 + pairs):
        for side, command in enumerate(commands):
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, *command], stdout=subprocess.DEVNULL, cwd=ROOT, check=True, env=environment
            )
            taken[side].append(1e3 * (time.perf_counter() - started))
    del taken[0][0], taken[1][0]
    ratios = [mine / theirs for mine, theirs in zip(*taken, strict=True)]
    return {
        "toystory list, ms": statistics.median(taken[0]),
        "import argparse, ms": statistics.median(taken[1]),
        "list / import argparse": statistics.median(ratios),
    }


def imports(pairs: int = 15) -> dict[str, float]:
    """Milliseconds to import the models, and to judge a lesson from a cold start, each in turn with Python
    importing NumPy; the first pair, which compiles, does not count."""
    commands = {
        "numpy": ["-c", "import numpy"],
        "models": ["-c", "import toystory.models"],
        "run --lesson gate": ["-m", "toystory", "run", "--lesson", "gate"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
    with tempfile.TemporaryDirectory() as home:
        environment = _environment() | dict.fromkeys(names, "1") | {"TOYSTORY_HOME": home}
        for _ in range(1 + pairs):
            for name, command in commands.items():
                before = _of_children()
                started = time.perf_counter()
                subprocess.run(
                    [sys.executable, *command],
                    stdout=subprocess.DEVNULL,
                    cwd=ROOT,
                    check=True,
                    env=environment,
                )
                taken[name].append(1e3 * (time.perf_counter() - started))
                taken.setdefault(f"{name}, processor", []).append(1e3 * (_of_children() - before))
    found = {f"{name}, ms": statistics.median(times[1:]) for name, times in taken.items()}
    for kind in ("", ", processor"):
        for name in ("models", "run --lesson gate"):
            pairs_of = zip(taken[name + kind][1:], taken["numpy" + kind][1:], strict=True)
            found[f"{name} / numpy{kind}"] = statistics.median(ours / theirs for ours, theirs in pairs_of)
    return found


def _of_children() -> float:
    """Seconds of processor that all programs took which were started from here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def speed(pairs: int = 5) -> dict[str, float]:
    """Updates a second of the LSTM without the app, and with it on screen, in turn; and what the thread of
    the interface took of the processor."""
    alone: list[float] = []
    shown: list[dict[str, float]] = []
    for _ in range(pairs):
        alone.append(_result("headless")["updates a second"])
        shown.append(_result("train"))
    ratios = [one["updates a second"] / before for before, one in zip(alone, shown, strict=True)]
    return {
        "headless, updates/s": statistics.median(alone),
        "app on screen, updates/s": statistics.median(one["updates a second"] for one in shown),
        "on screen / headless": statistics.median(ratios),
        "interface, ms of processor a second": statistics.median(one["interface"] for one in shown),
    }


def keys(presses: int = 200) -> dict[str, float]:
    """Milliseconds from a light key, `w`, to the two lines that it changes, while the LSTM trains."""
    from toystory.course.catalogue import load
    from toystory.course.derivation.symbols import symbols_of

    lesson = load("lstm")
    meanings = [symbol.meaning for symbol in symbols_of(lesson.derivation[0], lesson.symbols)]
    rng = random.Random(0)
    taken: list[float] = []
    with terminal(*inside("for long")) as app:
        app.read_until(meanings[0][:20])
        app.read_for(3.0)
        for press in range(1, presses + 1):
            app.read_for(rng.uniform(0.1, 0.4))
            pressed = time.perf_counter()
            app.press("S")
            painted = app.read_until(meanings[press % len(meanings)][:20], seconds=5)
            taken.append(1e3 * (painted - pressed))
    parts = statistics.quantiles(taken, n=100)
    return {"median, ms": parts[49], "p95, ms": parts[94], "p99, ms": parts[98]}


def stages(times: int = 5) -> dict[str, float]:
    """Milliseconds of processor that the thread of the interface takes to open a lesson, its stages, and to
    turn to each of them again."""
    results = [_result("stages") for _ in range(times)]
    return {name: statistics.median(result[name] for result in results) for name in results[0]}


def redraws(times: int = 30) -> dict[str, float]:
    """Milliseconds of processor that one redraw takes, from the data to what is to be painted: of the
    figures, of each chart, of the derivation."""
    return asyncio.run(_redraws(times))


async def _redraws(times: int) -> dict[str, float]:
    from toystory.lessons.lstm.experiments import LONG_ROWS
    from toystory.tui.app import ToystoryApp
    from toystory.tui.screens.lesson.screen import LessonScreen

    taken: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOYSTORY_HOME"] = folder
        app = ToystoryApp("lstm")
        async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
            screen = app.screen
            assert isinstance(screen, LessonScreen)
            await screen.action_stage(2)
            await pilot.pause()
            stage: Any = screen.stage
            screen.lesson_state.run_custom(LONG_ROWS)
            session = screen.lesson_state.session
            session.pause()
            stage.tick = lambda: True  # from now on it is drawn when this asks for it
            for _ in range(times):
                for _ in range(10):
                    session.step()
                while not session.idle:
                    await asyncio.sleep(0.01)
                session.request_snapshot()
                for what in ("nothing", "figures", "loss", "accuracy", "derivation"):
                    started = time.thread_time()
                    stage._show(what)
                    await asyncio.sleep(0.05)
                    taken.setdefault(what, []).append(1e3 * (time.thread_time() - started))
    nothing = statistics.median(taken.pop("nothing"))
    return {f"{what}, ms": statistics.median(ms) - nothing for what, ms in taken.items()}


def at_rest(seconds: float = 3.0) -> dict[str, float]:
    """Bytes written to the terminal while a lesson lies on the bench and nothing trains."""
    with terminal("-m", "toystory", "lstm") as app:
        app.read_until("Gates that learn")
        app.read_for(2.0)
        app.press("t")
        app.read_for(3.0)
        return {f"bytes in {seconds:g} s": app.read_for(seconds)}


def output(seconds: float = 8.0) -> dict[str, float]:
    """Bytes a second that go to the terminal while the LSTM trains in Train and in Look inside, and while it
    is paused; and per cent of a core that the paused app takes, all its threads together."""
    found: dict[str, float] = {}
    with terminal(*inside("for long")) as app:
        app.read_until("Gates that learn")
        app.read_for(4.0)
        for key, name in (("t", "Train"), ("l", "Look inside")):
            app.press(key)
            app.read_for(3.0)
            found[f"{name}, bytes/s"] = app.read_for(seconds) / seconds
        app.press("t")
        app.read_for(1.0)
        app.press(" ")
        app.read_for(2.0)
        before = app.processor_seconds()
        found["paused, bytes"] = app.read_for(2 * seconds)
        found["paused, % of a core"] = 100 * (app.processor_seconds() - before) / (2 * seconds)
    return found


def layout(presses: int = 100) -> dict[str, float]:
    """Milliseconds from a key that changes the layout to what it changes, while the LSTM trains: `v` and `M`
    in turn, the claims in place of the derivation, and one panel in place of all."""
    rng = random.Random(0)
    taken: list[float] = []
    with terminal(*inside("for long")) as app:
        app.read_until("Gates that learn")
        app.read_for(4.0)
        for press in range(presses):
            app.read_for(rng.uniform(0.3, 0.6))
            pressed = time.perf_counter()
            app.press("vvMM"[press % 4])
            # What changes the layout paints most of the screen in one piece; a redraw of a chart is smaller.
            taken.append(1e3 * (app.read_large(500) - pressed))
    parts = statistics.quantiles(taken, n=100)
    return {"median, ms": parts[49], "p95, ms": parts[94]}


def memory() -> dict[str, float]:
    """Megabytes that the app holds after all stages of the first chapter, and of all; and what is left of
    1,000 starts and resets."""
    visited = _result("visits")
    first, every = visited["first, MB"], visited["all, MB"]
    return visited | {"all / first": every / first} | _result("starts")


MEASURES: dict[str, Callable[..., dict[str, float]]] = {
    "list": listing,
    "paint": first_paint,
    "speed": speed,
    "keys": keys,
    "stages": stages,
    "redraws": redraws,
    "rest": at_rest,
    "output": output,
    "layout": layout,
    "memory": memory,
    "imports": imports,
}
QUICK = {
    "list": 3, "paint": 3, "speed": 1, "keys": 30, "stages": 1, "redraws": 5, "output": 4, "layout": 20,
    "imports": 5,
}  # fmt: skip
"""How often each is measured for a first impression."""


def beside(other: Path, what: str, quick: bool, rounds: int = 5) -> dict[str, float]:
    """A measure of this checkout over that of another, in turn: the median of the ratios, pair by pair."""
    ratios: dict[str, list[float]] = {}
    for _ in range(1 if quick else rounds):
        figures = []
        for root in (ROOT, other.resolve()):
            command = [sys.executable, str(root / "tests/benchmarks/app.py"), what, "--json", "--quick"]
            done = subprocess.run(
                command,
                stdout=subprocess.PIPE,
                text=True,
                cwd=root,
                env=os.environ | {"PYTHONPATH": str(root)},
                check=True,
            )
            figures.append(json.loads(done.stdout)[what])
        ours, theirs = figures
        for name in ours.keys() & theirs.keys():
            if theirs[name]:
                ratios.setdefault(name, []).append(ours[name] / theirs[name])
    return {f"{name}, over the other": statistics.median(found) for name, found in sorted(ratios.items())}


def _result(what: str) -> dict[str, float]:
    """What `what` reports when it runs in a process of its own, on a terminal."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result.json"
        with terminal(*inside(what, out)) as one:
            one.read_to_the_end()
        result: dict[str, float] = json.loads(out.read_text(encoding="utf-8"))
        return result


# In the other process


def _headless(out: Path) -> None:
    from toystory.base.runtime import keep_freed_memory
    from toystory.lessons.lstm.experiments import LONG_ROWS
    from toystory.training.run import Run

    keep_freed_memory()
    started = 0.0
    for progress in Run(replace(LONG_ROWS, updates=2 * LAST)):
        if progress.update == FIRST:
            started = time.perf_counter()
        elif progress.update == LAST:
            break
    seconds = time.perf_counter() - started
    out.write_text(json.dumps({"updates a second": (LAST - FIRST) / seconds}), encoding="utf-8")


def _train(app: Any, out: Path, ends: bool) -> None:
    """Start the training in the app as it is on screen, and time it from another thread."""
    from toystory.lessons.lstm.experiments import LONG_ROWS

    screen = _when_open(app)
    # Its own updates are fewer than are timed.
    experiment = replace(LONG_ROWS, updates=2 * LAST if ends else 1_000_000)
    app.call_from_thread(screen.action_stage, 2)
    time.sleep(1.0)
    app.call_from_thread(screen.lesson_state.run_custom, experiment)
    if not ends:
        return
    clock = _interface()
    run = _when(screen.lesson_state.session, FIRST)
    at, took, before = time.perf_counter(), time.clock_gettime(clock), run.updates
    _when(screen.lesson_state.session, LAST)
    seconds = time.perf_counter() - at
    result = {
        "updates a second": (run.updates - before) / seconds,
        "interface": 1e3 * (time.clock_gettime(clock) - took) / seconds,
    }
    out.write_text(json.dumps(result), encoding="utf-8")
    app.call_from_thread(app.exit)


def _turn(app: Any, out: Path) -> None:
    """Open a lesson once all is loaded, then its stages, and time it from another thread."""
    from toystory.tui.screens.lesson.screen import STAGES

    while not gc.isenabled():  # as soon as all is loaded
        time.sleep(0.05)
    result = {"lesson, ms": _until_at_rest(lambda: app.call_from_thread(app.open_lesson, "lstm"))}
    screen = _when_open(app)
    for again in (False, True):
        for index, (name, _) in enumerate(STAGES):
            if again or index:  # the first one is opened with the lesson
                result[f"{name} {'again' if again else 'first'}, ms"] = _until_at_rest(
                    partial(app.call_from_thread, screen.action_stage, index)
                )
    out.write_text(json.dumps(result), encoding="utf-8")
    app.call_from_thread(app.exit)


def _visit(app: Any, out: Path) -> None:
    """Open every chapter and each of its stages, from another thread, and weigh the process on the way."""
    from toystory.course.catalogue import NAMES
    from toystory.tui.screens.lesson.screen import STAGES

    while not gc.isenabled():  # as soon as all is loaded
        time.sleep(0.05)
    weights = []
    for name in NAMES:
        app.call_from_thread(app.open_lesson, name)
        time.sleep(0.5)
        screen = _when_open(app)
        for index in (*range(len(STAGES)), 0):
            app.call_from_thread(screen.action_stage, index)
            time.sleep(0.6)
        weights.append(_megabytes())
    out.write_text(json.dumps({"first, MB": weights[0], "all, MB": weights[-1]}), encoding="utf-8")
    app.call_from_thread(app.exit)


def _start_and_reset(app: Any, out: Path, times: int = 1000) -> None:
    """Start a run and reset it, over and over, from another thread, and see what is left of it."""

    def round_of(screen: Any) -> None:
        screen.stage.action_start_or_pause()
        screen.stage.action_reset()

    screen = _when_open(app)
    app.call_from_thread(screen.action_stage, 2)
    time.sleep(1.0)
    before: dict[str, float] = {}
    for done in range(times + 50):
        if done == 50:  # what is loaded once is there by now
            time.sleep(1.0)
            before = _left()
        app.call_from_thread(round_of, screen)
    time.sleep(3.0)
    after = _left()
    found = {f"1,000 starts and resets, {name}": after[name] - before[name] for name in before}
    out.write_text(json.dumps(found), encoding="utf-8")
    app.call_from_thread(app.exit)


def _left() -> dict[str, float]:
    """Threads, open files, files in the learner's folder, and megabytes of this process."""
    home = Path(os.environ["TOYSTORY_HOME"])
    gc.collect()
    return {
        "threads": threading.active_count(),
        "open files": len(os.listdir("/proc/self/fd")),
        "files": sum(path.is_file() for path in home.rglob("*")),
        "MB": _megabytes(),
    }


def _megabytes() -> float:
    """What the process holds of the memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _interface() -> int:
    """The clock of what the thread of the interface takes of the processor."""
    return time.pthread_getcpuclockid(threading.main_thread().ident or 0)


def _until_at_rest(act: Callable[[], object], nap: float = 0.2, little: float = 0.015) -> float:
    """Milliseconds of processor that the interface takes from `act` until it does next to nothing."""
    clock = _interface()
    before = time.clock_gettime(clock)
    act()
    while True:
        last = time.clock_gettime(clock)
        time.sleep(nap)
        if time.clock_gettime(clock) - last < little:
            return 1e3 * (last - before)


def _when_open(app: Any) -> Any:
    """The screen of the lesson, once it is there."""
    from toystory.tui.screens.lesson.screen import LessonScreen

    while not (isinstance(app.screen, LessonScreen) and app.screen.is_mounted):
        time.sleep(0.05)
    return app.screen


def _when(session: Any, updates: int) -> Any:
    """The run of the session, once it has made so many updates."""
    while session.run is None or session.run.updates < updates:
        time.sleep(0.01)
    return session.run


def _in_the_app(watch: Callable[[Any], None], lesson: str | None) -> None:
    from toystory.base.runtime import pause_garbage_collection

    pause_garbage_collection()  # as the command line does
    from toystory.tui import app as toystory

    class Watched(toystory.ToystoryApp):
        def on_mount(self) -> None:  # Textual calls that of the app too
            threading.Thread(target=watch, args=(self,)).start()

    toystory.ToystoryApp = Watched  # type: ignore[misc]
    toystory.main(lesson)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", nargs="*", help=", ".join(MEASURES))
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--quick", action="store_true", help="fewer times")
    parser.add_argument(
        "--beside", type=Path, metavar="DIR", help="another checkout, which has this file too"
    )
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    if args.inside == "headless":
        _headless(args.out)
    elif args.inside == "stages":
        _in_the_app(partial(_turn, out=args.out), None)
    elif args.inside == "visits":
        _in_the_app(partial(_visit, out=args.out), None)
    elif args.inside == "starts":
        _in_the_app(partial(_start_and_reset, out=args.out), "gate")
    elif args.inside:
        _in_the_app(partial(_train, out=args.out, ends=args.inside == "train"), "lstm")
    else:
        found = {}
        for what in args.what or MEASURES:
            times = [QUICK[what]] if args.quick and what in QUICK else []
            if args.beside is not None:
                found[what] = beside(args.beside, what, args.quick)
            else:
                found[what] = MEASURES[what](*times)
            if not args.json:
                for name, value in found[what].items():
                    print(f"{what:<8} {name:<40} {value:10.3f}", flush=True)
        if args.json:
            print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
