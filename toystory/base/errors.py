"""What a command can say no to or break off for: the command line tells it in one sentence."""


class BadRequest(ValueError):
    """What was asked for makes no sense; the message says why."""


class BadProse(ValueError):
    """A Markdown file is not built as it should be; the message says which, and what is missing."""


class RunFailed(RuntimeError):
    """Something came between a run and its end; the message says what."""
