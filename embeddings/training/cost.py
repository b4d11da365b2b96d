"""What it costs to train a large language model's table: at the speed of a small one here, on many GPUs, in memory."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from embeddings.common import InvalidInput

SECONDS_IN_A_DAY = 86_400
DAYS_IN_A_YEAR = 365.25
SECONDS_IN_AN_HOUR, HOURS_IN_A_DAY = 3_600, 24
OPERATIONS_PER_WEIGHT = 6  # for each token: 2 forward, 4 backward
H100_FLOPS = 989.4e12  # a second at its peak, bfloat16 without sparsity: NVIDIA, H100 Tensor Core GPU datasheet, SXM
UTILIZATION = 0.4  # share of that peak: 38% to 43% for Llama 3.1 405B, Grattafiori et al., 2024, section 3.3.2
DOLLARS_PER_GPU_HOUR = 2.0  # rent of an H800, as DeepSeek-AI assume, DeepSeek-V3 Technical Report, 2024, section 1
H100_BYTES = 80_000_000_000  # of its memory: NVIDIA, H100 Tensor Core GPU datasheet, SXM
# Of each weight, while a model is trained with Adam in mixed precision: Rajbhandari et al., "ZeRO: Memory Optimizations
# Toward Training Trillion Parameter Models", 2020, section 3.1.
BYTES_PER_WEIGHT = MappingProxyType(
    {
        "the weight, in 16 bits": 2,
        "its gradient, in 16 bits": 2,
        "the weight once more, in 32 bits": 4,
        "mean of its gradients (Adam)": 4,
        "mean of their squares (Adam)": 4,
    }
)


@dataclass(frozen=True)
class LargeModel:
    """A large language model as its makers described it.

    Attributes:
        name: What it is called.
        V: Rows of its embedding table.
        D: Columns.
        weights: In the whole model.
        tokens: That it was trained on.
        reference: Where that is written.
        gpu_hours: On H100s, as its makers published; ``None`` where they did not, or had other GPUs.
        gpu_hours_reference: Where that is written.
    """

    name: str
    V: int
    D: int
    weights: float
    tokens: float
    reference: str
    gpu_hours: float | None = None
    gpu_hours_reference: str = ""

    @property
    def table_weights(self) -> int:
        """Weights in its embedding table, V × D."""
        return self.V * self.D

    @property
    def table_share(self) -> float:
        """The embedding table's weights as a share of all the model's, 0 to 1."""
        return self.table_weights / self.weights


def large_models() -> tuple[LargeModel, ...]:
    """Models whose sizes and training are published."""
    return (
        LargeModel("GPT-3", 50_257, 12_288, 175e9, 300e9, "Brown et al., Language Models are Few-Shot Learners, 2020"),
        LargeModel("BLOOM", 250_880, 14_336, 176e9, 366e9, "BigScience, BLOOM model card, 2022"),
        LargeModel("Llama 2 7B", 32_000, 4_096, 6.7e9, 2e12, "Touvron et al., Llama 2, 2023"),
        LargeModel("Gemma 2B", 256_128, 2_048, 2.5e9, 3e12, "Gemma Team, Gemma: Open Models, 2024"),
        LargeModel("SmolLM2 135M", 49_152, 576, 135e6, 2e12, "Allal et al., SmolLM2, 2025"),
        LargeModel(
            "Llama 3 8B",
            128_256,
            4_096,
            8e9,
            15e12,
            "Grattafiori et al., The Llama 3 Herd of Models, 2024",
            1.3e6,
            "Meta, Llama 3 model card, 2024",
        ),
        LargeModel(
            "Llama 3.1 405B",
            128_256,
            16_384,
            405e9,
            15.6e12,
            "Grattafiori et al., The Llama 3 Herd of Models, 2024",
            30.84e6,
            "Meta, Llama 3.1 model card, 2024",
        ),
    )


@dataclass(frozen=True)
class CostEstimate:
    """What it would take this machine to learn a large model's table, term by term.

    Attributes:
        model: The model.
        operations: 6 × weights × tokens: the table is learned only as a part of all of it.
        operations_here: Per second: 6 × the small model's weights × its tokens per second.
        seconds: operations / operations_here.
    """

    model: LargeModel
    operations: float
    operations_here: float
    seconds: float

    @property
    def years(self) -> float:
        """The same in years."""
        return self.seconds / SECONDS_IN_A_DAY / DAYS_IN_A_YEAR

    def days_on(self, machines: int) -> float:
        """How many days it would take ``machines`` such machines that work as one."""
        return self.seconds / SECONDS_IN_A_DAY / machines

    def terms(self) -> tuple[tuple[str, float], ...]:
        """The arithmetic, line by line: what each number is, and the number."""
        return (
            ("Rows of the table, V", self.model.V),
            ("Columns of the table, D", self.model.D),
            ("Weights in the table, V × D", self.model.table_weights),
            ("Weights in the whole model", self.model.weights),
            ("Tokens it was trained on", self.model.tokens),
            ("Operations, 6 × weights × tokens", self.operations),
            ("Operations per second here, as measured", self.operations_here),
            ("Seconds, operations / operations per second", self.seconds),
            ("Years", self.years),
        )


def cost_estimate(model: LargeModel, weights_here: int, tokens_per_second: float) -> CostEstimate:
    """What ``model`` would take at the speed at which a small model was trained here.

    Args:
        model: The large one.
        weights_here: Weights of the small one that a token is multiplied with: all but those that are looked up.
        tokens_per_second: At which it was trained, as measured.

    Raises:
        InvalidInput: A number is not more than 0.

    References:
        The 6: Kaplan et al., "Scaling Laws for Neural Language Models", 2020, section 2.1.

    >>> f"{cost_estimate(large_models()[0], weights_here=65_000, tokens_per_second=80_000).operations:.3g}"
    '3.15e+23'
    """
    if not (weights_here > 0 and 0 < tokens_per_second < float("inf")):
        raise InvalidInput("The speed is not known yet: train for a moment first.")
    operations = training_flops(model.weights, model.tokens)
    operations_here = OPERATIONS_PER_WEIGHT * weights_here * tokens_per_second
    return CostEstimate(model, operations, operations_here, operations / operations_here)


def training_flops(weights: float, tokens: float) -> float:
    """Floating-point operations of training a model of so many ``weights`` on so many ``tokens``.

    Raises:
        InvalidInput: A number is not more than 0, or is not finite.

    References:
        Kaplan et al., "Scaling Laws for Neural Language Models", 2020, section 2.1.

    >>> f"{training_flops(175e9, 300e9):.3g}"
    '3.15e+23'
    """
    _check(weights=weights, tokens=tokens)
    return OPERATIONS_PER_WEIGHT * weights * tokens


def gpu_hours(flops: float, gpu_flops: float = H100_FLOPS, utilization: float = UTILIZATION) -> float:
    """GPU hours that so many floating-point operations take.

    Args:
        flops: Operations in all.
        gpu_flops: Operations per second of one GPU at its peak.
        utilization: Share of that peak that is reached, above 0 and up to 1.

    Raises:
        InvalidInput: A number is not more than 0 or not finite, or the share is more than 1.

    >>> round(gpu_hours(training_flops(405e9, 15.6e12)) / 1e6, 1)  # the makers of Llama 3.1 405B tell 30.84 million
    26.6
    """
    _check(flops=flops, gpu_flops=gpu_flops, utilization=utilization)
    if utilization > 1:
        raise InvalidInput(f"A GPU reaches a share of its peak from 0 to 1; {utilization:g} is more than all of it.")
    return flops / (gpu_flops * utilization) / SECONDS_IN_AN_HOUR


def gpu_utilization(flops: float, hours: float, gpu_flops: float = H100_FLOPS) -> float:
    """The share of its peak that each GPU reached, where so many ``flops`` took so many GPU ``hours``.

    Raises:
        InvalidInput: A number is not more than 0, or is not finite.

    >>> round(gpu_utilization(training_flops(8e9, 15e12), hours=1.3e6), 2)
    0.16
    """
    _check(flops=flops, hours=hours, gpu_flops=gpu_flops)
    return flops / (hours * SECONDS_IN_AN_HOUR * gpu_flops)


def training_cost(hours: float, dollars_per_hour: float = DOLLARS_PER_GPU_HOUR) -> float:
    """Dollars for so many GPU ``hours``: the rent alone, without people, trials and data.

    Raises:
        InvalidInput: A number is not more than 0, or is not finite.

    >>> training_cost(2.788e6, dollars_per_hour=2)  # DeepSeek-V3's own example
    5576000.0
    """
    _check(hours=hours, dollars_per_hour=dollars_per_hour)
    return hours * dollars_per_hour


def training_days(hours: float, gpus: int) -> float:
    """Days that so many GPU ``hours`` take on so many ``gpus`` at once.

    Raises:
        InvalidInput: A number is not more than 0, or is not finite.

    >>> training_days(48_000, gpus=1_000)
    2.0
    """
    _check(hours=hours, gpus=gpus)
    return hours / gpus / HOURS_IN_A_DAY


def training_bytes(weights: float) -> Mapping[str, float]:
    """Bytes that each of ``BYTES_PER_WEIGHT`` takes while a model of so many ``weights`` is trained.

    Without what the layers give out on their way, which depends on the batch.

    Raises:
        InvalidInput: The number is not more than 0, or is not finite.
    """
    _check(weights=weights)
    return {part: each * weights for part, each in BYTES_PER_WEIGHT.items()}


def training_memory(weights: float) -> float:
    """Bytes of all of ``training_bytes``: 16 for each weight.

    Raises:
        InvalidInput: The number is not more than 0, or is not finite.

    >>> training_memory(7.5e9) / 1e9  # ZeRO's own example: 120 GB
    120.0
    """
    return sum(training_bytes(weights).values())


def gpus_to_hold(memory: float, gpu_bytes: float = H100_BYTES) -> int:
    """The least number of GPUs whose memory together holds so many bytes of ``memory``.

    Raises:
        InvalidInput: A number is not more than 0, or is not finite.

    >>> gpus_to_hold(training_memory(7.5e9))
    2
    """
    _check(memory=memory, gpu_bytes=gpu_bytes)
    return math.ceil(memory / gpu_bytes)


def weights_of_tables(V: int, D: int, tied: bool) -> int:
    """Weights in a model's input embeddings and its output embeddings, [V, D] each: once where they are one table.

    References:
        Press and Wolf, "Using the Output Embedding to Improve Language Models", 2017.

    >>> weights_of_tables(4, 3, tied=True), weights_of_tables(4, 3, tied=False)
    (12, 24)
    """
    return V * D if tied else 2 * V * D


def _check(**numbers: float) -> None:
    for name, number in numbers.items():
        if not 0 < number < float("inf"):
            raise InvalidInput(f"The number for {name} must be more than 0 and finite; it is {number:g}.")
