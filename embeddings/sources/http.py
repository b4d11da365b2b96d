"""Files from the web, and stretches of them: in bounded time and space, whole or not at all.

Whatever goes wrong is a ``SourceUnavailable`` whose sentence says what to do. Nothing waits without an end: a server
has so long to answer, so long between two pieces, and must keep up a least speed; a small file has so long in all.
Whoever waits can leave at any moment: ``report`` is called all the while, and what it raises ends the work.
"""

import errno
import hashlib
import ipaddress
import math
import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from embeddings.common import ProgressCallback, SourceUnavailable, in_bytes, no_progress, required
from embeddings.sources.disk import clean, is_there, room
from embeddings.sources.waiting import TICK, Connections, elsewhere

CHUNK_BYTES = 1 << 18  # bytes read at once, at most
MAX_SKIPPED = 1_000_000  # bytes that may be read past to come to a small stretch, where a server knows no ranges
OFFLINE = "TOKEN_EMBEDDING_LAB_OFFLINE"  # the operator's switch
MAX_ETAG = 1_000  # characters
MIN_FREE_BYTES = 100_000_000  # bytes of disk that a download leaves free


@dataclass(frozen=True)
class Timeouts:
    """How long a server is waited for.

    Attributes:
        connect: Seconds until it is reached.
        read: Seconds between two pieces of what it sends.
        slowest: Bytes per second that it must have kept up, looked at once ``read`` seconds have passed.
        answer: Seconds until the head of its answer is there, with all servers that it sends on to.
        whole: Seconds that a small file, or a small stretch of one, may take in all.
    """

    connect: float = 10
    read: float = 30
    slowest: float = 1000
    answer: float = 45
    whole: float = 60


DEFAULT_TIMEOUTS = Timeouts()


class NotFound(SourceUnavailable):
    """The server says that it has no such file."""


class _RangeNotSatisfiable(SourceUnavailable):
    """The file ends before the stretch that was asked for begins."""


@dataclass(frozen=True)
class Response:
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
class ByteRange:
    """A file, or a stretch of it, in memory.

    Attributes:
        content: The bytes.
        file_bytes: Length of the whole file; None where the server does not say.
        etag: As in ``Response``.
        commit: As in ``Response``.
    """

    content: bytes
    file_bytes: int | None
    etag: str
    commit: str


def free_bytes(folder: Path) -> int:
    """Bytes that are free on the disk of ``folder``."""
    return shutil.disk_usage(folder).free


def downloads_allowed() -> bool:
    """Whether this server's operator lets anything be fetched: not where ``TOKEN_EMBEDDING_LAB_OFFLINE`` is set."""
    return os.environ.get(OFFLINE, "") in ("", "0")


def fetch_whole(
    url: str, max_bytes: int, *, report: ProgressCallback | None = None, timeouts: Timeouts = DEFAULT_TIMEOUTS
) -> ByteRange:
    """The file at ``url``, if it has no more than ``max_bytes`` bytes.

    Raises:
        SourceUnavailable: It cannot be had, or is longer.
    """
    with open_url(url, waiting=_asking(url, report), seconds=timeouts.whole, timeouts=timeouts) as answer:
        content = bytearray()
        if answer.file_bytes is None or answer.file_bytes <= max_bytes:
            for piece in answer.pieces:
                content += piece
                if len(content) > max_bytes:
                    break
        if (answer.file_bytes or len(content)) > max_bytes:
            raise SourceUnavailable(
                f"{_named(url)} is larger than the {in_bytes(max_bytes)} that such a file may have."
            )
        return ByteRange(bytes(content), answer.file_bytes, answer.etag, answer.commit)


def fetch_range(
    url: str, start: int, stop: int, *, report: ProgressCallback | None = None, timeouts: Timeouts = DEFAULT_TIMEOUTS
) -> ByteRange:
    """The bytes from ``start`` to before ``stop`` of the file at ``url``.

    A server that knows no ranges sends the file from its beginning; it is read no further than ``stop``, and not at
    all where that would cost far more than what was asked for.

    Raises:
        SourceUnavailable: They cannot be had, or only at that cost.
    """
    waiting = _asking(url, report)
    with open_url(url, start, stop, waiting=waiting, seconds=timeouts.whole, timeouts=timeouts) as answer:
        content = b"".join(_stretch(url, answer, start, stop))
        return ByteRange(content, answer.file_bytes, answer.etag, answer.commit)


def file_length(
    url: str, *, report: ProgressCallback | None = None, timeouts: Timeouts = DEFAULT_TIMEOUTS
) -> int | None:
    """Bytes of the file at ``url``, of which one at most is read; None where the server does not say.

    Raises:
        SourceUnavailable: It cannot be had.
    """
    with open_url(url, 0, 1, waiting=_asking(url, report), seconds=timeouts.whole, timeouts=timeouts) as answer:
        return answer.file_bytes


def _asking(url: str, report: ProgressCallback | None) -> Callable[[], object]:
    return lambda: (report or no_progress)(0.0, f"Asking {_host(url)}")


def download(
    url: str,
    file: Path,
    *,
    start: int = 0,
    stop: int | None = None,
    md5: str | None = None,
    size: int | None = None,
    etag: str = "",
    report: ProgressCallback | None = None,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
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
        timeouts: How long to wait for the server.
        free: Free bytes on the disk of a folder.

    Raises:
        InvalidInput: The operator's quota is no number of bytes.
        SourceUnavailable: The file cannot be had, is not the published one, or does not fit on the disk or into what
            the operator keeps for all that is fetched.
    """
    report = report or no_progress
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with _alone(file, report):
            if not is_there(file):
                if file.is_dir():
                    raise IsADirectoryError(errno.EISDIR, "there is a folder of that name")
                _PartialFile(file, url, start, stop, size, etag, report, checked=bool(md5)).fill(timeouts, free)
                _finish(file, md5, report)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_room(file, "The disk is full. ") from error
        raise SourceUnavailable(f"{file.name} cannot be written here ({error.strerror or error}).") from error
    return file


class _PartialFile:
    """The beginning of a file, and a note of the version it is the beginning of."""

    def __init__(
        self,
        file: Path,
        url: str,
        start: int,
        stop: int | None,
        size: int | None,
        etag: str,
        report: ProgressCallback,
        *,
        checked: bool,
    ):
        self.file, self.url, self.start, self.size, self.etag = file, url, start, size, etag
        self.stop = size if stop is None else stop
        self.report, self.checked = report, checked
        self.said = 0.0, f"Asking {_host(url)}"  # last
        self.path, self.note = part_of(file), _note_of(file)

    def fill(self, timeouts: Timeouts, free: Callable[[Path], int]) -> None:
        """Fetch what is missing, or all of it where the server has another file by now."""
        clean()
        have, etag = self._kept()
        if self.stop is not None:
            if have == self.stop - self.start:
                return
            room().check(self.file.name, self.stop - self.start, (self.path,))
        try:
            with self._opened(self.start + have, etag, timeouts) as answer:
                if not etag or answer.etag == etag or answer.start != self.start + have:
                    return self._write(answer, have, free)
        except _RangeNotSatisfiable:
            if not have:
                raise
        self.path.unlink()
        with self._opened(self.start, "", timeouts) as answer:
            self._write(answer, 0, free)

    def _opened(self, start: int, etag: str, timeouts: Timeouts) -> AbstractContextManager[Response]:
        return open_url(self.url, start, self.stop, etag=etag, waiting=self._wait, timeouts=timeouts)

    def _wait(self) -> None:
        self.report(*self.said)

    def _kept(self) -> tuple[int, str]:
        """How many bytes are there that can be gone on from, and their version's mark."""
        if not is_there(self.path):
            return 0, ""
        etag = self._noted()
        have = self.path.stat().st_size
        whole = None if self.stop is None else self.stop - self.start
        if not (etag or self.checked) or (whole is not None and have > whole):
            return 0, ""
        return have, etag

    def _noted(self) -> str:
        """The version's mark; "" where there is none, or what cannot be one."""
        if not is_there(self.note):
            return ""
        with self.note.open("rb") as note:
            etag = note.read(MAX_ETAG + 1).decode("latin-1")
        return etag if len(etag) <= MAX_ETAG and etag.isprintable() else ""

    def _write(self, answer: Response, have: int, free: Callable[[Path], int]) -> None:
        if answer.start != self.start + have:
            have = 0  # the server sent the file from its beginning
        stop = self._check_version(answer)
        if stop - self.start - have + MIN_FREE_BYTES > free(self.file.parent):
            raise _no_room(self.file, f"{in_bytes(stop - self.start - have)} more are needed. ")
        pieces = _stretch(self.url, answer, self.start + have, stop)
        whole = stop - self.start
        with room().reserved(self.file.name, self.path, whole), self.path.open("r+b" if have else "wb") as part:
            part.seek(have)
            if not have:  # once the part is empty: no note may stand beside another version's bytes
                self.note.write_text(answer.etag, encoding="latin-1")  # as it comes in headers
            for piece in pieces:
                part.write(piece)
                have += len(piece)
                self.said = have / whole, f"{in_bytes(have)} of {in_bytes(whole)}"
                self.report(*self.said)

    def _check_version(self, answer: Response) -> int:
        """The byte after the last that is wanted, of a file that is the one asked for."""
        stop = answer.file_bytes if self.stop is None else self.stop
        if stop is None:
            raise SourceUnavailable(f"{_host(self.url)} does not say how large {_named(self.url)} is; not fetched.")
        if self.etag and answer.etag != self.etag:
            raise SourceUnavailable(f"{_named(self.url)} has changed on {_host(self.url)}. Look it up again.")
        if self.size is not None and answer.file_bytes not in (None, self.size):
            raise SourceUnavailable(
                f"{_named(self.url)} is not the published file: it has {answer.file_bytes:,} bytes, not {self.size:,}. "
                "Try again later, or choose another source."
            )
        return stop


@contextmanager
def open_url(
    url: str,
    start: int = 0,
    stop: int | None = None,
    *,
    etag: str = "",
    waiting: Callable[[], object] = lambda: None,
    seconds: float = math.inf,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
) -> Iterator[Response]:
    """Ask for ``url``, from byte ``start`` to before ``stop``, and read the answer's body while it comes in.

    Args:
        url: Where the file is.
        start: First byte.
        stop: The byte after the last; the file's end by default.
        etag: If given, and the file is another by now, all of it is asked for.
        waiting: Called several times a second while the server is waited for, whatever it does meanwhile; what it
            raises ends the work.
        seconds: How long all of it may take.
        timeouts: How long to wait for the server.

    Raises:
        SourceUnavailable: The server cannot be reached, refuses, stalls, or ends too early; or nothing may be fetched.
    """
    if not downloads_allowed():
        raise SourceUnavailable("Whoever runs this server has turned fetching off. Choose a source that is here.")
    headers = {"Accept-Encoding": "identity", "User-Agent": "token-embedding-lab"}
    if start or stop is not None:
        headers["Range"] = f"bytes={start}-{'' if stop is None else stop - 1}"
        if etag:
            headers["If-Range"] = etag
    connections, watch = Connections(), _Watch(url, waiting, seconds, timeouts)
    exchange = _exchange(url, headers, connections, timeouts)
    with _explained(url, connections, timeouts), elsewhere(exchange, watch.look, connections) as received:
        response = next(received)
        watch.answered()
        yield _answer(url, response, start, _watched(received, watch))


def _exchange(
    url: str, headers: dict[str, str], connections: Connections, timeouts: Timeouts
) -> Generator[Any, None, None]:
    """The response, then its body in pieces."""
    with required():
        from requests.utils import get_environ_proxies

    with _session(url, connections) as session:
        # Visitors choose what is asked for: the passwords in the server's .netrc are not for them.
        session.trust_env, session.max_redirects = False, 5
        session.proxies.update(get_environ_proxies(url))
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        timeout = (timeouts.connect, timeouts.read)
        with session.get(url, headers=headers, stream=True, timeout=timeout) as response:
            yield response
            # read1 hands out what has come in, where read would wait for a whole piece
            while piece := response.raw.read1(CHUNK_BYTES, decode_content=False):
                yield piece


class _Watch:
    """What is looked at while a server is waited for."""

    def __init__(self, url: str, waiting: Callable[[], object], seconds: float, timeouts: Timeouts):
        self.received = 0  # bytes of the body
        self._url, self._waiting, self._seconds, self._timeouts = url, waiting, seconds, timeouts
        self._began = self._told = time.monotonic()
        self._answered: float | None = None

    def answered(self) -> None:
        """The head of the answer is there."""
        self._answered = time.monotonic()
        self.look()

    def look(self) -> None:
        """Raise if there is a reason to wait no longer."""
        now, timeouts = time.monotonic(), self._timeouts
        if now - self._told >= TICK:
            self._told = now
            self._waiting()
        if self._answered is None and now - self._began > timeouts.answer:
            raise _late(self._url, timeouts.answer)
        if now - self._began > self._seconds:
            raise SourceUnavailable(
                f"{_host(self._url)} did not send {_named(self._url)} within {self._seconds:g} s. Try again later."
            )
        seconds = now - (now if self._answered is None else self._answered)
        if seconds > timeouts.read and self.received < timeouts.slowest * seconds:
            pace = f"{in_bytes(self.received / seconds)} a second"
            raise SourceUnavailable(
                f"{_host(self._url)} sends {_named(self._url)} too slowly, {pace}. Try again later."
            )


def _watched(received: Iterator[bytes], watch: _Watch) -> Iterator[bytes]:
    for piece in received:
        watch.received += len(piece)
        yield piece
        watch.look()


def _session(url: str, connections: Connections) -> Any:
    """A session of requests for ``url`` that goes where it is sent on to, but from a public address to no private one.

    What a name stands for may be another address when it is looked up again. So whoever is reached is looked at, too.
    """
    with required():
        import requests
        from requests.adapters import HTTPAdapter

    class Session(requests.Session):
        def get_redirect_target(self, response: Any) -> str | None:
            target = super().get_redirect_target(response)
            if target and not _is_private(response.url) and _is_private(_joined(response.url, target)):
                raise _inwards(response.url)
            return target

    public = not _is_private(url)

    def reached(line: Any) -> None:
        if public and _is_own(line.getpeername()[0]):
            raise _inwards(url)

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            super().init_poolmanager(*args, **options)
            _hold_all(self.poolmanager, connections, reached)

        def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
            return _hold_all(super().proxy_manager_for(*args, **options), connections, lambda line: None)

    session = Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, Adapter())
    return session


def _hold_all(manager: Any, connections: Connections, reached: Callable[[Any], None]) -> Any:
    """Let ``connections`` hold every connection that urllib3's ``manager`` makes, and ``reached`` look at it first."""

    def holding(pool: Any) -> Any:
        class Connection(pool.ConnectionCls):
            def connect(self) -> None:
                super().connect()
                connections.hold(self.sock)
                reached(self.sock)

        return type(pool.__name__, (pool,), {"ConnectionCls": Connection})

    manager.pool_classes_by_scheme = {scheme: holding(pool) for scheme, pool in manager.pool_classes_by_scheme.items()}
    return manager


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise SourceUnavailable(f"{_host(url)} sends on to what is no address. Choose another source.") from error


def _is_private(url: str) -> bool:
    """Whether the host is this machine or its network's, by its number or by what its name stands for."""
    host = _host(url)
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return False  # a name that nobody here knows, which a proxy may
    return any(_is_own(str(address)) for address in found)


def _is_own(address: str) -> bool:
    """Whether an IP address is this machine's or its network's."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return not (getattr(parsed, "ipv4_mapped", None) or parsed).is_global


def _inwards(url: str) -> SourceUnavailable:
    return SourceUnavailable(
        f"{_host(url)} sends on to an address within this server's own network, which is not followed. Choose another "
        "source."
    )


def _answer(url: str, response: Any, start: int, pieces: Iterator[bytes]) -> Response:
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
    return Response(
        begins,
        file_bytes,
        "" if etag.startswith("W/") else etag,  # a weak mark does not tell two versions' bytes apart
        commits[0] if commits else "",
        pieces,
    )


def _stretch(url: str, answer: Response, start: int, stop: int) -> Iterator[bytes]:
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
def _alone(file: Path, report: ProgressCallback) -> Iterator[None]:
    """Nobody else fetches ``file`` meanwhile."""
    with required():
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


def _finish(file: Path, md5: str | None, report: ProgressCallback) -> None:
    """Check the part against the published sum and give it the file's name."""
    part, note = part_of(file), _note_of(file)
    if md5 is not None:
        with part.open("rb") as content:
            # usedforsecurity=False: machines that forbid MD5 as a lock still know it as a sum
            digest = hashlib.md5(usedforsecurity=False)
            while piece := content.read(CHUNK_BYTES):
                report(1.0, "Comparing it with the published checksum")
                digest.update(piece)
        if digest.hexdigest() != md5.lower():
            part.unlink()
            note.unlink(missing_ok=True)
            raise SourceUnavailable(
                f"{file.name} is not the published file: its MD5 differs. It was thrown away; try again."
            )
    part.replace(file)
    note.unlink(missing_ok=True)


@contextmanager
def _explained(url: str, connections: Connections, timeouts: Timeouts) -> Iterator[None]:
    """Failures of the network as sentences."""
    with required():
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
        raise _late(url, timeouts.read if connections.any else timeouts.connect) from error
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
        return NotFound(f"{host} has no {name} there. Check the name.")
    if status in (401, 403):
        return SourceUnavailable(f"{host} gives {name} to nobody unknown: it is private, gated, or misspelt.")
    if status == 416:
        return _RangeNotSatisfiable(f"{name} on {host} is shorter than it should be. Try again later.")
    if status == 429:
        return SourceUnavailable(f"{host} was asked too often. Try again in a few minutes.")
    if status >= 500:
        return SourceUnavailable(f"{host} has trouble of its own (status {status}). Try again later.")
    return SourceUnavailable(f"{host} answered with status {status} and without {name}.")


def _late(url: str, seconds: float) -> SourceUnavailable:
    return SourceUnavailable(
        f"{_host(url)} did not answer within {seconds:g} s. Try again later: what has come in is kept."
    )


def _cut(url: str) -> SourceUnavailable:
    return SourceUnavailable(f"The connection to {_host(url)} was cut. Try again: what has come in is kept.")


def _no_room(file: Path, words: str) -> SourceUnavailable:
    return SourceUnavailable(
        f"There is no room for {file.name} on this machine's disk. {words}Make room and try again."
    )


def part_of(file: Path) -> Path:
    """Where the beginning of ``file`` lies until all of it is there."""
    return file.with_name(f"{file.name}.part")


def _note_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.part.etag")


def _whole_number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _named(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2] or url
