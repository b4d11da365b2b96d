import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.lookup import BUILD, EMBEDDING, FORWARD, MATMUL, Timing, Workload, crossover, extrapolate, slope

SIZES = (10, 100, 1_000, 10_000)


def curve(variant, seconds, over="V", sizes=SIZES):
    """Timings of ``variant`` that take ``seconds(size)``."""
    place = "VDB".index(over)
    return [
        Timing(variant, BUILD if variant == BUILD else FORWARD, *at(size, place), "cpu", 1, *[seconds(size)] * 3, 30)
        for size in sizes
    ]


def at(size, place):
    return [size if axis == place else 8 for axis in range(3)]


@given(st.floats(-2, 2), st.floats(1e-9, 1e-3), st.sampled_from("VDB"))
def test_the_slope_is_the_power_of_the_size(power, factor, over):
    timings = curve(MATMUL, lambda size: factor * size**power, over)

    assert slope(timings, MATMUL, over=over) == pytest.approx(power, abs=1e-6)


def test_a_slope_is_of_the_range_that_is_asked_for():
    timings = curve(MATMUL, lambda V: max(1e-6, V * 1e-8))  # a floor up to V = 100

    assert slope(timings, MATMUL, high=100) == pytest.approx(0)
    assert slope(timings, MATMUL, low=100) == pytest.approx(1)
    assert 0.5 < slope(timings, MATMUL) < 1


def test_a_slope_is_of_one_way_and_phase():
    timings = curve(EMBEDDING, lambda V: 1e-6) + curve(MATMUL, lambda V: V * 1e-8) + curve(BUILD, lambda V: V**2 * 1e-9)

    assert slope(timings, EMBEDDING) == pytest.approx(0)
    assert slope(timings, MATMUL) == pytest.approx(1)
    assert slope(timings, BUILD) == pytest.approx(2)
    assert slope(timings, MATMUL, phase="backward") is None


def test_there_is_no_slope_before_the_second_size():
    timings = curve(MATMUL, lambda V: V * 1e-8)

    assert slope(timings[:1] * 2, MATMUL) is None
    assert slope(timings[:2], MATMUL) == pytest.approx(1)


@given(st.floats(11, 9_999))
def test_two_curves_cross_where_their_powers_meet(size):
    timings = curve(EMBEDDING, lambda V: 1e-6) + curve(MATMUL, lambda V: 1e-6 * V / size)

    assert crossover(timings) == pytest.approx(size)
    assert crossover(timings, MATMUL, EMBEDDING) == pytest.approx(size)


def test_curves_that_do_not_meet_have_no_crossover():
    assert crossover(curve(EMBEDDING, lambda V: 1e-6) + curve(MATMUL, lambda V: 1e-5)) is None
    assert crossover(curve(EMBEDDING, lambda V: 1e-6) + curve(MATMUL, lambda V: 1e-6)) is None
    assert crossover(curve(EMBEDDING, lambda V: 1e-6)) is None


def test_of_several_crossovers_the_last_counts():
    """Nothing changes the order of the two ways any more after it."""
    noisy = dict(zip(SIZES, (0.5e-6, 2e-6, 0.5e-6, 2e-6), strict=True))

    assert crossover(curve(EMBEDDING, lambda V: 1e-6) + curve(MATMUL, noisy.get)) == pytest.approx(10**3.5)


def test_of_several_timings_at_one_size_a_crossover_takes_the_median():
    measured = curve(EMBEDDING, lambda V: 1e-6) + curve(MATMUL, lambda V: 1e-8 * V)
    noisy = curve(MATMUL, lambda V: 1.0)

    assert crossover([*measured, *measured, *noisy]) == pytest.approx(100)


def test_a_curve_goes_on_from_its_last_point_with_the_slope_of_its_last_three():
    timings = curve(MATMUL, lambda V: max(1e-6, V * 1e-8))
    point = Workload(MATMUL, FORWARD, 100_000, 8, 8, "cpu", 1)

    assert extrapolate(timings, point, "V") == pytest.approx(1e-3)
    assert extrapolate(timings[:1], point, "V") is None
    assert extrapolate(timings, Workload(EMBEDDING, FORWARD, 100_000, 8, 8, "cpu", 1), "V") is None


@pytest.mark.parametrize(("power", "taken"), [(3, 1.2), (-1, 0)])
def test_a_growth_that_no_cost_has_is_taken_for_a_disturbance(power, taken):
    timings = curve(MATMUL, lambda V: 1e-12 * V**power)
    point = Workload(MATMUL, FORWARD, 100_000, 8, 8, "cpu", 1)

    assert extrapolate(timings, point, "V") == pytest.approx(timings[-1].median * 10**taken)
