"""While one client attacks the server, another visitor is served, and has all that is theirs afterwards."""

import gzip
import itertools
import socket
import struct
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import WebSocketException

from tests.browser.conftest import running_app
from tests.server.visitor import (
    CONTINUED,
    FRAGMENT,
    PATIENCE,
    PING,
    PONG,
    Visitor,
    connection,
    frame,
    memory_of,
    rerun,
    upload,
)

Attack = Callable[[str, threading.Event], None]  # what one client does until the event is set
OWN = b"\n".join(b"word%d %d 2 3 4" % (i, i) for i in range(40))
SECONDS = 4  # that an attack goes on, at least
CLICKS = 25  # in peace, that take as long as one does under an attack, at most
SOON = 2  # seconds that it may always take
MORE = 700_000_000  # bytes that the server takes while it is attacked, at most
LONGEST_TEXT = 1_990_000  # letters; with what goes with them, nearly `server.maxWidgetStateSize`


def flood(url: str, messages: bytes, over: threading.Event, first: bytes = b"") -> None:
    """Send ``messages`` as fast as the server takes them, and connect anew whenever it closes."""
    while not over.is_set():
        with suppress(OSError, WebSocketException), connection(url) as attacker:
            attacker.socket.settimeout(1)
            attacker.socket.sendall(first)
            while not over.is_set():
                attacker.socket.sendall(messages)


def put_files(url: str, over: threading.Event) -> None:
    with Visitor(url) as visitor:
        while not over.is_set():
            upload(url, visitor.session, bytes(5_000_000))


def lists_without_end() -> bytes:
    """A small file whose header would take 400 MB: 5 million empty lists."""
    header = b"[" + b"[]," * 5_000_000
    return gzip.compress(struct.pack("<Q", len(header)) + header)


def bring_lists(url: str, over: threading.Event) -> None:
    content = lists_without_end()
    while not over.is_set():
        with Visitor(url, "sources") as visitor:
            visitor.offer("lists.safetensors.gz", content)
            assert visitor.has("its header cannot be read")


def connect_and_go(url: str, over: threading.Event) -> None:
    while not over.is_set():
        with suppress(OSError, WebSocketException), connection(url):
            pass


def half_a_handshake(url: str, over: threading.Event) -> None:
    host, port = url.removeprefix("http://").split(":")
    lines = []
    for _ in range(100):
        lines.append(socket.create_connection((host, int(port)), PATIENCE))
        lines[-1].sendall(b"GET /_stcore/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n")
    over.wait()
    for line in lines:
        line.close()


def names_without_end() -> bytes:
    message = BackMsg()
    message.file_urls_request.request_id = "a"
    message.file_urls_request.file_names.extend(["a"] * 100_000)
    return message.SerializeToString()


WORDS = (  # pages that look for a word's spelling, a field of each, and what is put there for a word
    ("one_hot", "onehot_words", "%s"),
    ("similar_words", "similar_words", "%s"),
    ("axes", "axes_words", "%s"),
    ("odd_one_out", "odd_words", "%s"),
    ("frequency", "frequency_words", "%s"),
    ("words_in_space", "space_around", "%s"),
    ("vectors_with_meaning", r"features_editor_\d+", '{"added_rows": [{"word": "%s"}]}'),
)
AROUND_A_WORD = "space_from=Around a word"


def type_a_word(url: str, over: threading.Event, page: str, field: str, text: str, size: int) -> None:
    with Visitor(url, page, query=AROUND_A_WORD) as visitor:
        while not over.is_set():
            visitor.type(field, text % ("acgt" * (size // 4)))


def type_characters(url: str, over: threading.Event) -> None:
    """The longest texts that are let in, and no two the same."""
    with Visitor(url, query="home_tokenizer=Characters") as visitor:
        for number in itertools.takewhile(lambda _: not over.is_set(), itertools.count()):
            visitor.type("home_text", str(number) + "acgt" * (LONGEST_TEXT // 4))
            assert visitor.has("The first 40 of")


ATTACKS: dict[str, list[Attack]] = {
    "tiny runs": 1 * [lambda url, over: flood(url, frame(rerun("a=b")) * 2_000, over)],
    "tiny runs on many connections": 34 * [lambda url, over: flood(url, frame(rerun("a=b")) * 500, over)],
    "no messages": 8 * [lambda url, over: flood(url, frame(b"\xff" * 50) * 2_000, over)],
    "pings": 20 * [lambda url, over: flood(url, frame(b"", PING) * 2_000, over)],
    "pongs": 20 * [lambda url, over: flood(url, frame(b"", PONG) * 2_000, over)],
    "fragments without end": 20
    * [lambda url, over: flood(url, frame(b"", CONTINUED) * 2_000, over, frame(b"", FRAGMENT))],
    "empty messages": 8 * [lambda url, over: flood(url, frame(b"") * 2_000, over)],
    "huge messages": 4 * [lambda url, over: flood(url, frame(rerun("a" * 20_000_000)), over)],
    "names without end": 4 * [lambda url, over: flood(url, frame(names_without_end()), over)],
    "files": 8 * [put_files],
    "files that hold lists without end": 3 * [bring_lists],
    "connections": 8 * [connect_and_go],
    "half-open handshakes": 10 * [half_a_handshake],
    "long words": [
        *(partial(type_a_word, page=page, field=field, text=text, size=100_000) for page, field, text in WORDS),
        partial(type_a_word, page=WORDS[0][0], field=WORDS[0][1], text=WORDS[0][2], size=1_000_000),
    ],
    "the longest texts": 4 * [type_characters],
}


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    """A server that has all in memory that it keeps for everybody."""
    with running_app(tmp_path_factory.mktemp("server") / "log.txt") as address:
        for page, field, text in WORDS:
            with Visitor(address, page, query=AROUND_A_WORD) as visitor:
                visitor.type(field, text % "acgt")
        yield address


@contextmanager
def under(attack: str, url: str) -> Iterator[None]:
    """The attack goes on until the block ends."""
    over = threading.Event()
    threads = [threading.Thread(target=client, args=(url, over), daemon=True) for client in ATTACKS[attack]]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(PATIENCE)


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")  # an attack that ended early
@pytest.mark.parametrize("attack", ATTACKS)
def test_under_an_attack_a_click_is_answered_and_nothing_is_lost(url, attack):
    visitor = Visitor(url, "sources")
    visitor.bring("mine.txt", OWN)
    calm = sorted(visitor.click() for _ in range(9))[4]
    before = memory_of(url)
    answered, held = [], []
    with under(attack, url):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            answered.append(visitor.click())
            held.append(memory_of(url))
            time.sleep(0.5)  # a visitor reads
    print(calm, max(answered), len(answered))
    assert max(answered) < max(SOON, CLICKS * calm)
    assert max(held) < before + MORE
    assert visitor.has("your mine.txt")
    end = time.monotonic() + 60
    while memory_of(url) > 1.15 * before and time.monotonic() < end:
        visitor.click()
        time.sleep(0.5)
    assert memory_of(url) <= 1.15 * before


def test_nobody_can_clear_what_the_server_keeps(url):
    visitor, attacker = Visitor(url, "sources"), Visitor(url)
    visitor.bring("mine.txt", OWN)
    clear = BackMsg()
    clear.clear_cache = True
    attacker.socket.send(clear.SerializeToString())
    attacker.run()  # after it, as a connection's messages are read in order
    visitor.run()
    assert visitor.has("your mine.txt")


def test_nothing_of_one_visitor_is_sent_to_another(url):
    """Neither what was typed nor a file, its name or its words, on any page. (Members of a room would be others.)"""
    marks = [f"{name}{uuid.uuid4().hex}" for name in ("ada", "bob")]
    seen = dict.fromkeys(marks, b"")
    visitors = [Visitor(url, "sources", query=AROUND_A_WORD) for _ in marks]
    for visitor, mark in zip(visitors, marks, strict=True):
        visitor.bring(f"{mark}.txt", OWN.replace(b"word", mark.encode()))
        assert visitor.has(mark)
    fields = {page: (field, text) for page, field, text in WORDS}
    for page in visitors[0].pages:
        for visitor, mark in zip(visitors, marks, strict=True):
            visitor.open(page)
            seen[mark] += visitor.page
            if page in fields:
                field, text = fields[page]
                visitor.type(field, text % mark)
                seen[mark] += visitor.page
    for mark, other in (marks, marks[::-1]):
        assert mark.encode() in seen[mark]
        assert other.encode() not in seen[mark]
