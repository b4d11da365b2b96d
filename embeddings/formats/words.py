"""Words without vectors: a list, one a line, a column of a CSV, or the Embedding Projector's ``metadata.tsv``."""

import re

from embeddings.common import InvalidInput, count_of
from embeddings.formats import comma
from embeddings.formats.input_stream import BYTE_ORDER_MARK, InputStream, line_blocks
from embeddings.formats.rows import is_number
from embeddings.formats.table_builder import FilePosition

_COUNT = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
# A word and how often it occurs, as vocabularies of word2vec and GloVe have it, or the other way, as `uniq -c` does.
_COUNTED = (
    re.compile(rf"(.*[^ \t])[ \t]+{_COUNT}[ \t]*"),
    re.compile(rf"[ \t]*{_COUNT}[ \t]+([^ \t].*)"),
    re.compile(rf"(?![ \t0-9]*,)([^,]+),[ \t]*{_COUNT}[ \t]*"),
)
_NAMED = ("word", "token", "label")  # columns that hold the words, the first one otherwise


def word_list(source: InputStream) -> list[str]:
    """One word a line, which may hold any space but a line feed; or a word and how often it occurs, in either order.

    A first line that names such columns is left out, and so are tabs at the ends of all lines.
    """
    words = _column(source, 0, header=False, split=False)
    if all(word.endswith("\t") for word in words):
        words = [word.rstrip("\t") for word in words]
    return _without_counts(words) or (_names_columns(words[0]) and _without_counts(words[1:])) or words


def _without_counts(lines: list[str]) -> list[str]:
    """The words, where each line has a word and a count; else none."""
    for pattern in _COUNTED:
        words = [match[1] for match in map(pattern.fullmatch, lines) if match]
        # counts in every line, and each word once: else they are names such as "area 51" and "area 52"
        if len(set(words)) == len(lines):
            return words
    return []


def _names_columns(line: str) -> bool:
    names = re.split(r"[ \t,]+", line.strip(" \t").lower())
    return len(names) == 2 and not set(names).isdisjoint(_NAMED)


def word_column(source: InputStream) -> list[str]:
    """The words of comma-separated values, with or without counts beside them; columns as in ``metadata_tsv``."""
    position, words = FilePosition("row", source.name), []
    for number, record in enumerate(comma.records(source), 1):
        if number == 1:
            columns, (column, header) = len(record), _word_column([cell.encode() for cell in record])
        if len(record) != columns:
            raise InvalidInput(
                f"{position.at(number)} should have {count_of(columns, 'column')}, as the first row has."
            )
        if number > 1 or not header:
            words.append(record[column])
            source.limits.check_size(len(words), 1, source.name)
    if not words:
        raise InvalidInput(f"{source.name} holds no words.")
    return words


def metadata_tsv(source: InputStream) -> list[str]:
    """The words of a ``metadata.tsv``: one column has no header, several have one, in which no number stands.

    References:
        https://www.tensorflow.org/tensorboard/tensorboard_projector_plugin
    """
    first = source.peek(1 << 16).partition(b"\n")[0].removeprefix(BYTE_ORDER_MARK)
    cells = first.rstrip(b"\t\r").split(b"\t")
    column, header = _word_column(cells)
    return _column(source, column, header=header, split=True, columns=len(cells))


def _word_column(cells: list[bytes]) -> tuple[int, bool]:
    """Which column holds the words, and whether ``cells``, the first row, name the columns."""
    numbers = [is_number(cell) or re.fullmatch(_COUNT.encode(), cell) is not None for cell in cells]
    if len(cells) == 1 or any(numbers):  # counts, and no names of columns
        return numbers.index(False) if False in numbers else 0, False
    named = [cell.decode(errors="replace").strip().lower() for cell in cells]
    return next((named.index(name) for name in _NAMED if name in named), 0), True


def _column(source: InputStream, column: int, *, header: bool, split: bool, columns: int = 1) -> list[str]:
    position = FilePosition("line", source.name)
    words: list[str] = []
    for first, lines in line_blocks(source):
        fields = [line.split(b"\t") for line in lines] if split else [[line] for line in lines]
        if uneven := [n for n, row in enumerate(fields, first) if len(row) < columns or any(row[columns:])]:
            raise InvalidInput(
                f"{position.at(uneven[0])} should have {count_of(columns, 'column')}, as the first line has."
            )
        new = position.decoded([row[column] for row in fields], first)
        words += new[1:] if header and first == 1 else new
        source.limits.check_size(max(1, len(words)), 1, source.name)
    if not words:
        raise InvalidInput(f"{source.name} holds no words.")
    return words
