"""Attention that thinks aloud: gradients, what it may see, how it writes, and its fast form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.support.memory import peak_of_update
from tests.support.models import shaken
from toystory.models import Attention, gradient_check, load
from toystory.models.attention import DISTANCES, START
from toystory.models.fast.attention import FastAttention
from toystory.models.fast_form import fast_form
from toystory.models.train_step import TrainStep, make_optimizer
from toystory.training.data import Task, parity, random_bits, running_parity

F64: dict[str, Any] = {"seed": 1, "dtype": np.float64}
KINDS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "scores not scaled": {"scale_scores": False},
    "narrow": {"width": 3, "hidden": 5},
    "few of each": {"width": 2, "hidden": 2},
    "at once": {"thinks_aloud": False},
    "at once, not scaled": {"thinks_aloud": False, "scale_scores": False},
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def rows(count: int, columns: int, seed: int = 2) -> Any:
    return random_bits(np.random.default_rng(seed), count, columns)


def labels(model: Attention, x: Any) -> Any:
    return running_parity(x) if model.thinks_aloud else parity(x)


def form_of(model: Attention) -> FastAttention:
    form = fast_form(model)
    assert isinstance(form, FastAttention)
    return form


def test_at_its_usual_size_it_has_590_parameters() -> None:
    assert Attention().size == 590


@every_kind
@pytest.mark.parametrize(("count", "columns"), [(1, 1), (6, 1), (5, 2), (4, 7)])
def test_gradients_are_the_measured_slopes_before_and_after_updates(
    kind: dict[str, Any], count: int, columns: int
) -> None:
    x = rows(count, columns)
    model = shaken(Attention(**kind, **F64))
    for _ in range(2):
        checks = gradient_check(model, x, labels(model, x), step=1e-5)
        assert [check.name for check in checks] == list(model.parameters)
        assert {c.name: c.relative_difference for c in checks if c.relative_difference > 1e-7} == {}
        model.fit(x, labels(model, x), updates=2, batch=None, learning_rate=0.01)


def test_a_label_at_the_end_only_has_its_gradient_too() -> None:
    """What it wrote itself is then taken as given."""
    x = rows(5, 4)
    checks = gradient_check(shaken(Attention(**F64), 0.5), x, parity(x), step=1e-5)
    assert max(check.relative_difference for check in checks) < 1e-7


def test_attention_is_shared_out_among_what_is_there() -> None:
    n = 6
    x = rows(4, n)
    cache = shaken(Attention(**F64)).forward(x, running_parity(x))
    p = cache["p"]
    assert p.shape == (4, n, 2 * n)
    np.testing.assert_allclose(p.sum(axis=2), 1)
    for t in range(n):
        assert (p[:, t, : n + t + 1] > 0).all()
        assert not p[:, t, n + t + 1 :].any()


def test_no_answer_depends_on_a_bit_that_is_not_yet_written() -> None:
    x, model = rows(3, 6), shaken(Attention(**F64))
    written = running_parity(x)
    z = model.forward(x, written)["z"]
    for t in range(6):
        other = written.copy()
        other[:, t:] ^= 1
        changed = model.forward(x, other)["z"]
        np.testing.assert_array_equal(changed[:, : t + 1], z[:, : t + 1])
        assert t == 5 or (changed[:, t + 1] != z[:, t + 1]).all()


def test_tokens_and_distances_are_those_of_the_notation() -> None:
    cache = Attention().forward([[1, 0, 1]], [[1, 1, 0]])
    assert cache["token"].tolist() == [[1, 0, 1, START, 1, 1]]
    assert cache["kind"].tolist() == [0, 0, 0, 1, 1, 1]
    assert (cache["distance"] - DISTANCES // 2).tolist() == [
        [1, 2, 2, 0, 1, 2],
        [0, 1, 2, -1, 0, 1],
        [-1, 0, 1, -2, -1, 0],
    ]
    np.testing.assert_allclose(cache["c"][:, 0], np.log([4, 5, 6]) / np.log(50))
    assert Attention(scale_scores=False).forward([[1, 0, 1]])["c"].tolist() == [[1], [1], [1]]


@every_kind
def test_with_what_was_kept_it_writes_what_the_whole_pass_answers(kind: dict[str, Any]) -> None:
    x, model = rows(9, 8), shaken(Attention(**kind, **F64), 0.6)
    cache = model.forward(x)
    np.testing.assert_allclose(model.predict_proba(x), cache["a"][:, -1], rtol=1e-9)
    if model.thinks_aloud:
        assert model.think_aloud(x).tolist() == (cache["a"] > 0.5).astype(int).tolist()


def test_many_rows_are_answered_as_few_are() -> None:
    model = shaken(Attention(**F64), 0.5)
    x = rows(2 * model.rows_at_once + 5, 4)
    np.testing.assert_allclose(model.predict_proba(x)[-7:], model.predict_proba(x[-7:]), rtol=1e-9)
    assert (model.think_aloud(x)[-7:] == model.think_aloud(x[-7:])).all()


def test_with_a_label_for_every_bit_a_row_is_right_when_all_of_it_is() -> None:
    model, x = shaken(Attention(**F64)), rows(8, 5)
    written = model.think_aloud(x)
    assert model.score(x, written) == 1
    written[:2, 1] ^= 1
    assert model.score(x, written) == 0.75
    assert model.score(x, written[:, -1]) == 1


def test_what_does_not_fit_is_refused() -> None:
    x = rows(4, 5)
    with pytest.raises(ValueError, match="a bit for each one read"):
        Attention().forward(x, x[:, :3])
    with pytest.raises(ValueError, match="a label for each answer"):
        Attention(thinks_aloud=False).loss_and_gradients(x, x)
    with pytest.raises(ValueError, match="takes no lengths"):
        Attention().loss_and_gradients(x, x, np.full(4, 5))
    with pytest.raises(ValueError, match="width is 0"):
        Attention(width=0)


@every_kind
def test_a_saved_one_comes_back(kind: dict[str, Any], tmp_path: Any) -> None:
    model = shaken(Attention(**kind))
    model.save(tmp_path / "m")
    back = load(tmp_path / "m")
    assert back.settings == model.settings
    np.testing.assert_array_equal(back.predict_proba(rows(3, 6)), model.predict_proba(rows(3, 6)))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@every_kind
def test_the_fast_form_computes_the_same(kind: dict[str, Any], dtype: str) -> None:
    close = {"float64": 1e-11, "float32": 1e-4}[dtype]
    model = shaken(Attention(**kind, seed=3, dtype=dtype))
    form = form_of(model)
    for count, columns in ((7, 3), (7, 9), (7, 3), (1, 1), (5, 2), (2, 31), (7, 8), (7, 9)):
        x = rows(count, columns)
        y = labels(model, x)
        plain_loss, plain = model.loss_and_gradients(x, y)
        loss, gradients = form.loss_and_gradients(x, y)
        assert loss == pytest.approx(plain_loss, rel=close)
        assert list(gradients) == list(plain)
        for name, gradient in plain.items():
            assert gradients[name].dtype == gradient.dtype == dtype
            size = np.abs(gradient).max() + close
            np.testing.assert_allclose(gradients[name], gradient, atol=close * size, rtol=0, err_msg=name)
        np.testing.assert_allclose(form.logits(x), model.forward(x)["z"][:, -1], atol=10 * close)
        if model.thinks_aloud:
            assert (form.think_aloud(x) == model.think_aloud(x)).all()


def test_the_fast_form_leaves_scores_too_far_apart_to_the_plain_one() -> None:
    model, x = shaken(Attention()), rows(5, 6)
    model.parameters["b_d"][:] = (0, 100, 0, 0, 0)
    form = form_of(model)
    loss, gradients = form.loss_and_gradients(x, running_parity(x))
    plain_loss, plain = model.loss_and_gradients(x, running_parity(x))
    assert loss == plain_loss
    for name, gradient in plain.items():
        np.testing.assert_array_equal(gradients[name], gradient)
    np.testing.assert_allclose(form.logits(x), model.forward(x)["z"][:, -1], rtol=1e-5)


def test_a_subclass_trains_in_its_own_form() -> None:
    class Other(Attention):
        pass

    assert fast_form(Other()) is None


def test_an_update_of_the_fast_form_allocates_little() -> None:
    task = Task(50, labels="every step")
    batch = task.fresh(np.random.default_rng(0), 64)
    train_step = TrainStep(Attention(), make_optimizer("adam", 0.01), clip=1.0)
    assert peak_of_update(train_step, batch) < 128 * 1024


def test_rows_are_learnt_and_longer_ones_answered() -> None:
    task = Task(20, lengths="one per batch", labels="every step")
    rng = np.random.default_rng(0)
    model = Attention(seed=0)
    train_step = TrainStep(model, make_optimizer("adam", 0.02), clip=1.0)
    for _ in range(400):
        train_step.compute_gradients(task.fresh(rng, 64))
        train_step.apply_gradients()
    for columns in (20, 60):
        x = rows(100, columns)
        assert model.score(x, running_parity(x)) == 1
