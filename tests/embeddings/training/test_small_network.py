import numpy as np
import pytest
import torch

from embeddings.common.errors import InvalidInput, UnknownToken
from embeddings.similarity.neighbors import cosine_similarities
from embeddings.tokenizers.vocabulary import Vocabulary
from embeddings.training.small_network import (
    MAX_VOCABULARY,
    count_pairs,
    cross_entropy,
    first_step,
    neighbors_of,
    shared_neighbors,
    train,
    train_in_steps,
)

TEXT = "the cat drinks milk\nthe dog drinks water\nthe king wears a crown\nthe queen wears a crown"


def test_pairs_are_counted_within_a_line_and_a_window():
    vocabulary = Vocabulary(["a", "b", "c"])
    assert count_pairs([["a", "b", "c"], ["c"]], vocabulary, 1).tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    assert count_pairs([["a", "b", "c"]], vocabulary, 2).tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]


def test_shared_neighbours_stand_beside_both_words():
    assert shared_neighbors(TEXT, "king", "queen") == ("a", "the", "wears")
    assert shared_neighbors(TEXT, "milk", "crown") == ()
    assert shared_neighbors("a b\nc", "a", "c") == ()
    with pytest.raises(UnknownToken):
        shared_neighbors(TEXT, "king", "zebra")


def test_training_lowers_the_loss_to_near_what_the_pairs_allow():
    network = train(TEXT, D=8, steps=3_000)
    pairs = count_pairs([line.split() for line in TEXT.splitlines()], network.vocabulary, 2)
    given = pairs / pairs.sum(axis=1, keepdims=True)
    least = -(pairs / pairs.sum() * np.log(np.where(given > 0, given, 1))).sum()
    assert network.losses[0] > network.losses[-1] >= least - 1e-6
    assert network.losses[-1] - least < 0.05


def test_words_used_alike_get_vectors_alike():
    network = train(TEXT, D=3)
    cosines = cosine_similarities(network.W)
    king, queen, milk = (network.vocabulary.id(word) for word in ("king", "queen", "milk"))
    assert cosines[king, queen] > 0.9 > cosines[king, milk]


def test_probabilities_are_the_softmax_of_the_words_row_times_u():
    network = train(TEXT, steps=5)
    scores = network.W[network.vocabulary.id("cat")] @ network.U
    assert network.probabilities("cat") == pytest.approx(np.exp(scores) / np.exp(scores).sum(), abs=1e-6)
    with pytest.raises(UnknownToken):
        network.probabilities("zebra")


def test_the_same_seed_gives_the_same_table_and_it_is_read_only():
    assert (train(TEXT).W == train(TEXT).W).all()
    assert (train(TEXT).W != train(TEXT, seed=1).W).any()
    with pytest.raises(ValueError, match="read-only"):
        train(TEXT).W[0, 0] = 1


def test_a_training_can_be_looked_at_on_its_way():
    networks = train_in_steps(TEXT, [0, 10, 100])
    for steps, network in zip([0, 10, 100], networks, strict=True):
        alone = train(TEXT, steps=steps)
        assert (network.W == alone.W).all()
        assert (network.U == alone.U).all()
        assert network.losses == alone.losses
        assert len(network.losses) == steps + 1
    assert networks[0].losses[-1] > networks[1].losses[-1] > networks[2].losses[-1]


@pytest.mark.parametrize("steps", [[], [10, 0], [1, 1], [-1], [0, 5_001]])
def test_steps_that_do_not_rise_or_are_out_of_range_are_refused(steps):
    with pytest.raises(InvalidInput, match="steps"):
        train_in_steps(TEXT, steps)


@pytest.mark.parametrize("text", ["", "word", "one\ntwo", " ".join(f"w{n}" for n in range(MAX_VOCABULARY + 1))])
def test_nothing_to_learn_and_too_much_are_refused(text):
    with pytest.raises(InvalidInput):
        train(text)


def test_the_cross_entropy_of_a_guess_that_knows_nothing_is_the_logarithm_of_the_number_of_words():
    shares = np.full((4, 4), 1 / 16)

    assert cross_entropy(shares, np.full((4, 4), 1 / 4)) == pytest.approx(np.log(4))


@pytest.mark.parametrize(("word", "target"), [("cat", "drinks"), ("the", "the"), ("a", "crown")])
def test_the_first_step_by_hand_is_what_torch_makes_of_it(word, target):
    network = train(TEXT, steps=0)
    step = first_step(network, word, target, rate=0.5)
    embedding = torch.nn.Embedding.from_pretrained(torch.tensor(network.W, dtype=torch.float64), freeze=False)
    U = torch.tensor(network.U, dtype=torch.float64, requires_grad=True)
    ids = [torch.tensor([network.vocabulary.id(each)]) for each in (word, target)]
    optimiser = torch.optim.SGD([embedding.weight, U], lr=0.5)

    logits = embedding(ids[0]) @ U
    loss = torch.nn.functional.cross_entropy(logits, ids[1])
    loss.backward()
    gradients = embedding.weight.grad.clone(), U.grad.clone()
    optimiser.step()

    assert step.logits == pytest.approx(logits[0].detach().numpy())
    assert step.probabilities == pytest.approx(logits.softmax(dim=1)[0].detach().numpy())
    assert step.loss == pytest.approx(loss.item())
    assert np.allclose(step.gradient_of_U, gradients[1])
    assert np.allclose(step.gradient_of_row, gradients[0][ids[0]])
    assert torch.nonzero(gradients[0].any(dim=1)).flatten().tolist() == ids[0].tolist()
    assert np.allclose(step.new_row, embedding.weight.detach()[ids[0]])
    assert np.allclose(step.new_U, U.detach())
    after = torch.nn.functional.cross_entropy(embedding(ids[0]) @ U, ids[1])
    assert step.new_loss == pytest.approx(after.item())


def test_one_step_by_hand_needs_words_that_are_there_and_a_rate():
    network = train(TEXT, steps=0)
    for words in (("zebra", "cat"), ("cat", "zebra")):
        with pytest.raises(UnknownToken):
            first_step(network, *words)
    for rate in (0, -1, float("nan"), 101):
        with pytest.raises(InvalidInput, match="learning rate"):
            first_step(network, "cat", "the", rate)


def test_the_words_near_a_word_are_those_that_it_was_paired_with():
    assert neighbors_of(TEXT, "king") == ("a", "the", "wears")
    assert neighbors_of("a b\nc", "c") == ()
    with pytest.raises(UnknownToken):
        neighbors_of(TEXT, "zebra")
