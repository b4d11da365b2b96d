"""Opening lines of the code that the panels of this chapter show: how the chosen table is read."""

from components.lessons.bundled_tables import GLOVE, MINILM, ROWS
from components.session import user_tables
from embeddings import sources
from embeddings.vectors import WordVectors


def opening(table: WordVectors) -> str:
    """How ``table`` is opened: from the catalogue, or from a file of the reader's own."""
    if table.name.startswith(sources.HUB) or table.name in {source.name for source in sources.catalogue()}:
        name = "" if table.name == sources.DEFAULT else repr(table.name)
        return f"from embeddings.sources import load\n\ntable = load({name})"
    files = user_tables.files_of(table.name) or (table.name.removeprefix(user_tables.PREFIX),)
    streams = ", ".join(f"{file!r}: open({file!r}, 'rb')" for file in files)
    return f"from embeddings.formats import read\n\ntable = read({{{streams}}}, {table.name!r})  # your own"


def arrays(table: WordVectors) -> str:
    """``tokens``, ``matrix`` and ``row_of`` of ``table``; of a table that comes with the app without the app's code."""
    bundled = {sources.DEFAULT: GLOVE, sources.MINILM: MINILM}
    if table.name in bundled and len(table) == sources.find(table.name).words:
        return f"{bundled[table.name]}\n{ROWS}"
    return f"import numpy as np\n{opening(table)}\ntokens, matrix = table.tokens, table.matrix\n{ROWS}"
