"""What visitors type, sorted into known and unknown words."""

import numpy as np
import pytest

from components.address import url_binding
from components.ui import inputs
from components.ui.inputs import sort_words
from embeddings.vectors import WordVectors


@pytest.fixture
def table():
    return WordVectors.of("toy", ["cat", "dog", "rice"], np.eye(3))


def test_words_are_kept_once_in_the_order_they_were_typed(table):
    assert sort_words(["Dog cat", "dog"], table, 9).known == ("dog", "cat")


def test_unknown_words_are_named(table):
    assert sort_words(["cat qqq"], table, 9).unknown == ("qqq",)


def test_words_beyond_the_limit_are_counted(table):
    typed = sort_words(["cat dog rice"], table, 2)
    assert (typed.known, typed.left_out) == (("cat", "dog"), 1)


def test_no_text_gives_no_words(table):
    typed = sort_words(["   "], table, 9)
    assert (typed.known, typed.unknown, typed.left_out) == ((), (), 0)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("the cat", "query-params"),
        (["cat", "dog"], "query-params"),
        ("cat " * 500, None),
        ([" ".join(["cat"] * 500)], None),
        ("猫" * 200, None),  # nine characters each, once in an address
    ],
)
def test_what_is_too_long_for_an_address_stays_out_of_it(monkeypatch, typed, place):
    monkeypatch.setattr(inputs.st, "session_state", {"key": typed})
    assert url_binding("key") == place


def test_a_word_is_found_as_it_is_typed_and_else_in_lower_case():
    cased = WordVectors.of("cased", ["US", "us", "apple", "C++"], np.eye(4))
    typed = sort_words(["US, Apple; C++ Us"], cased, 9)
    assert (typed.known, typed.unknown) == (("US", "apple", "C++", "us"), ())
