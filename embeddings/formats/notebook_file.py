"""A view as a Jupyter notebook that redoes it."""

import json

from embeddings.common import as_text


def notebook(title: str, code: str) -> bytes:
    """A notebook, format 4.5, with a heading, a word on where to run it, and one cell of ``code``; UTF-8.

    References:
        The notebook file format, https://nbformat.readthedocs.io/en/latest/format_description.html

    Raises:
        InvalidInput: ``title`` or ``code`` is no text, or holds half a surrogate pair.

    >>> cells = json.loads(notebook("Cats", "print('cat')"))["cells"]
    >>> [cell["cell_type"] for cell in cells], cells[1]["source"]
    (['markdown', 'code'], "print('cat')")
    """
    title, code = as_text(title, "The title"), as_text(code, "The code")
    where = "Run it from the folder of Token Embedding Lab, after `pip install -r requirements.txt`."
    content = {
        "cells": [
            {"cell_type": "markdown", "id": "about", "metadata": {}, "source": f"# {title}\n\n{where}"},
            {
                "cell_type": "code",
                "id": "code",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": code,
            },
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
