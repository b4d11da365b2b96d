import sys
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from embeddings.common import memory
from embeddings.common.memory import SHARE, allowed_bytes, held_bytes


@dataclass(frozen=True)
class Holding:
    table: np.ndarray
    names: tuple[str, ...]


@pytest.mark.parametrize(
    ("value", "least"),
    [
        ("x" * 50_000, 50_000),
        (np.zeros((100, 100), np.float32)[::2], 40_000),  # a view keeps all of what it looks at
        ({"words": ["x" * 30_000, "y" * 30_000]}, 60_000),
        (Holding(np.zeros(5_000), ("x" * 20_000,)), 60_000),
    ],
)
def test_what_a_value_holds_is_counted_through_and_through(value, least):
    assert least <= held_bytes(value, sys.maxsize) < 1.1 * least


def test_what_is_held_twice_counts_once_and_counting_ends_early():
    array = np.zeros(10_000)
    assert held_bytes([array, array], sys.maxsize) < 1.1 * array.nbytes
    assert held_bytes([np.zeros(1_000) for _ in range(100)], 10_000) < 30_000


@pytest.mark.parametrize(
    ("machine", "groups", "cap", "free"),
    [(1_000, [400], [], 400), (300, [400], [], 300), (300, [], [], 300), (900, [700, 600], [500], 500)],
)
def test_a_share_of_the_smallest_room_may_be_used(monkeypatch, machine, groups, cap, free):
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: SimpleNamespace(available=machine))
    monkeypatch.setattr(memory, "groups_free", lambda: groups)
    monkeypatch.setattr(memory, "cap_free", lambda: cap)
    memory._free_bytes.cache_clear()

    assert allowed_bytes() == SHARE * free
    memory._free_bytes.cache_clear()
