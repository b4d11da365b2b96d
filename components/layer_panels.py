"""The panels of the embedding layer: step by step, the same three ways, its gradient, and what else it can do."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import layer_snippets, predict
from components.drawings import cells
from components.inputs import one_of
from components.layer_choice import Asked, shape
from components.pictures import show_picture
from components.plain_text import code, counted
from components.snippets import show_code
from embeddings import lookup
from embeddings.errors import in_bytes
from embeddings.lookup.identity import IDENTITY_DTYPES, MODES

_STEP = "layer_step"
_REPEATS = ("it stays as it was", "it grows", "it shrinks")


@st.fragment
def show_steps(asked: Asked) -> None:
    """One id after another: the row that is copied, beside the products that give the same row."""
    st.subheader("One id after another", anchor=False)
    st.markdown(
        "An embedding layer holds a table W, a row for each id. For an id it copies that row, and that is all. The "
        "same row comes out when a *one-hot* row, all zeros but for a 1 at the id, is multiplied by the whole table."
    )
    count = asked.ids.size
    if _STEP in st.session_state:  # there may be fewer ids now
        st.session_state[_STEP] = min(max(1, st.session_state[_STEP]), count)
    number = _choose_step(count)
    all_steps = list(lookup.steps(asked.W, asked.ids))
    step = all_steps[number - 1]
    st.markdown(_shapes(asked, step))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**Lookup**: {code(f'W[{step.id}]')}, {step.row.size} numbers copied, no multiplication")
        _show_lookup(asked, step)
    with right:
        zeros, products = step.by_zero * number, step.multiplications * number
        st.markdown(
            f"**Matrix product**: {code('one_hot @ W')}, {step.multiplications:,} multiplications, "
            f"{step.by_zero:,} by zero"
        )
        _show_product(asked, step)
    st.caption(
        f"So far {products:,} multiplications in the product, {zeros:,} of them by zero, greyed here; in the lookup "
        f"none. The two rows differ by {float(np.abs(step.row - step.summed).max()):g}."
    )
    show_code(layer_snippets.steps(asked, number), "layer_steps")


def _choose_step(count: int) -> int:
    """Which of the ids is looked up now, from 1."""
    if count == 1:
        return 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        back = st.container(width="content")
        on = st.container(width="content")
        with st.container():
            number = st.slider("Step", 1, count, key=_STEP, bind="query-params", persist_state="session")
        back.button("Previous", key="layer_back", on_click=_move, args=(-1,), disabled=number == 1)
        on.button("Next", key="layer_on", on_click=_move, args=(1,), disabled=number == count, type="primary")
    return number


def _move(by: int) -> None:
    st.session_state[_STEP] += by


def _shapes(asked: Asked, step: lookup.Step) -> str:
    """What goes in and what comes out, by their shapes, and where this step stands."""
    letters = ("[B]", "[B, D]") if asked.ids.ndim == 1 else ("[B, T]", "[B, T, D]")
    place = ", ".join(map(str, step.place))
    name = asked.names[step.done - 1]
    word = "" if name == str(step.id) else f" {code(name)} has"
    output = list(step.output_shape)
    return (
        f"Ids {shape(asked.ids)} → table W {shape(asked.W)} → output {code(str(output))}, that is {letters[0]} → "
        f"{letters[1]}. Step {step.done} of {asked.ids.size}:{word} id {step.id}, and row {step.id} of W becomes "
        f"{code(f'output[{place}]')}."
    )


def _show_lookup(asked: Asked, step: lookup.Step) -> None:
    """W with the rows looked up so far in frames, and the output as far as it is filled."""
    limit, flat = _limit(asked.W), asked.ids.ravel()
    st.caption(f"W {list(asked.W.shape)}: the rows looked up so far are framed, this one the strongest")
    cells(
        asked.W,
        asked.rows,
        limit=limit,
        framed=sorted(set(flat[: step.done].tolist())),
        lit=step.id,
        key="layer_table",
        alt="The table W, the rows looked up in frames",
    )
    output = np.full((flat.size, asked.W.shape[1]), np.nan, dtype=np.float32)
    output[: step.done] = asked.W[flat[: step.done]]
    length = asked.ids.shape[-1]
    for first in range(0, flat.size, length):
        sentence = "" if asked.ids.ndim == 1 else f", sentence {first // length + 1}"
        st.caption(f"Output{sentence}: rows of W in the order of the ids")
        current = step.done - 1 - first
        cells(
            output[first : first + length],
            _row_names(asked)[first : first + length],
            limit=limit,
            lit=current if 0 <= current < length else None,
            key=f"layer_output_{first // length}",
            alt=f"The output{sentence}, rows 1 to {step.done} of {flat.size} filled",
        )


def _show_product(asked: Asked, step: lookup.Step) -> None:
    """The one-hot row, every product, and their sum."""
    V, limit = len(asked.W), _limit(asked.W)
    st.caption(f"One-hot row of id {step.id} [{V}]")
    cells(step.one_hot[None], ["1-hot"], digits=0, key="layer_one_hot", alt=f"A 1 at {step.id}, zeros elsewhere")
    st.caption(f"Each of its numbers times a row of W [{V}, {step.row.size}]")
    cells(
        step.products,
        [f"{value:.0f} × {name}" for value, name in zip(step.one_hot, asked.rows, strict=True)],
        limit=limit,
        lit=step.id,
        greyed=[row for row in range(V) if row != step.id],
        key="layer_products",
        alt="The products, those by zero greyed",
    )
    st.caption(f"Added up over the {V} rows [{step.row.size}]")
    cells(step.summed[None], ["sum"], limit=limit, lit=0, key="layer_sum", alt="The sum of the products")


def show_identity(asked: Asked) -> None:
    """The three ways on the same table and ids: outputs, gradients, and their largest differences."""
    st.subheader("The same rows, three ways", anchor=False)
    if asked.ids.tolist() == [2, 3, 1] and asked.W.shape == (4, 5):
        show_picture(
            "embeddingLayer",
            "One-hot rows of the ids 2, 3 and 1, times a table W of 4 rows and 5 columns, give the rows 2, 3 and 1 "
            "of W",
        )
    st.markdown(
        "PyTorch's `nn.Embedding` copies the rows. `one_hot @ W` is the *matmul*, a product of two matrices. "
        "`nn.Linear`, the *linear layer* that networks are built from, multiplies by weights of its own, here "
        "`weight = W.T`. All three start from the same table, and each is asked for its *gradient* too: how every "
        "number of W would be changed in training, here to make the outputs smaller."
    )
    dtype, padding = _choose_numbers(asked)
    identity = lookup.check_identity(asked.W, asked.ids, dtype, padding)
    V, D = asked.W.shape
    outputs, gradients, avoided = st.columns(3)
    outputs.metric("Largest difference between the outputs", f"{identity.largest_difference:.2g}")
    gradients.metric("Largest difference between the gradients", f"{identity.largest_gradient_difference:.2g}")
    avoided.metric(
        "Multiplications by zero avoided",
        f"{asked.ids.size * (V - 1) * D:,}",
        help="B · (V − 1) · D: all but one number of each one-hot row.",
    )
    _show_three(asked, identity, padding)
    show_code(layer_snippets.identity(asked, dtype, padding), "layer_identity")


def _choose_numbers(asked: Asked) -> tuple[str, int | None]:
    """The type of the numbers, and the id that stands for padding."""
    left, right = st.columns(2, gap="medium")
    about = "Of 4, 8 and 2 bytes. bfloat16 keeps only 8 significant bits."
    dtype = one_of("Numbers", IDENTITY_DTYPES, "layer_dtype", about, place=left)
    options = ["none", *map(str, range(len(asked.W)))]
    if st.session_state.get("layer_padding", "none") not in options:
        del st.session_state["layer_padding"]
    chosen = right.selectbox(
        "Padding id (`padding_idx`)",
        options,
        index=0 if asked.padding is None else 1 + asked.padding,
        key="layer_padding",
        persist_state="session",
        help="Sentences of unequal length are filled up with a token that means nothing. Its row is set to zeros and "
        "gets no gradient, so that it stays so.",
    )
    return dtype, None if chosen == "none" else int(chosen)


def _show_three(asked: Asked, identity: lookup.Identity, padding: int | None) -> None:
    """What each way gives, and the gradient of its table."""
    flat, D = asked.ids.ravel(), asked.W.shape[1]
    used = np.bincount(flat, minlength=len(asked.W))
    names = [f"{name} ({times}×)" for name, times in zip(asked.rows, used.tolist(), strict=True)]
    limit, steepest = _limit(asked.W), float(np.abs(identity.gradients).max()) or 1.0
    for column, way, output, gradient in zip(
        st.columns(len(lookup.WAYS), gap="medium"), lookup.WAYS, identity.outputs, identity.gradients, strict=True
    ):
        with column:
            st.markdown(f"**{way}**")
            st.caption(f"output {list(output.shape)}")
            cells(
                output.reshape(-1, D),
                _row_names(asked),
                limit=limit,
                key=f"layer_out_{way}",
                alt=f"Rows given by {way}",
            )
            st.caption(f"gradient of W {list(gradient.shape)}, and how often each row was used")
            cells(
                gradient,
                names,
                limit=steepest,
                framed=np.flatnonzero(np.abs(gradient).max(axis=1)).tolist(),
                key=f"layer_gradient_{way}",
                alt=f"Gradient of W through {way}; rows that were not used are zeros",
            )
    changed = int((np.abs(identity.gradients[0]).max(axis=1) > 0).sum())
    words = f"A gradient is there for {changed} of {len(asked.W)} rows: those that were used. The others are not moved."
    if padding is not None:
        words += f" Row {padding} is the padding: zeros in the output, and no gradient although it was used " + (
            f"{used[padding]}×." if used[padding] else "0×."
        )
    st.caption(words + " A difference of 0 means that every number is identical.")


def show_repeats(asked: Asked) -> None:
    """What becomes of a row's gradient when its id is given once more; guessed first."""
    flat = asked.ids.ravel()
    id = int(flat[0])
    guessed = predict.guess(
        f"Row {id} is used {counted(int((flat == id).sum()), 'time')}. Look it up once more in the same batch. What "
        "becomes of its gradient?",
        _REPEATS,
        "layer_repeat",
        about=(asked.W.shape, tuple(flat.tolist())),
    )
    if guessed is None:
        return
    before, after = (
        lookup.check_identity(asked.W, ids).gradients[0][id] for ids in (flat, np.append(flat, id))
    )  # [D] each
    times = float(np.linalg.norm(after) / np.linalg.norm(before))
    answer = _REPEATS[0] if abs(times - 1) < 1e-6 else _REPEATS[1] if times > 1 else _REPEATS[2]
    predict.verdict(
        guessed,
        answer,
        f"It is {times:.3g} times as long: every place that used the row adds its share. A frequent word is moved by "
        "each of its uses.",
    )
    show_code(layer_snippets.repeated(asked, id), "layer_repeated")


def show_more(asked: Asked) -> None:
    """Sparse gradients, bags of ids, and the type that F.one_hot gives."""
    st.subheader("What else the layer can do", anchor=False)
    sparse, bags, trap = st.tabs(["Sparse gradients", "Bags of ids", "The int64 trap"])
    with sparse:
        show_sparse(asked)
    with bags:
        show_bags(asked)
    with trap:
        show_trap(asked)


def show_sparse(asked: Asked) -> None:
    """The gradient as the rows used, beside the whole table of mostly zeros."""
    found = lookup.sparse_gradient(asked.W, asked.ids.ravel())
    size = lookup.real_size("gpt-2")
    rows, whole = lookup.gradient_bytes(size.V, size.D, asked.ids.size)
    st.markdown(
        "The gradient is as large as the whole table, though nearly all of it is zeros. With `sparse=True` PyTorch "
        "keeps only the ids and a row for each. In a table as small as this one that may even take more bytes; in a "
        "real one it is the smaller by far."
    )
    one, two, three, four = st.columns(4)
    one.metric("Here, dense", in_bytes(found.dense_bytes))
    two.metric("Here, sparse", in_bytes(found.sparse_bytes))
    three.metric(f"{size.title}, dense", in_bytes(whole), help=f"{size.V:,} × {size.D} numbers of 4 bytes")
    four.metric(f"{size.title}, sparse", in_bytes(rows), help="As many ids of 8 bytes as here, and a row for each")
    cells(
        found.rows,
        _row_names(asked),
        limit=float(np.abs(found.dense).max()) or 1.0,
        key="layer_sparse",
        alt="The sparse gradient: a row for each id",
    )
    st.caption(
        f"{counted(len(found.ids), 'row')}, one for each id as it came; those of the same id are added up later. "
        f"Added up, they differ from the dense gradient by {float(np.abs(found.added_up - found.dense).max()):g}."
    )
    show_code(layer_snippets.sparse(asked), "layer_sparse_code")


def show_bags(asked: Asked) -> None:
    """Whole sentences as one row each."""
    names = {"sum": "added up", "mean": "averaged"}
    mode = one_of("A bag's rows are", MODES, "layer_bag", format_func=names.get)
    groups = bags_of(asked.ids)
    found = lookup.check_bags(asked.W, groups, mode)
    st.markdown(
        "`nn.EmbeddingBag` looks up several ids and gives one row for all of them, without ever holding the single "
        "rows: a sentence as a bag of words. As a product: add up the one-hot rows of each bag first."
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
        cells(found.outputs[0], names, limit=2 * _limit(asked.W), key="layer_bags", alt="A row for each bag")
    st.caption(
        f"{'; '.join(f'bag {n}: {group}' for n, group in enumerate(groups, 1))}. Largest difference between the two "
        f"ways: {found.largest_difference:.2g} in the rows, {found.largest_gradient_difference:.2g} in the gradients; "
        "the last digits depend on the order in which numbers are added up."
    )
    show_code(layer_snippets.bags(asked, groups, mode), "layer_bag_code")


def bags_of(ids: NDArray[np.int64]) -> list[list[int]]:
    """A bag for each sentence of ids [B, T]; ids [B] in two bags, the last id in one of its own.

    >>> bags_of(np.array([2, 3, 1]))
    [[2, 3], [1]]
    """
    if ids.ndim == 2:
        return ids.tolist()
    return [part.tolist() for part in np.split(ids, [len(ids) - 1]) if part.size]


def show_trap(asked: Asked) -> None:
    """What PyTorch says of the product as one would first write it."""
    wrong = lookup.int64_trap(asked.W, asked.ids)
    st.markdown("Written down as one thinks of it, the product fails:")
    st.code("torch.nn.functional.one_hot(ids, V) @ W", language="python")
    if wrong is None:
        st.success("This version of PyTorch lets it pass.")
        return
    st.markdown("PyTorch's own words:")
    st.code(wrong.message, language=None)
    st.markdown(
        f"`one_hot` gives whole numbers, {code(wrong.dtype)}, of 8 bytes each, and W holds numbers with a fraction. "
        "Add `.float()`, or `.to(W.dtype)` for a W of another type. It halves the bytes too: "
        f"{in_bytes(wrong.bytes_as_given)} become {in_bytes(wrong.bytes_as_float32)} here."
    )
    show_code(layer_snippets.trap(asked), "layer_trap")


def _row_names(asked: Asked) -> list[str]:
    return [
        name if name == str(id) else f"{id} {name}" for id, name in zip(asked.ids.ravel(), asked.names, strict=True)
    ]


def _limit(W: NDArray) -> float:
    return float(np.abs(W).max()) or 1.0
