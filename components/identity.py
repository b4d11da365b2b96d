"""The proof: an embedding layer gives what a linear layer gives for one-hot rows."""

import numpy as np
import streamlit as st

from components import snippets
from components.drawings import MOST_CELLS, cells
from embeddings import lookup
from embeddings.errors import in_bytes

MOST_COMPARED = 64_000_000  # bytes; what every visitor may take at once, while a page is drawn


def show_identity(V: int, D: int, B: int) -> None:
    """The three ways on the same table and ids, with their largest difference."""
    st.subheader("The same rows, three ways", anchor=False)
    if lookup.identity_bytes(V, D, B) > MOST_COMPARED:
        st.info(
            f"A table of {V:,} × {D:,} with {B:,} ids would take {in_bytes(lookup.identity_bytes(V, D, B))} to "
            f"compare, and a page may take {in_bytes(MOST_COMPARED)}. With V = 1,000 every D and B will do."
        )
        show_avoided(st, V, D, B)
        return
    random = np.random.default_rng(0)
    W = random.standard_normal((V, D), dtype=np.float32)  # [V, D]
    ids = np.array([2, 3, 1]) if (V, B) == (4, 3) else random.integers(V, size=B)  # [B]
    identity = lookup.check_identity(W, ids)
    st.markdown(
        f"A table W of {V:,} × {D:,} random numbers and {B:,} ids"
        + (f": `{ids.tolist()}`" if B <= 16 else "")
        + ". PyTorch's embedding layer, `nn.Embedding`, copies the rows with these ids. The other two multiply one-hot "
        "rows by the whole table: `one_hot @ W` is a *matmul*, a product of two matrices, and `nn.Linear`, the *linear "
        "layer* that networks are built from, does the same with weights of its own."
    )
    if V <= 20:
        show_pictures(W, ids, identity.outputs)
    differences = st.columns(3)
    differences[0].metric("Largest difference between the outputs", f"{identity.largest_difference:.2g}")
    differences[1].metric(
        "Largest difference between the gradients of W", f"{identity.largest_gradient_difference:.2g}"
    )
    show_avoided(differences[2], V, D, B)
    st.caption(
        "A difference of 0 means that every number is identical. *Gradients* say how each number of the table would be "
        "changed in training: these agree too, so that learning goes the same way."
    )
    snippets.show_code(snippets.identity(V, D, ids), "lookup_identity")


def show_avoided(place, V: int, D: int, B: int) -> None:
    """How many products a lookup does not compute."""
    place.metric(
        "Multiplications by zero avoided",
        f"{B * (V - 1) * D:,}",
        help="B · (V - 1) · D: all but one cell of each one-hot row.",
    )


def show_pictures(W, ids, outputs) -> None:
    """W with the rows looked up in frames, and what each way gives."""
    columns = st.columns(1 + len(lookup.WAYS))
    limit = float(abs(W).max())
    with columns[0]:
        st.caption(f"W {list(W.shape)}")
        cells(
            W,
            range(len(W)),
            limit=limit,
            framed=sorted(set(ids.tolist())),
            key="lookup_table",
            alt="The table W, the rows looked up in frames",
        )
    for column, way, output in zip(columns[1:], lookup.WAYS, outputs, strict=True):
        with column:
            st.caption(f"{way} {list(output.shape)}")
            cells(output, ids, limit=limit, key=f"lookup_{way}", alt=f"Rows given by {way}")
    if max(*W.shape, len(ids)) > MOST_CELLS:
        st.caption(f"The first {MOST_CELLS} rows and columns are shown.")
