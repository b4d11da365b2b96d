"""One sentence, and its whole way from text to a place on a map."""

from collections.abc import Sequence
from types import MappingProxyType

import streamlit as st

from components import lessons, snippets
from components.drawings import one_hot_line, token_strip, vector_strip, visible, word_dots
from components.inputs import text_setting
from components.landmarks import landmark_map
from components.most_alike import show_most_alike
from components.plain_text import code
from components.snippets import show_code
from components.tables import FULL_COLOUR, WITH_TABLE, rows_of, shape_of
from components.tokenizers import choose_tokenizer, encode, open_tokenizer
from embeddings.errors import in_bytes
from embeddings.tokens import Encoding

MAX_TOKENS = 40  # as many as can be followed by eye
MOST_FREQUENT = 150  # GloVe's ids are in the order of frequency; up to here they say little of what a text is about
ORIGIN = MappingProxyType(
    {
        "word": "GloVe's table, learned from how people use words in Wikipedia and news.",
        "wordpiece": "the first layer of all-MiniLM-L6-v2, a *transformer*, as language models are.",
    }
)
NO_TABLE = MappingProxyType(
    {
        "gpt-4o": "GPT-4o's own table is not published, so the way ends here. Choose *word pieces* to go on.",
        "character": "No table of characters comes with this app: each would need a row. Choose *words* to go on.",
    }
)


@st.fragment
def journey() -> None:
    """The sentence and its four steps, redrawn at each keystroke."""
    text = text_setting("Your sentence", "The cat and the dog eat bread with the queen", key="home_text", live=True)
    name = choose_tokenizer("home_tokenizer", "Words")
    encoding = encode(name, text)
    if not encoding.tokens:
        st.info("Type a few words above and watch what becomes of them: *the cat sat on the mat*, for instance.")
        return
    steps, picture = st.columns([7, 5], gap="large")
    with steps:
        chosen = show_tokens(encoding)
        token, id = encoding.tokens[chosen], encoding.ids[chosen]
        if id is None:
            st.warning(
                f"{code(token)} is not among the {open_tokenizer(name).vocabulary_size:,} words of this vocabulary: it "
                "has no id and no vector. Choose another token, or try another spelling."
            )
        else:
            show_row(visible(token), id, name)
            cut = text[: snippets.MOST_TEXT]
            if encode(name, cut).ids[chosen : chosen + 1] == (id,):  # a very long word may push it out
                show_code(snippets.token_row(cut, name, chosen), "home", snippets.cut_note(text))
    with picture:
        show_map(encoding, chosen, name)
        if name in WITH_TABLE and id is not None:
            show_most_alike(encoding, chosen, name, MAX_TOKENS)


def show_tokens(encoding: Encoding) -> int:
    """Step 1; which token is followed."""
    st.markdown("**1. Tokens and ids.** Text is cut into *tokens*, each with a number: its *id*.")
    tokens, ids = [visible(token) for token in encoding.tokens[:MAX_TOKENS]], encoding.ids[:MAX_TOKENS]
    chosen = token_strip(tokens, ids, default=first_telling(ids), key="home_token", address="home_pick")
    if len(encoding.tokens) > MAX_TOKENS:
        st.caption(f"The first {MAX_TOKENS} of {len(encoding.tokens):,} tokens are shown.")
    else:
        st.caption("Choose a token to follow it.")
    return chosen


def first_telling(ids: Sequence[int | None]) -> int:
    """The place of the first word that is known and not among the most frequent ones, such as "the"."""
    known = [place for place, id in enumerate(ids) if id is not None]
    return next((place for place in known if ids[place] >= MOST_FREQUENT), known[0] if known else 0)


def show_row(token: str, id: int, name: str) -> None:
    """Steps 2 and 3: the token's one-hot row, and its row of the table."""
    V = open_tokenizer(name).vocabulary_size
    st.markdown(
        f"**2. One-hot.** {code(token)} is token {id:,} of {V:,}, counting from 0. "
        f"Written as a row with a cell for each, that is one 1 and {V - 1:,} zeros."
    )
    one_hot_line(id, V, key="home_one_hot")
    if name not in WITH_TABLE:
        st.markdown(f"**3. Its row in the embedding table.** {NO_TABLE[name]}")
        return
    V, D = shape_of(name)
    st.markdown(
        f"**3. Its row in the embedding table.** Row {id:,} of {V:,} × {D} numbers, {in_bytes(4 * V * D)} in all: "
        f"{ORIGIN[name]} These {D} are the token's *vector*."
    )
    vector_strip(rows_of(name, [id])[0], FULL_COLOUR[name], f"The {D} numbers of {token}", key="home_vector")


def show_map(encoding: Encoding, chosen: int, name: str) -> None:
    """Step 4: the sentence's tokens among everyday words."""
    if name not in WITH_TABLE:
        st.markdown("**4. A place on a map.** Without vectors there is no map. Choose words or word pieces for one.")
        return
    st.markdown(
        f"**4. A place on a map.** Nobody can picture {shape_of(name)[1]} dimensions, so they are *projected*, "
        "squeezed into the two of a picture. Tokens with vectors alike lie close together, as far as these can show it."
    )
    landmarks, axes = landmark_map(name)
    known = {token: id for token, id in zip(encoding.tokens, encoding.ids, strict=True) if id is not None}
    tokens = list(known)[:MAX_TOKENS]
    places = axes.place(rows_of(name, [known[token] for token in tokens])) if tokens else []
    dots = [(token, x, y) for token, (x, y) in zip(tokens, places, strict=True)]
    around = [landmark for landmark in landmarks if landmark[0] not in known]
    alt = f"A map of {len(tokens)} tokens of the sentence among everyday words"
    word_dots(around, dots, landmarks, encoding.tokens[chosen], alt, key="home_map")


lessons.title(
    "From words to numbers",
    "Computers calculate, and text is not a number. Type a sentence and follow each word on its way to becoming one.",
)
journey()
st.subheader("The lessons", anchor=False)
lessons.cards()
lessons.next_link("pages/home.py")
