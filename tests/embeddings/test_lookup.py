import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from embeddings import lookup
from embeddings.errors import InvalidInput, TooLarge
from embeddings.lookup import BUILD, EMBEDDING, FORWARD, LINEAR, MATMUL, WAYS, check_identity, devices, sweep, time_ways

QUICK = 0.001  # seconds; the least that gives a measurement
SMALLEST_TABLE = np.arange(20, dtype=np.float32).reshape(4, 5)


@st.composite
def tables_and_ids(draw):
    V, D = draw(st.integers(1, 30)), draw(st.integers(1, 16))
    W = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).normal(size=(V, D)).astype(np.float32)
    return W, draw(st.lists(st.integers(0, V - 1), min_size=1, max_size=20))


@pytest.fixture
def little_memory(monkeypatch):
    monkeypatch.setattr(lookup, "allowed_bytes", lambda device: 1_000)


@given(tables_and_ids())
def test_the_three_ways_give_the_tables_rows(case):
    W, ids = case

    identity = check_identity(W, ids)

    assert identity.outputs.shape == (3, len(ids), W.shape[1])
    assert all(np.array_equal(output, W[ids]) for output in identity.outputs)
    assert identity.largest_difference == 0


@given(tables_and_ids())
def test_the_three_gradients_reach_only_the_rows_used_and_repeats_add_up(case):
    W, ids = case
    expected = np.zeros_like(W)
    np.add.at(expected, ids, 2 * W[ids])  # of the sum of squares

    identity = check_identity(W, ids)

    assert identity.gradients.shape == (3, *W.shape)
    assert all(gradient == pytest.approx(expected, rel=1e-5, abs=1e-5) for gradient in identity.gradients)
    assert not identity.gradients[:, np.setdiff1d(np.arange(len(W)), ids)].any()
    assert identity.largest_gradient_difference == pytest.approx(0, abs=1e-4)


def test_three_rows_of_a_small_table_come_three_times_the_same():
    identity = check_identity(SMALLEST_TABLE, [2, 3, 1])

    assert identity.outputs.tolist() == [SMALLEST_TABLE[[2, 3, 1]].tolist()] * 3


def test_an_id_given_three_times_gets_three_times_the_gradient():
    once, thrice = check_identity(SMALLEST_TABLE, [2]), check_identity(SMALLEST_TABLE, [2, 2, 2])

    assert once.gradients[:, 2].all()
    assert np.array_equal(thrice.gradients, 3 * once.gradients)


def test_a_way_that_went_astray_would_be_seen(monkeypatch):
    right = torch.nn.functional.embedding
    monkeypatch.setattr(torch.nn.functional, "embedding", lambda index, table: right(index, table) + 0.5)

    identity = check_identity(SMALLEST_TABLE, [2, 3, 1])

    assert identity.largest_difference == 0.5
    assert identity.largest_gradient_difference == 1


def test_checking_leaves_the_table_as_it_was():
    W = SMALLEST_TABLE.copy()
    W.flags.writeable = False

    check_identity(W, [0, 0, 3])

    assert np.array_equal(W, SMALLEST_TABLE)


@pytest.mark.parametrize(
    ("W", "ids", "sentence"),
    [
        (SMALLEST_TABLE, [], "Give at least one id"),
        (SMALLEST_TABLE, [4], "id 4 is outside the vocabulary"),
        (SMALLEST_TABLE, [0.5], "ids must be whole numbers"),
        ([[1, np.nan]], [0], "W: there is NaN"),
        ([1, 2], [0], "W must be a table"),
    ],
)
def test_what_cannot_be_looked_up_is_refused(W, ids, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        check_identity(W, ids)


def test_checking_more_than_fits_in_memory_is_refused_before_it_begins(little_memory, monkeypatch):
    monkeypatch.setattr(torch.nn.functional, "one_hot", lambda *_: pytest.fail("allocated"))

    with pytest.raises(TooLarge, match="Three tables of 100 × 5") as caught:
        check_identity(np.ones((100, 5)), [1, 2])

    assert caught.value.needed > caught.value.allowed == 1_000


def test_timing_yields_each_way_and_the_building_of_the_rows():
    timings = list(time_ways(50, 8, 4, min_run_seconds=QUICK))

    assert [(timing.way, timing.phase) for timing in timings] == [
        (EMBEDDING, FORWARD),
        (BUILD, BUILD),
        (MATMUL, FORWARD),
        (LINEAR, FORWARD),
    ]
    assert {timing.way for timing in timings if timing.phase == FORWARD} == set(WAYS)


def test_each_timing_says_what_was_measured_and_where():
    for timing in time_ways(50, 8, 4, min_run_seconds=QUICK):
        assert (timing.vocabulary_size, timing.dimension, timing.batch) == (50, 8, 4)
        assert (timing.device, timing.threads) == ("cpu", 1)


def test_each_timing_has_its_quartiles_around_its_median():
    for timing in time_ways(50, 8, 4, min_run_seconds=QUICK):
        assert 0 < timing.lower_quartile <= timing.median <= timing.upper_quartile
        assert timing.runs >= 1


def test_the_four_calls_that_are_timed_do_what_their_names_say(monkeypatch):
    from torch.utils import benchmark

    results = []

    class Measurement:
        times = (3.0, 1.0, 2.0, 5.0, 4.0)
        number_per_run = 1

    class Timer:
        def __init__(self, stmt, globals, num_threads):
            results.append(eval(stmt, globals))

        def blocked_autorange(self, min_run_time):
            return Measurement

    monkeypatch.setattr(benchmark, "Timer", Timer)

    timings = list(time_ways(7, 3, 5))
    rows, (looked_up, one_hot, product, layer) = results[1], results

    assert one_hot.shape == (5, 7)
    assert rows.sum(dim=1).tolist() == [1] * 5
    assert torch.equal(looked_up, product)
    assert torch.equal(looked_up, layer)
    assert {(t.lower_quartile, t.median, t.upper_quartile, t.runs) for t in timings} == {(2, 3, 4, 5)}


def test_timing_is_measured_one_way_at_a_time():
    timings = time_ways(50, 8, 4, min_run_seconds=QUICK)

    assert next(timings).way == EMBEDDING
    timings.close()

    assert list(timings) == []


def test_timing_more_than_fits_in_memory_is_refused_before_it_begins(little_memory, monkeypatch):
    monkeypatch.setattr(torch, "randn", lambda *_, **__: pytest.fail("allocated"))

    with pytest.raises(TooLarge, match="One-hot rows of 4 × 50 and a table of 50 × 8") as caught:
        next(time_ways(50, 8, 4))

    assert caught.value.allowed == 1_000


def test_timing_on_a_device_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(InvalidInput, match=r"^torch finds no 'abacus' here\. It finds: cpu"):
        next(time_ways(50, 8, 4, device="abacus"))


def test_the_processor_is_always_a_device():
    assert devices()[0] == "cpu"


@pytest.mark.parametrize(
    ("V", "D", "B", "name"),
    [
        (0, 8, 4, "The vocabulary size"),
        (1_000_001, 8, 4, "The vocabulary size"),
        (50, 0, 4, "The dimension"),
        (50, 4_097, 4, "The dimension"),
        (50, 8, 0, "The batch"),
        (50, 8, 8_193, "The batch"),
        (50.0, 8, 4, "The vocabulary size"),
    ],
)
def test_timing_a_size_out_of_range_is_refused(V, D, B, name):
    with pytest.raises(InvalidInput, match=f"^{name} must be a whole number from 1 to"):
        next(time_ways(V, D, B))


@pytest.fixture
def measured(monkeypatch):
    """Vocabulary sizes as ``sweep`` has them measured, and "closed" when one is left unfinished."""
    log = []

    def time_one(V, D, B, device, min_run_seconds):
        log.append(V)
        try:
            yield from (f"{V} first", f"{V} second")
        except GeneratorExit:
            log.append("closed")
            raise

    monkeypatch.setattr(lookup, "time_ways", time_one)
    return log


def test_a_sweep_goes_from_the_smallest_size_to_the_largest(measured):
    timings = list(sweep([30, 10, 20], 8, 4))

    assert measured == [10, 20, 30]
    assert timings[:3] == ["10 first", "10 second", "20 first"]


def test_a_sweep_measures_no_further_than_it_is_asked_and_can_be_left(measured):
    timings = sweep([10, 20], 8, 4)

    assert measured == []
    assert next(timings) == "10 first"
    timings.close()

    assert measured == [10, "closed"]


def test_a_sweep_whose_largest_size_cannot_fit_does_not_start(measured, monkeypatch):
    monkeypatch.setattr(lookup, "allowed_bytes", lambda device: lookup.timing_bytes(999, 8, 4))

    with pytest.raises(TooLarge, match="4 × 1,000"):
        next(sweep([10, 1_000], 8, 4))

    assert measured == []


def test_a_sweep_over_no_size_is_refused():
    with pytest.raises(InvalidInput, match="at least one vocabulary size"):
        next(sweep([], 8, 4))


def test_a_sweep_times_real_tables():
    timings = list(sweep([20, 10], 8, 4, min_run_seconds=QUICK))

    assert [timing.vocabulary_size for timing in timings] == [10] * 4 + [20] * 4
    assert all(timing.median > 0 for timing in timings)
