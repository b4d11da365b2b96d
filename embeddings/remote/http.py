"""Files from the web, and stretches of them: in bounded time and space, whole or not at all.

Whatever goes wrong is a ``SourceUnavailable`` whose sentence says what to do. Nothing waits without an end: a server
has so long to answer, so long between two pieces, and must keep up a least speed.
"""

import errno
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from embeddings.errors import SourceUnavailable, in_bytes
from embeddings.progress import silent

PIECE = 1 << 18  # bytes read at once, at most
MAX_SKIPPED = 1_000_000  # bytes that may be read past to come to a small stretch, where a server knows no ranges
OFFLINE = "TOKEN_EMBEDDING_LAB_OFFLINE"  # the operator's switch
SPARED = 100_000_000  # bytes of disk that a download leaves free

Report = Callable[..., None]


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for.

    Attributes:
        connect: Seconds until it is reached.
        read: Seconds between two pieces of what it sends.
        slowest: Bytes per second that it must have kept up, looked at once ``read`` seconds have passed.
    """

    connect: float = 10
    read: float = 30
    slowest: float = 1000


PATIENCE = Patience()


class NotThere(SourceUnavailable):
    """The server says that it has no such file."""


class _NoSuchStretch(SourceUnavailable):
    """The file ends before the stretch that was asked for begins."""


@dataclass(frozen=True)
class Answer:
    """What a server sends back, its body still on the way.

    Attributes:
        start: Where in the file the body begins: not where it was asked to, if the server knows no ranges.
        file_bytes: Length of the whole file; None where the server does not say.
        etag: The server's mark of this version of the file; empty where it gives none that is exact.
        commit: On the Hugging Face Hub, the commit that the file belongs to; else empty.
        pieces: The body, as it comes in.
    """

    start: int
    file_bytes: int | None
    etag: str
    commit: str
    pieces: Iterator[bytes]


@dataclass(frozen=True)
class Stretch:
    """A file, or a stretch of it, in memory.

    Attributes:
        content: The bytes.
        file_bytes: Length of the whole file; None where the server does not say.
        etag: As in ``Answer``.
        commit: As in ``Answer``.
    """

    content: bytes
    file_bytes: int | None
    etag: str
    commit: str


def free_bytes(folder: Path) -> int:
    """Bytes that are free on the disk of ``folder``."""
    return shutil.disk_usage(folder).free


def may_fetch() -> bool:
    """Whether this server's operator lets anything be fetched: not where ``TOKEN_EMBEDDING_LAB_OFFLINE`` is set."""
    return os.environ.get(OFFLINE, "") in ("", "0")


def fetch_whole(url: str, most: int, *, patience: Patience = PATIENCE) -> Stretch:
    """The file at ``url``, if it has no more than ``most`` bytes.

    Raises:
        SourceUnavailable: It cannot be had, or is longer.
    """
    with opened(url, patience=patience) as answer:
        content = bytearray()
        if answer.file_bytes is None or answer.file_bytes <= most:
            for piece in answer.pieces:
                content += piece
                if len(content) > most:
                    break
        if (answer.file_bytes or len(content)) > most:
            raise SourceUnavailable(f"{_named(url)} is larger than the {in_bytes(most)} that such a file may have.")
        return Stretch(bytes(content), answer.file_bytes, answer.etag, answer.commit)


def fetch_range(url: str, start: int, stop: int, *, patience: Patience = PATIENCE) -> Stretch:
    """The bytes from ``start`` to before ``stop`` of the file at ``url``.

    A server that knows no ranges sends the file from its beginning; it is read no further than ``stop``, and not at
    all where that would cost far more than what was asked for.

    Raises:
        SourceUnavailable: They cannot be had, or only at that cost.
    """
    with opened(url, start, stop, patience=patience) as answer:
        content = b"".join(_stretch(url, answer, start, stop))
        return Stretch(content, answer.file_bytes, answer.etag, answer.commit)


def download(
    url: str,
    file: Path,
    *,
    start: int = 0,
    stop: int | None = None,
    md5: str | None = None,
    size: int | None = None,
    etag: str = "",
    report: Report | None = None,
    patience: Patience = PATIENCE,
    free: Callable[[Path], int] = free_bytes,
) -> Path:
    """Fetch ``url`` into ``file``, which is there whole or not at all; one that is there is not fetched again.

    What has come in lies beside it, in a ``.part`` file, and a later call goes on from there if the file on the server
    is still the same. Who asks for a file that somebody is fetching waits for it, in this process or another.

    Args:
        url: Where the file is.
        file: Where it goes; its folder is made if need be.
        start: First byte that is wanted.
        stop: The byte after the last; the file's end by default.
        md5: Published checksum, in hexadecimal, of what is wanted.
        size: Published length of the whole file.
        etag: The version's mark, as found before; another version is refused.
        report: Called as ``report(fraction, words)``; what it raises ends the work, and the part is kept.
        patience: How long to wait for the server.
        free: Free bytes on the disk of a folder.

    Raises:
        SourceUnavailable: The file cannot be had, is not the published one, or does not fit on the disk.
    """
    report = report or silent
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with _alone(file, report):
            if not file.is_file():
                _Part(file, url, start, stop, size, etag, checked=bool(md5)).fill(report, patience, free)
                _finish(file, md5, report)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_room(file, "The disk is full. ") from error
        raise SourceUnavailable(f"{file.name} cannot be written here ({error.strerror or error}).") from error
    return file


class _Part:
    """The beginning of a file, and a note of the version it is the beginning of."""

    def __init__(
        self, file: Path, url: str, start: int, stop: int | None, size: int | None, etag: str, *, checked: bool
    ):
        self.file, self.url, self.start, self.size, self.etag = file, url, start, size, etag
        self.stop = size if stop is None else stop
        self.checked = checked
        self.path, self.note = _part_of(file), _note_of(file)

    def fill(self, report: Report, patience: Patience, free: Callable[[Path], int]) -> None:
        """Fetch what is missing, or all of it where the server has another file by now."""
        have, etag = self._kept()
        if self.stop is not None and have == self.stop - self.start:
            return
        try:
            with opened(self.url, self.start + have, self.stop, etag=etag, patience=patience) as answer:
                if not etag or answer.etag == etag or answer.start != self.start + have:
                    return self._write(answer, have, report, free)
        except _NoSuchStretch:
            if not have:
                raise
        self.path.unlink()
        with opened(self.url, self.start, self.stop, patience=patience) as answer:
            self._write(answer, 0, report, free)

    def _kept(self) -> tuple[int, str]:
        """How many bytes are there that can be gone on from, and their version's mark."""
        if not self.path.is_file():
            return 0, ""
        etag = self.note.read_text(encoding="utf-8") if self.note.is_file() else ""
        have = self.path.stat().st_size
        whole = None if self.stop is None else self.stop - self.start
        if not (etag or self.checked) or (whole is not None and have > whole):
            return 0, ""
        return have, etag

    def _write(self, answer: Answer, have: int, report: Report, free: Callable[[Path], int]) -> None:
        if answer.start != self.start + have:
            have = 0  # the server sent the file from its beginning
        stop = answer.file_bytes if self.stop is None else self.stop
        self._check_version(answer, stop)
        if stop - self.start - have + SPARED > free(self.file.parent):
            raise _no_room(self.file, f"{in_bytes(stop - self.start - have)} more are needed. ")
        pieces = _stretch(self.url, answer, self.start + have, stop)
        with self.path.open("r+b" if have else "wb") as part:
            part.seek(have)
            if not have:  # once the part is empty: no note may stand beside another version's bytes
                self.note.write_text(answer.etag, encoding="utf-8")
            for piece in pieces:
                part.write(piece)
                have += len(piece)
                report(have / (stop - self.start), f"{in_bytes(have)} of {in_bytes(stop - self.start)}")

    def _check_version(self, answer: Answer, stop: int | None) -> None:
        if stop is None:
            raise SourceUnavailable(f"{_host(self.url)} does not say how large {_named(self.url)} is; not fetched.")
        if self.etag and answer.etag != self.etag:
            raise SourceUnavailable(f"{_named(self.url)} has changed on {_host(self.url)}. Look it up again.")
        if self.size is not None and answer.file_bytes not in (None, self.size):
            raise SourceUnavailable(
                f"{_named(self.url)} is not the published file: it has {answer.file_bytes:,} bytes, not {self.size:,}. "
                "Try again later, or choose another source."
            )


@contextmanager
def opened(
    url: str, start: int = 0, stop: int | None = None, *, etag: str = "", patience: Patience = PATIENCE
) -> Iterator[Answer]:
    """Ask for ``url``, from byte ``start`` to before ``stop``, and read the answer's body while it comes in.

    Args:
        url: Where the file is.
        start: First byte.
        stop: The byte after the last; the file's end by default.
        etag: If given, and the file is another by now, all of it is asked for.
        patience: How long to wait for the server.

    Raises:
        SourceUnavailable: The server cannot be reached, refuses, stalls, or ends too early; or nothing may be fetched.
    """
    if not may_fetch():
        raise SourceUnavailable("Whoever runs this server has turned fetching off. Choose a source that is here.")
    import requests
    from requests.utils import get_environ_proxies

    headers = {"Accept-Encoding": "identity", "User-Agent": "token-embedding-lab"}
    if start or stop is not None:
        headers["Range"] = f"bytes={start}-{'' if stop is None else stop - 1}"
        if etag:
            headers["If-Range"] = etag
    with _explained(url, patience), requests.Session() as session:
        # Visitors choose what is asked for: the passwords in the server's .netrc are not for them.
        session.trust_env, session.max_redirects = False, 5
        session.proxies.update(get_environ_proxies(url))
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        timeout = (patience.connect, patience.read)
        with session.get(url, headers=headers, stream=True, timeout=timeout) as response:
            yield _answer(url, response, start, patience)


def _answer(url: str, response: Any, start: int, patience: Patience) -> Answer:
    if response.status_code not in (200, 206):
        raise _refusal(url, response.status_code)
    begins, file_bytes = 0, _whole_number(response.headers.get("Content-Length"))
    if response.status_code == 206:
        stretch = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if not stretch or int(stretch[1]) != start:
            raise SourceUnavailable(f"{_host(url)} sent another stretch of {_named(url)} than was asked for.")
        begins, file_bytes = start, _whole_number(stretch[2])
    etag = response.headers.get("ETag", "")
    commits = [hop.headers["X-Repo-Commit"] for hop in (*response.history, response) if "X-Repo-Commit" in hop.headers]
    return Answer(
        begins,
        file_bytes,
        "" if etag.startswith("W/") else etag,  # a weak mark does not tell two versions' bytes apart
        commits[0] if commits else "",
        _pieces(url, response, patience),
    )


def _pieces(url: str, response: Any, patience: Patience) -> Iterator[bytes]:
    began, received = time.monotonic(), 0
    # read1 hands out what has come in, where read would wait for a whole piece
    while piece := response.raw.read1(PIECE, decode_content=False):
        received += len(piece)
        yield piece
        seconds = time.monotonic() - began
        if seconds > patience.read and received < patience.slowest * seconds:
            pace = f"{in_bytes(received / seconds)} a second"
            raise SourceUnavailable(f"{_host(url)} sends {_named(url)} too slowly, {pace}. Try again later.")


def _stretch(url: str, answer: Answer, start: int, stop: int) -> Iterator[bytes]:
    """The bytes from ``start`` to before ``stop``, whatever the answer begins with."""
    if start - answer.start > max(stop - start, MAX_SKIPPED):
        raise SourceUnavailable(
            f"{_host(url)} sends only whole files, and {in_bytes(start)} of {_named(url)} come before the "
            f"{in_bytes(stop - start)} that are wanted. Use a server that answers range requests."
        )
    at = answer.start
    while at < stop:
        piece = next(answer.pieces, b"")
        if not piece:
            raise _cut(url)
        if wanted := piece[max(start - at, 0) : stop - at]:
            yield wanted
        at += len(piece)


@contextmanager
def _alone(file: Path, report: Report) -> Iterator[None]:
    """Nobody else fetches ``file`` meanwhile."""
    from filelock import FileLock, Timeout

    lock = FileLock(file.with_name(f"{file.name}.lock"))
    while True:
        try:
            lock.acquire(timeout=0.5)
            break
        except Timeout:
            report(0.0, "Somebody else is fetching this; waiting for it")
    try:
        yield
    finally:
        lock.release()


def _finish(file: Path, md5: str | None, report: Report) -> None:
    """Check the part against the published sum and give it the file's name."""
    part, note = _part_of(file), _note_of(file)
    if md5 is not None:
        report(1.0, "Comparing it with the published checksum")
        with part.open("rb") as content:
            # usedforsecurity=False: machines that forbid MD5 as a lock still know it as a sum
            digest = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False))
        if digest.hexdigest() != md5.lower():
            part.unlink()
            note.unlink(missing_ok=True)
            raise SourceUnavailable(
                f"{file.name} is not the published file: its MD5 differs. It was thrown away; try again."
            )
    part.replace(file)
    note.unlink(missing_ok=True)


@contextmanager
def _explained(url: str, patience: Patience) -> Iterator[None]:
    """Failures of the network as sentences."""
    import requests
    from urllib3 import exceptions

    host = _host(url)
    try:
        yield
    except (requests.exceptions.SSLError, exceptions.SSLError) as error:
        raise SourceUnavailable(
            f"The secure connection to {host} failed: its certificate is not trusted here. "
            "Check this machine's clock and certificates."
        ) from error
    except (requests.exceptions.Timeout, exceptions.TimeoutError) as error:
        seconds = patience.connect if isinstance(error, requests.exceptions.ConnectTimeout) else patience.read
        raise SourceUnavailable(
            f"{host} did not answer within {seconds:g} s. Try again later: what has come in is kept."
        ) from error
    except requests.exceptions.ConnectionError as error:
        raise SourceUnavailable(
            f"{host} cannot be reached. Check the network, or choose a source that is on this machine."
        ) from error
    except requests.exceptions.RequestException as error:
        raise SourceUnavailable(f"{host} gave no answer that can be used ({type(error).__name__}).") from error
    except exceptions.HTTPError as error:  # while the body was on the way
        raise _cut(url) from error


def _refusal(url: str, status: int) -> SourceUnavailable:
    host, name = _host(url), _named(url)
    if status in (404, 410):
        return NotThere(f"{host} has no {name} there. Check the name.")
    if status in (401, 403):
        return SourceUnavailable(f"{host} gives {name} to nobody unknown: it is private, gated, or misspelt.")
    if status == 416:
        return _NoSuchStretch(f"{name} on {host} is shorter than it should be. Try again later.")
    if status == 429:
        return SourceUnavailable(f"{host} was asked too often. Try again in a few minutes.")
    if status >= 500:
        return SourceUnavailable(f"{host} has trouble of its own (status {status}). Try again later.")
    return SourceUnavailable(f"{host} answered with status {status} and without {name}.")


def _cut(url: str) -> SourceUnavailable:
    return SourceUnavailable(f"The connection to {_host(url)} was cut. Try again: what has come in is kept.")


def _no_room(file: Path, words: str) -> SourceUnavailable:
    return SourceUnavailable(
        f"There is no room for {file.name} on this machine's disk. {words}Make room and try again."
    )


def _part_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.part")


def _note_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.part.etag")


def _whole_number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _named(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2] or url
