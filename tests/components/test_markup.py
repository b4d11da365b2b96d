"""Visitors' words shown as text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from components.markup import as_code, as_code_list, for_figure, shortened


@given(st.text(max_size=60))
def test_a_code_span_is_closed_by_its_own_fence_alone(word):
    span = as_code(word)
    fence = re.match("`+", span).group()
    inner = span[len(fence) : -len(fence)]
    assert span.endswith(fence)
    assert fence not in re.findall("`+", inner)
    assert "\n" not in span


@given(st.text(max_size=60))
def test_no_tag_is_left_for_a_figure_to_read(word):
    shown = for_figure(word)
    assert "<" not in shown
    assert ">" not in shown


def test_a_long_word_is_cut_with_an_ellipsis():
    assert shortened("a" * 100, 10) == "a" * 9 + "…"


def test_blank_text_is_made_visible():
    assert shortened(" \n ") == "␣"


def test_many_words_are_counted_instead_of_listed():
    assert as_code_list([str(n) for n in range(1_009)]).endswith("and 1,001 more")


def test_signs_that_turn_or_break_the_text_around_them_are_left_out():
    assert shortened("a\u202eb\u2066c\x00d\u200f") == "abcd"
    assert shortened("👩‍👩‍👧 می‌خواهم") == "👩‍👩‍👧 می‌خواهم"


def test_a_word_of_a_megabyte_is_cut_before_it_is_read():
    assert shortened("ab" * 500_000) == "ab" * 19 + "a…"
    assert shortened(" " * 1_000_000) == "␣…"
