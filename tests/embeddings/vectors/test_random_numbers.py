import pytest

from embeddings.common.errors import InvalidInput
from embeddings.vectors.random_numbers import LARGEST, nearest, numbers_for, share_nearest


def test_every_word_gets_a_number_of_its_own_and_the_same_seed_the_same():
    words = [str(n) for n in range(LARGEST + 1)]
    assert sorted(numbers_for(words, 7)) == list(range(LARGEST + 1))
    assert numbers_for(words, 7) == numbers_for(words, 7) != numbers_for(words, 8)


def test_the_nearest_word_has_the_nearest_number():
    for seed in range(100):
        cat, dog, banana = numbers_for(["cat", "dog", "banana"], seed)
        if abs(cat - dog) != abs(cat - banana):
            found = nearest(["cat", "dog", "banana"], seed)["cat"]
            assert found == ("dog" if abs(cat - dog) < abs(cat - banana) else "banana")


def test_of_two_equally_near_words_chance_decides():
    words = ["cat", "dog", "banana"]
    numbers = {seed: numbers_for(words, seed) for seed in range(3_000)}
    ties = [seed for seed, (cat, dog, banana) in numbers.items() if abs(cat - dog) == abs(cat - banana)]
    found = [nearest(words, seed)["cat"] for seed in ties]
    assert found == [nearest(words, seed)["cat"] for seed in ties]
    assert 0.25 < found.count("dog") / len(ties) < 0.75


def test_over_many_shuffles_no_word_is_favoured():
    shares = share_nearest(["cat", "dog", "banana", "king", "queen"], 2_000)
    assert sum(shares.values()) == pytest.approx(1)
    assert all(0.2 < share < 0.3 for share in shares.values())


@pytest.mark.parametrize("words", [[], ["cat"], [str(n) for n in range(LARGEST + 2)]])
def test_too_few_and_too_many_words_are_refused(words):
    with pytest.raises(InvalidInput):
        nearest(words, 0)
