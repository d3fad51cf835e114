"""Templates of a script for equinox."""

from toystory.export.frameworks.jax_attention import PREDICT, STEP

NAME = "equinox"
IMPORTS = """
import jax

jax.config.update("jax_enable_x64", "«DTYPE»" == "float64")

import equinox as eqx
import jax.numpy as jnp
import numpy as np

DTYPE = "«DTYPE»"
KEY = jax.random.key(0)  # for first weights, which ours replace
"""
ACTIVATIONS = {"tanh": "jax.nn.tanh", "relu": "jax.nn.relu", "sigmoid": "jax.nn.sigmoid"}

DENSE = '''
class Net(eqx.Module):
    """Layers, one after the other: the logit of one row (columns,)."""

    layers: list[eqx.nn.Linear]

    def __call__(self, x: jax.Array) -> jax.Array:
        a = «SIGNED»
        *hidden, last = self.layers
        for layer in hidden:
            a = «ACTIVATION»(layer(a))
        return last(a)[0]


def build() -> Net:
    """Our arrays where equinox looks for them: a Linear computes W x + b: ours transposed."""
    ours = arrays()
    layers = []
    for W, b in «PAIRS»:
        layer = eqx.nn.Linear(*W.shape, key=KEY)
        layers.append(eqx.tree_at(lambda l: (l.weight, l.bias), layer, (jnp.asarray(W.T), jnp.asarray(b))))
    return Net(layers)


def predict_proba(x: np.ndarray) -> np.ndarray:
    """P(label is 1) of each row. x: bits, (rows, columns)."""
    return np.asarray(jax.nn.sigmoid(jax.vmap(build())(jnp.asarray(x, DTYPE))))
'''

TABLE = '''
class Net(eqx.Module):
    """Layers of ReLU units: the logits (classes,) of one row (columns,), standardised."""

    layers: list[eqx.nn.Linear]

    def __call__(self, a: jax.Array) -> jax.Array:
        *hidden, last = self.layers
        for layer in hidden:
            a = jax.nn.relu(layer(a))  # dropout, if there was any, is for training
        return last(a)


def build() -> Net:
    """Our arrays where equinox looks for them: a Linear computes W x + b: ours transposed."""
    ours = arrays()
    layers = []
    for W, b in «PAIRS»:
        layer = eqx.nn.Linear(*W.shape, key=KEY)
        layers.append(eqx.tree_at(lambda l: (l.weight, l.bias), layer, (jnp.asarray(W.T), jnp.asarray(b))))
    return Net(layers)


def standardised(x: np.ndarray) -> np.ndarray:
    """The columns as the layers read them; in float64, for a float32 may hold too little of a large one."""
    means, spreads = (np.array(SETTINGS["settings"][name]) for name in ("means", "spreads"))
    return (np.asarray(x, np.float64) - means) / spreads


def predict_proba(x: np.ndarray) -> np.ndarray:
    """The probability of every class for each row: (rows, classes). x: real numbers, (rows, columns)."""
    return np.asarray(jax.nn.softmax(jax.vmap(build())(jnp.asarray(standardised(x), DTYPE))))
'''

_RECURRENT = '''
def predict_proba(x: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
    """P(label is 1) of each row. x: (rows, steps). lengths: bits of each row."""
    after_every_bit = np.asarray(jax.nn.sigmoid(jax.vmap(build())(jnp.asarray(x, DTYPE))))
    ends = np.full(len(x), x.shape[1]) if lengths is None else np.asarray(lengths)
    return after_every_bit[np.arange(len(x)), ends - 1]  # what comes after a row's end is not looked at
'''

RNN = '''
class Net(eqx.Module):
    """One layer of tanh units that hears itself. equinox has no such cell: here it is, laid as ours."""

    W_hh: jax.Array
    W_xh: jax.Array
    b_h: jax.Array
    answer: eqx.nn.Linear

    def __call__(self, x: jax.Array) -> jax.Array:
        """The logits after every bit of one row, (steps,)."""
        x = «SIGNED»

        def step(h: jax.Array, bit: jax.Array) -> tuple[jax.Array, jax.Array]:
            h = jnp.tanh(h @ self.W_hh + bit * self.W_xh[0] + self.b_h)
            return h, self.answer(h)[0]

        return jax.lax.scan(step, jnp.zeros_like(self.b_h), x)[1]


def build() -> Net:
    """Our arrays in place; a Linear computes W x + b, so the answer's weight is a row."""
    ours = {name: jnp.asarray(array) for name, array in arrays().items()}
    answer = eqx.nn.Linear(len(ours["b_h"]), 1, key=KEY)
    answer = eqx.tree_at(lambda l: (l.weight, l.bias), answer, (ours["w_hy"][None, :], ours["b_y"]))
    return Net(ours["W_hh"], ours["W_xh"], ours["b_h"], answer)


''' + _RECURRENT.strip("\n")

LSTM = '''
def gates(columns: jax.Array) -> jax.Array:
    """Our columns i, f, o, g in equinox' order i, f, g, o."""
    i, f, o, g = jnp.split(columns, 4, axis=-1)
    return jnp.concatenate([i, f, g, o], axis=-1)


State = tuple[jax.Array, jax.Array]


class Net(eqx.Module):
    """One layer of gated cells, and what reads them."""

    cell: eqx.nn.LSTMCell
    answer: eqx.nn.Linear

    def __call__(self, x: jax.Array) -> jax.Array:
        """The logits after every bit of one row, (steps,)."""
        x = «SIGNED»

        def step(state: State, bit: jax.Array) -> tuple[State, jax.Array]:
            state = self.cell(bit[None], state)  # (h, c): what the cells show comes first
            return state, self.answer(state[0])[0]

        zeros = jnp.zeros(self.cell.hidden_size, DTYPE)
        return jax.lax.scan(step, (zeros, zeros), x)[1]


def build() -> Net:
    """Our arrays where equinox looks for them: its weights are ours transposed; it has one bias, as ours."""
    ours = {name: jnp.asarray(array) for name, array in arrays().items()}
    hidden = len(ours["w_hy"])
    cell, answer = eqx.nn.LSTMCell(1, hidden, key=KEY), eqx.nn.Linear(hidden, 1, key=KEY)
    given = (gates(ours["W_hh"]).T, gates(ours["W_xh"]).T, gates(ours["b_h"]))
    cell = eqx.tree_at(lambda c: (c.weight_hh, c.weight_ih, c.bias), cell, given)
    answer = eqx.tree_at(lambda l: (l.weight, l.bias), answer, (ours["w_hy"][None, :], ours["b_y"]))
    return Net(cell, answer)


''' + _RECURRENT.strip("\n")

ATTENTION = (
    STEP
    + '''

class Net(eqx.Module):
    """The arrays as ours are, in a module of equinox."""

    ours: dict[str, jax.Array]

    def __call__(self, read: jax.Array, n: int, written: jax.Array, places: jax.Array) -> jax.Array:
        return logits_at(self.ours, read, n, written, places)


def build() -> Net:
    """Our arrays in place."""
    return Net({name: jnp.asarray(array) for name, array in arrays().items()})

'''
    + PREDICT.replace("«NET»", "").replace("«PARAMETERS»", "build().ours")
)
