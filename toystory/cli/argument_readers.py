"""What is typed behind an option, as a value. Each reader raises argparse.ArgumentTypeError."""

from __future__ import annotations

import math
import re
import reprlib
from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import Any, TypeVar

from toystory.base.argument_types import in_any_case, number, whole_number
from toystory.base.nearest import nearest

Number = TypeVar("Number", int, float)


def _checked(
    read: Callable[[str], Number], fits: Callable[[Number], bool], wrong: str
) -> Callable[[str], Number]:
    """A reader that takes some numbers alone.

    Args:
        read: Makes a number of the text.
        fits: Whether it is one of those.
        wrong: What is said of one that is not, and what is expected.
    """

    def reader(text: str) -> Number:
        value = read(text)
        if not fits(value):
            raise ArgumentTypeError(f"{reprlib.repr(text)} is {wrong}")
        return value

    return reader


jobs = _checked(whole_number, lambda jobs: 1 <= jobs <= 64, "out of range: expected 1 to 64")
visitors = _checked(whole_number, lambda visitors: 1 <= visitors <= 1000, "out of range: expected 1 to 1000")
port = _checked(whole_number, lambda port: 0 <= port <= 65535, "no port: expected 0 to 65535")
count = _checked(whole_number, lambda count: count >= 1, "too few: expected 1 or more")
share = _checked(number, lambda share: 0.5 < share <= 1, "no such share: expected above 0.5, at most 1")
seconds = _checked(number, lambda s: math.isfinite(s) and s > 0, "no time: expected seconds, more than zero")
minutes = _checked(number, lambda m: math.isfinite(m) and m >= 0, "no time: expected minutes, zero or more")


def vary(text: str) -> tuple[str, tuple[Any, ...]]:
    """A setting and its values: hidden=1,2,4 or hidden=32,16/64,32, read as the setting's option reads them.

    Raises:
        argparse.ArgumentTypeError: there is no such setting, or one of the values is none.
    """
    from toystory.training.settings import SETTINGS, WrongSetting

    typed, sign, values = text.partition("=")
    name = typed.strip().lower().removeprefix("--").replace("-", "_")
    if name not in SETTINGS or name == "seed":
        near = nearest(name, SETTINGS)
        hint = f"did you mean {near.replace('_', '-')}?" if near else "'toystory sweep --help' lists them"
        hint = "--seed and --seeds say which seeds" if name == "seed" else hint
        raise ArgumentTypeError(f"{reprlib.repr(typed)} is no setting to vary: {hint}")
    if not sign or not values.strip():
        raise ArgumentTypeError(f"{reprlib.repr(text)} names no values: expected such as {typed}=VALUE,VALUE")
    setting, read = SETTINGS[name], []
    for typed_value in values.split("/" if "/" in values else ","):
        part = in_any_case(setting.choices)(typed_value)
        if setting.choices and part not in setting.choices:
            raise ArgumentTypeError(
                f"{reprlib.repr(part)} is no {setting.label}: choose from {', '.join(setting.choices)}"
            )
        value = setting.read(part)
        try:
            setting.check(value)
        except WrongSetting as error:
            raise ArgumentTypeError(str(error)) from error
        read.append(value)
    return name, tuple(dict.fromkeys(read))


def models_among(compared: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """A reader of some of the table's models.

    Args:
        compared: All of them.

    Returns:
        Reads names with commas between them, and gives them in the table's order.
    """

    def reader(text: str) -> tuple[str, ...]:
        asked = [part.strip().lower().replace("_", "-") for part in text.split(",")]
        for name in asked:
            if name not in compared:
                near = nearest(name, compared)
                hint = f"did you mean {near}? " if near else ""
                raise ArgumentTypeError(
                    f"{reprlib.repr(name)} is no model of the table: {hint}choose from {', '.join(compared)}"
                )
        return tuple(name for name in compared if name in asked)

    return reader


def root_path(text: str) -> str:
    """A path below which pages are, such as /toystory, without a slash at its end; empty for the root.

    Raises:
        argparse.ArgumentTypeError: the text is none.
    """
    path = text.rstrip("/")
    if path and not re.fullmatch(r"(/[\w.~@%+-]+)+", path):
        raise ArgumentTypeError(f"{reprlib.repr(text)} is no path: expected one such as /toystory")
    return path
