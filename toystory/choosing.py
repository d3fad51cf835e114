"""Finding what the learner meant by a name."""

from __future__ import annotations

import difflib
import re

from lessons.lesson import Lesson
from lessons.run import Study


def choose_study(lesson: Lesson, wanted: str) -> Study:
    """The experiment or sweep meant by `wanted`: its number, its name, or a part that fits only one.

    Raises ValueError, naming the nearest and all of them.
    """
    names = [study.name for study in lesson.studies]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return lesson.studies[int(wanted) - 1]
    words = {name: _plain(name) for name in names}
    exact = [name for name in names if words[name] == _plain(wanted)]
    partial = [name for name in names if _plain(wanted) in words[name]]
    if exact or (len(partial) == 1 and _plain(wanted)):
        return lesson.study((exact or partial)[0])
    listed = ", ".join(f"{number} {name!r}" for number, name in enumerate(names, start=1))
    near = partial or difflib.get_close_matches(_plain(wanted), list(words.values()), n=1, cutoff=0.4)
    nearest = next((name for name in names if name in near or words[name] in near), None)
    hint = f"did you mean {nearest!r}? " if nearest else ""
    raise ValueError(
        f"lesson {lesson.name} has no single experiment called {wanted!r}: {hint}it has {listed}"
    )


def _plain(name: str) -> str:
    """Letters and digits only, so that rows-of-every-length is 'rows of every length'."""
    return re.sub(r"[^\w±]+", " ", name.lower().replace(",", "")).strip()
