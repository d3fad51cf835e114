"""Look inside, through Pilot: every picture of every lesson at three sizes, on sessions that are stepped."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.support.app import press
from tests.support.painted import painted
from tests.support.some import some_lessons
from toystory.course.catalogue import NAMES, load
from toystory.training.background import BackgroundRun
from toystory.training.control import CONTROLS
from toystory.training.experiment import Experiment
from toystory.training.run import Sweep, experiments_of
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.lesson.inside import InsideStage
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.widgets.pictures import NETWORK, READING, pictures_for
from toystory.tui.widgets.pictures.canvas import RULE, ColorScale, dot_signs, textured_blocks
from toystory.tui.widgets.pictures.scene import Drawing, Picture

SIZES = ((80, 24), (120, 36), (200, 50))
STUDY = {"gate": 2, "two-layer": 0, "mlp": 6, "rnn": 1, "lstm": 0}
"""Which study of a lesson is quick to step; of the others the first."""


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    for _ in range(400):
        if holds():
            return
        await asyncio.sleep(0.01)
        await pilot.pause()
    raise AssertionError("it never came")


async def opened(pilot: Pilot[None], lesson: str, study: int | None = None) -> InsideStage:
    screen = pilot.app.screen
    assert isinstance(screen, LessonScreen)
    screen.lesson_state.choose(STUDY.get(lesson, 0) if study is None else study)
    await pilot.press("l")
    stage = screen.stage
    assert isinstance(stage, InsideStage)
    await until(pilot, lambda: all(shown(stage)))
    return stage


def shown(stage: InsideStage) -> list[int]:
    return [view.draws for view in stage.views]


def words(stage: InsideStage) -> str:
    return stage.copy_text()


async def stepped(pilot: Pilot[None], stage: InsideStage, times: int) -> BackgroundRun:
    session = stage.lesson_state.session
    for _ in range(times):
        session.step()
    await until(pilot, lambda: session.run is not None and session.idle)
    stage.tick()
    updates = session.run.updates if session.run else 0
    await until(pilot, lambda: session.snapshot is not None and session.snapshot.update == updates)
    stage.tick()
    await pilot.pause()
    return session


@pytest.mark.parametrize("lesson", some_lessons())
async def test_every_picture_of_a_lesson_can_be_turned_to_at_every_size(lesson: str) -> None:
    async with ToystoryApp(lesson).run_test(size=SIZES[0]) as pilot:
        stage = await opened(pilot, lesson)
        assert "untrained" in words(stage)
        await stepped(pilot, stage, 3)
        assert "after 2 updates" in words(stage)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            every, seen = {picture.title for picture in stage.pictures}, set()
            for _ in stage.pictures:
                await until(pilot, lambda: all(len(v.text.splitlines()) > 2 for v in stage.views))
                seen |= {view.border_title for view in stage.views}
                if seen == every:
                    break
                await pilot.press("v")
            assert seen == every


@pytest.mark.parametrize(("size", "at_once"), [((80, 24), 1), ((120, 36), 2), ((200, 50), 6)])
async def test_as_many_pictures_as_there_is_room_for(size: tuple[int, int], at_once: int) -> None:
    async with ToystoryApp("two-layer").run_test(size=size) as pilot:
        stage = await opened(pilot, "two-layer")
        assert len(stage.views) == at_once


async def test_nothing_is_drawn_when_nothing_has_changed() -> None:
    async with ToystoryApp("lstm").run_test(size=(200, 50)) as pilot:
        stage = await opened(pilot, "lstm")
        await stepped(pilot, stage, 2)
        before = shown(stage)
        for _ in range(5):
            stage.tick()
            await pilot.pause()
        assert shown(stage) == before
        await stepped(pilot, stage, 1)
        assert all(now > then for now, then in zip(shown(stage), before, strict=True))


async def test_a_click_on_a_name_turns_to_that_picture() -> None:
    async with ToystoryApp("two-layer").run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, "two-layer")
        assert stage.views[0].border_title == "the square"
        await pilot.click("PictureNames", offset=(len("the square   the h"), 0))
        stage.tick()
        assert stage.views[0].border_title == "the hidden space"


async def test_eight_names_fit_into_the_smallest_terminal() -> None:
    async with ToystoryApp("mlp").run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, "mlp", 7)
        names = [picture.title for picture in stage.pictures]
        assert len(names) == 8
        shown = "\n".join(strip.text for strip in painted(pilot.app.screen))
        assert all(name.removeprefix("the ") in shown for name in names)
        await pilot.click("PictureNames", offset=(72, 0))
        stage.tick()
        assert stage.views[0].border_title == names[-1]


async def test_two_spaces_stand_between_the_names_where_they_can() -> None:
    async with ToystoryApp("mlp").run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, "mlp", 3)
        names = [picture.title.removeprefix("the ") for picture in stage.pictures]
        assert len(names) == 7
        assert any(re.search(" {2,3}".join(names), strip.text) for strip in painted(pilot.app.screen))


async def test_typed_bits_are_read() -> None:
    async with ToystoryApp("rnn").run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, "rnn")
        stage.query_one("#bits", Input).value = "110"
        await until(pilot, lambda: "of 3" in words(stage))
        stage.query_one("#bits", Input).value = "1x"
        await until(pilot, lambda: "only zeros and ones" in str(stage.query_one("#typing", Static).content))
        assert "of 3" in words(stage)


@pytest.mark.parametrize("lesson", ["gate", "two-layer"])
async def test_what_is_typed_takes_the_place_of_the_bits_that_the_model_reads(lesson: str) -> None:
    async with ToystoryApp(lesson).run_test(size=(120, 36)) as pilot:
        stage = await opened(pilot, lesson)
        field = stage.query_one("#bits", Input)
        assert field.value == "10"
        await pilot.press("x")
        await until(pilot, lambda: field.has_focus)
        await pilot.press("0", "1", "enter")
        await until(pilot, lambda: stage.has_focus)
        assert field.value == "01"
        assert "0 1" in await turned_to(pilot, stage, "the network")


async def test_it_is_told_how_many_bits_are_still_to_be_typed() -> None:
    async with ToystoryApp("two-layer").run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, "two-layer")
        hint = stage.query_one("#typing", Static)
        await pilot.press("x", "backspace", "1")
        await until(pilot, lambda: "it reads 2 bits: type 1 more, else they repeat" in str(hint.content))
        await until(pilot, lambda: hint.region.width >= len(str(hint.content)))
        await pilot.press("0")
        await until(pilot, lambda: "it reads 2 of them" in str(hint.content))


async def test_bits_are_typed_where_a_picture_reads_them_alone() -> None:
    async with ToystoryApp("two-layer").run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, "two-layer")
        assert stage.pictures[stage.turned_to] not in READING
        field = stage.query_one("#bits", Input)
        assert not field.region
        await pilot.press("x")
        await until(pilot, lambda: field.has_focus and bool(field.region))
        assert stage.pictures[stage.turned_to] is NETWORK
        assert "it reads 2 of them" in str(stage.query_one("#typing", Static).content)
        await pilot.press("enter")
        await turned_to(pilot, stage, "health")
        assert not field.region


async def test_the_square_says_which_rows_are_right() -> None:
    async with ToystoryApp("gate").run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, "gate", 2)
        text = words(stage)
        assert "✗ wrong" in text
        assert "✓" in text


async def turned_to(pilot: Pilot[None], stage: InsideStage, title: str) -> str:
    """The words of this picture, once it is on show."""
    for _ in stage.pictures:
        for view in stage.views:
            if view.border_title == title:
                return view.text
        await pilot.press("v")
        stage.tick()
        await pilot.pause()
    raise AssertionError(f"there is no picture called {title}")


@pytest.mark.parametrize("size", SIZES)
async def test_few_weights_are_shown_with_their_numbers_and_the_bias(size: tuple[int, int]) -> None:
    async with ToystoryApp("gate").run_test(size=size) as pilot:
        stage = await opened(pilot, "gate", 0)
        text = await turned_to(pilot, stage, "the weights")
        assert "+0.100" in text
        assert "+0.500" in text
        assert "+0.005" in text
        assert "Two weights and a bias" in text


@pytest.mark.parametrize("size", SIZES)
async def test_four_hidden_units_are_shown_with_their_numbers(size: tuple[int, int]) -> None:
    async with ToystoryApp("two-layer").run_test(size=size) as pilot:
        stage = await opened(pilot, "two-layer", 0)
        text = await turned_to(pilot, stage, "the weights")
        session = stage.lesson_state.session
        for value in session.experiment.build_model().parameters["W1"].flat:
            assert f"{value:+.3f}" in text
        assert "W1  2 inputs across, b1 at the end · most" in text


async def test_a_share_is_set_as_everywhere_else() -> None:
    async with ToystoryApp("mlp").run_test(size=(120, 36)) as pilot:
        stage = await opened(pilot, "mlp")
        await stepped(pilot, stage, 1)
        said = await turned_to(pilot, stage, "answers by count")
        assert re.search(r"\d % right, chance is 50 %", said)


async def test_sixteen_colours_have_no_shades() -> None:
    dark = ColorScale((0, 0, 255), (0, 0, 0), (255, 200, 0), (255, 255, 255), shaded=False)
    assert set(dark.colors) == {(0, 0, 255), (0, 0, 0), (255, 200, 0), (255, 255, 255)}


async def test_a_line_that_leans_on_one_bit_is_not_told_that_no_bit_says_anything() -> None:
    app = ToystoryApp("regression")
    async with app.run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, "regression")
        stage.lesson_state.run_custom(load("regression").suggestions[0].experiment)
        stage.lesson_state.session.pause()
        await until(pilot, lambda: stage.lesson_state.session.idle)
        stage.tick()
        await stepped(pilot, stage, 3)
        text = await turned_to(pilot, stage, "the weights")
        assert re.search(r"a tenth of the greatest weight, [\d.e-]+: 1 of 50\.", " ".join(text.split()))


@pytest.mark.parametrize("size", SIZES)
async def test_the_shares_of_the_units_fit_beside_each_other(size: tuple[int, int]) -> None:
    async with ToystoryApp("two-layer").run_test(size=size) as pilot:
        stage = await opened(pilot, "two-layer")
        await stepped(pilot, stage, 2)
        text = await turned_to(pilot, stage, "health")
        assert any(line.endswith("% of the units") for line in text.splitlines())


async def test_runs_of_a_sweep_appear_as_they_are_done() -> None:
    async with ToystoryApp("mlp").run_test(size=(200, 50)) as pilot:
        stage = await opened(pilot, "mlp", 5)
        assert isinstance(stage.lesson_state.study, Sweep)
        assert "No run of this series is done yet" in words(stage)
        session = stage.lesson_state.session
        await until(pilot, lambda: session.idle)
        for _ in range(60):
            if len(session.runs) > 1:
                break
            await stepped(pilot, stage, 10)
        stage.tick()
        assert "2 columns" in words(stage)


async def test_another_theme_draws_anew() -> None:
    async with ToystoryApp("gate").run_test(size=(120, 36)) as pilot:
        stage = await opened(pilot, "gate")
        before = shown(stage)
        await pilot.press("m")
        await until(pilot, lambda: all(n > b for n, b in zip(shown(stage), before, strict=True)))


async def test_a_diverged_model_can_be_looked_at() -> None:
    async with ToystoryApp("two-layer").run_test(size=(200, 50)) as pilot:
        stage = await opened(pilot, "two-layer", 0)
        session = await stepped(pilot, stage, 2)
        assert session.run is not None
        for values in session.run.model.parameters.values():
            values[...] = np.nan
        session.snapshot = None
        stage.tick()
        await until(pilot, lambda: session.snapshot is not None)
        stage.tick()
        assert "diverged" in words(stage)


def test_the_most_telling_picture_comes_first() -> None:
    last = {name: experiments_of(load(name).study(load(name).ends_with))[-1] for name in NAMES}
    first = {name: pictures_for(study, study)[0].title for name, study in last.items()}
    assert first["gate"] == "the square"
    assert first["lstm"] == "the memory"
    assert first["mlp"] == "the counters"


def test_the_start_is_drawn_of_models_that_are_drawn_anew_quickly() -> None:
    tower = load("mlp").studies[0]
    assert isinstance(tower, Experiment)
    titles = [
        [picture.title for picture in pictures_for(e, e)]
        for e in (
            tower,
            replace(tower, hidden=(4096, 3)),
            replace(tower, model="LogisticRegression", hidden=()),
        )
    ]
    assert ["start" in shown for shown in titles] == [True, False, False]


async def test_gradients_are_drawn_on_a_logarithmic_or_a_linear_axis() -> None:
    async with ToystoryApp("rnn").run_test(size=(200, 50)) as pilot:
        stage = await opened(pilot, "rnn")
        at = next(i for i, view in enumerate(stage.views) if view.border_title == "gradients")
        await until(pilot, lambda: "e-" in words(stage) or "0.001" in words(stage))
        before, logarithmic = shown(stage)[at], stage.views[at].text
        await pilot.press("G")
        await until(pilot, lambda: shown(stage)[at] > before)
        assert stage.views[at].text != logarithmic
        await pilot.press("G")
        await until(pilot, lambda: stage.views[at].text == logarithmic)


async def test_at_the_middle_size_every_curve_and_axis_has_its_name() -> None:
    async with ToystoryApp("rnn").run_test(size=(120, 36)) as pilot:
        stage = await opened(pilot, "rnn")
        await stepped(pilot, stage, 3)
        await until(pilot, lambda: "this model" in words(stage))
        assert "bits before the end" in words(stage)
        await pilot.press("v", "v")
        await until(pilot, lambda: "of the units" in words(stage))


async def test_a_row_that_does_not_fit_is_broken_in_equal_parts() -> None:
    async with ToystoryApp("rnn").run_test(size=(120, 36)) as pilot:
        stage = await opened(pilot, "rnn")
        lines = [line.split() for line in stage.views[0].text.splitlines()]
        assert [line[1:] for line in lines if line[:1] == ["bit"]] == [list("10110"), list("01011")]


@pytest.mark.parametrize("name", ["regression", "comparison"])
async def test_the_controls_of_a_lesson_are_a_study_like_others(name: str) -> None:
    async with ToystoryApp(name).run_test(size=(120, 36)) as pilot:
        studies = [study.name for study in load(name).studies]
        stage = await opened(pilot, name, studies.index(CONTROLS))
        session = await stepped(pilot, stage, 2)
        assert session.run is not None
        assert session.run.experiment.relevant == (0,)
        await press(pilot, "h")


def test_the_surface_has_a_gradation_where_colours_have_no_shades() -> None:
    scale = ColorScale((0, 0, 255), (0, 0, 0), (255, 255, 0), (255, 255, 255), shaded=False)
    shades = scale.shades(np.tile(np.linspace(-1, 1, 9), (2, 1)))
    (line,) = textured_blocks(shades, scale)
    assert "".join(segment.text for segment in line) == "█▓▒░ ░▒▓█"
    shades[0, 4] = RULE
    assert textured_blocks(shades, scale)[0][4].text == "▀"


def test_dots_are_half_blocks_where_the_font_has_no_braille(monkeypatch: pytest.MonkeyPatch) -> None:
    dots = np.zeros((4, 8), dtype=np.bool_)
    dots[0, 0] = dots[3, 3] = dots[1, 4] = dots[2, 5] = True
    assert all("\u2800" <= sign <= "\u28ff" for sign in dot_signs(dots)[0][:3])
    monkeypatch.setenv("TERM", "linux")
    assert dot_signs(dots) == ["▀▄█ "]


async def test_the_graph_is_walked_node_by_node_forward_and_back() -> None:
    async with ToystoryApp("autograd").run_test(size=(120, 36)) as pilot:
        stage = await opened(pilot, "autograd")
        text = await turned_to(pilot, stage, "the graph")
        assert "step" not in text
        await pilot.press("full_stop")
        text = await turned_to(pilot, stage, "the graph")
        assert "step 1 of 24, forward" in text
        assert "is a leaf" in text
        await pilot.press("comma", "comma")
        text = await turned_to(pilot, stage, "the graph")
        assert "step 24 of 24, backward" in text
        assert "is used in all 4 rows" in text
        await pilot.press("full_stop")
        assert "step" not in await turned_to(pilot, stage, "the graph")


async def test_bits_can_be_typed_for_the_wired_copies() -> None:
    async with ToystoryApp("attention").run_test(size=(120, 36)) as pilot:
        names = [study.name for study in load("attention").studies]
        stage = await opened(pilot, "attention", names.index("the gate of chapter three"))
        text = await turned_to(pilot, stage, "copies, wired")
        assert "round 4" in text
        await pilot.press("x", *["backspace"] * 10, *"10110", "enter")
        text = await turned_to(pilot, stage, "copies, wired")
        assert "round 3" in text
        assert "round 4" not in text


async def test_the_gate_inside_and_attention_with_and_without_the_factor() -> None:
    async with ToystoryApp("attention").run_test(size=(120, 36)) as pilot:
        names = [study.name for study in load("attention").studies]
        stage = await opened(pilot, "attention", names.index("thinking aloud"))
        assert "so far  next bit" in await turned_to(pilot, stage, "the gate inside")
        text = await turned_to(pilot, stage, "attention by length")
        assert "with the factor" in text
        assert "without" in text


async def test_a_dial_turns_the_first_weights_of_a_model_and_of_a_trained_one_too() -> None:
    async with ToystoryApp("rnn").run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, "rnn")
        await pilot.press("left_square_bracket", "left_square_bracket", "o")
        assert stage.views[0].border_title == "start"
        assert "scale × 0.1   o first weights He" in words(stage)
        assert "arrives at bit 1: it dies out." in words(stage)
        await stepped(pilot, stage, 2)
        text = words(stage)
        assert "first  now" in text
        await pilot.press(*4 * ["right_square_bracket"])
        assert "scale × 10" in words(stage)
        assert words(stage) != text


@pytest.mark.parametrize(
    ("lesson", "told"),
    [
        ("attention", "r: read, w: written, sw: start, +: past the ReLU."),
        ("rnn", "x: the next bit."),
        ("lstm", "c: cell, i f o g: its gates, x: the next bit."),
    ],
)
async def test_the_short_names_in_the_network_are_told(lesson: str, told: str) -> None:
    async with ToystoryApp(lesson).run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, lesson)
        text = await turned_to(pilot, stage, "the network")
        assert told in text
        for number in set(re.findall(r"\d(?:\.\d+)?e−\d+", text)):
            assert re.search(r"e−\d+ is (0\.0\d+|nearly 0)\.", text), number


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_network_is_drawn_and_a_wave_goes_through_it(size: tuple[int, int]) -> None:
    async with ToystoryApp("two-layer").run_test(size=size) as pilot:
        stage = await opened(pilot, "two-layer")
        text = await turned_to(pilot, stage, "the network")
        assert "hidden" in text
        assert "Thick wire: large weight." in text
        for said in (
            "The bits go in.",
            "Forward to the hidden units: ",
            "Forward to the answer",
            "Back from the answer",
        ):
            await pilot.press("full_stop")
            assert said in await turned_to(pilot, stage, "the network")
        assert "∂" in await turned_to(pilot, stage, "the network")
        await pilot.press("full_stop", "full_stop")
        assert "Back to the bits" in await turned_to(pilot, stage, "the network")
        await pilot.press("x", *["backspace"] * 10, *"01", "enter")
        assert "row 0 1" in await turned_to(pilot, stage, "the network")


@pytest.mark.parametrize(
    ("lesson", "there", "waves"),
    [
        pytest.param(
            *("rnn", "bit 10", ["The memory is empty", "Bit 1 is in the memory"]), marks=pytest.mark.slow
        ),
        ("lstm", "bit 10 of 10", ["the next bit, x.", "Forward to the gates", "the cell keeps some"]),
        pytest.param(*("attention", "ReLU", ["It looks at", "The head adds up"]), marks=pytest.mark.slow),
    ],
)
async def test_what_reads_in_time_is_drawn_too(lesson: str, there: str, waves: list[str]) -> None:
    async with ToystoryApp(lesson).run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, lesson)
        text = await turned_to(pilot, stage, "the network")
        assert there in text
        assert "large weight. Colour: its sign." in text
        for said in waves:
            await pilot.press("full_stop")
            assert said in await turned_to(pilot, stage, "the network")
        await pilot.press(*["comma"] * (len(waves) + 2))
        text = await turned_to(pilot, stage, "the network")
        assert re.search("back, (step )?[0-9]", text)
        assert "∂" in text


async def test_a_wide_network_is_folded() -> None:
    async with ToystoryApp("mlp").run_test(size=(80, 24)) as pilot:
        stage = await opened(pilot, "mlp")
        text = await turned_to(pilot, stage, "the network")
        assert re.search(r"\+44\b", text), "of fifty bits six are drawn, the others told"
        (view,) = (view for view in stage.views if view.border_title == "the network")
        assert view._scroll.max_scroll_y == 0, "all of it is seen at once"

        # A sentence that is long gets the lines that it needs.
        said = {1: ("short", 2), 2: ("word " * 50, 4), 3: ("short again", 4)}
        picture = Picture("any", lambda scene, _: Drawing([], said[scene.walk][0]))
        for walk, (_, lines) in said.items():
            view.show(picture, replace(stage._look(), walk=walk))
            assert view._sentence.styles.height.value == lines
