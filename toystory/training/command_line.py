"""An experiment as one command line, and back: what was changed in the app can be run again exactly."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, replace
from typing import Any

from toystory.base.argument_types import number, number_list, rows_of_bits, whole_number, whole_number_list
from toystory.models.activations import ACTIVATIONS
from toystory.models.mlp import FIRST_WEIGHTS
from toystory.training.data import GATES, LABEL_RULES, LENGTH_RULES
from toystory.training.experiment import MODEL_NAMES, OPTIMIZER_NAMES, Experiment


@dataclass(frozen=True)
class Setting:
    """How one field of an Experiment is said on the command line."""

    read: Callable[[str], Any]
    help: str
    choices: tuple[str, ...] | None = None


SETTINGS: dict[str, Setting] = {
    "model": Setting(str, "what is trained", MODEL_NAMES),
    "columns": Setting(whole_number, "bits in a row"),
    "seed": Setting(whole_number, "where all random numbers begin"),
    "hidden": Setting(whole_number_list, "hidden units, a number a layer: 16 or 4,3"),
    "activation": Setting(str, "MLP: what bends its sums", tuple(ACTIVATIONS)),
    "first_weights": Setting(str, "MLP: how its weights start", FIRST_WEIGHTS),
    "weight_scale": Setting(number, "standard deviation of the first weights"),
    "bit_scale": Setting(number, "RNN and LSTM: standard deviation of the first weights from the bits"),
    "forget_bias": Setting(number, "LSTM: where the bias of its forget gates starts"),
    "signed": Setting(lambda text: text == "yes", "MLP and RNN: read the bits as −1 and +1", ("yes", "no")),
    "start": Setting(number_list, "LogisticRegression: first weights, and then the bias"),
    "dtype": Setting(str, "precision", ("float32", "float64")),
    "rows": Setting(whole_number, "rows drawn once and kept; without it every batch is fresh"),
    "given": Setting(rows_of_bits, "these rows and no others: 00,01,10,11"),
    "relevant": Setting(whole_number_list, "which columns count, from 0; without it all do"),
    "gate": Setting(str, "what is asked of the bits", GATES),
    "lengths": Setting(str, "RNN and LSTM: how long rows are", LENGTH_RULES),
    "labels": Setting(str, "RNN and LSTM: where labels stand", LABEL_RULES),
    "updates": Setting(whole_number, "how many updates"),
    "batch": Setting(whole_number, "rows an update; without it all of them"),
    "optimizer": Setting(str, "how a gradient becomes an update", OPTIMIZER_NAMES),
    "learning_rate": Setting(number, "length of an update"),
    "final_learning_rate": Setting(number, "share of the learning rate left at the end"),
    "clip": Setting(number, "longest gradient let through"),
    "stop_at": Setting(number, "end early at this accuracy on fresh rows"),
    "evaluate_every": Setting(whole_number, "updates between two measurements of accuracy"),
}
"""Every field of an Experiment but its name, in its order."""


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Give `parser` an option for every field of an Experiment; those without a default are required."""
    group = parser.add_argument_group("the experiment")
    for field in _fields():
        setting = SETTINGS[field.name]
        shape = {"choices": setting.choices} if setting.choices else {"type": setting.read}
        group.add_argument(
            _option(field.name),
            help=setting.help,
            required=field.default is MISSING,
            default=argparse.SUPPRESS,
            metavar=None if setting.choices else "X",
            **shape,
        )


def read_settings(arguments: argparse.Namespace) -> Experiment:
    """The experiment that the options ask for. Raises ValueError where they make none."""
    values = {
        field.name: getattr(arguments, field.name) for field in _fields() if hasattr(arguments, field.name)
    }
    if "signed" in values:
        values["signed"] = SETTINGS["signed"].read(values["signed"])
    return Experiment(name=str(values["model"]), **values)


def command_line(experiment: Experiment) -> str:
    """What to type so that `experiment` runs again: only what is not as it would be anyway."""
    words = ["toystory", "train"]
    for field in _fields():
        value = getattr(experiment, field.name)
        if value != field.default:
            said = _said(value)
            # What begins with a minus would be taken for an option.
            words += [f"{_option(field.name)}={said}"] if said[:1] == "-" else [_option(field.name), said]
    return shlex.join(words)


def what_to_type(experiments: Sequence[Experiment], rates: Sequence[Mapping[int, float]] = ()) -> str:
    """The lines that run `experiments` again, one each.

    rates: of each run so far, the learning rates that it was given, by the updates made before. One given
    before the first update is a setting like others; later ones no command can repeat, and a comment says
    so.
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


def _fields() -> list[Field[Any]]:
    return [field for field in fields(Experiment) if field.name != "name"]


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _said(value: object) -> str:
    """A value as the option's reader takes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join("".join(map(str, part)) if isinstance(part, tuple) else repr(part) for part in value)
    return value if isinstance(value, str) else repr(value)
