"""Argument validation of the engine's public functions: one helper and one wording for each."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common.errors import InvalidInput

LARGEST = 1e12  # beyond it squares and their sums leave what float32 can hold


def as_matrix(values: ArrayLike, name: str) -> NDArray[np.float32]:
    """``values`` as a float32 matrix [N, D] with N, D >= 1 and entries within ±``LARGEST``.

    Raises:
        InvalidInput: Not two-dimensional, empty, or with NaN, infinite or larger entries.
    """
    try:
        if np.iscomplexobj(values):
            raise TypeError("complex numbers have no place in a table of reals")
        matrix = np.asarray(values, dtype=np.float32)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidInput(f"{name} must be a table of numbers with rows of equal length.") from error
    if matrix.ndim != 2 or matrix.size == 0:
        raise InvalidInput(f"{name} must be a table [rows, columns] with at least one of each, not {matrix.shape}.")
    if not (matrix.min() >= -LARGEST and matrix.max() <= LARGEST):  # NaN is within nothing
        raise InvalidInput(f"{name}: there is NaN or too large a number; every entry must lie within ±{LARGEST:.0e}.")
    return matrix


def as_text(text: str, name: str = "") -> str:
    """``text`` when it is one: a string that can be written in UTF-8.

    Half of a surrogate pair, as broken JSON and some files hold, is a character to Python and to nobody else.

    Raises:
        InvalidInput: It is not a string, or holds half a character; the message says where in ``name``.
    """
    if not isinstance(text, str):
        raise InvalidInput(f"{name or 'The text'} must be text, not {type(text).__name__}.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        where = f"{name}: " if name else ""
        raise InvalidInput(f"{where}Character {error.start + 1:,} is half of a pair and no text. Remove it.") from None
    return text


def as_texts(texts: Sequence[str], name: str) -> Sequence[str]:
    """``texts`` when each of them is one; see ``as_text``.

    Raises:
        InvalidInput: One is not.
    """
    try:
        "".join(texts).encode()  # far quicker than one by one
    except (TypeError, UnicodeEncodeError):
        for text in texts:
            as_text(text, f"{name}, {text!r}" if isinstance(text, str) else name)
    return texts


def as_ids(ids: ArrayLike, size: int) -> NDArray[np.int64]:
    """``ids`` as int64 [B], each from 0 to ``size - 1``.

    Raises:
        InvalidInput: Not one-dimensional, not whole numbers, or out of range.
    """
    if isinstance(ids, (list, tuple)) and any(isinstance(token_id, (bool, np.bool_)) for token_id in ids):
        raise InvalidInput("ids must be whole numbers.")  # beside numbers, NumPy would make them 0 and 1
    try:
        array = np.asarray(ids)
    except ValueError as error:
        raise InvalidInput("ids must be a flat list of whole numbers.") from error
    if array.ndim != 1:
        raise InvalidInput(f"ids must be a list of whole numbers, not an array of shape {array.shape}.")
    if array.size and not _whole(array):
        raise InvalidInput("ids must be whole numbers.")
    outside = array[(array < 0) | (array >= size)]
    if outside.size:
        raise InvalidInput(f"id {outside[0]} is outside the vocabulary: ids run from 0 to {size - 1:,}.")
    return array.astype(np.int64)


def _whole(array: NDArray) -> bool:
    """Whether ``array`` [B] holds whole numbers; those beyond 64 bits are objects to NumPy."""
    return np.issubdtype(array.dtype, np.integer) or (
        array.dtype == object and all(isinstance(value, int) for value in array)
    )


def as_count(value: int, name: str, low: int, high: int) -> int:
    """``value`` when it is a whole number from ``low`` to ``high``.

    Raises:
        InvalidInput: It is not.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise InvalidInput(f"{name} must be a whole number from {low:,} to {high:,}, not {value!r}.")
    return int(value)


def as_choice(value: str, name: str, choices: Sequence[str]) -> str:
    """``value`` when it is one of ``choices``.

    Raises:
        InvalidInput: It is not; the message lists them.
    """
    if not isinstance(value, str) or value not in choices:
        raise InvalidInput(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def as_list(words: str | Iterable[str], name: str) -> list[str]:
    """``words`` as a list, whatever they are; a single string is one word.

    Raises:
        InvalidInput: There is nothing to list.
    """
    if not isinstance(words, (str, Iterable)):
        raise InvalidInput(f"{name} must be a word or several, not {type(words).__name__}.")
    return [words] if isinstance(words, str) else list(words)


def as_words(words: str | Iterable[str], name: str, at_least: int = 1) -> tuple[str, ...]:
    """``words`` as a tuple of at least ``at_least`` different ones; a single string is one word.

    Raises:
        InvalidInput: Too few, one given twice, or something that is no text.
    """
    words = tuple(as_list(words, name))
    if not all(isinstance(word, str) for word in words):
        raise InvalidInput(f"{name} must be words.")
    as_texts(words, name)
    if len(set(words)) < len(words):
        twice = next(word for i, word in enumerate(words) if word in words[:i])
        raise InvalidInput(f"{name}: {twice!r} is there twice; give each word once.")
    if len(words) < at_least:
        raise InvalidInput(f"{name}: give at least {at_least} word{'s' if at_least > 1 else ''}, not {len(words)}.")
    return words
