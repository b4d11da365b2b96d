"""Byte pairs learned from a text: the same merges as Hugging Face's, and what follows from them."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, TooLarge
from embeddings.tokenizers import bpe_training
from embeddings.tokenizers.bpe_training import MAX_TRAINING_CHARACTERS, train_bpe, word_counts
from embeddings.tokenizers.byte_level import BYTE_ORDER, letters_of
from embeddings.tokenizers.subwords import BytePairTokenizer
from embeddings.training import load
from tests.embeddings.tokenizers.hard_texts import HARD_TEXTS, milliseconds

SELLS = "She sells sea shells on the sea shore.\nThe shells that she sells are sea shells, I am sure.\n"
FEW_LETTERS = st.text(st.sampled_from("aab c\n"), max_size=80)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def merges_of(training):
    """Pairs as GPT-2's files write them."""
    return [
        (letters_of(training.pieces[each.left]), letters_of(training.pieces[each.right])) for each in training.merges
    ]


def merges_of_the_peer(text, n_merges, min_count=2):
    """What ``tokenizers`` learns of the same words."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    peer = Tokenizer(models.BPE())
    peer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(
        vocab_size=256 + n_merges,
        min_frequency=min_count,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    words = [word.decode() for word, count in word_counts(text).items() for _ in range(count)]
    peer.train_from_iterator(words, trainer)
    return [tuple(pair) for pair in json.loads(peer.to_str())["model"]["merges"]]


@pytest.mark.parametrize("min_count", [1, 2, 3])
@given(text=st.one_of(FEW_LETTERS, ANY))
@settings(max_examples=60, deadline=None)
def test_the_merges_are_those_of_the_usual_trainer(text, min_count):
    assert merges_of(train_bpe(text, 100, min_count)) == merges_of_the_peer(text, 100, min_count)


@pytest.mark.parametrize("name", HARD_TEXTS)
def test_so_are_those_of_a_text_that_is_hard_to_cut(name):
    text = f"{HARD_TEXTS[name] * 20} {HARD_TEXTS[name] * 7}"
    assert merges_of(train_bpe(text, 50)) == merges_of_the_peer(text, 50)


def test_so_are_a_thousand_of_the_sample_of_wikipedia():
    text = "\n".join(map(" ".join, load("wikipedia").sentences))
    training = train_bpe(text, 1_000)
    assert merges_of(training) == merges_of_the_peer(text, 1_000)
    assert merges_of(training)[:3] == [("Ġ", "t"), ("Ġ", "a"), ("h", "e")]
    assert training.tokens[-1] < training.tokens[0] / 2


def test_of_equally_frequent_pairs_that_with_the_smallest_ids_is_merged():
    training = train_bpe("dc ba dc ba", 2)
    assert merges_of(training) == [("b", "a"), ("d", "c")]
    assert [each.count for each in training.candidates[0]][:2] == [2, 2]


def test_the_most_frequent_pair_is_merged_and_the_text_shrinks_by_as_many_tokens():
    training = train_bpe("low lower lowest", 2)
    assert [(each.left, each.right, each.count) for each in training.merges] == [(75, 78, 3), (256, 86, 3)]
    assert training.tokens == (16, 13, 10)
    assert training.pieces[256:] == (b"lo", b"low")


def test_of_a_row_of_equal_letters_two_and_two_are_merged():
    training = train_bpe("aaaaa", 1)
    assert training.merges[0].count == 4  # each neighbour counts
    assert training.tokens == (5, 3)


@given(text=st.one_of(FEW_LETTERS, ANY))
def test_the_tokenizer_cuts_the_text_as_it_was_cut_after_each_merge(text):
    training = train_bpe(text, 20)
    for n_merges, tokens in enumerate(training.tokens):
        tokenizer = training.tokenizer(n_merges)
        assert len(tokenizer.encode(text).tokens) == tokens
        assert tokenizer.vocabulary_size == 256 + n_merges


@given(learned=FEW_LETTERS, text=ANY)
def test_any_other_text_has_ids_and_is_read_back(learned, text):
    tokenizer = train_bpe(learned, 20).tokenizer()
    encoding = tokenizer.encode(text)
    assert None not in encoding.ids
    assert tokenizer.decode(encoding.ids) == text


@given(text=st.one_of(FEW_LETTERS, ANY))
def test_the_candidates_are_the_most_frequent_pairs_with_their_counts(text):
    training = train_bpe(text, 5)
    for n_merges, candidates in enumerate(training.candidates):
        tokenizer = training.tokenizer(n_merges)
        counts: dict[tuple[int, int], int] = {}
        for word, repeats in word_counts(text).items():
            ids = tokenizer.encode(word.decode()).ids
            for pair in pairwise(ids):
                counts[pair] = counts.get(pair, 0) + repeats
        ranking = sorted((-count, *pair) for pair, count in counts.items() if count > 1)
        expected = [(left, right, -count) for count, left, right in ranking[: bpe_training.RUNNERS_UP]]
        assert [(each.left, each.right, each.count) for each in candidates] == expected


@pytest.mark.parametrize("text", ["", "a", "ab", "abcdef"])
def test_where_no_pair_stands_twice_nothing_is_merged(text):
    training = train_bpe(text, 10)
    assert training.merges == ()
    assert training.tokens == (len(text),)
    assert training.tokenizer().encode(text).tokens == tuple(text)


def test_each_token_is_undone_into_the_pair_that_made_it():
    training = train_bpe(SELLS, 100)
    tokenizer = training.tokenizer()
    for token_id, merge in enumerate(training.merges, 256):
        tree = tokenizer.merge_tree(token_id)
        assert tuple(part.rank for part in tree.parts) == (merge.left, merge.right)
        assert tree.piece == training.pieces[token_id]


def test_a_byte_has_no_parts_and_a_step_has_one_piece_less_than_that_before_it():
    tokenizer = train_bpe(SELLS, 100).tokenizer()
    assert tokenizer.merge_tree(0).parts == ()
    (shells,) = tokenizer.encode(" shells").ids
    steps = tokenizer.merge_tree(shells).steps
    assert [len(step.pieces) for step in steps] == [7, 6, 5, 4, 3, 2, 1]
    assert {b"".join(step.pieces) for step in steps} == {b" shells"}
    assert steps[0].merged is None
    assert [step.rank for step in steps[1:]] == sorted(step.rank for step in steps[1:])
    assert all(tokenizer.encode(step.pieces[step.merged].decode()).ids == (step.rank,) for step in steps[1:])


def test_each_token_of_gpt_4o_is_undone_into_two_that_it_would_merge_last():
    tokenizer = BytePairTokenizer()
    for token_id in [*range(0, 199_998, 997), 199_997, *tokenizer.encode(" unbelievably 😀 naïve 猫").ids]:
        tree = tokenizer.merge_tree(token_id)
        waiting = [tree]
        while waiting:
            each = waiting.pop()
            if each.parts:
                left, right = each.parts
                assert left.piece + right.piece == each.piece
                assert max(left.rank, right.rank) < each.rank
            else:
                assert len(each.piece) == 1
            waiting += each.parts
        assert tree.steps[-1].pieces == (tree.piece,)
        assert len(tree.steps) == len(tree.piece)


@pytest.mark.parametrize("token_id", [199_998, 200_005, 200_019, -1])
def test_an_id_without_a_token_has_no_merges(token_id):
    with pytest.raises(InvalidInput):
        BytePairTokenizer().merge_tree(token_id)


@pytest.mark.parametrize("token_id", [199_999, 200_018])
def test_a_special_token_has_no_merges(token_id):
    with pytest.raises(InvalidInput, match="put there by hand"):
        BytePairTokenizer().merge_tree(token_id)


@given(text=st.one_of(ANY, FEW_LETTERS))
def test_the_saved_file_gives_the_same_ids_elsewhere(text):
    from tokenizers import Tokenizer

    training = train_bpe(SELLS + "naïve 😀😀😀", 100)
    elsewhere = Tokenizer.from_str(training.as_tokenizer_json())
    assert tuple(elsewhere.encode(SELLS + text).ids) == training.tokenizer().encode(SELLS + text).ids
    assert elsewhere.decode(elsewhere.encode(SELLS).ids) == SELLS


def test_what_does_not_work_is_refused(monkeypatch):
    with pytest.raises(InvalidInput, match="half of a pair"):
        train_bpe("cat\ud83d", 5)
    with pytest.raises(InvalidInput, match=r"from at most 4,000,000\.$"):
        train_bpe("a" * (MAX_TRAINING_CHARACTERS + 1), 5)
    with pytest.raises(InvalidInput, match="The number of merges must be"):
        train_bpe(SELLS, -1)
    with pytest.raises(InvalidInput, match="The number of merges must be"):
        train_bpe(SELLS, 5).tokenizer(6)
    monkeypatch.setattr("embeddings.common.memory.allowed_bytes", lambda: 10)
    with pytest.raises(TooLarge):
        train_bpe(SELLS, 5)


def test_it_says_how_far_it_is_and_stops_when_it_is_told_to():
    told = []

    def stop(fraction, message):
        told.append(message)
        if fraction > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_bpe("".join(f"{number} " for number in range(2_000)), 100, report=stop)
    assert told[0] == "Counting words"
    assert told[-1] == "60 of 100 pairs merged"


@pytest.mark.parametrize("name", HARD_TEXTS)
def test_a_long_text_takes_a_time_that_grows_with_its_length_alone(name):
    text = HARD_TEXTS[name] * (20_000 // len(HARD_TEXTS[name]))
    milliseconds(lambda: train_bpe(text, 300))
    _, short = milliseconds(lambda: train_bpe(text, 300))
    _, long = milliseconds(lambda: train_bpe(text * 4, 300))
    assert long < 16 * short + 500


def test_all_bytes_come_first():
    assert sorted(BYTE_ORDER) == list(range(256))
    assert bytes(BYTE_ORDER[:3]) == b'!"#'
