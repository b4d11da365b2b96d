"""Files of word vectors: reading what a visitor brings or a publisher offers, and writing a table out.

Read: word2vec text and binary, GloVe text and fastText ``.vec``, ``.npy`` with a word list, the two files of
TensorFlow's Embedding Projector, comma-separated values, safetensors; each plain, packed with gzip or, one table in
each, with zip. What ``write`` writes, ``read`` reads, and tells by its content: a name decides only where that could be
two things. Nothing is ever unpickled.

>>> import io
>>> wv = read({"toy.txt": io.BytesIO(b"cat 1 0\\ndog 0.5 2\\n")}, "toy")
>>> wv.tokens, wv["dog"].tolist()
(('cat', 'dog'), [0.5, 2.0])
>>> out = io.BytesIO()
>>> write(wv, "word2vec text", out)
>>> out.getvalue()
b'2 2\\ncat 1 0\\ndog 0.5 2\\n'
"""

from embeddings.formats.binary import read_binary
from embeddings.formats.comma import guard_formula
from embeddings.formats.limits import DOWNLOAD, UPLOAD, FileLimits
from embeddings.formats.notebook_file import notebook
from embeddings.formats.reading import NoPair, read
from embeddings.formats.text import read_text
from embeddings.formats.writing import KINDS, check, projector_files, write

__all__ = [
    "DOWNLOAD",
    "KINDS",
    "UPLOAD",
    "FileLimits",
    "NoPair",
    "check",
    "guard_formula",
    "notebook",
    "projector_files",
    "read",
    "read_binary",
    "read_text",
    "write",
]
