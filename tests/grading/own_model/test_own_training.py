"""A learner's whole model is trained by its own recipe, watched on the way, and what it came to is kept."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.grading.test_recognise import BY_KEY, as_class, unlabelled
from toystory.cli.main import main
from toystory.course.exercises.exercise import Wrong
from toystory.grading.failures import Source
from toystory.grading.own_model import results as own_results
from toystory.grading.own_model.run import OwnRun
from toystory.grading.own_model.training import Moment, OwnTraining
from toystory.grading.own_model.training_grounds import SIDE, ground_of
from toystory.grading.sandbox.process import Cancelled

TWO_LAYER = BY_KEY["two-layer/whole_model"]
TEXT = unlabelled(TWO_LAYER).replace("range(3000)", "range(400)")
GROUND = ground_of(TWO_LAYER)
assert GROUND is not None


def train(text: str, seed: int = 1) -> tuple[OwnTraining, list[Moment]]:
    assert GROUND is not None
    training = OwnTraining(Source("my_net.py", text), TWO_LAYER, GROUND, seed, looking=True)
    return training, list(training)


def losses(moments: list[Moment]) -> dict[int, float]:
    return dict(point for moment in moments for point in moment.points)


def test_its_own_loop_is_seen_from_the_first_update_to_the_last() -> None:
    training, moments = train(TEXT)
    curve = losses(moments)
    assert moments[-1].over
    assert (moments[-1].updates, moments[-1].numbers) == (400, 17)
    assert list(curve)[:3] == [0, 1, 2]
    assert curve[0] > 0.6 > curve[max(curve)]
    assert moments[0].share < 1
    assert moments[-1].share == 1
    (square,) = moments[-1].looks
    assert square.shape == (4 + SIDE * SIDE,)
    assert list(square[:4] > 0.5) == [False, True, True, False]
    assert not training.unseen
    assert not training.printed


def test_a_class_is_seen_alike() -> None:
    text = as_class(TWO_LAYER).replace("range(3000)", "range(400)")
    assert "class Net" in text
    curve = losses(train(TEXT)[1])
    of_class = losses(train(text)[1])
    assert of_class
    assert of_class.items() <= curve.items()
    # And where `train` asks another function for the gradients, the updates are counted by that one.
    other = TEXT.replace("def gradients(", "def both(").replace("= gradients(p, x, y)", "= both(p, x, y)")
    other += "\ndef gradients(p, x, y):\n    return both(p, x, y)\n"
    seen = losses(train(other)[1])
    assert len(seen) > 100
    assert seen.items() <= curve.items()


def test_a_loop_that_asks_nothing_is_trained_unseen() -> None:
    body = TEXT.partition("def gradients")[2].partition("\n\n\n")[0]
    inner = "\n".join("    " + line for line in body.splitlines()[1:])
    begin = "def train(p, x, y, seed):\n"
    text = TEXT.replace(begin, f"{begin}    def inner(p, x, y):\n{inner}\n")
    text = text.replace("slopes = gradients(p, x, y)", "slopes = inner(p, x, y)")
    training, moments = train(text)
    assert training.unseen
    assert moments[-1].updates == 0
    assert moments[-1].share == 1


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("slopes = gradients(p, x, y)", "slopes = 1 / 0", "train raised ZeroDivisionError"),
        ("    return p\n", "    return 3\n", "train(p, …, 1) should return the parameters, a dict"),
        ("    return p\n", "    exit()\n", "train ends the program with exit"),
        ("    return p\n", "    import os; os._exit(3)\n", "train ended its own process (exit code 3)"),
        ("    return p\n", "    return {n: p[n][:1] for n in p}\n", "probabilities raised ValueError"),
    ],
)  # fmt: skip
def test_what_goes_wrong_in_it_is_one_sentence(old: str, new: str, sentence: str) -> None:
    with pytest.raises(Wrong) as wrong:
        train(TEXT.replace(old, new))
    assert sentence in wrong.value.sentence


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("    print('\\x1b[2J' + 'x' * 500)\n", "your code printed, first: [2J" + "x" * 57),
        ("    raise ValueError('\\x1b[31mred')\n", "train raised ValueError:  [31mred"),
    ],
)
def test_nothing_that_it_prints_moves_the_cursor(line: str, told: str) -> None:
    text = TEXT.replace("    for _ in range(400)", line + "    for _ in range(40)")
    assert GROUND is not None
    run = OwnRun(Source("my_net.py", text), TWO_LAYER, GROUND)
    run.start(1)
    while run.alive:
        threading.Event().wait(0.02)
    said = run.error or run.remark
    assert said.isprintable()
    assert said == told


def test_whoever_has_seen_enough_ends_it() -> None:
    assert GROUND is not None
    cancel = threading.Event()
    forever = TEXT.replace("range(400)", "iter(int, 1)")
    training = OwnTraining(Source("my_net.py", forever), TWO_LAYER, GROUND, 1, cancel)
    moments = iter(training)
    assert [next(moments).updates for _ in range(2)] == [0, 0]
    assert next(moments).updates > 0
    cancel.set()
    with pytest.raises(Cancelled):
        next(moments)


def run(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, str, str]:
    try:
        code = main(line.split())
    except SystemExit as error:
        code = int(str(error.code))
    return code, *capsys.readouterr()


def test_from_the_command_line_seed_by_seed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my_net.py"
    file.write_text(TEXT.replace("    for _ in", "    print('hello')\n    for _ in"))
    code, out, err = run(capsys, f"train --file {file} --seed 1 --seeds 2 --plain")
    assert code == 0
    assert "my_net.py (two-layer), seed 2: 400 updates in" in out
    assert "mine, two-layer (my_net.py, 4 units): 2 of 2 seeds right on the four rows of XOR" in out
    assert "your code printed, first: hello" in err
    code, out, _ = run(capsys, f"train --file {file} --seed 3 --json")
    told = json.loads(out)
    assert sorted(told["seeds"]) == ["1", "2", "3"], "the others were kept"
    assert told["seeds"]["3"]["updates"] == 400
    (kept,) = own_results.mine()
    assert kept.of_seeds == f"{told['reached']} of 3 seeds"
    assert math.isfinite(kept.shown.loss)
    file.write_text(TEXT)
    assert run(capsys, f"train --file {file} --plain")[0] in (0, 1)
    again = own_results.load("two-layer")
    assert again is not None
    assert list(again.seeds) == [0], "another text begins anew"


@pytest.mark.parametrize("more", ["--plain", "--json"])
def test_an_interrupted_one_says_so_and_keeps_the_seeds_before(
    more: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "my_net.py"
    file.write_text(TEXT.replace("range(400)", "range(40)"))
    whole = OwnTraining.__iter__

    def until_seed_two(self: OwnTraining) -> Iterator[Moment]:
        for moment in whole(self):
            yield moment
            if self.seed == 2:
                raise KeyboardInterrupt

    monkeypatch.setattr(OwnTraining, "__iter__", until_seed_two)
    code, out, err = run(capsys, f"train --file {file} --seed 1 --seeds 2 {more}")
    assert (code, err) == (130, "")
    if more == "--json":
        told = json.loads(out)
        assert (told["interrupted"], told["seed"], list(told["kept"]["seeds"])) == (True, 2, ["1"])
    else:
        assert out.endswith("interrupted in seed 2; the seeds before it are kept\n")


def test_what_can_not_be_kept_is_told_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "whole-models").write_text("in the way")
    monkeypatch.setattr(own_results, "home", lambda: tmp_path / "home")
    file = tmp_path / "my_net.py"
    file.write_text(TEXT)
    code, out, err = run(capsys, f"train --file {file} --seed 1 --seeds 2 --json")
    assert err.count("what it came to can't be kept") == 2
    told = json.loads(out)
    assert (code, list(told["seeds"]), told["reached"]) == (0, ["1", "2"], 2)


def test_what_makes_no_sense_is_said_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "my_net.py"
    file.write_text(TEXT.replace("(1 - h * h)", "(1 - h)"))
    code, out, _ = run(capsys, f"train --file {file} --plain")
    assert code == 1
    assert out.startswith(
        "two-layer/whole_model: it is not right yet, and so not trained\n  gradients(p, x, y)["
    )
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "other.py").write_text("x = 1\n")
    for line, sentence in (
        (f"train --file {file} --hidden 3", "leave out --hidden"),
        (f"train --file {tmp_path / 'none.py'}", "there is no file"),
        (f"train --file {tmp_path / 'empty.py'}", "empty.py is empty"),
        (f"train --file {tmp_path / 'other.py'}", "other.py is no whole model: a model's file has"),
        ("train --model RNN --columns 2 --updates 1 --learning-rate 1 --seeds 3", "--seeds goes with --file"),
        ("train --model RNN", "--columns, --updates, --learning-rate"),
    ):
        code, _, err = run(capsys, line)
        assert code == 2
        assert sentence in err
