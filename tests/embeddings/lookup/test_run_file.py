import csv
import io
import json
import subprocess
import sys

import pytest

from embeddings.common.errors import InvalidInput, SourceUnavailable
from embeddings.lookup import (
    BUILD,
    EMBEDDING,
    FORWARD,
    MATMUL,
    MEMORY,
    TIME,
    Extrapolated,
    Roofline,
    Sweep,
    Timing,
    devices,
    gpu_run,
    run_file,
)
from embeddings.lookup.__main__ import main, record
from embeddings.lookup.hardware import Machine
from embeddings.lookup.models import ModelTable
from embeddings.lookup.run_file import BenchmarkRun, read_run, to_csv, to_json
from tests.memory import grown

TIMING = Timing(MATMUL, FORWARD, 1_000, 64, 8, "cuda", 1, 3e-5, 2e-5, 4e-5, 300, blocks=9, dtype="bfloat16", cold=True)
EXTRAPOLATED = Extrapolated(EMBEDDING, FORWARD, 10_000, 64, 8, "cuda", 1, MEMORY, 10**12, 10**9, 0.5)
WHOLE = BenchmarkRun(
    Machine("2026-01-02T03:04:05+00:00", "A processor", "A GPU", 8, 16 * 10**9, 50 * 10**6, "Linux", "3.12", "2.13"),
    (Sweep((1_000, 10_000), B=8, device="cuda", dtype="bfloat16", cold=True, min_run_seconds=0.5),),
    (TIMING,),
    (EXTRAPOLATED,),
    (Roofline("cuda", "bfloat16", 1, 2e12, 5e14, 4e-6, 10**9),),
)
LEFT_OUT = json.loads(to_json(WHOLE))["predicted"][0] | {"reason": TIME}


def stream(text):
    return io.BytesIO(text if isinstance(text, bytes) else text.encode())


def changed(*path, value):
    """The whole recording as JSON, with the value at ``path`` replaced."""
    content = json.loads(to_json(WHOLE))
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return stream(json.dumps(content))


def test_what_was_written_is_read_again():
    assert read_run(stream(to_json(WHOLE))) == WHOLE


def test_a_run_recorded_on_another_device_is_read_where_there_is_none():
    assert read_run(stream(to_json(WHOLE))).sweeps[0].device == "cuda"


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("schema",), "another", "no recorded run"),
        (("version",), 2, "of another version than 1"),
        (("version",), True, "of another version than 1"),
        (("timings",), {}, "timings must be a list"),
        (("timings",), [None] * 10_001, "at most 10,000"),
        (("plans",), [None] * 101, "at most 100"),
        (("timings", 0, "median"), 10**400, "median must be a number"),
        (("timings", 0), {}, r"timings\[0\] must have exactly these parts: way, phase"),
        (("timings", 0, "median"), "1", "median must be a number of at least 0"),
        (("timings", 0, "median"), True, "median must be a number"),
        (("timings", 0, "median"), -1.0, "median must be a number of at least 0"),
        (("timings", 0, "median"), 1.0, "between its quartiles"),
        (("timings", 0, "lower_quartile"), 0.0, "cannot be"),
        (("timings", 0, "runs"), 2, "at least one block of runs"),
        (("timings", 0, "runs"), 2**63, "runs must be a whole number"),
        (("timings", 0, "vocabulary_size"), 10**7, "The vocabulary size must be"),
        (("timings", 0, "batch"), 1.5, "batch must be a whole number"),
        (("timings", 0, "way"), "<script>", "is not known here"),
        (("timings", 0, "phase"), BUILD, "is not known here"),
        (("timings", 0, "device"), "abacus", "'abacus' is not known here. There are: cpu"),
        (("timings", 0, "dtype"), "int8", "'int8' is not known"),
        (("timings", 0, "cold"), 1, "cold must be true or false"),
        (("predicted", 0, "reason"), "mood", "'mood' is not known"),
        (("predicted", 0, "seconds"), 1e12, "cannot be"),
        (("predicted", 0), LEFT_OUT | {"seconds": None}, "must say how many seconds"),
        (("machine", "processor"), "half \ud800", "is not JSON"),
        (("plans", 0, "sizes"), [0], r"plans\[0\]: The vocabulary size"),
        (("plans", 0, "sizes"), 7, "sizes must be a list"),
        (("rooflines", 0, "peak"), 0, "more than 0"),
        (("machine",), [], "machine must have exactly these parts"),
        (("machine", "processor"), "x" * 301, "a line of at most 300 letters"),
        (("machine", "processor"), "two\nlines", "a line of at most 300 letters"),
        (("extra",), 1, "exactly these parts"),
    ],
)
def test_a_file_with_a_value_that_cannot_be_is_refused_with_its_place(path, value, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        read_run(changed(*path, value=value))


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"not json", b"[" * 30, b'{"schema": NaN}', b"1" * 5_000, b'{"a": Infinity}'],
)
def test_what_is_not_json_is_refused(content):
    with pytest.raises(InvalidInput, match="is not JSON"):
        read_run(stream(content))


@pytest.mark.parametrize("content", [b"[" * 100_000, b"[" + b"[]," * 1_700_000])
def test_json_that_would_swell_in_memory_is_refused_before_it_is_parsed(content):
    def refuse():
        with pytest.raises(InvalidInput, match=r"The file has .*more than"):
            read_run(stream(content))

    assert grown(refuse) < 30_000_000


@pytest.mark.parametrize("content", [b"[]", b"1", b"{}", b'"text"'])
def test_json_that_is_no_recorded_run_is_refused(content):
    with pytest.raises(InvalidInput, match="no recorded run"):
        read_run(stream(content))


def test_a_number_too_large_for_a_float_is_refused():
    with pytest.raises(InvalidInput, match="median must be"):
        read_run(stream(to_json(WHOLE).replace("3e-05", "1e999")))


def test_a_file_too_large_is_refused_without_reading_it_all(monkeypatch):
    monkeypatch.setattr(run_file, "MAX_RUN_BYTES", 1_000)
    long = stream(b"x" * 5_000)

    with pytest.raises(InvalidInput, match="larger than"):
        read_run(long)

    assert long.tell() == 1_001


def test_a_table_has_a_line_for_each_point_with_its_costs():
    measured, foretold = csv.DictReader(io.StringIO(to_csv([TIMING, EXTRAPOLATED])))

    assert (measured["way"], measured["median"], measured["disturbed"]) == (MATMUL, "3e-05", "True")
    assert int(measured["flops"]) == 2 * 8 * 1_000 * 64
    assert (foretold["median"], foretold["reason"], foretold["seconds"]) == ("", MEMORY, "0.5")


def test_a_run_is_recorded_from_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("embeddings.lookup.__main__.QUICK_SECONDS", 0.001)
    monkeypatch.setattr("embeddings.lookup.roofline.SIDES", (("cpu", 64),))
    monkeypatch.setattr("embeddings.lookup.roofline.MAX_STREAM", 10**6)
    file = tmp_path / "run.json"

    assert main(["--device", "cpu", "--out", str(file), "--quick"]) == 0

    with file.open("rb") as written:
        found = read_run(written)
    assert {timing.vocabulary_size for timing in found.timings} == {4, 1_000, 10_000}
    assert len(found.timings) == len(found.sweeps[0].points())
    assert {roofline.dtype for roofline in found.rooflines} == {"float32", "bfloat16"}
    assert "points are in" in capsys.readouterr().err


def test_the_run_that_comes_with_the_lab_is_one_of_a_gpu():
    found = gpu_run()
    assert "H100" in found.machine.accelerator
    assert {timing.device for timing in found.timings} == {"cuda"}
    assert {sweep.over for sweep in found.sweeps} == {"V", "D", "B"}
    assert all(found.outcomes(sweep) and found.roofline(sweep) for sweep in found.sweeps)


def test_a_model_whose_package_is_missing_is_left_out_of_the_run(monkeypatch, capsys):
    def missing():
        raise SourceUnavailable("Its weights are not installed.")

    plain = Sweep((4, 8), variants=(EMBEDDING,), phases=(FORWARD,), D=4, B=2, min_run_seconds=0.001)
    model = ModelTable("m", "M", 64, 4, "https://example.org", missing)
    plans = [(plain, None), (model.sweep(phases=(FORWARD,)), model)]
    monkeypatch.setattr("embeddings.lookup.__main__._sweeps", lambda device, quick: plans)

    found = record("cpu", quick=True)

    assert found.sweeps == (plain,)
    assert {timing.vocabulary_size for timing in found.timings} == {4, 8}
    assert "Left out: Its weights are not installed." in capsys.readouterr().err


def test_a_run_that_cannot_be_recorded_says_why(tmp_path, capsys):
    nowhere = tmp_path / "nowhere" / "run.json"
    assert main(["--out", str(nowhere), "--quick"]) == 1
    assert "There is no folder" in capsys.readouterr().err


@pytest.mark.skipif("mps" in devices(), reason="there is such a device")
def test_a_device_that_is_not_there_is_said_so_and_leaves_no_file(tmp_path):
    command = [sys.executable, "-m", "embeddings.lookup", "--device", "mps", "--out", str(tmp_path / "run.json")]

    ended = subprocess.run(command, capture_output=True, text=True)

    assert ended.returncode == 1
    assert "torch finds no 'mps' here. It finds: cpu" in ended.stderr
    assert not list(tmp_path.iterdir())


def test_the_outcomes_of_a_plan_come_in_the_order_of_its_points_each_once():
    sweep = Sweep((1_000, 10_000), variants=(MATMUL,), phases=(FORWARD,), B=8)
    small, large = (
        Timing(MATMUL, FORWARD, V, 64, 8, "cpu", 1, 3e-5, 2e-5, 4e-5, 300, blocks=9) for V in (1_000, 10_000)
    )
    other = Timing(MATMUL, FORWARD, 1_000, 128, 8, "cpu", 1, 3e-5, 2e-5, 4e-5, 300, blocks=9)
    whole = BenchmarkRun(WHOLE.machine, (sweep,), (large, other, small, small), (EXTRAPOLATED,), WHOLE.rooflines)

    assert whole.outcomes(sweep) == [small, large]
    assert whole.roofline(sweep) is None
    assert WHOLE.roofline(WHOLE.sweeps[0]) == WHOLE.rooflines[0]
    assert WHOLE.outcomes(WHOLE.sweeps[0]) == [TIMING]  # the other point is of another type
