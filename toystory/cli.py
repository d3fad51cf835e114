"""The command line: what can be asked, and who answers. Nothing heavy is imported until it is needed."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from lessons.catalogue import NAMES, UnknownChapter
from toystory import __version__

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

exit codes: 0 every claim holds, 1 a claim or a run failed, 2 wrong usage, 130 interrupted
"""
COMMANDS = ("list", "show", "run")
USAGE_ERROR, RUN_ERROR, INTERRUPTED = 2, 1, 130


class Parser(argparse.ArgumentParser):
    """argparse, but a mistake gets one sentence."""

    def error(self, message: str) -> NoReturn:
        fail(f"{message}; '{self.prog} --help' shows what can be asked")


def fail(sentence: str) -> NoReturn:
    """Say what was wrong in one line and exit with 2."""
    print(f"toystory: {sentence}", file=sys.stderr)
    raise SystemExit(USAGE_ERROR)


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer the command line; the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _answer(_parse(words))
        sys.stdout.flush()
        return code
    except UnknownChapter as error:
        fail(str(error.args[0]))
    except KeyboardInterrupt:
        print("toystory: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        print("toystory: whoever read the output closed it before its end", file=sys.stderr)
        return RUN_ERROR
    except MemoryError:
        print(
            "toystory: there is not enough memory for that; ask for fewer --rows or --columns",
            file=sys.stderr,
        )
        return RUN_ERROR


def _answer(args: argparse.Namespace) -> int:
    if args.command == "list":
        from toystory.commands.listing import list_lessons

        return list_lessons(args.json)
    if args.command == "show":
        from toystory.commands.showing import show_lesson

        return show_lesson(args.lesson, args.plain)
    if args.command == "run":
        return _run(args)
    from toystory.app import main as open_app

    return open_app(args.lesson)


def _run(args: argparse.Namespace) -> int:
    from toystory.commands.running import CannotSave, RunOptions, run
    from toystory.runner import default_jobs

    if args.all and (args.experiment is not None or args.save is not None):
        fail("--experiment and --save need one lesson: give --lesson LESSON in place of --all")
    try:
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
    except CannotSave as error:
        fail(str(error))
    except ValueError as error:
        fail(str(error))


def _overrides(args: argparse.Namespace) -> Overrides:
    from toystory.overrides import Overrides

    return Overrides(args.rows, args.columns, args.hidden, args.learning_rate, args.updates)


def _parse(words: list[str]) -> argparse.Namespace:
    # `toystory lstm` opens the app there; argparse knows no optional subcommands.
    first = next((word for word in words if not word.startswith("-")), None)
    if first is not None and first not in COMMANDS:
        if first in NAMES and words == [first]:
            return argparse.Namespace(command=None, lesson=first)
        near = difflib.get_close_matches(first, (*COMMANDS, *NAMES), n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}? " if near else ""
        if words[0] == first:
            fail(f"no command or lesson is called {first!r}: {hint}'toystory --help' shows what can be asked")
    args = _parser().parse_args(words)
    if args.command is None:
        args.lesson = None
    return args


def _parser() -> Parser:
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

    _add_run(
        commands.add_parser("run", help="train a lesson's models and judge its claims", allow_abbrev=False)
    )
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--lesson", metavar="LESSON", help=", ".join(NAMES))
    which.add_argument("--all", action="store_true", help="every lesson")
    parser.add_argument("--experiment", metavar="NAME", help="only this one: its name, part of it, or number")
    parser.add_argument("--seed", type=_whole_number, default=0, help="other beginnings (default 0)")
    settings = parser.add_argument_group("in place of the lesson's own settings")
    settings.add_argument("--rows", type=_whole_number, metavar="N", help="rows drawn once and kept")
    settings.add_argument("--columns", type=_whole_number, metavar="N", help="bits in a row")
    settings.add_argument("--hidden", type=_hidden, metavar="N[,N…]", help="hidden units, a number a layer")
    settings.add_argument("--learning-rate", type=_number, metavar="X", help="length of an update")
    settings.add_argument("--updates", type=_whole_number, metavar="N", help="how many updates")
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="one JSON object on stdout")
    output.add_argument(
        "--plain", action="store_true", help="words and numbers only: no colour, boxes or bars"
    )
    output.add_argument(
        "--save", type=Path, metavar="FILE.npz", help="write the model that the run ends with"
    )
    parser.add_argument(
        "--jobs", type=_jobs, metavar="N", help="experiments at a time (default: processors, up to 2)"
    )


def _whole_number(text: str) -> int:
    """An int, also written as 1_000, 1,000 or 1e6."""
    plain = text.replace(",", "").replace("_", "")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        value = float(plain)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if not value.is_integer():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(value)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def _hidden(text: str) -> tuple[int, ...]:
    return tuple(_whole_number(part) for part in text.split(","))


def _jobs(text: str) -> int:
    jobs = _whole_number(text)
    if not 1 <= jobs <= 64:
        raise argparse.ArgumentTypeError(f"{text} is out of range: expected 1 to 64")
    return jobs


def _silence_stdout() -> None:
    """Python flushes stdout once more at its end, and would complain of the closed pipe again."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
