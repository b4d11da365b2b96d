import sys
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from embeddings.common import memory
from embeddings.common.memory import SHARE, _container_free, allowed_bytes, held_bytes


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


def control_group(root, files):
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({"memory.max": "1000\n", "memory.current": "300\n"}, 700),
        ({"memory/memory.limit_in_bytes": "1000\n", "memory/memory.usage_in_bytes": "100\n"}, 900),
        ({"memory.max": "1000\n", "memory.current": "1500\n"}, 0),
        ({"memory.max": "max\n", "memory.current": "300\n"}, None),
        ({"memory.max": "1000\n"}, None),
        ({"memory.max": "1000\n", "memory.current": "?\n"}, None),
        ({}, None),
    ],
)
def test_a_container_has_free_what_its_limit_leaves(tmp_path, files, free):
    assert _container_free(control_group(tmp_path, files)) == free


def test_the_newer_control_groups_are_asked_first(tmp_path):
    newer = {"memory.max": "1000", "memory.current": "300"}
    older = {"memory/memory.limit_in_bytes": "50", "memory/memory.usage_in_bytes": "0"}

    assert _container_free(control_group(tmp_path, newer | older)) == 700


@pytest.mark.parametrize(("machine", "container", "free"), [(1_000, 400, 400), (300, 400, 300), (300, None, 300)])
def test_a_share_of_the_smaller_room_may_be_used(monkeypatch, machine, container, free):
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: SimpleNamespace(available=machine))
    monkeypatch.setattr(memory, "_container_free", lambda: container)

    assert allowed_bytes() == SHARE * free
