"""Answers that all visitors share, and those on a visitor's own table, which nobody keeps."""

import numpy as np
import pytest

from components.session import user_tables
from components.session.answers import shared_answers
from embeddings.vectors import WordVectors


def table(name: str) -> WordVectors:
    return WordVectors.of(name, ["cat", "dog"], np.eye(2, dtype=np.float32))


@pytest.fixture
def asked():
    return []


@pytest.fixture
def first(asked):
    @shared_answers(max_entries=2)
    def ask(table: WordVectors, word: str, _how: object = None) -> str:
        asked.append(word)
        return f"{word} in {table.name}"

    return ask


def test_an_answer_is_computed_once(first, asked, monkeypatch):
    monkeypatch.setattr(user_tables, "get", lambda name: None)
    assert first(table("one"), "cat", object()) == first(table("one"), "cat", object()) == "cat in one"
    assert asked == ["cat"]


def test_another_table_or_word_is_asked_anew(first, asked, monkeypatch):
    monkeypatch.setattr(user_tables, "get", lambda name: None)
    assert [first(table("another"), "cat"), first(table("b"), "cat"), first(table("b"), "dog")] == [
        "cat in another",
        "cat in b",
        "dog in b",
    ]
    assert len(asked) == 3


def test_what_is_asked_of_a_visitors_own_table_is_kept_by_nobody(first, asked, monkeypatch):
    own = table("your toy.txt")
    monkeypatch.setattr(user_tables, "get", lambda name: own)
    first(own, "cat")
    first(own, "cat")
    assert asked == ["cat", "cat"]
