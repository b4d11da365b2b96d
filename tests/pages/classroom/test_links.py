"""Each exercise, and each step of a plan, leads to a page that shows just its numbers."""

import re
from collections.abc import Callable
from types import MappingProxyType

import pytest
from streamlit.testing.v1 import AppTest

from components import classroom
from components.lessons.classroom.plans import PLANS
from components.session.table_cache import word_vectors
from embeddings.common import in_bytes
from embeddings.exercises import KINDS, Exercise
from embeddings.vectors import one_hot_bytes
from tests.pages.reading import APP, CLASSROOM, PATHS, chart, drawing, run_until, unlinked, words

Shown = Callable[[AppTest, Exercise], bool]


@pytest.fixture(scope="module")
def follow() -> Callable[..., AppTest]:
    """Opens a page by a link, in a session of its own."""
    home = AppTest.from_file(str(APP), default_timeout=120).run()

    def follow_(page: str, settings) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=120)
        app._page_hash = home.switch_page((PATHS | CLASSROOM)[page])._page_hash
        app.query_params.update(dict(settings))
        app.run()
        assert not app.exception
        assert not app.error
        assert "does not work" not in words(app) and "cannot be read" not in words(app)
        return app

    return follow_


def says(text: Callable[[Exercise], str]) -> Shown:
    """The page has this in one of its sentences."""
    return lambda app, exercise: text(exercise) in words(app)


def metric(label: str) -> Shown:
    """The page has the answer under this ``label``."""
    return lambda app, exercise: (
        exercise.answer.replace(",", "") in [each.value.replace(",", "") for each in app.metric if each.label == label]
    )


def in_chart(key: str, text: Callable[[Exercise], str]) -> Shown:
    return lambda app, exercise: text(exercise) in str(chart(app, key))


def in_drawing(key: str, texts: Callable[[Exercise], list[str]]) -> Shown:
    return lambda app, exercise: all(text in str(drawing(app, key)) for text in texts(exercise))


def the_answer(exercise: Exercise) -> str:
    return f"The answer is `{exercise.answer}`"


def count_of_words(exercise: Exercise) -> int:
    return len(set(exercise.settings["onehot_words"].split()))


def ids(exercise: Exercise) -> list[str]:
    return exercise.settings["layer_ids"].split(", ")


def rank_of_answer_is_lowest(app: AppTest, exercise: Exercise) -> bool:
    ranks = app.dataframe[0].value.set_index("word")["its rank"]
    return set(ranks.index) == set(exercise.options) and ranks.idxmin() == exercise.answer


def batch_changes_as_many(app: AppTest, exercise: Exercise) -> bool:
    run_until(app, lambda: "different, and it changes" in words(app))
    return f"it changes {exercise.answer} of the" in words(app)


def in_time(text: Callable[[Exercise], str]) -> Shown:
    """The page has this in one of its sentences once its model has answered."""

    def told(app: AppTest, exercise: Exercise) -> bool:
        run_until(app, lambda: text(exercise) in words(app))
        return True

    return told


def tables_of_small_model(exercise: Exercise) -> str:
    tied = exercise.settings["lens_tied"] == "true"
    return "Both use the same table `W`." if tied else "The output has a table `U` of its own."


def words_of_small_model(app: AppTest, exercise: Exercise) -> bool:
    ticks = chart(app, "lens_table")["layout"]["xaxis"]["ticktext"]
    return ticks == exercise.settings["lens_small_text"].split()


def row_is_replaced(app: AppTest, exercise: Exercise) -> bool:
    asked = exercise.settings
    chosen = app.selectbox(key="row_token").value, app.text_input(key="row_other").value
    return (
        chosen == (asked["row_token"], asked["row_other"]) and app.text_input(key="row_text").value == asked["row_text"]
    )


SHOWN: MappingProxyType[str, Shown] = MappingProxyType(
    {
        "character_tokens": metric("Tokens"),
        "nearest_number": says(lambda e: f"is nearest to `{e.answer}`"),
        "nearest_by_chance": says(lambda e: e.answer),
        "token_id": lambda app, e: any(
            f"'{re.findall('`([^`]+)`', e.question)[-1]}': {e.answer}" in each.value for each in app.code
        ),
        "one_hot_length": says(lambda e: f"Your {e.answer} words"),
        "one_hot_zeros": says(lambda e: f"Your {count_of_words(e)} words"),
        "one_hot_pairs": says(lambda e: f"All {e.answer} pairs: cosine 0.00"),
        "one_hot_memory": in_chart("onehot_memory", lambda e: in_bytes(one_hot_bytes(*[count_of_words(e)] * 2))),
        "nearest_row": says(the_answer),
        "network_weights": in_drawing("network_table", lambda e: e.settings["network_text"].split()),
        "nearest_word": in_drawing("similar_matrix", lambda e: e.settings["similar_words"].split()),
        "nearer_pair": in_drawing("similar_matrix", lambda e: e.settings["similar_words"].split()),
        "dot_product": in_chart("similar_scores", lambda e: re.findall("`([^`]+)`", e.question)[1]),
        "analogy_answer": says(lambda e: f"{e.settings['analogy_b']}` − `{e.settings['analogy_a']}` + `"),
        "analogy_of_all_words": says(the_answer),
        "end_of_axis": lambda app, e: all(word in str(chart(app, "axes_places")) for word in e.options),
        "odd_word": says(the_answer),
        "more_frequent": rank_of_answer_is_lowest,
        "pair_in_window": says(lambda e: f"A window of {e.settings['word2vec_window']} to each side"),
        "pairs_of_sentence": says(lambda e: f"gives {e.answer} pairs for the whole sentence"),
        "words_with_row": says(lambda e: f"**{e.answer}** of them occur {e.settings['word2vec_min_count']} times"),
        "rows_of_language_model": says(lambda e: f"W has **{e.answer}** rows"),
        "rows_changed_by_batch": batch_changes_as_many,
        "hours_at_share": metric("GPU hours"),
        "days_on_gpus": metric("Days of training"),
        "rent_of_gpus": metric("Rent in dollars"),
        "longest_row": in_time(lambda e: f"rows nearest to `␣{e.answer}`"),
        "bytes_of_rows": in_time(lambda e: f"rows nearest to `␣{e.settings['table_word']}`"),
        "places_with_other_row": row_is_replaced,
        "text_as_read": row_is_replaced,
        "mixed_row": lambda app, e: (
            row_is_replaced(app, e) and app.slider(key="row_share").value == int(e.settings["row_share"])
        ),
        "largest_logit": words_of_small_model,
        "times_as_likely": words_of_small_model,
        "weights_of_both_tables": in_time(tables_of_small_model),
        "multiplications_of_output": in_time(tables_of_small_model),
        "output_row": says(lambda e: f"row {ids(e)[int(e.settings['layer_step']) - 1]} of W becomes `output["),
        "output_shape": says(lambda e: f"→ output `{e.answer}`"),
        "zeros_multiplied": metric("Multiplications by zero avoided"),
        "rows_with_gradient": says(lambda e: f"{len(set(ids(e)))} of the {e.settings['layer_v']} rows have a gradient"),
        "longer_gradient": says(lambda e: f"The gradient is {e.answer} as long"),
        "bytes_of_table": says(lambda e: f"W takes {e.answer}"),
        "bytes_of_gradient": metric("Here, dense"),
        "growing_vocabulary": lambda app, e: (
            [f"{app.select_slider(key=f'lookup_{axis}').value:,}" for axis in "db"]
            == [e.settings["lookup_d"], e.settings["lookup_b"]]
        ),
    }
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_link_of_an_exercise_opens_the_panel_with_its_numbers(kind, follow):
    exercise = kind.draw([4], word_vectors())
    app = follow(exercise.page, {**exercise.settings, "show_answers": "true"})
    assert not app.warning
    assert SHOWN[kind.name](app, exercise), (exercise, words(app))


@pytest.mark.parametrize("minutes", PLANS)
def test_the_minutes_of_a_plan_add_up(minutes):
    assert sum(step.minutes for step in PLANS[minutes]) == minutes
    assert PLANS[minutes][0].page == classroom.ROOM.address
    assert all(step.ask and step.said and step.shows.endswith(".") for step in PLANS[minutes])


STEPS = {(step.page, step.settings.get("check_chapter")): step for steps in PLANS.values() for step in steps}


@pytest.mark.parametrize("step", STEPS.values(), ids=lambda step: step.page)
def test_each_link_of_a_plan_opens_its_page_as_it_says(step, follow):
    app = follow(step.page, step.settings)
    assert not app.warning
    asked = [unlinked(each.value) for each in app.markdown if "Predict first." in each.value]
    assert not asked or any(question.endswith(step.ask) for question in asked)


def test_a_link_to_a_table_of_features_leads_to_it_again_and_undo_leads_back(open_page):
    first, second = ({"features_table": f"word,can fly\n{word},1\ncat,0.5\n"} for word in ("dragon", "troll"))
    app = open_page("vectors_with_meaning", **first)
    assert "`dragon`" in words(app)
    app.switch_page(PATHS["one_hot"]).run()
    app.switch_page(PATHS["vectors_with_meaning"])
    app.query_params.update(second)
    app.run()
    assert "`troll`" in words(app) and "`dragon`" not in words(app)
    app.button(key="features_undo").click().run()
    assert "`dragon`" in words(app)
