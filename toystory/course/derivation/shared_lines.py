"""Worked lines that several derivations share."""

from __future__ import annotations

from toystory.course.derivation.worked import Now, Worked, WorkedOut, number, plus, product


def answer(now: Now) -> Worked:
    """The answer, a = σ(z)."""
    z, a = _one(now, "z"), _one(now, "a")
    return Worked("a", f"σ({number(z)})", a)


def loss(now: Now) -> Worked:
    """L = log(1 + eᶻ) − y z, of the answer that has the label: the last one, in time."""
    end = Now(now.model, now.values, now.learning_rate, t=-1)
    z, y = _one(end, "z"), _one(end, "y")
    return Worked("L", f"log(1 + exp({number(z)})) − {product(y, z)}", float(now.parameter("L")))


def mark(now: Now) -> Worked:
    """How far the answer is on the side of a 1: right where its sign is the label's."""
    a = _one(now, "a")
    return Worked("a − ½", f"{number(a)} − 0.5", a - 0.5)


def error(now: Now) -> Worked:
    """The error of the answer, dz = a − y, over the one label that a single row has."""
    a, y, dz = (_one(now, name) for name in ("a", "y", "dz"))
    if "counts" in now.values and not now.is_last:
        return Worked("dz", "0", dz)
    return Worked("dz", f"{number(a)}{plus(-y) if y else ' − 0'}", dz)


def updated(name: str) -> WorkedOut:
    """θ ← θ − η dθ, for the first number of a parameter."""

    def worked(now: Now) -> Worked:
        before, slope, after = (now.parameter(n).flat[0] for n in (name, f"d{name}", f"{name}′"))
        expression = f"{number(before)} − {product(now.learning_rate, slope)}"
        return Worked(f"{name}[0]", expression, float(after))

    return worked


def _one(now: Now, name: str) -> float:
    """The only number that the cache holds under `name` for the row at this moment."""
    return float(now.row(name).reshape(-1)[0])
