"""Words without vectors: a list, one a line, or the Embedding Projector's ``metadata.tsv``."""

from embeddings.errors import InvalidInput
from embeddings.formats.source import BYTE_ORDER_MARK, Source, line_blocks
from embeddings.formats.table import Place

_NAMED = ("word", "token", "label")  # columns that hold the words, the first one otherwise


def word_list(source: Source) -> list[str]:
    """One word a line; a line may hold any space but a line feed."""
    return _column(source, 0, header=False, split=False)


def metadata_tsv(source: Source) -> list[str]:
    """The words of a ``metadata.tsv``: one column has no header, several have one.

    References:
        https://www.tensorflow.org/tensorboard/tensorboard_projector_plugin
    """
    names = source.peek(1 << 16).partition(b"\n")[0].removeprefix(BYTE_ORDER_MARK).rstrip(b"\r").split(b"\t")
    if len(names) == 1:
        return _column(source, 0, header=False, split=True)
    named = [name.decode(errors="replace").strip().lower() for name in names]
    column = next((named.index(name) for name in _NAMED if name in named), 0)
    return _column(source, column, header=True, split=True, columns=len(names))


def _column(source: Source, column: int, *, header: bool, split: bool, columns: int = 1) -> list[str]:
    place = Place("line", source.name)
    words: list[str] = []
    for first, lines in line_blocks(source):
        fields = [line.split(b"\t") for line in lines] if split else [[line] for line in lines]
        if uneven := [number for number, row in enumerate(fields, first) if len(row) != columns]:
            raise InvalidInput(f"{place.at(uneven[0])} should have {columns} columns, as the first line has.")
        new = place.decoded([row[column] for row in fields], first)
        words += new[1:] if header and first == 1 else new
        source.limits.check_size(max(1, len(words)), 1, source.name)
    if not words:
        raise InvalidInput(f"{source.name} holds no words.")
    return words
