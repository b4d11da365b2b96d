"""The embedding layer: step by step, three ways, and what else it can do."""

import re

import numpy as np
import pytest

from components import glossary
from components.lessons.layer.embedding_layer.settings import MAX_IDS, read_ids, read_sentences
from embeddings import lookup
from embeddings.common import InvalidInput
from tests.pages.reading import drawing, guess, unfold, words

SENTENCES = {"layer_what": "The words of my sentences"}


@pytest.fixture
def app(open_page):
    return open_page("embedding_layer")


def values(app, key):
    return np.array(drawing(app, key)["values"], dtype=float)  # None becomes NaN


def metric(app, label):
    return next(metric.value for metric in app.metric if metric.label.startswith(label))


def test_the_lesson_opens_with_a_4_by_5_table_and_the_first_of_ids_2_3_1(app):
    assert values(app, "layer_table") == pytest.approx(lookup.seeded_table(4, 5), abs=1e-5)
    output = values(app, "layer_output_0")
    assert output[0] == pytest.approx(lookup.seeded_table(4, 5)[2], abs=1e-5)
    assert np.isnan(output[1:]).all()
    assert "Ids `[3]` → table W `[4, 5]` → output `[3, 5]`. In letters: `[B]` → `[B, D]`" in words(app)
    assert "Step 1 of 3" in words(app)


def test_next_and_previous_fill_and_empty_the_output(app):
    app.button(key="layer_on").click().run()
    app.button(key="layer_on").click().run()
    assert not np.isnan(values(app, "layer_output_0")).any()
    assert drawing(app, "layer_table")["framed"] == [1, 2, 3]
    assert app.button(key="layer_on").disabled
    assert "Up to this step the matrix product needed 60 multiplications, 45 of them by zero" in words(app)
    app.button(key="layer_back").click().run()
    assert np.isnan(values(app, "layer_output_0")[2]).all()
    assert drawing(app, "layer_table")["lit"] == 3


def test_the_products_by_zero_are_greyed_and_the_rest_adds_up_to_the_row(app):
    products = drawing(app, "layer_products")
    assert products["greyed"] == [0, 1, 3]
    assert (np.array(products["values"])[products["greyed"]] == 0).all()
    assert values(app, "layer_sum")[0] == pytest.approx(values(app, "layer_table")[2], abs=1e-5)
    assert drawing(app, "layer_one_hot")["values"] == [[0, 0, 1, 0]]


def test_the_step_travels_in_the_address_and_shrinks_with_the_ids(open_page):
    app = open_page("embedding_layer", layer_step="3")
    assert "Step 3 of 3" in words(app)
    app.text_input(key="layer_ids").set_value("0 1").run()
    assert "Step 2 of 2" in words(app)
    app.text_input(key="layer_ids").set_value("3").run()
    assert "Step 1 of 1" in words(app)
    assert not app.exception


def test_sentences_give_a_table_for_each_and_padding_where_they_differ(open_page):
    app = open_page("embedding_layer", **SENTENCES)
    assert "Ids `[2, 5]` → table W `[6, 5]` → output `[2, 5, 5]`. In letters: `[B, T]` → `[B, T, D]`" in words(app)
    app.slider(key="layer_step").set_value(10).run()
    assert [row.split()[1] for row in drawing(app, "layer_output_1")["rows"]] == [
        "the",
        "dog",
        "sleeps",
        "[PAD]",
        "[PAD]",
    ]
    assert app.selectbox(key="layer_padding").value == "0"
    gradient = values(app, "layer_gradient_nn.Embedding")
    assert (gradient[0] == 0).all()
    assert (gradient[1:] != 0).any(axis=1).all()


def test_the_three_ways_give_the_same_rows_and_gradients(app):
    for picture in ("layer_out", "layer_gradient"):
        pictures = [drawing(app, f"{picture}_{variant}")["values"] for variant in lookup.VARIANTS]
        assert pictures[0] == pictures[1] == pictures[2]
    assert metric(app, "Largest difference between the outputs") == "0"
    assert metric(app, "Largest difference between the gradients") == "0"
    assert metric(app, "Multiplications by zero") == "45"


@pytest.mark.parametrize(
    ("dtype", "told"),
    [
        ("float32", "In `float32` each number takes 4 bytes, and W takes 80 bytes."),
        ("float64", "In `float64` each number takes 8 bytes, and W takes 160 bytes."),
        ("bfloat16", "In `bfloat16` each number takes 2 bytes, and W takes 40 bytes."),
    ],
)
def test_a_type_shows_in_the_bytes_that_it_takes_and_in_what_is_left_of_a_number(open_page, dtype, told):
    app = open_page("embedding_layer", layer_dtype=dtype)
    assert told in words(app)
    kept = re.search(r"is stored as ([−\d.]+)\.", words(app))[1]
    exact = f"{lookup.seeded_table(4, 5)[2, 0]:.7g}".replace("-", "−")
    assert (kept == exact) == (dtype != "bfloat16")


@pytest.mark.parametrize("ids", ["2, 3, 1", "0 1"])
def test_the_picture_says_which_ids_it_shows(open_page, ids):
    app = unfold(open_page("embedding_layer", layer_ids=ids), "layer_product")
    assert "This picture always shows the ids 2, 3 and 1." in words(app)


def test_how_often_a_row_is_used_is_said_so_that_two_numbers_do_not_meet(open_page):
    app = open_page("embedding_layer", layer_ids="3 3 3")
    assert "Row 3 is used 3 times here." in words(app)


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_they_do_so_in_every_type(open_page, dtype):
    assert metric(open_page("embedding_layer", layer_dtype=dtype), "Largest difference between the outputs") == "0"


def test_only_the_rows_used_have_a_gradient(app):
    gradient = drawing(app, "layer_gradient_nn.Embedding")
    assert gradient["framed"] == [1, 2, 3]
    assert gradient["values"][0] == [0] * 5
    assert gradient["rows"] == ["row 0, 0×", "row 1, 1×", "row 2, 1×", "row 3, 1×"]


def test_a_padding_id_has_neither_row_nor_gradient(app):
    app.selectbox(key="layer_padding").set_value("3").run()
    assert (values(app, "layer_out_nn.Linear")[1] == 0).all()
    assert drawing(app, "layer_gradient_nn.Embedding")["framed"] == [1, 2]
    assert "it has no gradient, though it was used 1 time" in words(app)


def test_a_padding_id_that_is_gone_is_let_go(app):
    app.selectbox(key="layer_padding").set_value("3").run()
    app.slider(key="layer_v").set_value(3)
    app.text_input(key="layer_ids").set_value("2 1").run()
    assert not app.exception
    assert app.selectbox(key="layer_padding").value == "none"


def test_the_question_stands_right_below_the_picture_with_what_its_words_mean(app):
    keys = [getattr(element, "key", None) for element in app.main]
    order = [key for key in keys if key in ("layer_step", "layer_repeat", "layer_ids")]
    assert order == ["layer_step", "layer_repeat", "layer_ids"]
    assert glossary.sentence("gradient") in words(app)


def test_a_thin_frame_is_named_once_there_is_one(app):
    assert "Thin frame" not in words(app)
    app.button(key="layer_on").click().run()
    assert "Thin frame: looked up before." in words(app)


def test_repeated_ids_add_up(app):
    guess(app, "layer_repeat", "it grows")
    assert "You said “it grows”, and that is right. The gradient is 2 times as long" in words(app)


def test_the_sparse_gradient_has_its_bytes_beside_those_of_a_real_table(app):
    assert [metric(app, label) for label in ("Here, dense", "Here, sparse")] == ["80 bytes", "84 bytes"]
    assert [metric(app, label) for label in ("GPT-2, dense", "GPT-2, sparse")] == ["154 MB", "9.24 kB"]


def test_bags_are_rows_added_up_or_averaged(app):
    table = values(app, "layer_table")
    assert values(app, "layer_bags") == pytest.approx(np.stack([table[2] + table[3], table[1]]), abs=1e-5)
    app.segmented_control(key="layer_bag").set_value("mean").run()
    assert values(app, "layer_bags")[0] == pytest.approx((table[2] + table[3]) / 2, abs=1e-5)


def test_the_int64_trap_is_told_in_pytorchs_own_words(app):
    assert any("expected m1 and m2 to have the same dtype" in code.value for code in app.code)
    assert "96 bytes become 48 bytes here" in words(app)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2, 4", "'4' is no row of this table. Its rows are the whole numbers from 0 to 3."),
        ("cat", "'cat' is no row"),
        ("-1", "'-1' is no row"),
        ("", "Type some ids"),
        ("1 " * 40, f"These are 40 ids; at most {MAX_IDS} can be drawn"),
    ],
)
def test_ids_that_cannot_be_looked_up_are_told_so_and_stay(app, typed, told):
    app.text_input(key="layer_ids").set_value(typed).run()
    assert told in words(app)
    assert app.text_input(key="layer_ids").value == typed


def test_too_long_a_text_is_told_so(open_page):
    app = open_page("embedding_layer", **SENTENCES)
    app.text_area(key="layer_text").set_value("word " * 50).run()
    assert "At most 4 sentences of 16 words" in words(app)


@pytest.mark.parametrize(
    "text", ["", " \n ", "a\nb\nc\nd\ne", " ".join("abcdefghijklmnop") + "\n" + "q r s t u v w x y"]
)
def test_sentences_that_cannot_be_drawn_are_refused(text):
    with pytest.raises(InvalidInput):
        read_sentences(text, 4, 5)


def test_lists_of_ids_are_read_however_they_are_parted():
    assert read_ids("[2, 3,1]", 4).tolist() == read_ids("2;3  1 ", 4).tolist() == [2, 3, 1]


def test_markup_in_a_sentence_is_only_text(open_page):
    app = open_page("embedding_layer", **SENTENCES)
    app.text_area(key="layer_text").set_value("**cat** <b>dog</b>").run()
    assert not app.exception
    assert drawing(app, "layer_table")["rows"] == ["0 *", "1 /", "2 <", "3 >", "4 b", "5 cat", "6 dog"]
    assert "`*` has id 0" in words(app)  # a code span, in which no Markdown is read
    assert "**cat**" not in words(app)
    assert "<b>" not in words(app)
