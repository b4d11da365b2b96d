"""Files of vectors in every format, changed by chance before and after they are packed, and read."""

import dataclasses
import gzip
import io
import json
import random
import sys
import zipfile

import numpy as np

from embeddings.formats import KINDS, UPLOAD, projector_files, read, write
from embeddings.vectors.word_vectors import WordVectors
from tests import fuzzing

TABLE = WordVectors.of(
    "seed",
    ["the", "=cat", "caf\u00e9", "don't", "x1"],
    np.float32([[0.5, -2, 1e-3], [4, 5.25, 6], [0, 0, 1], [7, 8, 9], [1e6, 1, 2]]),
)
WORDS = "".join(f"{token}\n" for token in TABLE.tokens).encode()
SUFFIXES = (".txt", ".vec", ".bin", ".npy", ".tsv", ".csv", ".safetensors", ".zip", "")


def _written(kind: str) -> bytes:
    out = io.BytesIO()
    write(TABLE, kind, out)
    return out.getvalue()


def _npy(matrix: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, matrix)
    return out.getvalue()


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


_VECTORS, _METADATA = projector_files(TABLE)
SEEDS = (
    *({f"{kind}{suffix}": _written(kind)} for kind, suffix in KINDS.items()),
    {"seed.vec": _written("word2vec text").replace(b"\n", b" \n")},
    {"seed.npy": _npy(TABLE.matrix), "words.txt": WORDS},
    {"seed.npy": _npy(np.asfortranarray(TABLE.matrix, dtype=">f8")), "words.txt": WORDS.replace(b"\n", b" 12\n")},
    {"vectors.tsv": _VECTORS, "metadata.tsv": _METADATA},
    {"vectors.tsv": _VECTORS, "metadata.tsv": b"word\tcount\n" + _METADATA.replace(b"\n", b"\t7\n")},
)


def seeds_are_read() -> None:
    for files in SEEDS:
        wv = read({name: io.BytesIO(content) for name, content in files.items()}, "seed")
        assert (wv.tokens, wv.matrix.tolist()) == (TABLE.tokens, TABLE.matrix.tolist()), list(files)


def _changed(content: bytes, chance: random.Random) -> bytes:
    """``content`` with a change anywhere, or in its header, whose length is put right."""
    begin, digits = (8, 2) if content.startswith(b"\x93NUMPY") else (0, 8) if content[7:9] == b"\0{" else (0, 0)
    if not digits or chance.random() < 0.3:
        return fuzzing.mutated(content, chance)
    start = begin + digits
    stop = start + int.from_bytes(content[begin:start], "little")
    header = fuzzing.mutated(content[start:stop], chance)
    if digits == 2 and len(header) >= 1 << 16:  # NumPy's second version has longer headers
        content, digits = content[:6] + b"\2\0" + content[8:], 4
    return content[:begin] + len(header).to_bytes(digits, "little") + header + content[stop:]


def attempt(chance: random.Random) -> None:
    files = dict(chance.choice(SEEDS))
    name = chance.choice(list(files))
    content = _changed(files.pop(name), chance)
    if chance.random() < 0.1:
        name = name.partition(".")[0] + chance.choice(SUFFIXES)
    files[name] = content
    packing = chance.choice(("plain", "plain", "gzip", "zip", "gzip, changed", "zip, changed"))
    if packing.startswith("gzip"):
        name, content = f"{name}.gz", gzip.compress(files.pop(name), compresslevel=1, mtime=0)
        files[name] = fuzzing.mutated(content, chance) if "changed" in packing else content
    elif packing.startswith("zip"):
        content = _zipped(files)
        files = {"seed.zip": fuzzing.mutated(content, chance) if "changed" in packing else content}
    limits = dataclasses.replace(UPLOAD, keep_first=chance.random() < 0.1)
    wv = read({name: io.BytesIO(content) for name, content in files.items()}, "mutated", limits=limits)
    assert np.isfinite(wv.matrix).all()
    assert max(map(len, wv.tokens)) <= UPLOAD.longest_word
    "".join(wv.tokens).encode()


if __name__ == "__main__":
    print(json.dumps(fuzzing.outcomes(seeds_are_read, attempt, *map(int, sys.argv[1:]))))
