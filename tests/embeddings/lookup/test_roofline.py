import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput
from embeddings.lookup import (
    BACKWARD,
    EMBEDDING,
    FORWARD,
    LINEAR,
    MATMUL,
    PHASES,
    SPARSE,
    VARIANTS,
    Roofline,
    Sweep,
    Timing,
    Workload,
    attainable,
    cost,
    measure_roofline,
    roofline_fraction,
)
from embeddings.lookup.hardware import _in_bytes, cache_bytes, largest_cache, this_machine
from embeddings.lookup.workloads import bytes_held, prepare

ROOF = Roofline("cpu", "float32", 1, bandwidth=1e10, peak=1e11, call_seconds=1e-6, streamed_bytes=10**9)
ALL_CURVES = [(p.variant, p.phase) for p in Sweep((7,), variants=(*VARIANTS, SPARSE), phases=PHASES).points()]
CURVES = st.sampled_from(ALL_CURVES)
SIZES = st.tuples(*[st.integers(1, 10_000)] * 3)


def point(variant, phase, V=1_000, D=64, B=32, **options):
    return Workload(variant, phase, V, D, B, "cpu", 1, **options)


@given(SIZES)
def test_a_product_multiplies_and_adds_once_for_each_cell_of_the_one_hot_rows_and_column(size):
    V, D, B = size

    for variant in (MATMUL, LINEAR):
        for phase in (FORWARD, BACKWARD):
            assert cost.flops(variant, phase, V, D, B) == 2 * B * V * D
    assert cost.flops(EMBEDDING, FORWARD, V, D, B) == 0


@given(SIZES)
def test_of_a_lookup_only_the_dense_gradient_grows_with_the_vocabulary(size):
    V, D, B = size

    def growth(variant, phase):
        return cost.bytes_moved(variant, phase, 2 * V, D, B, 4) - cost.bytes_moved(variant, phase, V, D, B, 4)

    assert growth(EMBEDDING, FORWARD) == growth(SPARSE, BACKWARD) == 0
    assert growth(EMBEDDING, BACKWARD) == 4 * V * D


def test_one_hot_rows_of_gpt_2_and_a_large_batch_are_gigabytes():
    assert cost.call_bytes(MATMUL, FORWARD, 50_257, 768, 8_192, 4) == pytest.approx(1.647e9, rel=1e-3)


@given(CURVES, SIZES)
def test_numbers_of_half_the_bytes_take_at_most_as_many(curve, size):
    assert point(*curve, *size, dtype="bfloat16").bytes_moved <= point(*curve, *size).bytes_moved


@pytest.mark.parametrize("way_and_phase", ALL_CURVES)
def test_what_is_counted_as_held_is_what_torch_allocates_at_most(way_and_phase):
    asked = point(*way_and_phase)
    with torch.profiler.profile(profile_memory=True) as profile:
        call = prepare(asked)
        call()

    pieces = [event.nbytes() for event in profile.profiler.kineto_results.events() if event.name() == "[memory]"]
    peak = int(np.cumsum(pieces).max())
    assert 0.7 * peak <= bytes_held(asked) <= 1.3 * peak


@given(CURVES, SIZES)
def test_the_attainable_time_is_the_longest_of_its_three_bounds(curve, size):
    asked = point(*curve, *size)

    bounds = asked.bytes_moved / 1e10, asked.flops / 1e11, 1e-6

    assert attainable(asked, ROOF) == max(bounds)


def test_a_timing_on_the_roof_is_at_one_and_slower_ones_below():
    def timing(seconds):
        return Timing(MATMUL, FORWARD, 10_000, 64, 64, "cpu", 1, *[seconds] * 3, 30)

    on_the_roof = attainable(timing(1.0), ROOF)

    assert roofline_fraction(timing(on_the_roof), ROOF) == pytest.approx(1)
    assert roofline_fraction(timing(4 * on_the_roof), ROOF) == pytest.approx(0.25)


def test_a_measured_roofline_is_of_this_machine(monkeypatch):
    monkeypatch.setattr("embeddings.lookup.roofline.MAX_STREAM", 10**6)
    monkeypatch.setattr("embeddings.lookup.roofline.SIDES", (("cpu", 64),))

    roofline = measure_roofline(min_run_seconds=0.001)

    assert (roofline.device, roofline.dtype, roofline.threads) == ("cpu", "float32", 1)
    assert roofline.streamed_bytes == 3 * 10**6
    assert min(roofline.bandwidth, roofline.peak, roofline.call_seconds) > 0


def test_the_best_of_the_runs_is_the_roof(monkeypatch):
    """Bytes and operations over the seconds that the best run took."""
    monkeypatch.setattr(
        "embeddings.lookup.roofline._best_seconds", lambda call, threads, seconds: call() is None or 2.0
    )
    monkeypatch.setattr("embeddings.lookup.roofline.SIDES", (("cpu", 64),))

    roofline = measure_roofline()

    assert roofline.bandwidth == roofline.streamed_bytes / 2.0  # the triad's three arrays
    assert roofline.peak == 2 * 64**3 / 2.0


@pytest.mark.parametrize("wrong", [{"device": "abacus"}, {"dtype": "int8"}, {"threads": 0}])
def test_a_roofline_of_what_is_not_there_is_refused(wrong):
    with pytest.raises(InvalidInput):
        measure_roofline(**wrong)


def test_the_largest_cache_that_linux_lists_counts(tmp_path):
    for index, size in enumerate(("48K", "2048K", "480M")):
        (tmp_path / f"index{index}").mkdir()
        (tmp_path / f"index{index}" / "size").write_text(f"{size}\n")

    assert largest_cache(tmp_path) == 480 * 2**20
    assert largest_cache(tmp_path / "nowhere") == 0
    assert _in_bytes("512") == 512


def test_a_machine_has_its_facts():
    machine = this_machine()

    assert machine.cache_bytes == cache_bytes() > 0
    assert machine.torch == torch.__version__
    assert machine.accelerator == ""
    assert machine.cores >= 1
