"""Settings as texts, the form that changes them, and the studies that come of it."""

import math
from dataclasses import replace
from typing import Any

import pytest
from textual import events

from tests.support.app import in_lesson, press
from tests.support.waiting import wait_for
from toystory.course.catalogue import NAMES, load
from toystory.lessons.two_layer.experiments import FOUR_ROWS
from toystory.progress.lesson_progress import LessonProgress
from toystory.training.background import BackgroundRun
from toystory.training.experiment import Experiment
from toystory.training.run import Sweep, experiments_of
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.dialogs.setting_row import SettingRow
from toystory.tui.screens.dialogs.settings import SettingsScreen
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.settings_form import (
    ALWAYS,
    FIELDS,
    FRESH,
    WRITTEN,
    Texts,
    applies,
    changes,
    fields_of,
    read,
    texts_of,
)
from toystory.tui.state.custom_experiments import twenty_seeds
from toystory.tui.state.lesson_state import LessonState, marks, sweep_note
from toystory.tui.widgets.tools import Tools
from toystory.tui.widgets.training.status import StatusBar


def every_experiment() -> list[Experiment]:
    lessons = [load(name) for name in NAMES]
    return [e for lesson in lessons for study in lesson.studies for e in experiments_of(study)] + [
        suggestion.experiment for lesson in lessons for suggestion in lesson.suggestions
    ]


def with_texts(experiment: Experiment, **texts: str) -> Texts:
    return texts_of(experiment) | texts


def bench_of(app: ToystoryApp) -> LessonState:
    screen = next(screen for screen in app.screen_stack if isinstance(screen, LessonScreen))
    return screen.lesson_state


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is started waits before its first update, so that a test decides what happens."""
    monkeypatch.setattr(BackgroundRun, "start", BackgroundRun.step)


# Texts


def test_every_experiment_of_the_lessons_comes_back_from_its_texts():
    for experiment in every_experiment():
        assert read(texts_of(experiment), experiment).experiment == experiment


def test_a_rate_with_many_digits_comes_back_exactly():
    experiment = replace(FOUR_ROWS, learning_rate=0.1 + 0.2)
    assert read(texts_of(experiment), experiment).experiment == experiment


@pytest.mark.parametrize(
    ("key", "text", "part"),
    [
        ("hidden", "0", "hidden units is 0"),
        ("hidden", "2,3", "one hidden layer"),
        ("hidden", "", "nothing is typed"),
        ("learning_rate", "-1", "above zero"),
        ("learning_rate", "fast", "not a number"),
        ("batch", "0", "batch is 0"),
        ("updates", "1.5", "not a whole number"),
        ("relevant", "5", "outside the 2 columns"),
        ("columns", "11", "1 to 10"),
        ("seed", "-1", "seed is -1"),
        ("stop_at", "2", "a share"),
        ("weight_scale", "-1", "zero or above"),
        ("evaluate_every", "0", "evaluate every is 0"),
        ("clip", "0", "clip is 0"),
        ("final_learning_rate", "3", "a share"),
    ],
)
def test_a_wrong_text_has_its_sentence_at_its_own_field(key: str, text: str, part: str):
    draft = read(with_texts(FOUR_ROWS, **{key: text}), FOUR_ROWS)
    assert draft.experiment is None
    assert list(draft.problems) == [key]
    assert part in draft.problems[key]


def test_fresh_rows_ask_for_a_batch_size_beside_the_batch_size():
    assert list(read(with_texts(FOUR_ROWS, data=FRESH), FOUR_ROWS).problems) == ["batch"]


def test_rows_written_down_decide_how_many_columns_there_are():
    texts = with_texts(FOUR_ROWS, data=WRITTEN, given="000,111", gate="and")
    made = read(texts, FOUR_ROWS).experiment
    assert made == replace(FOUR_ROWS, columns=3, given=((0, 0, 0), (1, 1, 1)), gate="and")
    assert not applies("columns", texts)


def test_a_count_of_columns_means_the_first_ones_and_a_list_means_these():
    base = replace(FOUR_ROWS, given=(), rows=100, columns=8)
    assert read(with_texts(base, relevant="first 3"), base).experiment.relevant == (0, 1, 2)
    assert read(with_texts(base, relevant="3"), base).experiment.relevant == (0, 1, 2)
    assert read(with_texts(base, relevant="1,7"), base).experiment.relevant == (1, 7)
    assert read(with_texts(base, relevant="all"), base).experiment.relevant is None


@pytest.mark.parametrize(
    ("model", "absent", "present"),
    [
        ("LogisticRegression", {"hidden", "lengths", "signed", "activation"}, {"start"}),
        ("TwoLayerNet", {"lengths", "signed", "activation", "start"}, {"hidden", "weight_scale"}),
        ("MLP", {"lengths", "start"}, {"hidden", "activation", "first_weights", "signed"}),
        ("RNN", {"activation", "start"}, {"hidden", "lengths", "labels", "signed", "weight_scale"}),
        ("LSTM", {"activation", "signed", "weight_scale"}, {"hidden", "lengths", "labels"}),
    ],
)
def test_only_what_applies_to_the_model_is_asked(model: str, absent: set[str], present: set[str]):
    texts = with_texts(FOUR_ROWS, model=model)
    asked = {field.name for field in FIELDS if applies(field.name, texts)}
    assert present <= asked
    assert not absent & asked


def test_changes_are_named_in_a_few_words():
    assert changes(FOUR_ROWS, replace(FOUR_ROWS, hidden=(2,), seed=3)) == ["hidden 2", "seed 3"]
    assert changes(FOUR_ROWS, FOUR_ROWS) == []


# Studies of one's own


@pytest.mark.usefixtures("held")
def test_own_settings_become_a_study_in_the_list_and_no_claim_is_judged_on_it():
    lesson = load("two-layer")
    lesson_state = LessonState(lesson, LessonProgress())
    lesson_state.run_custom(replace(FOUR_ROWS, hidden=(2,), seed=3, updates=0))
    assert lesson_state.study.name == "yours 1: hidden 2, updates 0, seed 3"
    assert lesson_state.studies[:-1] == lesson.studies
    wait_for(lambda: lesson_state.session.idle)
    lesson_state.poll()
    assert lesson_state.session.state == "finished"
    assert lesson_state.record.verdicts == {}
    assert [past.name for past in lesson_state.record.past] == [lesson_state.study.name]
    assert LessonState(lesson, lesson_state.record).studies[-1] is lesson_state.study, (
        "kept when the lesson is opened again"
    )
    lesson_state.back_to_recipe()
    assert lesson_state.study == FOUR_ROWS
    lesson_state.close()


@pytest.mark.usefixtures("held")
def test_the_recipe_itself_is_not_made_a_second_time():
    lesson_state = LessonState(load("two-layer"), LessonProgress())
    lesson_state.run_custom(replace(FOUR_ROWS, name="anything"))
    assert lesson_state.study == FOUR_ROWS
    assert lesson_state.record.own == []
    lesson_state.close()


@pytest.mark.usefixtures("held")
def test_back_to_the_recipe_takes_a_changed_learning_rate_back_too():
    lesson_state = LessonState(load("two-layer"), LessonProgress())
    lesson_state.set_learning_rate(5.0)
    lesson_state.back_to_recipe()
    assert (lesson_state.session.learning_rate, lesson_state.session.altered) == (
        FOUR_ROWS.learning_rate,
        False,
    )
    lesson_state.close()


def test_twenty_seeds_of_a_gate_that_draws_nothing_are_said_to_be_alike():
    lesson_state = LessonState(load("gate"), LessonProgress())
    lesson_state.choose(2)
    lesson_state.run_seeds()
    wait_for(lambda: lesson_state.session.state == "finished")
    assert sweep_note(lesson_state.session).endswith("0 of 20 solved it: nothing is drawn, so all are alike")
    lesson_state.close()


def test_twenty_seeds_are_counted_and_marked_one_by_one():
    lesson_state = LessonState(load("two-layer"), LessonProgress())
    lesson_state.set_learning_rate(0.5)
    lesson_state.run_seeds()
    sweep = lesson_state.study
    assert isinstance(sweep, Sweep)
    assert [e.seed for e in sweep.experiments] == list(range(20))
    assert {(e.stop_at, e.learning_rate) for e in sweep.experiments} == {(1.0, 0.5)}
    wait_for(lambda: lesson_state.session.idle)
    lesson_state.poll()
    solved = sum(run.progress.outcome == "solved" for run in lesson_state.session.runs)
    assert marks(lesson_state.session).count("✓") == solved > 0
    assert len(marks(lesson_state.session)) == 20
    assert sweep_note(lesson_state.session).endswith(f"{solved} of 20 solved it")


def test_many_columns_count_as_solved_a_little_below_all():
    experiment = replace(FOUR_ROWS, columns=50, given=(), rows=100)
    assert {e.stop_at for e in twenty_seeds(1, experiment).experiments} == {0.995}


# The form


def row_of(app: ToystoryApp, key: str) -> SettingRow:
    return app.screen.query_one(f"#row-{key}", SettingRow)


def note_of(app: ToystoryApp, key: str) -> str:
    return str(row_of(app, key).query_one(".note").render())


@pytest.mark.usefixtures("held")
async def test_the_form_says_at_once_what_is_wrong_and_loses_nothing():
    async with in_lesson("two-layer", "t") as (app, pilot):
        await pilot.press("O")
        assert isinstance(app.screen, SettingsScreen)
        assert app.focused is row_of(app, "hidden").control
        await press(pilot, "end", "backspace", "0")
        assert "hidden units is 0" in note_of(app, "hidden")
        await pilot.press("enter")
        assert isinstance(app.screen, SettingsScreen), "nothing starts, nothing is lost"
        assert row_of(app, "hidden").value == "0"
        await press(pilot, "backspace", "2")
        assert note_of(app, "hidden") == "changed, was 4"
        await press(pilot, "enter")
        lesson_state = bench_of(app)
        assert lesson_state.study.name == "yours 1: hidden 2"
        assert lesson_state.session.experiment.hidden == (2,)
        await pilot.press("X")
        assert lesson_state.study == FOUR_ROWS


@pytest.mark.usefixtures("held")
async def test_choices_are_made_with_arrows_and_with_the_mouse():
    async with in_lesson("two-layer", "t", size=(120, 40)) as (app, pilot):
        await pilot.press("O", "f3", "up", "up", "up", "up", "right")
        assert row_of(app, "gate").value == "and"
        await pilot.click(row_of(app, "gate").control, offset=(11, 0))
        assert row_of(app, "gate").value == "or"
        await pilot.press("ctrl+r")
        assert row_of(app, "gate").value == "xor"
        await pilot.press("right")
        await pilot.click("#start")
        await pilot.pause()
        assert bench_of(app).session.experiment.gate == "and"


async def test_enter_right_behind_the_text_starts_with_all_of_it():
    async with in_lesson("two-layer", "t", size=(120, 40)) as (app, pilot):
        await pilot.press("O")
        row_of(app, "seed").control.focus()
        await pilot.pause()
        for key in ("1", "2", "enter"):  # as a terminal sends what is pasted
            character = key if len(key) == 1 else None
            app.post_message(events.Key(key, character))
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)
        assert bench_of(app).session.experiment.seed == 12


def test_a_lesson_without_studies_shows_what_every_chapter_shows() -> None:
    lesson = load("two-layer")
    assert lesson.suggestions
    assert fields_of(replace(lesson, studies=())) == ALWAYS


async def test_at_first_the_form_shows_what_the_chapter_is_about():
    few = fields_of(load("two-layer"))
    assert few == {"hidden", "weight_scale", "optimizer", "learning_rate", "updates", "seed"}
    assert all(len(fields_of(load(name))) <= 12 for name in NAMES)

    async with in_lesson("two-layer", "t") as (app, pilot):

        def shown() -> set[str]:
            return {row.setting.name for row in app.screen.query(SettingRow) if row.display}

        await press(pilot, "O")
        assert shown() == few
        row_of(app, "batch").value = "2"
        await pilot.pause()
        assert shown() == few | {"batch"}, "what is not as in the recipe is shown"
        await press(pilot, "f3")
        assert shown() > few | {"gate", "columns", "clip"}
        await press(pilot, "escape", "O")
        assert shown() > few | {"gate"}, "it is remembered"
        await pilot.click("#more")
        await pilot.pause()
        assert shown() == few


async def test_escape_leaves_everything_as_it_was():
    async with in_lesson("two-layer", "t") as (app, pilot):
        await pilot.press("O", "right", "escape")
        assert isinstance(app.screen, LessonScreen)
        assert bench_of(app).record.own == []


async def test_what_can_be_changed_is_a_click_away():
    async with in_lesson("two-layer", "t") as (app, pilot):
        await pilot.press("Z")  # all of Train, with its tools
        await pilot.pause()
        await pilot.click(Tools, offset=(3, 0))
        await pilot.pause()
        assert isinstance(app.screen, SettingsScreen)


# Looking at the curves


def loss_chart(app: ToystoryApp) -> Any:
    return app.screen.query_one("#loss")


@pytest.mark.usefixtures("held")
async def test_former_runs_lie_under_the_loss_and_go_again():
    async with in_lesson("two-layer", "t") as (app, pilot):
        lesson_state = bench_of(app)
        lesson_state.run_custom(replace(FOUR_ROWS, updates=1))
        wait_for(lambda: lesson_state.session.idle)
        lesson_state.step()
        wait_for(lambda: lesson_state.session.state == "finished")
        lesson_state.poll()
        lesson_state.back_to_recipe()
        lesson_state.step()
        wait_for(lambda: lesson_state.session.idle)
        await press(pilot, "f")
        assert "yours 1" in str(loss_chart(app).border_subtitle)
        await press(pilot, "f")
        assert "yours" not in str(loss_chart(app).border_subtitle)


@pytest.mark.usefixtures("held")
async def test_the_loss_has_a_logarithmic_axis_and_a_zoom():
    async with in_lesson("two-layer", "t") as (app, pilot):
        session = bench_of(app).session
        for _ in range(11):
            session.step()
        wait_for(lambda: session.idle)
        await press(pilot, "G", "z")
        axes, series = loss_chart(app).axes, loss_chart(app).series
        assert axes.log_y
        assert axes.x_limits == (8.0, 10.0)
        assert [x for one in series for x in one.xs] == [8, 9, 10]
        await press(pilot, "G", "z")
        axes = loss_chart(app).axes
        assert not axes.log_y
        assert axes.x_limits[0] == 0.0
        assert math.isfinite(axes.levels[0].y)


async def test_the_status_says_how_many_seeds_solve_it():
    async with in_lesson("two-layer", "t") as (app, pilot):
        await pilot.press("H")
        session = bench_of(app).session
        wait_for(lambda: session.state == "finished")
        said = f"{marks(session)}  {marks(session).count('✓')} of 20 solved it"
        for _ in range(400):
            if said in str(app.screen.query_one(StatusBar).render()):
                break
            await pilot.pause()
        assert said in str(app.screen.query_one(StatusBar).render())


async def test_any_settings_have_a_control():
    async with in_lesson("two-layer", "t") as (app, pilot):
        await pilot.press("K")
        session = bench_of(app).session
        wait_for(lambda: session.state == "finished")
        assert bench_of(app).study.name == "yours 1: control of the four rows"
        assert [e.relevant for e in session.experiments] == [(0,)]
        assert session.run.fresh_accuracy == 1.0
        await press(pilot, "H", "K")
        controls = bench_of(app).session.experiments
        assert [e.seed for e in controls] == list(range(20))
        assert {e.relevant for e in controls} == {(0,)}


async def test_a_zoomed_curve_that_fills_the_screen_is_whole():
    async with in_lesson("two-layer", "t") as (app, pilot):
        session = bench_of(app).session
        session.start()
        wait_for(lambda: session.state == "finished")
        await press(pilot, "z", "M")
        app.screen.stage.tick()
        (series,) = loss_chart(app).series
        assert (series.xs[0], series.xs[-1]) == (800, 1000)
        assert len(series.xs) >= 100
