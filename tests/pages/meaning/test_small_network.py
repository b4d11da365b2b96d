"""The network that fills in the table."""

import numpy as np
import pytest

from components.lessons.meaning.small_network import STEPS_SHOWN
from components.markup import with_minus
from embeddings.training import EXAMPLE, first_step, neighbors_of, shared_neighbors
from embeddings.training.small_network import train
from tests.pages.reading import chart, drawing, words
from tests.pages.test_show_the_code import run


@pytest.fixture
def app(open_page):
    return open_page("small_network", network_step="400")


def network_of(app, steps=400):
    return train(app.text_area(key="network_text").value, D=3, steps=steps)


def test_the_table_is_the_trained_one_with_the_lit_row_framed(app):
    network = network_of(app)
    app.selectbox(key="network_word").set_value("queen").run()
    table = drawing(app, "network_table")
    assert table["values"] == np.round(network.W.astype(float), 6).tolist()
    assert table["framed"] == [network.vocabulary.id("queen")]
    assert f"At step 0 it is {network.losses[0]:.2f}. At step 400 it is {network.losses[-1]:.2f}." in words(app)


def test_the_hidden_units_show_the_row_of_the_lit_word(app):
    app.selectbox(key="network_word").set_value("king").run()
    network = network_of(app)
    row = network.W[network.vocabulary.id("king")]
    _, inputs, hidden, _, names = chart(app, "network_figure")["data"]
    assert hidden["text"] == [with_minus(f"{value:.2f}") for value in row]
    assert [text for text in inputs["text"] if text.endswith("1</b>")] == ["<b>king 1</b>"]
    assert len(names["text"]) == len(network.vocabulary)


@pytest.mark.parametrize("steps", [0, 10, 100])
def test_picture_loss_and_table_are_those_of_the_step_in_the_address(open_page, steps):
    app = open_page("small_network", network_step=str(steps), network_word="king")
    network = network_of(app, steps)
    assert chart(app, "network_figure")["data"][2]["text"] == [
        with_minus(f"{value:.2f}") for value in network.W[network.vocabulary.id("king")]
    ]
    assert drawing(app, "network_table")["values"] == np.round(network.W.astype(float), 6).tolist()
    assert chart(app, "network_loss")["data"][0]["y"] == pytest.approx(network.losses)
    assert f"At step {steps} it is {network.losses[-1]:.2f}" in words(app)


def test_the_page_opens_before_the_training(open_page):
    assert open_page("small_network").select_slider(key="network_step").value == 0


def is_played(app):
    return any(button.key == "network_pause" for button in app.button)


def test_the_training_is_played_to_its_end_and_stops_there(open_page):
    app = open_page("small_network")
    app.button(key="network_play").click().run()
    seen = []
    while is_played(app):
        seen.append(app.select_slider(key="network_played").value)
        network = network_of(app, seen[-1])
        assert drawing(app, "network_table")["values"] == np.round(network.W.astype(float), 6).tolist()
        app.run()  # as the browser asks for it
    assert seen == list(STEPS_SHOWN[1:])
    assert app.select_slider(key="network_step").value == seen[-1]
    app.button(key="network_play").click().run()
    assert app.select_slider(key="network_played").value == 0  # once more, from the start


def test_a_training_that_is_paused_stays_at_its_step_and_goes_on_from_there(open_page):
    app = open_page("small_network", network_step="50")
    app.button(key="network_play").click().run()
    assert app.select_slider(key="network_played").value == 70
    app.button(key="network_pause").click().run()
    assert app.run().select_slider(key="network_step").value == 70
    app.button(key="network_play").click().run()
    assert app.select_slider(key="network_played").value == 100


def test_the_word_most_alike_is_told_after_the_guess(app):
    app.selectbox(key="network_word").set_value("king").run()
    offered = app.button_group(key="network_guess").options
    assert "queen" in offered
    assert len(offered) == 5
    wrong = next(word for word in offered if word != "queen")
    app.button_group(key="network_guess").set_value(wrong).run()
    assert f"You said `{wrong}`. The answer is `queen`" in words(app)
    for word in shared_neighbors(EXAMPLE, "king", "queen"):
        assert f"`{word}`" in app.info[-1].value


def test_a_guess_about_one_word_is_not_taken_for_one_about_another(app):
    app.selectbox(key="network_word").set_value("king").run()
    app.button_group(key="network_guess").set_value("queen").run()
    assert "You said `queen`, and that is right" in words(app)
    app.selectbox(key="network_word").set_value("cat").run()
    assert not any(said in words(app) for said in ("You said", "The answer is"))


def test_words_without_company_in_common_are_told_so(app):
    app.text_area(key="network_text").set_value("one two\nthree four").run()
    answers = app.button_group(key="network_guess").options
    app.button_group(key="network_guess").set_value(answers[0]).run()
    assert "No word stands near both in what the network read" in words(app)


def test_with_a_single_other_word_there_is_nothing_to_guess(app):
    app.text_area(key="network_text").set_value("one two").run()
    assert "There is only one other row" in words(app)
    assert not [group for group in app.button_group if group.key == "network_guess"]


def test_too_many_words_are_refused_before_any_training(app, monkeypatch):
    monkeypatch.setattr("embeddings.training.small_network._descend", lambda *_: pytest.fail("trained"))
    app.text_area(key="network_text").set_value(" ".join(f"w{n}" for n in range(25))).run()
    assert "at most 24 can be drawn" in words(app)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "nothing to learn"), (" ".join(f"w{n}" for n in range(25)), "at most 24 can be drawn")],
)
def test_text_that_cannot_be_learned_from_gets_a_sentence(app, text, sentence):
    app.text_area(key="network_text").set_value(text).run()
    assert sentence in words(app)
    assert app.text_area(key="network_text").value == text


def test_the_first_step_by_hand_has_the_engines_numbers(open_page):
    app = open_page("small_network", network_word="king", network_near="wears", network_rate="0.5")
    step = first_step(network_of(app, 0), "king", "wears", rate=0.5)
    outputs, row, weights = (table.value for table in app.dataframe)
    assert outputs["share"].tolist() == pytest.approx(step.probabilities)
    assert outputs["error"].sum() == pytest.approx(0)
    assert outputs.loc[outputs["should be"] == 1, "word"].tolist() == ["wears"]
    assert row["unit 1"].tolist() == pytest.approx([step.row[0], step.gradient_of_row[0], step.new_row[0]])
    assert weights["gradient, unit 3"].tolist() == pytest.approx(step.gradient_of_U[2])
    assert weights["new, unit 3"].tolist() == pytest.approx(step.new_U[2])
    assert f"The loss of this pair goes from {step.loss:.4f} to **{step.new_loss:.4f}**" in words(app)


def test_the_step_by_hand_is_of_a_word_that_stands_near_the_one_that_goes_in(open_page):
    app = open_page("small_network", network_word="king", network_near="wears")
    assert app.selectbox(key="network_near").options == list(neighbors_of(EXAMPLE, "king"))
    app.selectbox(key="network_word").set_value("milk").run()
    assert app.selectbox(key="network_near").value in neighbors_of(EXAMPLE, "milk")
    assert not app.exception


def test_the_code_of_the_step_by_hand_gives_its_numbers(open_page):
    app = open_page("small_network", network_word="king", network_near="wears")
    step = first_step(network_of(app, 0), "king", "wears")
    names = run(app, "network_hand")
    assert names["shares"] == pytest.approx(step.probabilities, abs=1e-6)
    assert names["W"][names["id"]] == pytest.approx(step.new_row, abs=1e-6)
    assert (names["loss"], names["new_loss"]) == pytest.approx((step.loss, step.new_loss), abs=1e-6)
