"""Templates of a script for flax (linen)."""

from toystory.export.frameworks.jax_attention import PREDICT, STEP

NAME = "flax"
IMPORTS = """
import jax

jax.config.update("jax_enable_x64", "«DTYPE»" == "float64")

import jax.numpy as jnp
import numpy as np
from flax import linen as nn

DTYPE = "«DTYPE»"
"""
ACTIVATIONS = {"tanh": "nn.tanh", "relu": "nn.relu", "sigmoid": "nn.sigmoid"}

DENSE = '''
class Net(nn.Module):
    """Layers, one after the other; it answers with logits (rows,)."""

    units: tuple[int, ...]

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        a = «SIGNED»
        for number, units in enumerate(self.units, start=1):
            z = nn.Dense(units, param_dtype=DTYPE, name=f"layer_{number}")(a)
            a = «ACTIVATION»(z)
        return z[:, 0]


def variables() -> dict:
    """Our arrays where flax looks for them: a Dense computes x kernel + bias, so they are laid as ours."""
    ours = arrays()
    pairs = «PAIRS»
    return {"params": {f"layer_{l}": {"kernel": W, "bias": b} for l, (W, b) in enumerate(pairs, start=1)}}


def predict_proba(x: np.ndarray) -> np.ndarray:
    """P(label is 1) of each row. x: bits, (rows, columns)."""
    given = variables()
    net = Net(tuple(len(layer["bias"]) for layer in given["params"].values()))
    return np.asarray(nn.sigmoid(net.apply(given, jnp.asarray(x, DTYPE))))
'''

TABLE = '''
class Net(nn.Module):
    """Layers of ReLU units; it reads standardised columns and answers with logits (rows, classes)."""

    units: tuple[int, ...]

    @nn.compact
    def __call__(self, a: jax.Array) -> jax.Array:
        for number, units in enumerate(self.units, start=1):
            z = nn.Dense(units, param_dtype=DTYPE, name=f"layer_{number}")(a)
            a = nn.relu(z)  # dropout, if there was any, is for training
        return z


def variables() -> dict:
    """Our arrays where flax looks for them: a Dense computes x kernel + bias, so they are laid as ours."""
    ours = arrays()
    pairs = «PAIRS»
    return {"params": {f"layer_{l}": {"kernel": W, "bias": b} for l, (W, b) in enumerate(pairs, start=1)}}


def standardised(x: np.ndarray) -> np.ndarray:
    """The columns as the layers read them; in float64, for a float32 may hold too little of a large one."""
    means, spreads = (np.array(SETTINGS["settings"][name]) for name in ("means", "spreads"))
    return (np.asarray(x, np.float64) - means) / spreads


def predict_proba(x: np.ndarray) -> np.ndarray:
    """The probability of every class for each row: (rows, classes). x: real numbers, (rows, columns)."""
    given = variables()
    net = Net(tuple(len(layer["bias"]) for layer in given["params"].values()))
    return np.asarray(nn.softmax(net.apply(given, jnp.asarray(standardised(x), DTYPE))))
'''

_RECURRENT = '''
class Net(nn.Module):
    """The recurrent layer, and what reads it: logits after every bit, (rows, steps)."""

    hidden: int

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        x = «SIGNED»
        h = nn.RNN(nn.«CELL»(self.hidden, param_dtype=DTYPE, name="cell"))(x[:, :, None])  # from zeros
        return nn.Dense(1, param_dtype=DTYPE, name="answer")(h)[:, :, 0]


def predict_proba(x: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
    """P(label is 1) of each row. x: (rows, steps). lengths: bits of each row."""
    net = Net(len(arrays()["w_hy"]))
    after_every_bit = np.asarray(nn.sigmoid(net.apply(variables(), jnp.asarray(x, DTYPE))))
    ends = np.full(len(x), x.shape[1]) if lengths is None else np.asarray(lengths)
    return after_every_bit[np.arange(len(x)), ends - 1]  # what comes after a row's end is not looked at
'''

RNN = '''
def variables() -> dict:
    """Our arrays where flax looks for them: its kernels are laid as ours.

    `i` is what the bits go through, `h` the memory. A SimpleCell has its one bias at `i`.
    """
    ours = arrays()
    cell = {"i": {"kernel": ours["W_xh"], "bias": ours["b_h"]}, "h": {"kernel": ours["W_hh"]}}
    answer = {"kernel": ours["w_hy"][:, None], "bias": ours["b_y"]}
    return {"params": {"cell": cell, "answer": answer}}

''' + _RECURRENT.replace("«CELL»", "SimpleCell")

LSTM = '''
def variables() -> dict:
    """Our arrays where flax looks for them: its kernels are laid as ours, a kernel for each gate.

    `ii`, `if`, `io`, `ig` are what the bits go through, `hi`, `hf`, `ho`, `hg` the memory, and the biases
    stand beside the memory's alone. Its carry is (c, h), the cell first. A new cell's forget bias is 0; ours
    starts at 1.
    """
    ours = arrays()
    W_xh, W_hh, b_h = (np.split(ours[name], 4, axis=-1) for name in ("W_xh", "W_hh", "b_h"))
    cell = {}
    for number, gate in enumerate("ifog"):
        cell[f"i{gate}"] = {"kernel": W_xh[number]}
        cell[f"h{gate}"] = {"kernel": W_hh[number], "bias": b_h[number]}
    answer = {"kernel": ours["w_hy"][:, None], "bias": ours["b_y"]}
    return {"params": {"cell": cell, "answer": answer}}

''' + _RECURRENT.replace("«CELL»", "LSTMCell")

ATTENTION = (
    STEP
    + '''

class Net(nn.Module):
    """The arrays as ours are, as parameters of flax."""

    def setup(self) -> None:
        zeros = nn.initializers.zeros
        self.ours = {name: self.param(name, zeros, ours.shape, DTYPE) for name, ours in arrays().items()}

    def __call__(self, read: jax.Array, n: int, written: jax.Array, places: jax.Array) -> jax.Array:
        return logits_at(self.ours, read, n, written, places)


def variables() -> dict:
    """Our arrays where flax looks for them."""
    return {"params": arrays()}

'''
    + PREDICT.replace("«NET»", "").replace("«PARAMETERS»", 'variables()["params"]')
)
