"""The attention model for the two frameworks that stand on JAX, and for a training script."""

from __future__ import annotations

STEP = '''
START, FARTHEST = 2, 2


@jax.jit
def logits_at(p: dict, read: jax.Array, n: int, written: jax.Array, places: jax.Array) -> jax.Array:
    """The logits (rows, places) of what follows each of the `places`.

    read: (rows, columns), of which the first n count. written: START, then bits, (rows, m)."""
    columns, m = read.shape[1], written.shape[1]
    e = jnp.concatenate([p["E_bit"][read] + p["E_kind"][0], p["E_bit"][written] + p["E_kind"][1]], axis=1)
    e_w = e[:, columns + places]  # of the places that answer
    t = places[:, None]
    place = jnp.concatenate([jnp.arange(1, columns + 1), jnp.arange(m)])
    distance = jnp.clip(place - t, -FARTHEST, FARTHEST) + FARTHEST
    c = «JNP_FACTOR»
    scores = (e_w @ p["W_q"]) @ (e @ p["W_k"]).transpose(0, 2, 1) / e.shape[2] ** 0.5
    # What is written later can't be seen, nor what only fills a row up.
    seen = place <= jnp.where(jnp.arange(columns + m) < columns, n, t)
    attention = jax.nn.softmax(jnp.where(seen, c * (scores + p["b_d"][distance]), -jnp.inf), axis=2)
    u = e_w + attention @ (e @ p["W_v"]) @ p["W_o"]
    o = u + jax.nn.relu(u @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
    return o @ p["w_y"] + p["b_y"]
'''
"""The attention's equations: no layer of JAX's libraries knows its bias by distance and its factor."""

PREDICT = '''
def predict_proba(«NET»x: np.ndarray) -> np.ndarray:
    """P(label is 1) of each row: of the last bit that it writes. x: (rows, n)."""
    read = np.asarray(x, int)
    n = read.shape[1]
    m = «PLACES»
    written = np.full((len(read), m), START)
    for t in range(m):
        z = np.asarray(logits_at(«PARAMETERS», read, n, written, np.array([t])))[:, 0]
        if t + 1 < m:
            written[:, t + 1] = z > 0
    return np.asarray(jax.nn.sigmoid(z))
'''
