"""What visitors keep on a real server is bounded; and how a connection ended is known where a session ends."""

import gzip
import time
from contextlib import ExitStack

import pytest

from components.server.farewell import Farewell, was_said
from tests.apart import run_apart
from tests.browser.conftest import running_app
from tests.server.visitor import Visitor, memory_of, upload

OWN = b"\n".join(b"word%d %d 2 3 4" % (i, i) for i in range(40))
LARGE = gzip.compress(b"\n".join(b"word%d" % row + b" 0" * 1_500 for row in range(1_500)))  # 9 MB as a table
MB = 1_000_000


def test_eight_visitors_with_three_tables_each_stay_within_the_bound_and_take_no_small_one(tmp_path):
    settings = {"TOKEN_EMBEDDING_LAB_VISITOR_MEMORY": "60"}
    with running_app(tmp_path / "log.txt", **settings) as url, ExitStack() as open_tabs:
        honest = Visitor(url, "sources")
        honest.bring("mine.txt", OWN)
        visitors = [Visitor(url, "sources") for _ in range(8)]
        for visitor in (honest, *visitors):
            open_tabs.callback(visitor.socket.close)
        visitors[0].bring("warm up.gz", LARGE)
        before = memory_of(url)
        for visitor in visitors:
            for number in range(3):
                visitor.bring(f"{number}.gz", LARGE)
        assert memory_of(url) - before < 130 * MB  # 24 of them are 216 MB
        honest.run()
        assert honest.has("your mine.txt")
        visitors[0].run()
        assert visitors[0].has("because others needed the memory")


def test_the_memory_of_thirty_visitors_whose_connections_were_cut_is_back_within_a_minute(tmp_path):
    settings = {"TOKEN_EMBEDDING_LAB_VISITOR_MEMORY": "60"}  # of which those who are away may hold a quarter
    with running_app(tmp_path / "log.txt", **settings) as url, Visitor(url, "sources") as honest:
        honest.bring("warm up.gz", LARGE)
        honest.bring("mine.txt", OWN)
        before = memory_of(url)
        for _ in range(30):
            gone = Visitor(url, "sources")
            gone.bring("large.gz", LARGE)
            for _ in range(4):
                upload(url, gone.session, bytes(5 * MB))
            gone.cut()
        end = time.monotonic() + 60
        while memory_of(url) > 1.15 * before and time.monotonic() < end:
            honest.click()
            time.sleep(0.5)
        assert memory_of(url) <= 1.15 * before
        assert honest.has("your mine.txt")


@pytest.mark.parametrize(("code", "said"), [(1000, True), (1001, True), (1005, False), (1006, False), (1011, False)])
def test_who_closes_a_tab_says_goodbye_and_who_is_cut_off_does_not(code, said):
    heard = []

    async def app(scope, receive, send):
        await receive()
        heard.append(was_said())

    async def receive():
        return {"type": "websocket.disconnect", "code": code}

    run_apart(Farewell(app)({"type": "websocket"}, receive, None))
    assert heard == [said]
