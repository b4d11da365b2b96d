"""A part of a page that is drawn in any case is not drawn once more for what was asked before."""

from components.server.live_parts import LONGEST, MAX_PARTS, LiveParts
from tests.clock import Clock


def test_what_was_asked_for_before_a_part_was_begun_is_left_out_until_the_browser_has_nothing_waiting():
    clock = Clock()
    parts = LiveParts(clock)
    assert not parts.is_fresh("map")
    for now, part in ((1.0, "map"), (2.0, "chart")):
        clock.now = now
        parts.begun(part)
        parts.ended()
    assert parts.is_fresh("map") and parts.is_fresh("chart") and not parts.is_fresh("bars")
    clock.now = 3.0
    parts.caught_up()
    assert not parts.is_fresh("map") and not parts.is_fresh("chart")


def test_no_part_is_drawn_twice_at_once_but_one_that_never_ends_keeps_nothing_up():
    clock = Clock()
    parts = LiveParts(clock)
    parts.begun("map")
    clock.now = LONGEST / 2
    parts.caught_up()
    assert parts.is_fresh("map") and not parts.is_fresh("chart")
    clock.now = LONGEST
    assert not parts.is_fresh("map")


def test_the_page_is_drawn_with_all_its_parts():
    clock = Clock()
    parts = LiveParts(clock)
    parts.begun("")
    clock.now = 1.0
    parts.caught_up()
    assert parts.is_fresh("map")
    parts.ended()
    assert not parts.is_fresh("map")


def test_no_client_has_a_server_keep_more_than_a_few_names():
    parts = LiveParts(Clock())
    for number in range(10 * MAX_PARTS):
        parts.begun(f"part {number}")
        assert parts.is_fresh(f"part {number}")
        assert len(parts._begun) <= MAX_PARTS
