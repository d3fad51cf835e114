"""Attention that thinks aloud: it writes the answer down bit by bit, and looks back at whatever it likes.

Asked for the parity of fifty bits at once, a machine has one hard question. This one may write: after it has
read the row it writes the parity of the first bit, of the first two, … of all, and reads what it wrote.
The last bit written is the answer. While it learns, the right bits are written for it; afterwards it reads
its own.

Notation and shapes, for `rows` rows of n bits. A row is read at the places 1 … n. Written are `start` at
place 0 and then n − 1 bits at the places 1 … n − 1, each beside the bit that was read there. From place t
the model answers with the bit to be written at t + 1; if it does not think aloud, it answers from `start`
alone. With m places written (n, or 1), a row's tokens are its n bits and then what is written, n + m in all:
    token   (rows, n + m)          0, 1 or 2 for start       kind  (n + m,)   0 read, 1 written
    E_bit   (3, width)             what 0, 1 and start mean  E_kind (2, width)  what read and written mean
    e       (rows, n + m, width)   the tokens as vectors     e_w   (rows, m, width)  of those, the written
    W_q, W_k, W_v, W_o (width, width)    query, key, value, and from the head back to the vector
    q       (rows, m, width)       what a written place looks for
    k, v    (rows, n + m, width)   what a token shows itself by, and what it has to say
    b_d     (5,)                   how much a distance of −2 or less, −1, 0, 1, 2 or more counts for
    c       (m, 1)                 log(tokens to look at) / log 50; 1 without `scale_scores`
    g, s, p (rows, m, n + m)       matches; scores; attention, which adds up to 1 over the tokens
    r       (rows, m, width)       what the head has read
    W1      (width, hidden), b1 (hidden,)    W2 (hidden, width), b2 (width,)    the ReLU layer
    u, o    (rows, m, width)       the vector after the head, and after the layer
    w_y     (width,)               vector to answer          b_y   (1,)
    z, a    (rows, m)              logit and probability of the bit to be written next

Forward:
    e  = E_bit[token] + E_kind[kind]
    q  = e_w W_q        k = e W_k        v = e W_v
    g  = q kᵀ / √width + b_d[distance]
    s  = c ∘ g           −∞ for what is not written yet
    p  = softmax(s)      over the tokens
    r  = p v
    u  = e_w + r W_o
    z1 = u W1 + b1
    h  = max(0, z1)
    o  = u + h W2 + b2
    z  = o w_y + b_y
    a  = σ(z)
    L  = mean over the labelled answers of −[y log a + (1 − y) log(1 − a)]

Backward, each line undone in reverse order; Σ without a name is over rows and places:
    dz  = (a − y) / labelled answers
    do  = dz w_yᵀ                     dw_y = Σ o dz             db_y = Σ dz
    dh  = do W2ᵀ                      dW2  = Σ hᵀ do            db2  = Σ do
    dz1 = dh where z1 > 0, else 0
    du  = do + dz1 W1ᵀ                dW1  = Σ uᵀ dz1           db1  = Σ dz1
    dr  = du W_oᵀ                     dW_o = Σ rᵀ du
    dp  = dr vᵀ                       dv   = pᵀ dr
    ds  = p ∘ (dp − Σ_tokens p ∘ dp)
    dg  = c ∘ ds                      db_d = Σ dg at each distance
    dq  = dg k / √width               dk   = dgᵀ q / √width
    de  = dk W_kᵀ + dv W_vᵀ           de_w += dq W_qᵀ + du      the written tokens ask, too
    dW_q = Σ e_wᵀ dq                  dW_k = Σ eᵀ dk            dW_v = Σ eᵀ dv
    dE_bit = Σ de of each token       dE_kind = Σ de of each kind

Softmax shares one whole among all tokens: on longer rows there are more of them, and the same scores give
the one that matters a smaller share. The factor c makes the scores larger in step.

Training computes this in the form of models/fast/attention.py: tokens of the same kind at the same distance
have the same score, so they are counted, and not looked at one by one.

Vaswani et al., 'Attention Is All You Need', NeurIPS 2017; Chiang & Cholak, 'Overcoming a Theoretical
Limitation of Self-Attention', ACL 2022, for the factor; Cho et al., 'Position Coupling', NeurIPS 2024, for
the places; Kim & Suzuki, 'Transformers Provably Solve Parity Efficiently with Chain of Thought', ICLR 2025.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from toystory.models.model import Model
from toystory.models.parts.activations import relu, sigmoid
from toystory.models.parts.arrays import Bits, Cache, FloatArray, Lengths, Parameters
from toystory.models.parts.batches import Batch
from toystory.models.parts.first_weights import gaussian, he

START = 2
"""The token that is written before any bit."""
FARTHEST = 2
"""Distances beyond this count alike."""
DISTANCES = 2 * FARTHEST + 1
EMBEDDING_SCALE = 0.1
"""Standard deviation of the first embeddings: small, so that no token draws attention before it has earned
it."""
ROWS_AT_ONCE = 64
TOKENS_AT_ONCE = 1 << 15
"""Tokens whose keys and values are kept while rows are written."""
PARAMETER_NAMES = ("E_bit", "E_kind", "W_q", "W_k", "W_v", "W_o", "b_d", "W1", "b1", "W2", "b2", "w_y", "b_y")


class Attention(Model):
    """One head of attention, a ReLU layer, and one sigmoid; 590 numbers at the usual size.

    width: numbers that stand for a token. hidden: ReLU units. thinks_aloud: write the running parity, and not
    the answer at once. scale_scores: the factor c, which keeps attention sharp on longer rows.
    """

    rows_at_once = ROWS_AT_ONCE

    def __init__(
        self,
        width: int = 8,
        hidden: int = 16,
        *,
        thinks_aloud: bool = True,
        scale_scores: bool = True,
        seed: int = 0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        settings = {
            "width": width,
            "hidden": hidden,
            "thinks_aloud": thinks_aloud,
            "scale_scores": scale_scores,
        }
        super().__init__(settings, seed, dtype)
        if width < 1:
            raise ValueError(f"width is {width}: expected a whole number above zero")
        self.width, self.hidden = width, hidden
        self._one_over_root = self.dtype.type(width**-0.5)
        self.thinks_aloud, self.scale_scores = thinks_aloud, scale_scores
        rng = np.random.default_rng(seed)
        square, scale = (width, width), width**-0.5
        self._add_parameters(
            E_bit=gaussian(rng, (START + 1, width), EMBEDDING_SCALE),
            E_kind=gaussian(rng, (2, width), EMBEDDING_SCALE),
            W_q=gaussian(rng, square, scale),
            W_k=gaussian(rng, square, scale),
            W_v=gaussian(rng, square, scale),
            W_o=gaussian(rng, square, scale),
            b_d=np.zeros(DISTANCES),
            W1=he(rng, (width, hidden)),
            b1=np.zeros(hidden),
            W2=gaussian(rng, (hidden, width), hidden**-0.5),
            b2=np.zeros(width),
            w_y=gaussian(rng, (width,), scale),
            b_y=np.zeros(1),
        )

    def forward(self, x: ArrayLike, written: ArrayLike | None = None) -> Cache:
        """Answer from every written place.

        Args:
            x: bits, (rows, n).
            written: the running parity as somebody else would write it, (rows, n): the model reads the first
                n − 1 of them. Unless given, it writes for itself first.

        Returns:
            Every value of the equations by its name; `a` (rows, m).
        """
        x = self._rows(x)
        token = self.tokens(x, written)
        n, m = x.shape[1], token.shape[1] - x.shape[1]
        kind = np.repeat([0, 1], [n, m])
        t = np.arange(m)[:, None]
        distance, c = self.distances(n, t, n + m), self.factor(n + t + 1)
        unseen = np.arange(n + m) > n + t
        E_bit, E_kind, W_q, W_k, W_v, W_o, b_d, W1, b1, W2, b2, w_y, b_y = self._in_order()

        e = E_bit[token] + E_kind[kind]
        e_w = e[:, n:]
        q = e_w @ W_q
        k = e @ W_k
        v = e @ W_v
        g = q @ k.transpose(0, 2, 1) * self._one_over_root + b_d[distance]
        s = c * g
        s[:, unseen] = -np.inf
        p = softmax(s)
        r = p @ v
        u = e_w + r @ W_o
        z1 = u @ W1 + b1
        h = relu(z1)
        o = u + h @ W2 + b2
        z = o @ w_y + b_y
        a = sigmoid(z)
        cache = {"x": x, "token": token, "kind": kind, "distance": distance, "c": c, "e": e}
        cache |= {"q": q, "k": k, "v": v, "g": g, "s": s, "p": p}
        return cache | {"r": r, "u": u, "z1": z1, "h": h, "o": o, "z": z, "a": a}

    def backward(self, cache: Cache, y: ArrayLike) -> Parameters:
        """The gradients.

        Args:
            cache: Of a forward pass.
            y: Labels of the last answers, (rows,), or of every one, (rows, m).
        """
        token, kind, distance, c, e = (cache[name] for name in ("token", "kind", "distance", "c", "e"))
        q, k, v, p, r, u, z1, h, o = (cache[name] for name in ("q", "k", "v", "p", "r", "u", "z1", "h", "o"))
        names = ("W_q", "W_k", "W_v", "W_o", "W1", "W2", "w_y")
        W_q, W_k, W_v, W_o, W1, W2, w_y = (self.parameters[name] for name in names)
        n = cache["x"].shape[1]
        e_w = e[:, n:]

        dz = self._answer_errors(cache, y)
        do = dz[:, :, None] * w_y
        dw_y, db_y = over_places(o, dz[:, :, None])[:, 0], dz.sum(keepdims=True)[0]
        dh = do @ W2.T
        dW2, db2 = over_places(h, do), do.sum(axis=(0, 1))
        dz1 = dh * (z1 > 0)
        du = do + dz1 @ W1.T
        dW1, db1 = over_places(u, dz1), dz1.sum(axis=(0, 1))
        dr = du @ W_o.T
        dW_o = over_places(r, du)
        dp = dr @ v.transpose(0, 2, 1)
        dv = p.transpose(0, 2, 1) @ dr
        ds = p * (dp - (p * dp).sum(axis=2, keepdims=True))
        dg = c * ds
        db_d = at_each_distance(dg, distance)
        dq = dg @ k * self._one_over_root
        dk = dg.transpose(0, 2, 1) @ q * self._one_over_root
        de = dk @ W_k.T + dv @ W_v.T
        de[:, n:] += dq @ W_q.T + du
        dW_q = over_places(e_w, dq)
        dW_k = over_places(e, dk)
        dW_v = over_places(e, dv)
        dE_bit = np.stack([de[token == j].sum(axis=0) for j in range(START + 1)])
        dE_kind = np.stack([de[:, kind == j].sum(axis=(0, 1)) for j in range(2)])
        cache.update(dz=dz, do=do, dh=dh, dz1=dz1, du=du, dr=dr)
        cache.update(dp=dp, dv=dv, ds=ds, dg=dg, dq=dq, dk=dk, de=de)
        gradients = (dE_bit, dE_kind, dW_q, dW_k, dW_v, dW_o, db_d, dW1, db1, dW2, db2, dw_y, db_y)
        return dict(zip(PARAMETER_NAMES, gradients, strict=True))

    def loss_and_gradients(
        self, x: ArrayLike, y: ArrayLike, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        """As for every model; labels of (rows, n) are also what is written while the model learns.

        Args:
            x: Bits, (rows, n).
            y: Labels, (rows,) or (rows, n).
            lengths: How many bits of each row count, (rows,); None for all.
        """
        self._lengths(lengths, *self._rows(x).shape)
        cache = self.forward(x, self._given(y))
        gradients = self.backward(cache, y)
        return self._labelled_loss(cache["z"], y), gradients

    def think_aloud(self, x: ArrayLike) -> Bits:
        """Write the running parity of the rows `x` (rows, n), each bit reading those before: (rows, n).

        Keys and values of the tokens so far are kept, so that a bit costs one query and no second look.
        """
        x = self._rows(x)
        written = np.zeros(x.shape, np.uint8)
        for rows in self._pieces(x):
            for t, z in enumerate(self.logits_in_turn(x[rows])):
                written[rows, t] = z > 0
        return written

    def predict_proba(self, x: ArrayLike, lengths: Lengths | None = None) -> FloatArray:
        """The probability that each row's label is 1: that of the last bit that it writes, (rows,).

        Args:
            x: Bits, (rows, n).
            lengths: How many bits of each row count, (rows,); None for all.
        """
        x = self._rows(x)
        self._lengths(lengths, *x.shape)
        z = np.zeros(len(x), self.dtype)
        for rows in self._pieces(x):
            for logits in self.logits_in_turn(x[rows]):
                z[rows] = logits
        return sigmoid(z)

    def score(self, x: ArrayLike, y: ArrayLike, lengths: Lengths | None = None) -> float:
        """Accuracy: the share of rows answered right; with labels (rows, n), of rows with every bit right.

        Args:
            x: Bits, (rows, n).
            y: Labels, (rows,) or (rows, n).
            lengths: How many bits of each row count, (rows,); None for all.
        """
        if self._given(y) is None:
            return super().score(x, y, lengths)
        batch = self._batch(x, y, lengths)
        return float(np.mean((self.think_aloud(batch.x) == self._labels(y, batch.x.shape)).all(axis=1)))

    def _pieces(self, x: Bits) -> Iterator[slice]:
        """All rows, so many at a time that their keys and values stay at hand."""
        rows_at_once = max(1, TOKENS_AT_ONCE // (2 * x.shape[1]))
        for first in range(0, len(x), rows_at_once):
            yield slice(first, first + rows_at_once)

    def logits_in_turn(self, x: Bits) -> Iterator[FloatArray]:
        """The logits (rows,) of one written bit after the other, the model reading its own."""
        rows, n = x.shape
        m = n if self.thinks_aloud else 1
        E_bit, E_kind, W_q, W_k, W_v, W_o, b_d, W1, b1, W2, b2, w_y, b_y = self._in_order()
        k, v = np.empty((2, rows, n + m, self.width), self.dtype)
        e = E_bit[x.astype(np.intp)] + E_kind[0]
        k[:, :n], v[:, :n] = e @ W_k, e @ W_v
        token = np.full(rows, START)
        for t in range(m):
            self.interrupt()
            there = n + t + 1
            e_w = E_bit[token] + E_kind[1]
            k[:, there - 1], v[:, there - 1] = e_w @ W_k, e_w @ W_v
            distance, c = self.distances(n, t, there), self.factor(np.array(there))
            s = c * ((k[:, :there] @ (e_w @ W_q)[:, :, None])[:, :, 0] * self._one_over_root + b_d[distance])
            r = (softmax(s)[:, None, :] @ v[:, :there])[:, 0]
            vector = e_w + r @ W_o
            vector = vector + relu(vector @ W1 + b1) @ W2 + b2
            z = vector @ w_y + b_y
            yield z
            token = (z > 0).astype(np.intp)

    def _in_order(self) -> list[FloatArray]:
        """The parameters, in the order of PARAMETER_NAMES."""
        return [self.parameters[name] for name in PARAMETER_NAMES]

    def tokens(self, x: Bits, written: ArrayLike | None) -> NDArray[np.intp]:
        """What is read and written, as numbers of `E_bit`.

        Args:
            x: Bits read, (rows, n).
            written: Bits written so far, (rows, m); None for none.

        Returns:
            (rows, n + m).
        """
        start = np.full((len(x), 1), START)
        if not self.thinks_aloud:
            return np.hstack([x, start]).astype(np.intp)
        bits = self.think_aloud(x) if written is None else np.asarray(written)
        if bits.shape != x.shape:
            raise ValueError(f"written has shape {bits.shape}: expected {x.shape}, a bit for each one read")
        return np.hstack([x, start, bits[:, :-1]]).astype(np.intp)

    def distances(self, n: int, t: NDArray[np.intp] | int, tokens: int) -> NDArray[np.intp]:
        """How far tokens are from a place that is written, as an index of `b_d`.

        Args:
            n: Bits of a row.
            t: The place, or places.
            tokens: How many of the first tokens.
        """
        place = np.concatenate([np.arange(1, n + 1), np.arange(tokens - n)])
        return np.clip(place - t, -FARTHEST, FARTHEST).astype(np.intp) + FARTHEST

    def factor(self, tokens: NDArray[np.intp]) -> FloatArray:
        """c, where there are so many tokens to look at."""
        c = np.log(tokens) / np.log(50) if self.scale_scores else np.ones(tokens.shape)
        return np.asarray(c, self.dtype)

    def _given(self, y: ArrayLike) -> ArrayLike | None:
        """The labels as the written bits, where there is one for each."""
        return y if np.ndim(y) == 2 and self.thinks_aloud else None

    def _answer_errors(self, cache: Cache, y: ArrayLike) -> FloatArray:
        """dz (rows, m): 0 for an answer without a label."""
        a: FloatArray = cache["a"]
        if np.ndim(y) == 2:
            cache["y"] = labels = self._labels(y, a.shape)
            return (a - labels) / a.size
        cache["y"] = labels = self._labels(y, a.shape[:1])
        dz = np.zeros_like(a)
        dz[:, -1] = (a[:, -1] - labels) / len(a)
        return dz

    def _loss(self, batch: Batch) -> float:
        return self._labelled_loss(self.forward(batch.x, self._given(batch.y))["z"], batch.y)

    def _labelled_loss(self, z: FloatArray, y: ArrayLike) -> float:
        return self._mean_loss(z if np.ndim(y) == 2 else z[:, -1], y)


def softmax(s: FloatArray) -> FloatArray:
    """e^s / Σ e^s along the last axis; the largest is taken out first, so that nothing overflows."""
    p: FloatArray = np.exp(s - s.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return p


def at_each_distance(dg: FloatArray, distance: NDArray[np.intp]) -> FloatArray:
    """Σ dg over rows and over all pairs of one distance, for every distance.

    Args:
        dg: Gradients of the scores, (rows, places, tokens).
        distance: As an index of `b_d`, (places, tokens).

    Returns:
        (distances,).
    """
    of_pairs = dg.sum(axis=0).reshape(-1)
    return np.bincount(distance.reshape(-1), of_pairs, DISTANCES).astype(dg.dtype)


def over_places(a: FloatArray, b: FloatArray) -> FloatArray:
    """Σ aᵀ b over rows and places.

    Args:
        a: (rows, places, i).
        b: (rows, places, j).

    Returns:
        (i, j).
    """
    sums: FloatArray = a.reshape(-1, a.shape[-1]).T @ b.reshape(-1, b.shape[-1])
    return sums
