"""A table changed by hand: what the change does to the rows, and to what comes next."""

import numpy as np
import pytest

from embeddings.common.errors import InvalidInput
from embeddings.transformer.table_changes import (
    ROW_CHANGES,
    TABLE_CHANGES,
    TableChange,
    changed_probabilities,
    changed_row,
    changed_table,
    likeliest,
    next_token_probabilities,
)

TABLE = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)


@pytest.mark.parametrize("kind", ROW_CHANGES)
def test_a_change_of_one_row_leaves_the_others(kind):
    changed = changed_table(TABLE, TableChange(kind, 7, 9))
    assert np.flatnonzero((changed != TABLE).any(axis=1)).tolist() == [7]


def test_another_row_is_taken_by_its_share():
    halfway = changed_table(TABLE, TableChange("other", 7, 9, share=0.25))[7]
    assert halfway == pytest.approx(0.75 * TABLE[7] + 0.25 * TABLE[9])
    assert np.array_equal(changed_table(TABLE, TableChange("other", 7, 9))[7], TABLE[9])
    assert np.array_equal(changed_table(TABLE, TableChange("other", 7, 9, share=0.0)), TABLE)


def test_zeros_and_noise_say_nothing_of_the_row_but_its_length():
    assert not changed_table(TABLE, TableChange("zero", 7))[7].any()
    noise = changed_table(TABLE, TableChange("noise", 7))[7]
    assert np.linalg.norm(noise) == pytest.approx(np.linalg.norm(TABLE[7]), rel=1e-5)


def test_a_shuffled_table_has_the_same_rows_and_a_random_one_none_of_them():
    shuffled = changed_table(TABLE, TableChange("shuffle"))
    assert sorted(map(tuple, shuffled.tolist())) == sorted(map(tuple, TABLE.tolist()))
    assert (shuffled != TABLE).any(axis=1).sum() > 40
    drawn = changed_table(TABLE, TableChange("random"))
    assert (drawn != TABLE).all()
    assert drawn.std() == pytest.approx(8**-0.5, rel=0.2)


@pytest.mark.parametrize("kind", [*TABLE_CHANGES, "noise"])
def test_a_seed_repeats_what_is_drawn(kind):
    first, again, other = (changed_table(TABLE, TableChange(kind, seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (TableChange("upside down"), "The change must be one of other, zero"),
        (TableChange("zero", 50), "id 50 is outside the vocabulary"),
        (TableChange("other", 0, -1), "id -1 is outside"),
        (TableChange("other", 0, 1, share=1.5), "from 0 to 1"),
        (TableChange("other", 0, 1, share=float("nan")), "from 0 to 1"),
        (TableChange("noise", seed=-1), "The seed must be"),
    ],
)
def test_what_does_not_work_is_refused(change, what):
    with pytest.raises(InvalidInput, match=what):
        changed_table(TABLE, change)


@pytest.mark.parametrize("kind", ROW_CHANGES)
def test_the_new_row_is_that_of_the_changed_table(kind):
    change = TableChange(kind, 7, 9, share=0.75)
    assert np.array_equal(changed_row(TABLE, change), changed_table(TABLE, change)[7])


def test_a_change_of_all_rows_has_no_one_new_row():
    with pytest.raises(InvalidInput, match="The change of one row must be one of other, zero"):
        changed_row(TABLE, TableChange("shuffle"))


@pytest.fixture(scope="module")
def asked(smollm):
    """``(ids, France, Italy)`` of the sentence that every page begins with."""
    ids = smollm.encode("The capital of France is").ids
    (italy,) = smollm.encode(" Italy").ids
    return ids, ids[3], italy


def test_italys_row_in_the_place_of_frances_makes_rome_of_paris(smollm, asked):
    ids, france, italy = asked
    changed = changed_table(smollm.W, TableChange("other", france, italy))
    shares = next_token_probabilities(smollm, ids, changed)
    assert [smollm.tokenizer.tokens[i] for i in np.argsort(-shares)[:4]] == [" Rome", " the", " Florence", " Milan"]
    as_typed = next_token_probabilities(smollm, [italy if i == france else i for i in ids])
    assert shares == pytest.approx(as_typed, abs=1e-5)


def test_on_both_sides_the_changed_row_is_what_a_token_is_said_with(smollm, asked):
    ids, _, italy = asked
    paris = smollm.encode(" Paris").ids[0]
    swapped = changed_table(smollm.W, TableChange("other", paris, italy))
    before, inside, both = (next_token_probabilities(smollm, ids, *given) for given in ((), (swapped,), (swapped,) * 2))
    assert inside == pytest.approx(before, abs=1e-6)  # Paris is not among the words that are read
    assert likeliest(before) == (paris,)
    assert both[paris] == pytest.approx(both[italy])
    assert both[paris] < 0.1


def test_without_its_table_the_model_says_nothing_of_paris(smollm, asked):
    ids, paris = asked[0], smollm.encode(" Paris").ids[0]
    for kind in TABLE_CHANGES:
        changed = changed_table(smollm.W, TableChange(kind))
        for given in ((changed,), (changed, changed)):
            assert next_token_probabilities(smollm, ids, *given)[paris] < 0.01


@pytest.mark.parametrize("kind", [*ROW_CHANGES, *TABLE_CHANGES])
@pytest.mark.parametrize("both", [False, True])
def test_without_a_copy_of_the_table_the_answer_is_that_of_the_copy(smollm, asked, kind, both):
    ids, france, italy = asked
    change = TableChange(kind, france, italy, share=0.75)
    table = changed_table(smollm.W, change)
    expected = next_token_probabilities(smollm, [*ids, france], table, table if both else None)
    assert changed_probabilities(smollm, [*ids, france], change, both) == pytest.approx(expected, abs=1e-5)


def test_tokens_with_one_row_are_equally_likely_on_both_sides(smollm):
    ids = smollm.encode("one two three one two three one two").ids
    (two,), (six,) = smollm.encode(" two").ids, smollm.encode(" six").ids
    assert likeliest(changed_probabilities(smollm, ids, TableChange("other", two, six), both=True)) == (two, six)
