"""The panels of a vocabulary, looked through: the order of its ids, a search, and the price of a language in tokens."""

import csv
import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components import glossary
from components.address import setting
from components.figures.bars import prices_figure
from components.figures.ranks import id_profile_figure, kinds_drawn
from components.figures.scatter_map import marker_style
from components.markup import as_code, with_minus
from components.session import background_jobs
from components.session.tokenizers import TITLES as TOKENIZER_TITLES
from components.session.vocabularies import (
    OF_SMOLLM,
    ORDER_JOB,
    SMALL,
    SMOLLM2,
    VOCABULARY_JOB,
    is_measured,
    is_open,
    order_of,
    prices_of,
    profile_of,
    reference_of,
    titled_tokenizer,
    token_index,
    tokenizer_titles,
    vocabulary_titles,
)
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.downloads import run_downloads
from components.ui.errors import show_errors
from components.ui.folds import go_further
from components.ui.inputs import choice_input, text_setting
from components.ui.tables import draw_table
from components.ui.text_fields import WORD_LIMIT, text_line
from embeddings.sources import open_smollm
from embeddings.tokenizers import (
    ALPHABET,
    ARTICLE_1,
    FREQUENCY,
    KINDS,
    MERGES,
    ORDERS,
    IdProfile,
    LanguagePrice,
    TokenIndex,
    Tokenizer,
    TokenOrder,
    drawn,
    token_premium,
    unknown_tokens,
)

ABOUT = MappingProxyType(
    {
        "GPT-4o": "Byte pairs of a large language model of 2024. The space before a word belongs to its token, and is "
        "drawn as ␣.",
        "BERT": "Word pieces of a language model of 2018, in small letters. What goes on inside a word has ## before "
        "it.",
        "GloVe": "Whole words in small letters, out of Wikipedia and news.",
        SMOLLM2: "Byte pairs of a small language model of 2024. The space before a word belongs to its token, and is "
        "drawn as ␣.",
        SMALL: "All words of the eight sentences on *A network fills in the table*.",
    }
)
MERGE = "A *merge* makes a new token of two that often stand side by side; it gets the next id."
LENGTHS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"any": (0, 10_000), "1": (1, 1), "2": (2, 2), "3 to 5": (3, 5), "6 to 9": (6, 9), "10 to 19": (10, 19)}
    | {"20 or more": (20, 10_000)}
)
SPACES: Mapping[str, bool | None] = MappingProxyType({"any": None, "yes": True, "no": False})
ANY = "any"
PER_SHEET = 200  # tokens listed at once
LITTLE, SOME, MUCH = "up to 1.5 times as many", "1.5 to 4 times as many", "more than 4 times as many"
BYTE_PAIRS = "Byte pairs (GPT-4o)"
COUNTS = MappingProxyType({"tokens": False, "times English": True})
_SHEET = "vocabularies_sheet"  # in the session
_HEIGHT = 400  # pixels of the picture
_ROWS = 10  # tokens of each stretch that is shown before the guess
_DOWNLOAD_NAME, _PRICES_NAME = "vocabulary", "language_prices"


def show_order() -> str:
    """The vocabulary, chosen beside the picture, and after a guess what stands where in it; gives its title."""
    picture, settings = beside()
    with settings:
        title = choice_input("Vocabulary", vocabulary_titles(), "vocabularies_which")
        if SMOLLM2 not in vocabulary_titles():
            with show_errors(st.caption):
                open_smollm()  # which says how to get it
        opened = is_open(title)
        size = f"{len(token_index(title)):,} tokens. " if opened else ""
        st.markdown(glossary.linked(size + ABOUT[title]))
        guessed = predict.guess(
            "In which order do the tokens of this vocabulary stand, from its first id to its last?",
            list(ORDERS),
            "vocabularies_guess",
            before=glossary.linked(MERGE),
            subject=title,
            about=title,
        )
    measured = opened and is_measured(title)  # begun before the guess, so that it is there after it
    if not (measured if guessed is not None else opened):
        with picture.container(key="picture", height=_HEIGHT, border=False):
            background_jobs.poll(ORDER_JOB if opened else VOCABULARY_JOB, lambda job: None, again=True)
        with settings:
            predict.unanswered(guessed, "The answer comes as soon as the order of this vocabulary is measured.")
        return title
    with picture.container(key="picture"):
        if guessed is None:
            _show_stretches(token_index(title))
            return title
        profile = profile_of(title)
        figure = _show_profile(title, profile)
    with settings:
        order = order_of(title)
        predict.verdict(guessed, order.name, _why(title, order))
    code = _order_code(title)
    show_code(code, "vocabularies_order")
    run_downloads({"csv": lambda: _profile_csv(profile)}, figure, code, _DOWNLOAD_NAME)
    return title


def _show_stretches(index: TokenIndex) -> None:
    """Some tokens from five places of the list, to guess from."""
    size = len(index)
    starts = sorted({0, size // 65, size // 15, size // 4, 3 * size // 4}) if size > 5 * _ROWS else [0]
    st.markdown("**The list, from some places on.** Each column goes on downwards.")
    rows = min(_ROWS, size)  # with the heading, as high as the picture that comes after the guess
    columns = {f"id {start:,}": [_named(index, start + row) for row in range(rows)] for start in starts}
    spoken = "; ".join(f"from {name} on: {', '.join(tokens)}" for name, tokens in columns.items())
    draw_table(columns, height=_HEIGHT - 6, alt=spoken)


def _named(index: TokenIndex, token_id: int) -> str:
    return drawn(index.token(token_id)) or "(not used)"


def _show_profile(title: str, profile: IdProfile) -> go.Figure:
    st.markdown("**What stands where: the list from its first id to its last.**")
    index = token_index(title)
    figure = id_profile_figure(profile, reference_of(title), _HEIGHT)
    lengths = profile.mean_lengths[np.isfinite(profile.mean_lengths)]
    kinds = np.bincount(index.kinds, minlength=len(KINDS)) / len(index)
    most = [f"{KINDS[kind]} {kinds[kind]:.0%}" for kind in np.argsort(-kinds)[:3].tolist() if kinds[kind]]
    spoken = (
        f"Mean length of the tokens from {lengths[0]:.1f} characters at the first ids to {lengths[-1]:.1f} at the "
        f"last, and what they are: {', '.join(most)}"
    )
    chart.show(figure, key="vocabularies_profile", alt=spoken, save_as=_DOWNLOAD_NAME)
    chart.legend_of([(name, (colour, "square")) for name, colour in kinds_drawn(profile)])
    return figure


def _why(title: str, order: TokenOrder) -> str:
    """What was measured of the order, and what it means."""
    measured = [
        f"Later in the alphabet than the token before: {order.alphabetical:.0%}. 50% is chance.",
        f"Two earlier tokens put together: {order.built:.0%} of {order.sample:,} longer tokens.",
    ]
    if np.isfinite(order.frequency):
        measured.append(
            f"Rank correlation with {reference_of(title)}'s order, frequent words first: "
            f"{with_minus(f'{order.frequency:.2f}')} for {order.shared:,} words. 1 is the same order, 0 is chance."
        )
    return "\n\n" + "\n".join(f"- {each}" for each in measured) + f"\n\n{_MEANING.get(order.name, '')}"


_SMALL_OR_LARGE = (
    "**The small vocabularies of this app's lessons are sorted by the alphabet, so that you find a word. Large ones "
    "are not.**"
)
_MEANING = MappingProxyType(
    {
        ALPHABET: _SMALL_OR_LARGE,
        MERGES: f"Each token came after its two parts, and frequent pairs were merged first. {_SMALL_OR_LARGE}",
        FREQUENCY: f"Two lists by frequency, made apart, agree like that. {_SMALL_OR_LARGE}",
    }
)


def show_tokens(title: str) -> None:
    """The tokens that the reader looks for, in the order of their ids; nothing until the vocabulary is open."""
    if not is_open(title):
        return
    st.subheader("Look through it", anchor=False)
    index = token_index(title)
    first, *others = st.columns([2, 1, 1, 1])
    text = text_line(
        "Search",
        key="vocabularies_text",
        limit=WORD_LIMIT,
        place=first,
        below=st,
        on_change=_to_first_sheet,
        help="Any signs that stand in a token. Capitals count. Write ␣ for a space.",
    ).translate(_TYPED)
    # Where a vocabulary has whole words alone, all begin one: the last filter would tell nothing apart.
    filters = _FILTERS[:-1] if index.begins_word.all() else _FILTERS
    chosen = [
        setting(place.selectbox, label, options, key=key, help=about, on_change=_to_first_sheet)
        for place, (label, options, key, about) in zip(others, filters, strict=False)
    ]
    bounds, kind = LENGTHS[chosen[0]], None if chosen[1] == ANY else chosen[1]
    begins_word = SPACES[chosen[2]] if filters is _FILTERS else None
    ids = index.find(text, kind, *bounds, begins_word)
    st.markdown(f"**{len(ids):,} of {len(index):,} tokens**, in the order of their ids.")
    if len(ids):
        _list_tokens(index, ids)
    else:
        _say_none(index, text, [name.lower() for name, *_ in filters])
    show_code(_find_code(title, text, kind, bounds, begins_word), "vocabularies_find")


_TYPED = str.maketrans({"␣": " ", "⏎": "\n", "⇥": "\t", "↵": "\r"})
_FILTERS = (
    (
        "Length",
        list(LENGTHS),
        "vocabularies_length",
        "In characters, without the space before a word and without ##.",
    ),
    (
        "Script",
        [ANY, *KINDS],
        "vocabularies_kind",
        "The script of a token's first letter. A character of several bytes may be cut: then a token is a part of one.",
    ),
    (
        "Space before it",
        list(SPACES),
        "vocabularies_space",
        "Whether a token begins a word. In byte pairs the space before the word says so. BERT writes ## where a token "
        "does not.",
    ),
)


def _to_first_sheet() -> None:
    st.session_state[_SHEET] = 1


def _list_tokens(index: TokenIndex, ids: np.ndarray) -> None:
    """The tokens with these ``ids`` [N], a sheet at a time."""
    sheets = -(-len(ids) // PER_SHEET)
    sheet = min(sheets, setting(st.pagination, sheets, key="vocabularies_sheet")) if sheets > 1 else 1
    here = ids[(sheet - 1) * PER_SHEET : sheet * PER_SHEET].tolist()
    draw_table(
        {
            "id": here,
            "token": [_named(index, token_id) for token_id in here],
            "length": [int(index.lengths[token_id]) for token_id in here],
            "script": [index.kind(token_id) for token_id in here],
        },
        height=350,
        column_config={
            "id": st.column_config.NumberColumn(format="localized", width="small"),
            "length": st.column_config.NumberColumn(width="small"),
        },
        alt=f"{len(here)} tokens with ids from {here[0]:,} to {here[-1]:,}",
    )


def _say_none(index: TokenIndex, text: str, filters: Sequence[str]) -> None:
    """What to try where nothing was found."""
    smaller = text.lower()
    if text and smaller != text and len(index.find(smaller)):
        st.info(f"No token is like that. In small letters, {as_code(smaller)}, there are some.")
    elif text and not len(index.find(text)):
        st.info(f"No token of this vocabulary holds {as_code(drawn(text))}. A text with it is cut into pieces.")
    else:
        st.info(f"No token is like that. Choose “any” for {', '.join(filters)}.")


def show_prices(title: str) -> None:
    """How many tokens one sentence takes in each of a dozen languages, by each tokenizer; after a guess."""
    st.subheader("The price of a language", anchor=False)
    st.markdown(
        f"One sentence in {len(ARTICLE_1)} languages: article 1 of the Universal Declaration of Human Rights. A "
        "model's price is counted in tokens, and so is how much it can read at once."
    )
    guessed = predict.guess(
        "GPT-4o's vocabulary was made for many languages. How many tokens does the dearest of these take with it, "
        "beside English?",
        [LITTLE, SOME, MUCH],
        "vocabularies_price_guess",
    )
    if not is_open(title):
        predict.unanswered(guessed, "The answer comes as soon as the tokenizers are open.")
        return
    tokenizers = _opened_tokenizers()
    if guessed is not None and BYTE_PAIRS in tokenizers:
        _show_prices(guessed, {each: prices_of(each) for each in tokenizers})
    with st.expander("The sentence in all languages", icon=":material/translate:", key="vocabularies_sentences"):
        for each in ARTICLE_1:
            st.markdown(f"**{each.language}**")
            st.text(each.text)
    with go_further("a sentence of your own", "vocabularies_own_sentence"):
        _show_own_sentence(tokenizers)


def _opened_tokenizers() -> dict[str, Tokenizer]:
    """All that are here; a sentence in place of one whose package is missing."""
    tokenizers = {}
    for title in tokenizer_titles():
        with show_errors():
            tokenizers[title] = titled_tokenizer(title)
    return tokenizers


def _show_prices(guessed: predict.Guess, prices: Mapping[str, list[LanguagePrice]]) -> None:
    _, dearest = _dearest(prices[BYTE_PAIRS])
    answer = LITTLE if dearest.premium <= 1.5 else SOME if dearest.premium <= 4 else MUCH
    predict.verdict(guessed, answer, _why_dear(prices))
    count = choice_input("Count", list(COUNTS), "vocabularies_count")
    figure = prices_figure(prices, COUNTS[count])
    spoken = "; ".join(
        f"{title}: " + ", ".join(f"{price.language} {price.tokens}" for price in found)
        for title, found in prices.items()
    )
    chart.show(figure, key="vocabularies_prices", alt=f"Tokens by {spoken}", save_as=_PRICES_NAME)
    chart.legend_of([(title, marker_style(number)) for number, title in enumerate(prices)])
    st.caption(
        "Hollow: the vocabulary lacks a part, and gives [UNK] or no id. That is not cheap but lost. BERT also drops "
        "accents and vowel signs."
    )
    code = _prices_code(OF_SMOLLM in prices)
    show_code(code, "vocabularies_prices")
    run_downloads({"csv": lambda: _prices_csv(prices)}, figure, code, _PRICES_NAME)


def _why_dear(prices: Mapping[str, list[LanguagePrice]]) -> str:
    english, names, most = prices[BYTE_PAIRS][0], *_dearest(prices[BYTE_PAIRS])
    told = f"{names}: {most.tokens} tokens. English: {english.tokens}. That is {most.premium:.1f} times as many."
    if OF_SMOLLM in prices:
        names, most = _dearest(prices[OF_SMOLLM])
        told += f" With SmolLM2, which read mostly English, {names} has {most.premium:.1f} times as many as English."
    return f"{told} A vocabulary has long tokens for what its makers had much text of."


def _dearest(prices: Sequence[LanguagePrice]) -> tuple[str, LanguagePrice]:
    """The language that takes most tokens, or all those that take as many; and what it takes."""
    most = max(prices, key=lambda price: price.tokens)
    return " and ".join(price.language for price in prices if price.tokens == most.tokens), most


def _show_own_sentence(tokenizers: Mapping[str, Tokenizer]) -> None:
    """A sentence of the reader's, and the same in English."""
    left, right = st.columns(2)
    with left:
        own = text_setting("A sentence in your language", "Guten Morgen, wie geht es dir heute?", "vocabularies_own")
    with right:
        english = text_setting("The same in English", "Good morning, how are you today?", "vocabularies_english")
    if not own.strip() or not english.strip():
        st.info("Type a sentence in both fields, and their tokens are counted here.")
        return
    rows = []
    for title, each in tokenizers.items():
        mine, theirs = each.encode(own), each.encode(english)
        premium = token_premium(len(mine.tokens), len(theirs.tokens))
        rows.append((title, len(mine.tokens), len(theirs.tokens), premium, unknown_tokens(mine)))
    names = ("tokenizer", "tokens of yours", "of the English", "times English", "unknown in yours")
    draw_table(
        dict(zip(names, zip(*rows, strict=True), strict=True)),
        column_config={"times English": st.column_config.NumberColumn(format="%.2f")},
        alt="; ".join(f"{title}: {mine} tokens, in English {theirs}" for title, mine, theirs, *_ in rows),
    )


def _profile_csv(profile: IdProfile) -> bytes:
    present = np.flatnonzero(profile.shares.sum(axis=0)).tolist()
    rows = [("first id", "last id", "mean length", "median place", *(KINDS[kind] for kind in present))]
    for at, (start, stop) in enumerate(zip(profile.edges[:-1].tolist(), profile.edges[1:].tolist(), strict=True)):
        known = (profile.mean_lengths[at], profile.median_places[at])
        means = (f"{number:.3f}" if np.isfinite(number) else "" for number in known)
        shares = (f"{profile.shares[at, kind]:.4f}" for kind in present)
        rows.append((str(start), str(stop - 1), *means, *shares))
    return _csv(rows)


def _prices_csv(prices: Mapping[str, Sequence[LanguagePrice]]) -> bytes:
    rows = [("tokenizer", "language", "tokens", "times English", "unknown")]
    rows += [
        (title, price.language, str(price.tokens), f"{price.premium:.4f}", str(price.unknown))
        for title, found in prices.items()
        for price in found
    ]
    return _csv(rows)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode()


_OPENED = MappingProxyType(  # the imports beside those of every code, and the tokenizer, for each vocabulary
    {
        "GPT-4o": ("", 'tokenizer("gpt-4o")'),
        "BERT": ("", 'tokenizer("wordpiece")'),
        "GloVe": ("from embeddings.sources import load\n", 'tokenizer("word", load().vocabulary)'),
        SMOLLM2: ("from embeddings.sources import open_smollm, smollm_tokenizer\n", "smollm_tokenizer(open_smollm())"),
        SMALL: ("from embeddings.training import EXAMPLE\n", 'tokenizer("word", Vocabulary.from_text(EXAMPLE))'),
    }
)


def _order_code(title: str) -> str:
    """What is measured of the order of the vocabulary called ``title``."""
    (imports, opened), (more, reference) = _OPENED[title], _OPENED[reference_of(title)]
    return f"""\
{"".join(dict.fromkeys([imports, more]))}\
from embeddings.tokenizers import TokenIndex, Vocabulary, measure_order, profile_by_id, tokenizer

index = TokenIndex.of({opened}.pieces())
reference = TokenIndex.of({reference}.pieces())  # whose words stand by frequency
order = measure_order(index, reference)
profile = profile_by_id(index, reference)
print(order.name, order, profile.mean_lengths, sep="\\n")
"""


def _find_code(title: str, text: str, kind: str | None, bounds: tuple[int, int], begins_word: bool | None) -> str:
    """The tokens that are looked for."""
    imports, opened = _OPENED[title]
    return f"""\
{imports}from embeddings.tokenizers import TokenIndex, Vocabulary, tokenizer

index = TokenIndex.of({opened}.pieces())
ids = index.find({text!r}, kind={kind!r}, shortest={bounds[0]}, longest={bounds[1]}, begins_word={begins_word})
print(len(ids), [(id, index.token(id)) for id in ids[:{PER_SHEET}].tolist()])
"""


def _prices_code(has_smollm: bool) -> str:
    """What the sentence costs in each language; with SmolLM2's tokenizer where it is a line of the chart."""
    imports = "load, open_smollm, smollm_tokenizer" if has_smollm else "load"
    more = 'tokenizers["smollm2"] = smollm_tokenizer(open_smollm())\n' if has_smollm else ""
    return f"""\
from embeddings.sources import {imports}
from embeddings.tokenizers import language_prices, tokenizer

vocabulary = load().vocabulary  # the words that the first of them knows
tokenizers = {{name: tokenizer(name, vocabulary) for name in {list(TOKENIZER_TITLES.values())!r}}}
{more}prices = {{name: language_prices(each) for name, each in tokenizers.items()}}
for name, found in prices.items():
    print(name, [(price.language, price.tokens, round(price.premium, 2), price.unknown) for price in found])
"""
