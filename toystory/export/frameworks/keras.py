"""Templates of a script for Keras 3."""

NAME = "Keras"
IMPORTS = """
import keras
import numpy as np

keras.config.set_floatx("«DTYPE»")
DTYPE = "«DTYPE»"
"""
ACTIVATIONS = {"tanh": '"tanh"', "relu": '"relu"', "sigmoid": '"sigmoid"'}

DENSE = '''
def build() -> keras.Model:
    """Layers, one after the other; the last one answers with a sigmoid."""
    ours = arrays()
    pairs = «PAIRS»
    inputs = x = keras.Input((len(pairs[0][0]),))
    a = «SIGNED»
    for number, (W, b) in enumerate(pairs, start=1):
        activation = «ACTIVATION» if number < len(pairs) else "sigmoid"
        layer = keras.layers.Dense(len(b), activation=activation)
        a = layer(a)
        layer.set_weights([W, b])  # Dense computes x W + b, as ours does
    return keras.Model(inputs, a[:, 0])


def predict_proba(x: np.ndarray) -> np.ndarray:
    """P(label is 1) of each row. x: bits, (rows, columns)."""
    return keras.ops.convert_to_numpy(build()(np.asarray(x, DTYPE)))
'''

TABLE = '''
MEANS, SPREADS = (np.array(SETTINGS["settings"][name]) for name in ("means", "spreads"))


def build() -> keras.Model:
    """Layers of ReLU units, and a share for every class; it reads standardised columns."""
    ours = arrays()
    pairs = «PAIRS»
    inputs = a = keras.Input((len(pairs[0][0]),))
    for number, (W, b) in enumerate(pairs, start=1):
        layer = keras.layers.Dense(len(b), activation="relu" if number < len(pairs) else "softmax")
        a = layer(a)
        layer.set_weights([W, b])  # Dense computes x W + b, as ours does
    return keras.Model(inputs, a)


def predict_proba(x: np.ndarray) -> np.ndarray:
    """The probability of every class for each row: (rows, classes). x: real numbers, (rows, columns)."""
    standardised = (np.asarray(x, np.float64) - MEANS) / SPREADS
    return keras.ops.convert_to_numpy(build()(standardised.astype(DTYPE)))
'''

_RECURRENT = '''
    answer = keras.layers.Dense(1, activation="sigmoid")
    model = keras.Model(inputs, answer(layer(x))[:, :, 0])
    layer.set_weights(weights)
    answer.set_weights([ours["w_hy"][:, None], ours["b_y"]])
    return model


def predict_proba(x: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
    """P(label is 1) of each row. x: (rows, steps). lengths: bits of each row."""
    x = np.asarray(x, DTYPE)
    after_every_bit = keras.ops.convert_to_numpy(build()(x[:, :, None]))
    ends = np.full(len(x), x.shape[1]) if lengths is None else np.asarray(lengths)
    return after_every_bit[np.arange(len(x)), ends - 1]  # what comes after a row's end is not looked at
'''

RNN = (
    '''
def build() -> keras.Model:
    """One layer of tanh units that hears itself, and a sigmoid after every bit: (rows, steps)."""
    ours = arrays()
    inputs = x = keras.Input((None, 1))
    x = «SIGNED»
    layer = keras.layers.SimpleRNN(len(ours["b_h"]), return_sequences=True)  # tanh, as ours
    # The kernel is what the bits go through, the recurrent kernel the memory; one bias, all laid as ours.
    weights = [ours["W_xh"], ours["W_hh"], ours["b_h"]]
'''
    + _RECURRENT
)

LSTM = (
    '''
def gates(columns: np.ndarray) -> np.ndarray:
    """Our columns i, f, o, g in Keras' order i, f, c, o: its c is our g."""
    i, f, o, g = np.split(columns, 4, axis=-1)
    return np.concatenate([i, f, g, o], axis=-1)


def build() -> keras.Model:
    """One layer of gated cells, and a sigmoid after every bit: (rows, steps)."""
    ours = arrays()
    inputs = x = keras.Input((None, 1))
    x = «SIGNED»
    layer = keras.layers.LSTM(len(ours["w_hy"]), return_sequences=True)
    # The kernel is what the bits go through, the recurrent kernel the memory; one bias, as ours. A new
    # layer's forget gates would start at 1 (unit_forget_bias); here they have what ours have learned.
    weights = [gates(ours["W_xh"]), gates(ours["W_hh"]), gates(ours["b_h"])]
'''
    + _RECURRENT
)

ATTENTION = '''
START, FARTHEST = 2, 2


class Net(keras.Layer):
    """Attention that thinks aloud. keras.layers.MultiHeadAttention knows neither the bias by distance nor the
    factor by which longer rows keep their attention sharp, so the head is written out, with our arrays."""

    def __init__(self) -> None:
        super().__init__()
        self.ours = {}
        for name, array in arrays().items():
            self.ours[name] = self.add_weight(shape=array.shape, name=name)
            self.ours[name].assign(array)

    def call(self, read: np.ndarray, written: np.ndarray) -> keras.KerasTensor:
        """The logits (rows,) of the next bit. read: (rows, n). written: START, then bits, (rows, t + 1)."""
        ops, p = keras.ops, self.ours
        n, t = read.shape[1], written.shape[1] - 1
        bit, kind = ops.convert_to_tensor(p["E_bit"]), ops.convert_to_tensor(p["E_kind"])
        tokens = [ops.take(bit, read, axis=0) + kind[0], ops.take(bit, written, axis=0) + kind[1]]
        e = ops.concatenate(tokens, axis=1)
        place = np.concatenate([np.arange(1, n + 1), np.arange(t + 1)])
        distance = np.clip(place - t, -FARTHEST, FARTHEST) + FARTHEST
        c = float(«FACTOR»)
        query = e[:, -1] @ p["W_q"]  # of the place that answers
        scores = ((e @ p["W_k"]) @ query[:, :, None])[:, :, 0] / query.shape[1] ** 0.5
        attention = ops.softmax(c * (scores + ops.take(ops.convert_to_tensor(p["b_d"]), distance)), axis=1)
        r = (attention[:, None, :] @ (e @ p["W_v"]))[:, 0]
        u = e[:, -1] + r @ p["W_o"]
        o = u + ops.relu(u @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return (o @ p["w_y"][:, None])[:, 0] + p["b_y"]


def predict_proba(x: np.ndarray) -> np.ndarray:
    """P(label is 1) of each row: of the last bit that it writes. x: (rows, n)."""
    net, read = Net(), np.asarray(x, int)
    n = read.shape[1]
    written = np.full((len(read), 1), START)
    for _ in range(«PLACES»):
        z = net(read, written)
        bits = keras.ops.convert_to_numpy(z) > 0
        written = np.concatenate([written, bits[:, None]], axis=1)
    return keras.ops.convert_to_numpy(keras.ops.sigmoid(z))
'''
