"""Builds the timed workloads: the very calls, ready to run."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import required
from embeddings.lookup import cost
from embeddings.lookup.hardware import cache_bytes
from embeddings.lookup.results import Workload
from embeddings.lookup.variants import BACKWARD, BUILD, EMBEDDING, FORWARD, LINEAR, MATMUL, REPEATED, SPARSE, STEP, ZIPF

Call = Callable[[], Any]

BLOCK_ROWS = 4_096  # of random rows that a large table repeats: its numbers play no part in the time
TIMES_CACHE = 2  # how much more memory than the cache holds the cold runs go over
MAX_CALLS = 20_000  # prepared in a rotation; each is a handful of Python objects
RATE = 1e-4  # of the optimiser; small, so that thousands of steps leave W finite


def rotation(point: Workload) -> tuple[int, int]:
    """How many tables, and how many prepared calls, ``point`` is measured over: (1, 1) unless it is cold.

    There are as many as go over ``TIMES_CACHE`` caches together, at most ``MAX_CALLS``.
    """
    if not point.cold:
        return 1, 1
    calls = _share(point, _touched_bytes(point))
    if not _table_bytes_touched(point):
        return 1, calls
    table = cost.table_bytes(point.variant, point.phase, *point.size[:2], point.item_bytes)
    return min(calls, _share(point, table)), calls


def rotated_bytes(point: Workload) -> int:
    """Bytes that ``point`` is measured over in turn; 0 unless it is cold."""
    return rotation(point)[1] * _touched_bytes(point) if point.cold else 0


def bytes_held(point: Workload) -> int:
    """The most bytes that measuring ``point`` holds at once."""
    return cost.bytes_held(point.variant, point.phase, *point.size, point.item_bytes, *rotation(point))


def prepare(point: Workload, table: NDArray[np.float32] | None = None, seed: int = 0) -> Call:
    """The call of ``point``, with its table, ids and gradients made.

    Args:
        point: What to call.
        table: Float32 with at least V rows and exactly D columns; by default random numbers.
        seed: Of table and ids.
    """
    tables, calls = rotation(point)
    W = [] if point.phase == BUILD else [_table(point, table, seed + which) for which in range(tables)]  # [V, D] each
    build = _CALLS[point.variant, point.phase]
    ids = _to_torch(draw_ids(point, calls, seed)).to(point.device)  # [calls, B]
    if point.phase != BUILD and point.variant == LINEAR:
        for which in range(tables):
            W[which] = W[which].T.contiguous()  # [D, V], the weight of nn.Linear
    prepared = [build(point, W[which % tables] if W else None, ids[which]) for which in range(calls)]
    if calls == 1:
        return prepared[0]
    turns = itertools.cycle(prepared)
    return lambda: next(turns)()


def draw_ids(point: Workload, batches: int = 1, seed: int = 0) -> NDArray[np.int64]:
    """Ids as ``point`` wants them drawn: int64 [batches, B], each below V."""
    random, (V, _, B) = np.random.default_rng(seed), point.size
    if point.id_distribution == REPEATED:
        return np.repeat(random.integers(V, size=(batches, 1)), B, axis=1)
    if point.id_distribution == ZIPF:
        reached = np.cumsum(1 / np.arange(1, V + 1))  # [V]
        return np.searchsorted(reached[:-1], reached[-1] * random.random((batches, B)), side="right")
    return random.integers(V, size=(batches, B))


def _build(point: Workload, W: None, ids: Any) -> Call:
    with required():
        import torch

    one_hot, V, dtype = torch.nn.functional.one_hot, point.vocabulary_size, getattr(torch, point.dtype)
    return lambda: one_hot(ids, V).to(dtype)


def _embedding(point: Workload, W: Any, ids: Any) -> Call:
    with required():
        import torch

    layer = torch.nn.Embedding.from_pretrained(W)
    return lambda: layer(ids)


def _matmul(point: Workload, W: Any, ids: Any) -> Call:
    rows = _one_hot(point, ids)
    return lambda: rows @ W


def _linear(point: Workload, weight: Any, ids: Any) -> Call:
    layer, rows = _linear_layer(weight, trained=False), _one_hot(point, ids)
    return lambda: layer(rows)


def _embedding_backward(point: Workload, W: Any, ids: Any) -> Call:
    with required():
        import torch

    layer = torch.nn.Embedding.from_pretrained(W, freeze=False, sparse=point.variant == SPARSE)
    return _backward(layer(ids), layer.weight)


def _matmul_backward(point: Workload, W: Any, ids: Any) -> Call:
    W = W.detach().requires_grad_()
    return _backward(_one_hot(point, ids) @ W, W)


def _linear_backward(point: Workload, weight: Any, ids: Any) -> Call:
    layer = _linear_layer(weight, trained=True)
    return _backward(layer(_one_hot(point, ids)), layer.weight)


def _backward(output: Any, weight: Any) -> Call:
    with required():
        import torch

    upstream = torch.ones_like(output)  # [B, D]
    return lambda: torch.autograd.grad(output, weight, upstream, retain_graph=True)


def _step(point: Workload, weight: Any, ids: Any) -> Call:
    with required():
        import torch

    weight = torch.nn.Parameter(weight)
    if point.variant == SPARSE:
        rows = torch.ones(len(ids), point.dimension, dtype=weight.dtype, device=weight.device)  # [B, D]
        weight.grad = torch.sparse_coo_tensor(ids[None], rows, weight.shape, check_invariants=True)
    else:
        weight.grad = torch.ones_like(weight)
    return torch.optim.SGD([weight], lr=RATE).step


_CALLS = {
    (BUILD, BUILD): _build,
    (EMBEDDING, FORWARD): _embedding,
    (MATMUL, FORWARD): _matmul,
    (LINEAR, FORWARD): _linear,
    (EMBEDDING, BACKWARD): _embedding_backward,
    (SPARSE, BACKWARD): _embedding_backward,
    (MATMUL, BACKWARD): _matmul_backward,
    (LINEAR, BACKWARD): _linear_backward,
    **{(variant, STEP): _step for variant in (EMBEDDING, SPARSE, MATMUL, LINEAR)},
}


def _one_hot(point: Workload, ids: Any) -> Any:
    """One-hot rows [B, V], made without the int64 ones that F.one_hot would need for a moment."""
    with required():
        import torch

    rows = torch.zeros(point.batch, point.vocabulary_size, dtype=getattr(torch, point.dtype), device=point.device)
    return rows.scatter_(1, ids[:, None], 1)


def _linear_layer(weight: Any, trained: bool) -> Any:
    """nn.Linear around ``weight`` [D, V], without making one of its own first."""
    with required():
        import torch

    layer = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False, device="meta")
    layer.weight = torch.nn.Parameter(weight, requires_grad=trained)
    return layer


def _table(point: Workload, given: NDArray[np.float32] | None, seed: int) -> Any:
    """W [V, D] on the point's device and of its type."""
    with required():
        import torch

    V, D, _ = point.size
    dtype = getattr(torch, point.dtype)
    if given is not None:
        return torch.tensor(given[:V], dtype=dtype, device=point.device)  # a copy: the optimiser writes into it
    W = torch.empty(V, D, dtype=dtype, device=point.device)
    block = W[:BLOCK_ROWS].normal_(generator=torch.Generator(device=point.device).manual_seed(seed))
    for start in range(len(block), V, len(block)):
        W[start : start + len(block)] = block[: V - start]
    return W


def _to_torch(array: NDArray[Any]) -> Any:
    with required():
        import torch

    return torch.from_numpy(np.ascontiguousarray(array))


def _share(point: Workload, each: int) -> int:
    """How many things of ``each`` bytes go over ``TIMES_CACHE`` caches."""
    return min(MAX_CALLS, math.ceil(TIMES_CACHE * cache_bytes(point.device) / each)) if each else 1


def _touched_bytes(point: Workload) -> int:
    """Bytes of prepared memory that one run goes over."""
    own = cost.call_bytes(point.variant, point.phase, *point.size, point.item_bytes)
    return own + _table_bytes_touched(point)


def _table_bytes_touched(point: Workload) -> int:
    """Bytes of W that one run reads or writes: B rows, all of it, or none for its gradient."""
    V, D, B = point.size
    if point.phase in (BUILD, BACKWARD):
        return 0
    looked_up = point.variant == SPARSE or (point.variant, point.phase) == (EMBEDDING, FORWARD)
    return (B if looked_up else V) * D * point.item_bytes
