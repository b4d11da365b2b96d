"""gensim-data's embedding tables: what they are, fetched file by file, and read straight from the .gz.

gensim's own downloader runs an ``__init__.py`` that it downloads beside the data. Here the data file alone is fetched,
and compared with the checksum in gensim-data's list. It lies where gensim looks for it, so that a file that either has
fetched serves both (there without code: ``gensim.downloader.load(name, return_path=True)``).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embeddings.common import (
    InvalidInput,
    ProgressCallback,
    SourceUnavailable,
    TooLarge,
    allowed_bytes,
    as_count,
    parse_json,
    reading_bytes,
)
from embeddings.formats import DOWNLOAD, read_binary, read_text
from embeddings.sources.disk import entries, gensim_data_folder, is_there
from embeddings.sources.http import DEFAULT_TIMEOUTS, Timeouts, download, fetch_whole, free_bytes
from embeddings.vectors import WordVectors

LIST_URL = "https://raw.githubusercontent.com/RaRe-Technologies/gensim-data/master/list.json"
FILES_URL = "https://github.com/RaRe-Technologies/gensim-data/releases/download"
MAX_LIST_BYTES = 1_000_000  # it has 20 kB
MAX_LIST_VALUES = 20_000

_PDDL = "PDDL 1.0"
_GLOVE = "https://nlp.stanford.edu/projects/glove/"
_WIKIPEDIA = "Trained by Stanford on 6 billion words of Wikipedia and news, published in 2014."
_TWITTER = "Trained by Stanford on 27 billion words of 2 billion tweets, published in 2014."


@dataclass(frozen=True)
class Published:
    """One table of the catalogue, as gensim-data's list describes it.

    Attributes:
        name: Its name there.
        title: What people call it.
        about: One sentence on what it was made from.
        words: Number of rows, V.
        dimension: Length of each vector, D.
        download_bytes: Length of the .gz.
        licence: Licence of the vectors.
        homepage: Where they were first published.
        binary: Whether the .gz holds word2vec's binary format rather than text.
        by_frequency: Whether the most frequent words come first, so that the first N rows are worth having.
    """

    name: str
    title: str
    about: str
    words: int
    dimension: int
    download_bytes: int
    licence: str
    homepage: str
    binary: bool = False
    by_frequency: bool = True


PUBLISHED = (
    *(
        Published(
            f"glove-wiki-gigaword-{dimension}",
            f"GloVe 6B, {dimension} dimensions (gensim-data)",
            _WIKIPEDIA,
            400_000,
            dimension,
            length,
            _PDDL,
            _GLOVE,
        )
        for dimension, length in ((50, 69_182_535), (100, 134_300_434), (200, 264_336_934), (300, 394_362_229))
    ),
    *(
        Published(
            f"glove-twitter-{dimension}",
            f"GloVe Twitter, {dimension} dimensions",
            _TWITTER,
            1_193_514,
            dimension,
            length,
            _PDDL,
            _GLOVE,
        )
        for dimension, length in ((25, 109_885_004), (50, 209_216_938), (100, 405_932_991), (200, 795_373_100))
    ),
    Published(
        "word2vec-google-news-300",
        "word2vec Google News, 300 dimensions",
        "Trained by Google on about 100 billion words of news; words and phrases, published in 2013.",
        3_000_000,
        300,
        1_743_563_840,
        "not stated",
        "https://code.google.com/archive/p/word2vec/",
        binary=True,
    ),
    Published(
        "fasttext-wiki-news-subwords-300",
        "fastText Wikipedia and news, 300 dimensions",
        "Trained by Facebook on 16 billion words of Wikipedia, web pages and news of 2017, with subwords.",
        999_999,
        300,
        1_005_007_116,
        "CC BY-SA 3.0",
        "https://fasttext.cc/docs/en/english-vectors.html",
    ),
    Published(
        "conceptnet-numberbatch-17-06-300",
        "ConceptNet Numberbatch 17.06, 300 dimensions",
        "word2vec, GloVe and subtitles brought in line with the knowledge graph ConceptNet; words of many languages, "
        "written as in /c/en/cat.",
        1_917_247,
        300,
        1_225_497_562,
        "CC BY-SA 4.0",
        "https://github.com/commonsense/conceptnet-numberbatch",
        by_frequency=False,
    ),
)


def published(name: str) -> Published:
    """The entry called ``name``.

    Raises:
        InvalidInput: There is none.
    """
    for entry in PUBLISHED:
        if entry.name == name:
            return entry
    raise InvalidInput(f"gensim-data has no {name!r} here. There are: {', '.join(entry.name for entry in PUBLISHED)}.")


def file_of(name: str) -> Path:
    """Where the .gz of ``name`` lies, or would: in ``GENSIM_DATA_DIR``, by default ``~/gensim-data``, as for gensim.

    Raises:
        InvalidInput: There is no such entry.
    """
    return gensim_data_folder() / published(name).name / f"{name}.gz"


def are_there() -> list[bool]:
    """Whether each of ``PUBLISHED`` is on this machine; a folder that has none of them is looked into once."""
    folders = {folder.name for folder in entries(gensim_data_folder())}
    return [entry.name in folders and is_there(file_of(entry.name)) for entry in PUBLISHED]


def fetch(
    name: str,
    *,
    list_url: str | None = None,
    files_url: str | None = None,
    report: ProgressCallback | None = None,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
    free: Callable[[Path], int] = free_bytes,
) -> Path:
    """Bring the .gz of ``name`` onto this machine, checked against gensim-data's list; at once if it is there.

    Args:
        name: An entry of ``PUBLISHED``.
        list_url: Where the list with the checksums is; by default gensim-data's own, or ``list.json`` of the mirror
            that the environment names as ``GENSIM_DATA_ENDPOINT``.
        files_url: Where the files are, each as ``name/name.gz``; by default likewise.
        report: Called as ``report(fraction, words)``; what it raises ends the work, and a later call goes on.
        timeouts: How long to wait for the servers.
        free: Free bytes on the disk of a folder.

    Raises:
        InvalidInput: There is no such entry.
        SourceUnavailable: It cannot be had, is not the published file, or does not fit on the disk.
    """
    file = file_of(name)
    if is_there(file):
        return file
    mirror = os.environ.get("GENSIM_DATA_ENDPOINT", "").rstrip("/")
    list_url = list_url or (f"{mirror}/list.json" if mirror else LIST_URL)
    size, md5 = _listed(name, list_url, report, timeouts)
    url = f"{files_url or mirror or FILES_URL}/{name}/{name}.gz"
    return download(url, file, md5=md5, size=size, report=report, timeouts=timeouts, free=free)


def load(
    name: str, *, max_rows: int | None = None, report: ProgressCallback | None = None, allowed: int | None = None
) -> WordVectors:
    """Read ``name`` from its .gz, unpacking as it goes.

    Args:
        name: An entry of ``PUBLISHED``, fetched before.
        max_rows: Read the first ``max_rows`` words alone; by default as many of the most frequent as fit into memory.
        report: Called as ``report(fraction, words)``.
        allowed: Bytes of memory that it may take; ``memory.allowed_bytes()`` by default.

    Raises:
        InvalidInput: There is no such entry, or ``max_rows`` is not a count.
        SourceUnavailable: It is not on this machine, or damaged.
        TooLarge: It does not fit into memory, and its first rows are not its most frequent words.
    """
    entry, file = published(name), file_of(name)
    if not is_there(file):
        raise SourceUnavailable(f"{entry.title} is not on this machine yet. Fetch it first.")
    max_rows = _rows_that_fit(entry, max_rows, allowed_bytes() if allowed is None else allowed)
    read = read_binary if entry.binary else read_text
    try:
        with file.open("rb") as stream:
            return read(stream, name, limits=DOWNLOAD, max_rows=max_rows, report=report)
    except OSError as error:
        raise SourceUnavailable(f"{file.name} cannot be read here ({error.strerror or error}).") from error
    except InvalidInput as error:
        raise SourceUnavailable(f"{file.name} is damaged. Delete it, and fetch it again. {error}") from error


def _rows_that_fit(entry: Published, max_rows: int | None, allowed: int) -> int:
    rows = entry.words if max_rows is None else min(as_count(max_rows, "most", 1, 10**9), entry.words)
    needed = reading_bytes(rows, entry.dimension)
    if needed <= allowed:
        return rows
    fitting = allowed // reading_bytes(1, entry.dimension)
    if max_rows is not None or not entry.by_frequency or fitting < 1:
        raise TooLarge(f"{rows:,} words of {entry.title}", needed, allowed)
    return fitting


def _listed(name: str, list_url: str, report: ProgressCallback | None, timeouts: Timeouts) -> tuple[int, str]:
    """Length and MD5 of the .gz, from the list at ``list_url``."""
    content = fetch_whole(list_url, MAX_LIST_BYTES, report=report, timeouts=timeouts).content
    try:
        listed = parse_json(content, "It", max_bytes=MAX_LIST_BYTES, max_values=MAX_LIST_VALUES)
        entry = listed["models"][name]
        size, md5, parts = int(entry["file_size"]), str(entry["checksum"]), int(entry["parts"])
    except (InvalidInput, ValueError, TypeError, KeyError, OverflowError) as error:
        raise SourceUnavailable(f"gensim-data's list no longer tells what {name} is. Choose another source.") from error
    if parts != 1:
        raise SourceUnavailable(f"{name} now comes in {parts} parts, which is not known here. Choose another source.")
    return size, md5
