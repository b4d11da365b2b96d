"""What a file holds: by what is in it, and by its name only where that could be two things."""

import codecs
import csv
import re
from itertools import islice
from pathlib import PurePath

from embeddings.common import InvalidInput
from embeddings.formats import archive, binary, comma
from embeddings.formats.input_stream import BYTE_ORDER_MARK, InputStream
from embeddings.formats.rows import BLANKS, is_number, numbers_at_the_end
from embeddings.formats.table_builder import header_of

LOOKED_AT = 1 << 18  # bytes at the beginning of a file, by which it is told what it is; a line is shorter
_STEERING = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_LINES = 1_000  # of them, whose first fields are looked at

# Files that are something else, by their first bytes, and what would work instead.
_PICKLE = "is a pickle, which could run code and is never opened. Save it as word2vec text or binary."
_OTHERS = (
    *((magic, "is a zip archive. Unpack it, and choose the file of vectors in it.") for magic in archive.MAGIC),
    *((b"\x80" + bytes([protocol]), _PICKLE) for protocol in (2, 3, 4, 5)),
    (b"\xba\x16\x4f\x2f", "is a whole fastText model. Choose the .vec file that is published beside it."),
    (b"\x89HDF", "is an HDF5 file. Save its table as .npy with a word list."),
)


def kind_of(source: InputStream) -> str:
    """What ``source`` holds: "text", "binary", "csv", "npy", "safetensors", or "tsv" for numbers without words.

    Where its beginning fits none of them, its name says which reader shall tell what is wrong.

    Raises:
        InvalidInput: It is empty, of a kind that is not read, or so unlike its name that another would serve better.
    """
    start = source.peek(LOOKED_AT)
    if not start:
        raise InvalidInput(f"{source.name} is empty, or its packing is damaged.")
    for magic, sentence in _OTHERS:
        if start.startswith(magic):
            raise InvalidInput(f"{source.name} {sentence}")
    if start.startswith(b"\x93NUMPY"):
        return "npy"
    if start[7:9] == b"\0{":
        return "safetensors"
    if _is_utf16(start):
        raise InvalidInput(f"{source.name} is text in UTF-16. Save it as text in UTF-8.")
    return _textual(start, source) or ("binary" if _looks_binary(start) else _by_name(start, source))


def suffix_of(source: InputStream) -> str:
    """The name's ending, without that of gzip: ".txt" for "glove.txt.gz"."""
    path = PurePath(source.name.lower())
    return PurePath(path.stem).suffix if path.suffix == ".gz" else path.suffix


def first_line(start: bytes) -> bytes:
    """The first line without its end, and without a last field that ``start`` may have cut."""
    line, ended, _ = start.removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    return (line if ended or len(start) < LOOKED_AT else line.rpartition(b"\t")[0]).rstrip(b" \t\r")


def _textual(start: bytes, source: InputStream) -> str:
    """The kind of text that ``start`` fits; "" if none."""
    suffix = suffix_of(source)
    if suffix == ".tsv" and _all_numbers(start):  # or words that are numbers, with theirs
        return "tsv"
    if _is_our_csv(start):
        return "csv"
    numbers = _numbers_between_commas(start)
    text = _reads_as_text(start)
    if numbers > 1 or (numbers == 1 and (suffix == ".csv" or not text)):  # "," may also be the word before one number
        return "csv"
    if text and _all_decimals(start):
        raise InvalidInput(
            f"{source.name} looks like rows of numbers without words. Call it .tsv, and choose the list of its words "
            "beside it: a .txt with one word a line."
        )
    return "text" if text else ""


def _by_name(start: bytes, source: InputStream) -> str:
    suffix = suffix_of(source)
    if suffix in (".npy", ".safetensors", ".bin") and _is_text(start):
        raise InvalidInput(
            f"{source.name} looks like plain text, which the ending {suffix} does not fit. Call a list of words .txt, "
            "and so a table: in each line a word and its numbers, spaces between."
        )
    return {".npy": "npy", ".safetensors": "safetensors", ".csv": "csv", ".bin": "binary"}.get(suffix, "text")


def _is_utf16(start: bytes) -> bool:
    """Whether ``start`` has the mark of UTF-16, or, without it, four letters of ASCII."""
    even, odd = start[:8:2], start[1:8:2]
    marked = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return marked or (even == bytes(4) and 0 not in odd) or (odd == bytes(4) and 0 not in even)


def _lines(start: bytes) -> list[bytes]:
    """The first lines, without one that ``start`` may have cut."""
    lines = start.removeprefix(BYTE_ORDER_MARK).split(b"\n", _LINES)
    whole = lines if len(start) < LOOKED_AT and len(lines) <= _LINES else lines[:-1]
    return [line.strip(b" \t\r") for line in whole or lines]


def _all_numbers(start: bytes) -> bool:
    """Whether the first line holds numbers only, blanks between, and each of the next begins with one."""
    lines = _lines(start)
    header = header_of(lines[0])
    if header and header[1] > 1 and lines[1:] and len(BLANKS.split(lines[1])) == header[1] + 1:
        return False  # word2vec's header, and words that are numbers
    first_fields = (BLANKS.split(line, 1)[0] for line in lines if line)
    return all(map(is_number, BLANKS.split(first_line(start)))) and all(map(is_number, first_fields))


def _all_decimals(start: bytes) -> bool:
    """Whether there are rows with tabs between numbers, and what would be their words are numbers too, not whole."""
    firsts = [line.partition(b"\t")[0] for line in _lines(start) if line]
    return len(firsts) > 1 and all(map(is_number, firsts)) and any(b"." in field for field in firsts)


def _reads_as_text(start: bytes) -> bool:
    """Whether the first row is a word and numbers: as many as a word2vec header says, if there is one."""
    first = first_line(start)
    header = header_of(first)
    row = first_line(start.partition(b"\n")[2])
    if not header and (not row or not _are_two_numbers(first)):  # which may be a header gone wrong
        row = first
    return numbers_at_the_end(row) >= (header[1] if header else 1) > 0


def _is_our_csv(start: bytes) -> bool:
    names = first_line(start).split(b",")
    return len(names) > 1 and names == [name.encode() for name in comma.header(len(names) - 1)]


def _numbers_between_commas(start: bytes) -> int:
    """How many numbers follow the first cell in one of the first two rows, if it is a row of comma-separated values."""
    lines = start.removeprefix(BYTE_ORDER_MARK).splitlines(keepends=True)
    try:
        rows = list(islice(filter(None, csv.reader(line.decode(errors="replace") for line in lines)), 2))
    except csv.Error:
        return 0
    counts = [len(row) - 1 for row in rows if all(is_number(cell.encode()) for cell in row[1:])]
    # in "cat 1,5" the comma may be that of a decimal
    decimals = any(len(row) == 2 and numbers_at_the_end(row[0].encode()) for row in rows)
    return 0 if decimals else max(counts, default=0)


def _looks_binary(start: bytes) -> bool:
    """Whether a word2vec header, or one gone wrong, is followed by bytes that no text has."""
    line, _, rest = start.partition(b"\n")
    return (_are_two_numbers(line.strip()) and not _is_text(rest)) or _is_binary_to_its_end(start)


def _is_binary_to_its_end(start: bytes) -> bool:
    """Whether the whole file is as many words and vectors as a word2vec header says; such bytes may be letters too."""
    line, _, rest = start.partition(b"\n")
    words, dimension = header_of(line) or (0, 0)
    if not words or not dimension or len(start) == LOOKED_AT:
        return False
    found, used = binary.cut(rest, 4 * dimension, words)[::2]
    return len(found) == words and not rest[used:].strip(b"\n")


def _are_two_numbers(line: bytes) -> bool:
    fields = BLANKS.split(line)
    return len(fields) == 2 and all(map(is_number, fields))


def _is_text(start: bytes) -> bool:
    """Whether ``start`` is UTF-8, its last character perhaps cut, without signs that steer machines."""
    if _STEERING.search(start):
        return False
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return error.end >= len(start) and error.reason == "unexpected end of data"
    return True
