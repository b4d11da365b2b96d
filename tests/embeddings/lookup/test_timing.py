import gc
import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.benchmark import Timer

from embeddings.common.errors import InvalidInput
from embeddings.lookup import (
    BACKWARD,
    BUILD,
    DTYPES,
    EMBEDDING,
    FORWARD,
    ID_DISTRIBUTIONS,
    LINEAR,
    MATMUL,
    MEMORY,
    PHASES,
    SPARSE,
    STEP,
    TIME,
    VARIANTS,
    Extrapolated,
    Roofline,
    Sweep,
    Timing,
    Workload,
    devices,
    measure,
)
from embeddings.lookup.workloads import bytes_held, draw_ids, prepare, rotation

QUICK = 0.001  # seconds; the least that gives a measurement
TABLE = np.arange(21, dtype=np.float32).reshape(7, 3)


def quick(sizes, **options):
    return Sweep(sizes, **{"D": 8, "B": 4, "min_run_seconds": QUICK} | options)


def point(variant=EMBEDDING, phase=FORWARD, V=7, D=3, B=5, **options):
    return Workload(variant, phase, V, D, B, "cpu", 1, **options)


def result(made_by):
    found = made_by()
    return found[0] if isinstance(found, tuple) else found


@pytest.fixture
def allowed(monkeypatch):
    return lambda count: monkeypatch.setattr("embeddings.lookup.timing.allowed_bytes", lambda device: count)


@pytest.fixture
def little_cache(monkeypatch):
    monkeypatch.setattr("embeddings.lookup.workloads.cache_bytes", lambda device: 10_000)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_forward_call_gives_the_rows_of_its_ids(variant, dtype):
    asked = point(variant, dtype=dtype)
    ids = draw_ids(asked)[0]

    output = result(prepare(asked, TABLE))

    assert output.dtype == getattr(torch, dtype)
    assert output.float().numpy().tolist() == TABLE[ids].tolist()


def test_the_building_call_gives_one_hot_rows_of_the_type_that_the_product_takes():
    asked = point(BUILD, BUILD, dtype="bfloat16")

    rows = result(prepare(asked))

    assert (rows.shape, rows.dtype) == ((5, 7), torch.bfloat16)
    assert rows.argmax(dim=1).tolist() == draw_ids(asked)[0].tolist()


@pytest.mark.parametrize("variant", [*VARIANTS, SPARSE])
def test_every_backward_call_gives_the_gradient_of_the_table_time_and_again(variant):
    asked = point(variant, BACKWARD)
    expected = np.repeat(np.bincount(draw_ids(asked)[0], minlength=7)[:, None], 3, axis=1)  # of the sum of outputs
    call = prepare(asked, TABLE)

    for gradient in (result(call), result(call)):
        assert gradient.is_sparse == (variant == SPARSE)
        gradient = gradient.to_dense() if variant == SPARSE else gradient
        assert (gradient.T if variant == LINEAR else gradient).tolist() == expected.tolist()


@pytest.mark.parametrize("variant", [*VARIANTS, SPARSE])
def test_every_step_changes_what_its_gradient_covers(variant, monkeypatch):
    changed = []
    sgd = torch.optim.SGD
    monkeypatch.setattr(torch.optim, "SGD", lambda weights, lr: changed.extend(weights) or sgd(weights, lr=1.0))
    asked = point(variant, STEP)

    prepare(asked, TABLE)()

    change = TABLE - (changed[0].T if variant == LINEAR else changed[0]).detach().numpy()
    used = np.bincount(draw_ids(asked)[0], minlength=7) if variant == SPARSE else np.ones(7)
    assert change == pytest.approx(np.repeat(used[:, None], 3, axis=1))


def test_measuring_leaves_the_given_table_as_it_was():
    W = np.ones((7, 3), dtype=np.float32)
    W.flags.writeable = False

    list(measure(quick((7,), D=3, phases=PHASES, variants=(*VARIANTS, SPARSE)), W))

    assert (W == 1).all()


@given(st.sampled_from(ID_DISTRIBUTIONS), st.integers(1, 50), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_ids_are_rows_of_the_table_and_the_same_for_the_same_seed(ids, V, B, seed):
    asked = point(V=V, B=B, id_distribution=ids)

    drawn = draw_ids(asked, 3, seed)

    assert drawn.shape == (3, B)
    assert drawn.min() >= 0
    assert drawn.max() < V
    assert np.array_equal(drawn, draw_ids(asked, 3, seed))


def test_repeated_ids_are_one_id_and_zipfs_fall_off_as_one_in_the_rank():
    repeated, zipf = (draw_ids(point(V=1_000, B=8_000, id_distribution=ids))[0] for ids in ("repeated", "zipf"))
    counts = np.bincount(zipf, minlength=1_000)

    assert len(set(repeated)) == 1
    assert counts[0] / counts[1] == pytest.approx(2, rel=0.15)
    assert counts[0] / counts[9] == pytest.approx(10, rel=0.3)


def test_a_hot_point_takes_the_same_memory_each_time():
    assert rotation(point()) == (1, 1)


def test_cold_points_go_over_twice_the_cache_before_they_come_back(little_cache):
    sweep = quick((50,), phases=PHASES, variants=(*VARIANTS, SPARSE), cold=True)

    for timing in measure(sweep):
        tables, calls = rotation(timing)
        assert 1 <= tables <= calls
        assert timing.rotated_bytes >= 20_000


def test_cold_lookups_take_other_ids_and_tables_each_time(little_cache):
    asked = point(V=50, D=8, B=4, cold=True)
    call = prepare(asked)
    tables, calls = rotation(asked)

    outputs = [call() for _ in range(calls)]

    assert tables == 13  # 20,000 bytes of tables of 1,600
    assert len({tuple(output.flatten().tolist()) for output in outputs}) == calls
    assert torch.equal(call(), outputs[0])


def test_of_calls_so_small_that_no_number_would_fill_the_cache_there_are_not_too_many(monkeypatch):
    monkeypatch.setattr("embeddings.lookup.workloads.cache_bytes", lambda device: 10**9)

    assert rotation(point(V=4, cold=True))[1] == 20_000


def test_a_plan_yields_its_points_in_order_each_with_what_was_measured():
    sweep = quick((10, 20), phases=PHASES, variants=(*VARIANTS, SPARSE))

    timings = list(measure(sweep))

    for timing, planned in zip(timings, sweep.points(), strict=True):
        assert (timing.variant, timing.phase, timing.size) == (planned.variant, planned.phase, planned.size)
        assert 0 < timing.lower_quartile <= timing.median <= timing.upper_quartile
        assert 1 <= timing.blocks <= timing.runs


def test_a_measurement_is_quiet_runs_on_the_threads_asked_for_and_leaves_all_as_it_was(monkeypatch):
    seen, threads = set(), torch.get_num_threads()
    embed = torch.nn.functional.embedding

    def watched(*arguments):
        seen.add((gc.isenabled(), torch.get_num_threads()))
        return embed(*arguments)

    monkeypatch.setattr(torch.nn.functional, "embedding", watched)
    list(measure(quick((10,), variants=(EMBEDDING,), threads=threads + 1)))

    assert seen == {(False, threads + 1)}
    assert (gc.isenabled(), torch.get_num_threads()) == (True, threads)


def test_a_point_is_disturbed_when_its_quartiles_are_far_apart():
    def timing(lower, upper):
        return Timing(EMBEDDING, FORWARD, 4, 5, 3, "cpu", 1, 1.0, lower, upper, 30)

    assert timing(0.9, 1.2).noisy
    assert not timing(0.9, 1.09).noisy
    assert timing(0.9, 1.2).relative_iqr == pytest.approx(0.3)


def test_a_sweep_is_left_between_any_two_points():
    timings = measure(quick((10, 20)))

    assert next(timings).variant == EMBEDDING
    timings.close()

    assert list(timings) == []


def test_what_would_not_fit_in_memory_is_not_tried_and_foretold(allowed, monkeypatch):
    allowed(30_000)
    held = bytes_held(point(MATMUL, V=10_000, D=8, B=4))

    outcomes = list(measure(quick((10, 100, 1_000, 10_000), variants=(MATMUL,), phases=(FORWARD,))))

    assert [type(outcome) for outcome in outcomes] == [Timing, Timing, Extrapolated, Extrapolated]
    assert outcomes[3].reason == MEMORY
    assert (outcomes[3].needed_bytes, outcomes[3].allowed_bytes) == (held, 30_000)
    assert outcomes[3].seconds > 0


def test_nothing_is_allocated_for_a_point_that_would_not_fit(allowed, monkeypatch):
    allowed(1_000)
    for name in ("empty", "zeros"):
        monkeypatch.setattr(torch, name, lambda *_, **__: pytest.fail("allocated"))

    outcomes = list(measure(quick((50,), phases=PHASES, variants=(*VARIANTS, SPARSE))))

    assert {(outcome.reason, outcome.seconds) for outcome in outcomes} == {(MEMORY, None)}


def test_a_lookup_goes_on_where_one_hot_rows_would_not_fit(allowed):
    allowed(200_000)

    outcomes = list(measure(quick((1_000,), B=100)))

    assert [(outcome.variant, type(outcome)) for outcome in outcomes] == [
        (EMBEDDING, Timing),
        (BUILD, Extrapolated),
        (MATMUL, Extrapolated),
        (LINEAR, Extrapolated),
    ]


def test_what_would_take_longer_than_its_budget_is_foretold_from_the_roofline():
    slow = Roofline("cpu", "float32", 1, bandwidth=1.0, peak=1.0, call_seconds=1e-6, streamed_bytes=1)

    outcomes = list(measure(quick((100,), variants=(MATMUL,), phases=(FORWARD,)), roofline=slow))

    assert [(outcome.reason, outcome.seconds) for outcome in outcomes] == [(TIME, 2 * 4 * 100 * 8)]


def test_what_would_take_longer_than_its_budget_is_foretold_from_smaller_sizes(monkeypatch):
    seconds = iter([1.0, 10.0])

    def measured(point, sweep, call):
        return Timing(*planned_fields(point), *[next(seconds)] * 3, 5)

    monkeypatch.setattr("embeddings.lookup.timing._measured", measured)
    outcomes = list(measure(quick((10, 100, 1_000), variants=(MATMUL,), phases=(FORWARD,), budget_seconds=100)))

    assert outcomes[2].reason == TIME
    assert outcomes[2].seconds == pytest.approx(100)


def planned_fields(point):
    return point.variant, point.phase, *point.size, point.device, point.threads


def test_a_device_that_runs_out_of_memory_all_the_same_gives_a_foretold_point(monkeypatch):
    def no_memory(*_):
        raise torch.OutOfMemoryError("too scattered")

    monkeypatch.setattr("embeddings.lookup.timing.prepare", no_memory)

    assert {outcome.reason for outcome in measure(quick((10,)))} == {MEMORY}


def test_a_call_that_fills_its_budget_is_measured_as_often_as_the_budget_lets(monkeypatch):
    """By a clock that goes on by a second with each call."""
    seconds, right, made = itertools.count(), torch.nn.functional.embedding, Timer.__init__
    clock = [0.0]

    def one_second(*arguments):
        clock[0] = 1.0 + next(seconds)
        return right(*arguments)

    monkeypatch.setattr(torch.nn.functional, "embedding", one_second)
    monkeypatch.setattr(Timer, "__init__", lambda *given, **named: made(*given, **named, timer=lambda: clock[0]))

    def measured(budget):
        return next(measure(quick((10,), variants=(EMBEDDING,), budget_seconds=budget)))

    assert (measured(4.0).runs, measured(7.0).runs, measured(100.0).runs) == (1, 3, 5)
    assert measured(100.0).median == 1


@pytest.mark.parametrize(
    ("table", "sweep"),
    [
        (np.ones((7, 3)), quick((8,), D=3)),
        (np.ones((7, 3)), quick((7,), D=4)),
        (np.ones((7, 3)), quick((3,), over="D", V=7)),
        ([[np.nan]], quick((1,), D=1)),
    ],
)
def test_a_table_that_does_not_fit_the_plan_is_refused(table, sweep):
    with pytest.raises(InvalidInput, match="table"):
        next(measure(sweep, table))


def test_timing_yields_each_way_and_the_building_of_the_rows():
    timings = list(measure(quick((50,))))

    assert [(timing.variant, timing.phase) for timing in timings] == [
        (EMBEDDING, FORWARD),
        (BUILD, BUILD),
        (MATMUL, FORWARD),
        (LINEAR, FORWARD),
    ]
    assert {(timing.size, timing.device, timing.threads) for timing in timings} == {((50, 8, 4), "cpu", 1)}


def test_a_sweep_goes_from_the_smallest_size_to_the_largest():
    timings = list(measure(quick((20, 10))))

    assert [timing.vocabulary_size for timing in timings] == [10] * 4 + [20] * 4


def test_of_a_size_that_cannot_fit_nothing_is_prepared(allowed, monkeypatch):
    allowed(bytes_held(point(BUILD, BUILD, V=999, D=8, B=4)))
    prepared = []

    def watched(point, *more):
        prepared.append(point.vocabulary_size)
        return prepare(point, *more)

    monkeypatch.setattr("embeddings.lookup.timing.prepare", watched)
    outcomes = list(measure(quick((10, 1_000), phases=(BUILD,))))

    assert prepared == [10]
    assert outcomes[1].reason == MEMORY


def test_a_sweep_over_no_size_is_refused():
    with pytest.raises(InvalidInput, match="from one to 100 sizes"):
        quick(())


def test_timing_on_a_device_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(InvalidInput, match=r"^torch finds no 'abacus' here\. It finds: cpu"):
        next(measure(quick((50,), device="abacus")))


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
        quick((V,), D=D, B=B)
