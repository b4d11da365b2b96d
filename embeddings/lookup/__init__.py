"""The embedding layer: the same rows three ways, step by step, forward and backward, and an honest timing lab.

    nn.Embedding      W[ids]                                  copies B rows
    one-hot @ W       one_hot(ids) @ W                        B·V·D multiplications, nearly all by zero
    nn.Linear         one_hot(ids) @ weight.T, weight = W.T   the same product, as a layer

``python -m embeddings.lookup --device cpu --out FILE`` records a full run of the lab on any machine.
"""

from embeddings.lookup.comparison import (
    comparable_sweep,
    faster_at,
    grows_from,
    matmul_faster_at,
    quicker_from,
    sizes_beside,
    slopes,
    time_ratio,
)
from embeddings.lookup.cost import multiplications, multiplications_by_zero
from embeddings.lookup.equivalence import (
    EQUIVALENCE_DTYPES,
    MODES,
    Equivalence,
    bytes_in,
    check_bags,
    check_equivalence,
    dense_gradient_bytes,
    gradient_growth,
    one_hot_dtype_error,
    seeded_table,
    sparse_gradient,
    sparse_gradient_bytes,
)
from embeddings.lookup.hardware import Machine, this_machine
from embeddings.lookup.lab import LabRun, run_lab
from embeddings.lookup.models import ModelTable, model_table, model_tables
from embeddings.lookup.results import MAX_RELATIVE_IQR, MEMORY, TIME, Extrapolated, Timing, Workload
from embeddings.lookup.roofline import Roofline, attainable, measure_roofline, roofline_fraction
from embeddings.lookup.run_file import MAX_RUN_BYTES, BenchmarkRun, gpu_run, read_run, to_csv, to_json
from embeddings.lookup.scaling import crossover, extrapolate, slope
from embeddings.lookup.sweep import SIZES, Sweep, all_threads
from embeddings.lookup.timing import MIN_CALLS, measure
from embeddings.lookup.variants import (
    BACKWARD,
    BUILD,
    DTYPES,
    EMBEDDING,
    FORWARD,
    ID_DISTRIBUTIONS,
    LINEAR,
    MATMUL,
    PHASES,
    REPEATED,
    SPARSE,
    STEP,
    UNIFORM,
    VARIANTS,
    ZIPF,
    devices,
)
from embeddings.lookup.worked_steps import Step, steps
from embeddings.lookup.workloads import bytes_held

__all__ = [
    "BACKWARD",
    "BUILD",
    "DTYPES",
    "EMBEDDING",
    "EQUIVALENCE_DTYPES",
    "FORWARD",
    "ID_DISTRIBUTIONS",
    "LINEAR",
    "MATMUL",
    "MAX_RELATIVE_IQR",
    "MAX_RUN_BYTES",
    "MEMORY",
    "MIN_CALLS",
    "MODES",
    "PHASES",
    "REPEATED",
    "SIZES",
    "SPARSE",
    "STEP",
    "TIME",
    "UNIFORM",
    "VARIANTS",
    "ZIPF",
    "BenchmarkRun",
    "Equivalence",
    "Extrapolated",
    "LabRun",
    "Machine",
    "ModelTable",
    "Roofline",
    "Step",
    "Sweep",
    "Timing",
    "Workload",
    "all_threads",
    "attainable",
    "bytes_held",
    "bytes_in",
    "check_bags",
    "check_equivalence",
    "comparable_sweep",
    "crossover",
    "dense_gradient_bytes",
    "devices",
    "extrapolate",
    "faster_at",
    "gpu_run",
    "gradient_growth",
    "grows_from",
    "matmul_faster_at",
    "measure",
    "measure_roofline",
    "model_table",
    "model_tables",
    "multiplications",
    "multiplications_by_zero",
    "one_hot_dtype_error",
    "quicker_from",
    "read_run",
    "roofline_fraction",
    "run_lab",
    "seeded_table",
    "sizes_beside",
    "slope",
    "slopes",
    "sparse_gradient",
    "sparse_gradient_bytes",
    "steps",
    "this_machine",
    "time_ratio",
    "to_csv",
    "to_json",
]
