"""Exercises of the third chapter: pairs that word2vec learns from, rows of a language model, and what it costs."""

import numpy as np

from embeddings.exercises.exercise import Exercise, code, number_options, sentence, shuffled, until_fair
from embeddings.tokenizers import split_words
from embeddings.training import (
    END,
    UTILIZATION,
    LargeModel,
    TrainingPair,
    character_count,
    count_vocabulary,
    gpu_hours,
    gradients_of_W,
    large_models,
    of_text,
    table_rows,
    training_cost,
    training_days,
    training_flops,
    training_pairs,
)

LEARNING = "learning"
GPUS = (512, 1_024, 2_048, 4_096, 8_192)  # of those that the lesson offers
SHARES = (10, 15, 20, 25, 30, 50, 60, 80)  # percent of its peak that a GPU reaches
PRICES = (1.5, 2.0, 2.5, 3.0, 4.0)  # dollars for a GPU hour
CONTEXT, D = 4, 8  # of the language model whose batch is asked about


def pairs_of_sentence(random: np.random.Generator) -> Exercise:
    """How many pairs a sentence gives."""

    def attempt() -> Exercise | None:
        text, window = sentence(random), int(random.integers(1, 3))
        words = split_words(text)
        pairs = len(training_pairs(words, window))
        options = number_options(
            random, pairs, (len(words) * 2 * window, len(words) - 1, pairs // 2, len(words) ** 2), "{:.0f}".format
        )
        if not options:
            return None
        return Exercise(
            kind="pairs_of_sentence",
            chapter=LEARNING,
            question=f"word2vec reads the sentence `{text}` with a window of {window} to each side. How many pairs of "
            "a word and a neighbour does it get?",
            options=options,
            answer=str(pairs),
            why=f"The sentence has {len(words)} words. Each is paired with up to {window} on each side; the words near "
            f"the ends have fewer. That makes {pairs} pairs.",
            page="word2vec",
            settings={"word2vec_sentence": text, "word2vec_window": str(window)},
        )

    return until_fair(attempt)


def pair_in_window(random: np.random.Generator) -> Exercise:
    """Which pair a window gives."""

    def attempt() -> Exercise | None:
        text, window = sentence(random), int(random.integers(1, 3))
        words = split_words(text)
        near, far = (list(dict.fromkeys(map(_pair, training_pairs(words, reach)))) for reach in (window, len(words)))
        wrong = shuffled(random, [pair for pair in far if pair not in near])[:3]
        if len(wrong) < 2:
            return None
        answer = shuffled(random, near)[0]
        return Exercise(
            kind="pair_in_window",
            chapter=LEARNING,
            question=f"A window of {window} to each side slides over `{text}`. Which of these pairs does word2vec get?",
            options=tuple(shuffled(random, [answer, *wrong])),
            answer=answer,
            why=f"These two words stand {window} or fewer places apart. The words of the other pairs stand further "
            "apart, so the window never holds both.",
            page="word2vec",
            settings={"word2vec_sentence": text, "word2vec_window": str(window)},
        )

    return until_fair(attempt)


def words_with_row(random: np.random.Generator) -> Exercise:
    """How many words are frequent enough for a row."""

    def attempt() -> Exercise | None:
        text, least = _text(random), int(random.integers(2, 4))
        count = count_vocabulary(of_text(text), 1)
        kept = [word for word, times in zip(count.vocabulary.tokens, count.counts, strict=True) if times >= least]
        if len(kept) < 2:
            return None
        found = len(count_vocabulary(of_text(text), least).vocabulary)
        options = number_options(random, found, (count.words, count.tokens, count.words - found, 1), "{:.0f}".format)
        if not options:
            return None
        return Exercise(
            kind="words_with_row",
            chapter=LEARNING,
            question=f"A training reads these lines: {code(text.splitlines())}. Only words that occur {least} times or "
            "more get a row. How many rows has the table?",
            options=options,
            answer=str(found),
            why=f"{code(kept)} occur {least} times or more. The others are too rare to learn from.",
            page="word2vec",
            settings=_own_text(text) | {"word2vec_min_count": str(least)},
        )

    return until_fair(attempt)


def rows_of_language_model(random: np.random.Generator) -> Exercise:
    """How many rows the table of a small language model has."""

    def attempt() -> Exercise | None:
        text = _text(random)
        count = count_vocabulary(of_text(text), 1)
        characters = character_count(count.vocabulary.tokens)
        rows = table_rows("word", count.counts, characters, min_count=1, bpe_vocab_size=500)
        options = number_options(random, rows, (rows - 1, count.tokens, characters, rows + 2), "{:.0f}".format)
        if not options:
            return None
        return Exercise(
            kind="rows_of_language_model",
            chapter=LEARNING,
            question=f"A small language model reads these lines: {code(text.splitlines())}. Its table has one row for "
            "each different word, and one for the end of a line. How many rows are there?",
            options=options,
            answer=str(rows),
            why=f"There are {count.words} different words: {code(sorted(count.vocabulary.tokens))}. With the end of a "
            f"line that makes {rows}.",
            page="language_model",
            settings=_own_text(text) | {"language_min_count": "1"},
        )

    return until_fair(attempt)


def rows_changed_by_batch(random: np.random.Generator) -> Exercise:
    """How many rows of a language model's table one batch changes."""

    def attempt() -> Exercise | None:
        text, pieces = _text(random), int(random.choice((1, 2)))
        found, _ = gradients_of_W(of_text(text), min_count=1, context=CONTEXT, dimension=D, batch=pieces)
        ids = found.inputs.ravel().tolist()
        tokens = ["/" if found.vocabulary.token(each) == END else found.vocabulary.token(each) for each in ids]
        read = [" ".join(tokens[start : start + CONTEXT]) for start in range(0, len(tokens), CONTEXT)]
        changed, V = len(found.rows), len(found.vocabulary)
        options = number_options(random, changed, (V, len(tokens), changed - 1, V - changed, 1), "{:.0f}".format)
        if not options:
            return None
        return Exercise(
            kind="rows_changed_by_batch",
            chapter=LEARNING,
            question=f"A language model's table W has {V} rows. In one step the model reads this batch, where a slash "
            f"ends a line: {code(read)}. How many rows of W does the batch change?",
            options=options,
            answer=str(changed),
            why=f"The batch has {len(tokens)} tokens, and {changed} of them are different. Only their rows were looked "
            "up, so only their rows change.",
            page="language_model",
            settings=_own_text(text)
            | {
                "language_min_count": "1",
                "language_context": str(CONTEXT),
                "language_dimension": str(D),
                "language_stretches": str(pieces),
            },
        )

    return until_fair(attempt)


def hours_at_share(random: np.random.Generator) -> Exercise:
    """How many GPU hours a training takes where the GPUs reach another share of their peak."""
    model, percent = _model(random), int(random.choice(SHARES))
    usual, hours = _hours(model), gpu_hours(_flops(model), utilization=percent / 100)
    mistakes = (usual, usual * percent / 100 / UTILIZATION, usual * 100 / percent, hours * 2)
    return Exercise(
        kind="hours_at_share",
        chapter=LEARNING,
        question=f"The training of {model.name} takes about {_rounded(usual)} GPU hours where each GPU reaches "
        f"{100 * UTILIZATION:.0f}% of its peak. How many does it take where each reaches {percent}%?",
        options=_about(random, hours, mistakes),
        answer=_rounded(hours),
        why=f"The number of operations stays the same. {100 * UTILIZATION:.0f} / {percent} times as many hours are "
        f"about {_rounded(hours)}.",
        page="learned",
        settings={"learned_model": model.name, "learned_gpu_share": str(percent)},
    )


def days_on_gpus(random: np.random.Generator) -> Exercise:
    """How many days a training takes on many GPUs."""
    model, gpus = _model(random), int(random.choice(GPUS))
    hours = _hours(model)
    days = training_days(hours, gpus)
    return Exercise(
        kind="days_on_gpus",
        chapter=LEARNING,
        question=f"The training of {model.name} takes about {_rounded(hours)} GPU hours. {gpus:,} GPUs work at once. "
        "How many days does it take?",
        options=_about(random, days, (hours / gpus, hours / 24, 2 * days)),
        answer=_rounded(days),
        why=f"Divide the GPU hours by {gpus:,} GPUs and by 24 hours: about {_rounded(days)} days.",
        page="learned",
        settings={"learned_model": model.name, "learned_gpu_count": f"{gpus:,}"} | _usual_share(),
    )


def rent_of_gpus(random: np.random.Generator) -> Exercise:
    """What the GPU hours of a training cost."""
    model, price = _model(random), float(random.choice(PRICES))
    hours = _hours(model)
    cost = training_cost(hours, price)
    return Exercise(
        kind="rent_of_gpus",
        chapter=LEARNING,
        question=f"The training of {model.name} takes about {_rounded(hours)} GPU hours. A GPU hour costs "
        f"{price:.2f} dollars. What is the rent, in dollars?",
        options=_about(random, cost, (hours / 24 * price, 10 * cost, cost / 1_000, 24 * cost)),
        answer=_rounded(cost),
        why=f"{_rounded(hours)} GPU hours times {price:.2f} dollars is about {_rounded(cost)} dollars. It does not "
        "matter how many GPUs work at once.",
        page="learned",
        settings={"learned_model": model.name, "learned_gpu_price": f"{price:g}"} | _usual_share(),
    )


def _text(random: np.random.Generator) -> str:
    """Three different lines."""
    lines = dict.fromkeys(sentence(random) for _ in range(3))
    return "\n".join(lines)


def _own_text(text: str) -> dict[str, str]:
    """Settings of the chapter's pages that have them read ``text``."""
    return {"corpus": "your own text", "corpus_text": text}


def _pair(pair: TrainingPair) -> str:
    return f"{pair.word} → {pair.context}"


def _model(random: np.random.Generator) -> LargeModel:
    models = large_models()
    return models[int(random.integers(len(models)))]


def _hours(model: LargeModel) -> float:
    return gpu_hours(_flops(model))


def _flops(model: LargeModel) -> float:
    return training_flops(model.weights, model.tokens)


def _usual_share() -> dict[str, str]:
    return {"learned_gpu_share": str(round(100 * UTILIZATION))}


def _about(random: np.random.Generator, answer: float, mistakes: tuple[float, ...]) -> tuple[str, ...]:
    return number_options(random, answer, mistakes, _rounded)


def _rounded(number: float) -> str:
    """Two digits, as an estimate holds no more.

    >>> _rounded(505_486.3), _rounded(4.49)
    ('510,000', '4.5')
    """
    return f"{float(f'{number:.2g}'):,.0f}" if number >= 10 else f"{number:.2g}"
