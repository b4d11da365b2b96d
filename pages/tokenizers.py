"""The same text cut in four ways."""

from collections.abc import Sequence

import streamlit as st

from components import chart, lessons, predict, snippets
from components.drawings import BYTES, coloured_text
from components.explained import explained
from components.figures.counts import token_counts_figure
from components.inputs import bind
from components.plain_text import counted
from components.tokenizers import ABOUT, TITLES, choose_tokenizer, encode, open_tokenizer
from embeddings.tokens import Encoding

MOST_CHARACTERS = 100_000
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
    guessed = predict.guess(
        "Which tokenizer needs the fewest tokens for your text?", list(TITLES), "tokenizers_guess", about=text
    )
    if guessed is None:
        return
    counts = [(title, len(encodings[each].tokens)) for title, each in TITLES.items()]
    ranking = sorted(counts, key=lambda count: count[1])
    predict.verdict(guessed, predict.first(ranking), why_fewest(ranking, encodings, text))
    chart.show(
        token_counts_figure(counts, next(title for title, each in TITLES.items() if each == chosen)),
        key="tokenizers_counts",
        alt="; ".join(f"{title}: {count} tokens" for title, count in counts),
    )
    snippets.show_code(
        snippets.token_counts(text[: snippets.MOST_TEXT], list(TITLES.values())),
        "tokenizers_counts",
        snippets.cut_note(text),
    )


def explain_signs(tokens: Sequence[str]) -> None:
    """What the signs for bytes and for joiners mean, where they are shown."""
    if any(BYTES.fullmatch(token) for token in tokens):
        st.caption("⟨F0 9F⟩ are *bytes*, the numbers in which text is stored: such a token is a part of a character.")
    if any("\u200d" in token for token in tokens):
        st.caption("⟨zwj⟩ is a sign that nobody sees: it joins two emoji into one.")


def why_fewest(ranking: list[tuple[str, int]], encodings: dict[str, Encoding], text: str) -> str:
    """What was measured of the tokenizer that needs the fewest tokens, beside the one that needs most."""
    measured = [
        f"{title}: {counted(count, 'token')} of {len(text) / max(1, count):.1f} characters on average, from a "
        f"vocabulary of {open_tokenizer(TITLES[title]).vocabulary_size:,}. "
        for title, count in (ranking[0], ranking[-1])
    ]
    winner = TITLES[ranking[0][0]]
    if unknown := unknown_tokens(encodings[winner]):
        measured.append(f"But {unknown:,} of the winner's are unknown to it: what they said is lost. ")
    elif read_back(winner, encodings[winner]) != text:
        measured.append("But the winner's ids do not give the very same text back. ")
    return "".join(measured).strip()


def unknown_tokens(encoding: Encoding) -> int:
    """How many tokens stand for something that the vocabulary lacks."""
    return sum(id is None for id in encoding.ids) + encoding.tokens.count("[UNK]")


def read_back(name: str, encoding: Encoding) -> str:
    """The text that the ids are turned back into."""
    return open_tokenizer(name).decode([id for id in encoding.ids if id is not None])


def show_tokens(encoding: Encoding) -> None:
    """The text in coloured tokens, a sheet at a time."""
    count = len(encoding.tokens)
    sheets = -(-count // PER_SHEET)
    sheet = 1
    if sheets > 1:
        sheet = st.pagination(sheets, key="tokenizers_sheet", bind="query-params", persist_state="session")
        st.caption(f"Tokens {(sheet - 1) * PER_SHEET + 1:,} to {min(count, sheet * PER_SHEET):,} of {count:,}.")
    first, last = (sheet - 1) * PER_SHEET, sheet * PER_SHEET
    coloured_text(encoding, first, last, f"The text in {count:,} tokens", key="tokenizers_tokens")
    explain_signs(encoding.tokens[first:last])


def show_round_trip(name: str, text: str, encoding: Encoding) -> None:
    """What is left of the text when the ids are turned back."""
    back = read_back(name, encoding)
    size, tokens, lost, same = st.columns(4)
    size.metric("Vocabulary", f"{open_tokenizer(name).vocabulary_size:,}", help="How many different tokens it knows.")
    tokens.metric(
        "Tokens",
        f"{len(encoding.tokens):,}",
        help="Characters in a token, on average: " + f"{len(text) / max(1, len(encoding.tokens)):.1f}",
    )
    lost.metric("Unknown", f"{unknown_tokens(encoding):,}", help="Without an id, or [UNK]: the vocabulary lacks them.")
    same.metric(
        "Back from the ids",
        "the same text" if back == text else "not the same",
        help="What the ids alone give when they are turned into text again.",
    )
    if back != text:
        with st.expander("What comes back"):
            st.text(back[:2_000])


lessons.title(
    "Cutting text into tokens",
    "Before anything has an id, a *tokenizer* must cut the text into tokens, each one of its *vocabulary*, the list "
    "of all that it knows. Where to cut is a choice, and each choice has its price.",
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
        snippets.show_code(
            snippets.token_spans(text[: snippets.MOST_TEXT], name), "tokenizers_tokens", snippets.cut_note(text)
        )
        show_counts(encodings, name, text)
lessons.next_link("pages/tokenizers.py")
