"""Every question of every page: it can be answered, skipped and asked again, and a link opens its answer."""

import ast
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.lessons.language.model_choice import SMALL
from components.lessons.play.traps.prose import PROSE
from embeddings import jobs
from embeddings.vectors import GROUPS
from tests.pages.reading import APP, PATHS, guess, run_until, shorten_lab

ROOT = Path(__file__).parents[2]
FORTY = " ".join(word for group in GROUPS.values() for word in group[:6])
JUDGED = re.compile(r"You said [`“]")
TOLD = re.compile(rf"{JUDGED.pattern}|The answer is |The right answers are ")


@dataclass(frozen=True)
class Question:
    """A question and how to come to it.

    Attributes:
        page: Where it is asked.
        key: Of its guess.
        address: The settings.
        start: Key of the button that starts what answers it; "" where nothing has to be started.
        beside: How many other questions the page asks.
        before: Key and settings of the training that must be over first.
    """

    page: str
    key: str
    address: dict = field(default_factory=dict)
    start: str = ""
    beside: int = 0
    before: tuple = ()

    def __str__(self) -> str:
        return "-".join(filter(None, [self.key, self.address.get("row_model", "")]))


QUICK = {"corpus_size": "1,000"}
WORD2VEC = QUICK | {"word2vec_epochs": "1", "word2vec_dimension": "8"}
LEARNS = {"corpus_size": "2,000", "word2vec_epochs": "10"}  # enough to answer some analogies
LANGUAGE = QUICK | {"language_steps": "10", "language_dimension": "8"}
FEW = {"space_groups": "royalty", "space_words": ""}
TRAP = {"traps_kind": "my own list", "traps_words": FORTY, "traps_which": PROSE["sizes"].title}
QUESTIONS = [
    Question("home", "home_guess", {}),
    Question("tokenizers", "tokenizers_guess"),
    Question("words_as_numbers", "numbers_guess"),
    Question("one_hot", "onehot_guess"),
    Question("vectors_with_meaning", "features_guess"),
    Question("small_network", "network_guess"),
    Question("words_in_space", "space_guess", FEW, beside=1),
    Question("words_in_space", "space_trust_guess", FEW, beside=1),
    Question("similar_words", "similar_guess"),
    Question("analogies", "analogy_guess"),
    Question("axes", "axes_guess"),
    Question("odd_one_out", "odd_guess"),
    Question("frequency", "frequency_guess"),
    Question("report_card", "report_guess", {"report_limit": "10,000"}, "report_start"),
    Question("whole_table", "whole_guess"),
    Question("traps", "traps_sizes_guess", TRAP),
    Question("word2vec", "word2vec_guess", WORD2VEC, "word2vec_start"),
    Question("language_model", "language_guess", LANGUAGE),
    Question("learned", "learned_guess", {}, "learned_start", before=("word2vec", LEARNS)),
    Question("learned", "learned_cost_guess", {}, "learned_speed"),
    Question("vocabularies", "vocabularies_guess", beside=1),
    Question("vocabularies", "vocabularies_price_guess", beside=1),
    Question("own_tokenizer", "bpe_guess"),
    Question("real_table", "table_guess"),
    Question("change_one_row", "row_guess"),
    Question("change_one_row", "row_guess", {"row_model": SMALL}),  # the same call, of another model
    Question("back_to_token", "lens_guess"),
    Question("back_to_token", "lens_small_guess", {"lens_model": SMALL}),
    Question("position", "position_guess"),
    Question("embedding_layer", "layer_repeat"),
    Question("lookup_or_matmul", "lookup_guess", {}, "lookup_measure"),
    Question("after_the_lookup", "after_guess"),
]
# The other traps: one question in the page's code, and another trap behind it. Each draws a grid, which takes seconds:
# they are answered, asked again and shown; skipping at once and the link are tried with one trap.
OTHER_TRAPS = [
    Question("traps", f"traps_{name}_guess", TRAP | {"traps_which": prose.title})
    for name, prose in PROSE.items()
    if name != "sizes"
]


@pytest.fixture(autouse=True)
def short_measurements(monkeypatch):
    shorten_lab(monkeypatch, {"V": (4, 1_000), "D": (64,), "B": (64,)})
    jobs.shared_queue()._answers.clear()


@pytest.fixture(scope="module")
def follow():
    """Opens a page by a link, in a session of its own that has seen no other page."""
    home = AppTest.from_file(str(APP), default_timeout=120).run()

    def follow_(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=120)
        app._page_hash = home.switch_page(PATHS[page])._page_hash
        app.query_params.update(query)
        return app.run()

    return follow_


def arrived(opened, question: Question, **more):
    """The page, after the training that it builds on."""
    if not question.before:
        return opened(question.page, **question.address, **more)
    page, address = question.before
    app = opened(page, **address, **more)
    app.button(key={"word2vec": "word2vec_start", "language_model": "language_start"}[page]).click().run()
    run_until(app, lambda: any(button.label == "Use it on all pages" for button in app.button))
    return app.switch_page(PATHS[question.page]).run()


def asked(app, question: Question) -> bool:
    return question.key in [group.key for group in app.button_group]


def told(app, pattern: re.Pattern = TOLD) -> int:
    """How many answers the page tells."""
    return sum(bool(pattern.search(each.value)) for each in [*app.info, *app.success])


def start(app, question: Question) -> None:
    if question.start:
        app.button(key=question.start).click().run()


def press(app, question: Question, what: str) -> None:
    app.button(key=f"{question.key}_{what}").click().run()
    assert not app.exception


def until_asked(app, question: Question) -> None:
    run_until(app, lambda: asked(app, question))


def test_every_question_is_tried_here():
    calls: Counter[str] = Counter()
    for file in (ROOT / "components" / "lessons").rglob("*.py"):
        nodes = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
        if found := sum(ast.unparse(node.func) == "predict.guess" for node in nodes):
            path = file.relative_to(ROOT / "components" / "lessons").with_suffix("").parts
            calls[path[1]] += found
    assert calls == Counter(page for page, _ in {(question.page, question.key) for question in QUESTIONS})


@pytest.mark.parametrize("question", [*QUESTIONS, *OTHER_TRAPS], ids=str)
def test_a_question_is_answered_and_asked_again_and_skipped(open_page, question):
    app = arrived(open_page, question)
    until_asked(app, question)
    assert not told(app)
    guess(app, question.key)
    start(app, question)
    run_until(app, lambda: told(app, JUDGED) == 1)
    assert not asked(app, question)
    press(app, question, "again")
    until_asked(app, question)
    assert not told(app)
    press(app, question, "show")
    run_until(app, lambda: told(app) == 1)
    assert not told(app, JUDGED)
    assert not asked(app, question)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_a_question_is_skipped_before_anything_was_guessed(open_page, question):
    app = arrived(open_page, question)
    until_asked(app, question)
    if question.start:
        start(app, question)
    else:
        press(app, question, "show")
    run_until(app, lambda: told(app) == 1)
    assert not told(app, JUDGED)
    press(app, question, "again")
    until_asked(app, question)
    guess(app, question.key)
    run_until(app, lambda: told(app, JUDGED) == 1)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_a_link_opens_every_answer(follow, question):
    app = arrived(follow, question, show_answers="true")
    start(app, question)
    run_until(app, lambda: told(app) == 1 + question.beside)
    assert app.toggle(key="show_answers").value
    assert not asked(app, question)
    assert f"{question.key}_again" not in [button.key for button in app.button]
    app.toggle(key="show_answers").set_value(False).run()
    run_until(app, lambda: asked(app, question) != bool(question.start))  # what was started stays open


TYPED = {  # for a question, a field whose text is its subject
    "home_guess": ("home_text", "my horse drinks milk every morning"),
    "tokenizers_guess": ("tokenizers_text", "another text"),
    "numbers_guess": ("numbers_words", "one two three four"),
    "bpe_guess": ("bpe_text", "the three thin thieves thought of the others"),
    "similar_guess": ("similar_word", "queen"),
    "analogy_guess": ("analogy_b", "prince"),
    "odd_guess": ("odd_words", "cat dog piano"),
    "whole_guess": ("whole_word", "queen"),
}
VIEWS = {  # for a question, a setting that changes only how its subject is looked at
    "numbers_guess": ("numbers_seed", 7),
    "tokenizers_guess": ("tokenizers_name", "Characters"),
    "similar_guess": ("similar_vectors", "centred"),
    "analogy_guess": ("analogy_method", "multiply and divide (3CosMul)"),
    "whole_guess": ("whole_across", 3),
    "space_trust_guess": ("space_size", "3-D"),
}
BY_KEY = {question.key: question for question in QUESTIONS}


def setting(app, key: str):
    kinds = (app.text_input, app.text_area, app.number_input, app.selectbox, app.button_group)
    return next(each for kind in kinds for each in kind if each.key == key)


def change(app, key: str, value) -> None:
    setting(app, key).set_value(value).run()
    assert not app.exception


@pytest.mark.parametrize("key", TYPED)
def test_of_other_words_the_question_is_asked_anew_unless_the_reader_wants_to_be_shown(open_page, key):
    question = BY_KEY[key]
    app = open_page(question.page, **question.address)
    until_asked(app, question)
    guess(app, key)
    run_until(app, lambda: told(app, JUDGED) == 1)
    field, other = TYPED[key]
    usual = setting(app, field).value
    change(app, field, other)
    until_asked(app, question)
    assert not told(app)
    change(app, field, usual)
    run_until(app, lambda: told(app, JUDGED) == 1)  # the guess stays with its words
    press(app, question, "again")
    press(app, question, "show")
    change(app, field, other)
    run_until(app, lambda: told(app) == 1)
    assert not asked(app, question)


@pytest.mark.parametrize("key", VIEWS)
def test_another_view_of_the_same_leaves_an_answer_open(open_page, key):
    question = BY_KEY[key]
    app = open_page(question.page, **question.address)
    until_asked(app, question)
    guess(app, key)
    run_until(app, lambda: told(app, JUDGED) == 1)
    change(app, *VIEWS[key])
    run_until(app, lambda: told(app) == 1)
    assert not asked(app, question)
