"""The attention model for the two frameworks that stand on JAX."""

STEP = '''
START, FARTHEST = 2, 2


@partial(jax.jit, static_argnames="n")
def next_logits(p: dict[str, jax.Array], token: jax.Array, t: jax.Array, n: int) -> jax.Array:
    """The logits (rows,) of the bit to be written at t + 1. token: n read, then m written, (rows, n + m)."""
    m = token.shape[1] - n
    kind = jnp.concatenate([jnp.zeros(n, int), jnp.ones(m, int)])
    place = jnp.concatenate([jnp.arange(1, n + 1), jnp.arange(m)])
    e = p["E_bit"][token] + p["E_kind"][kind]
    distance = jnp.clip(place - t, -FARTHEST, FARTHEST) + FARTHEST
    c = «JNP_FACTOR»
    e_w = e[:, n + t]  # of the place that answers
    query = e_w @ p["W_q"]
    scores = ((e @ p["W_k"]) @ query[:, :, None])[:, :, 0] / query.shape[1] ** 0.5
    there = jnp.arange(n + m) <= n + t  # what is not written yet can't be seen
    attention = jax.nn.softmax(jnp.where(there, c * (scores + p["b_d"][distance]), -jnp.inf), axis=1)
    r = (attention[:, None, :] @ (e @ p["W_v"]))[:, 0]
    u = e_w + r @ p["W_o"]
    o = u + jax.nn.relu(u @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
    return o @ p["w_y"] + p["b_y"]
'''
"""The attention's equations: no layer of JAX's libraries knows its bias by distance and its factor."""

PREDICT = '''
def predict_proba(x: np.ndarray) -> np.ndarray:
    """P(label is 1) of each row: of the last bit that it writes. x: (rows, n)."""
    x = np.asarray(x, int)
    n = x.shape[1]
    m = «PLACES»
    p = «PARAMETERS»
    token = np.concatenate([x, np.full((len(x), m), START)], axis=1)
    for t in range(m):
        z = np.asarray(next_logits(p, jnp.asarray(token), t, n))
        if t + 1 < m:
            token[:, n + t + 1] = z > 0
    return np.asarray(jax.nn.sigmoid(jnp.asarray(z)))
'''
