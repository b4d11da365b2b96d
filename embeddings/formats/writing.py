"""Writing a table out, in the formats that other programs read."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, BinaryIO

import numpy as np

from embeddings.common import InvalidInput, required
from embeddings.formats import comma
from embeddings.formats.table_builder import half_character
from embeddings.vectors import WordVectors

_ROWS = 4_000  # written at once
# What JavaScript's trim() takes off, and more: the Projector leaves a line of nothing else out.
_BLANK = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\ufeff"

# Kinds of files, and how the names of such files end.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "word2vec text": ".txt",
        "word2vec binary": ".bin",
        "glove text": ".txt",
        "tf projector": ".zip",
        "csv": ".csv",
        "safetensors": ".safetensors",
    }
)

# What a kind has no way to write in a word, and what people call the kind.
_FORBIDDEN = MappingProxyType(
    {
        "word2vec text": (r"[ \t\n\r]", "word2vec's text format"),
        "word2vec binary": (r"[ \n\r]", "word2vec's binary format"),
        "glove text": (r"[ \t\n\r]", "GloVe's text format"),
        "tf projector": (r"[\t\n\r]", "the TensorFlow Projector"),
    }
)
_CALLED = MappingProxyType({" ": "a space", "\t": "a tab", "\n": "a line break", "\r": "a line break"})


def write(wv: WordVectors, kind: str, stream: BinaryIO) -> None:
    """Write ``wv`` to ``stream``; what is written as text reads back as the same float32 numbers.

    Args:
        wv: What to write.
        kind: One of ``KINDS``. "csv" begins with a line of names; "safetensors" holds the tensor "embeddings" and the
            words, as JSON, in its metadata; "tf projector" is a zip of the two files of ``projector_files``.
        stream: Open for writing bytes.

    Raises:
        InvalidInput: There is no such kind, or it cannot hold one of the words; nothing was written.
    """
    check(wv, kind)
    if kind == "tf projector":
        _write_projector(wv, stream)
    elif kind == "csv":
        _write_csv(wv, stream)
    elif kind == "safetensors":
        _write_safetensors(wv, stream)
    elif kind == "word2vec binary":
        _write_binary(wv, stream)
    else:
        _write_text(wv, kind, stream)


def check(wv: WordVectors, kind: str) -> None:
    """Pass a table that ``write`` can write as ``kind``; at once, as only the words are looked at.

    Raises:
        InvalidInput: There is no such kind, or it cannot hold one of the words.
    """
    if kind not in KINDS:
        raise InvalidInput(f"There is no kind of file called {kind!r}. There are: {', '.join(KINDS)}.")
    _check_words(wv, kind, *_FORBIDDEN.get(kind, ()))
    if kind == "glove text" and wv.dimension == 1 and wv.tokens[0].isdecimal():
        raise InvalidInput("GloVe's text would take these vectors of one number for a header. Choose word2vec text.")


def projector_files(wv: WordVectors) -> tuple[bytes, bytes]:
    """``vectors.tsv`` and ``metadata.tsv`` for TensorFlow's Embedding Projector, https://projector.tensorflow.org.

    Raises:
        InvalidInput: A word is nothing but blanks, at whose line the Projector would lose its place, or holds a tab or
            a line break, for which these files have no quotes.
    """
    check(wv, "tf projector")
    vectors = "".join(f"{row}\n" for _, block in _blocks(wv) for row in _joined(block, "\t"))
    return vectors.encode(), "".join(f"{token}\n" for token in wv.tokens).encode()


def _write_projector(wv: WordVectors, stream: BinaryIO) -> None:
    vectors, metadata = projector_files(wv)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vectors.tsv", vectors)
        archive.writestr("metadata.tsv", metadata)


def _write_text(wv: WordVectors, kind: str, stream: BinaryIO) -> None:
    if kind == "word2vec text":
        stream.write(_header(wv))
    for tokens, block in _blocks(wv):
        rows = _joined(block, " ")
        stream.write("".join([f"{token} {row}\n" for token, row in zip(tokens, rows, strict=True)]).encode())


def _write_binary(wv: WordVectors, stream: BinaryIO) -> None:
    stream.write(_header(wv))
    for tokens, block in _blocks(wv):
        rows = np.ascontiguousarray(block, dtype="<f4")
        stream.write(b"".join([token.encode() + b" " + row.tobytes() for token, row in zip(tokens, rows, strict=True)]))


def _write_csv(wv: WordVectors, stream: BinaryIO) -> None:
    """Words with commas, quotes or line breaks are quoted, as RFC 4180 has it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(comma.header(wv.dimension))
    for tokens, block in _blocks(wv):
        writer.writerows(
            zip(map(comma.guard_formula, tokens), *(column.to_pylist() for column in _written(block)), strict=True)
        )
        stream.write(text.getvalue().encode())
        text.seek(0)
        text.truncate()


def _write_safetensors(wv: WordVectors, stream: BinaryIO) -> None:
    with required():
        from safetensors.numpy import save

    stream.write(save({"embeddings": np.ascontiguousarray(wv.matrix)}, {"tokens": json.dumps(list(wv.tokens))}))


def _header(wv: WordVectors) -> bytes:
    return f"{len(wv)} {wv.dimension}\n".encode()


def _blocks(wv: WordVectors) -> Iterator[tuple[Sequence[str], np.ndarray]]:
    """Tokens and rows, some thousand at once."""
    for start in range(0, len(wv), _ROWS):
        yield wv.tokens[start : start + _ROWS], wv.matrix[start : start + _ROWS]


def _written(block: np.ndarray) -> list[Any]:
    """The columns of ``block`` [N, D] as D arrays of texts, each the shortest that reads back as the same float32."""
    with required():
        import pyarrow
        from pyarrow import compute

    # pyarrow writes shortest floats several times as fast as NumPy and Python do
    return [compute.cast(pyarrow.array(np.ascontiguousarray(column)), pyarrow.string()) for column in block.T]


def _joined(block: np.ndarray, separator: str) -> list[str]:
    """The rows of ``block`` [N, D] as N texts."""
    with required():
        from pyarrow import compute

    return compute.binary_join_element_wise(*_written(block), separator).to_pylist()


def _check_words(wv: WordVectors, kind: str, forbidden: str = "", called: str = "") -> None:
    """Pass tokens that ``kind`` can hold.

    Raises:
        InvalidInput: One is not Unicode text, or, where something is ``forbidden``, holds it or is empty.
    """
    pattern = re.compile(forbidden or r"(?!)")
    blank = (lambda token: not token.strip(_BLANK)) if kind == "tf projector" else (lambda token: not token)
    for token in wv.tokens if forbidden else ():
        if (match := pattern.search(token)) or blank(token):
            found = f"holds {_CALLED[match[0]]}" if match else "is empty" if not token else "is nothing but blanks"
            raise InvalidInput(f"The word {_shown(token)} {found}, which {called} cannot keep. Choose safetensors.")
    if odd := half_character(wv.tokens):
        raise InvalidInput(f"A word holds half a character, {odd!r}, which no file can keep. Use words without it.")
    if forbidden and wv.tokens[0].startswith("\ufeff"):
        raise InvalidInput(
            f"The first word begins with a byte order mark, which {called} cannot keep. Choose safetensors."
        )


def _shown(token: str) -> str:
    return repr(token if len(token) <= 40 else f"{token[:39]}…")
