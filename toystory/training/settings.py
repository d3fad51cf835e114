"""The settings of an experiment, one place for all: what each is called, how it is typed, what it may be.

The form, the command lines and the experiment's own check are made of this table. It is light, so that the
options of a command can be shown without NumPy.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from toystory.base.argument_types import (
    in_any_case,
    number,
    number_list,
    rows_of_bits,
    whole_number,
    whole_number_list,
)

ModelName = Literal["LogisticRegression", "TwoLayerNet", "AutogradNet", "MLP", "RNN", "LSTM", "Attention"]
OptimizerName = Literal["gradient descent", "momentum", "adam"]
ActivationName = Literal["relu", "tanh", "sigmoid"]
FirstWeights = Literal["gaussian", "he", "signs", "shared signs"]
Precision = Literal["float32", "float64"]
LengthRule = Literal["full", "one per batch", "one even per batch", "mixed"]
"""full: every row has all its columns. one per batch: the rows of a batch are all cut to one length, drawn
anew from 1…columns. mixed: every row is cut to a length of its own."""
LabelRule = Literal["end", "every step"]
"""end: one label a row, for all of it. every step: a label at each bit, for the row up to there."""
GateName = Literal["xor", "and", "or", "nand"]
"""What is asked of the bits that count. XOR of many bits is their parity."""

MODEL_NAMES: tuple[ModelName, ...] = get_args(ModelName)
OPTIMIZER_NAMES: tuple[OptimizerName, ...] = get_args(OptimizerName)
GATES: tuple[GateName, ...] = get_args(GateName)
LENGTH_RULES: tuple[LengthRule, ...] = get_args(LengthRule)
LABEL_RULES: tuple[LabelRule, ...] = get_args(LabelRule)

MOST_ROWS = 100_000_000
MOST_COLUMNS = 100_000
MOST_UPDATES = 1_000_000_000
MOST_UNITS = 100_000

METAVARS: dict[Callable[[str], Any], str] = {
    whole_number: "N",
    whole_number_list: "N[,N…]",
    number: "X",
    number_list: "X[,X…]",
    rows_of_bits: "ROW[,ROW…]",
}


class WrongSetting(ValueError):
    """Settings that make no experiment; the message says why, in one sentence.

    Attributes:
        setting: the name of the field it is about, or "" where it is about several.
    """

    def __init__(self, setting: str, sentence: str) -> None:
        super().__init__(sentence)
        self.setting = setting

    def __reduce__(self) -> tuple[type[WrongSetting], tuple[str, str]]:
        return WrongSetting, (self.setting, str(self))


@dataclass(frozen=True)
class Range:
    """Which numbers are allowed.

    Attributes:
        text: the same for a reader, as it stands behind "expected".
        holds: whether a number is one of them.
    """

    text: str
    holds: Callable[[Any], bool]


def whole(least: int, most: int) -> Range:
    """Whole numbers, both ends included.

    Args:
        least: The smallest.
        most: The largest.
    """
    return Range(
        f"a whole number from {least:,} to {most:,}", lambda n: isinstance(n, int) and least <= n <= most
    )


POSITIVE = Range("a number above zero", lambda x: math.isfinite(x) and x > 0)
NOT_NEGATIVE = Range("a number, zero or above", lambda x: 0 <= x < math.inf)
SHARE = Range("a share, from 0 to 1", lambda x: 0 <= x <= 1)
FINITE = Range("a number", math.isfinite)


@dataclass(frozen=True)
class Setting:
    """One field of an Experiment.

    Attributes:
        name: of the field.
        label: as a form calls it.
        read: makes its value of a text; raises argparse.ArgumentTypeError.
        hint: what may be typed.
        help: what it is, on the command line.
        range: what the number, or each number of a list, may be.
        choices: of which one is taken, in place of typing.
        shown: what a form shows for each of `choices`, where that is something else.
        none: the word that stands for None, or for an empty list, where it may be left out.
        short: the label within the name of an experiment; None for `label`.
        models: those it means something for; none named for all of them.
        required: whether an experiment can't be made without it.
    """

    name: str
    label: str
    read: Callable[[str], Any] = str
    hint: str = ""
    help: str = ""
    range: Range | None = None
    choices: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    none: str = ""
    short: str | None = None
    models: tuple[ModelName, ...] = ()
    required: bool = False

    @property
    def option(self) -> str:
        """As it is said on the command line."""
        return "--" + self.name.replace("_", "-")

    def check(self, value: Any) -> None:
        """Look at one value by itself.

        Raises:
            WrongSetting: it is none of the choices, or out of range.
        """
        said = self.name.replace("_", " ")
        if self.choices and not isinstance(value, bool) and value not in self.choices:
            raise WrongSetting(self.name, f"{said} is {value!r}: expected one of {', '.join(self.choices)}")
        if self.range is None or (value is None and self.none):
            return
        for one in value if isinstance(value, tuple) else (value,):
            if not self.range.holds(one):
                said = self.label if isinstance(value, tuple) else said
                raise WrongSetting(self.name, f"{said} is {one:,}: expected {self.range.text}")

    def add_option(self, group: argparse._ArgumentGroup, required: bool = False) -> argparse.Action:
        """Give a command the option of this setting; where it is left out, no value is set.

        Args:
            group: Of the command's options.
            required: Whether it must be given.

        Returns:
            The option, as the group has it.
        """
        shape: dict[str, Any]
        if self.choices:
            shape = {"choices": self.choices, "type": in_any_case(self.choices)}
        else:
            shape = {"type": self.read, "metavar": METAVARS[self.read]}
        return group.add_argument(
            self.option, help=self.help, required=required, default=argparse.SUPPRESS, **shape
        )


def _yes(text: str) -> bool:
    return text == "yes"


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("model", "model", help="what is trained", choices=MODEL_NAMES, short="", required=True),
        Setting(
            "columns",
            "columns",
            whole_number,
            "bits in a row",
            "bits in a row",
            whole(1, MOST_COLUMNS),
            required=True,
        ),
        Setting(
            "seed",
            "seed",
            whole_number,
            "any whole number",
            "where all random numbers begin",
            whole(0, 2**63 - 1),
        ),
        Setting(
            "hidden",
            "hidden units",
            whole_number_list,
            "such as 4; of an MLP: 4,3",
            "hidden units, a number a layer: 16 or 4,3",
            whole(1, MOST_UNITS),
            short="hidden",
            models=("TwoLayerNet", "AutogradNet", "MLP", "RNN", "LSTM", "Attention"),
        ),
        Setting(
            "activation",
            "activation",
            help="MLP: what bends its sums",
            choices=get_args(ActivationName),
            models=("MLP",),
        ),
        Setting(
            "first_weights",
            "first weights",
            help="MLP: how its weights start",
            choices=get_args(FirstWeights),
            models=("MLP",),
        ),
        Setting(
            "weight_scale",
            "size of first weights",
            number,
            "a number, or: its own",
            "standard deviation of the first weights",
            NOT_NEGATIVE,
            none="its own",
            short="weights ×",
            models=("TwoLayerNet", "AutogradNet", "MLP", "RNN"),
        ),
        Setting(
            "bit_scale",
            "size of bit weights",
            number,
            "a number, or: its own",
            "RNN and LSTM: standard deviation of the first weights from the bits",
            NOT_NEGATIVE,
            none="its own",
            short="bits ×",
            models=("RNN", "LSTM"),
        ),
        Setting(
            "forget_bias",
            "forget bias at first",
            number,
            "a number",
            "LSTM: where the bias of its forget gates starts",
            FINITE,
            short="forget bias",
            models=("LSTM",),
        ),
        Setting(
            "signed",
            "bits read as",
            _yes,
            help="MLP and RNN: read the bits as −1 and +1",
            choices=("no", "yes"),
            shown=("0 and 1", "−1 and +1"),
            models=("MLP", "RNN"),
        ),
        Setting(
            "width",
            "width",
            whole_number,
            "a number, such as 8",
            "Attention: numbers that stand for a token",
            whole(1, MOST_UNITS),
            models=("Attention",),
        ),
        Setting(
            "thinks_aloud",
            "answers",
            _yes,
            help="Attention: write the running answer bit by bit, and not the last one at once",
            choices=("no", "yes"),
            shown=("at once", "thinking aloud"),
            short="",
            models=("Attention",),
        ),
        Setting(
            "scale_scores",
            "scores",
            _yes,
            help="Attention: multiply the scores by log(tokens) / log 50",
            choices=("no", "yes"),
            shown=("as they are", "times log(tokens)"),
            models=("Attention",),
        ),
        Setting(
            "start",
            "first weights",
            number_list,
            "all zero, or 0.1,0.5,0",
            "LogisticRegression: first weights, and then the bias",
            FINITE,
            none="all zero",
            models=("LogisticRegression",),
        ),
        Setting("dtype", "precision", help="precision", choices=get_args(Precision)),
        Setting(
            "rows",
            "how many rows",
            whole_number,
            "a number, such as 10,000",
            "rows drawn once and kept; without it every batch is fresh",
            whole(1, MOST_ROWS),
            none="fresh",
            short="rows",
        ),
        Setting(
            "given",
            "which rows",
            rows_of_bits,
            "such as 00,01,10,11",
            "these rows and no others: 00,01,10,11",
            short="rows",
        ),
        Setting(
            "relevant",
            "columns that count",
            whole_number_list,
            "all, first 3, or 0,4,7",
            "which columns count, from 0; without it all do",
            none="all",
            short="counting",
        ),
        Setting("gate", "gate", help="what is asked of the bits", choices=GATES),
        Setting(
            "lengths",
            "lengths",
            help="RNN, LSTM and Attention: how long rows are",
            choices=LENGTH_RULES,
            models=("RNN", "LSTM", "Attention"),
        ),
        Setting(
            "labels",
            "labels",
            help="RNN, LSTM and Attention: where labels stand",
            choices=LABEL_RULES,
            models=("RNN", "LSTM", "Attention"),
        ),
        Setting(
            "updates",
            "updates",
            whole_number,
            "a number",
            "how many updates",
            whole(0, MOST_UPDATES),
            required=True,
        ),
        Setting(
            "batch",
            "batch size",
            whole_number,
            "rows an update, or: all",
            "rows an update; without it all of them",
            whole(1, MOST_ROWS),
            none="all",
            short="batches of",
        ),
        Setting(
            "optimizer",
            "optimiser",
            help="how a gradient becomes an update",
            choices=OPTIMIZER_NAMES,
            short="",
        ),
        Setting(
            "learning_rate",
            "learning rate",
            number,
            "above zero",
            "length of an update",
            POSITIVE,
            short="rate",
            required=True,
        ),
        Setting(
            "final_learning_rate",
            "share left at the end",
            number,
            "of the rate, 0 to 1",
            "share of the learning rate left at the end",
            SHARE,
            short="share left",
        ),
        Setting(
            "clip",
            "longest gradient",
            number,
            "a number, or: any",
            "longest gradient let through",
            POSITIVE,
            none="any",
            short="clip",
        ),
        Setting(
            "weight_decay",
            "weight decay",
            number,
            "0 for none",
            "λ, how strongly weights are pulled towards zero",
            NOT_NEGATIVE,
            short="decay",
        ),
        Setting(
            "stop_at",
            "stop at accuracy",
            number,
            "a share, or: never",
            "end early at this accuracy on fresh rows",
            SHARE,
            none="never",
            short="stop at",
        ),
        Setting(
            "stop_after",
            "then go on for",
            whole_number,
            "so many updates",
            "updates to go on for once that accuracy is reached",
            whole(0, MOST_UPDATES),
            short="then go on for",
        ),
        Setting(
            "patience",
            "stop early after",
            whole_number,
            "so many updates, or: never",
            "end where the loss on validation rows has not fallen for so many updates; keep the best weights",
            whole(1, MOST_UPDATES),
            none="never",
            short="patience",
        ),
        Setting(
            "evaluate_every",
            "measure every",
            whole_number,
            "so many updates",
            "updates between two measurements of accuracy",
            whole(1, MOST_UPDATES),
        ),
    )
}
"""By the name of the field, in the order of an Experiment's."""


def add_settings(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Give `parser` an option for every setting; those without a default are required. Returns them."""
    group = parser.add_argument_group("the experiment")
    return [setting.add_option(group, setting.required) for setting in SETTINGS.values()]
