"""The categories that come with the app beside the landmarks."""

from collections import Counter

from embeddings.vectors.word_lists import ALL_GROUPS, GROUPS, MORE_GROUPS


def test_every_word_of_every_category_has_a_vector(glove):
    missing = [word for group in ALL_GROUPS.values() for word in group if word not in glove]
    assert missing == []


def test_no_word_stands_in_two_categories_or_twice():
    times = Counter(word for group in ALL_GROUPS.values() for word in group)
    assert [word for word, count in times.items() if count > 1] == []


def test_capitals_stand_in_the_order_of_their_countries_and_tenses_in_that_of_their_verbs():
    assert len(GROUPS["countries"]) == len(MORE_GROUPS["capitals"])
    assert dict(zip(GROUPS["countries"], MORE_GROUPS["capitals"], strict=True))["japan"] == "tokyo"
    forms = list(zip(MORE_GROUPS["verbs"], MORE_GROUPS["past tense"], MORE_GROUPS["-ing forms"], strict=True))
    assert ("write", "wrote", "writing") in forms
