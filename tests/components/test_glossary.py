"""The glossary as data, and the links that are made of it."""

import pytest

from components import glossary, navigation

NAMES = [term.name for term in glossary.TERMS]


@pytest.mark.parametrize("term", glossary.TERMS, ids=lambda term: term.name)
def test_a_sentence_names_its_term_and_uses_none_that_is_explained_after_it(term):
    assert f"*{term.name}*" in term.sentence
    assert set(glossary.used_in(term.sentence)) <= set(NAMES[: NAMES.index(term.name) + 1])


@pytest.mark.parametrize("term", glossary.TERMS, ids=lambda term: term.name)
def test_a_sentence_can_stand_in_the_title_of_a_link(term):
    assert not set(term.sentence) & set('"()[]<>\n`$')


@pytest.mark.parametrize("term", glossary.TERMS, ids=lambda term: term.name)
def test_a_term_names_lessons_that_there_are(term):
    assert term.lessons
    assert [navigation.lesson_at(address).path.endswith(f"/{address}.py") for address in term.lessons] == [True] * len(
        term.lessons
    )


def test_no_form_belongs_to_two_terms():
    forms = [form for term in glossary.TERMS for form in term.forms]
    assert len(forms) == len(set(forms))
    assert all(term.name.lower() in term.forms for term in glossary.TERMS)


def test_a_term_is_found_as_a_whole_word_alone():
    assert glossary.used_in("An idea, a word2vec, a lossless tokenizer, losing its identity: valid") == []
    assert glossary.used_in("Ids, and One-Hot vectors of cosines; `loss`, [epoch](x)") == ["id", "one-hot", "cosine"]


def test_the_longest_form_is_the_one_that_is_linked():
    assert glossary.linked("a one-hot vector").startswith("a [one-hot vector](glossary#one-hot ")


def test_only_the_first_use_is_linked_and_only_of_the_terms_asked_for():
    text = glossary.linked("The loss of a token, the loss of an id", "loss")
    assert text.count("](glossary#") == 1
    assert text.endswith("of a token, the loss of an id")


def test_code_and_links_stay_as_they_are():
    for text in ("`a vector`", "`` `vector` ``", "[a vector](https://example.org)", "**[the loss](glossary#loss)**"):
        assert glossary.linked(text) == text


def test_a_link_leads_from_bold_and_italic_words_too():
    assert "*[gradient](glossary#gradient " in glossary.linked("the *gradient* says")


def test_a_word_that_is_no_term_has_no_sentence():
    with pytest.raises(KeyError):
        glossary.sentence("tokenizer")
