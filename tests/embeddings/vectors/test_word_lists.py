from collections import Counter

import pytest

from embeddings.vectors.word_lists import GROUPS


def test_every_landmark_has_a_vector(glove):
    missing = [word for group in GROUPS.values() for word in group if word not in glove]

    assert sum(map(len, GROUPS.values())) > 50
    assert missing == []


def test_no_landmark_stands_in_two_groups_or_twice():
    times = Counter(word for group in GROUPS.values() for word in group)

    assert [word for word, count in times.items() if count > 1] == []


def test_the_groups_cannot_be_changed_by_a_page():
    with pytest.raises(TypeError):
        GROUPS["animals"] = ()
    assert all(isinstance(group, tuple) for group in GROUPS.values())
