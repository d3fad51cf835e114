"""The command line: what can be asked, and who answers. Nothing heavy is imported until it is needed."""

from __future__ import annotations

import argparse
import difflib
import os
import reprlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from lessons.catalogue import NAMES, UnknownChapter
from lessons.prose import BadProse
from toystory import __version__
from toystory.failures import BadRequest, RunFailed
from toystory.words import number, whole_number, whole_number_list

if TYPE_CHECKING:
    from toystory.overrides import Overrides

EXAMPLES = """\
examples:
  toystory                                    open the app
  toystory lstm                               open the app at a lesson
  toystory list                               the seven lessons
  toystory show gate                          read a lesson
  toystory run --lesson lstm                  train its models and judge its claims
  toystory run --lesson mlp --experiment 6 --seed 3
  toystory run --lesson rnn --experiment "every length" --save rnn.npz
  toystory run --all --json > all.json        for a machine to read
  toystory train --model MLP --columns 8 --hidden 64 --batch 256 --updates 1000 --learning-rate 3e-3

exit codes: 0 every claim holds, 1 a claim or a run failed, 2 wrong usage, 130 interrupted
"""
COMMANDS = ("list", "show", "run", "train")
USAGE_ERROR, RUN_ERROR, INTERRUPTED = 2, 1, 130


class Parser(argparse.ArgumentParser):
    """argparse, but a mistake gets one sentence."""

    def error(self, message: str) -> NoReturn:
        fail(f"{message}; '{self.prog} --help' shows what can be asked")


def fail(sentence: str) -> NoReturn:
    """Say what was wrong in one line and exit with 2."""
    raise SystemExit(complain(sentence, USAGE_ERROR))


def complain(sentence: str, code: int) -> int:
    """Say what went wrong in one line; the exit code."""
    print(f"toystory: {' '.join(sentence.split())}", file=sys.stderr)
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer the command line; the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        try:
            return _answer(_parse(words))
        finally:
            sys.stdout.flush()
    except UnknownChapter as error:
        fail(str(error.args[0]))
    except BadRequest as error:
        fail(str(error))
    except (BadProse, RunFailed) as error:
        return complain(str(error), RUN_ERROR)
    except KeyboardInterrupt:
        return complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        _silence_stdout()
        return complain("whoever read the output closed it before its end", RUN_ERROR)
    except OSError as error:
        _silence_stdout()
        where = f" {error.filename}" if error.filename else ""
        return complain(f"can't read or write{where}: {error.strerror or error}", RUN_ERROR)
    except MemoryError:
        what = "not enough memory for that; ask for fewer --rows, --columns or --hidden"
        return complain(what, RUN_ERROR)


def _answer(args: argparse.Namespace) -> int:
    if args.command == "list":
        from toystory.commands.listing import list_lessons

        return list_lessons(args.json)
    if args.command == "show":
        from toystory.commands.showing import show_lesson

        return show_lesson(args.lesson, args.plain)
    if args.command == "run":
        return _run(args)
    if args.command == "train":
        return _train(args)
    from toystory.app import main as open_app

    return open_app(args.lesson)


def _run(args: argparse.Namespace) -> int:
    from toystory.commands.running import RunOptions, run
    from toystory.runner import default_jobs

    if not args.all and args.lesson is None:
        fail("say what to run: --lesson LESSON, or --all; 'toystory run --help' shows what can be asked")
    if args.all and (args.experiment is not None or args.save is not None):
        fail("--experiment and --save need one lesson: give --lesson LESSON in place of --all")
    options = RunOptions(
        lesson=None if args.all else args.lesson,
        overrides=_overrides(args),
        experiment=args.experiment,
        seed=args.seed,
        jobs=args.jobs or default_jobs(),
        as_json=args.json,
        plain=args.plain,
        save=args.save,
    )
    return run(options)


def _train(args: argparse.Namespace) -> int:
    from toystory.commands.training import TrainOptions, train
    from toystory.replay import read_settings

    try:
        experiment = read_settings(args)
    except ValueError as error:
        fail(str(error))
    return train(TrainOptions(experiment, args.json, args.plain, args.save))


def _overrides(args: argparse.Namespace) -> Overrides:
    from toystory.overrides import Overrides

    return Overrides(args.rows, args.columns, args.hidden, args.learning_rate, args.updates)


def _parse(words: list[str]) -> argparse.Namespace:
    # `toystory lstm` opens the app there; argparse knows no optional subcommands.
    first = words[0] if words and not words[0].startswith("-") else None
    if first in NAMES:
        if len(words) > 1:
            fail(
                f"'toystory {first}' opens the app there and takes nothing more: "
                f"did you mean 'toystory show {first}' or 'toystory run --lesson {first}'?"
            )
        return argparse.Namespace(command=None, lesson=first)
    if first is not None and first not in COMMANDS:
        near = difflib.get_close_matches(first, (*COMMANDS, *NAMES), n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}? " if near else ""
        what = f"no command or lesson is called {reprlib.repr(first)}"
        fail(f"{what}: {hint}'toystory --help' shows what can be asked")
    args, unknown = _parser(words).parse_known_args(words)
    if unknown:
        fail(_not_understood(unknown[0], args))
    if args.command is None:
        args.lesson = None
    return args


def _not_understood(word: str, args: argparse.Namespace) -> str:
    command = f"toystory {args.command}" if args.command else "toystory"
    options = [f"--{name.replace('_', '-')}" for name in vars(args) if name != "command"]
    near = difflib.get_close_matches(word, [option for option in options if option != word], n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    if args.command == "run" and word in NAMES:
        hint = f"did you mean --lesson {word}? "
    return f"'{command}' takes no {reprlib.repr(word)}: {hint}'{command} --help' shows what can be asked"


def _parser(words: list[str]) -> Parser:
    parser = Parser(
        prog="toystory",
        description="Learn how neural networks work by building them. Without a command, the app opens.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"toystory {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)

    listing = commands.add_parser("list", help="the lessons, one a line", allow_abbrev=False)
    listing.add_argument("--json", action="store_true", help="as JSON")

    showing = commands.add_parser("show", help="read a lesson", allow_abbrev=False)
    showing.add_argument("lesson", metavar="LESSON", help=", ".join(NAMES))
    showing.add_argument("--plain", action="store_true", help="words and numbers only")

    # Its options are those of an experiment, which needs NumPy: they are made only when it is asked for.
    training = commands.add_parser("train", help="train any model on any gate", allow_abbrev=False)
    if words[:1] == ["train"]:
        from toystory.replay import add_settings

        add_settings(training)
        _add_output(training)

    _add_run(
        commands.add_parser("run", help="train a lesson's models and judge its claims", allow_abbrev=False)
    )
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--lesson", metavar="LESSON", help=", ".join(NAMES))
    which.add_argument("--all", action="store_true", help="every lesson")
    parser.add_argument("--experiment", metavar="NAME", help="only this one: its name, part of it, or number")
    parser.add_argument("--seed", type=whole_number, default=0, help="other beginnings (default 0)")
    settings = parser.add_argument_group("in place of the lesson's own settings")
    settings.add_argument("--rows", type=whole_number, metavar="N", help="rows drawn once and kept")
    settings.add_argument("--columns", type=whole_number, metavar="N", help="bits in a row")
    settings.add_argument(
        "--hidden", type=whole_number_list, metavar="N[,N…]", help="hidden units, a number a layer"
    )
    settings.add_argument("--learning-rate", type=number, metavar="X", help="length of an update")
    settings.add_argument("--updates", type=whole_number, metavar="N", help="how many updates")
    output = _add_output(parser)
    output.add_argument(
        "--jobs", type=_jobs, metavar="N", help="experiments at a time (default: processors, up to 2)"
    )


def _add_output(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="one JSON object on stdout")
    output.add_argument(
        "--plain", action="store_true", help="words and numbers only: no colour, boxes or bars"
    )
    output.add_argument(
        "--save", type=Path, metavar="FILE.npz", help="write the model that the run ends with"
    )
    return output


def _jobs(text: str) -> int:
    jobs = whole_number(text)
    if not 1 <= jobs <= 64:
        raise argparse.ArgumentTypeError(f"{reprlib.repr(text)} is out of range: expected 1 to 64")
    return jobs


def _silence_stdout() -> None:
    """Python flushes stdout once more at its end, and would complain of the closed pipe again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
