import pytest

from embeddings.common.errors import InvalidInput
from embeddings.training.cost import (
    cost_estimate,
    gpu_hours,
    gpu_utilization,
    gpus_to_hold,
    large_models,
    training_bytes,
    training_cost,
    training_days,
    training_flops,
    training_memory,
)


def test_the_operations_of_gpt_3_are_the_published_ones():
    estimate = cost_estimate(large_models()[0], weights_here=1_000, tokens_per_second=1_000)
    assert estimate.operations == pytest.approx(3.14e23, rel=0.01)  # Brown et al. 2020, table D.1
    assert estimate.model.table_weights == 50_257 * 12_288


def test_the_arithmetic_is_shown_line_by_line_and_adds_up():
    estimate = cost_estimate(large_models()[1], weights_here=65_000, tokens_per_second=80_000)
    terms = dict(estimate.terms())
    assert terms["Seconds, operations / operations per second"] == pytest.approx(
        6 * terms["Weights in the whole model"] * terms["Tokens it was trained on"] / (6 * 65_000 * 80_000)
    )
    assert terms["Years"] == pytest.approx(estimate.seconds / (365.25 * 24 * 3600))
    twice = cost_estimate(large_models()[1], weights_here=65_000, tokens_per_second=160_000)
    assert twice.seconds == pytest.approx(estimate.seconds / 2)


@pytest.mark.parametrize(("weights", "speed"), [(0, 1), (1, 0), (1, float("nan")), (1, float("inf"))])
def test_without_a_speed_nothing_is_estimated(weights, speed):
    with pytest.raises(InvalidInput, match="train for a moment"):
        cost_estimate(large_models()[0], weights, speed)


def test_many_machines_share_the_days_and_the_table_is_a_share_of_the_model():
    estimate = cost_estimate(large_models()[0], weights_here=65_000, tokens_per_second=80_000)

    assert estimate.days_on(10_000) == pytest.approx(365.25 * estimate.years / 10_000)
    assert estimate.model.table_share == pytest.approx(50_257 * 12_288 / 175e9)


def test_the_gpu_hours_of_the_largest_model_are_near_the_published_ones():
    model = large_models()[-1]
    hours = gpu_hours(training_flops(model.weights, model.tokens))
    assert hours == pytest.approx(model.gpu_hours, rel=0.2)  # at the share of the peak that its makers tell of it


def test_the_share_that_the_published_hours_tell_gives_these_hours_again():
    for model in large_models():
        if model.gpu_hours is not None:
            flops = training_flops(model.weights, model.tokens)
            share = gpu_utilization(flops, model.gpu_hours)
            assert 0 < share < 1
            assert gpu_hours(flops, utilization=share) == pytest.approx(model.gpu_hours)


def test_published_hours_come_with_their_source():
    assert all(bool(model.gpu_hours) == bool(model.gpu_hours_reference) for model in large_models())


def test_twice_the_gpus_take_half_the_days_and_cost_the_same():
    hours = gpu_hours(1e24)
    assert training_days(hours, 2_048) == pytest.approx(training_days(hours, 1_024) / 2)
    assert training_cost(hours, 2.0) == pytest.approx(2 * hours)


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf")])
def test_no_number_of_a_cost_may_be_nothing_or_endless(wrong):
    for call in (
        lambda: training_flops(wrong, 1),
        lambda: training_flops(1, wrong),
        lambda: gpu_hours(wrong),
        lambda: gpu_hours(1, utilization=wrong),
        lambda: gpu_utilization(1, wrong),
        lambda: training_cost(1, wrong),
        lambda: training_days(1, wrong),
        lambda: training_bytes(wrong),
        lambda: training_memory(wrong),
        lambda: gpus_to_hold(wrong),
        lambda: gpus_to_hold(1, wrong),
    ):
        with pytest.raises(InvalidInput, match="must be more than 0"):
            call()


def test_a_gpu_reaches_no_more_than_its_peak():
    with pytest.raises(InvalidInput, match="more than all of it"):
        gpu_hours(1e24, utilization=1.1)


def test_training_takes_sixteen_bytes_for_each_weight_twelve_of_them_for_the_optimiser():
    parts = training_bytes(1_000)
    assert sum(parts.values()) == training_memory(1_000) == 16_000
    assert list(parts.values())[2:] == [4_000] * 3


def test_gpus_are_enough_to_hold_the_memory_and_one_less_is_not():
    for model in large_models():
        memory = training_memory(model.weights)
        gpus = gpus_to_hold(memory)
        assert (gpus - 1) * 80e9 < memory <= gpus * 80e9


def test_a_table_is_a_part_of_its_model_and_of_a_small_one_a_larger_part():
    shares = {model.name: model.table_share for model in large_models()}
    assert all(0 < share < 0.5 for share in shares.values())
    assert shares["SmolLM2 135M"] > 10 * shares["GPT-3"]
    assert len(shares) == len(large_models())
