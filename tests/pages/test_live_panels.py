"""Every panel that is drawn again and again while something is computed, in each state that it can be in."""

import ast
import importlib
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import streamlit as st

from components.lessons.play.words_in_space.word_choice import MOST_FREQUENT
from components.session import table_cache, vocabularies
from embeddings import jobs
from embeddings.sources import gensim_data, load
from embeddings.vectors import GROUPS
from tests.loopback import MINILM, TWITTER, serving
from tests.pages.full_places import full_places
from tests.pages.reading import PATHS, run_until, shorten_lab, words

COMPONENTS = Path(__file__).parents[2] / "components"
KNOWN = "Finished."
READY = "The table is ready."  # of work that the reader did not start
MAP = "words_in_space"
FORTY = " ".join(word for group in GROUPS.values() for word in group[:6])


@dataclass(frozen=True)
class Panel:
    """A panel and how to come to it.

    Attributes:
        page: Where it is.
        job: The name of its job.
        address: The settings.
        guesses: Keys of the guesses that stand before it.
        start: Key of the button that starts it; "" where it starts by itself.
        known: How many lines of this page say that an answer was kept for whoever asks the same.
        other: A setting that asks for something else: its key and value.
        before: The panel whose work must be finished first.
    """

    page: str
    job: str
    address: dict = field(default_factory=dict)
    guesses: tuple[str, ...] = ()
    start: str = ""
    known: int = 1
    other: tuple = ()
    before: "Panel | None" = None

    def __str__(self) -> str:
        return "-".join(filter(None, [self.job, self.address.get("space_method", "")]))


@dataclass(frozen=True)
class Line:
    """A panel that draws nothing but the line, and what the page shows once the work is done.

    Attributes:
        page, job, address, start: As a panel's.
        kind: Of its job.
        then: Part of what the page says afterwards, or the label of a button.
        typed: A model that is named first.
        file: A file that is brought.
    """

    page: str
    job: str
    address: dict
    kind: jobs.JobKind
    then: str
    start: str = ""
    typed: str = ""
    file: bytes = b""

    def __str__(self) -> str:
        return "-".join(filter(None, [self.job, self.address.get("corpus", "")]))


QUICK = {"corpus_size": "1,000"}
WORD2VEC = Panel(
    "word2vec",
    "word2vec",
    QUICK | {"word2vec_epochs": "1", "word2vec_dimension": "8"},
    ("word2vec_guess",),
    "word2vec_start",
    0,
    ("word2vec_seed", 5),
)
PANELS = [
    *(
        Panel(MAP, "space", {"space_method": method, **few}, ("space_guess", "space_trust_guess"), other=seed)
        for method, few, seed in (
            ("UMAP", {}, ("space_seed", 5)),
            ("t-SNE", {"space_steps": "50"}, ("space_seed", 5)),
            ("PCA", {"space_from": MOST_FREQUENT, "space_frequent": "1,000"}, ()),
        )
    ),
    Panel(
        "traps",
        "traps",
        {"traps_kind": "my own list", "traps_words": FORTY, "traps_which": "Sizes mean nothing"},
        ("traps_sizes_guess",),
        known=0,
    ),
    Panel("report_card", "report", {"report_limit": "10,000"}, ("report_guess",), "report_start"),
    Panel("frequency", "frequency_company", {}, ("frequency_guess",)),
    Panel("whole_table", "whole", {}, ("whole_guess",)),
    Panel("after_the_lookup", "after", {}, ("after_guess",), known=0, other=("after_third", "")),
    Panel("after_the_lookup", "after_all", {}, ("after_guess",), "after_measure"),
    Panel("lookup_or_matmul", "lookup", {}, ("lookup_guess",), "lookup_measure", 0),
    Panel("language_model", "language_gradient", QUICK, ("language_guess",), "", 0, ("language_dimension", 16)),
    Panel(
        "language_model",
        "language",
        QUICK | {"language_steps": "10", "language_dimension": "8"},
        ("language_guess",),
        "language_start",
        0,
        ("language_seed", 5),
    ),
    Panel("change_one_row", "row_change", {}, ("row_guess",), other=("row_share", 50)),
    Panel("change_one_row", "small_pair", {"row_model": "a small model, trained here"}, ("row_guess",)),
    Panel("back_to_token", "lens", {}, ("lens_guess",), other=("lens_text", "My dog likes")),
    Panel("back_to_token", "small_pair", {"lens_model": "a small model, trained here"}, ("lens_small_guess",)),
    Panel("position", "order", {}, ("position_guess",), other=("position_second", "bites man dog")),
    Panel("position", "ablation", {}, ("position_guess",), "position_start", 2, ("position_seed", 5)),
    WORD2VEC,
    Panel("learned", "speed", {}, ("learned_cost_guess",), "learned_speed", 0),
    Panel("learned", "tenth", {}, ("learned_guess",), "learned_start", 0, before=WORD2VEC),
]
OWN = "your own text"
LINES = [
    Line("word2vec", "corpus", {"corpus": "Wikipedia"}, jobs.READING, "Licence: "),
    Line("word2vec", "corpus", {"corpus": OWN}, jobs.READING, "**54** tokens", file=b"the cat sat\non the mat\n" * 9),
    Line("word2vec", "corpus_fetch", {"corpus": "text8"}, jobs.DOWNLOAD, "has no text8.gz there", "corpus_fetch_start"),
    Line("own_tokenizer", "merges", {"bpe_source": "a sample of Wikipedia"}, jobs.READING, "the first 200 characters"),
    Line("vocabularies", "vocabulary", {}, jobs.READING, "200,019 of 200,019 tokens"),
    Line("similar_words", f"reading_{TWITTER}", {"source": TWITTER}, jobs.READING, "50 words × 25 numbers"),
    Line(
        "sources",
        f"source_download_{TWITTER}",
        {"source_wanted": "GloVe Twitter, 25 dimensions"},
        jobs.DOWNLOAD,
        "Use it on all pages",
        f"fetch_{TWITTER}",
    ),
    Line("sources", "source_look", {}, jobs.LOOK_UP, "To fetch: 47.3 MB", "Look", typed=MINILM),
]
# The jobs of each call of `background_jobs.poll`, by the module that it is in, in the order of the calls.
CALLS = {
    "lessons.learning.corpus_choice": (("corpus",), ("corpus",), ("corpus_fetch",)),
    "lessons.play.frequency": (("frequency_company",),),
    "lessons.layer.lookup_or_matmul.panels": (("lookup",),),
    "lessons.learning.language_model": (("language_gradient",),),
    "lessons.learning.learned": (("word2vec",), ("tenth",), ("speed",)),
    "lessons.play.words_in_space.panels": (("space",),),
    "lessons.language.vocabularies": (("vocabulary",),),
    "lessons.language.own_tokenizer": (("merges",),),
    "lessons.language.change_one_row.large_model": (("row_change",),),
    "lessons.language.change_one_row.small_model": (("small_pair",),),
    "lessons.language.back_to_token.large_model": (("lens",),),
    "lessons.language.back_to_token.small_model": (("small_pair",),),
    "lessons.language.position": (("order",), ("ablation",)),
    "lessons.layer.after_the_lookup": (("after",), ("after_all",)),
    "lessons.play.report_card": (("report",),),
    "lessons.play.sources": ((f"source_download_{TWITTER}",), ("source_look",)),
    "lessons.learning.view": (("word2vec", "language"),),
    "lessons.play.traps.panels": (("traps",),),
    "session.table_cache": ((f"reading_{TWITTER}",),),
    "lessons.play.whole_table": (("whole",),),
}


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(COMPONENTS).with_suffix("").parts)


def calls_of_poll() -> dict[str, list[str | None]]:
    """The first argument of each call of `background_jobs.poll`, by module; ``None`` where it is no constant of it."""
    found: dict[str, list[str | None]] = {}
    for file in sorted(COMPONENTS.rglob("*.py")) + sorted((COMPONENTS.parent / "pages").rglob("*.py")):
        calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
        live = [call for call in calls if ast.unparse(call.func) in ("background_jobs.poll", "poll")]
        for call in sorted(live, key=lambda call: call.lineno):
            name = ast.unparse(call.args[0])
            module = importlib.import_module(f"components.{name_of(file)}") if name.isupper() else None
            found.setdefault(name_of(file), []).append(getattr(module, name, None))
    return found


def test_every_panel_that_is_drawn_again_and_again_is_tried_here():
    calls = calls_of_poll()
    assert {module: len(names) for module, names in calls.items()} == {m: len(names) for m, names in CALLS.items()}
    for module, names in calls.items():
        for name, tried in zip(names, CALLS[module], strict=True):
            assert name is None or (name,) == tried
    assert {job for names in CALLS.values() for tried in names for job in tried} == {p.job for p in (*PANELS, *LINES)}
    assert Counter(line.job for line in LINES)["corpus"] == 2  # one of this server's, one that a visitor brings


@pytest.fixture(autouse=True)
def short_measurements(monkeypatch):
    """The timing lab with two small sizes and short runs."""
    shorten_lab(monkeypatch, {"V": (4, 1_000), "D": (64,), "B": (64,)})


@pytest.fixture
def server(monkeypatch, tmp_path):
    """What is fetched and looked up, on the loopback; nothing is on this machine yet."""
    for name, value in (("NO_PROXY", "127.0.0.1"), ("GENSIM_DATA_DIR", tmp_path), ("XDG_CACHE_HOME", tmp_path)):
        monkeypatch.setenv(name, str(value))
    table_cache._table_cache.clear()
    with serving() as server:
        server.offer_twitter(load())
        server.offer_minilm()
        monkeypatch.setenv("GENSIM_DATA_ENDPOINT", server.url)
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server
    table_cache._table_cache.clear()


def guess_all(app, panel: Panel) -> None:
    """Make each guess that the page asks for; its label is Markdown, in which signs are escaped."""
    while asked := [pills for pills in app.button_group if pills.key in panel.guesses]:
        asked[0].set_value(re.sub(r"\\(.)", r"\1", asked[0].options[0])).run()


def arrived(open_page, panel: Panel):
    """The page, after the work that it builds on."""
    if panel.before is None:
        return open_page(panel.page, **panel.address)
    app = begun(arrived(open_page, panel.before), panel.before)
    until_done(app, panel.before)
    return app.switch_page(PATHS[panel.page]).run()


def begun(app, panel: Panel):
    """The page with all its guesses made and, where it has a button for it, its work begun."""
    guess_all(app, panel)
    start(app, panel)
    return app


def start(app, panel: Panel) -> None:
    if panel.start:
        app.button(key=panel.start).click().run()


def bars(app) -> list[str]:
    """What stands on the lines of work that is active."""
    return [bar.proto.text for bar in app.get("progress")]


def ends(app) -> list[str]:
    """What stands on the lines of work that is finished."""
    return [caption.value for caption in app.caption if caption.value.startswith("Finished") or caption.value == READY]


def until_done(app, panel: Panel) -> None:
    run_until(app, lambda: ends(app) and not bars(app))
    guess_all(app, panel)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("panel", PANELS, ids=str)
def test_what_ends_while_the_page_is_drawn_is_there_at_once_and_known_to_the_next_visitor(
    open_page, leave, monkeypatch, panel
):
    fragment = st.fragment

    def after_the_work(*function, **options):
        for job in jobs.shared_queue()._all():
            while not job.keep_alive().wait(1):
                pass
        return fragment(*function, **options)

    jobs.shared_queue()._answers.clear()
    with monkeypatch.context() as patch:
        patch.setattr(st, "fragment", after_the_work)
        app = begun(arrived(open_page, panel), panel)
        assert not bars(app)
        assert all(end.startswith("Finished in") or end == READY for end in ends(app))
        until_done(app, panel)
    leave()
    app = begun(arrived(open_page, panel), panel)
    assert ends(app).count(KNOWN) == panel.known
    until_done(app, panel)
    app.run()
    until_done(app, panel)


@pytest.mark.parametrize("panel", PANELS, ids=str)
def test_what_waits_says_for_what_is_stopped_and_begins_anew_also_with_other_settings(open_page, panel):
    jobs.shared_queue()._answers.clear()
    built_on = arrived(open_page, panel) if panel.before else None
    with full_places():
        app = begun(built_on or arrived(open_page, panel), panel)
        assert any(re.search(r"^You are next\. 2 maps are under way", bar) for bar in bars(app))
        app.run()
        key, value = panel.other or ("", None)
        settings = (value, app.session_state[key]) if key else ()
        for wanted in settings:
            app.session_state[key] = wanted
            app.run()
            assert not app.exception
            earlier = any(bar.startswith("This is still your earlier choice. ") for bar in bars(app))
            assert earlier == bool(panel.start and wanted == value)
        app.button(key=f"{panel.job}_stop").click().run()
        assert "Stopped." in words(app)
        assert f"{panel.job}_stop" not in [button.key for button in app.button]
        assert not app.exception
    if panel.start:
        start(app, panel)
    else:
        app.button(key=f"{panel.job}_again").click().run()
    until_done(app, panel)
    for wanted in settings:
        app.session_state[key] = wanted
        app.run()
        guess_all(app, panel)  # another subject is asked anew
        until_done(app, panel)


def brought(open_page, line: Line):
    app = open_page(line.page, **line.address)
    if line.file:
        app.file_uploader(key="corpus_file").upload("story.txt", line.file, "text/plain").run()
    if line.typed:
        app.text_input(key="source_hub").set_value(line.typed)
    begin(app, line)
    return app


def begin(app, line: Line) -> None:
    if line.start:
        next(button for button in app.button if line.start in (button.key, button.label)).click().run()


@pytest.mark.parametrize("line", LINES, ids=str)
def test_where_there_is_only_the_line_it_says_for_what_is_stopped_and_begins_anew(open_page, server, line):
    jobs.shared_queue()._answers.clear()
    if line.job.startswith("reading_"):
        gensim_data.fetch(TWITTER)
    if line.page == "vocabularies":
        vocabularies.token_index.clear()
    with full_places(line.kind):
        app = brought(open_page, line)
        assert any(re.search(r"^You are next\. 2 .* are under way", bar) for bar in bars(app))
        assert line.then not in shown(app)
        app.button(key=f"{line.job}_stop").click().run()
        assert "Stopped." in words(app)
        assert not bars(app)
        assert not app.exception
    if line.start:
        begin(app, line)
    else:
        app.button(key=f"{line.job}_again").click().run()
    run_until(app, lambda: line.then in shown(app) and not bars(app))
    assert not app.exception


def shown(app) -> str:
    return "\n".join([words(app), *(button.label for button in app.button)])
