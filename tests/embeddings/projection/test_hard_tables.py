"""Tables that libraries stumble on, by every method: drawn, or refused by a sentence, and drawn the same again."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from embeddings.common.errors import InvalidInput
from embeddings.projection import METHODS, Range, project, transform
from embeddings.projection.tsne import PLAIN_MIN_STEPS
from tests.embeddings.projection.methods import WAYS


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).normal(size=shape)


def tables() -> dict[str, np.ndarray]:
    return {
        "twins": np.repeat(normal(12, 6), 4, axis=0),
        "two places": np.repeat(np.eye(2, 3), 15, axis=0),
        "one that differs": np.concatenate([np.ones((20, 4)), 2 * np.ones((1, 4))]),
        "one-hot": np.eye(20),
        "yes and no": (normal(60, 4) > 0) * 1.0,
        "a constant column": np.column_stack([np.full(30, 12_345.6), normal(30, 2)]),
        "one column": normal(30, 1),
        "a line": np.outer(np.arange(1, 31), np.ones(4)),
        "more columns than rows": normal(8, 60),
        **{f"{n} rows": normal(n, 5) for n in (2, 3, 4, 5)},
        "tiny": 1e-12 * normal(30, 5),
        "huge": 1e11 * normal(30, 5),
        "a row of zeros": np.concatenate([np.zeros((1, 5)), normal(20, 5)]),
        "one very far": np.concatenate([normal(20, 5), np.full((1, 5), 1e12)]),
        "far from zero": 1e6 + normal(30, 5),
    }


def options_at_each_bound(way: tuple[str, dict], n: int) -> list[dict]:
    """The least and the largest value of what counts most, each with few steps."""
    method, chosen = METHODS[way[0]], dict(way[1])
    if method.iterative:
        chosen["n_iter"] = PLAIN_MIN_STEPS if chosen.get("backend") == "plain" else 20
    for option in method.options:
        if isinstance(option, Range) and option.main:
            low, high = option.bounds(n)
            return [chosen | {option.name: value} for value in sorted({low, max(low, high)})]
    return [chosen]


def drawn_or_refused(table: np.ndarray, way: tuple[str, dict], metric: str, options: dict) -> str:
    """What came of it: the map and its additions as a hash, or the sentence."""
    try:
        drawn = project(table, way[0], metric=metric, **options)
        added = transform(drawn, table, table[-2:])
    except InvalidInput as refusal:
        return str(refusal)
    assert np.isfinite(drawn.coordinates).all()
    assert np.isfinite(added).all()
    return sha256(drawn.coordinates.tobytes() + added.tobytes()).hexdigest()


def all_of(way: tuple[str, dict]) -> list[str]:
    """The other process calls this too."""
    return [
        drawn_or_refused(table, way, metric, options)
        for table in tables().values()
        for metric in ("euclidean", "cosine")
        for options in options_at_each_bound(way, len(table))[: 1 if metric == "cosine" else None]
    ]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_hard_tables_are_drawn_or_refused_and_drawn_the_same_again(way):
    here = str(Path(__file__).parent)
    script = (
        f"import sys; sys.path.insert(0, {here!r}); import test_hard_tables as t; print(*t.all_of({way!r}), sep='|')"
    )
    first = all_of(way)

    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert all_of(way) == first
    assert printed.stdout.strip().split("|") == first
    assert sum(len(each) == 64 for each in first) > len(first) / 2
