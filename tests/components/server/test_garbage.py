"""When garbage is collected, and what of it is looked through."""

import gc
import sys
import threading
import weakref

import pytest
from streamlit import runtime

from components.server import garbage
from components.server.garbage import GROWTH_BLOCKS, MAX_SHARE, THOROUGH_SECONDS, GarbageCollector, collecting_garbage


class Cycle:
    def __init__(self):
        self.me = self


@pytest.fixture(autouse=True)
def nothing_frozen():
    yield
    gc.unfreeze()


@pytest.fixture
def collector():
    """One that has collected at second 0, when 1,000 blocks and 10 modules were there."""
    made = GarbageCollector()
    made._ended = made._thorough = 0.0
    made._took, made._blocks, made._modules = 0.0, 1_000, 10
    return made


def test_nothing_is_collected_while_nothing_grows(collector):
    assert collector.look(5.0, 1_000 + GROWTH_BLOCKS, 10, empty=False) == ""


def test_growth_is_collected(collector):
    assert collector.look(5.0, 1_001 + GROWTH_BLOCKS, 10, empty=False) == "usual"


def test_modules_loaded_since_are_frozen_with_what_they_hold(collector):
    assert collector.look(5.0, 1_000, 11, empty=False) == "freezing"


def test_all_is_looked_through_once_the_last_visitor_has_left(collector):
    assert collector.look(5.0, 1_000, 10, empty=True) == "thorough"
    assert collector.look(6.0, 1_000, 10, empty=True) == ""
    assert collector.look(7.0, 1_000, 10, empty=False) == ""
    assert collector.look(8.0, 1_000, 10, empty=True) == "thorough"


def test_now_and_then_what_is_frozen_is_looked_through_too(collector):
    assert collector.look(THOROUGH_SECONDS + 1, 1_001 + GROWTH_BLOCKS, 10, empty=False) == "thorough"


def test_collections_take_but_a_small_share_of_the_time(collector):
    collector._took = 1.0
    assert collector.look(0.9 / MAX_SHARE, 10 * GROWTH_BLOCKS, 11, empty=True) == ""
    assert collector.look(1.1 / MAX_SHARE, 10 * GROWTH_BLOCKS, 11, empty=True) == "thorough"


@pytest.mark.parametrize(
    ("how", "frozen_before", "gone"), [("usual", False, True), ("freezing", False, True), ("thorough", True, True)]
)
def test_a_collection_frees_cycles(how, frozen_before, gone):
    cycle = weakref.ref(Cycle())
    if frozen_before:
        gc.freeze()
    GarbageCollector().collect(how)
    assert (cycle() is None) is gone
    assert (gc.get_freeze_count() > 0) is (how != "usual")


def test_what_is_frozen_is_left_by_a_usual_collection():
    gc.disable()
    try:
        cycle = weakref.ref(Cycle())
        gc.freeze()
    finally:
        gc.enable()
    for how in ("usual", "freezing"):
        GarbageCollector().collect(how)
        assert cycle() is not None


def test_a_thread_collects_while_the_server_runs_and_leaves_python_as_it_was(monkeypatch):
    class Served:
        state = runtime.RuntimeState.NO_SESSIONS_CONNECTED

    collected = threading.Event()
    usual = gc.get_threshold()
    monkeypatch.setattr(garbage, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(runtime, "get_instance", Served)
    monkeypatch.setattr(GarbageCollector, "collect", lambda self, how: collected.set())
    with collecting_garbage():
        assert collected.wait(30)
        assert gc.get_threshold()[2] > sys.maxsize >> 40
    assert gc.get_threshold() == usual
