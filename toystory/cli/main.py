"""The command line: what can be asked, and who answers. Nothing heavy is imported until it is needed."""

from __future__ import annotations

import argparse
import os
import re
import reprlib
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, cast

from toystory import __version__
from toystory.base.errors import BadProse, BadRequest, RunFailed
from toystory.base.language import VARIABLE as LANGUAGE_VARIABLE
from toystory.base.language import code_of
from toystory.base.nearest import nearest
from toystory.base.runtime import pause_garbage_collection
from toystory.cli.arguments import ADD_ARGUMENTS, BLOCKS, add_ascii
from toystory.cli.messages import print_sentences
from toystory.course.catalogue import UnknownChapter, names, notices
from toystory.course.own_lessons import VARIABLE as LESSONS_VARIABLE

EXAMPLES = """\
examples:
  toystory                                    open the app
  toystory lstm                               open the app at a lesson
  toystory list                               the lessons
  toystory show gate                          read a lesson
  toystory run --lesson lstm                  train its models and judge its claims
  toystory run --lesson mlp --experiment 6 --seed 3
  toystory run --lesson rnn --experiment "every length" --save rnn.npz
  toystory run --all --json > all.json        for a machine to read
  toystory compare                            every model on every size, in one table
  toystory sweep --model TwoLayerNet --columns 2 --batch 9 --updates 500 --learning-rate 1 --vary hidden=2,4
  toystory train --model MLP --columns 8 --hidden 64 --batch 256 --updates 1000 --learning-rate 3e-3
  toystory train --data moons                 a network on rows of real numbers; or your own table:
  toystory train --data iris.csv --label species --out iris.npz
  toystory predict new.csv --model iris.npz   what it says to other rows
  toystory progress                           how far you are
  toystory review                             what you did not know from memory, once more
  toystory exercise gate                      write its exercises into your folder
  toystory check gate/sigmoid --watch         is your code right? again whenever you save it
  toystory grade homework/ --csv              what a class has handed in, as a table
  toystory export gate --to html              take a lesson home; --to notebook for Jupyter
  toystory report --out results               your runs and the result table on one page

exit codes: 0 every claim holds, 1 a claim or a run failed, 2 wrong usage, 130 interrupted
"""
COMMANDS = {
    "list": "the lessons, one a line",
    "show": "read a lesson",
    "run": "train a lesson's models and judge its claims",
    "train": "train any model on any gate, or a network on your own table",
    "predict": "what a trained network says to the rows of a table",
    "compare": "every model on every size, in one table",
    "sweep": "every combination of some settings, from many seeds",
    "exercise": "write a lesson's exercises into your folder; hints, solutions",
    "check": "say whether your code is right",
    "grade": "check what a class has handed in, as a table",
    "export": "take a lesson home: as a notebook, Markdown or an HTML page",
    "report": "your runs, your predictions and the result table on one page",
    "progress": "how far you are",
    "review": "the questions from memory that you did not know, once more",
    "record": "your record in one file, to another machine and back",
    "reset": "forget what you did in a lesson, or in all of them",
    "serve": "the app in a browser, for a class",
    "keys": "the keys of the app, and how to change them",
    "words": "what a word or a sign of the course means",
    "new": "begin a lesson of your own",
    "translations": "what of the course is translated, and what is out of date",
}
"""Each with a line of help; toystory/cli/commands/‹command›.py answers."""


class Setting(NamedTuple):
    """An option that any command takes, and the variable that says the same."""

    variable: str
    wants: str
    example: str
    help: str


SETTINGS = {
    "--lessons": Setting(LESSONS_VARIABLE, "a folder", "my-lessons", "lessons of your own, from this folder"),
    "--language": Setting(LANGUAGE_VARIABLE, "a language", "de", "where there is a translation: de, …"),
}
OPTION = r"--[a-z-]+"
OWN_OPTIONS = ("--help", "--version", *SETTINGS)
IN_PLACE = {
    "toystory train": "; or, in place of them, --data with rows of numbers, or --file with your own model"
}
"""What else a command can be given in place of the options that it wants."""
SHORTEST_MEANT = 2
"""Letters of a word from which a guess is made at what was meant."""
USAGE_ERROR, RUN_ERROR, INTERRUPTED = 2, 1, 130


class Parser(argparse.ArgumentParser):
    """argparse, but a mistake gets one sentence, and options are written in full."""

    def __init__(
        self, prog: str, formatter_class: type[argparse.HelpFormatter] = argparse.HelpFormatter, **about: str
    ) -> None:
        # Left to find the width itself, argparse loads all that packs archives.
        formatter = partial(formatter_class, width=_terminal_columns() - 2)
        super().__init__(prog, formatter_class=formatter, allow_abbrev=False, **about)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        if "required: --" in message:
            message += IN_PLACE.get(self.prog, "")
        fail(f"{message}; '{self.prog} --help' shows what can be asked")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """As argparse does it, but the nearest of the choices is named.

        Raises:
            argparse.ArgumentError: the value is none of them.
        """
        if action.choices is None or value in action.choices:
            return
        choices = {str(choice).lower(): str(choice) for choice in action.choices}
        near = nearest(str(value).lower(), choices)
        hint = f"did you mean {choices[near]}? " if near else ""
        what = (
            f"{reprlib.repr(value)} is none of its choices: {hint}choose from {', '.join(choices.values())}"
        )
        raise argparse.ArgumentError(action, what)


def _terminal_columns() -> int:
    """As many as $COLUMNS says, else the terminal has; 80 where there is none."""
    try:
        return int(os.environ.get("COLUMNS") or os.get_terminal_size().columns) or 80
    except (OSError, ValueError):
        return 80


def fail(sentence: str) -> NoReturn:
    """Say what was wrong in one line and exit with 2."""
    raise SystemExit(complain(sentence, USAGE_ERROR))


def complain(sentence: str, code: int) -> int:
    """Say what went wrong in one line; the exit code.

    Args:
        sentence: What to say.
        code: The exit code.
    """
    print_sentences([sentence])
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer the command line.

    Args:
        arguments: in place of those that the program was called with.

    Returns:
        The exit code: 128 and the number of the signal that ended it, where one did.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        try:
            return _answer(_parse(words))
        finally:
            sys.stdout.flush()
            print_sentences(notices())
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
    if args.command is not None:
        from toystory.cli.signals import answer_or_end

        answer = import_module(f"toystory.cli.commands.{args.command}").answer
        return answer_or_end(lambda: int(answer(args)), outlives_terminal=args.command == "serve")
    if os.environ.get("TERM") in ("dumb", "unknown") and "TEXTUAL_DRIVER" not in os.environ:
        raise BadRequest(
            "the app needs a terminal that can draw, and TERM says that this one can't: "
            "'toystory show LESSON --plain' and 'toystory run --lesson LESSON' need none"
        )
    pause_garbage_collection()
    from toystory.tui.app import main as open_app

    return open_app(args.lesson)


def _parse(words: list[str]) -> argparse.Namespace:
    _take_settings(words)
    if not words:
        return argparse.Namespace(command=None, lesson=None)
    # `toystory lstm` opens the app there; argparse knows no optional subcommands.
    first = words[0] if words and not words[0].startswith("-") else None
    if first is not None and first not in COMMANDS and first in names():
        if len(words) > 1:
            fail(
                f"'toystory {first}' opens the app there and takes nothing more: "
                f"did you mean 'toystory show {first}' or 'toystory run --lesson {first}'?"
            )
        return argparse.Namespace(command=None, lesson=first)
    if first is not None and first not in COMMANDS:
        known = (*COMMANDS, *names(), *OWN_OPTIONS) if len(first) >= SHORTEST_MEANT else ()
        near = nearest(first, known, cutoff=0.4)
        hint = f"did you mean {near}? " if near else ""
        what = f"no command or lesson is called {reprlib.repr(first)}"
        fail(f"{what}: {hint}'toystory --help' shows what can be asked")
    if first is None and (meant := _lesson_meant(words) or _no_option(words)):
        fail(meant)
    parser = _whole_parser() if first is None else _command_parser(first)
    args, unknown = parser.parse_known_args(words if first is None else words[1:])
    if unknown:
        fail(_not_understood(unknown[0], args.command, args.options))
    return args


def _take_settings(words: list[str]) -> None:
    """Take what holds for every command out of the line: it must be known before lessons are.

    Args:
        words: Of the command line; changed in place.
    """
    if words[:1] == ["--ascii"]:
        os.environ[BLOCKS] = "1"
        del words[0]
    end = words.index("--") if "--" in words else len(words)
    for at in range(end - 1, -1, -1):
        name, sign, value = words[at].partition("=")
        if name not in SETTINGS:
            continue
        if not sign and at + 1 >= len(words):
            fail(f"{name} wants {SETTINGS[name].wants}, such as {name} {SETTINGS[name].example}")
        value = value if sign else words.pop(at + 1)
        del words[at]
        if name == "--lessons" and not Path(value).expanduser().is_dir():
            fail(f"there is no folder of lessons {value}")
        if name == "--language" and not code_of(value):
            fail(f"{reprlib.repr(value)} is no language: expected two or three letters, such as de")
        os.environ[SETTINGS[name].variable] = value


def _lesson_meant(words: list[str]) -> str:
    """What is said where a line begins with `--lesson`, the option of a command; "" where it does not."""
    option, _, value = words[0].partition("=")
    if option != "--lesson":
        return ""
    lesson = next((word for word in (value, *words[1:2]) if word in names()), "LESSON")
    return (
        f"'toystory' takes no --lesson: did you mean 'toystory {lesson}', which opens the app, "
        f"or 'toystory run --lesson {lesson}'?"
    )


def _no_option(words: list[str]) -> str:
    """What is said where a line begins with an option that there is not; "" where a command comes next."""
    option, after = words[0].partition("=")[0], words[1:2]
    if not re.fullmatch(OPTION, option) or option in OWN_OPTIONS or not after or after[0] in COMMANDS:
        return ""
    near = nearest(option, OWN_OPTIONS)
    hint = f"did you mean {near}? " if near else ""
    first = next((word for word in words if word in COMMANDS or word in names()), "")
    if first in names():
        do = f"'toystory {first}' opens the app there"
    else:
        command = f"toystory {first}".rstrip()
        do = f"'{command} --help' shows what can be asked"
    return f"'toystory' takes no {reprlib.repr(option)}: {hint}{do}"


def _not_understood(word: str, name: str | None, options: list[str]) -> str:
    command = f"toystory {name}" if name else "toystory"
    near = nearest(word, [option for option in options if option != word])
    hint = f"did you mean {near}? " if near else ""
    if name == "run" and word in names():
        hint = f"did you mean --lesson {word}? "
    return f"'{command}' takes no {reprlib.repr(word)}: {hint}'{command} --help' shows what can be asked"


def _command_parser(name: str) -> Parser:
    """What can be asked of one command: nobody waits for the options of the others."""
    parser = Parser(f"toystory {name}")
    ADD_ARGUMENTS[name](parser)
    parser.set_defaults(command=name, options=re.findall(OPTION, parser.format_usage()))
    return parser


def _whole_parser() -> Parser:
    """What can be asked without a command, and which commands there are."""
    parser = Parser(
        "toystory",
        description="Learn how neural networks work by building them. Without a command, the app opens.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(lesson=None, options=[*OWN_OPTIONS])
    parser.add_argument("--version", action="version", version=f"toystory {__version__}")
    add_ascii(parser)
    for option, setting in SETTINGS.items():
        metavar = setting.wants.split()[-1].upper()
        parser.add_argument(
            option, metavar=metavar, help=f"{setting.help}; {setting.variable} says so for good"
        )
    # Listed in the help, no more: a line that begins with a command is read by that command's own parser.
    listed = Parser("toystory")
    commands = parser.add_subparsers(
        prog="toystory",
        dest="command",
        metavar="COMMAND",
        parser_class=cast("type[Parser]", lambda **_: listed),
    )
    for name, about in COMMANDS.items():
        commands.add_parser(name, help=about)
    return parser


def _silence_stdout() -> None:
    """Python flushes stdout once more at its end, and would complain of the closed pipe again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
