"""Groundwork: errors, validation of arguments, progress, memory, threads, and the files that come with packages."""

from embeddings.common.bounded_json import check_json, parse_json
from embeddings.common.bundled_files import cache_folder, installed, missing, package_file, required, verify
from embeddings.common.errors import (
    InvalidInput,
    LabError,
    QueueFull,
    SourceUnavailable,
    TooLarge,
    TrainingDiverged,
    UnknownToken,
    WorkerLost,
    count_of,
    in_bytes,
)
from embeddings.common.memory import allowed_bytes, check_fits, held_bytes, reading_bytes, table_bytes, total_bytes
from embeddings.common.progress import ProgressCallback, no_progress
from embeddings.common.threads import OWN_PROCESS_NICENESS, make_way, one_blas_thread, one_torch_thread
from embeddings.common.validation import (
    LARGEST,
    as_choice,
    as_count,
    as_ids,
    as_list,
    as_matrix,
    as_text,
    as_texts,
    as_words,
)

__all__ = [
    "LARGEST",
    "OWN_PROCESS_NICENESS",
    "InvalidInput",
    "LabError",
    "ProgressCallback",
    "QueueFull",
    "SourceUnavailable",
    "TooLarge",
    "TrainingDiverged",
    "UnknownToken",
    "WorkerLost",
    "allowed_bytes",
    "as_choice",
    "as_count",
    "as_ids",
    "as_list",
    "as_matrix",
    "as_text",
    "as_texts",
    "as_words",
    "cache_folder",
    "check_fits",
    "check_json",
    "count_of",
    "held_bytes",
    "in_bytes",
    "installed",
    "make_way",
    "missing",
    "no_progress",
    "one_blas_thread",
    "one_torch_thread",
    "package_file",
    "parse_json",
    "reading_bytes",
    "required",
    "table_bytes",
    "total_bytes",
    "verify",
]
