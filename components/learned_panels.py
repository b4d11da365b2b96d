"""What a training has learned, beside the random start and a tenth of the data; and what a large table costs."""

from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from components import chart, language_panels, learn_snippets, predict, snippets, training_run, word2vec_panels, work
from components.figures.scores import sections_figure
from components.plain_text import code, counted, escaped
from components.training_run import Run
from embeddings import language_model, word2vec
from embeddings.errors import InvalidInput
from embeddings.evaluation import PairScore, word_pairs
from embeddings.jobs import Job
from embeddings.language_model import LanguageSnapshot
from embeddings.learned import Score, cost_estimate, large_models, score
from embeddings.neighbors import most_similar
from embeddings.runs import History
from embeddings.word_vectors import WordVectors

TENTH = "tenth"
ROYALTY = "royalty"
CLEAR, HARDLY = 0.4, 0.1  # silhouettes
SHARE = 0.1
PAIRS = 353
_JOBS = (word2vec_panels.JOB, language_panels.JOB)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ANSWERS = ("nearly all of it", "about half", "little")
_TIMES = MappingProxyType({"some months": 1, "some decades": 100, "centuries, or more": float("inf")})  # years
_MANY = 10_000  # servers
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


def choose_run() -> tuple[Run, History] | None:
    """One of this visitor's trainings; ``None`` and what to do where there is none."""
    ended = {}
    for job in _JOBS:
        run, history = training_run.run_of(job), training_run.history_of(work.latest(job))
        if run is not None and history is not None and len(history.moments) > 1:
            ended[job] = (run, history)
    if not ended:
        st.info("There is nothing to judge yet. Train something first, then come back.")
        st.page_link("pages/word2vec.py", label="Train word2vec", icon=":material/play_arrow:")
        st.page_link("pages/language_model.py", label="Train a language model", icon=":material/play_arrow:")
        return None
    job = st.segmented_control(
        "Judge",
        list(ended),
        default=next(iter(ended)),
        required=True,
        format_func={job: f"your {run.title}" for job, (run, _) in ended.items()}.get,
        key="learned_job",
    )
    run, history = ended[job]
    last = history.moments[-1]
    st.caption(
        f"{escaped(run.title)} on “{escaped(run.opened.corpus.title)}”: {last.step:,} {run.unit}, loss {last.loss:.3f}."
    )
    return run, history


@st.cache_resource(scope="session", show_spinner="Scoring the table", max_entries=3)  # start, a tenth, all
def _judged(run: str, step: int, made_up: bool, _table: WordVectors) -> Judged:
    try:
        pairs = word_pairs(_table)
    except InvalidInput:
        pairs = None  # it knows too few of the pairs, and the page says so
    if pairs is not None and round(PAIRS * (1 - pairs.unknown)) < _FEW_PAIRS:
        pairs = None
    try:
        scored = score(_table) if made_up else None
    except InvalidInput:
        scored = None  # its tokens are no words of that world
    return Judged(_table, scored, pairs)


def judged(run: Run, history: History, place: int = -1) -> Judged:
    """The snapshot in this ``place``, scored."""
    snapshot = history.snapshots[place]
    return _judged(run.id, snapshot.step, run.opened.made_up, run.table(snapshot))


def show_scores(run: Run, history: History) -> None:
    """What the table knows, beside the random start."""
    start, end = judged(run, history, 0), judged(run, history)
    if run.opened.made_up and end.score is not None:
        st.subheader("Does it know the made-up world?", anchor=False)
        st.markdown(
            "The world's grammar is known, and so is what a good table should hold: words of a category lie together, "
            "and each difference, as from he to she, is one direction."
        )
        _metrics(start, end)
        show_categories(start.score, end.score)
        show_royal_sum(end.table)
    show_pairs(start, end)
    show_tenth(run, start, end)


def _metrics(start: Judged, end: Judged) -> None:
    left, right = st.columns(2)
    left.metric(
        "Silhouette of the six categories",
        f"{end.score.silhouette:.2f}",
        f"{end.score.silhouette - start.score.silhouette:+.2f} since the random start",
        help="How much nearer a word is to its own category than to the next, by cosine in all dimensions, from -1 to "
        "1 (Rousseeuw, 1987): 0 is chance, above 0.4 is clear.",
    )
    right.metric(
        "Analogies of that world answered",
        f"{end.score.accuracy:.0%}",
        f"{100 * (end.score.accuracy - start.score.accuracy):+.0f} points since the random start",
        help=f"{len(end.score.analogies)} of them, the input words left out of the answers.",
    )


def show_categories(start: Score | None, end: Score) -> None:
    """Whether the royals cluster, and the other categories."""
    if ROYALTY not in end.silhouettes:
        return
    royals = end.silhouettes[ROYALTY]
    answer = "Yes, clearly" if royals >= CLEAR else "A little" if royals > HARDLY else "No"
    before = "" if start is None else f", from {start.silhouettes[ROYALTY]:.2f} at the random start"
    others = ", ".join(f"{name} {value:.2f}" for name, value in end.silhouettes.items() if name != ROYALTY)
    st.markdown(
        f"Do the royals cluster? **{answer}**: the silhouette of kings, queens and the others of royalty is "
        f"**{royals:.2f}**{before}. The other categories: {others}."
    )


def show_royal_sum(table: WordVectors) -> None:
    """king − man + woman."""
    if all(word in table for word in ("king", "man", "woman", "queen")):
        ranking = most_similar(table, ["king", "woman"], ["man"], n=3)
        st.markdown(
            f"`king` − `man` + `woman` here: {', '.join(f'{code(word)} {cosine:.2f}' for word, cosine in ranking)}."
        )


def show_pairs(start: Judged, end: Judged) -> None:
    """WordSim-353, where words are known."""
    st.subheader("Does it judge as people do?", anchor=False)
    if end.pairs is None:
        st.markdown(
            f"WordSim-353 asks how related two words are, and people have answered. This table knows fewer than "
            f"{_FEW_PAIRS} of its {PAIRS} pairs, too few for a score. A table from the Wikipedia sample knows more."
        )
        return
    before = "" if start.pairs is None else f"; at the random start it was {start.pairs.spearman:.2f}"
    known = round(PAIRS * (1 - end.pairs.unknown))
    st.markdown(
        f"WordSim-353 asks how related two words are. On the {counted(known, 'pair')} of 353 that it knows, the "
        f"table's cosines follow people's answers with a rank correlation (Spearman) of **{end.pairs.spearman:.2f}**"
        f"{before}. 1 would be the same order, 0 is chance." + (" So few pairs say little." if known < 50 else "")
    )


def show_tenth(run: Run, start: Judged, end: Judged) -> None:
    """The same, learned from a tenth of the corpus."""
    st.subheader("What if there is less to read?", anchor=False)
    st.markdown(
        f"The same settings on the first tenth of the corpus, about {round(SHARE * run.opened.corpus.tokens):,} tokens "
        f"instead of {run.opened.corpus.tokens:,}."
    )
    guessed = predict.guess("How much of its score will be left?", _ANSWERS, "learned_guess", about=("tenth", run.id))
    if guessed is None:
        return
    module = language_model if run.title == "language model" else word2vec
    name = "language_model" if module is language_model else "word2vec"
    asked = Run(run.title, run.unit, run.opened, run.id, run.settings)
    st.button(
        "Train on a tenth",
        key="learned_start",
        type="primary",
        icon=":material/play_arrow:",
        on_click=training_run.begin,
        args=(
            TENTH,
            asked,
            lambda tell: module.train(run.opened.corpus.part(SHARE, tell), on_progress=tell, **run.settings),
        ),
    )

    def draw(job: Job | None) -> None:
        part, history = training_run.run_of(TENTH), training_run.history_of(job)
        if job is None or job.active or part is None or part.mark != run.id or history is None:
            return
        compare(start, judged(part, history), end, guessed, history.moments[-1].fraction == 1)

    work.live(TENTH, draw, idle="Not trained yet.")
    if run.opened.made_up and end.score is not None:
        snippets.show_code(learn_snippets.score(run.opened.code, name, run.settings), "learned_score")


def compare(start: Judged, part: Judged, end: Judged, guessed: predict.Guess, whole: bool) -> None:
    """Random start, a tenth, and all, side by side."""
    three = {START: start, PART: part, WHOLE: end}
    rows: dict[str, list[str]] = {"": ["Rows in the table"]} | {
        name: [f"{len(j.table):,}"] for name, j in three.items()
    }
    if end.score is not None and part.score is not None:
        rows[""] += ["Words that are scored", "Silhouette", "Analogies answered"]
        for name, j in three.items():
            rows[name] += [str(j.score.words), f"{j.score.silhouette:.2f}", f"{j.score.accuracy:.0%}"]
    rows[""] += ["WordSim-353, Spearman", "WordSim-353, pairs known"]
    for name, j in three.items():
        rows[name] += ["–", "–"] if j.pairs is None else [f"{j.pairs.spearman:.2f}", f"{1 - j.pairs.unknown:.0%}"]
    if whole:
        _judge_tenth(part, end, guessed)
    st.dataframe(rows, hide_index=True, height="content", alt="Scores at the random start, of a tenth, and of all")
    if end.score is not None and part.score is not None:
        sections = list(end.score.accuracies())
        chart.show(
            sections_figure(
                sections,
                {
                    f"{name} of the data": [j.score.accuracies().get(section, 0.0) for section in sections]
                    for name, j in ((PART, part), (WHOLE, end))
                },
            ),
            key="learned_sections",
            alt="; ".join(f"{section}: {end.score.accuracies()[section]:.0%}" for section in sections),
        )
        wrong = [a for a in part.score.analogies if not a.correct][:3]
        if wrong:
            told = "; ".join(f"{code(a.b)} − {code(a.a)} + {code(a.c)} gave {code(a.answer)}" for a in wrong)
            st.caption(f"Wrong with a tenth, for instance: {told}.")


def _judge_tenth(part: Judged, end: Judged, guessed: predict.Guess) -> None:
    if part.score is not None and end.score is not None:
        have, had, what, form = part.score.accuracy, end.score.accuracy, "of the analogies answered", ".0%"
    elif part.pairs is not None and end.pairs is not None:
        have, had, what, form = part.pairs.spearman, end.pairs.spearman, "rank correlation on WordSim-353", ".2f"
    elif part.pairs is None and end.pairs is not None:
        have, had, form = 0.0, end.pairs.spearman, ".2f"
        what = "rank correlation, as it knows too few pairs for one,"
    else:
        had = 0.0
    if had <= 0:
        st.info(
            "Even with all of the data the table answers nothing yet, so that there is nothing to lose. Train more."
        )
        return
    share = max(0.0, have) / had
    answer = _ANSWERS[0] if share > 0.75 else _ANSWERS[1] if share > 0.25 else _ANSWERS[2]
    predict.verdict(
        guessed,
        answer,
        f"With a tenth of the data: {have:{form}} {what}; with all of it: {had:{form}}. What stands beside what must "
        "be seen often enough before chance averages out.",
    )


def show_cost() -> None:
    """What a large model's table would take on this machine."""
    st.subheader("And a large one?", anchor=False)
    history = training_run.history_of(work.latest(language_panels.JOB))
    last = history.snapshots[-1] if history is not None and history.snapshots else None
    if not isinstance(last, LanguageSnapshot) or not last.words_per_second:
        st.info("Train the language model first: the estimate begins with the speed that was measured there.")
        st.page_link("pages/language_model.py", label="Train a language model", icon=":material/play_arrow:")
        return
    models = large_models()
    guessed = predict.guess(
        f"Your model learned at {last.words_per_second:,.0f} tokens a second on this server. How long would this "
        f"server need for {models[0].name}?",
        list(_TIMES),
        "learned_cost_guess",
        about="cost",
    )
    if guessed is None:
        return
    place = st.segmented_control(
        "A large model",
        range(len(models)),
        default=0,
        required=True,
        format_func=lambda number: models[number].name,
        key="learned_model",
    )
    estimate = cost_estimate(models[place], last.multiplied_weights, last.words_per_second)
    first = cost_estimate(models[0], last.multiplied_weights, last.words_per_second)
    answer = next(name for name, below in _TIMES.items() if first.years < below)
    predict.verdict(
        guessed,
        answer,
        f"About {_rounded(first.years)} years for {models[0].name}. Even {_MANY:,} such servers, working as one, would "
        f"need about {_rounded(365 * first.years / _MANY)} days: hence large clusters of fast processors.",
    )
    terms = estimate.terms()
    st.dataframe(
        {"what": [name for name, _ in terms], "number": [_written(number) for _, number in terms]},
        hide_index=True,
        height="content",
        column_config={"what": st.column_config.TextColumn(width="large")},
        alt="The arithmetic, line by line",
    )
    st.caption(
        f"Here: 6 × {last.multiplied_weights:,} weights that each token is multiplied with × "
        f"{last.words_per_second:,.0f} tokens per second = {_written(estimate.operations_here)} operations per second. "
        f"The table alone, {estimate.table_weights:,} numbers, is {estimate.table_weights / models[place].weights:.1%} "
        "of the weights; but it is learned only as a part of all of them. The 6: two operations for each weight "
        "forward, four backward (Kaplan et al., 2020). "
        f"Sizes: {escaped(models[place].reference)}. An extrapolation: a large model would not fit into this server."
    )
    snippets.show_code(learn_snippets.cost(place, last.multiplied_weights, last.words_per_second), "learned_cost")


def _rounded(number: float) -> str:
    return f"{float(f'{number:.2g}'):,.0f}" if number >= 1 else f"{number:.2g}"


def _written(number: float) -> str:
    """A count as it is, and what is large or measured with three digits.

    >>> _written(617_558_016), _written(3.15e23)
    ('617,558,016', '3.15 × 10²³')
    """
    if isinstance(number, int) or number < 1e6:
        return f"{number:,.0f}"
    digits, power = f"{number:.2e}".split("e")
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}"
