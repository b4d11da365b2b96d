"""A visitor of a real server, over its own WebSocket; and one who sends what no browser sends."""

import re
import socket
import struct
import time
import urllib.error
import urllib.request
import uuid
from contextlib import suppress

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

PATIENCE = 120  # seconds


class Visitor:
    """One session: what its page showed last, and its tables.

    Attributes:
        socket: The connection.
        session: The session's id.
        page: All messages of the last run, as bytes.
        part: The id of a part of the page that can be drawn by itself.
    """

    def __init__(self, url: str, path: str = "", address: str | None = None, query: str = ""):
        self.url, self.session, self.page, self.part, self._query = url, "", b"", "", query
        self._hash, self._files, self._text, self._running = "", "", "", False
        self.socket = connection(url, address)
        self.run()
        if path:
            self.open(path)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def open(self, path: str) -> None:
        """Go to the page at ``path``."""
        self._hash = self.pages[path]
        self.run()

    def run(self, **widgets) -> float:
        """Ask for a run of the script and wait for its end; the seconds it took.

        Args:
            widgets: Texts by the widget's id.
        """
        message = self._rerun()
        for widget, text in widgets.items():
            message.rerun_script.widget_states.widgets.add(id=widget, string_value=text)
        return self._ask(message)

    def type(self, key: str, text: str) -> float:
        """Put ``text`` into the field with ``key``, a regular expression."""
        return self.run(**{self._widget(key): text})

    def press(self, key: str) -> float:
        """Press the button with ``key``."""
        message = self._rerun()
        message.rerun_script.widget_states.widgets.add(id=self._widget(key), trigger_value=True)
        return self._ask(message)

    def choose(self, key: str, option: str) -> float:
        """Choose an option of the group of buttons with ``key``."""
        message = self._rerun()
        message.rerun_script.widget_states.widgets.add(id=self._widget(key)).string_array_value.data.append(option)
        return self._ask(message)

    def click(self) -> float:
        """Change the page's first text; the seconds until all of the answer is there."""
        return self.run(**{self._text: f"cat dog {uuid.uuid4().hex[:4]}"})

    def bring(self, name: str, content: bytes) -> None:
        """Upload a table on the page of sources, and take it to the visitor's tables."""
        self.offer(name, content)
        self.run()
        assert self.has(f"your {name}")

    def cut(self) -> None:
        """End the connection without a goodbye."""
        self.socket.socket.shutdown(socket.SHUT_RDWR)

    def offer(self, name: str, content: bytes) -> None:
        """Upload a file on the page of sources, be it a table or not."""
        file = uuid.uuid4().hex
        status, answer = upload(self.url, self.session, content, file, name)
        assert status == 204, answer
        message = self._rerun()
        widget = message.rerun_script.widget_states.widgets.add(id=self._files)
        info = widget.file_uploader_state_value.uploaded_file_info.add(file_id=file, name=name, size=len(content))
        info.file_urls.file_id = file
        self._ask(message)

    def has(self, text: str) -> bool:
        """Whether ``text`` is on the page, or in one of its lists."""
        return text.encode() in self.page

    def _rerun(self) -> BackMsg:
        message = BackMsg()
        message.rerun_script.page_script_hash, message.rerun_script.query_string = self._hash, self._query
        return message

    def _widget(self, key: str) -> str:
        return re.search(rb"\$\$ID-\w+-%s(?!\w)" % key.encode(), self.page)[0].decode()

    def _ask(self, message: BackMsg) -> float:
        with suppress(TimeoutError):  # what came of itself since the last run is none of this one's answer
            while True:
                self._take(self.socket.recv(timeout=0))
        self.page, self._running, start = b"", False, time.perf_counter()
        self.socket.send(message.SerializeToString())
        while not self._take(self.socket.recv(timeout=PATIENCE)):
            pass
        return time.perf_counter() - start

    def _take(self, data: bytes) -> bool:
        """Keep what a message tells; whether it ends a run that began after the last question."""
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        self.page += data
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self._hash = message.navigation.page_script_hash
        elif kind == "delta":
            element = message.delta.new_element
            self.part = message.delta.fragment_id or self.part
            self._text = element.text_input.id or self._text
            self._files = element.file_uploader.id or self._files
        self._running |= kind == "new_session"
        ended = kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return ended and self._running


def connection(url: str, address: str | None = None, session: str = "") -> ClientConnection:
    """A WebSocket to the app, as from ``address`` behind a proxy; that of a browser which comes back to ``session``."""
    headers = {"X-Forwarded-For": address} if address else None
    return connect(
        url.replace("http", "ws") + "/_stcore/stream",
        legacy=True,
        origin=url,
        subprotocols=["streamlit", "token", session] if session else ["streamlit"],
        additional_headers=headers,
        compression=None,
        max_size=None,
        open_timeout=PATIENCE,
        ping_interval=None,
    )


BINARY, PING, PONG = 0x82, 0x89, 0x8A  # how a frame begins
FRAGMENT, CONTINUED, FINAL = 0x02, 0x00, 0x80  # a message of several: its first, those that follow, a mark of the last


def frame(message: bytes, kind: int = BINARY) -> bytes:
    """``message`` as a client's WebSocket frame, to be sent past the library: as fast as the line takes it."""
    size = len(message)
    if size < 126:
        head = struct.pack("!BB", kind, 0x80 | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", kind, 0xFE, size)
    else:
        head = struct.pack("!BBQ", kind, 0xFF, size)
    return head + b"\0\0\0\0" + message  # the mask of zeros leaves it as it is


def rerun(text: str = "") -> bytes:
    """A message that asks for a run, with ``text`` as its address."""
    message = BackMsg()
    message.rerun_script.query_string = text
    return message.SerializeToString()


def upload(url: str, session: str, content: bytes, file: str = "", name: str = "a.txt") -> tuple[int, str]:
    """Put a file straight to the upload address; the status and text of the answer."""
    with urllib.request.urlopen(f"{url}/_stcore/health", timeout=PATIENCE) as health:
        cookie = health.headers["Set-Cookie"].split(";")[0]
    border = uuid.uuid4().hex
    body = (
        f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: text/plain\r\n\r\n"
    ).encode() + content
    body += f"\r\n--{border}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={border}",
        "Cookie": cookie,
        "X-Xsrftoken": cookie.partition("=")[2],
    }
    address = f"{url}/_stcore/upload_file/{session}/{file or uuid.uuid4().hex}"
    return fetch(urllib.request.Request(address, body, headers, method="PUT"))


def fetch(request: urllib.request.Request | str) -> tuple[int, str]:
    """Status and text of an answer, a refusal too."""
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def memory_of(url: str) -> int:
    """Bytes that the server at ``url``, a child of this process, holds."""
    port = f"--server.port={url.rpartition(':')[2]}"
    living = (child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE)
    return next(child.memory_info().rss for child in living if port in child.cmdline())
