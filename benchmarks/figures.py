"""What a benchmark hands over: figures with their bounds, written to a file together with the machine's facts."""

import datetime
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
_VERSIONS = (
    "streamlit",
    "torch",
    "plotly",
    "numpy",
    "gensim",
    "scikit-learn",
    "openTSNE",
    "fastumap",
    "umap-learn",
    "playwright",
)


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes:
        what: What was measured.
        unit: "s", "ms", "MB" or "runs/s"; "" for what has none.
        ours: The median, or the one value.
        ours_all: Every value it stands on.
        peer: Whom it is compared with; "" where there is nobody.
        peers: The peer's median, measured in the same run.
        peers_all: Every value that stands on.
        at_most: Bound on ``ours``.
        at_most_times: Bound on ``ours / peers``.
        at_least: Bound on ``ours`` from below, where more is better.
        at_least_times: The same on ``ours / peers``.
    """

    what: str
    unit: str
    ours: float
    ours_all: tuple[float, ...] = ()
    peer: str = ""
    peers: float | None = None
    peers_all: tuple[float, ...] = ()
    at_most: float | None = None
    at_most_times: float | None = None
    at_least: float | None = None
    at_least_times: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours to the peer's."""
        return None if self.peers is None else self.ours / self.peers

    @property
    def holds(self) -> bool:
        """Whether every bound that it has is kept."""
        in_value = (self.at_most is None or self.ours <= self.at_most) and (
            self.at_least is None or self.ours >= self.at_least
        )
        return (
            in_value
            and (self.at_most_times is None or self.ratio <= self.at_most_times)
            and (self.at_least_times is None or self.ratio >= self.at_least_times)
        )


def write(name: str, about: str, figures: Sequence[Figure]) -> Path:
    """Put the figures of the benchmark called ``name`` into its file of results."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    content = {"name": name, "about": about, "machine": machine(), "figures": [asdict(figure) for figure in figures]}
    file.write_text(json.dumps(content, indent=1))
    return file


def read(file: Path) -> tuple[dict, list[Figure]]:
    """What ``write`` wrote: name, description and machine, and the figures."""
    content = json.loads(file.read_text())
    return content, [Figure(**figure) for figure in content.pop("figures")]


def machine() -> dict[str, str]:
    """Where and when it was measured, with which versions."""
    return {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "cores": str(os.cpu_count()),
        "load afterwards": " ".join(f"{load:.1f}" for load in os.getloadavg())
        if hasattr(os, "getloadavg")
        else "unknown",
        "processor": _processor(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
    } | {package: metadata.version(package) for package in _VERSIONS}


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
