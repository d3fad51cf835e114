"""The network drawn inside one update: it follows its steps, in the room there is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Input

from tests.support.app import until, until_shown
from tests.support.derivation import experiment_of, lines, opened
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.derivation.one_update import updated
from toystory.course.derivation.steps import AFTER_ADAM, DerivationStep
from toystory.course.derivation.update_steps import PRIMES
from toystory.course.derivation.worked import number
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.inspection.derivation import DerivationScreen
from toystory.tui.state.inspection import Cursor
from toystory.tui.widgets.pictures.canvas import Canvas


async def test_after_an_update_with_adam_the_network_answers_as_adam_leaves_it() -> None:
    experiment = replace(experiment_of("gate"), optimizer="adam")
    place = Cursor((1, 1))
    now = place.trace(catalogue.load("gate"), experiment, experiment.build_model(), 0.1)
    after = {prime: updated(now.model, now.values, prime).predict_proba(now.row)[0] for prime in PRIMES}
    answers = {prime: f"it answers {number(float(answer), 3)}" for prime, answer in after.items()}
    assert len(set(answers.values())) == len(PRIMES)
    async with ToystoryApp().run_test(size=(120, 36)) as pilot:
        screen = DerivationScreen(now, place)
        await pilot.app.push_screen(screen)
        screen.go_to(screen.pages.index("changes"))
        network = screen.query_one("#network", Canvas)
        await until(pilot, lambda: answers[AFTER_ADAM] in network.text.replace("\n", " "))


def lines_in_view(screen: DerivationScreen, network: Canvas) -> int:
    return network.region.intersection(screen.query_one("#now").region).height


def widest(canvas: Canvas) -> int:
    """Columns of its longest line."""
    return max(len(line.rstrip()) for line in canvas.text.splitlines())


EVERYDAY = {
    (80, 24): ("gate", "mlp", "lstm", "attention", "comparison"),
    (120, 36): ("lstm",),
    (200, 50): ("mlp",),
}
"""The networks that are looked at every day in a room of this size; the rest with `-m slow`."""


@pytest.mark.parametrize(
    ("name", "size"),
    [
        pytest.param(name, size, marks=() if name in EVERYDAY[size] else pytest.mark.slow)
        for name in NAMES
        for size in EVERYDAY
    ],
)
async def test_the_network_follows_the_steps_of_an_update(name: str, size: tuple[int, int]) -> None:
    app = ToystoryApp()
    async with app.run_test(size=size) as pilot:
        screen = opened(name)
        await app.push_screen(screen)
        network, narrow = screen.query_one("#network", Canvas), size[0] < 100
        if narrow:
            await pilot.pause()
            assert not network.display
            await pilot.press("v")
        ways = []
        for index, page in enumerate(screen.pages):
            screen.go_to(index)
            await pilot.pause()
            await until(pilot, lambda: "answer" in network.text)
            moved = page == "changes" or (isinstance(page, DerivationStep) and page.value.endswith(PRIMES))
            assert ("With the new weights it answers" in network.text.replace("\n", " ")) is moved
            assert "Thick wire" not in network.text, "there is a wave"
            assert widest(network) <= network.size.width, "nothing is cut"
            if page == "by hand":
                screen.query_one("#answer", Input).value = "12"
                await pilot.press("enter")
            if (name, page) != ("attention", "changes"):  # they are a long table
                await until(pilot, lambda: network.region.height == lines_in_view(screen, network) > 0)
            if not narrow and not moved:
                ways.append("back" if "   back" in network.text else "forward")
        assert ways == sorted(ways, reverse=True), "forward, then back"
        assert narrow or name == "comparison" or set(ways) == {"forward", "back"}


@pytest.mark.parametrize("name", ["rnn", "lstm"])
async def test_the_whole_network_of_a_small_model_is_in_view_at_every_step(name: str) -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = opened(name)
        await app.push_screen(screen)
        await pilot.press("underscore", "v")
        network = screen.query_one("#network", Canvas)
        for index in range(len(screen.pages)):
            screen.go_to(index)
            await pilot.pause()
            await until(pilot, lambda: network.region.height == lines_in_view(screen, network) > 0)


async def test_the_network_is_drawn_for_the_room_that_the_list_leaves() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("3", "tab", "tab", "full_stop", "Z", "i")
        await until_shown(pilot, "inside one update")
        network = app.screen.query_one("#network", Canvas)
        await until(pilot, lambda: network.text and widest(network) <= network.size.width)


async def test_a_key_turns_between_the_network_and_the_list_or_the_source() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = opened("gate")
        await app.push_screen(screen)
        await until(pilot, lambda: any("1  the sum" in line for line in lines(screen)))
        await pilot.press("v")
        await until(pilot, lambda: any("Forward to the answer" in line for line in lines(screen)))
        assert not any("1  the sum" in line for line in lines(screen))
        await pilot.press("v")
        await until(pilot, lambda: any("1  the sum" in line for line in lines(screen)))
        assert not any("Forward to the answer" in line for line in lines(screen))
    async with ToystoryApp().run_test(size=(120, 36)) as pilot:
        screen = opened("gate")
        await pilot.app.push_screen(screen)
        await until(pilot, lambda: any("Forward to the answer" in line for line in lines(screen)))
        await pilot.press("v")
        await until(pilot, lambda: any("▶" in line for line in lines(screen)))
        assert not any("Forward to the answer" in line for line in lines(screen))
