"""The folders of what was fetched: what lies there, how much may, and which of it can be read.

Whatever else lies in them, a folder in place of a file or what may not be read, is skipped with a line in the log.
"""

import logging
import os
import stat
import threading
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path

from embeddings.common import InvalidInput, SourceUnavailable, cache_folder, in_bytes, required

QUOTA = "TOKEN_EMBEDDING_LAB_FETCHED_BYTES"  # the operator's setting
USUAL_QUOTA = 20_000_000_000  # bytes; the whole catalogue has 6.2 GB
KEPT_SECONDS = 7 * 86_400  # of the beginning of a file that nobody has gone on with

_log = logging.getLogger(__name__)


def quota() -> int:
    """Bytes that all that was fetched may take together.

    Raises:
        InvalidInput: The operator's setting is no number of bytes.
    """
    text = os.environ.get(QUOTA, str(USUAL_QUOTA))
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise InvalidInput(f"{QUOTA} must be a whole number of bytes, not {text[:40]!r}.")
    return int(text)


def gensim_data_folder() -> Path:
    """Where gensim-data's files lie, for gensim too: ``GENSIM_DATA_DIR``, by default ``~/gensim-data``."""
    home = os.path.expanduser("~")  # noqa: PTH111 (a server's user may have no home)
    return Path(os.environ.get("GENSIM_DATA_DIR") or f"{home}/gensim-data")


def hub_folder() -> Path:
    """Where the tables of models lie."""
    return cache_folder() / "hub"


def is_there(file: Path) -> bool:
    """Whether ``file`` is one that can be read."""
    try:
        state = file.stat()
        if not stat.S_ISREG(state.st_mode):  # opened, a pipe would be waited for
            raise OSError(0, "it is no file")
        with file.open("rb"):
            return True
    except FileNotFoundError:
        if file.is_symlink():
            skip(file, "it leads nowhere")
    except OSError as error:
        skip(file, error.strerror)
    return False


def entries(folder: Path) -> list[Path]:
    """What lies in ``folder``, in order of names."""
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        skip(folder, error.strerror)
        return []


@lru_cache(maxsize=1_000)  # a line for each, not one whenever a page is drawn
def skip(path: Path, why: str | None) -> None:
    """Note in the log that ``path`` is left out."""
    _log.warning("%a is skipped: %s", str(path), why)


def files() -> Iterator[tuple[Path, os.stat_result]]:
    """All files in the folders of what was fetched."""
    for top in (gensim_data_folder(), hub_folder()):
        for folder, _, names in os.walk(top, onerror=_skip_folder):
            for name in names:
                file = Path(folder, name)
                try:
                    yield file, file.lstat()
                except FileNotFoundError:
                    continue  # gone meanwhile
                except OSError as error:
                    skip(file, error.strerror)


def _skip_folder(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        skip(Path(error.filename), error.strerror)


def clean(now: Callable[[], float] = time.time) -> None:
    """Delete the beginnings of files that nobody has gone on with for ``KEPT_SECONDS``."""
    with required():
        from filelock import FileLock, Timeout

    for part, state in list(files()):
        if not part.name.endswith(".part") or now() - state.st_mtime < KEPT_SECONDS:
            continue
        try:
            with FileLock(part.with_suffix(".lock"), timeout=0):  # who goes on with it holds that
                part.unlink(missing_ok=True)
                part.with_name(f"{part.name}.etag").unlink(missing_ok=True)
        except Timeout:
            continue
        except OSError as error:
            skip(part, error.strerror)


class Room:
    """What the quota leaves, beside what lies there and what is on its way."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._coming: dict[Path, int] = {}  # whole lengths, by the part that grows into it

    def check(self, name: str, needed: int, parts: Container[Path] = ()) -> None:
        """Pass if ``needed`` bytes may be there under ``name``, of which the ``parts`` are the beginning.

        Raises:
            SourceUnavailable: They do not fit.
            InvalidInput: The operator's setting is no number of bytes.
        """
        allowed = quota()
        with self._lock:
            coming = dict(self._coming)
        lying = sum(state.st_size for file, state in files() if file not in coming and file not in parts)
        taken = lying + sum(whole for part, whole in coming.items() if part not in parts)
        if taken + needed > allowed:
            raise SourceUnavailable(
                f"{name} needs {in_bytes(needed)}. Fetched tables take {in_bytes(taken)} of the {in_bytes(allowed)} "
                f"that this server keeps for them, so that {in_bytes(max(0, allowed - taken))} would fit. "
                "Choose a smaller table, or ask whoever runs this server to make room."
            )

    @contextmanager
    def reserved(self, name: str, part: Path, whole: int) -> Iterator[None]:
        """Keep room for the ``whole`` bytes that ``part`` grows into, as long as the block lasts.

        Raises:
            SourceUnavailable: They do not fit.
            InvalidInput: The operator's setting is no number of bytes.
        """
        with self._lock:
            self.check(name, whole, (part,))
            self._coming[part] = whole
        try:
            yield
        finally:
            with self._lock:
                del self._coming[part]


_one_room = threading.Lock()


@cache
def _shared_room() -> Room:
    return Room()


def room() -> Room:
    """The process's own, shared by all who fetch."""
    with _one_room:  # functools.cache may call twice when two ask at once
        return _shared_room()
