"""Finding what the learner meant by a name."""

from __future__ import annotations

import difflib
import re
import reprlib

from toystory.course.lesson import Lesson
from toystory.training.run import Study


def choose_study(lesson: Lesson, wanted: str) -> Study:
    """The experiment or sweep meant by `wanted`: its number, its name, or a part that fits only one.

    Raises ValueError, naming the nearest and all of them.
    """
    names = [study.name for study in lesson.studies]
    numbered = {str(number): study for number, study in enumerate(lesson.studies, start=1)}
    if wanted in numbered:
        return numbered[wanted]
    part = _plain(wanted)
    words = {name: _plain(name) for name in names}
    exact = [name for name in names if words[name] == part]
    whole = [name for name in names if f" {part} " in f" {words[name]} "]
    within = [name for name in names if part in words[name] and not part.isdecimal()]
    fitting = exact or whole or within
    if part and len(fitting) == 1:
        return lesson.study(fitting[0])
    if part and fitting:
        several = " and ".join(repr(name) for name in fitting)
        raise ValueError(f"{wanted!r} fits more than one experiment of lesson {lesson.name}: {several}")
    near = difflib.get_close_matches(part, list(words.values()), n=1, cutoff=0.4)
    hint = "".join(f"did you mean {name!r}? " for name in names if words[name] in near)
    listed = ", ".join(f"{number} {name!r}" for number, name in enumerate(names, start=1))
    what = f"lesson {lesson.name} has no experiment called {reprlib.repr(wanted)}"
    raise ValueError(f"{what}: {hint}it has {listed}")


def _plain(name: str) -> str:
    """Letters and digits only, so that rows-of-every-length is 'rows of every length'."""
    return re.sub(r"[^\w±]+", " ", name.lower().replace(",", "")).strip()
