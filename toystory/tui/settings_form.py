"""The settings of an experiment as texts that a learner types, and back: what a form shows and reads."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from toystory.base.argument_types import whole_number, whole_number_list
from toystory.course.lesson import Lesson, studies_alone
from toystory.training.data import truth_table
from toystory.training.experiment import Experiment
from toystory.training.run import Sweep, experiments_of
from toystory.training.settings import MOST_COLUMNS, SETTINGS, Setting, WrongSetting

Texts = dict[str, str]
"""By the name of the field."""

ALL_ROWS, DRAWN, FRESH, WRITTEN = "all there are", "drawn once", "fresh", "written down"
MOST_COLUMNS_FOR_ALL = 10
"""2^10 rows are 1,024."""
DATA = Setting("data", "rows", choices=(ALL_ROWS, DRAWN, FRESH, WRITTEN))
"""Of the form alone: where the rows come from, which decides which other fields there are."""

_ORDER = (
    *("model", "gate", "data", "columns", "rows", "given", "relevant", "lengths", "labels", "hidden"),
    *("activation", "first_weights", "weight_scale", "bit_scale", "forget_bias", "signed", "start"),
    *("width", "thinks_aloud", "scale_scores"),
    *("optimizer", "learning_rate", "final_learning_rate", "batch", "clip", "weight_decay", "updates"),
    *("stop_at", "stop_after", "patience", "evaluate_every", "seed"),
)
FIELDS = tuple((SETTINGS | {"data": DATA})[name] for name in _ORDER)
"""As they stand below each other. Of `dtype` a learner need not think."""


ALWAYS = frozenset({"hidden", "learning_rate", "updates", "seed"})
"""What one may want to change in every chapter."""


@dataclass(frozen=True)
class Draft:
    """What a form makes.

    Attributes:
        experiment: None where something is wrong.
        problems: what is wrong, in a sentence each, by the name of the field.
    """

    experiment: Experiment | None
    problems: Mapping[str, str]


def texts_of(experiment: Experiment) -> Texts:
    """Every setting as it would be typed, also those that do not apply."""
    texts = {s.name: _text(s, getattr(experiment, s.name)) for s in FIELDS if s is not DATA}
    if experiment.rows is None:
        texts["rows"] = "10,000"
    if not experiment.given:
        texts["given"] = "00,01,10,11"
    return texts | {"data": _data_of(experiment), "relevant": _relevant_text(experiment.relevant)}


def applies(name: str, texts: Mapping[str, str]) -> bool:
    """Whether a setting means anything, with the others as they are.

    Args:
        name: Of the setting.
        texts: What is typed, by the names of the settings.
    """
    model, data = texts["model"], texts["data"]
    match name:
        case "columns":
            return data != WRITTEN
        case "rows":
            return data == DRAWN
        case "given":
            return data == WRITTEN
        case "stop_after":
            return texts["stop_at"] != SETTINGS["stop_at"].none
        case "weight_scale" if model == "MLP":
            return texts["first_weights"] == "gaussian"
    return name == DATA.name or not SETTINGS[name].models or model in SETTINGS[name].models


def fields_of(lesson: Lesson) -> frozenset[str]:
    """The few settings that a chapter is about: those that its sweeps compare, and its ideas change.

    Args:
        lesson: With its studies and suggestions.
    """
    studies = studies_alone(lesson.studies)
    own = [texts_of(experiment) for study in studies for experiment in experiments_of(study)]
    found = set(ALWAYS)
    for study in studies:
        if isinstance(study, Sweep):
            texts = [texts_of(experiment) for experiment in study.experiments]
            found |= {field.name for field in FIELDS if len({each[field.name] for each in texts}) > 1}
    for suggestion in lesson.suggestions:
        suggested = texts_of(suggestion.experiment)
        changed = ({name for name in texts if texts[name] != suggested[name]} for texts in own)
        found |= min(changed, key=len, default=set())
    return frozenset(found)


def read(texts: Mapping[str, str], base: Experiment, last: str = "") -> Draft:
    """The experiment that the texts ask for; what does not apply stays as in `base`.

    Args:
        texts: by the name of the field.
        base: where settings that do not apply come from.
        last: the field that was typed in last, which gets a problem that belongs to no field alone.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for setting in FIELDS:
        if applies(setting.name, texts):
            try:
                values[setting.name] = _read(setting, texts[setting.name].strip())
            except (ValueError, ArgumentTypeError) as error:
                problems[setting.name] = str(error)
    if problems:
        return Draft(None, problems)
    try:
        return Draft(replace(base, **_together(values)), {})
    except WrongSetting as error:
        return Draft(None, {error.setting or _field_for_all(last, texts): str(error)})


def changes(recipe: Experiment, experiment: Experiment) -> list[str]:
    """What is not as in `recipe`, a few words each: hidden 2, seed 3.

    Args:
        recipe: The lesson's own experiment.
        experiment: The experiment.
    """
    before, now = texts_of(recipe), texts_of(experiment)
    changed = [s for s in FIELDS if now[s.name] != before[s.name] and applies(s.name, now)]
    return [
        "other first weights" if s.name == "start" else f"{_short(s)} {now[s.name]}".strip() for s in changed
    ]


def _short(setting: Setting) -> str:
    return setting.label if setting.short is None else setting.short


def _data_of(experiment: Experiment) -> str:
    if not experiment.given:
        return DRAWN if experiment.rows else FRESH
    few = experiment.columns <= MOST_COLUMNS_FOR_ALL
    return ALL_ROWS if few and experiment.given == _all_rows(experiment.columns) else WRITTEN


def _all_rows(columns: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(bit) for bit in row) for row in truth_table(columns))


def _text(setting: Setting, value: Any) -> str:
    """A value as it would be typed."""
    match value:
        case None | ():
            return setting.none
        case bool():
            return setting.shown[value]
        case int():
            return f"{value}" if setting.name in ("columns", "seed") else f"{value:,}"
        case float():
            return _digits(value)
        case ((_, *_), *_):
            return ",".join("".join(map(str, row)) for row in value)
        case tuple():
            return ",".join(map(repr, value))
    return str(value)


def _digits(value: float) -> str:
    """Every digit that counts, so that reading it gives the same number, and no more."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def _relevant_text(relevant: tuple[int, ...] | None) -> str:
    if relevant is None:
        return SETTINGS["relevant"].none
    if relevant and relevant == tuple(range(len(relevant))):
        return f"first {len(relevant)}"
    return ",".join(map(str, relevant)) + "," * (len(relevant) == 1)


def _read(setting: Setting, text: str) -> Any:
    """The value of what is typed, looked at by itself. Raises ValueError and ArgumentTypeError."""
    if choices := setting.shown or setting.choices:
        if text not in choices:
            raise ValueError(f"{setting.label} is {text!r}: expected one of {', '.join(choices)}")
        return setting.read(setting.choices[choices.index(text)])
    if not text:
        raise ValueError(f"nothing is typed here: {setting.hint}")
    if setting.none and text == setting.none:
        return () if setting.name == "start" else None
    value = _relevant(text) if setting.name == "relevant" else setting.read(text)
    setting.check(value)
    return value


def _relevant(text: str) -> tuple[int, ...]:
    """Which columns count. A number alone says how many, from the first on; it names no column."""
    text = text.removeprefix("first ")
    if "," in text:
        return whole_number_list(text.strip(","))
    count = whole_number(text)
    if not 1 <= count <= MOST_COLUMNS:
        raise ValueError("at least one column has to count")
    return tuple(range(count))


def _together(values: dict[str, Any]) -> dict[str, Any]:
    """Fields of a form as fields of an Experiment. Raises WrongSetting."""
    data = values.pop(DATA.name)
    if data == ALL_ROWS:
        columns = values["columns"]
        if columns > MOST_COLUMNS_FOR_ALL:
            sentence = f"columns is {columns:,}: all rows there are need 1 to {MOST_COLUMNS_FOR_ALL}"
            raise WrongSetting("columns", sentence)
        values["given"] = _all_rows(columns)
    elif data == WRITTEN:
        values["columns"] = len(values["given"][0])
    values.setdefault("given", ())
    values.setdefault("rows", None)
    return values


def _field_for_all(last: str, texts: Mapping[str, str]) -> str:
    """Where a problem is shown that several fields make together."""
    typed = any(s.name == last and not s.choices for s in FIELDS) and applies(last, texts)
    return last if typed else "given" if texts[DATA.name] == WRITTEN else "columns"
