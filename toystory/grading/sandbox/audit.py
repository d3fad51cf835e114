"""What a learner's code asks of the system beside NumPy: noted, so that a grader can look at it.

It is no wall: a file in a process of the same user can do what that user can. It tells of what hardly anyone
does by accident: reading this program's files, where the solutions are, and starting other programs.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path

PACKAGE = "toystory"
FOLDER = str(Path(__file__).resolve().parents[2]) + os.sep
"""Of this program, the solutions in it."""
HARMLESS = os.path.join(FOLDER, "grading") + os.sep
"""A traceback that the learner prints shows lines of these files."""
READS = "reads this program's"
READING = ("open", "os.listdir", "os.scandir")
STARTING = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty")
SIGNALS = ("os.kill", "os.killpg")
MOST = 5
SYSTEM = ("ctypes", "importlib", "multiprocessing", "runpy", "socket", "subprocess", "urllib")
"""Modules that no exercise needs."""


class Audit:
    """A hook for `sys.addaudithook`. Python keeps it for good: code that runs later can't take it away."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Note what is worth it."""
        if event == "import":
            name = str(arguments[0])
            if name.partition(".")[0] == PACKAGE:
                self._tell(f"imports {PACKAGE}")
        elif event in READING:
            self._read(arguments[0])
        elif event in STARTING:
            self._tell("starts another process")
        elif event in SIGNALS:
            self._tell("sends a signal to a process")
        elif event == "socket.connect":
            self._tell("opens a network connection")

    def _read(self, path: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        try:
            whole = os.path.realpath(os.fsdecode(path))
        except (OSError, ValueError, TypeError):
            return
        if f"{whole}{os.sep}".startswith(FOLDER) and not whole.startswith(HARMLESS):
            inside = whole[len(FOLDER) :].replace(os.sep, "/") or "folder"
            if not any(told.startswith(READS) for told in self.told):
                self._tell(f"{READS} {inside}")

    def _tell(self, sentence: str) -> None:
        if sentence not in self.told and len(self.told) < MOST:
            self.told.append(sentence)


def asks_for(text: str) -> list[str]:
    """What a file asks for by its text alone, which tells even where it never ran.

    Args:
        text: Of the learner's file.

    Returns:
        A few words for each: "imports subprocess".
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            if (top := name.partition(".")[0]) in (PACKAGE, *SYSTEM):
                found[f"imports {top}"] = None
    return list(found)[:MOST]
