"""What stands there when the terminal is too small for anything else."""

from textual.widgets import Static

LEAST_WIDTH, LEAST_HEIGHT = 60, 18


class TooSmall(Static):
    """Says what size is needed; the app's style sheet shows it when it applies."""

    DEFAULT_CSS = """
    TooSmall {
        width: 100%;
        height: 100%;
        content-align: center middle;
        text-align: center;
    }
    """

    def __init__(self) -> None:
        super().__init__(
            f"toystory needs {LEAST_WIDTH} × {LEAST_HEIGHT} characters.\nMake the window larger, or press q.",
            markup=False,
        )
