"""A part of a page that was drawn a moment ago is not drawn again."""

from components.server.live_parts import MAX_PARTS, REST, LiveParts


def test_a_part_is_fresh_for_a_moment_after_it_was_drawn_and_so_are_all_after_the_page_was():
    now = [0.0]
    parts = LiveParts(lambda: now[0])
    assert not parts.is_fresh("map")
    parts.drawn("map")
    assert parts.is_fresh("map") and not parts.is_fresh("chart")
    now[0] += REST
    assert not parts.is_fresh("map")
    parts.drawn("")
    assert parts.is_fresh("map") and parts.is_fresh("chart")
    now[0] += REST
    assert not parts.is_fresh("map")


def test_no_client_has_a_server_keep_more_than_a_few_names():
    parts = LiveParts(lambda: 0.0)
    for number in range(10 * MAX_PARTS):
        parts.drawn(f"part {number}")
        assert parts.is_fresh(f"part {number}")
        assert len(parts._drawn) <= MAX_PARTS
