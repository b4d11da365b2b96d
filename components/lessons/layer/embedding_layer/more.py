"""The panels of what else the layer can do: sparse gradients, bags of ids, and the type that F.one_hot gives."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import navigation
from components.custom.drawings import cells
from components.lessons.layer.embedding_layer.settings import LayerInput
from components.markup import as_code
from components.ui.code_block import show_code
from components.ui.inputs import choice_input
from embeddings import lookup
from embeddings.common import count_of, in_bytes
from embeddings.lookup import MODES
from embeddings.numeric import largest_difference


def show_links() -> None:
    """Where the same layer stands at the entrance of a language model, and what its table costs there."""
    st.markdown("**In a language model** this layer comes first, with a far larger table:")
    with st.container(horizontal=True):
        for address in ("real_table", "learned"):
            lesson = navigation.lesson_at(address)
            st.page_link(
                navigation.menu_entry(lesson.path),
                label=f"{lesson.title}: {lesson.question}",
                icon=":material/arrow_forward:",
            )


def show_more(asked: LayerInput) -> None:
    """Sparse gradients, bags of ids, and the type that F.one_hot gives."""
    st.subheader("What else the layer can do", anchor=False)
    sparse, bags, trap = st.tabs(["Sparse gradients", "Bags of ids", "The int64 trap"])
    with sparse:
        show_sparse(asked)
    with bags:
        show_bags(asked)
    with trap:
        show_trap(asked)


def show_sparse(asked: LayerInput) -> None:
    """The gradient as the rows used, beside the whole table of mostly zeros."""
    found = lookup.sparse_gradient(asked.W, asked.ids.ravel())
    size = lookup.model_table("gpt-2")
    (V, D), B = asked.W.shape, asked.ids.size
    st.markdown(
        "The gradient is as large as the whole table, but nearly all of it is zeros. With `sparse=True` PyTorch keeps "
        "only the ids and a row for each id. In a table as small as this one that can take more bytes. In a real table "
        "it takes far fewer."
    )
    one, two, three, four = st.columns(4)
    one.metric("Here, dense", in_bytes(lookup.dense_gradient_bytes(V, D)))
    two.metric("Here, sparse", in_bytes(lookup.sparse_gradient_bytes(D, B)))
    three.metric(
        f"{size.title}, dense",
        in_bytes(lookup.dense_gradient_bytes(size.V, size.D)),
        help=f"{size.V:,} × {size.D} numbers of 4 bytes",
    )
    four.metric(
        f"{size.title}, sparse",
        in_bytes(lookup.sparse_gradient_bytes(size.D, B)),
        help="As many ids of 8 bytes as here, and a row for each",
    )
    cells(
        found.rows,
        asked.row_names,
        limit=float(np.abs(found.dense).max()) or 1.0,
        key="layer_sparse",
        alt="The sparse gradient: a row for each id",
    )
    st.caption(
        f"{count_of(len(found.ids), 'row')}, one for each id in its order. Rows of the same id are added up later. "
        f"Added up, they differ from the dense gradient by {largest_difference([found.added_up, found.dense]):g}."
    )
    show_code(_sparse_code(asked), "layer_sparse_code")


def show_bags(asked: LayerInput) -> None:
    """Whole sentences as one row each."""
    modes = {"sum": "added up", "mean": "averaged"}
    mode = choice_input("A bag's rows are", MODES, "layer_bag", format_func=modes.__getitem__)
    groups = bags_of(asked.ids)
    found = lookup.check_bags(asked.W, groups, mode)
    st.markdown(
        "`nn.EmbeddingBag` looks up several ids and gives one row for all of them: a sentence as a bag of words. It "
        "never stores the single rows. As a product: first add up the one-hot rows of each bag."
    )
    names = [f"bag {number}" for number in range(1, len(groups) + 1)]
    counts, rows = st.columns(2, gap="medium")
    with counts:
        st.caption(f"One-hot rows, {mode} of each bag {list(found.counts.shape)}")
        cells(
            found.counts,
            names,
            range(len(asked.W)),
            limit=float(found.counts.max()) or 1.0,
            digits=0 if mode == "sum" else 2,
            key="layer_bag_counts",
            alt="How often each id is in each bag",
        )
    with rows:
        st.caption(f"A row for each bag {list(found.outputs[0].shape)}")
        cells(found.outputs[0], names, limit=2 * asked.limit, key="layer_bags", alt="A row for each bag")
    st.caption(
        f"{'; '.join(f'bag {n}: {group}' for n, group in enumerate(groups, 1))}. Largest difference between the two "
        f"ways: {found.largest_difference:.2g} in the rows, {found.largest_gradient_difference:.2g} in the gradients; "
        "the last digits depend on the order in which numbers are added up."
    )
    show_code(_bags_code(asked, groups, mode), "layer_bag_code")


def bags_of(ids: NDArray[np.int64]) -> list[list[int]]:
    """A bag for each sentence of ids [B, T]; ids [B] in two bags, the last id in one of its own.

    >>> bags_of(np.array([2, 3, 1]))
    [[2, 3], [1]]
    """
    if ids.ndim == 2:
        return ids.tolist()
    return [part.tolist() for part in np.split(ids, [len(ids) - 1]) if part.size]


def show_trap(asked: LayerInput) -> None:
    """What PyTorch says of the product as one would first write it."""
    wrong = lookup.one_hot_dtype_error(asked.W, asked.ids)
    st.markdown("The simplest way to write the product fails:")
    st.code("torch.nn.functional.one_hot(ids, V) @ W", language="python")
    if wrong is None:
        st.success("This version of PyTorch accepts it.")
        return
    st.markdown("PyTorch's own words:")
    st.code(wrong.message, language=None)
    st.markdown(
        f"`one_hot` gives whole numbers, {as_code(wrong.dtype)}, of 8 bytes each, and W holds numbers with a fraction. "
        "Add `.float()`, or `.to(W.dtype)` for a W of another type. It halves the bytes too: "
        f"{in_bytes(wrong.bytes_as_given)} become {in_bytes(wrong.bytes_as_float32)} here."
    )
    show_code(_dtype_error_code(asked), "layer_trap")


def _sparse_code(asked: LayerInput) -> str:
    """The sparse gradient and its bytes."""
    return f"""\
{asked.code}
layer = torch.nn.Embedding.from_pretrained(W, freeze=False, sparse=True)
layer(ids.flatten()).square().sum().backward()
gradient = layer.weight.grad
found, rows = gradient._indices(), gradient._values()
sparse_bytes = found.nbytes + rows.nbytes
dense_bytes = gradient.to_dense().nbytes
print(rows, sparse_bytes, dense_bytes, sep="\\n")
"""


def _bags_code(asked: LayerInput, groups: Sequence[Sequence[int]], mode: str) -> str:
    """A row for each bag of ids."""
    V = len(asked.W)
    return f"""\
{asked.code}
bags = {[list(map(int, group)) for group in groups]}
starts = torch.tensor([0, *map(len, bags[:-1])]).cumsum(0)
bag_layer = torch.nn.EmbeddingBag.from_pretrained(W, mode={mode!r})
rows = bag_layer(torch.tensor(sum(bags, [])), starts)
counts = torch.stack([torch.nn.functional.one_hot(torch.tensor(bag), {V}).float().{mode}(dim=0) for bag in bags])
difference = (rows - counts @ W).abs().max().item()
print(rows, difference, sep="\\n")
"""


def _dtype_error_code(asked: LayerInput) -> str:
    """The product that fails, and what PyTorch says."""
    return f"""\
{asked.code}
rows = torch.nn.functional.one_hot(ids, {len(asked.W)})
try:
    rows @ W
    message = ""
except RuntimeError as error:
    message = str(error)
print(rows.dtype, message, rows.nbytes, rows.float().nbytes, sep="\\n")
"""
