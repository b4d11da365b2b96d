"""Files of word vectors: reading what a visitor brings or a publisher offers, and writing a table out.

Read: word2vec text and binary, GloVe text and fastText ``.vec``, ``.npy`` with a word list, the two files of
TensorFlow's Embedding Projector, safetensors; each plain or packed with gzip. Nothing is ever unpickled.

>>> import io
>>> wv = read({"toy.txt": io.BytesIO(b"cat 1 0\\ndog 0.5 2\\n")}, "toy")
>>> wv.tokens, wv["dog"].tolist()
(('cat', 'dog'), [0.5, 2.0])
>>> out = io.BytesIO()
>>> write(wv, "word2vec text", out)
>>> out.getvalue()
b'2 2\\ncat 1 0\\ndog 0.5 2\\n'
"""

from embeddings.formats.limits import DOWNLOAD, UPLOAD, Limits
from embeddings.formats.reading import read
from embeddings.formats.writing import KINDS, projector_files, write

__all__ = ["DOWNLOAD", "KINDS", "UPLOAD", "Limits", "projector_files", "read", "write"]
