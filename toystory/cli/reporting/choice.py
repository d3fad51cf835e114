"""Which reporter fits what was asked for, and where the output goes; only that one is loaded."""

from __future__ import annotations

from toystory.cli.messages import on_a_terminal
from toystory.cli.reporting.plain import PlainReporter, Reporter, SilentReporter


def choose_reporter(as_json: bool, plain: bool) -> Reporter:
    """The one that fits what was asked for, and where the output goes.

    Args:
        as_json: One object for a machine.
        plain: Words and numbers only.
    """
    if as_json:
        return SilentReporter()
    if not on_a_terminal(plain):
        return PlainReporter()
    from toystory.cli.reporting.terminal import TerminalReporter  # what draws takes a moment to load

    return TerminalReporter()
