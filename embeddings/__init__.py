"""The engine of Token Embedding Lab: text to ids, ids to vectors, vectors to pictures.

Pure Python, usable from a notebook; it imports neither Streamlit nor Plotly.

>>> from embeddings.tokenizers import Vocabulary
>>> from embeddings.vectors import one_hot
>>> vocabulary = Vocabulary.from_text("the cat sat")
>>> vocabulary.tokens
('cat', 'sat', 'the')
>>> one_hot([vocabulary.id("sat")], len(vocabulary))
array([[0., 1., 0.]], dtype=float32)
"""
