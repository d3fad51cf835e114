"""A lesson's training run as a script for PyTorch or JAX: it runs as it is, and reaches what ours reaches."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from types import ModuleType

from toystory.base.errors import BadRequest
from toystory.course.lesson import Lesson
from toystory.export.frameworks import training_jax, training_pytorch
from toystory.export.frameworks.first_weights import first_weights_code
from toystory.export.frameworks.script import fill_template, template_kind
from toystory.training.experiment import Experiment
from toystory.training.run import TIE, experiments_of

FRAMEWORKS: dict[str, ModuleType] = {"pytorch": training_pytorch, "jax": training_jax}

ON_THE_KINK = """\
First weights of ±1/√columns put one sum in nine exactly on ReLU's kink: the order in which a library adds up
  decides on which side, so from there on the runs are two runs of one recipe."""
GATES = {
    "xor": ("x.sum(axis=1) % 2", "x.cumsum(axis=1) % 2"),
    "or": ("x.max(axis=1)", "np.maximum.accumulate(x, axis=1)"),
    "and": ("x.min(axis=1)", "np.minimum.accumulate(x, axis=1)"),
    "nand": ("1 - x.min(axis=1)", "1 - np.minimum.accumulate(x, axis=1)"),
}
"""What each gate says to a row at its end, and to every beginning of it."""
STEPS = {
    "full": "COLUMNS",
    "one per batch": "rng.integers(1, COLUMNS + 1)",
    "one even per batch": "2 * rng.integers(1, max(2, COLUMNS // 2 + 1))",
}
SCRIPT = '''\
"""Lesson {number}, "{study}", in {framework}.

{settings}

It starts from our first weights and makes the updates that ours makes. Where {framework}'s own ways differ:

{differences}
"""

from __future__ import annotations

{imports}

SEED, COLUMNS, UPDATES = {seed}, {columns}, {updates}
LEARNING_RATE, LAST_RATE = {learning_rate}, {last_rate}  # it falls in a straight line, if it falls


# First weights. Ours: toystory/models/parts/first_weights.py and the constructors of the models.


{first_weights}


# The rows. Ours: toystory/training/data.py.


def labels(x: np.ndarray) -> np.ndarray:
    """What the gate says to the rows x (rows, n)."""
{labels}


def batches() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows of bits and their labels, without end."""
    rng = np.random.default_rng(SEED)
{batches}


# The model. Ours: toystory/models.


{model}


# An update. Ours: toystory/models/train_step.py and optimizers.py.


{update}


if __name__ == "__main__":
    net, optimizer = start()
    for number, (x, y) in zip(range(UPDATES), batches()):
        loss = update(net, optimizer, x, y, number)
        if number % max(1, UPDATES // 10) == 0:
            print(f"after {{number:6,}} updates: loss {{loss:.6f}}", flush=True)
    rows = {test_rows}
    answers = predict_proba(net, rows)
    right = ((answers > 0.5) == {test_labels}).mean()
    tie = ", a tie: every answer is one half" if np.abs(answers - 0.5).max() < {tie} else ""
    print(f"after {{UPDATES:6,}} updates: right on {{right:.2%}} of {kind} rows{{tie}}")
'''


def training_script(lesson: Lesson, framework: str, experiment: Experiment | None = None) -> str:
    """The text of the script for a lesson's run.

    Args:
        lesson: One whose model the other framework can train.
        framework: pytorch or jax.
        experiment: The run; the one that the lesson ends with unless given.

    Raises:
        BadRequest: There is no such script for the lesson's model.
    """
    experiment = experiment or experiments_of(lesson.study(lesson.ends_with))[-1]
    target = FRAMEWORKS[framework]
    if experiment.lengths == "mixed" or (experiment.recurrent and experiment.labels == "every step"):
        raise BadRequest(
            f"no script for {target.NAME} trains {experiment.model} on rows of a length each or with a label "
            "at every step: others have one, such as that of lesson lstm"
        )
    if experiment.weight_decay or experiment.patience is not None:
        raise BadRequest(
            f"a script for {target.NAME} has no weight decay and does not stop early: set both to none first"
        )
    model = experiment.build_model()
    kind = template_kind(model)
    code = fill_template(getattr(target, kind), model, target.ACTIVATIONS)
    imports = target.IMPORTS.strip("\n").replace("«DTYPE»", experiment.dtype)
    return SCRIPT.format(
        number=lesson.chapter.number,
        study=experiment.name,
        framework=target.NAME,
        settings=textwrap.fill(f"{experiment.describe()}.", 110),
        differences="\n".join(f"- {line}" for line in _differences(target, kind, experiment)),
        imports=imports,
        seed=experiment.seed,
        columns=experiment.columns,
        updates=experiment.updates,
        learning_rate=experiment.learning_rate,
        last_rate=experiment.learning_rate * experiment.final_learning_rate,
        first_weights=first_weights_code(experiment),
        labels=textwrap.indent("\n".join(_labels(experiment)), "    "),
        batches=_batches(experiment),
        model=code.strip("\n"),
        update=_update(target, experiment).strip("\n"),
        test_rows=_test_rows(experiment),
        test_labels="labels(rows)" + ("[:, -1]" if experiment.labels == "every step" else ""),
        tie=TIE,
        kind="10,000 fresh" if 2**experiment.columns > 10_000 else f"all {2**experiment.columns:,}",
    )


def _differences(target: ModuleType, kind: str, experiment: Experiment) -> list[str]:
    """What differs by default, and what is done about it."""
    found = list(target.DIFFERENCES["always"]) + list(target.DIFFERENCES.get(kind, ()))
    if experiment.optimizer == "adam":
        found += target.DIFFERENCES["adam"]
    if experiment.first_weights in ("signs", "shared signs") and experiment.model == "MLP":
        found.append(ON_THE_KINK)
    if experiment.clip is not None:
        found += target.DIFFERENCES["clip"]
    return found


def _labels(e: Experiment) -> Iterator[str]:
    """The body of `labels`."""
    if e.relevant is not None:
        says_nothing = 1 if e.gate in ("and", "nand") else 0
        yield (
            f"x = np.where(np.isin(np.arange(x.shape[1]), {list(e.relevant)}), x, {says_nothing})"
            "  # the other columns don't count"
        )
    at_the_end, running = GATES[e.gate]
    yield f"return {running if e.labels == 'every step' else at_the_end}"


def _batches(e: Experiment) -> str:
    """The body of `batches`."""
    steps = STEPS[e.lengths]
    if e.rows is None and not e.given:
        lines = [
            "while True:",
            f"    x = rng.integers(0, 2, ({e.batch}, {steps}))"
            + ("" if e.lengths == "full" else "  # all of one length, drawn anew"),
            "    yield x, labels(x)",
        ]
    else:
        rows = (
            f"np.array({[list(row) for row in e.given]})"
            if e.given
            else f"rng.integers(0, 2, ({e.rows}, COLUMNS))"
        )
        lines = [f"rows = {rows}", "while True:"]
        if e.batch is None:
            lines += ["    yield rows, labels(rows)"]
        else:
            lines += [
                "    order = rng.permutation(len(rows))",
                f"    for first in range(0, len(rows), {e.batch}):",
                f"        x = rows[order[first : first + {e.batch}], : {steps}]",
                "        yield x, labels(x)",
            ]
    return "\n".join(f"    {line}" for line in lines)


def _test_rows(e: Experiment) -> str:
    """Rows to measure on: all there are, where they are few."""
    if 2**e.columns <= 10_000:
        return "np.array([[n >> c & 1 for c in range(COLUMNS)] for n in range(2**COLUMNS)])"
    return "np.random.default_rng(SEED + 1).integers(0, 2, (10_000, COLUMNS))"


def _update(target: ModuleType, e: Experiment) -> str:
    """The functions `start` and `update` with this experiment's optimiser."""
    text: str = target.UPDATE
    how = "whole rows"
    if e.model == "Attention":
        how = "thinking aloud" if e.thinks_aloud else "at once"
    for name, value in {
        "OPTIMIZER": target.OPTIMIZERS[e.optimizer],
        "CLIP": target.CLIP.replace("«NORM»", str(e.clip)) if e.clip is not None else "",
        "FREEZE": target.FREEZE[e.model] if e.recurrent and hasattr(target, "FREEZE") else "",
        **target.HOW[how],
    }.items():
        text = text.replace(f"«{name}»", value)
    return text
