import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.bounded_json import MAX_DEPTH, check_json, parse_json
from embeddings.common.errors import InvalidInput
from tests.memory import grown

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('[]{},"\\aé😀'),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text('[]{},"\\a', max_size=3), values, max_size=4),
)


def opened(data: bytes, max_bytes: int = 10**6, max_values: int = 10**6):
    return parse_json(data, "It", max_bytes=max_bytes, max_values=max_values)


def entries(value) -> int:
    """Commas and opening brackets, as ``json.dumps`` sets them."""
    if not isinstance(value, (list, dict)):
        return 0
    return max(1, len(value)) + sum(map(entries, value.values() if isinstance(value, dict) else value))


@given(JSON, st.booleans())
def test_any_json_is_read_as_python_reads_it_and_its_values_are_counted(value, escaped):
    data = json.dumps(value, ensure_ascii=escaped).encode()
    count = 1 + entries(value)

    assert opened(data, max_values=count) == value
    with pytest.raises(InvalidInput, match="more than"):
        check_json(data, "It", max_bytes=10**6, max_values=count - 1)


@given(st.binary(max_size=80) | st.text('[]{},:"\\ud8019', max_size=60).map(str.encode))
def test_any_bytes_give_json_or_a_sentence(data):
    try:
        value = opened(data)
    except InvalidInput as error:
        assert str(error).startswith("It ")
    else:
        json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "data", [b"", b"NaN", b"[Infinity]", b"1" * 5_000, b"\xff", b'"\\ud83d"', b'{"\\uDE00": 1}', "[]".encode("utf-16")]
)
def test_what_is_no_json_in_utf_8_is_refused(data):
    with pytest.raises(InvalidInput, match="It is not JSON"):
        opened(data)


def test_whole_pairs_of_surrogates_and_a_byte_order_mark_are_read():
    assert opened(b'\xef\xbb\xbf"\\ud83d\\ude00"') == "😀"


def test_what_is_too_long_too_deep_or_has_too_many_values_is_refused():
    assert opened(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    for data, why in ((b"[" * 33 + b"]" * 33, "32 deep"), (b" " * 101 + b"1", "100 bytes"), (b"[" * 50, "40 values")):
        with pytest.raises(InvalidInput, match=why):
            opened(data, max_bytes=100, max_values=40)


@pytest.mark.parametrize("piece", [b"[],", b"{},", b'{"a":0},', b"0.5,", b'"",', b'"\\"",'])
def test_what_is_refused_takes_little_more_memory_than_its_bytes(piece):
    data = b"[" + piece * (16_000_000 // len(piece))

    def refuse():
        with pytest.raises(InvalidInput):
            parse_json(data, "It", max_bytes=16_000_000, max_values=100_000)

    assert grown(refuse) < 40_000_000
