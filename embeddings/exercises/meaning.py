"""Exercises of the first chapter: ids, one-hot rows, random numbers, tokens, features, and a small network."""

import numpy as np

from embeddings.exercises.exercise import (
    Exercise,
    best_by,
    code,
    number_options,
    numbers,
    sentence,
    shuffled,
    some_words,
    until_fair,
)
from embeddings.similarity import cosine_similarities, most_similar
from embeddings.tokenizers import Vocabulary, split_words, tokenizer
from embeddings.training import small_network
from embeddings.vectors import (
    WordVectors,
    chance_of_nearest,
    nearest,
    numbers_for,
    one_hot,
    one_hot_bytes,
    table_bytes,
)

MEANING = "meaning"
CREATURES = ("dragon", "unicorn", "goblin", "troll", "phoenix", "mermaid")
FEATURES = ("can fly", "is large", "likes people")
MARGIN = 0.05  # of cosines
GLOVE_D = 50


def token_id(random: np.random.Generator) -> Exercise:
    """The place of a word in a sorted vocabulary."""
    words = some_words(random, int(random.integers(5, 9)))
    vocabulary = Vocabulary.from_tokens(words)
    asked = words[int(random.integers(len(words)))]
    return Exercise(
        kind="token_id",
        chapter=MEANING,
        question=f"These words make a vocabulary: {code(words)}. They are sorted by the alphabet and numbered from 0. "
        f"Which id has `{asked}`?",
        options=(),
        answer=str(vocabulary.id(asked)),
        why=f"In order the words are {code(vocabulary.tokens)}. The first has id 0, so `{asked}` has id "
        f"{vocabulary.id(asked)}.",
        page="one_hot",
        settings={"onehot_words": " ".join(words)},
    )


def one_hot_length(random: np.random.Generator) -> Exercise:
    """The length of a one-hot row over the words of a sentence."""

    def attempt() -> Exercise | None:
        text = sentence(random)
        tokens, vocabulary = split_words(text), Vocabulary.from_text(text)
        V = one_hot([0], len(vocabulary)).shape[1]
        options = number_options(random, V, (len(tokens), V + 1, V - 1, 2 * V), "{:.0f}".format)
        if not options:
            return None
        return Exercise(
            kind="one_hot_length",
            chapter=MEANING,
            question=f"The vocabulary is made from this text: `{text}`. How many numbers has the one-hot row of each "
            "word?",
            options=options,
            answer=str(V),
            why=f"The text has {len(tokens)} words, and {V} of them are different: {code(vocabulary.tokens)}. A "
            "one-hot row has one number for each word of the vocabulary.",
            page="one_hot",
            settings={"onehot_words": text},
        )

    return until_fair(attempt)


def one_hot_zeros(random: np.random.Generator) -> Exercise:
    """The zeros in the one-hot rows of a whole vocabulary."""
    words = some_words(random, int(random.integers(4, 10)))
    V = len(words)
    zeros = int((one_hot(range(V), V) == 0).sum())
    return Exercise(
        kind="one_hot_zeros",
        chapter=MEANING,
        question=f"A vocabulary has these {V} words: {code(words)}. Write the one-hot rows of all of them below each "
        "other. How many zeros are there?",
        options=number_options(random, zeros, (V * V, V, V * V - 1, V - 1), "{:.0f}".format),
        answer=str(zeros),
        why=f"There are {V} rows of {V} numbers, {V * V} in all. Each row has a single 1, so {V} are no zeros.",
        page="one_hot",
        settings={"onehot_words": " ".join(words)},
    )


def one_hot_memory(random: np.random.Generator) -> Exercise:
    """The bytes of the one-hot rows of a whole vocabulary."""
    words = some_words(random, int(random.integers(5, 21)))
    V = len(words)
    size = one_hot_bytes(V, V)
    mistakes = (V * V, one_hot_bytes(1, V), table_bytes(V, GLOVE_D), 8 * V)
    return Exercise(
        kind="one_hot_memory",
        chapter=MEANING,
        question=f"A vocabulary has {V} words, and each number takes 4 bytes. How much memory do the one-hot rows of "
        "all words take?",
        options=number_options(random, size, mistakes, "{:,.0f} bytes".format),
        answer=f"{size:,} bytes",
        why=f"There are {V} rows of {V} numbers. {V} × {V} × 4 bytes are {size:,} bytes, and most of them hold zeros.",
        page="one_hot",
        settings={"onehot_words": " ".join(words)},
    )


def one_hot_pairs(random: np.random.Generator) -> Exercise:
    """How many pairs of one-hot rows have a cosine of 0."""
    words = some_words(random, int(random.integers(4, 9)))
    V = len(words)
    cosines = cosine_similarities(one_hot(range(V), V))
    pairs = int((np.triu(cosines == 0, k=1)).sum())
    return Exercise(
        kind="one_hot_pairs",
        chapter=MEANING,
        question=f"Here are {V} words: {code(words)}. Compare the one-hot rows of every two of them. How many pairs "
        "have a cosine of 0?",
        options=number_options(random, pairs, (V, V * V, 2 * pairs, pairs - 1), "{:.0f}".format),
        answer=str(pairs),
        why=f"{V} words make {pairs} pairs. The 1s of two different words stand in different places, so all {pairs} "
        "pairs have a cosine of 0: no two words are nearer than any others.",
        page="one_hot",
        settings={"onehot_words": " ".join(words)},
    )


def nearest_number(random: np.random.Generator) -> Exercise:
    """The nearest of some random numbers."""

    def attempt() -> Exercise | None:
        words, seed = some_words(random, 5), int(random.integers(10_000))
        drawn = dict(zip(words, numbers_for(words, seed), strict=True))
        asked = words[0]
        apart = [-abs(drawn[word] - drawn[asked]) for word in words[1:]]
        if best_by(apart, 1.5) is None:
            return None
        answer = nearest(words, seed)[asked]
        listed = ", ".join(f"`{word}` {number}" for word, number in drawn.items())
        return Exercise(
            kind="nearest_number",
            chapter=MEANING,
            question=f"Each word has a number that was drawn by chance: {listed}. By these numbers, which word is "
            f"nearest to `{asked}`?",
            options=tuple(words[1:]),
            answer=answer,
            why=f"`{answer}` has {drawn[answer]}, and `{asked}` has {drawn[asked]}: they are "
            f"{abs(drawn[answer] - drawn[asked])} apart, and the others are further. It says nothing about the words.",
            page="words_as_numbers",
            settings={"numbers_words": " ".join(words), "numbers_seed": str(seed)},
        )

    return until_fair(attempt)


def nearest_by_chance(random: np.random.Generator) -> Exercise:
    """How often one word gets the number nearest to another's, in the long run."""
    words = some_words(random, int(random.integers(4, 10)))
    n = len(words)
    one_in = round(1 / chance_of_nearest(n))
    return Exercise(
        kind="nearest_by_chance",
        chapter=MEANING,
        question=f"These {n} words get random numbers, again and again: {code(words)}. How often is `{words[1]}` the "
        f"word nearest to `{words[0]}`, in the long run?",
        options=number_options(random, one_in, (n, 2, n + 1, 2 * n), "1 time in {:.0f}".format),
        answer=f"1 time in {one_in}",
        why=f"Each of the {n - 1} other words has the same chance, whatever the words are.",
        page="words_as_numbers",
        settings={"numbers_words": " ".join(words)},
    )


def character_tokens(random: np.random.Generator) -> Exercise:
    """How many tokens a short text has where each character is one."""

    def attempt() -> Exercise | None:
        text = " ".join(some_words(random, int(random.integers(2, 4))))
        count, words = len(tokenizer("character").encode(text).tokens), text.split()
        letters = len(text.replace(" ", ""))
        options = number_options(random, count, (letters, len(words), count + 1, len(set(text))), "{:.0f}".format)
        if not options:
            return None
        return Exercise(
            kind="character_tokens",
            chapter=MEANING,
            question=f"Cut the text `{text}` into characters. How many tokens are there?",
            options=options,
            answer=str(count),
            why=f"The words have {letters} letters, and each space is a token too: {letters} + {len(words) - 1} = "
            f"{count}.",
            page="tokenizers",
            settings={"tokenizers_text": text, "tokenizers_name": "Characters"},
        )

    return until_fair(attempt)


def nearest_row(random: np.random.Generator) -> Exercise:
    """Which of some rows of features is most like the first."""

    def attempt() -> Exercise | None:
        words = shuffled(random, CREATURES)[:4]
        rows = random.integers(0, 11, size=(4, len(FEATURES))) / 10
        if not rows.any(axis=1).all() or (rows[1:] == rows[0]).all(axis=1).any():
            return None
        table = WordVectors.of("features", words, rows.astype(np.float32))
        ranking = most_similar(table, words[0], n=3)
        if best_by([cosine for _, cosine in ranking], MARGIN) is None:
            return None
        answer = ranking[0][0]
        listed = ", ".join(f"`{word} {numbers(row)}`" for word, row in zip(words, rows, strict=True))
        measured = ", ".join(f"`{word}` {cosine:.2f}" for word, cosine in ranking)
        lines = [",".join(map(str, ("word", *FEATURES)))]
        lines += [",".join([word, *(f"{number:g}" for number in row)]) for word, row in zip(words, rows, strict=True)]
        return Exercise(
            kind="nearest_row",
            chapter=MEANING,
            question=f"Four creatures of fairy tales have these rows of features: {listed}. Whose row has the highest "
            f"cosine with that of `{words[0]}`?",
            options=tuple(words[1:]),
            answer=answer,
            why=f"The cosines with `{words[0]}` are: {measured}. A cosine looks at the direction of a row, and not at "
            "how long it is.",
            page="vectors_with_meaning",
            settings={"features_table": "\n".join(lines) + "\n"},
        )

    return until_fair(attempt)


def network_weights(random: np.random.Generator) -> Exercise:
    """How many numbers the table of the small network holds."""

    def attempt() -> Exercise | None:
        text = f"{sentence(random)}\n{sentence(random)}"
        W = small_network.train(text, steps=0).W
        (V, D), words = W.shape, len(split_words(text))
        options = number_options(random, W.size, (words * D, V * V, V + D, V), "{:.0f}".format)
        if not options:
            return None
        return Exercise(
            kind="network_weights",
            chapter=MEANING,
            question=f"A small network reads two sentences: `{'` and `'.join(text.splitlines())}`. It has {D} hidden "
            "units, and a line leads from each word to each of them. How many numbers are in its table W?",
            options=options,
            answer=str(W.size),
            why=f"The sentences have {V} different words. Each has a row of {D} numbers: {V} × {D} = {W.size}.",
            page="small_network",
            settings={"network_text": text, "network_word": "the"},
        )

    return until_fair(attempt)
