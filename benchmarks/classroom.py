"""A class on one server: virtual students (``benchmarks/students.py``) who open pages and type.

They run in a process of their own on the same cores as the server, as they did when the bounds were set. The peer is
the hello-world app, under Streamlit's defaults and with its collection after each run off; a student there only types.
Before it counts, a small class has been on each server, so that what is loaded once is loaded. Heavy work is asked for
by virtual visitors too (``benchmarks/at_work.py``), as a class's browsers are on machines of their own.

"Can carry": students who hardly think ask for more than a server has. "At their ease" they ask for at most 25 runs a
second, and what counts is how long one waits. The memory of a session is what the server's processes hold at the most
while 100 students are there, less what they held before, for each of them. For these rounds a session whose connection
has ended is kept for ten seconds, not two minutes, so that one need not wait for that.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks import in_a_room
from benchmarks.at_work import Live, at_work
from benchmarks.figures import Figure
from benchmarks.memory import megabytes
from benchmarks.served import HELLO_WORLD, LAB, Server, chromium, serve
from benchmarks.students import Visit, visit

HASTY, AT_EASE = (0.5, 1.5), (2.0, 6.0)  # seconds of thought
CLASS, SCHOOL = 100, 300  # students
SECONDS = 45.0
LONG_MAP = 2_000  # steps; with the usual 500 it might be drawn before all is measured
ROUNDS = 3  # of coming and leaving
KEPT_SECONDS = 10  # after a connection has ended, in these rounds
_WARM_UP = (10, 40.0, HASTY)
_DEFAULTS = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"}
_ALL_AT_ONCE = {"TOKEN_EMBEDDING_LAB_JOBS_AT_ONCE": "4"}  # usually two would wait for the other two
_NO_COLLECTION = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "false"}


@dataclass(frozen=True)
class Stay:
    """Megabytes of the server before a class came, at the most while it was there, and after it had left."""

    before: float
    most: float
    after: float


def measure() -> list[Figure]:
    """What each server carries, how long students wait on ours, and what they cost."""
    defaults, off = (carried(HELLO_WORLD, settings) for settings in (_DEFAULTS, _NO_COLLECTION))
    with serve(LAB, {"TOKEN_EMBEDDING_LAB_LONGEST_WAIT": "0"}) as lab:  # the peer lets all in, too
        visit(lab.url, *_WARM_UP)
        hasty = visit(lab.url, CLASS, SECONDS, HASTY)
    with serve(LAB, _ALL_AT_ONCE) as lab, chromium() as browser:
        visit(lab.url, *_WARM_UP)
        alone = visit(lab.url, CLASS, SECONDS, AT_EASE)
        asked = in_a_room.poll(browser, lab, CLASS)
        with at_work(lab.url, heavy_work(seeds=(0, 1))):
            beside = visit(lab.url, CLASS, SECONDS, AT_EASE)
        with at_work(lab.url, heavy_work(seeds=(2, 3))):  # others: what was drawn once is not drawn again
            asked_beside = in_a_room.poll(browser, lab, CLASS)
        school = visit(lab.url, SCHOOL, SECONDS, AT_EASE)
    return [
        carries(hasty, "hello world, Streamlit's defaults", defaults, 3.5),
        carries(hasty, "hello world, no collection", off, 0.5),
        *waits(f"{CLASS} students at their ease", alone, p95=0.5),
        *waits(f"{CLASS} students beside two trainings and two t-SNEs", beside, p95=1.0),
        *waits(f"{SCHOOL} students at their ease", school, median=2.0),
        *in_a_room.figures(f"{CLASS} students in a room", asked),
        *in_a_room.figures(f"{CLASS} students in a room beside two trainings and two t-SNEs", asked_beside),
        *memory_figures(stays()),
    ]


def carried(script, settings: dict[str, str]) -> Visit:
    """A hasty class on ``script`` under these settings."""
    with serve(script, settings) as server:
        visit(server.url, *_WARM_UP)
        return visit(server.url, CLASS, SECONDS, HASTY)


def carries(ours: Visit, peer: str, peers: Visit, at_least_times: float) -> Figure:
    """Script runs per second that a server can carry."""
    what = f"runs per second that {CLASS} hasty students get"
    return Figure(what, "runs/s", ours.per_second, peer=peer, peers=peers.per_second, at_least_times=at_least_times)


def waits(who: str, seen: Visit, median: float | None = None, p95: float | None = None) -> Iterator[Figure]:
    """How long students wait for a run to end, and for how many something went wrong."""
    yield Figure(f"{who}: runs per second", "runs/s", seen.per_second)
    yield Figure(f"{who}: seconds until a run has ended, median", "s", seen.median, at_most=median)
    yield Figure(f"{who}: 95th percentile", "s", seen.p95, at_most=p95)
    yield Figure(f"{who}: connections lost, and errors", "", seen.lost + len(seen.errors), at_most=0)
    yield Figure(f"{who}: turned away with a sentence", "", seen.turned_away)


def heavy_work(seeds: Sequence[int]) -> list[Live]:
    """A training and a map of 20,000 words for each seed."""
    trainings = ({"corpus": "Wikipedia", "word2vec_epochs": 60, "word2vec_seed": seed} for seed in seeds)
    most_frequent = {"space_from": "The most frequent", "space_frequent": "20,000"}
    most_frequent |= {"space_method": "t-SNE", "space_steps": LONG_MAP}
    maps = (most_frequent | {"space_seed": seed} for seed in seeds)
    return [
        *(Live("word2vec", urlencode(settings), "Train") for settings in trainings),
        *(Live("words_in_space", urlencode(settings)) for settings in maps),
    ]


def stays() -> list[Stay]:
    """``ROUNDS`` classes on one server, one after the other."""
    with serve(LAB, {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(KEPT_SECONDS)}) as server:
        visit(server.url, *_WARM_UP)
        return [stay(server) for _ in range(ROUNDS)]


def stay(server: Server) -> Stay:
    """One class, from before it comes until it has left and what it held is collected."""
    before = after_leaving(server)
    with highest(server) as most:
        visit(server.url, CLASS, SECONDS, AT_EASE)
    return Stay(before, max(most), after_leaving(server))


def after_leaving(server: Server) -> float:
    """Megabytes once the sessions of those who left are no longer kept; a visitor who comes and goes has them ended."""
    for _ in range(2):
        time.sleep(KEPT_SECONDS + 5)
        visit(server.url, 1, 3.0, HASTY)
    time.sleep(KEPT_SECONDS)
    return megabytes(server)["rss"]


@contextmanager
def highest(server: Server) -> Iterator[list[float]]:
    """The server's megabytes each second until the block ends, in a list that grows meanwhile."""
    seen, ended = [megabytes(server)["rss"]], threading.Event()

    def look() -> None:
        while not ended.wait(1.0):
            seen.append(megabytes(server)["rss"])

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def memory_figures(rounds: list[Stay]) -> Iterator[Figure]:
    """What a session costs, and what stays of a class."""
    each = tuple((one.most - one.before) / CLASS for one in rounds)
    yield Figure("memory of a session", "MB", max(each), each, at_most=3.0)
    left = tuple(one.after / rounds[0].before for one in rounds)
    yield Figure("memory after all have left, as a share of before the first round", "", max(left), left, at_most=1.1)
    yield Figure("memory before the first round", "MB", rounds[0].before)
