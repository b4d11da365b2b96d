"""Equivalence of lookup and matrix product: all ids at once, a repeated id's gradient, and three ways in PyTorch."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.custom.drawings import cells
from components.lessons.layer.embedding_layer.settings import LayerInput
from components.markup import as_code, with_minus
from components.ui import predict
from components.ui.code_block import show_code
from components.ui.inputs import choice_input
from components.ui.pictures import show_wide_picture
from embeddings import lookup
from embeddings.common import count_of, in_bytes
from embeddings.lookup import EQUIVALENCE_DTYPES
from embeddings.numeric import nonzero_rows

_REPEATS = ("it stays as it was", "it grows", "it shrinks")
_BATCH = glossary.linked("In training, the ids that are looked up together are a batch.")
_READABLE = 720  # pixels of the picture's width
_BESIDE = 5  # numbers in a row that can be read in a third of the page


def show_product() -> None:
    """The lookup of all ids as one product, in a picture."""
    st.markdown(
        "All one-hot rows together make a matrix X. In Python `@` is the matrix product: `X @ W` gives all the rows "
        "that the ids name. So the lookup and the product give the same numbers."
    )
    show_wide_picture(
        "embeddingLayer",
        "One-hot rows of the ids 2, 3 and 1, times a table W of 4 rows and 5 columns, give the rows 2, 3 and 1 of W",
        _READABLE,
    )
    st.caption("This picture always shows the ids 2, 3 and 1. On a narrow screen, move it sideways.")


def show_equivalence(asked: LayerInput) -> None:
    """The three ways on the same table and ids: outputs, gradients, and their largest differences."""
    st.subheader("The same rows, three ways", anchor=False)
    st.markdown(
        "PyTorch's `nn.Embedding` copies the rows. `one_hot @ W` is the *matmul*, a product of two matrices. "
        "`nn.Linear` is the *linear layer* that networks are built from. It multiplies by "
        f"{glossary.linked('weights')} of its own, here `weight = W.T`. All three start from the same table, and for "
        f"all three the {glossary.linked('gradient')} is computed too. Here the {glossary.linked('loss')} is the sum "
        "of the squared outputs."
    )
    dtype, padding = _choose_numbers(asked)
    equivalence = lookup.check_equivalence(asked.W, asked.ids, dtype, padding)
    V, D = asked.W.shape
    st.markdown(
        f"In {as_code(dtype)} each number takes {in_bytes(lookup.bytes_in(dtype, 1))}, and W takes "
        f"{in_bytes(lookup.bytes_in(dtype, V * D))}. The first number that is looked up is stored as "
        f"{with_minus(f'{equivalence.outputs[0].flat[0]:.7g}')}."
    )
    outputs, gradients, avoided = st.columns(3)
    outputs.metric("Largest difference between the outputs", f"{equivalence.largest_difference:.2g}")
    gradients.metric("Largest difference between the gradients", f"{equivalence.largest_gradient_difference:.2g}")
    avoided.metric(
        "Multiplications by zero avoided",
        f"{lookup.multiplications_by_zero(V, D, asked.ids.size):,}",
        help="B · (V − 1) · D: all but one number of each one-hot row.",
    )
    _show_three(asked, equivalence, padding)
    show_code(_equivalence_code(asked, dtype, padding), "layer_identity")


def _choose_numbers(asked: LayerInput) -> tuple[str, int | None]:
    """The type of the numbers, and the id that stands for padding."""
    left, right = st.columns(2, gap="medium")
    about = "Of 4, 8 and 2 bytes. bfloat16 keeps only 8 significant bits."
    dtype = choice_input("Numbers", EQUIVALENCE_DTYPES, "layer_dtype", about, place=left)
    options = ["none", *map(str, range(len(asked.W)))]
    if st.session_state.get("layer_padding", "none") not in options:
        del st.session_state["layer_padding"]
    chosen = right.selectbox(
        "Padding id (`padding_idx`)",
        options,
        index=0 if asked.padding is None else 1 + asked.padding,
        key="layer_padding",
        persist_state="session",
        help="Short sentences are filled up with a token that means nothing. Its row is set to zeros. It gets no "
        "gradient, so it stays zero.",
    )
    return dtype, None if chosen == "none" else int(chosen)


def _show_three(asked: LayerInput, equivalence: lookup.Equivalence, padding: int | None) -> None:
    """What each way gives, and the gradient of its table."""
    flat, D = asked.ids.ravel(), asked.W.shape[1]
    used = np.bincount(flat, minlength=len(asked.W))
    names = [f"{name}, {times}×" for name, times in zip(asked.rows, used.tolist(), strict=True)]
    limit, steepest = asked.limit, float(np.abs(equivalence.gradients).max()) or 1.0
    for column, variant, output, gradient in zip(
        _places(D),
        lookup.VARIANTS,
        equivalence.outputs,
        equivalence.gradients,
        strict=True,
    ):
        with column:
            st.markdown(f"**{variant}**")
            st.caption(f"output {list(output.shape)}")
            cells(
                output.reshape(-1, D),
                asked.row_names,
                limit=limit,
                key=f"layer_out_{variant}",
                alt=f"Rows given by {variant}",
            )
            st.caption(f"gradient of W {list(gradient.shape)}, and how often each row was used")
            cells(
                gradient,
                names,
                limit=steepest,
                framed=nonzero_rows(gradient),
                key=f"layer_gradient_{variant}",
                alt=f"Gradient of W through {variant}; rows that were not used are zeros",
            )
    changed = len(nonzero_rows(equivalence.gradients[0]))
    words = f"Frames: {changed} of the {len(asked.W)} rows have a gradient: the rows that were used."
    words += " The others do not move." if changed < len(asked.W) else ""
    if padding is not None:
        words += f" Row {padding} is the padding. It gives zeros, and it has no gradient, though it was used "
        words += f"{count_of(int(used[padding]), 'time')}."
    st.caption(words + " A difference of 0 means that every number is identical.")


def _places(D: int) -> list[DeltaGenerator]:
    """Beside each other, or one below the other where rows of ``D`` numbers need the width."""
    if D <= _BESIDE:
        return st.columns(len(lookup.VARIANTS), gap="medium")
    return [st.container() for _ in lookup.VARIANTS]


def show_repeats(asked: LayerInput) -> None:
    """What becomes of a row's gradient when its id is given once more; guessed first."""
    st.subheader("A row that is used twice", anchor=False)
    flat = asked.ids.ravel()
    token_id = int(flat[0])
    guessed = predict.guess(
        f"Row {token_id} is used {_often(int((flat == token_id).sum()))} here. Look it up once more in the same batch. "
        "What happens to its gradient?",
        _REPEATS,
        "layer_repeat",
        about=(asked.W.shape, tuple(flat.tolist())),
        before=f"{_BATCH} {glossary.sentence('gradient', 'loss')}",
    )
    if guessed is None:
        return
    times = lookup.gradient_growth(asked.W, flat, token_id)
    answer = _REPEATS[0] if abs(times - 1) < 1e-6 else _REPEATS[1] if times > 1 else _REPEATS[2]
    predict.verdict(
        guessed,
        answer,
        f"The gradient is {times:.3g} times as long. Each place that uses the row adds its share. So each use of a "
        "frequent word moves the word's row.",
    )
    show_code(_repeats_code(asked, token_id), "layer_repeated")


def _often(times: int) -> str:
    return "once" if times == 1 else count_of(times, "time")


def _equivalence_code(asked: LayerInput, dtype: str, padding: int | None) -> str:
    """The three ways, forward and backward."""
    V = len(asked.W)
    pad = (
        ""
        if padding is None
        else f"W[{padding}] = 0  # the padding's row\none_hot[ids == {padding}] = 0  # its one-hot row without the 1\n"
    )
    option = "" if padding is None else f", padding_idx={padding}"
    return f"""\
{asked.code}
W = W.to(torch.{dtype})
one_hot = torch.nn.functional.one_hot(ids, {V}).to(W.dtype)
{pad}embedding = torch.nn.Embedding.from_pretrained(W.clone(), freeze=False{option})
table = W.clone().requires_grad_()
linear = torch.nn.Linear({V}, W.shape[1], bias=False, dtype=W.dtype)
linear.weight = torch.nn.Parameter(W.T.contiguous())

outputs = [embedding(ids), one_hot @ table, linear(one_hot)]
for output in outputs:
    output.square().sum().backward()
gradients = [embedding.weight.grad, table.grad, linear.weight.grad.T]
difference = max((a - b).abs().max().item() for a in outputs for b in outputs)
gradient_difference = max((a - b).abs().max().item() for a in gradients for b in gradients)
avoided = ids.numel() * ({V} - 1) * W.shape[1]
print(gradients[0], difference, gradient_difference, avoided, sep="\\n")
"""


def _repeats_code(asked: LayerInput, token_id: int) -> str:
    """The gradient of the row ``id``, as it is and with the id given once more."""
    return f"""\
{asked.code}
rows = []
for given in (ids.flatten(), torch.cat([ids.flatten(), torch.tensor([{token_id}])])):
    layer.weight.grad = None
    layer(given).square().sum().backward()
    rows.append(layer.weight.grad[{token_id}])
times = (rows[1].norm() / rows[0].norm()).item()
print(*rows, times, sep="\\n")
"""
