"""What a learner's whole models came to, kept: a file for each, under the learner's home."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from toystory.base import files
from toystory.base.paths import WHOLE_MODELS, home
from toystory.course.catalogue import NAMES
from toystory.grading.failures import Source
from toystory.grading.own_model.training import Moment
from toystory.grading.own_model.training_grounds import GROUNDS, Ground
from toystory.models.parts.history import History
from toystory.render import numbers

CURVE_POINTS = 200
Curve = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class SeedResult:
    """What training from one seed came to.

    Attributes:
        updates: Made; 0 where `train` let nobody see them.
        seconds: That they took.
        loss: The last one measured; NaN where none was.
        share: Answered right in the end.
        curve: Updates with the loss of their batch.
    """

    updates: int
    seconds: float
    loss: float
    share: float
    curve: Curve = ()


@dataclass(frozen=True)
class OwnResult:
    """What one file came to.

    Attributes:
        lesson: Whose whole model it is.
        model: As the big table calls it.
        file: Its name.
        digest: Of its text: another text begins anew.
        units: Its size in words.
        numbers: How many numbers are trained.
        tested_on: The rows that it was measured on, in words.
        bar: The share of them that has to be right.
        seeds: What each came to.
        trained: When it was trained last, in UTC.
    """

    lesson: str
    model: str
    file: str
    digest: str
    units: str
    numbers: int
    tested_on: str
    bar: float
    seeds: Mapping[int, SeedResult]
    trained: str = ""

    @property
    def reached(self) -> int:
        """How many seeds reached the bar."""
        return sum(each.share >= self.bar for each in self.seeds.values())

    @property
    def shown(self) -> SeedResult:
        """The first seed that reached the bar, else the first one."""
        good = [seed for seed, each in sorted(self.seeds.items()) if each.share >= self.bar]
        return self.seeds[good[0] if good else min(self.seeds)]

    @property
    def of_seeds(self) -> str:
        """k of N seeds."""
        return f"{self.reached} of {len(self.seeds)} seed{'' if len(self.seeds) == 1 else 's'}"

    def line(self) -> str:
        """All of it in a line."""
        one = self.shown
        updates = f"{one.updates:,} update{'' if one.updates == 1 else 's'}, " if one.updates else ""
        loss = (
            ""
            if math.isnan(one.loss)
            else f", loss {one.loss:.4f}"
            if abs(one.loss) < 1e4
            else f", loss {one.loss:.1e}"
        )
        share = "" if self.bar == 1 else f"{100 * self.bar:.0f} % of "
        return (
            f"mine, {self.model} ({self.file}, {self.units}): {self.of_seeds} right on {share}"
            f"{self.tested_on}; one of them {numbers.accuracy(one.share)}{loss}, {self.numbers:,} "
            f"parameters, {updates}{numbers.seconds(one.seconds)}"
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values; what is not a finite number is null."""
        seeds = {
            str(seed): asdict(each) | {"loss": each.loss if math.isfinite(each.loss) else None}
            for seed, each in sorted(self.seeds.items())
        }
        return asdict(replace(self, seeds={})) | {"seeds": seeds, "reached": self.reached}


def summary(moment: Moment, losses: History) -> SeedResult:
    """What a training that is over came to.

    Args:
        moment: Its last one.
        losses: By update.
    """
    points = losses.points
    few = points[:: -(-len(points) // CURVE_POINTS) or 1]
    curve = tuple((update, loss) for update, loss in few if math.isfinite(loss))
    loss = points[-1][1] if points else math.nan
    return SeedResult(moment.updates, round(moment.seconds, 3), loss, moment.share, curve)


def joined(
    source: Source,
    ground: Ground,
    seed: int,
    result: SeedResult,
    numbers: int,
    before: OwnResult | None = None,
) -> OwnResult:
    """What a seed came to, beside what others of the same text did.

    Args:
        source: The learner's file.
        ground: What it was trained on.
        seed: From which.
        result: What it came to.
        numbers: How many numbers were trained.
        before: What others came to; None for what is kept of them.
    """
    digest = hashlib.sha256(source.text.encode()).hexdigest()[:24]
    before = before or load(ground.lesson)
    seeds = dict(before.seeds) if before is not None and before.digest == digest else {}
    return OwnResult(
        lesson=ground.lesson,
        model=ground.model,
        file=source.name,
        digest=digest,
        units=ground.units,
        numbers=numbers,
        tested_on=ground.test_name,
        bar=ground.bar,
        seeds={**seeds, seed: result},
        trained=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def keep(results: OwnResult) -> None:
    """Write it down. Raises OSError where that can't be done."""
    folder().mkdir(parents=True, exist_ok=True)
    files.write(_path(results.lesson), json.dumps(results.as_json()))


def load(lesson: str) -> OwnResult | None:
    """What is kept of this lesson's whole model; None where there is nothing, or nothing that can be read."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        written = json.loads(_path(lesson).read_text(encoding="utf-8"))
        del written["reached"]
        seeds = {int(seed): _seed(each) for seed, each in written["seeds"].items()}
        return OwnResult(**{**written, "seeds": seeds}) if seeds else None
    return None


def mine() -> list[OwnResult]:
    """Those of which a seed reached the bar, in the order of the story."""
    kept = [load(lesson) for lesson in NAMES if lesson in GROUNDS]
    return [each for each in kept if each is not None and each.reached]


def folder() -> Path:
    """Where they are; it may not exist yet."""
    return home() / WHOLE_MODELS


def _path(lesson: str) -> Path:
    return folder() / f"{lesson}.json"


def _seed(values: dict[str, Any]) -> SeedResult:
    curve = tuple((int(update), float(loss)) for update, loss in values["curve"])
    loss = math.nan if values["loss"] is None else float(values["loss"])
    return SeedResult(int(values["updates"]), float(values["seconds"]), loss, float(values["share"]), curve)
