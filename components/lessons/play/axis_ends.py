"""The words at the end of a semantic axis, as the reader types them."""

from collections.abc import Sequence

from components.ui.inputs import words_setting
from embeddings.similarity import AxisPreset
from embeddings.vectors import WordVectors

MAX_AT_AN_END = 12
End = tuple[str, ...]


def ends_of(preset: AxisPreset) -> tuple[End, End, End, End]:
    """The words on the left, on the right, below and above; none below and above where there is one axis alone."""
    below: End = preset.y.low if preset.y else ()
    above: End = preset.y.high if preset.y else ()
    return preset.x.low, preset.x.high, below, above


def end_setting(label: str, usual: Sequence[str], key: str, table: WordVectors) -> tuple[str, ...]:
    """The words at one end of an axis; an end may be left empty."""
    return words_setting(label, " ".join(usual), key, table, MAX_AT_AN_END, offer=False)
