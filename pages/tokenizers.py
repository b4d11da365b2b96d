"""The same text cut in four ways."""

import streamlit as st

from components import chart, lessons, predict, snippets
from components.drawings import coloured_text
from components.explained import explained
from components.figures.counts import token_counts_figure
from components.inputs import bind
from components.tokenizers import ABOUT, TITLES, choose_tokenizer, encode, open_tokenizer
from embeddings.tokens import Encoding

MOST_CHARACTERS = 100_000
MOST_CODE = 2_000  # characters of a text that are shown in code
PER_SHEET = 1_000  # tokens drawn at once; a browser stays fluid with that many
EXAMPLE = "Unbelievable! Tokenization splits naïve words, 😀 and all, into sub-word pieces: don't panic."


def read_text() -> str:
    """The text, kept in the address while it is short enough for one."""
    return st.text_area(
        "Your text",
        EXAMPLE,
        key="tokenizers_text",
        height=120,
        bind=bind("tokenizers_text"),
        persist_state="session",
    )


def show_counts(encodings: dict[str, Encoding], chosen: str, text: str) -> None:
    """How many tokens each tokenizer needs, after the reader has said which needs fewest."""
    st.subheader("How many tokens?", anchor=False)
    guessed = predict.guess("Which tokenizer needs the fewest tokens for your text?", list(TITLES), "tokenizers_guess")
    if guessed is None:
        return
    counts = [(title, len(encodings[each].tokens)) for title, each in TITLES.items()]
    fewest = min(counts, key=lambda count: count[1])
    predict.verdict(
        guessed,
        fewest[0],
        f"For {len(text):,} characters it needs {fewest[1]:,} tokens, and the characters {len(text):,}. "
        "The larger the vocabulary, the longer the pieces that are in it, and the shorter the text.",
    )
    chart.show(
        token_counts_figure(counts, next(title for title, each in TITLES.items() if each == chosen)),
        key="tokenizers_counts",
        alt="; ".join(f"{title}: {count} tokens" for title, count in counts),
    )
    if len(text) <= MOST_CODE:
        snippets.show_code(snippets.token_counts(text, list(TITLES.values())), "tokenizers_counts")


def show_tokens(encoding: Encoding) -> None:
    """The text in coloured tokens, a sheet at a time."""
    count = len(encoding.tokens)
    sheets = -(-count // PER_SHEET)
    sheet = 1
    if sheets > 1:
        sheet = st.pagination(sheets, key="tokenizers_sheet")
        st.caption(f"Tokens {(sheet - 1) * PER_SHEET + 1:,} to {min(count, sheet * PER_SHEET):,} of {count:,}.")
    coloured_text(
        encoding, (sheet - 1) * PER_SHEET, sheet * PER_SHEET, f"The text in {count:,} tokens", key="tokenizers_tokens"
    )


def show_round_trip(name: str, text: str, encoding: Encoding) -> None:
    """What is left of the text when the ids are turned back."""
    unknown = sum(id is None for id in encoding.ids) + encoding.tokens.count("[UNK]")
    back = open_tokenizer(name).decode([id for id in encoding.ids if id is not None])
    size, tokens, lost, same = st.columns(4)
    size.metric("Vocabulary", f"{open_tokenizer(name).vocabulary_size:,}")
    tokens.metric(
        "Tokens",
        f"{len(encoding.tokens):,}",
        help="Characters in a token, on average: " + f"{len(text) / max(1, len(encoding.tokens)):.1f}",
    )
    lost.metric("Unknown", f"{unknown:,}")
    same.metric("Back from the ids", "the same text" if back == text else "not the same")
    if back != text:
        with st.expander("What comes back"):
            st.text(back[:2_000])


lessons.title(
    "Cutting text into tokens",
    "Before anything has an id, the text must be cut. Where to cut is a choice, and each choice has its price.",
)
text = read_text()
name = choose_tokenizer("tokenizers_name", "Byte pairs (GPT-4o)")
if not text.strip():
    st.info("Type or paste some text above.")
elif len(text) > MOST_CHARACTERS:
    st.warning(f"That is {len(text):,} characters; at most {MOST_CHARACTERS:,} can be cut here. Shorten the text.")
else:
    with explained():
        encodings = {each: encode(each, text) for each in TITLES.values()}
        st.caption(ABOUT[name])
        show_tokens(encodings[name])
        show_round_trip(name, text, encodings[name])
        if len(text) <= MOST_CODE:
            snippets.show_code(snippets.token_spans(text, name), "tokenizers_tokens")
        show_counts(encodings, name, text)
lessons.next_link("pages/tokenizers.py")
