"""Print figures from the files that benchmarks wrote: ``python -m benchmarks.report`` shows the latest of each."""

import sys
from pathlib import Path

from benchmarks.figures import RESULTS, Figure, read


def show(file: Path) -> bool:
    """Print what ``file`` holds; whether every bound in it is kept."""
    content, figures = read(file)
    print(f"{content['name']}: {content['about'].strip()}")
    print("  measured on: " + ", ".join(f"{fact} {value}" for fact, value in content["machine"].items()))
    for figure in figures:
        print(f"  {figure.what}\n      {'; '.join(_parts(figure))}")
    print(flush=True)
    return all(figure.holds for figure in figures)


def _parts(figure: Figure) -> list[str]:
    """Ours, the peer's, the ratio, and how they stand to their bounds."""
    parts = [f"ours {_spread(figure.ours, figure.ours_all, figure.unit)}"]
    if figure.peers is not None:
        parts.append(f"{figure.peer} {_spread(figure.peers, figure.peers_all, figure.unit)}")
        faster = f" ({1 / figure.ratio:.3g} times less)" if figure.ratio < 1 else ""
        parts.append(f"ratio {figure.ratio:.3g}{faster}")
    if figure.at_most is not None:
        parts.append(f"bound: at most {figure.at_most:g} {figure.unit}")
    if figure.at_least is not None:
        parts.append(f"bound: at least {figure.at_least:g} {figure.unit}".rstrip())
    if figure.at_most_times is not None:
        parts.append(f"bound: ratio at most {figure.at_most_times:g}")
    if figure.at_least_times is not None:
        parts.append(f"bound: ratio at least {figure.at_least_times:g}")
    if any(
        bound is not None for bound in (figure.at_most, figure.at_least, figure.at_most_times, figure.at_least_times)
    ):
        parts.append("holds" if figure.holds else "MISSED")
    return parts


def _spread(value: float, values: tuple[float, ...], unit: str) -> str:
    """The value, and the range of the values it is the median of."""
    if len(values) < 2:
        return f"{_short(value)} {unit}".rstrip()
    return f"{_short(value)} {unit} (median of {len(values)}, {_short(min(values))} to {_short(max(values))})"


def _short(value: float) -> str:
    """Three digits, and all of those before the point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(int(not all(list(map(show, sorted(RESULTS.glob("*.json")))))))
