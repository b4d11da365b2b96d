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
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.checks import as_ids
from embeddings.errors import InvalidInput, SourceUnavailable, TooLarge
from embeddings.memory import allowed_bytes, table_bytes
from embeddings.packages import cache_folder
from embeddings.progress import silent
from embeddings.remote.http import (
    PATIENCE,
    NotThere,
    Patience,
    Report,
    Stretch,
    download,
    fetch_range,
    fetch_whole,
    free_bytes,
    opened,
)
from embeddings.word_vectors import WordVectors

ENDPOINT = "https://huggingface.co"
SUFFIXES = ("wte.weight", "word_embeddings.weight", "embed_tokens.weight")  # GPT-2, BERT, Llama and their like
BYTES_OF = MappingProxyType({"F32": 4, "F16": 2, "BF16": 2})  # per number
MAX_HEADER_BYTES = 16_000_000  # gpt2's has 14 kB
MAX_INDEX_BYTES = 32_000_000  # a file of a model with 160 shards has 9 MB
MAX_TOKENIZER_BYTES = 64_000_000  # Gemma's has 33 MB
MAX_ROWS = 100  # fetched one by one; beyond it the table is the better way

_ONE_FILE, _INDEX, _TOKENIZER = "model.safetensors", "model.safetensors.index.json", "tokenizer.json"
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
    repo_id: str, *, revision: str = "main", endpoint: str | None = None, patience: Patience = PATIENCE
) -> HubTable:
    """Look the table up in the headers of the model's files: some ten kB, whatever the model's size.

    Args:
        repo_id: ``owner/name``, or an old model's bare ``name``.
        revision: A branch, tag or commit.
        endpoint: The Hub's address; ``HF_ENDPOINT`` or https://huggingface.co by default.
        patience: How long to wait for the server.

    Raises:
        InvalidInput: ``repo_id`` or ``revision`` is no name on the Hub.
        SourceUnavailable: The Hub cannot be reached, or the model has no such table, or no tokenizer.json.
    """
    repo_id, revision, endpoint = _checked(repo_id, revision, endpoint)
    file, tensor, commit = _ONE_FILE, None, ""
    try:
        beginning = fetch_range(_url(endpoint, repo_id, revision, file), 0, 8, patience=patience)
    except NotThere:
        file, tensor, commit = _shard(endpoint, repo_id, revision, patience)
        beginning = fetch_range(_url(endpoint, repo_id, commit or revision, file), 0, 8, patience=patience)
    revision = _commit(commit or beginning.commit) or revision
    header = _header(_url(endpoint, repo_id, revision, file), beginning, patience)
    tensor = tensor or _chosen(header, repo_id)
    dtype, rows, dimension, start = _place(header, tensor, beginning)
    return HubTable(
        repo_id,
        endpoint,
        revision,
        file,
        beginning.file_bytes,
        "" if _commit(revision) else beginning.etag,
        tensor,
        dtype,
        rows,
        dimension,
        start,
        _tokenizer_bytes(endpoint, repo_id, revision, patience),
    )


def rows(table: HubTable, ids: Sequence[int], *, patience: Patience = PATIENCE) -> NDArray[np.float32]:
    """The rows of ``ids``, each by a range request of its own: float32 [N, D].

    Args:
        table: From ``find_table``.
        ids: At most ``MAX_ROWS``.
        patience: How long to wait for the server.

    Raises:
        InvalidInput: An id is not a row of the table, or there are too many.
        SourceUnavailable: The Hub cannot be reached, or its file has changed.
    """
    ids = as_ids(ids, table.rows)
    if len(ids) > MAX_ROWS:
        raise InvalidInput(f"{len(ids):,} rows are too many to be fetched one by one; at most {MAX_ROWS}.")
    fetched = np.empty((len(ids), table.dimension), dtype=np.float32)
    for row, id in zip(fetched, ids.tolist(), strict=True):
        start = table.start + id * table.row_bytes
        stretch = fetch_range(_url_of(table, table.file), start, start + table.row_bytes, patience=patience)
        if table.etag and stretch.etag != table.etag:
            raise SourceUnavailable(f"{table.repo_id} has changed on the Hub. Look it up again.")
        row[:] = _as_float32(np.frombuffer(stretch.content, dtype=_stored(table.dtype)), table.dtype)
    return fetched


def fetch(
    table: HubTable,
    *,
    asked_for: str = "main",
    report: Report | None = None,
    patience: Patience = PATIENCE,
    free: Callable[[Path], int] = free_bytes,
    allowed: int | None = None,
) -> None:
    """Bring the table and its tokenizer.json onto this machine; at once if they are there.

    Args:
        table: From ``find_table``.
        asked_for: The revision that it was found by, under which ``on_this_machine`` finds it again.
        report: Called as ``report(fraction, words)``; what it raises ends the work, and a later call goes on.
        patience: How long to wait for the server.
        free: Free bytes on the disk of a folder.
        allowed: Bytes of memory that it may take later; ``memory.allowed_bytes()`` by default.

    Raises:
        SourceUnavailable: The Hub cannot be reached, its file has changed, or there is no room on the disk.
        TooLarge: The table would not fit into memory; nothing was fetched.
    """
    _check_memory(table, allowed)
    report = report or silent
    share = table.tensor_bytes / table.download_bytes
    for file, length in _files(table).items():
        if not _is_whole(file, length):
            file.unlink(missing_ok=True)  # damaged since it was fetched
    numbers, tokenizer = _files(table)
    download(
        _url_of(table, table.file),
        numbers,
        start=table.start,
        stop=table.start + table.tensor_bytes,
        size=table.file_bytes,
        etag=table.etag,
        report=lambda fraction, words: report(share * fraction, words),
        patience=patience,
        free=free,
    )
    download(
        _url_of(table, _TOKENIZER),
        tokenizer,
        size=table.tokenizer_bytes,
        report=lambda fraction, words: report(share + (1 - share) * fraction, f"The tokenizer: {words}"),
        patience=patience,
        free=free,
    )
    _remember(table, asked_for)


def on_this_machine(repo_id: str, *, revision: str = "main", endpoint: str | None = None) -> HubTable | None:
    """The table that was fetched last for ``revision``, without asking the Hub; None where there is none.

    Raises:
        InvalidInput: ``repo_id`` or ``revision`` is no name on the Hub.
    """
    note = _note(*_checked(repo_id, revision, endpoint))
    try:
        table = HubTable(**json.loads(note.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # never fetched here, or the note is damaged: it can be fetched again
    whole = all(_is_whole(file, length) for file, length in _files(table).items())
    return table if whole and table.repo_id == repo_id else None


def all_on_this_machine(*, endpoint: str | None = None) -> tuple[str, ...]:
    """The models whose tables were fetched from the Hub's main branch, by name."""
    _, _, endpoint = _checked("owner/name", "main", endpoint)
    home = _home(endpoint)
    names = (note.parent.name.removesuffix(home) for note in (cache_folder() / "hub").glob(f"*{home}/main.json"))
    models = (name.replace("--", "/") for name in sorted(names))
    return tuple(model for model in models if on_this_machine(model, endpoint=endpoint) is not None)


def read(table: HubTable, *, report: Report | None = None, allowed: int | None = None) -> WordVectors:
    """The table from this machine's disk, as float32 [V, D], and its tokens.

    Tokens are as in the vocabulary of tokenizer.json: a byte-level BPE such as GPT-2's writes a leading space as ``Ġ``,
    as in ``Ġcat``, and bytes as letters. A row that the tokenizer has no token for (tables are padded to round sizes),
    or whose token another row has, is called ``⟨row 50257⟩``; tokens beyond the table's last row are left out.

    Args:
        table: From ``find_table`` or ``on_this_machine``.
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
    stored = np.memmap(numbers, dtype=_stored(table.dtype), mode="r")
    matrix = np.empty(table.rows * table.dimension, dtype=np.float32)
    report = report or silent
    for begin in range(0, len(matrix), _BLOCK):
        report(begin / len(matrix), f"{begin // table.dimension:,} of {table.rows:,} rows")
        matrix[begin : begin + _BLOCK] = _as_float32(stored[begin : begin + _BLOCK], table.dtype)
    report(1.0, "The tokens")
    tokens = _tokens(tokenizer, table.rows)
    return WordVectors.of(f"hf:{table.repo_id}", tokens, matrix.reshape(table.rows, table.dimension))


def _checked(repo_id: str, revision: str, endpoint: str | None) -> tuple[str, str, str]:
    """The three, if they are safe to be parts of an address and of a file's name."""
    name = r"[A-Za-z0-9](?:[A-Za-z0-9_]|[.-](?![.-]))*"  # neither .. nor --, as on the Hub
    if not isinstance(repo_id, str) or len(repo_id) > 96 or not re.fullmatch(rf"{name}(?:/{name})?", repo_id):
        raise InvalidInput(f"{repo_id!r} is no model's name on the Hugging Face Hub. It looks like owner/name.")
    if not isinstance(revision, str) or len(revision) > 96 or not re.fullmatch(name, revision):
        raise InvalidInput(f"{revision!r} is no branch, tag or commit.")
    endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or ENDPOINT).rstrip("/")
    if not re.match(r"https?://[^/?#]+", endpoint):
        raise InvalidInput(f"HF_ENDPOINT must be an address such as {ENDPOINT}, not {endpoint!r}.")
    return repo_id, revision, endpoint


def _url(endpoint: str, repo_id: str, revision: str, file: str) -> str:
    return f"{endpoint}/{repo_id}/resolve/{revision}/{file}"


def _url_of(table: HubTable, file: str) -> str:
    return _url(table.endpoint, table.repo_id, table.revision, file)


def _commit(text: str) -> str:
    return text if re.fullmatch(r"[0-9a-f]{40}", text) else ""


def _shard(endpoint: str, repo_id: str, revision: str, patience: Patience) -> tuple[str, str, str]:
    """The shard that holds the table, the table's name, and the commit, from the index of a model in several files."""
    try:
        index = fetch_whole(_url(endpoint, repo_id, revision, _INDEX), MAX_INDEX_BYTES, patience=patience)
    except NotThere as error:
        raise SourceUnavailable(
            f"{repo_id} has no {_ONE_FILE} there. Check the name, or choose a model that is published as safetensors."
        ) from error
    shards = _parsed(index.content, _INDEX).get("weight_map")
    if not isinstance(shards, dict):
        raise SourceUnavailable(f"{_INDEX} of {repo_id} does not say where its tensors are. Choose another model.")
    tensor = _chosen(shards, repo_id)
    shard = shards[tensor]
    if not isinstance(shard, str) or not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.safetensors", shard):
        raise SourceUnavailable(f"{_INDEX} of {repo_id} names no file of tensors. Choose another model.")
    return shard, tensor, _commit(index.commit)


def _header(url: str, beginning: Stretch, patience: Patience) -> dict:
    """The JSON header of a safetensors file, without its remarks."""
    length = int.from_bytes(beginning.content, "little")
    if not beginning.file_bytes or not 0 < length <= min(MAX_HEADER_BYTES, beginning.file_bytes - 8):
        raise SourceUnavailable("The model's file is not in the safetensors format. Choose another model.")
    stretch = fetch_range(url, 8, 8 + length, patience=patience)
    if not stretch.commit and stretch.etag != beginning.etag:
        raise SourceUnavailable("The model's file changed while it was read. Try again.")
    header = _parsed(stretch.content, "The header")
    header.pop("__metadata__", None)
    return header


def _parsed(content: bytes, what: str) -> dict:
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise SourceUnavailable(f"{what} of the model's files cannot be read. Choose another model.")
    return parsed


def _chosen(names: dict[str, Any], repo_id: str) -> str:
    """The token-embedding table among tensors' names; of several the one that lies least deep, as in a model of
    text and images the text's."""
    for suffix in SUFFIXES:
        found = [name for name in names if name == suffix or name.endswith(f".{suffix}")]
        if found:
            return min(found, key=lambda name: (name.count("."), len(name)))
    raise SourceUnavailable(
        f"{repo_id} has no token-embedding table: none of its tensors is called {', '.join(SUFFIXES[:-1])} "
        f"or {SUFFIXES[-1]}. Choose a language model."
    )


def _place(header: dict, tensor: str, beginning: Stretch) -> tuple[str, int, int, int]:
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


def _tokenizer_bytes(endpoint: str, repo_id: str, revision: str, patience: Patience) -> int:
    try:
        # One byte, or the head of a body that is not read: either tells the length.
        with opened(_url(endpoint, repo_id, revision, _TOKENIZER), 0, 1, patience=patience) as answer:
            length = answer.file_bytes
    except NotThere as error:
        raise SourceUnavailable(
            f"{repo_id} has no {_TOKENIZER}, so that its rows have no names. Choose another model."
        ) from error
    if not length or length > MAX_TOKENIZER_BYTES:
        raise SourceUnavailable(f"{_TOKENIZER} of {repo_id} is too large, or its length unknown. Choose another model.")
    return length


def _check_memory(table: HubTable, allowed: int | None) -> None:
    allowed = allowed_bytes() if allowed is None else allowed
    if table.memory_bytes > allowed:
        raise TooLarge(f"{table.tensor} of {table.repo_id}", table.memory_bytes, allowed)


def _stored(dtype: str) -> np.dtype:
    """How numpy reads it; bfloat16, which numpy does not know, as its bits."""
    return np.dtype({"F32": "<f4", "F16": "<f2", "BF16": "<u2"}[dtype])


def _as_float32(stored: NDArray, dtype: str) -> NDArray[np.float32]:
    if dtype == "BF16":  # the upper half of a float32
        return (stored.astype(np.uint32) << 16).view(np.float32)
    return stored.astype(np.float32)


def _tokens(file: Path, size: int) -> list[str]:
    """The token of each row, from a tokenizer.json."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises no narrower one
        raise SourceUnavailable(f"{_TOKENIZER} cannot be read ({error}). Choose another model.") from error
    return row_names(tokenizer, size)


def row_names(tokenizer: Any, size: int) -> list[str]:
    """A name for each row 0 ... ``size - 1``: its token, or its number where it has none of its own."""
    tokens = [tokenizer.id_to_token(id) for id in range(size)]
    return [
        f"⟨row {id}⟩" if token is None or tokenizer.token_to_id(token) != id else token
        for id, token in enumerate(tokens)
    ]


def _folder(endpoint: str, repo_id: str) -> Path:
    return cache_folder() / "hub" / f"{repo_id.replace('/', '--')}{_home(endpoint)}"


def _home(endpoint: str) -> str:
    """How the folders of what one Hub offers end."""
    return f".{hashlib.sha256(endpoint.encode()).hexdigest()[:8]}"


def _files(table: HubTable) -> dict[Path, int]:
    """Where the table's bytes and the tokenizer.json lie, or would, apart for each version; and their lengths."""
    version = f"{table.revision} {table.etag} {table.file} {table.tensor} {table.file_bytes}"
    folder = _folder(table.endpoint, table.repo_id) / hashlib.sha256(version.encode()).hexdigest()[:16]
    return {folder / f"table.{table.dtype.lower()}": table.tensor_bytes, folder / _TOKENIZER: table.tokenizer_bytes}


def _is_whole(file: Path, length: int) -> bool:
    return file.is_file() and file.stat().st_size == length


def _note(repo_id: str, revision: str, endpoint: str) -> Path:
    return _folder(endpoint, repo_id) / f"{revision}.json"


def _remember(table: HubTable, asked_for: str) -> None:
    note = _note(*_checked(table.repo_id, asked_for, table.endpoint))
    draft = note.with_name(f"{note.name}.{os.getpid()}.draft")
    try:
        draft.write_text(json.dumps(asdict(table)), encoding="utf-8")
        draft.replace(note)  # whole or not at all
    except OSError as error:
        raise SourceUnavailable(f"What was fetched cannot be noted on this machine ({error.strerror}).") from error
