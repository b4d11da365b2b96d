"""Benchmark runs of the timing lab as files, with their machine: JSON, which can be read again, and CSV.

A file that somebody hands over is read as numbers and names, checked one by one; nothing else in it is kept.
"""

import csv
import gzip
import io
import json
import sys
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, TypeVar, cast, get_args, get_type_hints

from embeddings.common import InvalidInput, as_count, in_bytes, parse_json
from embeddings.lookup.hardware import Machine
from embeddings.lookup.results import MEMORY, TIME, Extrapolated, Timing, Workload
from embeddings.lookup.roofline import Roofline
from embeddings.lookup.sweep import MAX_THREADS, Sweep
from embeddings.lookup.variants import (
    BUILD,
    DTYPES,
    ID_DISTRIBUTIONS,
    MAX_BATCH,
    MAX_DIMENSION,
    MAX_VOCABULARY,
    PHASES,
    SPARSE,
    VARIANTS,
)

SCHEMA = "token-embedding-lab/lookup-timings"
VERSION = 1
MAX_RUN_BYTES = 5 * 2**20  # what Streamlit calls 5 MB, the most that the server takes; a point has 350 bytes
MAX_VALUES = 400_000  # a point has 20
MAX_ENTRIES = 10_000  # of each list
MAX_PLANS = 100
MAX_LETTERS = 300  # of a name
LARGEST_INTEGER = 2**62
LARGEST_FLOAT = sys.float_info.max
LONGEST_SECONDS = 1e9
DEVICES = ("cpu", "cuda", "mps")

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class BenchmarkRun:
    """What was measured on one machine.

    Attributes:
        machine: With date and versions.
        sweeps: What was to be measured; the script ``measure(sweep)`` repeats it.
        timings: What was.
        extrapolated: What would not fit.
        rooflines: What the machine allows, for each type and number of threads that was asked for.
    """

    machine: Machine
    sweeps: tuple[Sweep, ...]
    timings: tuple[Timing, ...]
    extrapolated: tuple[Extrapolated, ...]
    rooflines: tuple[Roofline, ...]

    def outcomes(self, sweep: Sweep) -> list[Timing | Extrapolated]:
        """What there is of ``sweep``, in the order of its points, each point once."""
        names = dict.fromkeys(map(_name, sweep.points()))
        return [self._by_name[name] for name in names if name in self._by_name]

    @cached_property
    def _by_name(self) -> dict[tuple, Timing | Extrapolated]:
        """Every point once: as it was measured, or else as it is foretold."""
        outcomes: tuple[Timing | Extrapolated, ...] = (*self.extrapolated, *self.timings)
        return {_name(outcome): outcome for outcome in outcomes}

    def roofline(self, sweep: Sweep) -> Roofline | None:
        """What the machine allows for the device, type and threads of ``sweep``; None where that was not measured."""
        asked = (sweep.device, sweep.dtype, sweep.threads)
        return next((each for each in self.rooflines if (each.device, each.dtype, each.threads) == asked), None)


def to_json(benchmark_run: BenchmarkRun) -> str:
    """``benchmark_run`` as a text that ``read`` takes, with one line for each point."""
    lists = {name: [_entry(value) for value in getattr(benchmark_run, field)] for name, field, _ in _LISTS}
    content = {"schema": SCHEMA, "version": VERSION, "machine": _entry(benchmark_run.machine), **lists}
    lines = [f' "{name}": {_lines(value)}' for name, value in content.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def to_csv(points: tuple[Workload, ...] | list[Workload]) -> str:
    """``points`` as a table with a header; a predicted one has no median but its predicted seconds."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, [*_COLUMNS, "flops", "bytes_moved", "disturbed"], lineterminator="\n")
    table.writeheader()
    for point in points:
        more = {"flops": point.flops, "bytes_moved": point.bytes_moved}
        if isinstance(point, Timing):
            more["disturbed"] = point.noisy
        table.writerow(_entry(point) | more)
    return text.getvalue()


def gpu_run() -> BenchmarkRun:
    """The run of an NVIDIA H100 that comes with the lab; the README beside its file says how it was recorded."""
    with gzip.open(Path(__file__).parent / "data" / "h100.json.gz") as file:
        return read_run(cast(BinaryIO, file))


def read_run(stream: BinaryIO) -> BenchmarkRun:
    """Read what ``to_json`` wrote, from a stream of bytes that nobody vouches for.

    Raises:
        InvalidInput: It is too large, no such file, of another version, or has a value that cannot be.
    """
    data = stream.read(MAX_RUN_BYTES + 1)
    if len(data) > MAX_RUN_BYTES:
        raise InvalidInput(f"The file is larger than {in_bytes(MAX_RUN_BYTES)}, and no recorded run is.")
    try:
        content = parse_json(data, "The file", max_bytes=MAX_RUN_BYTES, max_values=MAX_VALUES)
    except InvalidInput as error:
        raise InvalidInput(f"{error} Choose one that python -m embeddings.lookup has written.") from None
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise InvalidInput("The file is no recorded run. Choose one that python -m embeddings.lookup has written.")
    if content.get("version") != VERSION or isinstance(content["version"], bool):
        raise InvalidInput(f"The file is of another version than {VERSION}. Record it again with this one.")
    expected = {"schema", "version", "machine", *(name for name, _, _ in _LISTS)}
    if content.keys() != expected:
        raise InvalidInput(f"The file must have exactly these parts: {', '.join(sorted(expected))}.")
    if isinstance(content["plans"], list) and len(content["plans"]) > MAX_PLANS:
        raise InvalidInput(f"plans must be a list of at most {MAX_PLANS} entries.")
    lists: dict[str, Any] = {field: _all_of(kind, content[name], name) for name, field, kind in _LISTS}
    benchmark_run = BenchmarkRun(_one_of(Machine, content["machine"], "machine"), **lists)
    points: tuple[Timing | Extrapolated, ...] = (*benchmark_run.timings, *benchmark_run.extrapolated)
    for point in points:
        _check_point(point)
    for roofline in benchmark_run.rooflines:
        _check_roofline(roofline)
    return benchmark_run


# The file's names are those of its first version: files that people have stay readable.
_LISTS = (
    ("plans", "sweeps", Sweep),
    ("timings", "timings", Timing),
    ("predicted", "extrapolated", Extrapolated),
    ("rooflines", "rooflines", Roofline),
)
_NAMES = MappingProxyType({"variant": "way", "variants": "ways", "id_distribution": "ids"})


def _in_file(name: str) -> str:
    """What a file calls the field ``name``."""
    return _NAMES.get(name, name)


def _entry(value: Any) -> dict[str, Any]:
    """A dataclass as a file has it."""
    return {_in_file(name): each for name, each in asdict(value).items()}


_COLUMNS = tuple(dict.fromkeys(_in_file(field.name) for kind in (Timing, Extrapolated) for field in fields(kind)))


def _name(point: Workload) -> tuple:
    """All that makes a point the same as another."""
    return tuple(getattr(point, each.name) for each in fields(Workload))


def _lines(value: Any) -> str:
    """JSON with each entry of a list on a line of its own."""
    if not isinstance(value, list):
        return json.dumps(value, allow_nan=False)
    return "[" + ",".join(f"\n  {json.dumps(entry, allow_nan=False)}" for entry in value) + "]"


def _all_of(kind: type[_Value], entries: Any, name: str) -> tuple[_Value, ...]:
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        raise InvalidInput(f"{name} must be a list of at most {MAX_ENTRIES:,} entries.")
    return tuple(_one_of(kind, entry, f"{name}[{place}]") for place, entry in enumerate(entries))


def _one_of(kind: type[_Value], entry: Any, where: str) -> _Value:
    """``entry`` as a ``kind``: the same names, each with a value of its type."""
    types = {_in_file(name): (name, wanted) for name, wanted in get_type_hints(kind).items()}
    if not isinstance(entry, dict) or entry.keys() != types.keys():
        raise InvalidInput(f"{where} must have exactly these parts: {', '.join(types)}.")
    values = {field: _value(entry[name], wanted, f"{where}: {name}") for name, (field, wanted) in types.items()}
    try:
        return kind(**values)
    except InvalidInput as error:
        raise InvalidInput(f"{where}: {error}") from None


def _value(value: Any, wanted: Any, where: str) -> Any:
    """``value`` if it is of the type ``wanted``, within what any machine could measure."""
    kinds = get_args(wanted)
    if kinds and kinds[-1] is Ellipsis:  # tuple[int, ...]
        if not isinstance(value, list) or len(value) > MAX_ENTRIES:
            raise InvalidInput(f"{where} must be a list.")
        return tuple(_value(each, kinds[0], where) for each in value)
    if type(None) in kinds:  # float | None
        return None if value is None else _value(value, kinds[0], where)
    if wanted is float and type(value) in (int, float) and 0 <= value <= LARGEST_FLOAT:  # an int may be larger
        return float(value)
    if wanted is int and type(value) is int and 0 <= value <= LARGEST_INTEGER:
        return value
    if wanted is bool and type(value) is bool:
        return value
    if wanted is str and type(value) is str and len(value) <= MAX_LETTERS and (value.isprintable() or not value):
        return value
    wants = {float: "a number of at least 0", int: "a whole number of at least 0", bool: "true or false"}
    raise InvalidInput(f"{where} must be {wants.get(wanted, f'a line of at most {MAX_LETTERS} letters')}.")


def _check_point(point: Timing | Extrapolated) -> None:
    """Raise InvalidInput unless ``point`` is one that can be."""
    as_count(point.vocabulary_size, "The vocabulary size", 1, MAX_VOCABULARY)
    as_count(point.dimension, "The dimension", 1, MAX_DIMENSION)
    as_count(point.batch, "The batch", 1, MAX_BATCH)
    as_count(point.threads, "The number of threads", 1, MAX_THREADS)
    _check_among(point.variant, (*VARIANTS, SPARSE, BUILD))
    _check_among(
        point.phase, (BUILD,) if point.variant == BUILD else tuple(phase for phase in PHASES if phase != BUILD)
    )
    for choice, choices in ((point.device, DEVICES), (point.dtype, DTYPES), (point.id_distribution, ID_DISTRIBUTIONS)):
        _check_among(choice, choices)
    if isinstance(point, Extrapolated):
        _check_among(point.reason, (MEMORY, TIME))
        if point.seconds is not None:
            _check_seconds(point.seconds)
        elif point.reason == TIME:
            raise InvalidInput("A point that was left out for its time must say how many seconds it would take.")
        return
    if not point.lower_quartile <= point.median <= point.upper_quartile or not 1 <= point.blocks <= point.runs:
        raise InvalidInput("A median must lie between its quartiles, and stand on at least one block of runs.")
    for seconds in (point.lower_quartile, point.upper_quartile):
        _check_seconds(seconds)


def _check_roofline(roofline: Roofline) -> None:
    _check_among(roofline.device, DEVICES)
    _check_among(roofline.dtype, DTYPES)
    _check_seconds(roofline.call_seconds)
    if not (roofline.bandwidth > 0 and roofline.peak > 0):
        raise InvalidInput("A machine's bandwidth and peak must be more than 0.")


def _check_among(choice: str, choices: tuple[str, ...]) -> None:
    if choice not in choices:
        raise InvalidInput(f"{choice!r} is not known here. There are: {', '.join(choices)}.")


def _check_seconds(seconds: float) -> None:
    if not 1e-12 <= seconds <= LONGEST_SECONDS:
        raise InvalidInput(f"{seconds} seconds for one run cannot be.")
