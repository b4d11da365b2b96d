"""Messages that no browser would send, put to the real server while another visitor is on a page."""

import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.browser.conftest import PATIENCE, running_app

PROMPT = 2  # seconds in which others are answered


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    with running_app(tmp_path_factory.mktemp("messages") / "log.txt") as url:
        yield url


@contextmanager
def visitor(server: str) -> Iterator[ClientConnection]:
    address = f"{server.replace('http', 'ws')}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None) as connection:
        yield connection


def run(connection: ClientConnection, page: str, *states: WidgetState) -> dict[str, str]:
    """Run ``page`` with these states of its widgets; the ids of its text fields by their keys."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.widget_states.widgets.extend(states)
    connection.send(message.SerializeToString())
    fields = {}
    while True:
        answer = ForwardMsg.FromString(connection.recv(timeout=PATIENCE))
        if answer.WhichOneof("type") == "script_finished":
            return fields
        element = answer.delta.new_element
        if element.WhichOneof("type") == "text_input":
            fields[element.text_input.id.split("-", 2)[-1]] = element.text_input.id


def slowest_answer(server: str, during: Callable[[], None]) -> float:
    """Seconds that the server's slowest answer to anybody else took while something was ``during``."""
    slowest, over = [0.0], threading.Event()

    def ask() -> None:
        while not over.is_set():
            began = time.monotonic()
            urllib.request.urlopen(f"{server}/_stcore/health", timeout=PATIENCE).read()
            slowest.append(time.monotonic() - began)
            over.wait(0.05)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        during()
    finally:
        over.set()
        asking.join()
    return max(slowest)


def memory() -> int:
    return sum(child.memory_info().rss for child in psutil.Process().children(recursive=True))


@pytest.mark.parametrize(
    ("page", "key", "text"),
    [("", "home_text", "cat " * 475_000), ("axes", "axes_words", "acgt" * 475_000)],
    ids=["a long text", "a long word"],
)
def test_the_longest_text_of_a_message_keeps_nobody_waiting(server, page, key, text):
    with visitor(server) as guest:
        fields = run(guest, page)
        state = WidgetState(id=fields[key], string_value=text)
        assert slowest_answer(server, lambda: run(guest, page, state)) < PROMPT


def test_a_longer_message_is_refused_and_leaves_no_memory_behind(server):
    with visitor(server) as guest:
        fields = run(guest, "")
        before = memory()
        with pytest.raises(ConnectionClosed):
            run(guest, "", WidgetState(id=fields["home_text"], string_value="cat " * 6_000_000))
    with visitor(server) as other:
        assert run(other, "")
    assert memory() < 1.15 * before
