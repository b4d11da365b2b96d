"""From a sentence to a map: its tokens and ids, the one-hot row and the vector of one, and where it lies."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.custom.drawings import one_hot_line, token_strip, vector_strip, visible, word_dots
from components.lessons.bundled_tables import GLOVE, MINILM
from components.lessons.meaning.shared_snippets import cut_text
from components.lessons.meaning.signs import explain_signs
from components.markup import as_code, decimals_apart, spoken_places
from components.session.landmarks import landmark_map
from components.session.tokenizer_tables import FULL_COLOUR, WITH_TABLE, rows_of, shape_of
from components.session.tokenizers import choose_tokenizer, encode, open_tokenizer
from components.ui import predict
from components.ui.code_block import MAX_TEXT, cut_note, show_code
from components.ui.errors import show_errors
from components.ui.folds import go_further
from components.ui.inputs import text_setting
from embeddings.common import in_bytes
from embeddings.similarity import cosine_similarities
from embeddings.tokenizers import Encoding
from embeddings.vectors import table_bytes

MAX_TOKENS = 40  # as many as can be followed by eye
FREQUENT_WORDS = 150  # of GloVe, whose ids are in the order of frequency: they say little of what a text is about
MAX_OFFERED = 5  # tokens to guess among, the rarest and the right one
ORIGIN = MappingProxyType(
    {
        "word": glossary.sentence("GloVe"),
        "wordpiece": "It is the first layer of all-MiniLM-L6-v2, a *transformer*, as language models are.",
    }
)
NO_TABLE = MappingProxyType(
    {
        "gpt-4o": "GPT-4o's own table is not published, so the way ends here. Choose *word pieces* to go on.",
        "character": "No table of characters comes with this app: each would need a row. Choose *words* to go on.",
    }
)


@st.fragment
def show_journey() -> None:
    """The sentence and its four steps, redrawn at each keystroke."""
    steps, place = st.columns([7, 5], gap="large")
    with steps:
        text = text_setting("Your sentence", "The cat and the dog eat bread with the queen", key="home_text", live=True)
    with place:
        name = choose_tokenizer("home_tokenizer", "Words")
    with show_errors():
        follow(text, name, steps, place)


def follow(text: str, name: str, steps: DeltaGenerator, place: DeltaGenerator) -> None:
    """What becomes of ``text``, cut by the tokenizer called ``name``: the steps, and the place on the map."""
    encoding = encode(name, text)
    if not encoding.tokens:
        steps.info("Type a few words above and watch what becomes of them: *the cat sat on the mat*, for instance.")
        return
    with steps:
        with st.container(key="picture", gap="xsmall"):
            chosen = show_tokens(encoding)
            token, token_id = encoding.tokens[chosen], encoding.ids[chosen]
            if token_id is None:
                st.warning(
                    f"{as_code(token)} is not among the {open_tokenizer(name).vocabulary_size:,} words of this "
                    "vocabulary. It has no id and no vector. Choose another token, or try another spelling."
                )
            else:
                show_row(visible(token), token_id, name)
        explain_steps(visible(token), token_id, name)
        if token_id is not None:
            cut = text[:MAX_TEXT]
            if encode(name, cut).ids[chosen : chosen + 1] == (token_id,):  # a very long word may push it out
                show_code(_token_row_code(cut, name, chosen), "home", cut_note(text))
    with place:
        map_place = st.container()
        told = name not in WITH_TABLE or token_id is None or show_similar_tokens(encoding, chosen, token_id, name)
        with map_place:
            show_map(encoding, chosen, name, told)
        if name in WITH_TABLE:
            explain_map(name)


def show_tokens(encoding: Encoding) -> int:
    """Step 1; which token is followed."""
    st.markdown("**1. Cut the text into pieces.** Each piece has a number. Choose one to follow it.")
    tokens, ids = [visible(token) for token in encoding.tokens[:MAX_TOKENS]], encoding.ids[:MAX_TOKENS]
    chosen = token_strip(tokens, ids, default=first_content_token(ids), key="home_token", address="home_pick")
    if len(encoding.tokens) > MAX_TOKENS:
        st.caption(f"The first {MAX_TOKENS} of {len(encoding.tokens):,} tokens are shown.")
    explain_signs(encoding.tokens[:MAX_TOKENS])
    return chosen


def first_content_token(ids: Sequence[int | None]) -> int:
    """The place of the first word that is known and not among the most frequent ones, such as "the"."""
    known = [(place, token_id) for place, token_id in enumerate(ids) if token_id is not None]
    first = known[0][0] if known else 0
    return next((place for place, token_id in known if token_id >= FREQUENT_WORDS), first)


def known_ids(encoding: Encoding, limit: int | None = None) -> dict[str, int]:
    """The id of each of the first ``limit`` tokens that has one."""
    pairs = zip(encoding.tokens[:limit], encoding.ids[:limit], strict=True)
    return {token: token_id for token, token_id in pairs if token_id is not None}


def show_row(token: str, token_id: int, name: str) -> None:
    """Steps 2 and 3: the token's one-hot row, and its row of the table."""
    V = open_tokenizer(name).vocabulary_size
    st.markdown(f"**2. Write the number as a row:** a 1 in place {token_id:,}, and 0 in all others.")
    one_hot_line(token_id, V, key="home_one_hot")
    if name not in WITH_TABLE:
        st.markdown(f"**3. Look it up in a table.** {NO_TABLE[name]}")
        return
    D = shape_of(name)[1]
    st.markdown(f"**3. Look it up in a table:** row {token_id:,} holds {D} numbers for {as_code(token)}.")
    vector_strip(rows_of(name, [token_id])[0], FULL_COLOUR[name], f"The {D} numbers of {token}", key="home_vector")


def explain_steps(token: str, token_id: int | None, name: str) -> None:
    """The field's words for what the three steps show, each on a line of its own."""
    named = ("token", "vocabulary", "id", "vector", *(("embedding",) if name in WITH_TABLE else ()))
    st.markdown("\n".join(f"- {glossary.sentence(term)}" for term in named))
    if token_id is None:
        return
    with go_further("how long these rows are", "home_sizes"):
        V = open_tokenizer(name).vocabulary_size
        st.markdown(
            f"{glossary.sentence('one-hot')} {as_code(token)} is token {token_id:,} of {V:,}, counting from 0. So its "
            f"row has one 1 and {V - 1:,} zeros."
        )
        if name in WITH_TABLE:
            V, D = shape_of(name)
            st.markdown(f"The table has {V:,} × {D} numbers, {in_bytes(table_bytes(V, D))} in all. {ORIGIN[name]}")


def show_map(encoding: Encoding, chosen: int, name: str, told: bool) -> None:
    """Step 4: the sentence's tokens among everyday words; of the sentence ``chosen`` alone until the answer is told."""
    if name not in WITH_TABLE:
        st.markdown("**4. A place on a map.** Without vectors there is no map. Choose words or word pieces for one.")
        return
    st.markdown(
        "**4. A place on a map.** Tokens with similar vectors lie close together. The grey words are everyday words: "
        "they show where you are."
    )
    landmarks, axes = landmark_map(name)
    known = known_ids(encoding)
    tokens = list(known)[:MAX_TOKENS] if told else [encoding.tokens[chosen]]
    dots: list[tuple[str, float, float]] = []
    if tokens:
        places = axes.transform(rows_of(name, [known[token] for token in tokens]))
        dots = [(token, x, y) for token, (x, y) in zip(tokens, places, strict=True)]
    around = [landmark for landmark in landmarks if landmark[0] not in known]
    spoken = spoken_places(tokens, [place for _, *place in dots])
    alt = f"A map of everyday words and {len(tokens)} tokens of the sentence: {spoken}"
    word_dots(around, dots, landmarks, encoding.tokens[chosen], alt, key="home_map")


def explain_map(name: str) -> None:
    """How the rows of the table of the tokenizer called ``name`` become places."""
    with go_further(f"from {shape_of(name)[1]} numbers to a place", "home_projection"):
        st.markdown(f"{glossary.sentence('dimension')} {glossary.sentence('projection')} This map is one.")


def show_similar_tokens(encoding: Encoding, chosen: int, token_id: int, name: str) -> bool:
    """A guess about the token at ``chosen`` and the others on the page; then their cosines, best first.

    Args:
        encoding: Of the sentence.
        chosen: Place of a token with an id.
        token_id: That id.
        name: Of a tokenizer whose tokens have vectors.

    Returns:
        Whether the other tokens may be drawn: not while the question stands.
    """
    token = encoding.tokens[chosen]
    ids = {token: token_id} | known_ids(encoding, MAX_TOKENS)
    _, *others = ids
    if len(others) < 2:
        return True
    cosines = cosine_similarities(rows_of(name, list(ids.values())))[0, 1:]
    ranking = sorted(zip(others, cosines.tolist(), strict=True), key=lambda pair: -pair[1])
    nearest = predict.first(ranking)
    offered = {*nearest, *sorted(others, key=ids.__getitem__)[1 - MAX_OFFERED :]}
    guessed = predict.guess(
        f"Which token of your sentence has the vector most like that of {as_code(token)}?",
        [each for each in others if each in offered],
        "home_guess",
        about=(name, token, tuple(others)),
        then="Choose one, and all your tokens appear on the map.",
    )
    if guessed is None:
        return False
    choices = [(each, cosine) for each, cosine in ranking if each in offered]
    digits = decimals_apart(cosine for _, cosine in choices)
    measured = ", ".join(f"{as_code(each)} {cosine:.{digits}f}" for each, cosine in choices).replace(" -", " −")
    predict.verdict(
        guessed,
        nearest,
        f"{glossary.sentence('cosine')} These are the cosines with {as_code(token)}: {measured}.",
    )
    show_code(_similar_tokens_code(name, ids), "home_alike")
    return True


def _token_row_code(text: str, tokenizer: str, place: int) -> str:
    """Tokens, ids, and the one-hot row, the vector and the place on the map of the token at ``place``."""
    return f"""\
import numpy as np

{cut_text(tokenizer, text)}
id = ids[{place}]
row = np.zeros(V, dtype=np.float32)
row[id] = 1
print(tokens, ids, row, sep="\\n")
{_VECTOR_AND_PLACE.get(tokenizer, "")}"""


_TABLE_ROWS = MappingProxyType(
    {
        "word": "from embeddings.sources import load\n\ntable = load()\nrows = lambda ids: table.matrix[list(ids)]",
        "wordpiece": "from embeddings.sources import MiniLMTable\n\nrows = MiniLMTable.of_minilm().rows",
    }
)
_MATRIX = MappingProxyType({"word": GLOVE, "wordpiece": MINILM})
_VECTOR_AND_PLACE = MappingProxyType(
    {
        name: f"""
from embeddings.vectors import GROUPS
{opening}
vector = rows([id])[0]
landmarks = rows([cut.encode(word).ids[0] for group in GROUPS.values() for word in group])
middle = landmarks.mean(axis=0)
_, _, axes = np.linalg.svd(landmarks - middle, full_matrices=False)
place = axes[:2] @ (vector - middle)  # PCA; a mirrored map is the same map
print(vector, place, sep="\\n")
"""
        for name, opening in _TABLE_ROWS.items()
    }
)


def _similar_tokens_code(tokenizer: str, ids: Mapping[str, int]) -> str:
    """The cosines of the vector of the first of the tokens in ``ids`` with those of the others."""
    return f"""\
{_MATRIX[tokenizer]}
ids = {dict(ids)!r}
token, *others = ids
vectors = matrix[list(ids.values())]
units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
cosines = units[1:] @ units[0]
ranking = sorted(zip(others, cosines.tolist()), key=lambda pair: -pair[1])
print(token, ranking, sep="\\n")
"""
