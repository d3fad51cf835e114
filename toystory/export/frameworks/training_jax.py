"""Templates of a training script for JAX: functions of our arrays, as they are, and optax for the updates."""

from toystory.export.frameworks.jax_attention import PREDICT, STEP

NAME = "JAX"
IMPORTS = """
from collections.abc import Iterator

import jax

jax.config.update("jax_enable_x64", "«DTYPE»" == "float64")

import jax.numpy as jnp
import numpy as np
import optax

DTYPE = "«DTYPE»"
Net = dict[str, jax.Array]
"""
ACTIVATIONS = {"tanh": "jnp.tanh", "relu": "jax.nn.relu", "sigmoid": "jax.nn.sigmoid"}
DIFFERENCES = {
    "always": [
        "JAX computes in float32 unless it is told otherwise, and compiles a function anew for every shape:\n"
        "  shorter rows are filled up with bits that are not looked at.",
        "Nothing is drawn by itself: the model is our arrays and a function of them, and our notation stays.",
    ],
    "RNN": ["lax.scan takes the place of the loop over time, and keeps what backward needs by itself."],
    "LSTM": [
        "lax.scan takes the place of the loop over time, and keeps what backward needs by itself.",
        "flax' LSTMCell would begin with forget biases of 0 and with kernels drawn apart; these are ours.",
    ],
    "ATTENTION": [
        "flax' MultiHeadDotProductAttention adds biases to its four matrices, and knows neither a bias\n"
        "  by distance nor the factor that keeps longer rows sharp: the head is written out.",
        "Ours trains in a form that counts tokens of one kind and does not look at each: the same sums in\n"
        "  another order, so the last digits differ.",
    ],
    "adam": [
        "optax.adam has the same β₁, β₂ and ε = 1e-8, added after the bias correction, as ours. (Its\n"
        "  first step is little more than the gradient's sign: next to zero, rounding in float32 decides.)"
    ],
    "clip": ["optax.clip_by_global_norm leaves a gradient on the bound as it is, as ours does."],
}

_PREDICT = '''

def predict_proba(net: Net, x: np.ndarray) -> np.ndarray:
    """P(label is 1) of each row. x: bits, (rows, columns)."""
    return np.asarray(jax.nn.sigmoid(logits(net, jnp.asarray(x, DTYPE), x.shape[1])))
'''
DENSE = (
    '''
def logits(ours: Net, x: jax.Array, steps: int) -> jax.Array:
    """z (rows,) of the rows x (rows, columns), all of which are read at once."""
    a = «SIGNED»
    *hidden, (W, b) = «PAIRS»
    for W_l, b_l in hidden:
        a = «ACTIVATION»(a @ W_l + b_l)
    return (a @ W + b)[:, 0]
'''
    + _PREDICT
)
RNN = (
    '''
def logits(p: Net, x: jax.Array, steps: int) -> jax.Array:
    """z (rows,) of the rows x (rows, columns) after so many steps."""
    x = «SIGNED»

    def step(h: jax.Array, bits: jax.Array) -> tuple[jax.Array, jax.Array]:
        h = jnp.tanh(h @ p["W_hh"] + bits[:, None] @ p["W_xh"] + p["b_h"])
        return h, h

    _, h = jax.lax.scan(step, jnp.zeros((len(x), len(p["b_h"])), DTYPE), x.T)
    return h[steps - 1] @ p["w_hy"] + p["b_y"]
'''
    + _PREDICT
)
LSTM = (
    '''
Cells = tuple[jax.Array, jax.Array]


def logits(p: Net, x: jax.Array, steps: int) -> jax.Array:
    """z (rows,) of the rows x (rows, columns) after so many steps."""
    x = «SIGNED»

    def step(state: Cells, bits: jax.Array) -> tuple[Cells, jax.Array]:
        h, c = state
        s_i, s_f, s_o, s_g = jnp.split(h @ p["W_hh"] + bits[:, None] @ p["W_xh"] + p["b_h"], 4, axis=1)
        c = jax.nn.sigmoid(s_f) * c + jax.nn.sigmoid(s_i) * jnp.tanh(s_g)
        h = jax.nn.sigmoid(s_o) * jnp.tanh(c)
        return (h, c), h

    zeros = jnp.zeros((len(x), len(p["w_hy"])), DTYPE)
    _, h = jax.lax.scan(step, (zeros, zeros), x.T)
    return h[steps - 1] @ p["w_hy"] + p["b_y"]
'''
    + _PREDICT
)
ATTENTION = STEP + "\n" + PREDICT.replace("«NET»", "net: Net, ").replace("«PARAMETERS»", "net")
OPTIMIZERS = {
    "adam": "optax.adam(rate)",
    "momentum": "optax.sgd(rate, momentum=0.9)",
    "gradient descent": "optax.sgd(rate)",
}
CLIP = "optax.clip_by_global_norm(«NORM»), "
HOW = {
    "whole rows": {
        "GIVEN": "jnp.asarray(np.pad(x, missing), DTYPE), jnp.asarray(y, DTYPE)",
        "LOSS": """\
    return optax.sigmoid_binary_cross_entropy(logits(net, x, steps), y).mean()
""",
    },
    "thinking aloud": {
        "GIVEN": "np.pad(x, missing), np.pad(y, missing)",
        "LOSS": """\
    written = jnp.insert(y[:, :-1], 0, START, axis=1)  # it reads the right bits
    places = jnp.arange(COLUMNS)
    losses = optax.sigmoid_binary_cross_entropy(logits_at(net, x, steps, written, places), y.astype(DTYPE))
    return jnp.where(places < steps, losses, 0).sum() / (len(x) * steps)
""",
    },
    "at once": {
        "GIVEN": "np.pad(x, missing), y",
        "LOSS": """\
    z = logits_at(net, x, steps, jnp.full((len(x), 1), START), jnp.array([0]))[:, 0]
    return optax.sigmoid_binary_cross_entropy(z, y.astype(DTYPE)).mean()
""",
    },
}
"""How a batch is handed over, and how its loss is computed."""
UPDATE = '''
def rate(number: jax.Array) -> jax.Array:
    """The learning rate after so many updates."""
    return LEARNING_RATE - (LEARNING_RATE - LAST_RATE) * jnp.minimum(number / UPDATES, 1.0)


OPTIMIZER = optax.chain(«CLIP»«OPTIMIZER»)


class State:
    """What the optimiser remembers."""

    def __init__(self, net: Net) -> None:
        self.memory = OPTIMIZER.init(net)


def start() -> tuple[Net, State]:
    """The untrained model, and what its training remembers."""
    net = {name: jnp.asarray(array) for name, array in arrays().items()}
    return net, State(net)


def mean_loss(net: Net, x: jax.Array, y: jax.Array, steps: int) -> jax.Array:
    """The mean cross-entropy."""
«LOSS»

@jax.jit
def one_update(net: Net, memory: optax.OptState, x: jax.Array, y: jax.Array, steps: int) -> tuple:
    """The loss before it; the model and the memory after it."""
    loss, gradients = jax.value_and_grad(mean_loss)(net, x, y, steps)
    changes, memory = OPTIMIZER.update(gradients, memory, net)
    return loss, optax.apply_updates(net, changes), memory


def update(net: Net, optimizer: State, x: np.ndarray, y: np.ndarray, number: int) -> float:
    """Learn one batch, in place; the loss before it. number: updates made; optax counts them itself."""
    steps = x.shape[1]
    missing = ((0, 0), (0, COLUMNS - steps))  # always of one shape, so that it is compiled once
    given = «GIVEN»
    loss, after, optimizer.memory = one_update(net, optimizer.memory, *given, steps)
    net.update(after)
    return float(loss)
'''
