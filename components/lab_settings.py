"""What the timing lab is to measure: a few settings in sight, the others behind a fold."""

from types import MappingProxyType

import streamlit as st

from components.inputs import one_of
from embeddings import lookup
from embeddings.lookup import Plan, RealSize

OVER = MappingProxyType({"V": "vocabulary", "D": "dimension", "B": "batch"})
SIZES = MappingProxyType(
    {
        "V": lookup.SIZES,
        "D": (5, 16, 64, 256, 1_024, 4_096),
        "B": (1, 3, 16, 64, 256, 1_024, 8_192),
    }
)
STARTS = MappingProxyType({"V": 10_000, "D": 64, "B": 64})
BUDGET = 2.0  # seconds that one point may take; the whole run has five minutes
_LABELS = MappingProxyType(
    {
        "V": "Vocabulary size V: rows of the table",
        "D": "Dimension D: numbers in a row",
        "B": "Batch B: ids looked up at once",
    }
)
_MORE_PHASES = MappingProxyType(
    {
        lookup.BUILD: "build the one-hot rows",
        lookup.BACKWARD: "backward",
        lookup.STEP: "optimiser step",
    }
)
_DRAWS = MappingProxyType(
    {
        lookup.UNIFORM: "uniform",
        lookup.REPEATED: "repeated",
        lookup.ZIPF: "Zipf",
    }
)
_OWN = "own"
KEPT = MappingProxyType({"bind": "query-params", "persist_state": "session"})


def choose() -> tuple[Plan, RealSize | None]:
    """The plan, and the model whose table is measured, if one is."""
    model = _choose_model()
    over, sizes = _choose_sizes(model)
    return _choose_more(model, over, sizes), model


def _choose_model() -> RealSize | None:
    """A model's table, or sizes of the reader's own."""
    models = {size.name: size for size in lookup.real_sizes()}
    names = {_OWN: "Sizes of my own"} | {name: f"{m.title}: {m.V:,} × {m.D:,}" for name, m in models.items()}
    name = one_of("Whose table", list(names), "lookup_real", format_func=names.get)
    return models.get(name)


def _choose_sizes(model: RealSize | None) -> tuple[str, dict[str, int]]:
    """What is swept, and the sizes that stay."""
    columns = st.columns(3, gap="medium", vertical_alignment="bottom")
    if model is not None:
        columns[0].markdown(
            f"Parts of the table are measured, then all its {model.V:,} rows; D is {model.D:,}. "
            + ("These are its real weights." if model.table else "Random numbers stand for its weights.")
        )
        return "V", {"B": _size(columns[1], "B")}
    over = one_of("Measure over", list(OVER), "lookup_over", place=columns[0], default="V", format_func=OVER.get)
    others = [axis for axis in OVER if axis != over]
    return over, {axis: _size(column, axis) for axis, column in zip(others, columns[1:], strict=True)}


def _size(place, axis: str) -> int:
    return place.select_slider(
        _LABELS[axis], SIZES[axis], STARTS[axis], format_func="{:,}".format, key=f"lookup_{axis.lower()}", **KEPT
    )


def _choose_more(model: RealSize | None, over: str, sizes: dict[str, int]) -> Plan:
    """The plan with what is seldom changed."""
    device = _choose_device()
    with st.expander("More settings", icon=":material/tune:"):
        left, right = st.columns(2, gap="medium")
        with left:
            phases = st.pills(
                "Beside looking up (forward), measure",
                list(_MORE_PHASES),
                selection_mode="multi",
                default=[lookup.BUILD],
                format_func=_MORE_PHASES.get,
                key="lookup_phases",
                **KEPT,
            )
            ids = one_of(
                "Ids are drawn",
                list(_DRAWS),
                "lookup_ids",
                "Uniform: each id is as likely. Repeated: one id, B times, so that one row is hit again and again. "
                "Zipf: as words in a text, of which that of rank r is used in proportion to 1/r.",
                default=lookup.UNIFORM,
                format_func=_DRAWS.get,
            )
            sparse = st.toggle(
                "`nn.Embedding` with sparse gradients too",
                key="lookup_sparse",
                help="Differs from the backward pass on.",
                **KEPT,
            )
        with right:
            dtype = one_of("Numbers of type", lookup.DTYPES, "lookup_dtype", default="float32")
            threads = _choose_threads()
            cold = st.toggle(
                "A table that is not in the cache",
                key="lookup_cold",
                help="A small table is soon in the processor's cache, and lookups from there flatter. With this on, "
                "runs take tables, ids and rows by turns, over twice as much memory as the cache holds.",
                **KEPT,
            )
            thorough = st.toggle(
                "Measure each point for a second", key="lookup_thorough", help="Otherwise a fifth of one.", **KEPT
            )
    options = {
        "ways": (*lookup.WAYS, lookup.SPARSE) if sparse else lookup.WAYS,
        "phases": tuple(phase for phase in lookup.PHASES if phase == lookup.FORWARD or phase in phases),
        "ids": ids,
        "dtype": dtype,
        "device": device,
        "threads": threads,
        "cold": cold,
        "min_run_seconds": 1.0 if thorough else None,
        "budget_seconds": BUDGET,
    }
    if model is not None:
        return model.plan(**sizes, **options)
    return Plan(SIZES[over], over, **sizes, **options)


def _choose_device() -> str:
    """Where to compute; asked only where torch finds more than the CPU."""
    places = lookup.devices()
    if len(places) == 1:
        return places[0]
    return one_of("Device", places, "lookup_device")


def _choose_threads() -> int:
    """One, or all; asked only where there are several."""
    most = lookup.all_threads()
    if most == 1:
        return 1
    return one_of("Threads", (1, most), "lookup_threads")
