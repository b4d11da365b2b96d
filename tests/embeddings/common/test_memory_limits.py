"""What control groups and an operator allow, told by files that are made up."""

import subprocess
import sys

import pytest

from embeddings.common import memory_limits
from embeddings.common.memory_limits import SETTING, cap_free, groups_free, operators_cap, resident_bytes


@pytest.fixture
def machine(tmp_path):
    """Makes the files of control groups, and of the process's own; gives what is free in them."""

    def free(files, own="0::/\n"):
        for name, content in files.items():
            (tmp_path / "cgroup" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "cgroup" / name).write_text(content)
        (tmp_path / "own").write_text(own)
        return groups_free(tmp_path / "cgroup", tmp_path / "own")

    return free


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({"memory.max": "1000\n", "memory.current": "300\n"}, [700]),
        ({"memory/memory.limit_in_bytes": "1000\n", "memory/memory.usage_in_bytes": "100\n"}, [900]),
        ({"unified/memory.max": "1000\n", "unified/memory.current": "100\n"}, [900]),
        ({"memory.max": "1000\n", "memory.current": "1500\n"}, [0]),
        ({"memory.max": "max\n", "memory.current": "300\n"}, []),
        ({"memory.max": "1000\n"}, []),
        ({"memory.max": "1000\n", "memory.current": "?\n"}, []),
        ({}, []),
    ],
)
def test_a_container_has_free_what_its_limit_leaves(machine, files, free):
    assert machine(files) == free


def test_what_was_read_from_files_is_given_back_and_counts_as_free(machine):
    used = {"memory.max": "1000", "memory.current": "900", "memory.stat": "anon 300\ninactive_file 500\n"}

    assert machine(used) == [600]


def test_the_limit_of_the_service_is_seen_and_that_of_the_slice_around_it(machine):
    files = {
        "system.slice/lab.service/memory.max": "1000",
        "system.slice/lab.service/memory.current": "300",
        "system.slice/memory.max": "5000",
        "system.slice/memory.current": "4600",
        "system.slice/other.service/memory.max": "10",
        "system.slice/other.service/memory.current": "0",
    }

    assert machine(files, own="0::/system.slice/lab.service\n") == [700, 400]


def test_both_versions_of_control_groups_count(machine):
    files = {
        "memory.max": "1000",
        "memory.current": "300",
        "memory/docker/abc/memory.limit_in_bytes": "50",
        "memory/docker/abc/memory.usage_in_bytes": "0",
    }

    assert machine(files, own="12:cpu,cpuacct:/elsewhere\n4:memory:/docker/abc\n0::/\n") == [700, 50]


@pytest.mark.parametrize("own", ["0::/docker/abc\n", "0::/../../user.slice\n", "", "nonsense\n", "\n"])
def test_a_container_that_sees_a_path_from_outside_has_the_group_at_the_top(machine, own):
    assert machine({"memory.max": "1000", "memory.current": "300"}, own) == [700]


def test_without_a_list_of_its_own_groups_the_one_at_the_top_counts(tmp_path):
    (tmp_path / "memory.max").write_text("1000")
    (tmp_path / "memory.current").write_text("300")

    assert groups_free(tmp_path, tmp_path / "nowhere") == [700]


@pytest.mark.parametrize(("asked", "cap"), [("700M", 700), ("700MB", 700), ("2G", 2_000), ("1.5G", 1_500)])
def test_an_operator_sets_a_cap_in_megabytes_or_gigabytes(asked, cap):
    assert operators_cap({SETTING: asked}) == cap * 10**6


@pytest.mark.parametrize("asked", ["", "700", "50M", "0G", "-1G", "half", "1e3M", "٧٠٠M", "nanM", "9" * 30 + "M"])
def test_a_cap_that_says_no_number_of_bytes_is_refused(asked):
    with pytest.raises(ValueError, match=f"^{SETTING} must be like 700M"):
        operators_cap({SETTING: asked})


def test_a_cap_leaves_what_is_not_in_use(monkeypatch):
    monkeypatch.setattr(memory_limits, "resident_bytes", lambda: 650 * 10**6)

    assert (cap_free({SETTING: "700M"}), cap_free({SETTING: "600M"}), cap_free({})) == ([50 * 10**6], [0], [])


def test_children_count_and_without_psutil_the_process_alone(monkeypatch):
    script = "import sys; held = bytearray(300_000_000); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline()
        together = resident_bytes()
        monkeypatch.setattr(memory_limits, "psutil", None)
        alone = resident_bytes()
        child.stdin.close()

    assert together - alone > 250_000_000
