"""Equivalence of an embedding layer and a linear layer fed with one-hot rows: by its numbers, forward and backward."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, as_count, as_ids, as_matrix, required
from embeddings.lookup.cost import ID_BYTES
from embeddings.lookup.variants import MAX_DIMENSION, MAX_VOCABULARY, refuse_too_large
from embeddings.numeric import largest_difference
from embeddings.vectors import table_bytes

_ITEM_BYTES = MappingProxyType({"float32": 4, "float64": 8, "bfloat16": 2})
EQUIVALENCE_DTYPES = tuple(_ITEM_BYTES)
MODES = ("sum", "mean")


@dataclass(frozen=True, eq=False)
class Equivalence:
    """What the three ways give for the same table and ids.

    Numbers are float32, or float64 where that was asked for; those of bfloat16 lose nothing in float32.

    Attributes:
        outputs: [3, B, D] for ids [B], [3, B, T, D] for ids [B, T], in the order of ``VARIANTS``.
        gradients: [3, V, D], of the sum of squared outputs with respect to W.
        largest_difference: Between the outputs of any two ways.
        largest_gradient_difference: Between the gradients of any two ways.
    """

    outputs: NDArray[np.floating]
    gradients: NDArray[np.floating]
    largest_difference: float
    largest_gradient_difference: float


@dataclass(frozen=True, eq=False)
class SparseGradient:
    """The gradient of ``nn.Embedding(..., sparse=True)``, beside the dense one of the same lookup.

    Attributes:
        ids: int64 [B], in the order of the lookup; an id that was given twice is here twice.
        rows: float32 [B, D], one for each id; those of the same id are still to be added up.
        added_up: float32 [V, D], what the two amount to.
        dense: float32 [V, D], the gradient without ``sparse=True``.
    """

    ids: NDArray[np.int64]
    rows: NDArray[np.float32]
    added_up: NDArray[np.float32]
    dense: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Bags:
    """``nn.EmbeddingBag`` beside the sums (or means) of one-hot rows, times W.

    Attributes:
        counts: float32 [B, V], a bag's one-hot rows added up (divided by their number for means).
        outputs: float32 [2, B, D]: of EmbeddingBag, and ``counts @ W``.
        gradients: float32 [2, V, D], of the sum of squared outputs with respect to W.
        largest_difference: Between the two outputs.
        largest_gradient_difference: Between the two gradients.
    """

    counts: NDArray[np.float32]
    outputs: NDArray[np.float32]
    gradients: NDArray[np.float32]
    largest_difference: float
    largest_gradient_difference: float


@dataclass(frozen=True)
class DtypeError:
    """What comes of ``one_hot(ids) @ W`` as it stands.

    Attributes:
        dtype: Of the one-hot rows.
        message: torch's own words.
        bytes_as_given: Of the one-hot rows.
        bytes_as_float32: Of the same rows in the type that the product takes.
    """

    dtype: str
    message: str
    bytes_as_given: int
    bytes_as_float32: int


def seeded_table(V: int, D: int, seed: int = 0) -> NDArray[np.float32]:
    """The weights that ``torch.manual_seed(seed); torch.nn.Embedding(V, D)`` starts from: float32 [V, D].

    Raises:
        InvalidInput: A size out of range.
        TooLarge: The table would not fit in memory.

    >>> seeded_table(4, 5).shape
    (4, 5)
    """
    with required():
        import torch

    V, D = as_count(V, "The vocabulary size", 1, MAX_VOCABULARY), as_count(D, "The dimension", 1, MAX_DIMENSION)
    refuse_too_large(f"A table of {V:,} × {D:,}", 4 * V * D)
    return torch.randn(V, D, generator=torch.Generator().manual_seed(seed)).numpy()


def check_equivalence(
    W: ArrayLike, ids: ArrayLike, dtype: str = "float32", padding_idx: int | None = None
) -> Equivalence:
    """Run the three ways forward and backward on the table ``W`` [V, D] and ``ids`` [B] or [B, T].

    Outputs are equal to the last bit in every type. Gradients are, up to the order in which repeated ids are added
    up; in bfloat16, of 8 significant bits, on a CPU an embedding's sum stands still after 256 equal summands where a
    product, which adds up in float32, goes on.

    Args:
        W: The table.
        ids: Which rows.
        dtype: One of ``EQUIVALENCE_DTYPES``, in which all is computed.
        padding_idx: As of ``nn.Embedding``: this row starts as zeros and gets no gradient. For the other two ways
            the same is a one-hot row without its 1.

    Raises:
        InvalidInput: ``W`` is not a finite matrix, there are no ids, or an id is not one of its rows.
        TooLarge: One-hot rows, outputs and gradients would not fit in memory.

    References:
        torch.nn.Embedding and torch.nn.Linear, whose output is x @ weight.T.
    """
    with required():
        import torch

    _check_dtype(dtype)
    V, D = as_matrix(W, "W").shape
    ids = as_ids_of_any_shape(ids, V)
    if padding_idx is not None:
        padding_idx = as_count(padding_idx, "The padding id", 0, V - 1)
    refuse_too_large(
        f"Three tables of {V:,} × {D:,} with their gradients and one-hot rows",
        equivalence_bytes(V, D, ids.size) * (2 if dtype == "float64" else 1),
    )
    index, table = torch.from_numpy(ids), torch.tensor(np.asarray(W)).to(getattr(torch, dtype))  # [V, D]
    rows = torch.nn.functional.one_hot(index, V).to(table.dtype)  # [B, V] or [B, T, V]; one_hot gives int64
    if padding_idx is not None:
        table[padding_idx] = 0
        rows[index == padding_idx] = 0
    variants = zip(*_three_variants(table, index, rows, padding_idx), strict=True)
    outputs, gradients = map(_stacked, variants)  # [3, ..., D], [3, V, D]
    return Equivalence(outputs, gradients, largest_difference(outputs), largest_difference(gradients))


def sparse_gradient(W: ArrayLike, ids: ArrayLike) -> SparseGradient:
    """The gradient of the sum of squared outputs of a lookup of ``ids`` [B] in ``W`` [V, D], sparse and dense.

    Raises:
        InvalidInput, TooLarge: As ``check_equivalence``.

    References:
        torch.nn.Embedding, ``sparse=True``; torch.optim.SGD and SparseAdam take such gradients.
    """
    with required():
        import torch

    W = as_matrix(W, "W")
    (V, D), ids = W.shape, as_ids_of_any_shape(ids, len(W)).ravel()
    refuse_too_large(f"Two tables of {V:,} × {D:,} with their gradients", equivalence_bytes(V, D, len(ids)))
    gradients = []
    for sparse in (True, False):
        layer = torch.nn.Embedding.from_pretrained(torch.tensor(W), freeze=False, sparse=sparse)
        layer(torch.from_numpy(ids)).square().sum().backward()
        gradients.append(layer.weight.grad)
    sparse, dense = gradients
    used, rows = sparse._indices()[0].numpy(), sparse._values().numpy()  # .indices() would want repeats added up
    return SparseGradient(used, rows, sparse.to_dense().numpy(), dense.numpy())


def bytes_in(dtype: str, numbers: int) -> int:
    """Bytes that so many ``numbers`` take in ``dtype``, one of ``EQUIVALENCE_DTYPES``.

    Raises:
        InvalidInput: There is no such type here.

    >>> bytes_in("float64", 20)
    160
    """
    _check_dtype(dtype)
    return _ITEM_BYTES[dtype] * numbers


def sparse_gradient_bytes(D: int, B: int) -> int:
    """Bytes of the gradient of a float32 table [V, D] after ``B`` ids, as these ids of 8 bytes and a row for each.

    >>> sparse_gradient_bytes(768, 3)
    9240
    """
    return B * ID_BYTES + table_bytes(B, D)


def dense_gradient_bytes(V: int, D: int) -> int:
    """Bytes of the gradient of a float32 table [V, D] with all its rows, whatever was looked up.

    >>> dense_gradient_bytes(50_257, 768)
    154389504
    """
    return table_bytes(V, D)


def gradient_growth(W: ArrayLike, ids: ArrayLike, token_id: int) -> float:
    """How many times as long the gradient of the row ``token_id`` becomes when that id is looked up once more.

    Args:
        W: The table, [V, D].
        ids: What is looked up, [B], ``token_id`` among them.
        token_id: One whose row is not all zeros.

    Raises:
        InvalidInput, TooLarge: As ``check_equivalence``.

    >>> gradient_growth(np.eye(4), [2, 3, 1], 2)
    2.0
    """
    before, after = (
        check_equivalence(W, given).gradients[0][token_id] for given in (ids, np.append(ids, token_id))
    )  # [D] each
    return float(np.linalg.norm(after) / np.linalg.norm(before))


def check_bags(W: ArrayLike, bags: Sequence[Sequence[int]], mode: str = "sum") -> Bags:
    """``nn.EmbeddingBag`` on ``bags`` of ids, of any lengths, beside the product of added one-hot rows and ``W``.

    A bag without ids gives zeros.

    Args:
        W: The table, [V, D].
        bags: B lists of ids.
        mode: One of ``MODES``.

    Raises:
        InvalidInput: As ``check_equivalence``, or an unknown ``mode``.
        TooLarge: As ``check_equivalence``.

    References:
        torch.nn.EmbeddingBag, which never holds the rows it adds up.
    """
    with required():
        import torch

    if mode not in MODES:
        raise InvalidInput(f"There is no mode {mode!r}. There are: {', '.join(MODES)}.")
    W = as_matrix(W, "W")
    ids = [as_ids(bag, len(W)) for bag in bags]
    if not ids:
        raise InvalidInput("Give at least one bag of ids.")
    (V, D), B = W.shape, len(ids)
    refuse_too_large(f"Two tables of {V:,} × {D:,} and counts of {B:,} × {V:,}", equivalence_bytes(V, D, B))
    counts = np.stack([np.bincount(bag, minlength=V) for bag in ids]).astype(np.float32)  # [B, V]
    if mode == "mean":
        counts /= np.maximum(1, counts.sum(axis=1, keepdims=True))
    layer = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(W), freeze=False, mode=mode)
    table = torch.tensor(W, requires_grad=True)
    starts = np.cumsum([0, *map(len, ids)])[:-1]  # [B]
    both = [
        layer(torch.from_numpy(np.concatenate(ids)), torch.from_numpy(starts)),
        torch.from_numpy(counts) @ table,
    ]  # [B, D] each
    for output in both:
        output.square().sum().backward()
    outputs, gradients = _stacked(both), _stacked([layer.weight.grad, table.grad])
    return Bags(counts, outputs, gradients, largest_difference(outputs), largest_difference(gradients))


def one_hot_dtype_error(W: ArrayLike, ids: ArrayLike) -> DtypeError | None:
    """Try ``F.one_hot(ids, V) @ W`` without ``.float()``; None if this torch lets it pass.

    Raises:
        InvalidInput, TooLarge: As ``check_equivalence``.

    >>> one_hot_dtype_error(np.eye(4), [2, 3, 1]).dtype
    'int64'
    """
    with required():
        import torch

    W = as_matrix(W, "W")
    ids = as_ids_of_any_shape(ids, len(W))
    refuse_too_large(f"One-hot rows of {ids.size:,} × {len(W):,}", 8 * ids.size * len(W))
    rows = torch.nn.functional.one_hot(torch.from_numpy(ids), len(W))
    try:
        rows @ torch.tensor(W)
    except RuntimeError as error:
        return DtypeError(str(rows.dtype).removeprefix("torch."), str(error), rows.nbytes, 4 * rows.numel())
    return None


def equivalence_bytes(V: int, D: int, B: int) -> int:
    """The most bytes that ``check_equivalence`` holds at once in float32.

    Tables, gradients, these stacked, and what comparing them takes; one-hot rows as int64 and float32; outputs.
    """
    return 4 * 14 * V * D + (8 + 4) * B * V + 4 * 12 * B * D


def _three_variants(table: Any, index: Any, rows: Any, padding_idx: int | None) -> list[tuple[Any, Any]]:
    """Output and gradient of W of each variant, each on a copy of ``table``."""
    with required():
        import torch

    layer = torch.nn.Embedding.from_pretrained(table.clone(), freeze=False, padding_idx=padding_idx)
    W = table.clone().requires_grad_()
    V, D = table.shape
    linear = torch.nn.Linear(V, D, bias=False, device="meta")
    linear.weight = torch.nn.Parameter(table.T.contiguous())  # [D, V]
    outputs = [layer(index), rows @ W, linear(rows)]
    for output in outputs:
        output.square().sum().backward()
    assert linear.weight.grad is not None  # after backward
    gradients = [layer.weight.grad, W.grad, linear.weight.grad.T]
    return list(zip(outputs, gradients, strict=True))


def _check_dtype(dtype: str) -> None:
    if dtype not in EQUIVALENCE_DTYPES:
        raise InvalidInput(f"There is no type {dtype!r} here. There are: {', '.join(EQUIVALENCE_DTYPES)}.")


def as_ids_of_any_shape(ids: ArrayLike, V: int) -> NDArray[np.int64]:
    """``ids`` as int64 [B] or [B, T], at least one."""
    try:
        ids = np.asarray(ids)
    except ValueError as error:
        raise InvalidInput("ids must be a list of whole numbers, or lists of the same length.") from error
    if ids.ndim == 0 or ids.ndim > 2:
        raise InvalidInput(f"ids must be a list [B] or a table [B, T] of whole numbers, not of shape {ids.shape}.")
    if not ids.size:
        raise InvalidInput("Give at least one id to look up.")
    return as_ids(ids.ravel(), V).reshape(ids.shape)


def _stacked(tensors: Sequence[Any]) -> NDArray[Any]:
    """Tensors of one shape as one array, of float32 at least, as NumPy knows no bfloat16."""
    return np.stack([(t if t.element_size() >= 4 else t.float()).detach().numpy() for t in tensors])
