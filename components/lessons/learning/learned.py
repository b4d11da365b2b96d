"""What a training has learned, beside the random start and a tenth of the data; and what a large table costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import glossary, navigation
from components.address import setting
from components.figures.bars import neighbors_figure, sections_figure, silhouettes_figure
from components.lessons.learning import corpus_choice, runs
from components.lessons.learning.runs import TrainingRun
from components.lessons.learning.settings import as_arguments
from components.markup import as_code, escaped, with_minus
from components.session import background_jobs
from components.session.visitor_memory import remembered
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.inputs import choice_input
from components.ui.tables import draw_table
from embeddings import jobs
from embeddings.common import InvalidInput, count_of, in_bytes
from embeddings.evaluation import PairScore, word_pairs
from embeddings.jobs import Call, Seen
from embeddings.similarity import most_similar
from embeddings.training import (
    BYTES_PER_WEIGHT,
    DOLLARS_PER_GPU_HOUR,
    H100_FLOPS,
    UTILIZATION,
    History,
    LanguageSnapshot,
    LargeModel,
    Score,
    TrainingSpeed,
    cost_estimate,
    gpu_hours,
    gpu_utilization,
    gpus_to_hold,
    language_model,
    large_models,
    score,
    training_bytes,
    training_cost,
    training_days,
    training_flops,
    training_memory,
    training_speed,
    word2vec,
)
from embeddings.vectors import WordVectors

TENTH_JOB, SPEED_JOB = "tenth", "speed"
ROYALTY = "royalty"
CLEAR, HARDLY = 0.4, 0.1  # silhouettes
SHARE = 0.1
PAIRS = 353
_JOBS = (runs.WORD2VEC_JOB, runs.LANGUAGE_MODEL_JOB)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ANSWERS = ("nearly all, or more", "about half", "few")
_TIMES = MappingProxyType({"some months": 1, "some decades": 100, "centuries, or more": float("inf")})  # years
_MANY = 10_000  # servers
GPUS = (8, 64, 512, 1_024, 2_048, 4_096, 8_192, 16_384)  # at once
_EQUAL = 0.03  # scores that differ by less are about equal
# Of the run that this page offers, as word2vec's page begins.
_SMALL: Mapping[str, Any] = MappingProxyType({"epochs": 15, "dimension": 50})
# Of the model whose speed is measured here: as the language model's own page begins, for some seconds.
_MEASURED: Mapping[str, Any] = MappingProxyType({"steps": 60, "dimension": 64, "context": 16, "batch": 64})
_PICTURE_HEIGHT = 380  # pixels
_FEW_PAIRS = 20  # a correlation over fewer is chance
START, PART, WHOLE = "random start", "a tenth", "all"


@dataclass(frozen=True, eq=False)
class Judged:
    """A table and what it scored.

    Attributes:
        table: The table.
        score: By the made-up world's truth; ``None`` for another corpus.
        pairs: On WordSim-353; ``None`` where it knows too few.
    """

    table: WordVectors
    score: Score | None
    pairs: PairScore | None


def places() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the picture stands, and beside it which run it is of."""
    return beside()


def choose_run() -> tuple[TrainingRun, History] | None:
    """One of this visitor's trainings; ``None`` where none is over yet, and a button that starts a small one."""
    ended = {}
    for job in _JOBS:
        run, latest = runs.run_of(job), background_jobs.latest(job)
        history = runs.history_of(latest)
        if run is None or latest is None or latest.active or history is None or len(history.metrics) < 2:
            continue
        ended[job] = (run, history)
    running = next((job for job in _JOBS if (latest := background_jobs.latest(job)) and latest.active), None)
    if not ended and running is None:
        _offer_small_run()
    if running is not None or not ended:
        idle = "No table is trained yet. This one takes some seconds."
        background_jobs.poll(running or runs.WORD2VEC_JOB, lambda job: None, idle=idle)
    if not ended:
        return None
    job = st.segmented_control(
        "Judge",
        list(ended),
        default=next(iter(ended)),
        required=True,
        format_func={job: f"your {run.title}" for job, (run, _) in ended.items()}.__getitem__,
        key="learned_job",
        wrap=True,
    )
    run, history = ended[job]
    last = history.metrics[-1]
    st.caption(
        f"{escaped(run.title)} on “{escaped(run.loaded.corpus.title)}”: {last.step:,} {run.unit}, loss {last.loss:.3f}."
    )
    return run, history


def _offer_small_run() -> None:
    """A button that trains word2vec on the made-up world, as its own page does at first."""
    loaded = corpus_choice.made_up_world()
    run = TrainingRun("word2vec", "tokens", loaded, ("small", loaded.cache_key), _SMALL)
    st.markdown("Train a small table here, on the made-up world of word2vec's page. Then see what it knows.")
    st.button(
        "Train word2vec",
        key="learned_train",
        type="primary",
        icon=":material/play_arrow:",
        on_click=runs.begin,
        args=(runs.WORD2VEC_JOB, run),
    )
    st.caption("Or train with settings of your own, and come back:")
    st.page_link(navigation.menu_entry("pages/learning/word2vec.py"), label="word2vec", icon=":material/arrow_forward:")
    st.page_link(
        navigation.menu_entry("pages/learning/language_model.py"),
        label="A language model's table",
        icon=":material/arrow_forward:",
    )


@st.cache_resource(max_entries=1, show_spinner="Scoring the random start")
def _small_start() -> Score:
    return score(runs.random_start(corpus_choice.made_up_world().corpus, _SMALL).word_vectors())


def show_picture(chosen: tuple[TrainingRun, History] | None) -> None:
    """What the table knows beside the random start, as bars; the random start alone before there is a table."""
    with st.container(key="picture"):
        if chosen is None:
            _show_silhouettes({START: _small_start()})
        else:
            start, end = judged(*chosen, 0), judged(*chosen)
            if start.score is not None and end.score is not None:
                _show_silhouettes({START: start.score, "learned": end.score})
            elif end.pairs is not None:
                values = {START: start.pairs, "learned": end.pairs}
                _show_scores(
                    ["as people judge"],
                    {name: [None if pairs is None else pairs.spearman] for name, pairs in values.items()},
                )
            else:
                word = "king" if "king" in end.table else end.table.tokens[0]
                near = most_similar(end.table, word, n=10)
                chart.show(neighbors_figure(near), key="learned_near", alt=f"The words nearest to {word}")
                st.caption(f"The words nearest to {as_code(word)}.")
                return
    st.caption(
        "*As people judge*: how well the table orders pairs of words, compared with people. 1 is the same order, 0 is "
        "chance."
        if chosen is not None and not chosen[0].loaded.made_up
        else "Each bar is a *silhouette*: how much nearer a word is to its own category than to the next one. 1 is the "
        "best, 0 is chance. The table was never told the categories."
    )


def _show_silhouettes(scores: Mapping[str, Score]) -> None:
    names = list(next(iter(scores.values())).silhouettes)
    _show_scores(names, {table: [each.silhouettes.get(n) for n in names] for table, each in scores.items()})


def _show_scores(names: Sequence[str], scores: Mapping[str, Sequence[float | None]]) -> None:
    chart.show(
        silhouettes_figure(names, scores, _PICTURE_HEIGHT),
        key="learned_scores",
        alt="; ".join(
            f"{name}: "
            + ", ".join(f"{table} {v:.2f}" for table, v in zip(scores, values, strict=True) if v is not None)
            for name, values in zip(names, zip(*scores.values(), strict=True), strict=True)
        ),
    )


@remembered(max_entries=3, spinner="Scoring the table")  # start, a tenth, all
def _judged(run: str, step: int, made_up: bool, _table: WordVectors) -> Judged:
    try:
        pairs = word_pairs(_table)
    except InvalidInput:
        pairs = None  # it knows too few of the pairs, and the page says so
    if pairs is not None and pairs.used < _FEW_PAIRS:
        pairs = None
    try:
        scored = score(_table) if made_up else None
    except InvalidInput:
        scored = None  # its tokens are no words of that world
    return Judged(_table, scored, pairs)


def judged(run: TrainingRun, history: History, place: int = -1) -> Judged:
    """The snapshot in this ``place``, scored."""
    snapshot = history.snapshots[place]
    return _judged(run.id, snapshot.step, run.loaded.made_up, run.table(snapshot))


def show_scores(run: TrainingRun, history: History) -> None:
    """What the table knows, beside the random start."""
    start, end = judged(run, history, 0), judged(run, history)
    if run.loaded.made_up and end.score is not None:
        st.subheader("Does it know the made-up world?", anchor=False)
        st.markdown(
            "We know the world's grammar, so we know what a good table should hold. Words of a category lie together. "
            "And a difference such as from *he* to *she* is always the same direction."
        )
        _metrics(start.score, end.score)
        show_categories(start.score, end.score)
        show_royal_sum(end.table)
    show_pairs(start, end)
    show_tenth(run, start, end)


def _metrics(start: Score | None, end: Score) -> None:
    left, right = st.columns(2)
    left.metric(
        "Silhouette of the six categories",
        _signed(end.silhouette),
        None if start is None else f"{end.silhouette - start.silhouette:+.2f} since the random start",
        help="How much nearer a word is to its own category than to the next one, by cosine in all dimensions, from "
        "−1 to 1 (Rousseeuw, 1987). 0 is chance; above 0.4 the categories are clear.",
    )
    right.metric(
        "Analogies of that world answered",
        f"{end.accuracy:.0%}",
        None if start is None else f"{100 * (end.accuracy - start.accuracy):+.0f} points since the random start",
        help=f"There are {len(end.analogies)}. The words of the question do not count as answers.",
    )


def show_categories(start: Score | None, end: Score) -> None:
    """Whether the royals cluster, and the other categories."""
    if ROYALTY not in end.silhouettes:
        return
    royals = end.silhouettes[ROYALTY]
    answer = "Yes, clearly" if royals >= CLEAR else "A little" if royals > HARDLY else "No"
    before = "" if start is None else f", from {_signed(start.silhouettes[ROYALTY])} at the random start"
    others = ", ".join(f"{name} {_signed(value)}" for name, value in end.silhouettes.items() if name != ROYALTY)
    st.markdown(
        f"Do the royals lie together? **{answer}**: the silhouette of kings, queens and the others of royalty is "
        f"**{_signed(royals)}**{before}. The other categories: {others}."
    )


def show_royal_sum(table: WordVectors) -> None:
    """king − man + woman."""
    if all(word in table for word in ("king", "man", "woman", "queen")):
        ranking = most_similar(table, ["king", "woman"], ["man"], n=3)
        nearest = ", ".join(f"{as_code(word)} {_signed(cosine)}" for word, cosine in ranking)
        st.markdown(f"`king` − `man` + `woman` here: {nearest}.")


def show_pairs(start: Judged, end: Judged) -> None:
    """WordSim-353, where words are known."""
    st.subheader("Does it judge as people do?", anchor=False)
    if end.pairs is None:
        st.markdown(
            f"In WordSim-353 people judged how related two words are. This table knows fewer than {_FEW_PAIRS} of its "
            f"{PAIRS} pairs, too few for a score. A table trained on the Wikipedia sample knows more."
        )
        return
    before = "" if start.pairs is None else f"; at the random start it was {_signed(start.pairs.spearman)}"
    known = end.pairs.used
    st.markdown(
        f"In WordSim-353 people judged how related two words are. The table knows {count_of(known, 'pair')} of "
        f"{PAIRS}. On these, its cosines and people's answers have a rank correlation (Spearman) of "
        f"**{_signed(end.pairs.spearman)}**{before}. 1 is the same order, 0 is chance."
        + (" So few pairs say little." if known < 50 else "")
    )


def show_tenth(run: TrainingRun, start: Judged, end: Judged) -> None:
    """The same, learned from a tenth of the corpus."""
    st.subheader("What if there is less to read?", anchor=False)
    st.markdown(
        f"Train again with the same settings, but only on the first tenth of the text: about "
        f"{round(SHARE * run.loaded.corpus.tokens):,} tokens, not {run.loaded.corpus.tokens:,}."
    )
    about = ("tenth", run.id)
    guessed = predict.guess(
        "The table that read all of the text answers some questions right. How many of them are left?",
        _ANSWERS,
        "learned_guess",
        about=about,
        then="The answer comes at the end of the training.",
    )
    module = language_model if run.title == "language model" else word2vec
    name = "language_model" if module is language_model else "word2vec"
    asked = TrainingRun(run.title, run.unit, run.loaded, run.id, run.settings)

    def begin() -> None:
        predict.skip("learned_guess", about)
        runs.begin(TENTH_JOB, asked, SHARE)

    st.button(
        "Train on a tenth",
        key="learned_start",
        type="primary",
        icon=":material/play_arrow:",
        on_click=begin,
    )

    def draw(job: Seen | None) -> None:
        part, history = runs.run_of(TENTH_JOB), runs.history_of(job)
        if job is None or job.active or job.key != asked.cache_key or part is None or history is None:
            predict.unanswered(guessed, "The answer comes at the end of the training.")
            return
        compare(start, judged(part, history), end, guessed, history.metrics[-1].fraction == 1)

    background_jobs.poll(TENTH_JOB, draw, idle="Not trained yet.", asked=asked.cache_key, keeps=False)
    if run.loaded.made_up and end.score is not None:
        show_code(_score_code(run.loaded.code, name, run.settings), "learned_score")


def compare(start: Judged, part: Judged, end: Judged, guessed: predict.Guess | None, whole: bool) -> None:
    """Random start, a tenth, and all, side by side."""
    three = {START: start, PART: part, WHOLE: end}
    rows: dict[str, list[str]] = {"": ["Rows in the table"]} | {
        name: [f"{len(j.table):,}"] for name, j in three.items()
    }
    if end.score is not None and part.score is not None:
        rows[""] += ["Words that are scored", "Silhouette", "Analogies answered"]
        for name, j in three.items():
            rows[name] += _score_cells(j.score)
    rows[""] += ["WordSim-353, Spearman", "WordSim-353, pairs known"]
    for name, j in three.items():
        rows[name] += ["–", "–"] if j.pairs is None else [_signed(j.pairs.spearman), f"{1 - j.pairs.unknown:.0%}"]
    if whole:
        _judge_tenth(part, end, guessed)
    else:
        predict.unanswered(guessed, "The training on a tenth was stopped before its end. Train again for the answer.")
    draw_table(rows, height="content", alt="Scores at the random start, of a tenth, and of all")
    if end.score is not None and part.score is not None:
        sections = list(end.score.accuracies())
        chart.show(
            sections_figure(
                sections,
                {
                    f"{name} of the data": [scored.accuracies().get(section, 0.0) for section in sections]
                    for name, scored in ((PART, part.score), (WHOLE, end.score))
                },
            ),
            key="learned_sections",
            alt="; ".join(f"{section}: {end.score.accuracies()[section]:.0%}" for section in sections),
        )
        wrong = [a for a in part.score.analogies if not a.correct][:3]
        if wrong:
            told = "; ".join(
                f"{as_code(a.b)} − {as_code(a.a)} + {as_code(a.c)} gave {as_code(a.answer)}" for a in wrong
            )
            st.caption(f"Wrong with a tenth, for instance: {told}.")


def _score_cells(scored: Score | None) -> list[str]:
    if scored is None:
        return ["–"] * 3
    return [str(scored.words), _signed(scored.silhouette), f"{scored.accuracy:.0%}"]


def _signed(number: float) -> str:
    return with_minus(f"{number:.2f}")


def _judge_tenth(part: Judged, end: Judged, guessed: predict.Guess | None) -> None:
    if part.score is not None and end.score is not None:
        have, had = part.score.accuracy, end.score.accuracy
        told = f"From a tenth of the text the table answers {have:.0%} of the analogies; from all of it, {had:.0%}."
        told += f" The silhouette is {compared(part.score.silhouette, end.score.silhouette)}."
    elif part.pairs is not None and end.pairs is not None:
        have, had = part.pairs.spearman, end.pairs.spearman
        told = f"The rank correlation on WordSim-353 is {compared(have, had)}."
    elif part.pairs is None and end.pairs is not None:
        have, had = 0.0, end.pairs.spearman
        told = "From a tenth of the text it knows too few pairs of WordSim-353 for a score; "
        told += f"from all of it: {_signed(had)}."
    else:
        had = 0.0
    if had <= 0:
        predict.unanswered(
            guessed,
            "Even the table from all of the text answers nothing right yet, so there is nothing to lose. Train more.",
        )
        return
    share = max(0.0, have) / had
    answer = _ANSWERS[0] if share > 0.75 else _ANSWERS[1] if share > 0.25 else _ANSWERS[2]
    why = (
        "A tenth of this text is enough for that."
        if answer == _ANSWERS[0]
        else "Training must see words together often enough; with less text, chance counts for more."
    )
    predict.verdict(guessed, answer, f"{told} {why}")


def compared(part: float, whole: float) -> str:
    """A score from a tenth of the text beside that from all of it, in words.

    >>> compared(0.78, 0.65), compared(0.30, 0.65), compared(0.66, 0.65)
    ('better from a tenth, 0.78 against 0.65', 'worse from a tenth, 0.30 against 0.65', 'about equal, 0.66 and 0.65')
    """
    if abs(part - whole) < _EQUAL:
        return f"about equal, {_signed(part)} and {_signed(whole)}"
    return f"{'better' if part > whole else 'worse'} from a tenth, {_signed(part)} against {_signed(whole)}"


def choose_large_model() -> LargeModel:
    """The large model whose cost is worked out."""
    st.subheader("And a large one?", anchor=False)
    models = {model.name: model for model in large_models()}
    return models[choice_input("A large model", list(models), "learned_model")]


def show_cost(model: LargeModel) -> None:
    """What a large model's table would take on this machine, at the speed of a small one's training."""
    st.markdown(
        "**And on this server?** Let it train a small language model for some seconds, and measure how many tokens a "
        "second it reads."
    )
    about = ("cost", model.name)
    guessed = predict.guess(
        f"How long would this server need for {model.name}?",
        list(_TIMES),
        "learned_cost_guess",
        about=about,
        then="The answer comes once the speed is measured.",
    )

    def begin() -> None:
        if predict.reopen("learned_cost_guess", about) and background_jobs.is_done(SPEED_JOB, SPEED_JOB):
            return
        # It is the speed of this server that counts, so it does not travel.
        measuring = Call(training_speed, (corpus_choice.made_up_world().as_argument,), _MEASURED, travels=False)
        background_jobs.start(SPEED_JOB, measuring, jobs.TIMING, SPEED_JOB, private=True)

    st.button("Measure the speed here", key="learned_speed", icon=":material/speed:", on_click=begin)
    trained = _trained_speed()

    def draw(job: Seen | None) -> None:
        speed = job.result if job is not None and job.state == "done" else trained
        if guessed is None:
            return
        if speed is None:
            predict.unanswered(guessed, "The answer comes once the speed is measured.")
            return
        _show_estimate(model, speed, guessed)

    idle = "Your language model’s training has measured it already." if trained else "Not measured yet."
    background_jobs.poll(SPEED_JOB, draw, idle=idle)


def _trained_speed() -> TrainingSpeed | None:
    """How fast this visitor's language model learned, where one was trained."""
    history = runs.history_of(background_jobs.latest(runs.LANGUAGE_MODEL_JOB))
    last = history.snapshots[-1] if history is not None and history.snapshots else None
    if not isinstance(last, LanguageSnapshot) or not last.words_per_second:
        return None
    return TrainingSpeed(last.multiplied_weights, last.words_per_second)


def _show_estimate(model: LargeModel, speed: TrainingSpeed, guessed: predict.Guess) -> None:
    """The years, and how they come about."""
    estimate = cost_estimate(model, speed.multiplied_weights, speed.tokens_per_second)
    answer = next(name for name, below in _TIMES.items() if estimate.years < below)
    predict.verdict(
        guessed,
        answer,
        f"Here a small model learned at {speed.tokens_per_second:,.0f} tokens a second: about "
        f"{_rounded(estimate.years)} years for {model.name}. Even {_MANY:,} such servers, working as one, would "
        f"need about {_rounded(estimate.days_on(_MANY))} days. That is why large clusters of fast processors are used.",
    )
    terms = estimate.terms()
    draw_table(
        {"number": [_written(number) for _, number in terms], "what": [name for name, _ in terms]},
        height="content",
        alt="The arithmetic, line by line",
    )
    st.caption(
        f"Here: 6 × {speed.multiplied_weights:,} weights that each token is multiplied with × "
        f"{speed.tokens_per_second:,.0f} tokens per second = {_written(estimate.operations_here)} operations per "
        "second. The table is learned only as a part of all weights. The 6: two operations for each weight "
        f"forward, four backward (Kaplan et al., 2020). Sizes: {escaped(model.reference)}. An extrapolation: the "
        "memory above is needed, too."
    )
    show_code(_cost_code(model, speed.multiplied_weights, speed.tokens_per_second), "learned_cost")


def show_gpu_cost(model: LargeModel) -> None:
    """GPU hours, money and days of training a large model, beside what its makers published."""
    st.markdown(
        f"**On many GPUs.** A *GPU* is a processor that does thousands of multiplications at once. What would it "
        f"take to train {model.name} on rented H100s, a GPU made by NVIDIA?"
    )
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    price = setting(
        left.number_input, "Dollars for a GPU hour", 0.1, 100.0, DOLLARS_PER_GPU_HOUR, 0.1, key="learned_gpu_price"
    )
    gpus = setting(
        middle.select_slider, "GPUs at once", GPUS, 2_048, format_func="{:,}".format, key="learned_gpu_count"
    )
    percent = setting(
        right.slider,
        "Share of its peak that a GPU reaches, in %",
        5,
        100,
        round(100 * UTILIZATION),
        5,
        key="learned_gpu_share",
        help="Training waits for memory, for the network and for failures. Llama 3.1 405B reached 38% to 43%.",
    )
    price = DOLLARS_PER_GPU_HOUR if price is None else price
    flops = training_flops(model.weights, model.tokens)
    hours = gpu_hours(flops, utilization=percent / 100)
    first, second, third = st.columns(3)
    first.metric("GPU hours", _rounded(hours))
    second.metric("Rent in dollars", _rounded(training_cost(hours, price)))
    third.metric("Days of training", _rounded(training_days(hours, gpus)))
    st.markdown(_published(model, flops, hours))
    st.caption(
        f"6 × {_written(model.weights)} {glossary.linked('weights')} × {_written(model.tokens)} "
        f"{glossary.linked('tokens')} = "
        f"{_written(flops)} operations (Kaplan et al., 2020). An H100 does {_written(H100_FLOPS)} of them a second at "
        f"its peak (NVIDIA's datasheet, bfloat16 without sparsity); {percent}% of that, for 3,600 seconds, is a GPU "
        f"hour's work. Days are GPU hours / {gpus:,} GPUs / 24. The usual price is the one that DeepSeek-AI assumed "
        "for an H800 (DeepSeek-V3 Technical Report, 2024); the usual share is that of Llama 3.1 405B (Grattafiori et "
        "al., 2024). People, data and failed trials cost more."
    )
    show_code(_gpu_cost_code(model, percent / 100, price, gpus), "learned_gpu_cost")


def show_memory(model: LargeModel) -> None:
    """The bytes that a large model takes while it is trained, part by part, beside those of its table alone."""
    st.markdown(
        f"**In memory.** A training needs more than the weights. The optimiser, Adam, keeps two numbers for each of "
        f"them. The table of {model.name} has {model.V:,} × {model.D:,} = {model.table_weights:,} weights, "
        f"{model.table_share:.1%} of all."
    )
    whole, table = training_bytes(model.weights), training_bytes(model.table_weights)
    memory = training_memory(model.weights)
    first, second = st.columns(2)
    first.metric("Memory to train it", in_bytes(memory))
    second.metric("H100s that hold that", f"{gpus_to_hold(memory):,}")
    draw_table(
        {
            "for each weight": [*BYTES_PER_WEIGHT, "all"],
            "bytes": [*BYTES_PER_WEIGHT.values(), sum(BYTES_PER_WEIGHT.values())],
            "the whole model": [*map(in_bytes, whole.values()), in_bytes(memory)],
            "its table": [*map(in_bytes, table.values()), in_bytes(training_memory(model.table_weights))],
        },
        height="content",
        alt="Bytes of each part of a training, for the whole model and for its table",
    )
    st.caption(
        "Adam in mixed precision (Rajbhandari et al., ZeRO, 2020); an H100 has 80 GB. What the layers compute on the "
        f"way comes on top; it depends on the {glossary.linked('batch')}. Sizes: {escaped(model.reference)}."
    )
    show_code(_memory_code(model), "learned_memory")


def _published(model: LargeModel, flops: float, hours: float) -> str:
    """The makers' own GPU hours, beside the computed ones."""
    if model.gpu_hours is None:
        return f"The makers of {model.name} published no GPU hours on this GPU."
    return (
        f"The makers of {model.name} published **{model.gpu_hours:,.0f}** GPU hours "
        f"({escaped(model.gpu_hours_reference)}), {model.gpu_hours / hours:.2g} times the number worked out here. Over "
        f"all these hours a GPU reached {gpu_utilization(flops, model.gpu_hours):.0%} of its peak."
    )


def _rounded(number: float) -> str:
    """Two digits, as no estimate holds more.

    >>> _rounded(505_486.3), _rounded(4.49)
    ('510,000', '4.5')
    """
    return f"{float(f'{number:.2g}'):,.0f}" if number >= 10 else f"{number:.2g}"


def _written(number: float) -> str:
    """A count as it is, and what is large or measured with three digits.

    >>> _written(617_558_016), _written(3.15e23)
    ('617,558,016', '3.15 × 10²³')
    """
    if isinstance(number, int) or number < 1e6:
        return f"{number:,.0f}"
    digits, power = f"{number:.2e}".split("e")
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}"


def _score_code(opening: str, module: str, settings: Mapping[str, Any]) -> str:
    """A table trained on all of the corpus and one on a tenth, scored by the made-up world's own truth."""
    return f"""\
from embeddings.training import {module}, score
{opening}
scores = []
for part in (corpus, corpus.part(0.1)):
    *_, last = {module}.train(part, {as_arguments(settings)})
    scores.append(score(last.word_vectors()))
    print(part.tokens, scores[-1].silhouette, scores[-1].accuracies())
"""


def _gpu_cost_code(model: LargeModel, utilization: float, price: float, gpus: int) -> str:
    """What a large model takes on many GPUs."""
    return f"""\
weights, tokens = {model.weights!r}, {model.tokens!r}  # of {model.name}
flops = 6 * weights * tokens  # 2 operations forward and 4 backward, for each weight and token
at_peak = {H100_FLOPS!r}  # operations a second of an H100
hours = flops / (at_peak * {utilization}) / 3600
cost, days = hours * {price}, hours / {gpus} / 24
print(hours, cost, days)
"""


def _memory_code(model: LargeModel) -> str:
    """What the training of a large model takes in memory."""
    return f"""\
import math

V, D, weights = {model.V}, {model.D}, {model.weights!r}  # of {model.name}
table = V * D
each = 2 + 2 + 4 + 4 + 4  # weight, gradient, the weight in 32 bits, and Adam's two means
memory, of_table = each * weights, each * table
gpus = math.ceil(memory / 80e9)  # of an H100's memory
print(table / weights, memory, of_table, gpus)
"""


def _cost_code(model: LargeModel, weights: int, speed: float) -> str:
    """What a large model's table would take here."""
    return f"""\
V, D, weights, tokens = {model.V}, {model.D}, {model.weights!r}, {model.tokens!r}  # of {model.name}
table = V * D
operations = 6 * weights * tokens  # 2 forward and 4 backward, for each weight and token
operations_here = 6 * {weights} * {speed!r}  # a second: the small model's weights, and its tokens per second
seconds = operations / operations_here
years = seconds / 86_400 / 365.25
print(table, table / weights, operations, operations_here, seconds, years)
"""
