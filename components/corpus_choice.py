"""Which corpus is learned from: one choice for the whole chapter, with its size, vocabulary and licence."""

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import work
from components.inputs import bind, one_of
from components.plain_text import code, counted, escaped
from embeddings import corpora, jobs
from embeddings.corpora import Corpus
from embeddings.errors import in_bytes
from embeddings.remote import text8
from embeddings.remote.http import may_fetch

JOB, FETCH = "corpus", "corpus_fetch"  # names under which reading and fetching stand in line
WORLD, OWN, TEXT8 = "made-up-world", "own", "text8"
NAMES = MappingProxyType(  # as the reader chooses, and the address keeps them
    {"made-up world": WORLD, "Wikipedia": "wikipedia", "news": "news", "your own text": OWN, "text8": TEXT8}
)
WORLD_SIZES = (500, 1_000, 2_000, 5_000, 12_000, 25_000, 50_000)  # sentences
EXAMPLE_SENTENCES = 300  # about as few as word2vec learns something from
MOST_TYPED = 100_000  # characters that are read at once; more goes into the line
_SHOWN = 4  # sentences
_TOO_FEW = 0.75  # of the tokens in the vocabulary; the made-up world and long texts have more


@dataclass(frozen=True, eq=False)
class Opened:
    """A corpus that is ready to be learned from.

    Attributes:
        corpus: The corpus.
        counts: int64: how often each different word occurs, the most frequent first.
        mark: What tells it from any other.
        code: How it is opened, in Python.
    """

    corpus: Corpus
    counts: NDArray[np.int64]
    mark: Hashable
    code: str

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
        return int((self.counts >= min_count).sum())


@dataclass
class OwnText:
    """What a visitor brought: a file, and the text that was opened last."""

    file: tuple[str, bytes] | None = None
    opened: dict[Hashable, Opened] = field(default_factory=dict)


@st.cache_resource(scope="session", show_spinner=False, max_entries=1)
def _own() -> OwnText:
    return OwnText()


def choose_corpus() -> Opened | None:
    """The reader's corpus; ``None`` while it is still being read, which the page then shows."""
    name = NAMES[one_of("Learn from", list(NAMES), "corpus", default="made-up world")]
    if name == WORLD:
        return _choose_world()
    if name == OWN:
        return _choose_own()
    if name == TEXT8:
        return _choose_text8()
    if name == "news":
        return _published(name)
    return _in_line(("corpus", name), lambda report: _counted(corpora.load(name, report), name, _loading(name)))


def _loading(name: str) -> str:
    return f"from embeddings.corpora import load\n\ncorpus = load({name!r})"


def _counted(corpus: Corpus, mark: Hashable, code: str) -> Opened:
    return Opened(corpus, corpora.count_vocabulary(corpus, 1).counts, mark, code)


@st.cache_resource(max_entries=8, show_spinner="Writing the made-up world")
def _world(size: int, seed: int) -> Opened:
    opening = f"from embeddings.corpora import of_made_up_world\n\ncorpus = of_made_up_world(size={size}, seed={seed})"
    return _counted(corpora.of_made_up_world(size, seed), (WORLD, size, seed), opening)


@st.cache_resource(max_entries=2, show_spinner="Reading the corpus")
def _published(name: str) -> Opened:
    return _counted(corpora.load(name), name, _loading(name))


def _in_line(key: Hashable, read: jobs.Work) -> Opened | None:
    """What ``read`` gives, once its turn in line has come."""
    job = work.ensure(JOB, read, jobs.READING, key)
    if job is not None and job.state == "done":
        return job.result
    work.live(JOB, lambda job: None, again=True)
    return None


def _choose_world() -> Opened:
    left, right = st.columns(2)
    size = left.select_slider(
        "Sentences",
        WORLD_SIZES,
        12_000,
        format_func="{:,}".format,
        key="corpus_size",
        bind="query-params",
        persist_state="session",
    )
    seed = right.number_input(
        "Seed of the world",
        0,
        9_999,
        0,
        key="corpus_seed",
        bind="query-params",
        persist_state="session",
        help="Another seed writes other sentences by the same grammar.",
    )
    return _world(size, int(seed))


def _choose_own() -> Opened | None:
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
        text = st.text_area(
            "Or put your own text in place of this one, a sentence a line",
            example(),
            height=140,
            key="corpus_text",
            bind=bind("corpus_text"),
            persist_state="session",
        )
        mark = ("own", hashlib.sha256(text.encode(errors="replace")).hexdigest())
        opening = f"from embeddings.corpora import of_text\n\ncorpus = of_text({text!r})"
        if len(text) <= MOST_TYPED:
            return _counted(corpora.of_text(text), mark, opening)
        opening = "from pathlib import Path\n\nfrom embeddings.corpora import of_text\n\n"
        opening += "corpus = of_text(Path('text.txt').read_text())  # your own"
        return _own_in_line(mark, lambda report: corpora.of_text(text, on_progress=report), opening)
    name, content = own.file
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"You brought {code(name)}, {in_bytes(len(content))}.")
        st.button("Put it away and type a text", key="corpus_forget", on_click=_forget_file)
    opening = "from pathlib import Path\n\nfrom embeddings.corpora import of_file\n\n"
    opening += f"corpus = of_file(Path({name!r}).read_bytes())  # your own"
    mark = ("own", hashlib.sha256(content).hexdigest())
    return _own_in_line(mark, lambda report: corpora.of_file(content, on_progress=report), opening)


@st.cache_data(max_entries=1, show_spinner=False)
def example() -> str:
    """A short text to begin with."""
    return "\n".join(map(" ".join, corpora.of_made_up_world(EXAMPLE_SENTENCES, seed=1).sentences))


def _take_file() -> None:
    file = st.session_state["corpus_file"]
    if file is not None:
        _own().file = (file.name, file.getvalue())


def _forget_file() -> None:
    _own().file = None


def _own_in_line(mark: Hashable, read, opening: str) -> Opened | None:
    """The visitor's own text, read in the line and kept for them alone: no answer of the line holds it."""
    own = _own()
    if mark not in own.opened:

        def compute(report: jobs.Report) -> None:
            opened = _counted(read(report), mark, opening)
            own.opened = {mark: opened}

        job = work.ensure(JOB, compute, jobs.READING, mark, private=True)
        if job is None or job.state != "done" or mark not in own.opened:
            if job is not None and job.state == "done":
                work.drop(JOB)
            work.live(JOB, lambda job: None, again=True)
            return None
    return own.opened[mark]


def _choose_text8() -> Opened | None:
    if not text8.file_of_text8().is_file():
        st.markdown(
            "The first 100 MB of the English Wikipedia of March 2006, in lower case, "
            f"{corpora.TEXT8_TOKENS:,} tokens, CC BY-SA. It does not come with the app; this server must be online to "
            f"fetch it ({in_bytes(text8.DOWNLOAD_BYTES)})."
        )
        st.button(
            f"Fetch {in_bytes(text8.DOWNLOAD_BYTES)}",
            key="corpus_fetch_start",
            icon=":material/download:",
            disabled=not may_fetch(),
            on_click=work.start,
            args=(FETCH, lambda report: str(text8.fetch_text8(report)), jobs.DOWNLOAD),
        )
        if work.current(FETCH) is not None:
            work.live(FETCH, lambda job: None)
        return None
    opening = "from embeddings.corpora import of_text8\nfrom embeddings.remote.text8 import fetch_text8\n\n"
    opening += "corpus = of_text8(fetch_text8())"

    def read(report: jobs.Report) -> Opened:
        corpus = corpora.of_text8(text8.file_of_text8())
        return Opened(corpus, corpora.count_vocabulary(corpus, 1, report).counts, TEXT8, opening)

    return _in_line(("corpus", TEXT8), read)


def show_facts(opened: Opened, min_count: int, key: str) -> None:
    """Tokens, vocabulary and licence of the corpus, and how it begins; ``key`` is that of the least count."""
    corpus, V = opened.corpus, opened.vocabulary_size(min_count)
    kept = int(opened.counts[:V].sum()) / corpus.tokens
    st.markdown(
        f"**{corpus.tokens:,}** tokens, {len(opened.counts):,} different words. **{V:,}** of them occur "
        f"{counted(min_count, 'time')} or more and get a row; they are {kept:.1%} of all tokens. "
        f"Licence: {escaped(corpus.licence)}. {escaped(corpus.about)}"
    )
    if kept < _TOO_FEW and min_count > 1:
        st.info("Most of this text would be passed over: its words are too rare for the least count.")
        st.button("Give every word a row", key=f"{key}_lower", on_click=_lower, args=(key,))
    with st.expander("How it begins", icon=":material/article:"):
        for number, sentence in enumerate(corpus.sentences):
            if number == _SHOWN:
                break
            st.text(" ".join(sentence[:60]) + (" …" if len(sentence) > 60 else ""))


def _lower(key: str) -> None:
    st.session_state[key] = 1
