"""Which corpus is learned from: one choice for the whole chapter, with its size, vocabulary and licence."""

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import glossary
from components.address import setting
from components.markup import as_code, escaped
from components.session import background_jobs, visit, visitor_memory
from components.ui.inputs import choice_input
from components.ui.text_fields import TEXT_LIMIT, text_box
from embeddings import jobs, training
from embeddings.common import ProgressCallback, count_of, in_bytes
from embeddings.jobs import ByName, Call
from embeddings.sources import TEXT8_BYTES, downloads_allowed, fetch_text8, file_of_text8, is_there
from embeddings.training import TEXT8_TOKENS, Corpus, character_count, count_vocabulary, token_coverage, vocabulary_size

CORPUS_JOB, FETCH_JOB = "corpus", "corpus_fetch"  # names under which reading and fetching stand in line
WORLD, OWN, TEXT8 = "made-up-world", "own", "text8"
NAMES = MappingProxyType(  # as the reader chooses, and the address keeps them
    {"made-up world": WORLD, "Wikipedia": "wikipedia", "news": "news", "your own text": OWN, "text8": TEXT8}
)
WORLD_SIZES = (500, 1_000, 2_000, 5_000, 12_000, 25_000, 50_000)  # sentences
WORLD_SIZE = 12_000  # unless the reader chooses another
EXAMPLE_SENTENCES = 300  # about as few as word2vec learns something from
_SHOWN = 4  # sentences
_READING = 10  # bytes held for each byte of a text while it is read, at most
_TOKEN, _WORD = 10, 80  # bytes of a token and of a different word, once it is read
_LET_GO = "The server removed your text because others needed the memory. Bring it again."
_TOO_FEW = 0.75  # of the tokens in the vocabulary; the made-up world and long texts have more


@dataclass(frozen=True, eq=False)
class LoadedCorpus:
    """A corpus that is ready to be learned from.

    Attributes:
        corpus: The corpus.
        counts: int64: how often each different word occurs, the most frequent first.
        characters: How many different characters there are.
        cache_key: What tells it from any other.
        code: How it is opened, in Python.
        opener: The same by name, for another machine; ``None`` for a visitor's own text.
    """

    corpus: Corpus
    counts: NDArray[np.int64]
    characters: int
    cache_key: Hashable
    code: str
    opener: ByName | None = None

    @property
    def as_argument(self) -> Corpus | ByName:
        """The corpus for a ``Call``."""
        return self.corpus if self.opener is None else self.opener

    @property
    def made_up(self) -> bool:
        """Whether its truth is known."""
        return self.corpus.name == WORLD

    @property
    def own(self) -> bool:
        """Whether it is the visitor's own text."""
        return self.corpus.name in ("own-text", "own-file")

    def vocabulary_size(self, min_count: int) -> int:
        """How many words occur ``min_count`` times or more."""
        return vocabulary_size(self.counts, min_count)


@dataclass
class OwnText:
    """What a visitor brought: a file, and the text that was opened last."""

    file: tuple[str, bytes] | None = None
    loaded: dict[Hashable, LoadedCorpus] = field(default_factory=dict)

    def let_go(self) -> None:
        self.file = None
        self.loaded = {}


def _own() -> OwnText:
    return visit.kept("own text", OwnText)


def choose_corpus() -> LoadedCorpus | None:
    """The reader's corpus; ``None`` while it is still being read, which the page then shows."""
    name = NAMES[choice_input("Learn from", list(NAMES), "corpus", default="made-up world")]
    if name == WORLD:
        return _choose_world()
    if name == OWN:
        return _choose_own()
    if name == TEXT8:
        return _choose_text8()
    if name == "news":
        return _published(name)
    return _in_line(("corpus", name), Call(_published_in_line, (name,), travels=False))


def _loading(name: str) -> str:
    return f"from embeddings.training import load\n\ncorpus = load({name!r})"


def _counted(
    corpus: Corpus,
    cache_key: Hashable,
    code: str,
    opener: tuple[Callable[..., Corpus], tuple] | None = None,
    report: ProgressCallback | None = None,
) -> LoadedCorpus:
    count = count_vocabulary(corpus, 1, report)
    by_name = None if opener is None else ByName(*opener, here=lambda: corpus)
    return LoadedCorpus(corpus, count.counts, character_count(count.vocabulary.tokens), cache_key, code, by_name)


@st.cache_resource(max_entries=8, show_spinner="Writing the made-up world")
def made_up_world(size: int = WORLD_SIZE, seed: int = 0) -> LoadedCorpus:
    """``size`` sentences by the grammar whose truth is known."""
    opening = f"from embeddings.training import of_toy_corpus\n\ncorpus = of_toy_corpus(size={size}, seed={seed})"
    opener = training.of_toy_corpus, (size, seed)
    return _counted(training.of_toy_corpus(size, seed), (WORLD, size, seed), opening, opener)


@st.cache_resource(max_entries=2, show_spinner="Reading the corpus")
def _published(name: str) -> LoadedCorpus:
    return _published_in_line(name)


def _published_in_line(name: str, report: ProgressCallback | None = None) -> LoadedCorpus:
    return _counted(training.load(name, report), name, _loading(name), (training.load, (name,)))


def _in_line(key: Hashable, read: Call) -> LoadedCorpus | None:
    """What ``read`` gives, once its turn in line has come."""
    job = background_jobs.get_or_start(CORPUS_JOB, read, jobs.READING, key)
    if job is not None and job.state == "done":
        return job.result
    background_jobs.poll(CORPUS_JOB, lambda job: None, again=True)
    return None


def _choose_world() -> LoadedCorpus:
    left, right = st.columns(2)
    size = setting(
        left.select_slider, "Sentences", WORLD_SIZES, WORLD_SIZE, format_func="{:,}".format, key="corpus_size"
    )
    seed = setting(
        right.number_input,
        "Seed of the world",
        0,
        9_999,
        0,
        key="corpus_seed",
        help="Another seed writes other sentences by the same grammar.",
    )
    return made_up_world(size, int(seed))


def _choose_own() -> LoadedCorpus | None:
    own = _own()
    st.file_uploader(
        "A text file (.txt) of up to 5 MB",
        ["txt"],
        key="corpus_file",
        on_change=_take_file,
        help="A larger file is refused before it is sent. Upload its first 5 MB, which "
        "`head -c 5000000 large.txt > part.txt` cuts off; or train on all of it from a notebook, with the code below.",
    )
    if own.file is None:
        text = text_box(
            "Your sentences, one a line",
            example(),
            height=140,
            key="corpus_text",
            limit=TEXT_LIMIT,
        )
        cache_key = ("own", hashlib.sha256(text.encode(errors="replace")).hexdigest())
        opening = f"from embeddings.training import of_text\n\ncorpus = of_text({text!r})"
        return _counted(training.of_text(text), cache_key, opening)
    name, content = own.file
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"You brought {as_code(name)}, {in_bytes(len(content))}.")
        st.button("Put it away and type a text", key="corpus_forget", on_click=_forget_file)
    opening = "from pathlib import Path\n\nfrom embeddings.training import of_file\n\n"
    opening += f"corpus = of_file(Path({name!r}).read_bytes())  # your own"
    cache_key = ("own", hashlib.sha256(content).hexdigest())
    return _own_in_line(cache_key, content, opening)


@st.cache_data(max_entries=1, show_spinner=False)
def example() -> str:
    """A short text to begin with."""
    return "\n".join(map(" ".join, training.of_toy_corpus(EXAMPLE_SENTENCES, seed=1).sentences))


def _take_file() -> None:
    file = st.session_state["corpus_file"]
    if file is not None:
        _own().file = (file.name, file.getvalue())


def _forget_file() -> None:
    _own().let_go()
    visitor_memory.release("own text")


def _own_in_line(cache_key: Hashable, content: bytes, opening: str) -> LoadedCorpus | None:
    """The visitor's own text, read in the line and kept for them alone: no answer of the line holds it."""
    own, size = _own(), len(content)
    if cache_key not in own.loaded:
        _charge(own, _READING * size)
        reading = Call(_read_own, (own, content, cache_key, opening), travels=False)
        job = background_jobs.get_or_start(CORPUS_JOB, reading, jobs.READING, cache_key, private=True)
        if job is None or job.state != "done" or cache_key not in own.loaded:
            if job is not None and job.state == "done":
                background_jobs.cancel(CORPUS_JOB)
            background_jobs.poll(CORPUS_JOB, lambda job: None, again=True)
            return None
    loaded = own.loaded[cache_key]
    _charge(own, size + _TOKEN * loaded.corpus.tokens + _WORD * len(loaded.counts))
    return loaded


def _read_own(own: OwnText, content: bytes, cache_key: Hashable, opening: str, report: ProgressCallback) -> None:
    own.loaded = {cache_key: _counted(training.of_file(content, report=report), cache_key, opening)}


def _charge(own: OwnText, size: int) -> None:
    visitor_memory.charge("own text", size, own.let_go, _LET_GO, what="Your text")


def _choose_text8() -> LoadedCorpus | None:
    if not is_there(file_of_text8()):
        st.markdown(
            f"The first 100 MB of the English Wikipedia of March 2006, in lower case, {TEXT8_TOKENS:,} tokens, CC "
            f"BY-SA. It does not come with the app; this server must be online to fetch it ({in_bytes(TEXT8_BYTES)})."
        )

        def fetch() -> None:
            background_jobs.start(FETCH_JOB, Call(_fetch_text8, travels=False), jobs.DOWNLOAD)

        st.button(
            f"Fetch {in_bytes(TEXT8_BYTES)}",
            key="corpus_fetch_start",
            icon=":material/download:",
            disabled=not downloads_allowed(),
            on_click=fetch,
        )
        if background_jobs.current(FETCH_JOB) is not None:
            background_jobs.poll(FETCH_JOB, lambda job: None)
        return None
    return _in_line(("corpus", TEXT8), Call(_read_text8, travels=False))


def _fetch_text8(report: ProgressCallback) -> str:
    return str(fetch_text8(report))


def _read_text8(report: ProgressCallback) -> LoadedCorpus:
    opening = "from embeddings.sources import fetch_text8\nfrom embeddings.training import of_text8\n\n"
    opening += "corpus = of_text8(fetch_text8())"
    return _counted(training.fetched_text8(), TEXT8, opening, (training.fetched_text8, ()), report)


def show_facts(loaded: LoadedCorpus, min_count: int, key: str) -> None:
    """Tokens, vocabulary and licence of the corpus, and how it begins; ``key`` is that of the least count."""
    kept = token_coverage(loaded.counts, min_count)
    st.markdown(
        f"**{loaded.corpus.tokens:,}** {glossary.linked('tokens')}, {len(loaded.counts):,} different words. "
        f"**{loaded.vocabulary_size(min_count):,}** of them occur {count_of(min_count, 'time')} or more and get a row. "
        f"They make up {_share(kept)} the text. {_origin(loaded.corpus)}"
    )
    _offer_every_word(kept, min_count, key)
    _show_beginning(loaded.corpus)


def show_rows(loaded: LoadedCorpus, rows: int, tokens: str, min_count: int, key: str) -> None:
    """What the ``rows`` of a language model's table stand for, and where the text is from.

    Args:
        loaded: The text.
        rows: How many there are.
        tokens: "word", "character" or "byte-pair".
        min_count: How often a word must occur to have a row of its own.
        key: Of the control that sets it.
    """
    kept = loaded.vocabulary_size(min_count)
    rare = ", and one for all rarer words" if kept < len(loaded.counts) else ""
    about = {
        "word": f"W has **{rows:,}** rows: one for each word that occurs {count_of(min_count, 'time')} or more, one "
        f"for the end of a sentence{rare}.",
        "character": f"Its tokens are characters, so W has **{rows:,}** rows: one for each different character.",
        "byte-pair": f"Its tokens are pieces of words, so W has up to **{rows:,}** rows: one for each piece.",
    }
    st.markdown(
        f"The text has **{loaded.corpus.tokens:,}** words, {len(loaded.counts):,} of them different. {about[tokens]} "
        f"{_origin(loaded.corpus)}"
    )
    if tokens == "word":
        _offer_every_word(token_coverage(loaded.counts, min_count), min_count, key)
    _show_beginning(loaded.corpus)


def _origin(corpus: Corpus) -> str:
    return f"{escaped(corpus.about)} Licence: {escaped(corpus.licence)}."


def _offer_every_word(kept: float, min_count: int, key: str) -> None:
    """A button that gives rare words rows, where the others are a small share of the text."""
    if kept < _TOO_FEW and min_count > 1:
        st.info("Most of this text would be skipped: its words are rarer than the least count.")
        st.button("Give every word a row", key=f"{key}_lower", on_click=_lower, args=(key,))


def _show_beginning(corpus: Corpus) -> None:
    with st.expander("How it begins", icon=":material/article:"):
        for number, sentence in enumerate(corpus.sentences):
            if number == _SHOWN:
                break
            st.text(" ".join(sentence[:60]) + (" …" if len(sentence) > 60 else ""))


def _share(kept: float) -> str:
    """How much of a text words with this share of it make up.

    >>> _share(1), _share(0.98765), _share(0.99996)
    ('all of', '98.8% of', 'nearly all of')
    """
    written = f"{kept:.1%}"
    return "all of" if kept == 1 else "nearly all of" if written == "100.0%" else f"{written} of"


def _lower(key: str) -> None:
    st.session_state[key] = 1
