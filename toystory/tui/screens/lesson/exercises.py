"""Your turn: the lesson's exercises, with an editor, the verdict, hints and the solution."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from toystory.base.served import is_served
from toystory.course.exercises.exercise import Exercise, exercises_of
from toystory.course.exercises.steps import (
    BLOCK,
    LINE,
    NAMES,
    SIGNATURES,
    Step,
    counts,
    step_in,
    steps_of,
)
from toystory.grading.background_check import Checked, Checker
from toystory.grading.exercise_files import path_of
from toystory.grading.own_model.run import OwnRun
from toystory.grading.own_model.training_grounds import Ground, ground_of
from toystory.grading.verdict import Ran
from toystory.progress.exercise_state import ExerciseState
from toystory.tui.screens.lesson.file_editor import FileEditor
from toystory.tui.screens.own_model import OwnModelScreen, OwnTrainings
from toystory.tui.screens.stage import Stage
from toystory.tui.widgets.deferred import focus_now
from toystory.tui.widgets.exercises.check_result import CheckResult, output_lines, verdict_lines
from toystory.tui.widgets.exercises.exercise_row import ExerciseEntry, ExerciseRow
from toystory.tui.widgets.focusable import FocusableScroll
from toystory.tui.widgets.text.hanging_indent import HangingLine
from toystory.tui.widgets.text.prose import Prose

WITHOUT_EXERCISES = "# Your turn\n\nThis lesson has no exercises."
"""What is to be read in a lesson of others that has none."""
Pane = Literal["task", "code", "result"]
PANES: tuple[Pane, ...] = ("task", "code", "result")
TRAIN_MINE = "space trains your model, live, with its loss and its answers beside ours."
TICKS_TO_FILE_CHECK = 5
"""Ticks between two looks at the learner's file."""
TICKS_TO_PROGRESS_CHECK = 40
"""Ticks between two looks at the record, which the command line writes too."""
CHECK_TIMEOUT = 2.0
"""How long the app waits, when it is left, for a check to end."""
CONFIRM = {
    "solution": "It does not pass yet. See the solution all the same? A again: yes.",
    "over": "Begin anew? Your file is kept under another name. r again: yes.",
}


class ExerciseStage(Stage):
    """One exercise at a time: its task, the learner's code, and what came of it.

    In a narrow terminal one of these three is shown, else all, and the marked one scrolls.
    """

    rests = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e,enter", "edit", "type", key_display="e", id="turn.edit", tooltip="write code (or enter)"),
        Binding(
            "f5,ctrl+s,C",
            "check_code",
            "check",
            key_display="^s" if is_served() else "f5",  # which loads the page anew in a browser
            id="turn.check",
            tooltip="save and check (or ctrl+s, in the editor too; C outside it)",
        ),
        Binding(
            "R",
            "run_file",
            "run the file",
            show=False,
            id="turn.run",
            tooltip="save and run the file, as python does: what it prints",
        ),
        Binding("v", "next_pane", "view", id="turn.view", tooltip="the next of task, code and result"),
        Binding("h", "hint", "hint", id="turn.hint", tooltip="the next hint, of three"),
        Binding("A", "solution", "answer", id="turn.solution", tooltip="the solution, and why"),
        *(
            Binding(
                str(number % 10),
                f"choose({number - 1})",
                "exercise",
                show=False,
                key_display="1–9, 0",
                id=f"turn.choose{number}",
                tooltip="another exercise, by its number" if number == 1 else "",
            )
            for number in range(1, 11)
        ),
        Binding(
            "space",
            "train_mine",
            "run",
            id="turn.train",
            tooltip="train the whole model that you wrote, once it passes: live, beside ours",
        ),
        Binding(
            "U",
            "fade",
            "step",
            show=False,
            id="turn.fade",
            tooltip="how much is given: a line is missing, a block, or all but the signatures",
        ),
        Binding("r", "restart", "anew", show=False, id="turn.over", tooltip="begin anew; your file is kept"),
        Binding("down", "scroll(1)", "down", show=False, id="turn.down"),
        Binding("up", "scroll(-1)", "up", show=False, id="turn.up"),
        Binding("pagedown", "page(1)", "page down", show=False, id="turn.pagedown"),
        Binding("pageup", "page(-1)", "page up", show=False, id="turn.pageup"),
    ]

    def compose(self) -> ComposeResult:
        self.exercises = exercises_of(self.lesson_state.lesson.name)
        self._at = 0
        self._pane: Pane = "task"
        self._to_confirm = ""
        self._goes_on_typing = False
        """Whether the editor was as large as the screen, and was typed in, when a verdict came."""
        self._ticks = 0
        self._checker = Checker()
        self._own: OwnTrainings | None = None
        if not self.exercises:
            with FocusableScroll(classes="page"):
                yield Prose(WITHOUT_EXERCISES, classes="prose")
            return
        # Kept by name: when the stage goes, its widgets go before it, with what was typed.
        self.row, self.editor = ExerciseRow(id="exercises"), FileEditor(id="code")
        self.result = CheckResult(id="result", can_focus=False)
        yield self.row
        self.task_pane = VerticalScroll(Prose(), id="task", can_focus=False)
        self.work = Vertical(self.editor, self.result, id="work")
        yield Horizontal(self.task_pane, self.work, id="desk")

    def on_mount(self) -> None:
        if self.exercises:
            todo = (i for i, each in enumerate(self.exercises) if self._state_of(each).state != "passed")
            self._open(next(todo, 0))

    def on_show(self) -> None:
        if self.exercises:
            self._read_record()

    def on_resize(self) -> None:
        if self.exercises:
            self._show_pane(self._pane)

    def on_hide(self) -> None:
        if self.exercises:
            self._leave()

    def on_unmount(self) -> None:
        self._stop_own(CHECK_TIMEOUT)
        self._checker.stop(CHECK_TIMEOUT)
        if self.exercises and self.editor.leave():
            self._save_state(begun=True)

    def focus_target(self) -> Widget:
        if not self.exercises:
            return self.query_one(FocusableScroll)
        typing, self._goes_on_typing = self._goes_on_typing, False
        return self.editor if typing and self.editor.display else self

    @property
    def panels(self) -> list[Widget]:
        """Task, code and result, as far as they are to be seen."""
        if not self.exercises:
            return []
        every: list[tuple[Widget, bool]] = [(self.task_pane, True)]
        every += [(each, self.work.display) for each in (self.editor, self.result)]
        return [panel for panel, around in every if around and panel.display]

    @property
    def exercise(self) -> Exercise:
        """The one that is open."""
        return self.exercises[self._at]

    @property
    def _steps(self) -> tuple[Step, ...]:
        """Those of the open exercise, which may have been begun at another than the usual one."""
        return steps_of(exercises_of(self.exercise.lesson)[self._at])

    def _how_much_is_given(self) -> str:
        """Which step the exercise begins at, and how to choose another."""
        others = {LINE: "one line", BLOCK: "a block", SIGNATURES: "all of it"}
        now = step_in(self.editor.text)
        rest = " or ".join(others[step.number] for step in self._steps if step.number != now)
        return f"Here {NAMES[now]}. To write {rest} instead: U."

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "choose":
            return isinstance(parameters[0], int) and parameters[0] < len(self.exercises)
        if action == "train_mine":
            return bool(self.exercises) and self._ground is not None and self._passed
        if action == "fade":
            return bool(self.exercises) and len(self._steps) > 1
        if action == "edit" and self.exercises and self.editor.has_focus:
            return False
        return bool(self.exercises)

    def tick(self) -> None:
        if not self.exercises:
            return
        self._poll()
        self._ticks += 1
        if self._ticks % TICKS_TO_FILE_CHECK == 0:
            self.editor.check_file()
        if self._ticks % TICKS_TO_PROGRESS_CHECK == 0:
            self._read_record()

    def action_choose(self, index: int) -> None:
        if index == self._at:
            return
        first, again = self._to_do_before(index), f"open {index}"
        if first and self._to_confirm != again:
            self._to_confirm = again
            self._show_result(
                f"It shows what you write in “{first}”: do that first. {(index + 1) % 10} again: open it now."
            )
            return
        self._leave()
        self._open(index)

    def _to_do_before(self, index: int) -> str:
        """The exercise whose solution this one contains, where that one does not pass yet; else empty."""
        after = next((each for each in self.exercises if each.name == self.exercises[index].after), None)
        if after is None or self._state_of(after).state == "passed":
            return ""
        return after.name.replace("_", " ")

    def action_edit(self) -> None:
        self._show_pane("code")
        focus_now(self.editor)

    def action_next_pane(self) -> None:
        self._show_pane(PANES[(PANES.index(self._pane) + 1) % len(PANES)])

    def action_scroll(self, lines: int) -> None:
        self.query_one(f"#{self._pane}").scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        pane = self.query_one(f"#{self._pane}")
        pane.scroll_relative(y=pages * max(pane.size.height - 2, 1), animate=False)

    def action_check_code(self) -> None:
        if self._saved("checking …"):
            self._checker.start(self.exercise, self.editor.source)

    def action_run_file(self) -> None:
        if self._saved("running …"):
            self._checker.run(self.exercise, self.editor.source)

    def _saved(self, meanwhile: str) -> bool:
        """Save the file, and say what is done with it meanwhile; whether there is one."""
        self._to_confirm = ""
        if not self.editor.readable:  # it may be by now
            self._open(self._at)
        if not (self.editor.readable and self.editor.check_file() and self.editor.save()):
            return False
        self._save_state(begun=True)
        self._show_row()
        self.result.show_solution(None)
        self._show_result(meanwhile)
        return True

    def action_hint(self) -> None:
        self._to_confirm = ""
        shown = min(self._state_of(self.exercise).hints + 1, len(self.exercise.hints))
        self._save_state(hints=shown)
        self._show_row()
        self._show_hints(shown)
        self._show_pane("result")
        self.result.scroll_to_part("hints")

    def action_solution(self) -> None:
        state = self._state_of(self.exercise)
        if not (state.state == "passed" or state.solution or self._to_confirm == "solution"):
            self._ask("solution")
            return
        if self._to_confirm:
            self._show_result("")
        self._to_confirm = ""
        self._save_state(solution=True)
        self._show_row()
        self.result.show_solution(self.exercise)
        self._show_pane("result")
        self.result.scroll_to_part("solution")

    def action_fade(self) -> None:
        """Begin at the next step, after the last at the first; ask where there is something to keep."""
        steps = self._steps
        now = step_in(self.editor.text)
        step = next((each for each in steps if each.number > now), steps[0])
        if self.editor.is_begun and self._to_confirm != "fade":
            self._to_confirm = "fade"
            self._show_result(f"Step {step.number}: {step.name}. Your file is kept. U again: begin.")
            return
        self._begin_anew(replace(self.exercise, start=step.start), f"Step {step.number}: {step.name}.")

    def action_train_mine(self) -> None:
        """Show the learner's model as it trains; a text that has changed since begins a new training."""
        ground = self._ground
        if ground is None or not (self.editor.readable and self.editor.check_file() and self.editor.save()):
            return
        source = self.editor.source
        if self._own is None or self._own.run.source != source or self._own.run.state == "failed":
            self._stop_own()
            self._own = OwnTrainings(OwnRun(source, self.exercise, ground))
            self._own.start()
        self.app.push_screen(OwnModelScreen(self._own))

    def _stop_own(self, wait: float = 0.0) -> None:
        if self._own is not None:
            self._own.stop(wait)

    @property
    def _ground(self) -> Ground | None:
        return ground_of(self.exercise)

    @property
    def _passed(self) -> bool:
        return self._state_of(self.exercise).state == "passed"

    def action_restart(self) -> None:
        if self._to_confirm != "over":
            self._ask("over")
            return
        self._begin_anew(self.exercise, "You begin anew.")

    def _begin_anew(self, exercise: Exercise, said: str) -> None:
        """Set the learner's file aside, and show what the exercise begins as.

        Args:
            exercise: The open one, at the step that is wanted.
            said: What is told of it.
        """
        self._checker.stop()
        try:
            aside = self.editor.restart(exercise)
        except OSError as error:
            self._show_result(f"Your file can't be set aside: {error.strerror or error}")
            return
        self.exercises = (*self.exercises[: self._at], exercise, *self.exercises[self._at + 1 :])
        self._open(self._at)
        self.notify(said + (f" Your file is now {aside.name}." if aside else ""), timeout=4)

    def on_editor_left(self, event: FileEditor.Left) -> None:
        event.stop()
        focus_now(self)

    def on_file_editor_file_error(self, event: FileEditor.FileError) -> None:
        event.stop()
        self._show_result(event.sentence)

    def on_exercise_row_chosen(self, event: ExerciseRow.Chosen) -> None:
        self.action_choose(event.index)

    def copy_text(self) -> str:
        if not self.exercises:
            return WITHOUT_EXERCISES
        parts = [f"# {self.exercise.title}", self.exercise.task, self.editor.text, self.result.said]
        return "\n\n".join(part.strip() for part in parts if part) + "\n"

    def _open(self, index: int) -> None:
        """Show this exercise, and the learner's file of it."""
        self._at, self._to_confirm = index, ""
        self.task_pane.scroll_home(animate=False)
        self.result.say("")
        self.result.show_solution(None)
        self._show_hints(self._state_of(self.exercise).hints)
        self._show_pane("task")
        self._show_row()
        self.editor.open(self.exercise)
        given = f"*{self._how_much_is_given()}*\n\n" if len(self._steps) > 1 else ""
        words = f"# {self.exercise.title}\n\n{given}{self.exercise.task}"
        self.task_pane.query_one(Prose).update(words)
        self.refresh_bindings()

    def _leave(self) -> None:
        """Take a verdict that has just come, end the check, keep what was typed."""
        self._poll()
        if self._checker.busy:
            self.result.say("")
        self._checker.stop()
        if self.editor.leave():
            self._save_state(begun=True)
            self._show_row()

    def _poll(self) -> None:
        """Take what has come of a check, or of running the file."""
        came = self._checker.poll()
        if isinstance(came, Ran):
            self._show_result(*output_lines(came))
        elif came is not None:
            self._take(came)

    def _take(self, checked: Checked) -> None:
        verdict = checked.verdict
        text = self.editor.text
        self._save_state(begun=True, passed=verdict.passed and counts(text))
        self._show_row()
        # Not before the step that counts: the next one would only be copied.
        self.result.show_solution(checked.exercise if verdict.passed and counts(text) else None)
        lines = verdict_lines(verdict)
        if verdict.passed and self._ground is not None:
            lines.append(HangingLine(Content(TRAIN_MINE), indent=0))
        step = next((each for each in self._steps if each.number > step_in(text)), None)
        if verdict.passed and step is not None:
            lines.append(HangingLine(Content(f"The next step, if you like: U. Then {step.name}."), indent=0))
        self._show_result(*lines)
        self.refresh_bindings()

    def _ask(self, what: str) -> None:
        self._to_confirm = what
        self._show_result(CONFIRM[what])

    def _show_result(self, *lines: str | HangingLine) -> None:
        """Show it in the result's pane; whoever writes goes on writing, where there is room for both."""
        self.result.say(*lines)
        self._show_pane("result")

    def _show_hints(self, shown: int) -> None:
        self.result.show_hints(self.exercise.hints[:shown], len(self.exercise.hints))

    def _show_pane(self, pane: Pane) -> None:
        """Bring this pane to the front; where it is narrow, the others go."""
        front = {"task": self.task_pane, "code": self.editor, "result": self.result}[pane]
        if self.screen.maximized not in (None, front):
            self._goes_on_typing = self.editor.has_focus
            self.screen.minimize()  # what comes to the front is to be seen
        self._pane = pane
        narrow = self.screen.has_class("-narrow")
        if self.editor.has_focus and pane != "code" and narrow:
            focus_now(self)
        # Not by classes: each change of one would style the whole stage again.
        self.task_pane.display = not narrow or pane == "task"
        self.work.display = not narrow or pane != "task"
        self.editor.display = not narrow or pane == "code"
        self.result.display = pane == "result" or not (narrow or self.result.empty)
        self.task_pane.border_title = "▸ task" if pane == "task" else "task"
        self.result.border_title = "▸ result" if pane == "result" else "result"

    def _state_of(self, exercise: Exercise) -> ExerciseState:
        return self.lesson_state.record.exercise(exercise.name)

    def _save_state(
        self, *, begun: bool = False, passed: bool = False, hints: int = 0, solution: bool = False
    ) -> None:
        """Write down what was done in the open exercise."""
        record = self.lesson_state.record
        if record.store is not None:
            record.store.note_exercise(
                record.lesson, self.exercise.name, begun=begun, passed=passed, hints=hints, solution=solution
            )
        record.look_at_exercises()

    def _read_record(self) -> None:
        self.lesson_state.record.look_at_exercises()
        self._show_row()

    def _show_row(self) -> None:
        entries = []
        for exercise in self.exercises:
            state = self._state_of(exercise).state
            begun = state == "new" and path_of(exercise).exists()
            entries.append(ExerciseEntry(exercise.name, "begun" if begun else state))
        self.row.show(tuple(entries), self._at)
