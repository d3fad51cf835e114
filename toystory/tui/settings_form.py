"""The settings of an experiment as texts that a learner types, and back: what a form shows and reads."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from toystory.base.argument_types import number, number_list, rows_of_bits, whole_number, whole_number_list
from toystory.models.activations import ACTIVATIONS
from toystory.models.mlp import FIRST_WEIGHTS
from toystory.training.data import GATES, LABEL_RULES, LENGTH_RULES, truth_table
from toystory.training.experiment import MODEL_NAMES, OPTIMIZER_NAMES, Experiment

Texts = dict[str, str]
"""By the key of the field."""

ALL_ROWS, DRAWN, FRESH, WRITTEN = "all there are", "drawn once", "fresh", "written down"
MOST_COLUMNS_FOR_ALL = 10
"""2^10 rows are 1,024."""
SIGNS = ("0 and 1", "−1 and +1")


@dataclass(frozen=True)
class Field:
    """One setting. label: as a reader calls it. hint: what may be typed. choices: instead of typing.
    short: the label within a name."""

    key: str
    label: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    short: str = ""


FIELDS = (
    Field("model", "model", choices=MODEL_NAMES),
    Field("gate", "gate", choices=GATES),
    Field("data", "rows", choices=(ALL_ROWS, DRAWN, FRESH, WRITTEN)),
    Field("columns", "columns", "bits in a row"),
    Field("rows", "how many rows", "a number, such as 10,000", short="rows"),
    Field("given", "which rows", "such as 00,01,10,11", short="rows"),
    Field("relevant", "columns that count", "all, first 3, or 0,4,7", short="counting"),
    Field("lengths", "lengths", choices=LENGTH_RULES),
    Field("labels", "labels", choices=LABEL_RULES),
    Field("hidden", "hidden units", "such as 4; of an MLP: 4,3", short="hidden"),
    Field("activation", "activation", choices=tuple(ACTIVATIONS)),
    Field("first_weights", "first weights", choices=FIRST_WEIGHTS),
    Field("weight_scale", "size of first weights", "a number, or: its own", short="weights ×"),
    Field("bit_scale", "first weights of bits", "a number, or: its own", short="bits ×"),
    Field("forget_bias", "forget bias", "a number, such as 1 or 5"),
    Field("signed", "bits read as", choices=SIGNS),
    Field("start", "first weights", "all zero, or 0.1,0.5,0"),
    Field("optimizer", "optimiser", choices=OPTIMIZER_NAMES, short=""),
    Field("learning_rate", "learning rate", "above zero", short="rate"),
    Field("final_learning_rate", "share left at the end", "of the rate, 0 to 1", short="share left"),
    Field("batch", "batch size", "rows an update, or: all", short="batches of"),
    Field("clip", "longest gradient", "a number, or: any", short="clip"),
    Field("updates", "updates", "a number"),
    Field("stop_at", "stop at accuracy", "a share, or: never", short="stop at"),
    Field("evaluate_every", "measure every", "so many updates"),
    Field("seed", "seed", "any whole number"),
)
BY_KEY = {field.key: field for field in FIELDS}
WORDS = {"relevant": "all", "weight_scale": "its own", "start": "all zero", "batch": "all", "clip": "any"}
WORDS["bit_scale"] = "its own"
"""What stands for 'none given' in a field that may be left out."""
WORDS["stop_at"] = "never"


@dataclass(frozen=True)
class Draft:
    """What a form makes: an experiment, or by the key of the field what is wrong, in a sentence each."""

    experiment: Experiment | None
    problems: Mapping[str, str]


def texts_of(experiment: Experiment) -> Texts:
    """Every setting as it would be typed, also those that do not apply."""
    e = experiment
    given = ",".join("".join(map(str, row)) for row in e.given)
    return {
        "model": e.model,
        "gate": e.gate,
        "data": _data_of(e),
        "columns": f"{e.columns}",
        "rows": f"{e.rows or 10_000:,}",
        "given": given or "00,01,10,11",
        "relevant": _relevant_text(e.relevant),
        "lengths": e.lengths,
        "labels": e.labels,
        "hidden": ",".join(map(str, e.hidden)),
        "activation": e.activation,
        "first_weights": e.first_weights,
        "weight_scale": _text(e.weight_scale, "weight_scale"),
        "bit_scale": _text(e.bit_scale, "bit_scale"),
        "forget_bias": _plain(e.forget_bias),
        "signed": SIGNS[e.signed],
        "start": ",".join(map(repr, e.start)) or WORDS["start"],
        "optimizer": e.optimizer,
        "learning_rate": _plain(e.learning_rate),
        "final_learning_rate": _plain(e.final_learning_rate),
        "batch": _text(e.batch, "batch"),
        "clip": _text(e.clip, "clip"),
        "updates": f"{e.updates:,}",
        "stop_at": _text(e.stop_at, "stop_at"),
        "evaluate_every": f"{e.evaluate_every:,}",
        "seed": f"{e.seed}",
    }


def applies(key: str, texts: Mapping[str, str]) -> bool:
    """Whether a setting means anything, with the others as they are."""
    model, data = texts["model"], texts["data"]
    match key:
        case "columns":
            return data != WRITTEN
        case "rows":
            return data == DRAWN
        case "given":
            return data == WRITTEN
        case "lengths" | "labels":
            return model in ("RNN", "LSTM")
        case "hidden":
            return model != "LogisticRegression"
        case "activation" | "first_weights":
            return model == "MLP"
        case "weight_scale":
            gaussian = model == "MLP" and texts["first_weights"] == "gaussian"
            return gaussian or model in ("TwoLayerNet", "RNN")
        case "bit_scale":
            return model in ("RNN", "LSTM")
        case "forget_bias":
            return model == "LSTM"
        case "signed":
            return model in ("MLP", "RNN")
        case "start":
            return model == "LogisticRegression"
    return True


def read(texts: Mapping[str, str], base: Experiment, last: str = "") -> Draft:
    """The experiment that the texts ask for; what does not apply stays as in `base`.

    last: the field that was typed in last, which gets a problem that belongs to no field alone.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in FIELDS:
        if applies(field.key, texts):
            try:
                values[field.key] = _read(field.key, texts[field.key].strip())
            except (ValueError, ArgumentTypeError) as error:
                problems[field.key] = str(error)
    if problems:
        return Draft(None, problems)
    try:
        return Draft(replace(base, **_together(values)), {})
    except ValueError as error:
        return Draft(None, {_field_of(str(error), last, texts): str(error)})


def changes(recipe: Experiment, experiment: Experiment) -> list[str]:
    """What is not as in `recipe`, a few words each: hidden 2, seed 3."""
    before, now = texts_of(recipe), texts_of(experiment)
    changed = [
        field
        for field in FIELDS
        if now[field.key] != before[field.key] and applies(field.key, now) and field.key != "start"
    ]
    words = [f"{field.short or _label(field)} {now[field.key]}".strip() for field in changed]
    return words + (["other first weights"] if experiment.start != recipe.start else [])


def _label(field: Field) -> str:
    return "" if field.choices and field.key in ("optimizer", "model") else field.label


def _data_of(experiment: Experiment) -> str:
    if not experiment.given:
        return DRAWN if experiment.rows else FRESH
    few = experiment.columns <= MOST_COLUMNS_FOR_ALL
    return ALL_ROWS if few and experiment.given == _all_rows(experiment.columns) else WRITTEN


def _all_rows(columns: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(bit) for bit in row) for row in truth_table(columns))


def _relevant_text(relevant: tuple[int, ...] | None) -> str:
    if relevant is None:
        return WORDS["relevant"]
    if relevant and relevant == tuple(range(len(relevant))):
        return f"first {len(relevant)}"
    return ",".join(map(str, relevant)) + "," * (len(relevant) == 1)


def _plain(value: float) -> str:
    """Every digit that counts, so that reading it gives the same number, and no more."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def _text(value: float | None, key: str) -> str:
    if value is None:
        return WORDS[key]
    return f"{value:,}" if isinstance(value, int) else _plain(value)


def _read(key: str, text: str) -> Any:
    field = BY_KEY[key]
    if field.choices:
        if text not in field.choices:
            raise ValueError(f"{field.label} is {text!r}: expected one of {', '.join(field.choices)}")
        return text
    if not text:
        raise ValueError(f"nothing is typed here: {field.hint}")
    if text == WORDS.get(key):
        return () if key == "start" else None
    return READERS[key](text)


def _relevant(text: str) -> tuple[int, ...]:
    text = text.removeprefix("first ")
    if "," in text:
        return whole_number_list(text.strip(","))
    count = whole_number(text)
    if not 1 <= count <= 100_000:
        raise ValueError("at least one column has to count")
    return tuple(range(count))


READERS: dict[str, Callable[[str], Any]] = {
    "columns": whole_number,
    "rows": whole_number,
    "given": rows_of_bits,
    "relevant": _relevant,
    "hidden": whole_number_list,
    "weight_scale": number,
    "bit_scale": number,
    "forget_bias": number,
    "start": number_list,
    "learning_rate": number,
    "final_learning_rate": number,
    "batch": whole_number,
    "clip": number,
    "updates": whole_number,
    "stop_at": number,
    "evaluate_every": whole_number,
    "seed": whole_number,
}


def _together(values: dict[str, Any]) -> dict[str, Any]:
    """Fields of a form as fields of an Experiment. Raises ValueError."""
    data = values.pop("data")
    if "signed" in values:
        values["signed"] = values["signed"] == SIGNS[1]
    if data == ALL_ROWS:
        columns = values["columns"]
        if not 1 <= columns <= MOST_COLUMNS_FOR_ALL:
            raise ValueError(f"columns is {columns:,}: all rows there are need 1 to {MOST_COLUMNS_FOR_ALL}")
        values["given"] = _all_rows(columns)
    elif data == WRITTEN:
        values["columns"] = len(values["given"][0])
    values.setdefault("given", ())
    values.setdefault("rows", None)
    return values


STARTS = {
    "a given row": "given",
    "a relevant column": "relevant",
    "start has": "start",
    "fresh rows for every": "batch",
    "evaluate every": "evaluate_every",
    "weight scale": "weight_scale",
    "bit scale": "bit_scale",
    "forget bias": "forget_bias",
    "final learning rate": "final_learning_rate",
    "stop at": "stop_at",
}
"""How a sentence begins that is about one field."""


def _field_of(problem: str, last: str, texts: Mapping[str, str]) -> str:
    for key in [*STARTS, *(f"{field.key.replace('_', ' ')} is" for field in FIELDS)]:
        if problem.startswith(key):
            return STARTS.get(key, key.removesuffix(" is").replace(" ", "_"))
    if problem.startswith("hidden units") or "hidden layer" in problem:
        return "hidden"
    typed = last in BY_KEY and not BY_KEY[last].choices and applies(last, texts)
    return last if typed else "given" if texts["data"] == WRITTEN else "columns"
