import pytest

from embeddings.common import errors
from embeddings.common.errors import (
    InvalidInput,
    LabError,
    QueueFull,
    SourceUnavailable,
    TooLarge,
    TrainingDiverged,
    UnknownToken,
    WorkerLost,
    in_bytes,
)
from embeddings.similarity.analogies import analogy
from embeddings.similarity.neighbors import most_similar, nearest


@pytest.mark.parametrize(
    "kind", [InvalidInput, UnknownToken, SourceUnavailable, TooLarge, TrainingDiverged, WorkerLost, QueueFull]
)
def test_every_error_of_the_engine_is_caught_as_one(kind):
    assert issubclass(kind, LabError)


def test_no_error_of_the_engine_is_outside_the_family():
    raised = [
        value for value in vars(errors).values() if isinstance(value, type) and value.__module__ == errors.__name__
    ]

    assert len(raised) == 8
    assert all(issubclass(kind, LabError) for kind in raised)


def test_an_unknown_token_is_named_with_the_place_it_was_sought_in():
    error = UnknownToken("zyx", "the toy table")

    assert error.token == "zyx"
    assert str(error).startswith("'zyx' is not in the toy table.")


def test_too_large_says_what_it_would_take_and_what_there_is():
    error = TooLarge("A table", needed=2_000_000, allowed=1_000)

    assert (error.needed, error.allowed) == (2_000_000, 1_000)
    assert str(error) == "A table would take 2 MB; at most 1 kB may be used here. Choose smaller sizes."


def test_what_goes_on_beyond_what_is_allowed_is_too_large_without_saying_by_how_much():
    error = TooLarge.beyond("words.txt", allowed=64_000_000)

    assert error.allowed == 64_000_000 < error.needed
    assert str(error).startswith("words.txt is larger than 64 MB, the most that may be read here.")


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (12.6, "13 bytes"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (12_345, "12.3 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (80_000_128, "80 MB"),
        (640_000_000_000, "640 GB"),
        (7_000_000_000_000_000, "7,000 TB"),
    ],
)
def test_bytes_are_said_in_decimal_units(count, words):
    assert in_bytes(count) == words


def test_a_long_token_is_named_by_its_beginning():
    assert str(UnknownToken("x" * 1_000_000)).startswith(f"'{'x' * 39}…' is not in this vocabulary.")


@pytest.mark.parametrize("token", [5, None, True, 0.5, b"cat", ["cat"], {}, pytest.param(10**5_000, id="huge")])
def test_what_is_no_text_is_no_token_either(toy, token):
    for sought in (
        lambda: toy.id(token),
        lambda: toy[token],
        lambda: toy.rows([token]),
        lambda: most_similar(toy, [token]),
        lambda: most_similar(toy, "cat", [token]),
        lambda: nearest(toy, "cat", exclude=[token]),
        lambda: analogy(toy, "cat", "dog", token),
    ):
        with pytest.raises((UnknownToken, InvalidInput), match="is no text"):
            sought()
    assert token not in toy


@pytest.mark.parametrize("words", [5, None])
def test_what_is_no_list_of_words_gets_a_sentence(toy, words):
    for sought in (lambda: most_similar(toy, words), lambda: nearest(toy, "cat", exclude=words)):
        with pytest.raises(InvalidInput, match="must be a word or several"):
            sought()
