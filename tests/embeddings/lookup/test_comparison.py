"""The ways beside each other: how each grows, how far apart they are, and which is the faster where."""

from dataclasses import replace

import pytest

from embeddings.lookup import (
    BACKWARD,
    BUILD,
    EMBEDDING,
    FORWARD,
    MATMUL,
    MEMORY,
    STEP,
    Extrapolated,
    Sweep,
    Timing,
    crossover,
    faster_at,
    matmul_faster_at,
    sizes_beside,
    slopes,
    time_ratio,
)


def timing(variant: str, V: int, median: float, phase: str = FORWARD) -> Timing:
    """A point that nothing disturbed."""
    return Timing(variant, phase, V, 8, 4, "cpu", 1, median, median, median, 10)


def curve(variant: str, sizes: tuple[int, ...], seconds: tuple[float, ...]) -> list[Timing]:
    return [timing(variant, V, each) for V, each in zip(sizes, seconds, strict=True)]


def test_disturbed_points_have_no_part_in_a_slope_and_few_points_give_none():
    sweep = Sweep((1_000, 3_000, 10_000, 30_000))
    timings = [timing(MATMUL, V, 1e-6 * V) for V in sweep.sizes[:3]]
    wild = replace(timing(MATMUL, 30_000, 1.0), upper_quartile=2.0)

    assert slopes([*timings, wild], sweep, FORWARD) == {MATMUL: pytest.approx(1)}
    assert slopes([*timings[:2], wild], sweep, FORWARD)[MATMUL] > 1.5  # too few others
    assert slopes(timings[:2], sweep, FORWARD) == {}


def test_one_hot_rows_have_a_slope_beside_those_of_any_phase():
    sweep = Sweep((1_000, 3_000, 10_000))
    built = [replace(timing(BUILD, V, 1e-9 * V**2), phase=BUILD) for V in sweep.sizes]
    backward = [timing(EMBEDDING, V, 1e-9 * V, BACKWARD) for V in sweep.sizes]

    assert slopes(built + backward, sweep, BACKWARD) == {BUILD: pytest.approx(2), EMBEDDING: pytest.approx(1)}


def test_the_ratio_is_taken_at_the_largest_size_with_and_without_the_rows_and_of_what_is_foretold():
    sweep = Sweep((10, 100))
    looked_up = curve(EMBEDDING, sweep.sizes, (2e-6, 2e-6))
    product = curve(MATMUL, sweep.sizes, (1e-6, 9e-6))
    rows = timing(BUILD, 100, 3e-6, BUILD)

    assert time_ratio(looked_up + product, sweep) == pytest.approx(4.5)
    assert time_ratio([*looked_up, *product, rows], sweep, building=True) == pytest.approx(6)
    assert time_ratio(looked_up + product, sweep, building=True) is None
    assert time_ratio(looked_up + product[:1], sweep) is None
    foretold = Extrapolated(MATMUL, FORWARD, 100, 8, 4, "cpu", 1, MEMORY, 10, 5, 8e-6)
    assert time_ratio([*looked_up, product[0], foretold], sweep) == pytest.approx(4)


def test_where_the_matmul_is_the_faster_and_which_sizes_lie_around_a_crossing():
    sweep = Sweep((4, 30, 100))
    timings = curve(EMBEDDING, sweep.sizes, (2e-6, 2e-6, 2e-6)) + curve(MATMUL, sweep.sizes, (1e-6, 2e-6, 9e-6))

    assert matmul_faster_at(timings, sweep) == [4]
    assert [faster_at(timings, sweep, V) for V in (4, 30, 100, 5, None)] == [MATMUL, None, EMBEDDING, None, None]
    assert sizes_beside(timings, sweep, 30) == (4, 100)
    assert sizes_beside(timings, sweep, 3) == (None, 4)
    assert matmul_faster_at(timings[:3], sweep) == []


def test_the_optimisers_steps_are_the_same_for_both_and_meet_nowhere():
    timings = [timing(EMBEDDING, 4, 2e-6, STEP), timing(EMBEDDING, 100, 2e-6, STEP)]
    timings += [timing(MATMUL, 4, 1e-6, STEP), timing(MATMUL, 100, 9e-6, STEP)]

    assert crossover(timings, phase=STEP) is None
    assert crossover([replace(each, phase=BACKWARD) for each in timings], phase=BACKWARD) is not None
