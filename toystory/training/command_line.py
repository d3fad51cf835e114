"""An experiment as one command line, and back: what was changed in the app can be run again exactly."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

from toystory.training.experiment import Experiment
from toystory.training.settings import SETTINGS

DEFAULTS = {field.name: field.default for field in fields(Experiment)}


def read_settings(arguments: argparse.Namespace) -> Experiment:
    """The experiment that the options of `settings.add_settings` ask for.

    Raises:
        WrongSetting: they make none.
    """
    values = {name: getattr(arguments, name) for name in SETTINGS if hasattr(arguments, name)}
    for name, value in values.items():
        if SETTINGS[name].choices:
            values[name] = SETTINGS[name].read(value)
    return Experiment(name=str(values["model"]), **values)


def command_line(experiment: Experiment) -> str:
    """What to type so that `experiment` runs again: only what is not as it would be anyway."""
    words = ["toystory", "train"]
    for name, setting in SETTINGS.items():
        value = getattr(experiment, name)
        if value != DEFAULTS[name]:
            text = _text(value)
            # What begins with a minus would be taken for an option.
            words += [f"{setting.option}={text}"] if text[:1] == "-" else [setting.option, text]
    return shlex.join(words)


def what_to_type(experiments: Sequence[Experiment], rates: Sequence[Mapping[int, float]] = ()) -> str:
    """The lines that run experiments again, one each.

    Args:
        experiments: In their order.
        rates: Of each run so far, the learning rates that it was given, by the updates made before. One given
            before the first update is a setting like others; later ones no command can repeat, and a comment
            says so.
    """
    lines = []
    for place, experiment in enumerate(experiments):
        given = dict(rates[place]) if place < len(rates) else {}
        if 0 in given:
            experiment = replace(experiment, learning_rate=given.pop(0))
        lines.append(command_line(experiment))
        if given:
            later = ", ".join(f"{rate!r} after update {update:,}" for update, rate in given.items())
            lines.append(f"# not the same run: its learning rate was changed on the way, to {later}")
    return "\n".join(lines)


def _text(value: object) -> str:
    """A value as the option's reader takes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join("".join(map(str, part)) if isinstance(part, tuple) else repr(part) for part in value)
    return value if isinstance(value, str) else repr(value)
