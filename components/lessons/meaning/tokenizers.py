"""The same text cut by four tokenizers: the tokens, what comes back from their ids, and how many each needs."""

from collections.abc import Sequence

import streamlit as st

from components.address import setting
from components.custom.drawings import coloured_text
from components.figures.bars import token_counts_figure
from components.lessons.meaning.shared_snippets import cut_text
from components.lessons.meaning.signs import explain_signs
from components.session.tokenizers import ABOUT, TITLES, encode, open_tokenizer
from components.ui import chart, predict
from components.ui.code_block import MAX_TEXT, cut_note, show_code
from components.ui.errors import show_errors
from components.ui.text_fields import TEXT_LIMIT, text_box
from embeddings.common import count_of
from embeddings.tokenizers import Encoding, characters_per_token, read_back, unknown_tokens

MAX_PER_SHEET = 1_000  # tokens drawn at once; a browser stays fluid with that many
EXAMPLE = "Unbelievable! Tokenization splits naïve words, 😀 and all, into sub-word pieces: don't panic."


def read_text() -> str:
    """The text, kept in the address while it is short enough for one."""
    return text_box("Your text", EXAMPLE, key="tokenizers_text", limit=TEXT_LIMIT, height=90)


def cut_every_way(text: str) -> dict[str, Encoding]:
    """What each tokenizer makes of ``text``; a sentence in place of one whose package is missing."""
    encodings = {}
    for each in TITLES.values():
        with show_errors():
            encodings[each] = encode(each, text)
    return encodings


def show_tokens(encoding: Encoding) -> None:
    """The text in coloured tokens, a sheet at a time."""
    count = len(encoding.tokens)
    sheets = -(-count // MAX_PER_SHEET)
    sheet = 1
    if sheets > 1:
        sheet = setting(st.pagination, sheets, key="tokenizers_sheet")
        st.caption(f"Tokens {(sheet - 1) * MAX_PER_SHEET + 1:,} to {min(count, sheet * MAX_PER_SHEET):,} of {count:,}.")
    first, last = (sheet - 1) * MAX_PER_SHEET, sheet * MAX_PER_SHEET
    with st.container(key="picture"):
        coloured_text(encoding, first, last, f"The text in {count:,} tokens", key="tokenizers_tokens")
    explain_signs(encoding.tokens[first:last])


def show_round_trip(name: str, text: str, encoding: Encoding) -> None:
    """What the tokenizer is, its numbers, and what is left of the text when the ids are turned back."""
    back = read_back(open_tokenizer(name), encoding)
    row = st.container(horizontal=True, horizontal_alignment="distribute")
    row.metric(
        "Vocabulary",
        f"{open_tokenizer(name).vocabulary_size:,}",
        help="How many ids there are. A table of vectors has a row for each.",
        width="content",
    )
    row.metric(
        "Tokens",
        f"{len(encoding.tokens):,}",
        help=f"A token has {characters_per_token(text, encoding):.1f} characters on average.",
        width="content",
    )
    row.metric(
        "Unknown",
        f"{unknown_tokens(encoding):,}",
        help="Tokens that the vocabulary lacks. They have no id, or the id of [UNK].",
        width="content",
    )
    row.metric(
        "Back from the ids",
        "the same text" if back == text else "not the same",
        help="Turn the ids into text again: is it the text that was typed?",
        width="content",
    )
    st.caption(ABOUT[name])
    if back != text:
        with st.expander("What comes back"):
            st.text(back[:2_000])
    show_code(_token_spans_code(text[:MAX_TEXT], name), "tokenizers_tokens", cut_note(text))


def show_counts(encodings: dict[str, Encoding], chosen: str, text: str) -> None:
    """How many tokens each tokenizer needs, after the reader has said which needs fewest."""
    st.subheader("How many tokens?", anchor=False)
    guessed = predict.guess(
        "Which tokenizer needs the fewest tokens for your text?", list(TITLES), "tokenizers_guess", about=text
    )
    if guessed is None:
        return
    counts = [(title, len(encodings[each].tokens)) for title, each in TITLES.items() if each in encodings]
    ranking = sorted(counts, key=lambda count: count[1])
    predict.verdict(guessed, predict.first(ranking), why_fewest(ranking, encodings, text))
    chart.show(
        token_counts_figure(counts, next(title for title, each in TITLES.items() if each == chosen)),
        key="tokenizers_counts",
        alt="; ".join(f"{title}: {count} tokens" for title, count in counts),
    )
    show_code(_token_counts_code(text[:MAX_TEXT], list(TITLES.values())), "tokenizers_counts", cut_note(text))


def why_fewest(ranking: list[tuple[str, int]], encodings: dict[str, Encoding], text: str) -> str:
    """What was measured of the tokenizer that needs the fewest tokens, beside the one that needs most."""
    measured = [
        f"{title}: {count_of(count, 'token')}, from a vocabulary of {open_tokenizer(TITLES[title]).vocabulary_size:,}. "
        for title, count in (ranking[0], ranking[-1])
    ]
    if "character" in (TITLES[title] for title, _ in (ranking[0], ranking[-1])):
        measured.append("The id of a character is its number in *Unicode*, the list of the characters of all scripts. ")
    winner = TITLES[ranking[0][0]]
    if unknown := unknown_tokens(encodings[winner]):
        measured.append(f"But `{ranking[0][0]}` has no id for {unknown:,} of its tokens. What stood there is lost. ")
    elif read_back(open_tokenizer(winner), encodings[winner]) != text:
        measured.append(f"But the ids of `{ranking[0][0]}` do not give exactly the same text back. ")
    return "".join(measured).strip()


def _token_spans_code(text: str, tokenizer: str) -> str:
    """Tokens, ids and spans of ``text``, and the text that comes back from the ids."""
    back = '"".join(map(chr, ids))' if tokenizer == "character" else "cut.decode([id for id in ids if id is not None])"
    return f"""\
{cut_text(tokenizer, text)}
for token, id, (start, end) in zip(tokens, ids, spans):
    print(id, repr(token), "stands for", repr(text[start:end]))
back = {back}
print(back)
"""


def _token_counts_code(text: str, tokenizers: Sequence[str]) -> str:
    """How many tokens each of ``tokenizers`` needs."""
    return f"""\
from embeddings.sources import load
from embeddings.tokenizers import tokenizer

text = {text!r}
vocabulary = load().vocabulary  # the words that the first of them knows
counts = {{name: len(tokenizer(name, vocabulary).encode(text).tokens) for name in {list(tokenizers)!r}}}
print(counts)
"""
