"""The token-embedding table of a model on the Hugging Face Hub, without the rest of the model.

A safetensors file begins with its own table of contents: 8 bytes that give the length of a JSON header, and the header,
which says where each tensor's bytes lie. Two small range requests read it, one more fetches the table alone, and a
single row costs as many bytes as it has. Numbers and JSON are all that is read; nothing of a model is run.

References:
    The safetensors format, https://huggingface.co/docs/safetensors
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from embeddings.common import (
    InvalidInput,
    ProgressCallback,
    SourceUnavailable,
    TooLarge,
    allowed_bytes,
    as_ids,
    check_json,
    no_progress,
    parse_json,
    reading_bytes,
    required,
    table_bytes,
)
from embeddings.sources.disk import entries, hub_folder, is_there, room, skip
from embeddings.sources.http import (
    DEFAULT_TIMEOUTS,
    ByteRange,
    NotFound,
    Timeouts,
    download,
    fetch_range,
    fetch_whole,
    file_length,
    free_bytes,
    part_of,
)
from embeddings.vectors import WordVectors

ENDPOINT = "https://huggingface.co"
# Names of the table, or how they end, the surer ones first.
SUFFIXES = (
    "wte.weight",  # GPT-2 and its like
    "word_embeddings.weight",  # BERT
    "embed_tokens.weight",  # Llama
    "embed_in.weight",  # GPT-NeoX
    "tok_embeddings.weight",  # ModernBERT
    "shared.weight",  # T5, BART
    "word_embedding.weight",  # XLNet
    "token_embedding.weight",  # CLIP's texts
    "backbone.embeddings.weight",  # Mamba
    "backbone.embedding.weight",  # Mamba, as first published
    "rwkv.embeddings.weight",  # RWKV
    "lm_head.weight",  # the output's table, where it is the input's too and stored once
    "embed_out.weight",  # the same in GPT-NeoX
    "transformer.embeddings.weight",  # XLM
    "predictions.decoder.weight",  # BERT's output, where it is the input's table too and stored once
)
# Names too short to be looked for at the end of others.
NAMES = (
    "emb.weight",  # RWKV, as first published
    "embedding.weight",  # sentence-transformers' static models
    "embeddings",  # Model2Vec
    "embeddings.weight",  # XLM without its head
)
BYTES_OF = MappingProxyType({"F32": 4, "F16": 2, "BF16": 2})  # per number
MAX_HEADER_BYTES = 4_000_000  # gpt2's has 14 kB
MAX_HEADER_VALUES = 400_000  # a tensor has 8, in some hundred bytes
MAX_INDEX_BYTES = 16_000_000  # a file of a model with 160 shards has 9 MB
MAX_INDEX_VALUES = 200_000  # a tensor has 1, in some eighty bytes
MAX_TOKENIZER_BYTES = 64_000_000  # Gemma's has 33 MB
MAX_TOKENIZER_VALUES = 4_000_000  # Gemma's has 2.3 million: 262,000 tokens, and 3 for each of its merges
LONGEST_TOKEN = 200  # characters; a longer one's row is called by its number
MAX_NOTE_BYTES = 10_000  # one has some 400
MAX_ROWS = 100  # fetched one by one; beyond it the table is the better way

_ONE_FILE, _INDEX, _TOKENIZER = "model.safetensors", "model.safetensors.index.json", "tokenizer.json"
_LONGEST_NOTE = 192  # letters of a note's name; file systems take 255
_BLOCK = 1 << 22  # numbers turned into float32 at once


@dataclass(frozen=True)
class HubTable:
    """Where a model's token-embedding table lies, and what it would cost to fetch.

    Attributes:
        repo_id: The model's name on the Hub, ``owner/name``.
        endpoint: The Hub's address.
        revision: The commit, where the Hub names it; else the revision that was asked for.
        file: The file that holds the table.
        file_bytes: Its length.
        etag: Its mark of version, where no commit tells it; else empty.
        tensor: The table's name in it.
        dtype: "F32", "F16" or "BF16".
        rows: V.
        dimension: D.
        start: The table's first byte in the file.
        tokenizer_bytes: Length of tokenizer.json.
    """

    repo_id: str
    endpoint: str
    revision: str
    file: str
    file_bytes: int
    etag: str
    tensor: str
    dtype: str
    rows: int
    dimension: int
    start: int
    tokenizer_bytes: int

    @property
    def row_bytes(self) -> int:
        """Bytes of one row in the file."""
        return self.dimension * BYTES_OF[self.dtype]

    @property
    def tensor_bytes(self) -> int:
        """Bytes of the table in the file."""
        return self.rows * self.row_bytes

    @property
    def download_bytes(self) -> int:
        """Bytes that fetching it costs: the table and the tokenizer."""
        return self.tensor_bytes + self.tokenizer_bytes

    @property
    def memory_bytes(self) -> int:
        """Bytes that it takes in memory, as float32 and with its tokens."""
        return table_bytes(self.rows, self.dimension)


def find_table(
    repo_id: str,
    *,
    revision: str = "main",
    endpoint: str | None = None,
    report: ProgressCallback | None = None,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
) -> HubTable:
    """Look the table up in the headers of the model's files: some ten kB, whatever the model's size.

    Args:
        repo_id: ``owner/name``, or an old model's bare ``name``.
        revision: A branch, tag or commit.
        endpoint: The Hub's address; ``HF_ENDPOINT`` or https://huggingface.co by default.
        report: Called as ``report(fraction, words)`` while the Hub is waited for; what it raises ends the work.
        timeouts: How long to wait for the server.

    Raises:
        InvalidInput: ``repo_id`` or ``revision`` is no name on the Hub.
        SourceUnavailable: The Hub cannot be reached, or the model has no such table, or no tokenizer.json.
    """
    repo_id, revision, endpoint = _checked(repo_id, revision, endpoint)
    how: dict[str, Any] = {"report": report, "timeouts": timeouts}
    file, tensor, commit = _ONE_FILE, None, ""
    try:
        beginning = fetch_range(_url(endpoint, repo_id, revision, file), 0, 8, **how)
    except NotFound:
        file, tensor, commit = _shard(endpoint, repo_id, revision, **how)
        beginning = fetch_range(_url(endpoint, repo_id, commit or revision, file), 0, 8, **how)
    revision = _commit(commit or beginning.commit) or revision
    header = _header(_url(endpoint, repo_id, revision, file), beginning, **how)
    tensor = tensor or _chosen(header, repo_id)
    dtype, rows, dimension, start = _place(header, tensor, beginning)
    return HubTable(
        repo_id,
        endpoint,
        revision,
        file,
        cast(int, beginning.file_bytes),  # else it has no header
        "" if _commit(revision) else beginning.etag,
        tensor,
        dtype,
        rows,
        dimension,
        start,
        _tokenizer_bytes(endpoint, repo_id, revision, **how),
    )


def rows(
    table: HubTable,
    ids: Sequence[int],
    *,
    report: ProgressCallback | None = None,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
) -> NDArray[np.float32]:
    """The rows of ``ids``, each by a range request of its own: float32 [N, D].

    Args:
        table: From ``find_table``.
        ids: At most ``MAX_ROWS``.
        report: As of ``find_table``.
        timeouts: How long to wait for the server.

    Raises:
        InvalidInput: An id is not a row of the table, or there are too many.
        SourceUnavailable: The Hub cannot be reached, or its file has changed.
    """
    wanted = as_ids(ids, table.rows)
    if len(wanted) > MAX_ROWS:
        raise InvalidInput(f"{len(wanted):,} rows are too many to be fetched one by one; at most {MAX_ROWS}.")
    fetched = np.empty((len(wanted), table.dimension), dtype=np.float32)
    for row, token_id in zip(fetched, wanted.tolist(), strict=True):
        start = table.start + token_id * table.row_bytes
        url, stop = _url_of(table, table.file), start + table.row_bytes
        stretch = fetch_range(url, start, stop, report=report, timeouts=timeouts)
        if table.etag and stretch.etag != table.etag:
            raise SourceUnavailable(f"{table.repo_id} has changed on the Hub. Look it up again.")
        row[:] = _as_float32(np.frombuffer(stretch.content, dtype=_stored(table.dtype)), table.dtype)
    return fetched


def fetch(
    table: HubTable,
    *,
    asked_for: str = "main",
    report: ProgressCallback | None = None,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
    free: Callable[[Path], int] = free_bytes,
    allowed: int | None = None,
) -> None:
    """Bring the table and its tokenizer.json onto this machine; at once if they are there.

    Args:
        table: From ``find_table``.
        asked_for: The revision that it was found by, under which ``cached`` finds it again.
        report: Called as ``report(fraction, words)``; what it raises ends the work, and a later call goes on.
        timeouts: How long to wait for the server.
        free: Free bytes on the disk of a folder.
        allowed: Bytes of memory that it may take later; ``memory.allowed_bytes()`` by default.

    Raises:
        SourceUnavailable: The Hub cannot be reached, its file has changed, or there is no room on the disk.
        TooLarge: The table would not fit into memory; nothing was fetched.
    """
    _check_memory(table, allowed)
    say = report or no_progress
    share = table.tensor_bytes / table.download_bytes
    missing = {file: length for file, length in _files(table).items() if not _is_whole(file, length)}
    for file in missing:
        _remove(file)  # damaged since it was fetched
    if missing:
        room().check(f"The table of {table.repo_id}", sum(missing.values()), {*map(part_of, missing)})
    numbers, tokenizer = _files(table)
    download(
        _url_of(table, table.file),
        numbers,
        start=table.start,
        stop=table.start + table.tensor_bytes,
        size=table.file_bytes,
        etag=table.etag,
        report=lambda fraction, words="", snapshot=None: say(share * fraction, words),
        timeouts=timeouts,
        free=free,
    )
    download(
        _url_of(table, _TOKENIZER),
        tokenizer,
        size=table.tokenizer_bytes,
        report=lambda fraction, words="", snapshot=None: say(share + (1 - share) * fraction, f"The tokenizer: {words}"),
        timeouts=timeouts,
        free=free,
    )
    _remember(table, asked_for)


def cached(repo_id: str, *, revision: str = "main", endpoint: str | None = None) -> HubTable | None:
    """The table that was fetched last for ``revision``, without asking the Hub; None where there is none.

    Raises:
        InvalidInput: ``repo_id`` or ``revision`` is no name on the Hub.
    """
    repo_id, revision, endpoint = _checked(repo_id, revision, endpoint)
    note = _note(repo_id, revision, endpoint)
    if not is_there(note):
        return None
    table = _noted(note)
    if table is None or (table.repo_id, table.endpoint) != (repo_id, endpoint):
        skip(note, "it is damaged")  # the table can be fetched again
        return None
    return table if all(_is_whole(file, length) for file, length in _files(table).items()) else None


def list_cached(*, endpoint: str | None = None) -> tuple[str, ...]:
    """The models whose tables were fetched from the Hub's main branch, by name."""
    _, _, endpoint = _checked("owner/name", "main", endpoint)
    home = _home(endpoint)
    found = []
    for folder in entries(hub_folder()):
        model = folder.name.removesuffix(home).replace("--", "/")
        try:
            if folder.name.endswith(home) and cached(model, endpoint=endpoint) is not None:
                found.append(model)
        except InvalidInput:
            skip(folder, "it is named as no model is")
    return tuple(found)


def read(table: HubTable, *, report: ProgressCallback | None = None, allowed: int | None = None) -> WordVectors:
    """The table from this machine's disk, as float32 [V, D], and its tokens.

    Tokens are as in the vocabulary of tokenizer.json: a byte-level BPE such as GPT-2's writes a leading space as ``Ġ``,
    as in ``Ġcat``, and bytes as letters. A row that the tokenizer has no token for (tables are padded to round sizes),
    or whose token another row has, is called ``⟨row 50257⟩``; tokens beyond the table's last row are left out.

    Args:
        table: From ``find_table`` or ``cached``.
        report: Called as ``report(fraction, words)``; what it raises ends the work.
        allowed: Bytes of memory that it may take; ``memory.allowed_bytes()`` by default.

    Raises:
        InvalidInput: It holds NaN or infinite numbers.
        SourceUnavailable: It was not fetched, or its files are damaged.
        TooLarge: It does not fit into memory.
    """
    _check_memory(table, allowed)
    if not all(_is_whole(file, length) for file, length in _files(table).items()):
        raise SourceUnavailable(f"{table.repo_id} is not on this machine, or not whole. Fetch it first.")
    numbers, tokenizer = _files(table)
    try:
        stored = np.memmap(numbers, dtype=_stored(table.dtype), mode="r")
        named = tokenizer.read_bytes()
    except OSError as error:
        raise SourceUnavailable(f"{table.repo_id} cannot be read here ({error.strerror}). Fetch it again.") from error
    matrix = np.empty(table.rows * table.dimension, dtype=np.float32)
    report = report or no_progress
    for begin in range(0, len(matrix), _BLOCK):
        report(begin / len(matrix), f"{begin // table.dimension:,} of {table.rows:,} rows")
        matrix[begin : begin + _BLOCK] = _as_float32(stored[begin : begin + _BLOCK], table.dtype)
    report(1.0, "The tokens")
    tokens = _tokens(named, table.rows)
    return WordVectors.of(f"hf:{table.repo_id}", tokens, matrix.reshape(table.rows, table.dimension))


_NAME = r"\b[A-Za-z0-9_.-]{1,96}\b"  # begins and ends with a letter, a digit or _


# What git lets no name of a branch or tag hold (git-scm.com/docs/git-check-ref-format): main, v1.0+cu, refs/pr/1 are.
_NO_REVISION = re.compile(
    r"^$|^@$|^-|[\x00-\x20\x7f~^:?*\[\\]|@\{|\.\.|(?:^|/)\.|\.$|\.lock(?:/|$)|^/|//|/$".replace("$", r"\Z")
)
_LONGEST_REVISION = 240  # bytes: git keeps it as a file


def _checked(repo_id: str, revision: str, endpoint: str | None) -> tuple[str, str, str]:
    """The three, if they are safe to be parts of an address and of a file's name."""
    # As the Hub's own client checks them (huggingface_hub.utils.validate_repo_id), each at most 96 characters.
    named = isinstance(repo_id, str) and re.fullmatch(rf"(?:{_NAME}/)?{_NAME}", repo_id)
    if not named or re.search(r"\.\.|--|\.git$", repo_id):
        raise InvalidInput(f"{_short(repo_id)} is no model's name on the Hugging Face Hub. It looks like owner/name.")
    if not isinstance(revision, str) or _NO_REVISION.search(revision) or not _fits(revision):
        raise InvalidInput(f"{_short(revision)} is no branch, tag or commit.")
    endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or ENDPOINT).rstrip("/")
    if not re.match(r"https?://[^/?#]+", endpoint):
        raise InvalidInput(f"HF_ENDPOINT must be an address such as {ENDPOINT}, not {endpoint!r}.")
    return repo_id, revision, endpoint


def _fits(revision: str) -> bool:
    """Whether ``revision`` is text, and not too long."""
    try:
        return len(revision.encode()) <= _LONGEST_REVISION
    except UnicodeEncodeError:
        return False


def _short(name: Any) -> str:
    shown = repr(name)
    return shown if len(shown) <= 220 else f"{shown[:200]}…{shown[-1]}"


def _url(endpoint: str, repo_id: str, revision: str, file: str) -> str:
    return f"{endpoint}/{repo_id}/resolve/{quote(revision, safe='')}/{file}"


def _url_of(table: HubTable, file: str) -> str:
    return _url(table.endpoint, table.repo_id, table.revision, file)


def _commit(text: str) -> str:
    return text if re.fullmatch(r"[0-9a-f]{40}", text) else ""


def _shard(endpoint: str, repo_id: str, revision: str, **how: Any) -> tuple[str, str, str]:
    """The shard that holds the table, the table's name, and the commit, from the index of a model in several files."""
    try:
        index = fetch_whole(_url(endpoint, repo_id, revision, _INDEX), MAX_INDEX_BYTES, **how)
    except NotFound as error:
        raise SourceUnavailable(
            f"{repo_id} has no {_ONE_FILE} there. Check the name, or choose a model that is published as safetensors."
        ) from error
    shards = _parsed(index.content, _INDEX, MAX_INDEX_BYTES, MAX_INDEX_VALUES).get("weight_map")
    if not isinstance(shards, dict):
        raise SourceUnavailable(f"{_INDEX} of {repo_id} does not say where its tensors are. Choose another model.")
    tensor = _chosen(shards, repo_id)
    shard = shards[tensor]
    if not isinstance(shard, str) or not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.safetensors", shard):
        raise SourceUnavailable(f"{_INDEX} of {repo_id} names no file of tensors. Choose another model.")
    return shard, tensor, _commit(index.commit)


def _header(url: str, beginning: ByteRange, **how: Any) -> dict:
    """The JSON header of a safetensors file, without its remarks."""
    length = int.from_bytes(beginning.content, "little")
    if not beginning.file_bytes or not 0 < length <= min(MAX_HEADER_BYTES, beginning.file_bytes - 8):
        raise SourceUnavailable("The model's file is not in the safetensors format. Choose another model.")
    stretch = fetch_range(url, 8, 8 + length, **how)
    if not stretch.commit and stretch.etag != beginning.etag:
        raise SourceUnavailable("The model's file changed while it was read. Try again.")
    header = _parsed(stretch.content, "The header of the model's file", MAX_HEADER_BYTES, MAX_HEADER_VALUES)
    header.pop("__metadata__", None)
    return header


def _parsed(content: bytes, what: str, max_bytes: int, max_values: int) -> dict:
    try:
        parsed = parse_json(content, what, max_bytes=max_bytes, max_values=max_values)
    except InvalidInput as error:
        raise SourceUnavailable(f"{error} Choose another model.") from error
    if not isinstance(parsed, dict):
        raise SourceUnavailable(f"{what} is not as it should be. Choose another model.")
    return parsed


def _chosen(names: dict[str, Any], repo_id: str) -> str:
    """The token-embedding table among tensors' names; of several the one that lies least deep, as in a model of
    text and images the text's."""
    for suffix in SUFFIXES:
        found = [name for name in names if name == suffix or name.endswith(f".{suffix}")]
        if found:
            return min(found, key=lambda name: (name.count("."), len(name)))
    for name in NAMES:
        if name in names:
            return name
    raise SourceUnavailable(
        f"{repo_id} is of a kind that is not supported: none of its tensors has a name that a token-embedding table "
        f"is known by here, such as {SUFFIXES[0]}, {SUFFIXES[2]} or {SUFFIXES[5]}. Choose another model."
    )


def _place(header: dict, tensor: str, beginning: ByteRange) -> tuple[str, int, int, int]:
    """dtype, V, D and the first byte in the file of ``tensor``, checked against each other and the file's length."""
    length = int.from_bytes(beginning.content, "little")
    try:
        entry = header[tensor]
        dtype, (rows, dimension), (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
        typed = type(dtype) is str and all(type(number) is int for number in (rows, dimension, begin, end))
        sound = typed and min(rows, dimension) > 0 and begin >= 0 and 8 + length + end <= beginning.file_bytes
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise SourceUnavailable(f"The model's file says of {tensor} what cannot be. Choose another model.")
    if dtype not in BYTES_OF:
        raise SourceUnavailable(f"{tensor} is stored as {dtype}; {', '.join(BYTES_OF)} can be read. Choose another.")
    if end - begin != rows * dimension * BYTES_OF[dtype]:
        raise SourceUnavailable(f"The model's file says of {tensor} what cannot be. Choose another model.")
    return dtype, rows, dimension, 8 + length + begin


def _tokenizer_bytes(endpoint: str, repo_id: str, revision: str, **how: Any) -> int:
    try:
        length = file_length(_url(endpoint, repo_id, revision, _TOKENIZER), **how)
    except NotFound as error:
        raise SourceUnavailable(
            f"{repo_id} has no {_TOKENIZER}, so that its rows have no names. Choose another model."
        ) from error
    if not length or length > MAX_TOKENIZER_BYTES:
        raise SourceUnavailable(f"{_TOKENIZER} of {repo_id} is too large, or its length unknown. Choose another model.")
    return length


def _check_memory(table: HubTable, allowed: int | None) -> None:
    allowed = allowed_bytes() if allowed is None else allowed
    needed = reading_bytes(table.rows, table.dimension)
    if needed > allowed:
        raise TooLarge(f"{table.tensor} of {table.repo_id}", needed, allowed)


def _stored(dtype: str) -> np.dtype:
    """How numpy reads it; bfloat16, which numpy does not know, as its bits."""
    return np.dtype({"F32": "<f4", "F16": "<f2", "BF16": "<u2"}[dtype])


def _as_float32(stored: NDArray, dtype: str) -> NDArray[np.float32]:
    if dtype == "BF16":  # the upper half of a float32
        return (stored.astype(np.uint32) << 16).view(np.float32)
    return stored.astype(np.float32)


def _tokens(content: bytes, size: int) -> list[str]:
    """The token of each row, from the ``content`` of a tokenizer.json."""
    with required():
        from tokenizers import Tokenizer

    try:
        check_json(content, _TOKENIZER, max_bytes=MAX_TOKENIZER_BYTES, max_values=MAX_TOKENIZER_VALUES)
    except InvalidInput as error:
        raise SourceUnavailable(f"{error} Choose another model.") from error
    try:
        tokenizer = Tokenizer.from_buffer(content)
    except BaseException as error:  # the library raises no narrower one, and where it panics one that is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise SourceUnavailable(f"{_TOKENIZER} cannot be read ({str(error)[:200]}). Choose another model.") from error
    return row_names(tokenizer, size)


def row_names(tokenizer: Any, size: int) -> list[str]:
    """A name for each row 0 ... ``size - 1``: its token, or its number where it has none of its own or too long a
    one."""
    tokens = [tokenizer.id_to_token(token_id) for token_id in range(size)]
    return [
        f"⟨row {token_id}⟩"
        if token is None or len(token) > LONGEST_TOKEN or tokenizer.token_to_id(token) != token_id
        else token
        for token_id, token in enumerate(tokens)
    ]


def _folder(endpoint: str, repo_id: str) -> Path:
    return hub_folder() / f"{repo_id.replace('/', '--')}{_home(endpoint)}"


def _home(endpoint: str) -> str:
    """How the folders of what one Hub offers end."""
    return f".{hashlib.sha256(endpoint.encode()).hexdigest()[:8]}"


def _files(table: HubTable) -> dict[Path, int]:
    """Where the table's bytes and the tokenizer.json lie, or would, apart for each version; and their lengths."""
    version = f"{table.revision} {table.etag} {table.file} {table.tensor} {table.file_bytes}"
    folder = _folder(table.endpoint, table.repo_id) / hashlib.sha256(version.encode()).hexdigest()[:16]
    return {folder / f"table.{table.dtype.lower()}": table.tensor_bytes, folder / _TOKENIZER: table.tokenizer_bytes}


def _is_whole(file: Path, length: int) -> bool:
    """Whether ``file`` is there with all of its ``length``; what is there otherwise is skipped."""
    try:
        if not is_there(file):
            return False
        if (size := file.stat().st_size) != length:
            skip(file, f"it has {size:,} bytes, not {length:,}")
        return size == length
    except OSError:
        return False  # gone in this moment


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise SourceUnavailable(f"{file.name} cannot be written here ({error.strerror or error}).") from error


def _note(repo_id: str, revision: str, endpoint: str) -> Path:
    """Where the note on ``revision`` lies. Its name holds no sign that parts folders, and is no longer than may be."""
    name = quote(revision, safe="")
    if len(name) > _LONGEST_NOTE:
        name = f"{name[:_LONGEST_NOTE]}.{hashlib.sha256(revision.encode()).hexdigest()[:16]}"
    return _folder(endpoint, repo_id) / f"{name}.json"


def _noted(note: Path) -> HubTable | None:
    """What is written in ``note``; None where that is no table."""
    try:
        with note.open("rb") as file:
            content = file.read(MAX_NOTE_BYTES + 1)
        table = HubTable(**parse_json(content, "It", max_bytes=MAX_NOTE_BYTES, max_values=100))
    except (OSError, InvalidInput, TypeError):
        return None
    typed = all(type(getattr(table, field.name)) is field.type for field in fields(table))
    return table if typed and table.dtype in BYTES_OF and min(table.rows, table.dimension) > 0 else None


def _remember(table: HubTable, asked_for: str) -> None:
    note = _note(*_checked(table.repo_id, asked_for, table.endpoint))
    draft = note.with_name(f"{note.name}.{os.getpid()}.draft")
    try:
        draft.write_text(json.dumps(asdict(table)), encoding="utf-8")
        draft.replace(note)  # whole or not at all
    except OSError as error:
        raise SourceUnavailable(f"What was fetched cannot be noted on this machine ({error.strerror}).") from error
