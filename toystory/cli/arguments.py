"""What can be asked of each command: its options and their help. Light: it is read before all else."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from toystory.base.argument_types import names_list, number, whole_number, whole_number_list
from toystory.base.model_forms import MODEL_SUFFIXES
from toystory.cli.argument_readers import (
    count,
    jobs,
    minutes,
    models_among,
    port,
    root_path,
    seconds,
    share,
    vary,
    visitors,
)
from toystory.course.catalogue import NAMES

LESSONS = ", ".join(NAMES)
PLAIN = "words and numbers only: no colour, boxes or bars"
ONE_OBJECT = "one JSON object on stdout"

OVERRIDABLE = ("rows", "columns", "hidden", "learning_rate", "updates")
"""Settings that `run` takes in place of a lesson's own."""
COMPARED = ("regression", "two-layer", "mlp", "rnn", "lstm", "attention")
"""The models that `compare` knows, in the order of its table."""
BUDGET = 300.0
"""Seconds that `compare` takes at most, unless told otherwise."""
EXPORT_SUFFIXES = {
    "notebook": ".ipynb",
    "markdown": ".md",
    "html": ".html",
    "nbgrader": ".ipynb",
    "otter": ".ipynb",
}
"""Of the files, by what a lesson can become."""
BLOCKS = "TOYSTORY_ASCII"
"""The variable that has curves drawn with block characters; the Linux console has them anyway."""
HOST, PORT = "127.0.0.1", 8000
VISITORS, IDLE = 40, 60.0
"""At a time, and minutes without a key."""


class Ascii(argparse.Action):
    """Has curves drawn with block characters, from now on."""

    def __init__(self, option_strings: list[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **options)

    def __call__(self, *_: object) -> None:
        os.environ[BLOCKS] = "1"


def add_ascii(parser: argparse._ActionsContainer) -> None:
    """The option that has curves drawn without braille."""
    parser.add_argument(
        "--ascii", action=Ascii, help=f"curves of block characters, not braille; {BLOCKS}=1 says so for good"
    )


def add_run(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory run`."""
    # The table of settings takes as long to import as all else here.
    from toystory.training.settings import SETTINGS

    which = parser.add_mutually_exclusive_group()
    which.add_argument("--lesson", metavar="LESSON", help=LESSONS)
    which.add_argument("--all", action="store_true", help="every lesson")
    parser.add_argument("--experiment", metavar="NAME", help="only this one: its name, part of it, or number")
    parser.add_argument("--seed", type=whole_number, default=0, help="other beginnings (default 0)")
    settings = parser.add_argument_group("in place of the lesson's own settings")
    for name in OVERRIDABLE:
        SETTINGS[name].add_option(settings)
    output = _add_run_output(parser)
    output.add_argument(
        "--jobs", type=jobs, metavar="N", help="experiments at a time (default: processors, up to 2)"
    )
    _add_scheduler(output)


class FindRate(argparse.Action):
    """No rate and no number of updates is required where the rate is what is looked for."""

    settings: tuple[argparse.Action, ...] = ()

    def __call__(self, parser: object, namespace: argparse.Namespace, *_: Any) -> None:
        namespace.find_rate = True
        for setting in self.settings:
            if setting.dest in ("learning_rate", "updates"):
                setting.required = False


class InPlaceOfSettings(argparse.Action):
    """A file in place of the settings: none of them is required any more."""

    settings: tuple[argparse.Action, ...] = ()

    def __call__(self, parser: object, namespace: argparse.Namespace, value: Any, _: object = None) -> None:
        setattr(namespace, self.dest, value)
        for setting in self.settings:
            setting.required = False


def add_train(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory train`."""
    from toystory.training.settings import add_settings

    parser.description = (
        "Train any model on any gate; or, with --data, a network on rows of real numbers: a made task, or a "
        "table of yours. Of such rows 60 % are learnt from, 20 % say when to stop, and 20 % are the test."
    )
    settings = add_settings(parser)
    finder = parser.add_argument(
        "--find-rate",
        action=FindRate,
        nargs=0,
        default=False,
        help="in place of a training: a short run over many learning rates, and which one to begin with",
    )
    if isinstance(finder, FindRate):
        finder.settings = tuple(settings)
    own = parser.add_argument_group("a model that you wrote")
    file = own.add_argument(
        "--file",
        action=InPlaceOfSettings,
        type=Path,
        metavar="FILE.py",
        help="train it in place of one of ours: a whole model, in a process of its own, by its own recipe",
    )
    own.add_argument("--seeds", type=count, metavar="N", help="with --file: from so many seeds (default 1)")
    data = _add_tabular(parser)
    for option in (file, data):
        if isinstance(option, InPlaceOfSettings):
            option.settings = tuple(settings)
    _add_run_output(parser, "--save", "--out").add_argument(
        "--control",
        action="store_true",
        help="also the same settings with one column that counts: can it copy a bit? With --data: also the "
        "same without hidden layers, a straight line",
    )


def _add_tabular(parser: argparse.ArgumentParser) -> argparse.Action:
    """The settings of a network for rows of real numbers. Returns --data."""
    group = parser.add_argument_group(
        "rows of real numbers",
        "These and --hidden (0 for none), --updates, --batch, --optimizer, --learning-rate, --weight-decay, "
        "--patience (600 unless given), --rows, --seed.",
    )
    data = group.add_argument(
        "--data",
        action=InPlaceOfSettings,
        metavar="FILE.csv|TASK",
        help="a table with a line of names above it, or circle, moons, spiral, spiral-3, majority, parity",
    )
    more: dict[str, Any] = {"default": argparse.SUPPRESS}
    group.add_argument("--label", metavar="NAME", help="the column of the table with the classes", **more)
    group.add_argument(
        "--without",
        type=names_list,
        metavar="NAME[,NAME…]",
        help="columns to leave out, such as an id",
        **more,
    )
    group.add_argument(
        "--drop-missing", action="store_true", help="leave out rows in which a value is missing", **more
    )
    group.add_argument(
        "--noise", type=number, metavar="X", help="standard deviation of a made task's noise", **more
    )
    group.add_argument(
        "--dropout", type=number, metavar="X", help="share of the hidden units left out in training", **more
    )
    return data


def add_predict(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory predict`."""
    parser.description = (
        "Say the class of every row of a table, with a model that 'toystory train --data' saved. Columns are "
        "found by their names. Where the table has the labels too, say how many are right."
    )
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="rows, with a line of names above them")
    parser.add_argument("--model", type=Path, required=True, metavar="M.npz", help="what --save wrote")
    add_json(parser)


def add_compare(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory compare`."""
    parser.description = (
        "Every model on every size, as Alex did it and the way that works: the loss curve, accuracy on its "
        "own and on fresh rows, updates, seconds, and the peak memory of the process. What is finished is "
        "kept, and a second call goes on from there. With --frontier, a second table: how many bits each "
        "model learns the parity of."
    )
    parser.add_argument(
        "--frontier", action="store_true", help="the second table: which model learns how many bits"
    )
    which = parser.add_argument_group("what is compared")
    which.add_argument(
        "--models",
        type=models_among(COMPARED),
        default=COMPARED,
        metavar="NAME[,NAME…]",
        help=f"of {', '.join(COMPARED)}",
    )
    which.add_argument(
        "--rows", type=whole_number_list, metavar="N[,N…]", help="sizes (default 10000,100000,1000000)"
    )
    which.add_argument("--columns", type=whole_number, metavar="N", help="bits in a row (default 50)")
    which.add_argument("--seed", type=whole_number, default=0, help="other beginnings (default 0)")
    which.add_argument(
        "--full", action="store_true", help="Alex's settings in full, which takes many hours; no budget"
    )
    work = parser.add_argument_group("the work")
    work.add_argument(
        "--budget",
        type=seconds,
        metavar="SECONDS",
        help=f"stop by then, and leave the rest for the next call (default {BUDGET:g})",
    )
    work.add_argument("--jobs", type=jobs, metavar="N", help="cells at a time (default: processors, up to 2)")
    _add_scheduler(work)
    work.add_argument("--again", action="store_true", help="train anew what has been trained before")
    _add_output(parser, PLAIN)


def add_sweep(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory sweep`."""
    from toystory.training.settings import SETTINGS

    parser.description = (
        "Train every combination of some settings from several seeds: what share of the runs solves its "
        "task, and after how many updates. A run counts as solved where it is right on 99 % of fresh rows; "
        "it may end early at 99.8 % of those drawn on the way. What is finished is kept, and a second call "
        "goes on from there."
    )
    which = parser.add_argument_group("what is varied")
    which.add_argument(
        "--vary",
        type=vary,
        action="append",
        required=True,
        metavar="SETTING=VALUE[,VALUE…]",
        help="one of the settings below with its values: hidden=1,2,4,8. Where a value has commas itself, "
        "slashes stand between values: hidden=32,16/64,32. May be given several times",
    )
    which.add_argument("--seeds", type=count, default=20, metavar="N", help="runs of each (default 20)")
    which.add_argument(
        "--solved-at", type=share, default=0.99, metavar="X", help="share of fresh rows (default 0.99)"
    )
    settings = parser.add_argument_group("the experiment")
    for setting in SETTINGS.values():
        setting.add_option(settings)
    work = parser.add_argument_group("the work")
    work.add_argument(
        "--budget", type=seconds, metavar="SECONDS", help="stop by then, and leave the rest for the next call"
    )
    work.add_argument("--jobs", type=jobs, metavar="N", help="runs at a time (default: processors, up to 2)")
    _add_scheduler(work)
    work.add_argument("--again", action="store_true", help="train anew what has been trained before")
    output = _add_output(parser, PLAIN)
    output.add_argument("--csv", action="store_true", help="a table for other programs, on stdout")
    output.add_argument("--picture", action="store_true", help="the picture alone")


def _add_scheduler(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="train on the workers of a Dask scheduler, such as tcp://10.0.0.7:8786, or on a cluster of this "
        "machine: local",
    )


def add_exercise(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory exercise`."""
    parser.description = (
        "Write a lesson's exercises into your folder, as Python files to complete: never over your work. "
        "Without a lesson, list all exercises. The app works on the same files."
    )
    parser.add_argument(
        "what", nargs="?", metavar="LESSON[/NAME]", help="a lesson, such as gate, or one of its exercises"
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="keep the exercises there from now on")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write them there this once, for others: your folder and record stay as they are",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="begin anew: your file is set aside under another name"
    )
    parser.add_argument(
        "--step",
        type=int,
        choices=(1, 2, 3),
        metavar="N",
        help="how much to write: 1, a line is missing; 2, a block (default); 3, all but the signatures",
    )
    parser.add_argument("--hint", action="store_true", help="the next hint, of three")
    parser.add_argument(
        "--solution", action="store_true", help="the solution, once the check passes; before that it asks"
    )
    parser.add_argument("--yes", action="store_true", help="with --solution: don't ask")
    _add_output(parser, "words only, no colour")


def add_check(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory check`."""
    parser.description = (
        "Say whether your code is right, and if not, what is wrong first. Your code runs in a process of its "
        "own, for 5 seconds at most (a whole model has longer). A file may have any name: what it offers "
        "shows which whole model it is. Without anything named, all exercises that you have begun are "
        "checked. Exit codes: 0, all are right; 1, one is not; 2, wrong usage; 130, interrupted."
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        help="a file, a lesson such as gate, or an exercise such as gate/sigmoid",
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where to look for the files, this time")
    parser.add_argument(
        "--as",
        dest="as_set",
        metavar="LESSON/NAME",
        help="judge the files as this exercise, whatever their name and docstring say",
    )
    parser.add_argument(
        "--watch", action="store_true", help="check again whenever a file is saved; Ctrl-C ends it"
    )
    _add_output(parser, "words only, no colour", json=f"{ONE_OBJECT}, for graders")


def add_grade(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory grade`."""
    parser.description = (
        "Check what a class has handed in: a folder or a zip a student, or files that are named after "
        "students (mia_sigmoid.py). Several files at once; one that hangs or breaks down costs only its own "
        "time. Your own record and exercises are not touched, and nothing of a zip is laid on the disk. Exit "
        "codes: 0, all are right; 1, one is not; 2, wrong usage; 130, interrupted."
    )
    parser.add_argument(
        "what", nargs="+", type=Path, metavar="FOLDER", help="folders of submissions, zips, or single files"
    )
    parser.add_argument(
        "--as",
        dest="as_set",
        action="append",
        default=[],
        metavar="WHAT",
        help="what was set: gate/sigmoid, or gate for all of its exercises; again for more. Without, the "
        "name of a file says what it is, or else its docstring",
    )
    parser.add_argument(
        "--jobs", type=jobs, metavar="N", help="files at a time (default: as many as processors)"
    )
    output = _add_output(parser, "words only, no colour", json=f"{ONE_OBJECT}: students, rows and totals")
    output.add_argument("--csv", action="store_true", help="a table for a spreadsheet, on stdout")
    output.add_argument("--html", action="store_true", help="one HTML page, on stdout")


def add_export(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory export`."""
    parser.description = (
        "Lessons to take home, and trained models for other frameworks: a script that holds the very "
        "weights, "
        "says where each goes and answers the same, an ONNX graph or a safetensors file."
    )
    parser.add_argument(
        "what", metavar="LESSON | MODEL.npz", nargs="*", help=f"{LESSONS}; or models that were saved"
    )
    parser.add_argument("--all", action="store_true", help="every lesson")
    parser.add_argument(
        "--to",
        choices=(*EXPORT_SUFFIXES, *MODEL_SUFFIXES),
        type=str.lower,
        help=f"a lesson: {', '.join(EXPORT_SUFFIXES)} (default notebook); "
        f"a model: {', '.join(MODEL_SUFFIXES)}",
    )
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="the other way: a PyTorch state_dict (.pt), .onnx or .safetensors becomes a model of ours, .npz",
    )
    parser.add_argument(
        "--like",
        type=Path,
        metavar="MODEL.npz",
        help="with --from: a model of the same kind, if FILE names none",
    )
    parser.add_argument(
        "--out", type=Path, metavar="PLACE", help="a file, or a folder (default: the current folder)"
    )
    parser.add_argument("--force", action="store_true", help="replace a file that is there already")
    parser.add_argument(
        "--train",
        action="store_true",
        help="markdown and html: train the experiments now, and put in what they come to",
    )
    parser.add_argument(
        "--without-solutions",
        dest="solutions",
        action="store_false",
        help="a lesson without the solutions of its exercises, to hand out",
    )


def add_report(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory report`."""
    parser.add_argument(
        "--out", type=Path, default=Path(), metavar="FOLDER", help="where to (default: the current folder)"
    )
    parser.add_argument(
        "--force", action="store_true", help="replace files of these names that are no report of ours"
    )


def add_progress(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory progress`."""
    parser.description = (
        "How far you are: of each lesson the prediction, the claims reached in the app, the exercises and "
        "the runs. A lesson holds when its prediction was made, every claim was reached and every exercise "
        "passes. With --of, how far a class is, each student by the name of the file."
    )
    parser.add_argument(
        "--of",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="records that 'toystory record export' wrote, or folders that hold one",
    )
    output = _add_output(parser, "words and numbers only", json=f"{ONE_OBJECT}, every run and verdict in it")
    output.add_argument("--csv", action="store_true", help="with --of: a table for a spreadsheet, on stdout")


def add_record(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory record`."""
    parser.description = (
        "Your record, your exercises and your paused runs in one file, to take to another machine. An import "
        "merges: what is newer counts, the older of two exercise files is set aside, nothing is lost."
    )
    parser.add_argument("what", choices=("export", "import"), metavar="export | import")
    parser.add_argument("file", type=Path, metavar="FILE", help="such as mia.zip")
    parser.add_argument("--force", action="store_true", help="export: replace a file that is there already")
    add_json(parser)


def add_reset(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory reset`."""
    parser.description = (
        "Delete the record of a lesson, or of all: predictions, claims reached, runs, paused runs, and which "
        "exercises pass. It asks first. The files of your exercises are yours and stay where they are."
    )
    parser.add_argument("lesson", nargs="?", metavar="LESSON", help=f"{LESSONS}; all without one")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def add_serve(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory serve`."""
    parser.description = (
        "The app in a browser, for a class: a process and a record for each. Behind a proxy all links are "
        "relative; name the proxy, and its X-Forwarded-… headers are believed."
    )
    where = parser.add_argument_group("where")
    where.add_argument(
        "--host",
        default=HOST,
        metavar="ADDRESS",
        help=f"where to listen (default {HOST}: for this computer alone)",
    )
    where.add_argument(
        "--port", type=port, default=PORT, metavar="N", help=f"default {PORT}; 0 for any that is free"
    )
    where.add_argument("--unix-socket", type=Path, metavar="FILE", help="listen there, not at an address")
    where.add_argument(
        "--root-path",
        type=root_path,
        default="",
        metavar="/PATH",
        help="for a proxy that passes the whole path on: where it has put toystory",
    )
    where.add_argument(
        "--proxy", default="", metavar="ADDRESS[,…]", help="proxies, or networks of them, that are believed"
    )
    where.add_argument(
        "--allow-host", default="", metavar="NAME[,…]", help="more host names that are answered to"
    )
    who = parser.add_argument_group("who")
    person = who.add_mutually_exclusive_group()
    person.add_argument(
        "--names",
        nargs="?",
        const="",
        metavar="FILE",
        help="ask for a name at the door: one of FILE, where each has a line, perhaps with ', CODE'",
    )
    person.add_argument(
        "--own-record", action="store_true", help="one learner: your own record, as in a terminal"
    )
    who.add_argument(
        "--visitors",
        type=visitors,
        default=VISITORS,
        metavar="N",
        help=f"at a time, at most (default {VISITORS})",
    )
    who.add_argument(
        "--idle",
        type=minutes,
        default=IDLE,
        metavar="MINUTES",
        help=f"put apps to sleep in which no key was pressed for so long (default {IDLE:g}; 0: never)",
    )
    parser.add_argument("--nursery", type=whole_number, help=argparse.SUPPRESS)


def add_show(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory show`."""
    parser.add_argument("lesson", metavar="LESSON", help=LESSONS)
    parser.add_argument("--plain", action="store_true", help="words and numbers only")
    parser.add_argument(
        "--in",
        dest="framework",
        choices=("pytorch", "jax"),
        type=str.lower,
        help="the lesson's training run as a script for this framework, which runs as it is",
    )


def add_words(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory words`."""
    parser.add_argument(
        "word", nargs="?", metavar="WORD", help="a word or a sign, such as logit; all without"
    )
    add_json(parser)


def add_new(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory new`."""
    parser.description = (
        "Write a lesson that works: its story, a question, a derivation, an experiment with claims, an "
        "exercise, and tests of all that. Change it piece by piece into your own."
    )
    parser.add_argument("what", choices=("lesson",), metavar="lesson", help="what is begun: a lesson")
    parser.add_argument("name", metavar="NAME", help="small letters, digits and -; such as perceptron")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="the folder of lessons (default: that of --lessons, or here)"
    )


def add_translations(parser: argparse.ArgumentParser) -> None:
    """What can be asked of `toystory translations`."""
    parser.description = (
        "Which parts of the chapters are translated, missing, or out of date: a translation is bound to the "
        "English text that it was made from. Exit codes: 0, what there is is up to date; 1, some is not."
    )
    parser.add_argument("code", nargs="?", metavar="LANGUAGE", help="such as de; without, all that there are")
    parser.add_argument(
        "--stamp",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="you looked these through: bind story.de.md to the English text as it is now",
    )
    add_json(parser)


def add_json(parser: argparse.ArgumentParser) -> None:
    """The option of a command that can answer with JSON."""
    parser.add_argument("--json", action="store_true", help=ONE_OBJECT)


ADD_ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "list": add_json,
    "show": add_show,
    "run": add_run,
    "train": add_train,
    "predict": add_predict,
    "compare": add_compare,
    "sweep": add_sweep,
    "exercise": add_exercise,
    "check": add_check,
    "grade": add_grade,
    "export": add_export,
    "report": add_report,
    "progress": add_progress,
    "record": add_record,
    "reset": add_reset,
    "serve": add_serve,
    "keys": add_json,
    "review": add_json,
    "words": add_words,
    "new": add_new,
    "translations": add_translations,
}
"""By the name of the command."""


def _add_output(
    parser: argparse.ArgumentParser, plain: str, json: str = ONE_OBJECT
) -> argparse._ArgumentGroup:
    """--json and --plain, with a line of help each; the group, to add more to it."""
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help=json)
    output.add_argument("--plain", action="store_true", help=plain)
    return output


def _add_run_output(parser: argparse.ArgumentParser, *save: str) -> argparse._ArgumentGroup:
    """Also --save, where models are trained.

    Args:
        parser: Of the command.
        save: What that option is called, where it has other names too.
    """
    output = _add_output(parser, PLAIN)
    output.add_argument(
        *(save or ("--save",)),
        type=Path,
        metavar="FILE.npz",
        help="write the model that the run ends with",
    )
    add_ascii(output)
    return output
