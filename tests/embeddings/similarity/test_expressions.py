import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput
from embeddings.similarity.expressions import parse_expression


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("king", {"king": 1}),
        ("king-man+woman", {"king-man": 1, "woman": 1}),
        ("king - man + woman", {"king": 1, "man": -1, "woman": 1}),
        ("king −man +woman", {"king": 1, "man": -1, "woman": 1}),
        ("- man + 2 king", {"man": -1, "king": 2}),
        ("0,5 cat + .25 dog - 3*cow", {"cat": 0.5, "dog": 0.25, "cow": -3}),
        ("cat + cat - 0.5 cat", {"cat": 1.5}),
        ("3 + 4", {"3": 1, "4": 1}),
        ("cat dog", {"cat": 1, "dog": 1}),
        ("2 2010", {"2": 1, "2010": 1}),
        ("  <b>x</b>  ", {"<b>x</b>": 1}),
        ("שלום + 😀", {"שלום": 1, "😀": 1}),
    ],
)
def test_a_sum_is_read_as_it_is_meant(text, terms):
    assert parse_expression(text) == terms


@pytest.mark.parametrize("text", ["", "   ", "+", "king -", "king - - man", "* 3", "+ + cat"])
def test_what_is_no_sum_is_refused_with_an_example(text):
    with pytest.raises(InvalidInput, match=r"such as: king - man \+ woman"):
        parse_expression(text)


def test_a_whole_book_is_refused():
    with pytest.raises(InvalidInput, match="500 characters"):
        parse_expression("cat " * 200)


@given(st.dictionaries(st.sampled_from("cat dog well-known café".split()), st.integers(-9, 9), min_size=1))
def test_a_sum_that_was_written_out_is_read_back(terms):
    text = " ".join(f"{'-' if weight < 0 else '+'} {abs(weight)} {word}" for word, weight in terms.items())
    assert parse_expression(text) == terms


@given(st.text(max_size=100))
def test_no_text_brings_anything_but_terms_or_a_sentence(text):
    try:
        terms = parse_expression(text)
    except InvalidInput:
        return
    assert terms and all(word.strip() for word in terms)
