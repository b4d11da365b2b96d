"""Files of questions about words, read as gensim reads them: analogies, and pairs with people's judgements."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from embeddings.common import InvalidInput, package_file

_MAX_FILE_BYTES = 50_000_000
_SHIPPED = Path(__file__).parent / "data"  # its README has their licences
_SHIPPED_NAMES = ("questions-words.txt", "wordsim353.tsv")


class WordIndex:
    """Which tokens count as the same word, and which row stands for it: that of the first, most frequent one.

    Attributes:
        word_of: int64 [V]: for each row, the row that stands for its word.
        others: For a row that stands for a word of several spellings, the rows of the others.
    """

    def __init__(self, tokens: Sequence[str], case_insensitive: bool):
        self._fold = str.upper if case_insensitive else str
        self._first: dict[str, int] = {}
        self.word_of = np.array(
            [self._first.setdefault(self._fold(token), token_id) for token_id, token in enumerate(tokens)],
            dtype=np.int64,
        )
        others = np.flatnonzero(self.word_of != np.arange(len(tokens)))
        self.others: dict[int, list[int]] = {}
        for token_id in others.tolist():
            self.others.setdefault(int(self.word_of[token_id]), []).append(token_id)

    def id(self, word: str) -> int | None:
        """The row that stands for ``word``; None where it is unknown."""
        return self._first.get(self._fold(word))


Question = tuple[int, int, int, int] | None  # the rows of a, b, c and the expected word; None if one is unknown


def read_questions(file: Path, index: WordIndex) -> list[tuple[str, list[Question]]]:
    """Each section's name and questions, in the order of the file. Lines that are not four words are left out.

    Raises:
        InvalidInput: The file cannot be read, does not begin with a section, or holds no question.
    """
    sections: list[tuple[str, list[Question]]] = []
    for line in _lines(file):
        if line.startswith(": "):
            sections.append((line.lstrip(": ").strip(), []))
            continue
        if not sections:
            raise InvalidInput(f"{file.name} must begin with the name of a section, as in ': family'.")
        words = line.split()
        if len(words) != 4:
            continue
        a, b, c, d = (index.id(word) for word in words)
        sections[-1][1].append(None if a is None or b is None or c is None or d is None else (a, b, c, d))
    if not any(questions for _, questions in sections):
        raise InvalidInput(f"{file.name} holds no question: there must be lines of four words.")
    return sections


def read_pairs(file: Path) -> list[tuple[str, str, float]]:
    """Two words and a judgement for each line with a tab between the three; other lines and comments are left out.

    Raises:
        InvalidInput: The file cannot be read.
    """
    pairs = []
    for line in _lines(file):
        fields = line.split("\t")
        if line.startswith("#") or len(fields) != 3:
            continue
        with suppress(ValueError):  # the third is not a number
            pairs.append((fields[0], fields[1], float(fields[2])))
    return pairs


def _lines(file: Path) -> list[str]:
    try:
        if file.stat().st_size > _MAX_FILE_BYTES:
            raise InvalidInput(f"{file.name} is too large: at most {_MAX_FILE_BYTES // 10**6} MB are read.")
        return file.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError) as error:  # the text, or the name of the file
        raise InvalidInput(f"{file.name} cannot be read as text in UTF-8.") from error


def dataset_file(name: str) -> Path:
    """The file called ``name``: one that comes with this project, or else with gensim's tests, whose code is not run.

    Raises:
        SourceUnavailable: It is not there.

    >>> dataset_file("wordsim353.tsv").name
    'wordsim353.tsv'
    """
    shipped = _SHIPPED / name
    if name in _SHIPPED_NAMES and shipped.is_file():
        return shipped
    return package_file("gensim", f"gensim/test/test_data/{name}", f"{name} comes with it; other tests work without.")
