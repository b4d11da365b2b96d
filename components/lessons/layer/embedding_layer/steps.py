"""The panel that goes through the ids one by one: the row that is copied, and the products that give the same row."""

import numpy as np
import streamlit as st

from components import glossary
from components.address import setting
from components.custom.drawings import cells
from components.lessons.layer.embedding_layer.settings import LayerInput, shape
from components.markup import as_code
from components.ui.code_block import show_code
from components.ui.folds import go_further
from embeddings import lookup
from embeddings.numeric import largest_difference

_STEP = "layer_step"


@st.fragment
def show_steps(asked: LayerInput) -> None:
    """One id after another: the row that is copied, beside the products that give the same row."""
    count = asked.ids.size
    if _STEP in st.session_state:  # there may be fewer ids now
        st.session_state[_STEP] = min(max(1, st.session_state[_STEP]), count)
    number = _choose_step(count)
    all_steps = list(lookup.steps(asked.W, asked.ids))
    step = all_steps[number - 1]
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(
            f"**Lookup**: copy row {step.id} of the {glossary.linked('embedding table')} W, {step.row.size} numbers. "
            f"No multiplication. In code: {as_code(f'W[{step.id}]')}"
        )
        with st.container(key="picture"):
            _show_lookup(asked, step)
    with right:
        st.markdown(
            f"**Matrix product**: {step.multiplications:,} multiplications for the same row, {step.by_zero:,} of them "
            f"by zero. In code: {as_code('one_hot @ W')}"
        )
        _show_product(asked, step)
    V, D = asked.W.shape
    products, zeros = lookup.multiplications(V, D, number), lookup.multiplications_by_zero(V, D, number)
    apart = largest_difference([step.row, step.summed])
    st.caption(
        f"Up to this step the matrix product needed {products:,} multiplications, {zeros:,} of them by zero (grey). "
        f"The lookup needed none. The two rows {f'differ by {apart:g}' if apart else 'are the same'}."
    )
    with go_further("what goes in and out, by its shape", "layer_shapes"):
        st.markdown(f"{_place(asked, step)} {_shapes(asked, step)}")
        show_code(_steps_code(asked, number), "layer_steps")


def _choose_step(count: int) -> int:
    """Which of the ids is looked up now, from 1."""
    if count == 1:
        return 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        back = st.container(width="content")
        on = st.container(width="content")
        with st.container():
            number = setting(st.slider, "Step", 1, count, key=_STEP)
        back.button("Previous", key="layer_back", on_click=_move, args=(-1,), disabled=number == 1)
        on.button("Next", key="layer_on", on_click=_move, args=(1,), disabled=number == count, type="primary")
    return number


def _move(by: int) -> None:
    st.session_state[_STEP] += by


def _place(asked: LayerInput, step: lookup.Step) -> str:
    """Where this step stands: which row becomes which place of the output."""
    place = ", ".join(map(str, step.place))
    name = asked.names[step.done - 1]
    word = "" if name == str(step.id) else f" {as_code(name)} has"
    return (
        f"Step {step.done} of {asked.ids.size}:{word} id {step.id}, and row {step.id} of W becomes "
        f"{as_code(f'output[{place}]')}."
    )


def _shapes(asked: LayerInput, step: lookup.Step) -> str:
    """What goes in and what comes out, by their shapes."""
    V, D = asked.W.shape
    if asked.ids.ndim == 1:
        letters, named = ("[B]", "[B, D]"), "B ids"
    else:
        letters, named = ("[B, T]", "[B, T, D]"), "B sentences of T tokens"
    output = list(step.output_shape)
    return (
        f"A *shape* stands in brackets: {shape(asked.W)} means {V} rows of {D} numbers. Ids {shape(asked.ids)} → "
        f"table W {shape(asked.W)} → output {as_code(str(output))}. In letters: {as_code(letters[0])} → "
        f"{as_code(letters[1])}, for {named} and D numbers in a row."
    )


def _show_lookup(asked: LayerInput, step: lookup.Step) -> None:
    """W with the rows looked up so far in frames, and the output as far as it is filled."""
    limit, flat = asked.limit, asked.ids.ravel()
    V, D = asked.W.shape
    before = set(flat[: step.done].tolist()) - {step.id}
    st.caption(
        f"The table W: {V} rows of {D} numbers. Thick frame: the row that is looked up now."
        + (" Thin frame: looked up before." if before else "")
    )
    cells(
        asked.W,
        asked.rows,
        limit=limit,
        framed=sorted({step.id, *before}),
        lit=step.id,
        key="layer_table",
        alt="The table W, the rows looked up in frames",
    )
    output = np.full((flat.size, asked.W.shape[1]), np.nan, dtype=np.float32)
    output[: step.done] = asked.W[flat[: step.done]]
    length = asked.ids.shape[-1]
    for first in range(0, flat.size, length):
        sentence = "" if asked.ids.ndim == 1 else f", sentence {first // length + 1}"
        st.caption(f"Output{sentence}: the rows, in the order of the ids")
        current = step.done - 1 - first
        cells(
            output[first : first + length],
            asked.row_names[first : first + length],
            limit=limit,
            lit=current if 0 <= current < length else None,
            key=f"layer_output_{first // length}",
            alt=f"The output{sentence}, rows 1 to {step.done} of {flat.size} filled",
        )


def _show_product(asked: LayerInput, step: lookup.Step) -> None:
    """The one-hot row, every product, and their sum."""
    V, limit = len(asked.W), asked.limit
    st.caption(glossary.linked(f"One-hot row of id {step.id}: a single 1", "one-hot"))
    cells(step.one_hot[None], ["one-hot"], digits=0, key="layer_one_hot", alt=f"A 1 at {step.id}, zeros elsewhere")
    st.caption("Each of its numbers, times the row of W with that number. Grey: times zero")
    cells(
        step.products,
        [f"{value:.0f} × {name}" for value, name in zip(step.one_hot, asked.rows, strict=True)],
        limit=limit,
        lit=step.id,
        greyed=[row for row in range(V) if row != step.id],
        key="layer_products",
        alt="The products, those by zero greyed",
    )
    st.caption(f"Added up over the {V} rows")
    cells(step.summed[None], ["sum"], limit=limit, lit=0, key="layer_sum", alt="The sum of the products")


def _steps_code(asked: LayerInput, number: int) -> str:
    """The ids up to ``number`` looked up, and the products of the last."""
    V = len(asked.W)
    return f"""\
{asked.code}
output = layer(ids).detach()  # {[*asked.ids.shape, asked.W.shape[1]]}
token_id = ids.flatten()[{number - 1}]
row = W[token_id]  # the lookup
one_hot = torch.nn.functional.one_hot(token_id, {V}).float()  # [{V}]
products = one_hot[:, None] * W  # all that the matrix product multiplies
summed = products.sum(dim=0)
by_zero = int((one_hot == 0).sum()) * W.shape[1]
print(output, row, summed, by_zero, sep="\\n")
"""
