"""What a command can say no to or break off for: the command line tells it in one sentence."""


class BadRequest(ValueError):
    """What was asked for makes no sense; the message says why."""


class RunFailed(RuntimeError):
    """Something came between a run and its end; the message says what."""
