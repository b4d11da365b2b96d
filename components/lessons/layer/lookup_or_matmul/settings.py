"""What the timing lab is to measure: a few settings in sight, the others behind a fold."""

from types import MappingProxyType
from typing import Any

import streamlit as st

from components.address import setting
from components.lessons.layer.lookup_or_matmul import sentences
from components.ui.inputs import choice_input
from embeddings import jobs, lookup
from embeddings.lookup import ModelTable, Sweep

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
_ID_DISTRIBUTIONS = MappingProxyType(
    {
        lookup.UNIFORM: "uniform",
        lookup.REPEATED: "repeated",
        lookup.ZIPF: "Zipf",
    }
)
_OWN = "own"


def choose() -> tuple[Sweep, ModelTable | None]:
    """The plan, and the model whose table is measured, if one is; all of it in a fold."""
    with st.expander("Settings", icon=":material/tune:", key="lookup_settings"):
        model = _choose_model()
        over, sizes = _choose_sizes(model)
        return _choose_more(model, over, sizes), model


def _choose_model() -> ModelTable | None:
    """A model's table, or sizes of the reader's own."""
    models = {size.name: size for size in lookup.model_tables()}
    names = {_OWN: "Sizes of my own"} | {name: f"{m.title}: {m.V:,} × {m.D:,}" for name, m in models.items()}
    name = setting(  # pills part where they need two lines, and stay whole
        st.pills,
        "Whose table",
        list(names),
        default=_OWN,
        required=True,
        format_func=names.__getitem__,
        key="lookup_real",
        wrap=True,
    )
    return models.get(name)


def _choose_sizes(model: ModelTable | None) -> tuple[str, dict[str, int]]:
    """What is swept, and the sizes that stay."""
    if model is not None:
        st.markdown(
            f"Parts of the table are measured, then all its {model.V:,} rows. D is {model.D:,}. "
            + ("These are its real weights." if model.table else "Random numbers stand for its weights.")
        )
        return "V", {"B": _size(st, "B")}
    over = choice_input("Measure over", list(OVER), "lookup_over", default="V", format_func=OVER.__getitem__)
    return over, {axis: _size(st, axis) for axis in OVER if axis != over}


def _size(place, axis: str) -> int:
    return setting(
        place.select_slider,
        _LABELS[axis],
        SIZES[axis],
        STARTS[axis],
        format_func="{:,}".format,
        key=f"lookup_{axis.lower()}",
    )


def _choose_more(model: ModelTable | None, over: str, sizes: dict[str, int]) -> Sweep:
    """The plan with what is seldom changed."""
    device = _choose_device()
    fold = st.expander("More settings", icon=":material/tune:")
    with fold:
        phases = setting(
            st.pills,
            "Measure also",
            list(_MORE_PHASES),
            selection_mode="multi",
            default=[lookup.BUILD],
            format_func=_MORE_PHASES.get,
            key="lookup_phases",
        )
        id_distribution = choice_input(
            "Ids are drawn",
            list(_ID_DISTRIBUTIONS),
            "lookup_ids",
            "Uniform: each id is equally likely. Repeated: one id, B times; the same row is read again and again. "
            "Zipf: like words in a text; the word of rank r comes up in proportion to 1/r.",
            default=lookup.UNIFORM,
            format_func=_ID_DISTRIBUTIONS.__getitem__,
        )
        sparse = setting(
            st.toggle,
            "`nn.Embedding` with sparse gradients too",
            key="lookup_sparse",
            help="It makes a difference in the backward pass and in the optimiser's step.",
        )
        dtype = choice_input("Numbers of type", lookup.DTYPES, "lookup_dtype", default="float32")
        threads = _choose_threads()
        cold = setting(
            st.toggle,
            "A table that is not in the cache",
            key="lookup_cold",
            help="A small table is soon in the processor's cache, and lookups from the cache are faster than from "
            "memory. With this on, the runs go in turn through several tables, twice as large as the cache.",
        )
        thorough = setting(
            st.toggle, "Measure each point for a second", key="lookup_thorough", help="Otherwise a fifth of one."
        )
    options: dict[str, Any] = {
        "variants": (*lookup.VARIANTS, lookup.SPARSE) if sparse else lookup.VARIANTS,
        "phases": tuple(phase for phase in lookup.PHASES if phase == lookup.FORWARD or phase in phases),
        "id_distribution": id_distribution,
        "dtype": dtype,
        "device": device,
        "threads": threads,
        "cold": cold,
        "min_run_seconds": 1.0 if thorough else None,
        "budget_seconds": BUDGET,
    }
    sweep = Sweep(SIZES[over], over, **(options | sizes)) if model is None else model.sweep(**sizes, **options)
    fold.caption(sentences.memory(sweep))
    return sweep


def _choose_device() -> str:
    """Where to compute; asked only where torch finds more than the CPU, or measurements are made by a GPU elsewhere."""
    places = tuple(dict.fromkeys((*lookup.devices(), *["cuda"] * jobs.gpu_elsewhere())))
    if len(places) == 1:
        return places[0]
    return choice_input("Device", places, "lookup_device")


def _choose_threads() -> int:
    """One, or all; asked only where there are several."""
    threads = lookup.all_threads()
    if threads == 1:
        return 1
    return choice_input("Threads", (1, threads), "lookup_threads")
