"""Watch embeddings being learned: three pages, run without a browser."""

import re
import threading
import time

import numpy as np
import pytest
import streamlit as st

from components.lessons.learning.corpus_choice import example
from components.markup import with_minus
from components.session import user_tables
from components.ui import downloads
from embeddings import jobs
from embeddings.training import corpora, scores, word2vec
from embeddings.training.language_model import gradients_of_W
from embeddings.vectors import WordVectors
from tests.pages.reading import chart, guess, numbers, run_until, words

SMALL = {"corpus_size": 2_000}
QUICK_W2V = SMALL | {"word2vec_epochs": 2, "word2vec_dimension": 16}
QUICK_LM = SMALL | {"language_steps": 50, "language_dimension": 16}


def opened(open_page, name: str, settings: dict, answer: str | None = None):
    """The page with ``settings`` made and its guess given."""
    app = open_page(name)
    for key, value in settings.items():
        app.session_state[key] = value
    app.run()
    guess(app, {"word2vec": "word2vec_guess", "language_model": "language_guess"}[name], answer)
    return app


def train(app, start: str = "word2vec_start", end: str = "Finished in"):
    app.button(key=start).click().run()
    run_until(app, lambda: end in words(app) and not any(b.label == "Pause" for b in app.button))
    return app


def metric(app, label: str) -> str:
    return next((metric.value for metric in app.metric if metric.label == label), "–")


def scrubber(app):
    return next(slider for slider in app.slider if slider.label.startswith("Snapshot"))


def line(app) -> str:
    """What stands on the lines of work that is active."""
    return " ".join(bar.proto.text for bar in app.get("progress"))


def button(app, label: str):
    return next(button for button in app.button if button.label == label)


def places(app, key: str = "training_map") -> list:
    traces = chart(app, key)["data"]
    return [place for trace in traces for place in zip(numbers(trace["x"]), numbers(trace["y"]), strict=True)]


@pytest.fixture
def trained(open_page):
    return train(opened(open_page, "word2vec", QUICK_W2V))


@pytest.fixture
def model(open_page):
    return train(opened(open_page, "language_model", QUICK_LM), "language_start", "What it writes")


def test_the_pairs_are_those_within_the_window_that_slides(open_page):
    app = open_page("word2vec", word2vec_sentence="a b c d", word2vec_window="1")
    app.slider(key="word2vec_place_4").set_value(3).run()
    assert "2 pairs here: `c` → `b`, `c` → `d`." in words(app)
    app.slider(key="word2vec_window").set_value(2).run()
    assert "3 pairs here: `c` → `a`, `c` → `b`, `c` → `d`." in words(app)


def test_one_pair_is_one_and_those_not_written_out_are_counted(open_page):
    assert "1 pair here: `b` → `a`." in words(open_page("word2vec", word2vec_sentence="a b", word2vec_window="1"))
    app = open_page("word2vec", word2vec_sentence="a b c d e f g h i j k l m n o p", word2vec_window="15")
    assert "15 pairs here: " in words(app)
    assert "`b` → `m` and 3 more." in words(app)


def test_one_word_has_no_pairs_and_is_told_so(open_page):
    app = open_page("word2vec", word2vec_sentence="king")
    assert "a word alone has no neighbours" in words(app)


@pytest.mark.parametrize(
    ("name", "licence"),
    [("made-up world", "MIT"), ("news", "None stated"), ("your own text", "Yours"), ("Wikipedia", "CC BY")],
)
def test_each_corpus_says_its_tokens_its_vocabulary_and_its_licence(open_page, name, licence):
    app = open_page("word2vec", corpus=name, word2vec_min_count="2")
    run_until(app, lambda: "Licence: " in words(app))
    sentences = words(app)
    assert f"Licence: {licence}" in sentences
    assert "occur 2 times or more and get a row" in sentences


def test_the_vocabulary_shrinks_as_the_least_count_grows(open_page):
    corpus = corpora.load("news")
    for least in (2, 20):
        app = open_page("word2vec", corpus="news", word2vec_min_count=str(least))
        V = len(corpora.count_vocabulary(corpus, least).vocabulary)
        assert f"**{corpus.tokens:,}** tokens" in words(app)
        assert f"**{V:,}** of them occur {least} times" in words(app)


def test_text8_is_offered_with_its_size_and_says_that_the_server_must_be_online(open_page, monkeypatch, tmp_path):
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GENSIM_DATA_ENDPOINT", "http://127.0.0.1:9")
    app = open_page("word2vec", corpus="text8")
    assert "17,005,207 tokens" in words(app)
    assert "must be online" in words(app)
    button(app, "Fetch 33.2 MB").click().run()
    run_until(app, lambda: bool(app.error))
    assert not app.exception


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is no word in this text"),
        ("cat", "There is one word in this text"),
        ("a\0b c d", "This is not text but binary data"),
    ],
)
def test_a_text_from_which_nothing_can_be_learned_is_told_so_and_stays(open_page, text, sentence):
    app = open_page("word2vec", corpus="your own text")
    app.text_area(key="corpus_text").set_value(text).run()
    assert sentence in words(app)
    assert app.text_area(key="corpus_text").value == text


def test_a_text_of_one_word_over_and_over_is_told_so(open_page):
    app = open_page("word2vec", corpus="your own text")
    app.text_area(key="corpus_text").set_value("cat cat cat cat cat cat").run()
    assert "nothing can be learned from fewer than two" in words(app)


def test_a_vocabulary_of_one_is_told_so_when_it_trains_and_can_be_widened(open_page):
    app = open_page("word2vec", corpus="your own text")
    app.text_area(key="corpus_text").set_value("the cat the dog the cow the hen the fox").run()
    guess(app, "word2vec_guess")
    train(app, end="nothing can be learned from fewer than two")
    button(app, "Give every word a row").click().run()
    assert "**6** of them occur 1 time or more" in words(app)
    train(app)
    assert metric(app, "Tokens in all") == "150"


def test_an_uploaded_file_is_learned_from_and_can_be_put_away(open_page):
    app = open_page("word2vec", corpus="your own text")
    app.file_uploader(key="corpus_file").upload("story.txt", b"the cat sat\non the mat\n" * 9, "text/plain").run()
    assert "You brought `story.txt`" in words(app)
    run_until(app, lambda: "**54** tokens" in words(app))
    button(app, "Put it away and type a text").click().run()
    assert app.text_area(key="corpus_text").value == example()
    assert "You brought" not in words(app)
    run_until(app, lambda: f"**{corpora.of_text(example()).tokens:,}** tokens" in words(app))


def test_a_binary_file_is_refused_in_a_sentence(open_page):
    app = open_page("word2vec", corpus="your own text")
    app.file_uploader(key="corpus_file").upload("story.txt", bytes(range(256)) * 9, "text/plain").run()
    run_until(app, lambda: "Save it as plain text (.txt) in UTF-8" in words(app))


def test_a_run_shows_loss_speed_map_neighbours_and_similarities(trained):
    ours = list(word2vec.train(corpora.of_toy_corpus(2_000), epochs=2, dimension=16))
    assert metric(trained, "Loss") == f"{ours[-1].loss:.3f}"
    assert metric(trained, "Held-out loss") == f"{ours[-1].held_out_loss:.3f}"
    assert len(places(trained)) > 60
    losses = chart(trained, "training_loss")["data"]
    assert numbers(losses[0]["y"]) == pytest.approx([snapshot.loss for snapshot in ours])
    first = next(trace for trace in chart(trained, "training_similarities")["data"] if trace["name"] == "king · queen")
    cosines = scores.similarities_over_time(ours, [("king", "queen")])
    assert numbers(first["y"]) == pytest.approx([row[0] for row in cosines], abs=1e-5)


def test_the_guess_is_judged_at_the_end(trained):
    assert "of its way to" in words(trained)


def test_after_guess_again_the_run_is_out_of_sight_until_the_question_is_open(trained, monkeypatch):
    end = places(trained)
    monkeypatch.setattr("components.session.background_jobs.start", None)  # nothing is trained anew
    for key in ("word2vec_start", "word2vec_guess_show"):
        trained.button(key="word2vec_guess_again").click().run()
        assert metric(trained, "Loss") == "–"
        assert places(trained) != end
        assert "This is the random start" in words(trained)
        assert "Your last result is kept." in words(trained)
        trained.button(key=key).click().run()
        assert places(trained) == end
        assert "of its way to" in words(trained)
        assert "Your last result is kept." not in words(trained)


def test_the_scrubber_goes_back_to_the_random_start(trained):
    end = places(trained)
    scrubber(trained).set_value(0).run()
    assert "0 tokens, loss" in words(trained)
    assert places(trained) != end
    assert places(trained) == places(trained, "training_random")
    assert len(chart(trained, "training_loss")["layout"]["shapes"]) == 1


def test_the_frame_stays_while_the_words_move(trained):
    def frame():
        layout = chart(trained, "training_map")["layout"]
        return layout["xaxis"]["range"], layout["yaxis"]["range"]

    end = frame()
    scrubber(trained).set_value(1).run()
    assert frame() == end


def test_a_run_pauses_goes_on_and_is_stopped_with_what_it_has_learned(open_page):
    app = opened(open_page, "word2vec", SMALL | {"corpus_size": 12_000, "word2vec_epochs": 60})
    app.button(key="word2vec_start").click().run()
    run_until(app, lambda: any(b.label == "Pause" for b in app.button) and bool(app.get("plotly_chart")))
    run_until(app, lambda: metric(app, "Tokens per second") != "–")  # there are two snapshots
    button(app, "Pause").click().run()
    run_until(app, lambda: any(b.label == "Go on" for b in app.button))
    app.run()
    paused = metric(app, "Loss")
    app.run()
    assert metric(app, "Loss") == paused
    assert scrubber(app).value == scrubber(app).max  # to look back meanwhile
    button(app, "Go on").click().run()
    run_until(app, lambda: metric(app, "Loss") != paused)
    button(app, "Stop").click().run()
    run_until(app, lambda: "Stopped." in words(app) and "Your table is now in the list “Vectors”" in words(app))
    assert scrubber(app).max >= 1


def test_leaving_the_page_stops_the_run(open_page, monkeypatch):
    ahead = [0.0]
    monkeypatch.setattr(jobs.shared_queue(), "clock", lambda: time.monotonic() + ahead[0])
    app = opened(open_page, "word2vec", {"word2vec_epochs": 60, "word2vec_dimension": 100})
    app.button(key="word2vec_start").click().run()
    run_until(app, lambda: any(b.label == "Pause" for b in app.button))
    button(app, "Pause").click().run()
    (job,) = jobs.shared_queue()._all()
    app.switch_page("pages/meaning/one_hot.py").run()
    assert job.active
    ahead[0] = jobs.PAUSED_IDLE_TIMEOUT + 1
    assert job.wait(20)
    assert job.message == "Stopped: nobody was watching."


def test_an_absurd_learning_rate_stops_says_why_and_keeps_the_last_good_table(open_page):
    app = opened(open_page, "word2vec", QUICK_W2V | {"word2vec_alpha": 10_000.0})
    train(app, end="Choose a smaller learning rate")
    assert np.isfinite(float(metric(app, "Loss")))
    assert places(app)


def test_the_table_is_in_every_picker_and_serves_another_page(trained):
    button(trained, "Use it on all pages").click().run()
    trained.switch_page("pages/play/similar_words.py").run()
    assert trained.selectbox(key="source").value == "your word2vec"
    assert "Trained by you: " in words(trained)
    assert not trained.exception


def test_files_of_the_table_are_offered_once_take_it_home_is_opened(trained):
    assert not trained.get("download_button")
    (popover,) = trained.get("popover")
    trained.session_state[popover.proto.id.rpartition("-")[2]] = True
    trained.run()
    assert not trained.exception
    assert [button.proto.label for button in trained.get("download_button")] == list(downloads.TITLES.values())
    assert "upload it on the page of sources" in words(trained)


def test_several_workers_are_said_to_make_no_two_runs_alike(open_page):
    app = opened(open_page, "word2vec", QUICK_W2V)
    assert "the same settings and seed give the same numbers each time on this machine" in words(app)
    app.number_input(key="word2vec_workers").set_value(2).run()
    assert "no two runs will be alike" in words(app)


def test_other_settings_than_those_of_the_run_are_pointed_out(trained):
    assert "with your earlier settings" not in words(trained)
    trained.number_input(key="word2vec_seed").set_value(7).run()
    assert "with your earlier settings. Press Train to use the new ones." in words(trained)


def test_fasttext_gives_a_made_up_word_a_vector_from_its_pieces(open_page):
    app = train(opened(open_page, "word2vec", QUICK_W2V | {"word2vec_method": "fastText"}))
    app.text_input(key="word2vec_made_up").set_value("ducklingess").run()
    assert "`ducklingess` has no row. Its pieces" in words(app)
    bars = chart(app, "word2vec_made_up_near")["data"][0]
    assert "duckling" in bars["hovertext"]


def test_the_gradient_reaches_the_rows_of_the_batch_alone_and_with_tying_all(open_page):
    app = opened(open_page, "language_model", QUICK_LM, "only those of its own tokens")
    run_until(app, lambda: "rows** change" in words(app))
    sentences = words(app)
    assert "You said “only those of its own tokens”, and that is right." in sentences
    changed, V = (int(number) for number in sentences.split("rows** change")[0].rsplit("**", 1)[1].split(" of "))
    assert f"and it changes {changed} of the {V} rows of W" in sentences
    assert 0 < changed < V
    app.toggle(key="language_show_tied").set_value(True).run()
    assert f"**{V} of {V} rows** change with a tied output, not only {changed}. W has two tasks" in words(app)


def test_question_and_guess_stay_while_the_answer_is_worked_out(open_page, monkeypatch):
    go_on = threading.Event()

    def slow(corpus, **settings):
        assert go_on.wait(60)
        return gradients_of_W(corpus, **settings)

    monkeypatch.setattr("embeddings.training.language_model.gradients_of_W", slow)
    app = open_page("language_model", corpus_size="500", language_dimension="8")
    guess(app, "language_guess", "all of them")
    (shown,) = app.info
    assert shown.value.startswith("*Which rows of W will this batch change?*")
    assert shown.value.endswith("Your guess: “all of them”. Working out the answer.")
    go_on.set()
    run_until(app, lambda: "The answer is “only those of its own tokens”" in words(app))


@pytest.mark.parametrize("tokens", ["words", "characters"])
def test_the_rows_are_as_many_before_and_after_the_answer(open_page, tokens):
    app = open_page("language_model", corpus_size="1,000", language_tokens=tokens)
    told = re.search(r"W has \*\*([\d,]+)\*\* rows: (.+?)\.", words(app))
    app.button(key="language_guess_show").click().run()
    run_until(app, lambda: "rows** change" in words(app))
    assert f" of {told[1]} rows** change" in words(app)
    assert ("end of a sentence" in told[2]) == (tokens == "words")
    assert ("different character" in told[2]) == (tokens == "characters")


def test_a_larger_batch_reaches_more_rows(open_page):
    app = opened(open_page, "language_model", QUICK_LM)
    shown = []
    for stretches in (1, 64):
        app.select_slider(key="language_stretches").set_value(stretches).run()
        run_until(app, lambda: any(e.proto.id.endswith("-language_rows") for e in app.get("plotly_chart")))
        shown.append(len(chart(app, "language_rows")["data"][2]["x"]))
    assert shown[0] <= 16 < shown[1]


def test_the_model_goes_on_with_the_prompt_at_several_snapshots(model):
    assert "- 0 steps, loss" in words(model)
    assert "- 50 steps, loss" in words(model)
    assert words(model).count(", loss") > 4


def test_beside_the_map_and_what_it_writes_all_of_a_language_models_run_is_in_a_closed_fold(model):
    (fold,) = [fold for fold in model.expander if fold.label.startswith("Go further: the loss")]
    assert not fold.proto.expanded
    assert {"Loss", "Tokens per second"} <= {metric.label for metric in fold.metric}
    assert len(model.metric) == len(fold.metric)
    assert len(model.dataframe) == len(fold.dataframe) == 1  # the nearest words
    assert scrubber(model).key not in [slider.key for slider in fold.slider]
    assert "What it writes" not in " ".join(markdown.value for markdown in fold.markdown)


def test_no_time_is_told_of_what_the_reader_did_not_start(open_page):
    app = open_page("language_model", corpus_size="500", language_dimension="8")
    run_until(app, lambda: "The table is ready." in words(app))
    assert "Finished" not in words(app)


def test_a_prompt_that_the_corpus_lacks_is_told_so(model):
    model.text_input(key="language_prompt").set_value("the zeppelin").run()
    assert "zeppelin" in words(model)
    assert not model.exception


def test_characters_have_a_map_of_their_own(open_page):
    app = opened(open_page, "language_model", QUICK_LM | {"language_tokens": "characters"})
    train(app, "language_start", "What it writes")
    assert {trace["name"] for trace in chart(app, "training_map")["data"]} >= {"vowels", "consonants"}


def test_byte_pairs_are_read_without_the_space_that_begins_a_word(open_page):
    app = opened(open_page, "language_model", QUICK_LM | {"language_tokens": "byte pairs"})
    train(app, "language_start", "What it writes")
    named = [word for trace in chart(app, "training_map")["data"] for word in trace["hovertext"]]
    assert len(named) > 20
    assert not [word for word in named if word.startswith((" ", "␣"))]


def test_without_a_run_the_page_of_scores_shows_the_random_start_and_trains_a_small_table(open_page):
    st.cache_resource.clear()  # pages that are run without a browser are all one session
    app = open_page("learned")
    (start,) = chart(app, "learned_scores")["data"]
    assert start["name"] == "random start"
    assert metric(app, "GPU hours") != "–"
    assert "Measure the speed here" in [button.label for button in app.button]  # a training need not come first
    app.button(key="learned_train").click().run()
    run_until(app, lambda: metric(app, "Silhouette of the six categories") != "–")
    shown = {bars["name"]: numbers(bars["x"]) for bars in chart(app, "learned_scores")["data"]}
    assert shown["random start"] == numbers(start["x"])
    assert min(shown["learned"]) > max(shown["random start"])
    assert not app.exception


def test_the_table_is_scored_by_the_truth_of_its_world_and_beside_a_tenth(trained):
    trained.switch_page("pages/learning/learned.py").run()
    *_, last = word2vec.train(corpora.of_toy_corpus(2_000), epochs=2, dimension=16)
    scored = scores.score(last.word_vectors())
    assert metric(trained, "Silhouette of the six categories") == with_minus(f"{scored.silhouette:.2f}")
    assert "Do the royals lie together? **" in words(trained)
    assert f"the others of royalty is **{with_minus(format(scored.silhouettes['royalty'], '.2f'))}**" in words(trained)
    assert "`king` − `man` + `woman` here: " in words(trained)
    assert "fewer than 20 of its 353 pairs" in words(trained)
    guess(trained, "learned_guess")
    train(trained, "learned_start")
    (table,) = [frame.value for frame in trained.dataframe if "a tenth" in frame.value]
    assert list(table.columns) == ["", "random start", "a tenth", "all"]
    assert "From a tenth of the text the table answers" in words(trained)


def test_the_line_over_a_tenth_is_of_the_run_that_is_judged(trained):
    trained.switch_page("pages/learning/language_model.py").run()
    for key, value in QUICK_LM.items():
        trained.session_state[key] = value
    trained.run()
    guess(trained, "language_guess")
    train(trained, "language_start", "What it writes")
    trained.switch_page("pages/learning/learned.py").run()
    guess(trained, "learned_guess")
    train(trained, "learned_start")
    judge = trained.segmented_control(key="learned_job")
    judge.set_value("language").run()
    assert "Finished in" not in words(trained)
    assert "Not trained yet." in words(trained)
    judge.set_value("word2vec").run()
    assert "Finished in" in words(trained)
    assert any("a tenth" in frame.value for frame in trained.dataframe)


@pytest.fixture
def two_readings():
    """Puts two readings in line that stand still to the end of the test; for each an event that says that it began."""
    go_on, held = threading.Event(), []

    def submit() -> list[threading.Event]:
        begun = [threading.Event(), threading.Event()]
        for number, each in enumerate(begun):
            owner = f"other {number}"
            held.append(jobs.submit(owner, lambda report, begun=each: (begun.set(), go_on.wait(60)), jobs.READING))
        return begun

    yield submit
    go_on.set()
    assert all(job.wait(60) for job in held)


def test_whoever_pauses_is_told_what_comes_of_it_and_others_have_the_place(open_page, two_readings):
    app = opened(open_page, "word2vec", SMALL | {"corpus_size": 12_000, "word2vec_epochs": 60})
    app.button(key="word2vec_start").click().run()
    run_until(app, lambda: any(b.label == "Pause" for b in app.button) and bool(app.get("plotly_chart")))
    run_until(app, lambda: metric(app, "Tokens per second") != "–")  # there is something that it has learned
    first, second = two_readings()
    assert first.wait(20)
    assert not second.is_set()
    button(app, "Pause").click().run()
    assert any(b.label == "Go on" for b in app.button)
    run_until(app, lambda: "Others can compute now." in line(app))
    assert re.search(r"Your run ends in (about \d+ (minutes|s)|a few seconds), with what it has, unless", line(app))
    assert second.wait(20)
    button(app, "Go on").click().run()
    assert "You are next. 2 short computations are under way." in line(app)
    assert "Yours goes on by itself" in line(app)
    button(app, "Stop").click().run()
    run_until(app, lambda: "Stopped." in words(app))
    assert "Your table is now in the list “Vectors”" in words(app)


def test_the_cost_of_a_large_table_is_worked_out_from_the_speed_here(model):
    model.switch_page("pages/learning/learned.py").run()
    guess(model, "learned_cost_guess", "centuries, or more")
    assert "You said “centuries, or more”, and that is right" in words(model)
    (table,) = [frame.value for frame in model.dataframe if "number" in frame.value]
    assert "3.15 × 10²³" in list(table["number"])
    assert "50,257" in list(table["number"])


def test_the_question_of_the_cost_and_its_answer_are_about_the_model_that_was_chosen(model):
    model.switch_page("pages/learning/learned.py").run()
    model.button_group(key="learned_model").set_value("Llama 3 8B").run()
    assert "How long would this server need for Llama 3 8B?" in words(model)
    guess(model, "learned_cost_guess", "centuries, or more")
    assert "years for Llama 3 8B" in words(model)
    assert "years for GPT-3" not in words(model)


def test_the_cost_on_many_gpus_needs_no_training_and_follows_price_and_number(open_page):
    app = open_page("learned", learned_model="Llama 3 8B")
    assert (metric(app, "GPU hours"), metric(app, "Rent in dollars")) == ("510,000", "1,000,000")
    assert "The makers of Llama 3 8B published **1,300,000** GPU hours" in words(app)
    days = float(metric(app, "Days of training"))
    app.number_input(key="learned_gpu_price").set_value(4.0).run()
    assert metric(app, "Rent in dollars") == "2,000,000"
    app.select_slider(key="learned_gpu_count").set_value(8_192).run()
    assert float(metric(app, "Days of training")) < days
    app.button_group(key="learned_model").set_value("GPT-3").run()
    assert "published no GPU hours on this GPU" in words(app)


def test_the_cost_here_needs_no_training_of_ones_own_but_a_measurement(open_page):
    app = open_page("learned", learned_model="Gemma 2B")
    guess(app, "learned_cost_guess", "centuries, or more")
    assert "The answer comes once the speed is measured" in words(app)
    app.button(key="learned_speed").click().run()
    run_until(app, lambda: "years for Gemma 2B" in words(app))
    assert "You said “centuries, or more”, and that is right" in words(app)
    (table,) = [frame.value for frame in app.dataframe if "number" in frame.value]
    assert "256,128" in list(table["number"])


def test_the_memory_of_a_training_is_shown_at_once_and_follows_the_model(open_page):
    app = open_page("learned", learned_model="GPT-3")
    assert metric(app, "Memory to train it") == "2.8 TB"
    assert metric(app, "H100s that hold that") == "35"
    (parts,) = [frame.value for frame in app.dataframe if "for each weight" in frame.value]
    assert list(parts["bytes"]) == [2, 2, 4, 4, 4, 16]
    app.button_group(key="learned_model").set_value("SmolLM2 135M").run()
    assert metric(app, "Memory to train it") == "2.16 GB"
    assert "49,152 × 576 = 28,311,552 weights" in words(app)


def test_after_training_the_table_is_said_to_be_fixed_before_anything_is_trained(open_page):
    app = open_page("language_model")
    assert "When the training ends, the table is fixed." in words(app)
    assert "*Fine-tuning* trains a finished model on " in words(app)


def test_a_table_taken_home_and_brought_back_is_the_same():
    import io

    from embeddings import formats

    *_, last = word2vec.train(corpora.of_toy_corpus(300), dimension=8, epochs=1)
    table = last.word_vectors(user_tables.PREFIX + "word2vec")
    for kind in ("word2vec text", "safetensors"):
        stream = io.BytesIO()
        formats.write(table, kind, stream)
        stream.seek(0)
        back: WordVectors = formats.read({f"back{formats.KINDS[kind]}": stream}, "back")
        assert back.tokens == table.tokens
        assert np.array_equal(back.matrix, table.matrix)


def test_of_many_rows_fewer_stretches_are_read_at_once_and_the_page_says_so(open_page):
    app = opened(open_page, "language_model", {"corpus": "news", "language_min_count": 1, "language_batch": 128})
    run_until(app, lambda: "To keep a step short, B is 64 here, not 128" in words(app))
    app.number_input(key="language_min_count").set_value(5).run()
    assert "To keep a step short" not in words(app)


def test_a_visitors_own_text_stays_with_them_alone(open_page):
    app = opened(open_page, "language_model", {"corpus": "your own text", "language_min_count": 1})
    run_until(app, lambda: "rows** change" in words(app))
    assert "'own'" not in repr(list(jobs.shared_queue()._answers))  # how such a text is called there
