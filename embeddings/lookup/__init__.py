"""The embedding layer: the same rows three ways, step by step, forward and backward, and an honest timing lab.

    nn.Embedding      W[ids]                                  copies B rows
    one-hot @ W       one_hot(ids) @ W                        B·V·D multiplications, nearly all by zero
    nn.Linear         one_hot(ids) @ weight.T, weight = W.T   the same product, as a layer

``python -m embeddings.lookup --device cpu --out FILE`` records a full run of the lab on any machine.
"""

from embeddings.lookup.growth import crossover, extrapolate, slope
from embeddings.lookup.identity import (
    Bags,
    Identity,
    SparseGradient,
    WrongType,
    check_bags,
    check_identity,
    gradient_bytes,
    identity_bytes,
    int64_trap,
    seeded_table,
    sparse_gradient,
)
from embeddings.lookup.machine import Machine, this_machine
from embeddings.lookup.plan import SIZES, Plan, all_threads
from embeddings.lookup.points import MEMORY, SPREAD_BOUND, TIME, Point, Predicted, Timing
from embeddings.lookup.real_sizes import RealSize, real_size, real_sizes
from embeddings.lookup.recording import Recording
from embeddings.lookup.roofline import Roofline, attainable, measure_roofline, nearness
from embeddings.lookup.steps import Step, steps
from embeddings.lookup.timing import measure, sweep, time_ways
from embeddings.lookup.ways import (
    BACKWARD,
    BUILD,
    DRAWS,
    DTYPES,
    EMBEDDING,
    FORWARD,
    LINEAR,
    MATMUL,
    MAX_BATCH,
    MAX_DIMENSION,
    MAX_VOCABULARY,
    PHASES,
    REPEATED,
    SPARSE,
    STEP,
    UNIFORM,
    WAYS,
    ZIPF,
    devices,
)

__all__ = [
    "BACKWARD",
    "BUILD",
    "DRAWS",
    "DTYPES",
    "EMBEDDING",
    "FORWARD",
    "LINEAR",
    "MATMUL",
    "MAX_BATCH",
    "MAX_DIMENSION",
    "MAX_VOCABULARY",
    "MEMORY",
    "PHASES",
    "REPEATED",
    "SIZES",
    "SPARSE",
    "SPREAD_BOUND",
    "STEP",
    "TIME",
    "UNIFORM",
    "WAYS",
    "ZIPF",
    "Bags",
    "Identity",
    "Machine",
    "Plan",
    "Point",
    "Predicted",
    "RealSize",
    "Recording",
    "Roofline",
    "SparseGradient",
    "Step",
    "Timing",
    "WrongType",
    "all_threads",
    "attainable",
    "check_bags",
    "check_identity",
    "crossover",
    "devices",
    "extrapolate",
    "gradient_bytes",
    "identity_bytes",
    "int64_trap",
    "measure",
    "measure_roofline",
    "nearness",
    "real_size",
    "real_sizes",
    "seeded_table",
    "slope",
    "sparse_gradient",
    "steps",
    "sweep",
    "this_machine",
    "time_ways",
]
