"""JSON from outside, looked over before it is parsed: its size, its depth and the number of its values.

Two bytes of JSON, ``[]``, become more than sixty in memory, so that a bound on bytes alone bounds little. Brackets and
commas outside of texts tell how many values there are, and are counted in blocks, a thousand times as fast as they
are parsed.
"""

import json
from typing import Any

import numpy as np

from embeddings.common.errors import InvalidInput

MAX_DEPTH = 32  # brackets within brackets; the deepest file read here, a tokenizer.json, has 8
_BLOCK = 1 << 20  # bytes looked at together
_QUOTE, _COMMA = ord('"'), ord(",")


def parse_json(data: bytes, what: str, *, max_bytes: int, max_values: int) -> Any:
    """What the JSON in ``data`` says, in UTF-8; no text in it holds half a character.

    Args:
        data: Bytes that nobody vouches for.
        what: What to call them in messages.
        max_bytes: How many there may be.
        max_values: How many entries all lists and objects may have together.

    Raises:
        InvalidInput: They are more, hold more or deeper values than may be, or are no JSON.
    """
    check_json(data, what, max_bytes=max_bytes, max_values=max_values)
    try:
        parsed = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
        if b"\\ud" in data or b"\\uD" in data:  # the one way in for half of a pair of surrogates
            json.dumps(parsed, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{what} is not JSON.") from error
    return parsed


def check_json(data: bytes, what: str, *, max_bytes: int, max_values: int) -> None:
    """Pass ``data`` that is safe to be parsed, here or by a library; takes memory for one copy of it at most.

    Raises:
        InvalidInput: It is larger, or has more or deeper values, than may be; ``parse_json`` says how they count.
    """
    if len(data) > max_bytes:
        raise InvalidInput(f"{what} has more than {max_bytes:,} bytes.")
    # What is escaped in a text is no quote: pairs of backslashes first, then quotes after a single one.
    data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    values, depth, quoted = 1, 0, 0
    for start in range(0, len(data), _BLOCK):
        block = np.frombuffer(data, np.uint8, min(_BLOCK, len(data) - start), start)
        quotes = quoted + np.cumsum(block == _QUOTE, dtype=np.int32)
        outside = quotes % 2 == 0
        opening, closing = ((block & 0xDF) == ord("[")) & outside, ((block & 0xDF) == ord("]")) & outside
        depths = depth + np.cumsum(opening.astype(np.int8) - closing.astype(np.int8), dtype=np.int32)
        values += int(np.count_nonzero(opening) + np.count_nonzero((block == _COMMA) & outside))
        quoted, depth = int(quotes[-1]) % 2, int(depths[-1])
        if values > max_values:
            raise InvalidInput(f"{what} has more than {max_values:,} values.")
        if depths.max() > MAX_DEPTH:
            raise InvalidInput(f"{what} has brackets within brackets, more than {MAX_DEPTH} deep.")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
