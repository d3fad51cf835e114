"""`toystory serve`: what can be asked."""

from __future__ import annotations

import argparse
import reprlib

from toystory.base.argument_types import whole_number

HOST, PORT = "127.0.0.1", 8000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host",
        default=HOST,
        metavar="ADDRESS",
        help=f"where to listen (default {HOST}: for this computer alone)",
    )
    parser.add_argument(
        "--port", type=port, default=PORT, metavar="N", help=f"default {PORT}; 0 for any that is free"
    )


def port(text: str) -> int:
    """A port. Raises argparse.ArgumentTypeError."""
    value = whole_number(text)
    if not 0 <= value <= 65535:
        raise argparse.ArgumentTypeError(f"{reprlib.repr(text)} is no port: expected 0 to 65535")
    return value


def answer(args: argparse.Namespace) -> int:
    """Serve until interrupted; the exit code."""
    from toystory.cli.commands.serving import serve

    return serve(args.host, args.port)
