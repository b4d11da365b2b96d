"""The glossary: the field's words, each explained in a sentence or two, and links that lead there."""

import re
from dataclasses import dataclass

PATH, ADDRESS, TITLE, CHAPTER = "pages/reference/glossary.py", "glossary", "Glossary", "Look it up"  # of its page
_LEFT_ALONE = r"(?P<alone>(?P<fence>`+).+?(?P=fence)|\[[^\]]*\]\([^)]*\))"  # code, and what is a link already


@dataclass(frozen=True)
class Term:
    """A word of the field.

    Attributes:
        name: The word.
        sentence: What it means, in Markdown, with the word in italics; uses no term that is explained after it.
        forms: How it is written, the name itself among them.
        lessons: Addresses of the pages where it is seen at work.
    """

    name: str
    sentence: str
    forms: tuple[str, ...]
    lessons: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Where it stands on the glossary's page, as an address has it."""
        return self.name.replace(" ", "-")


TERMS = (  # in the order in which the lessons need them
    Term(
        "token",
        "A *token* is a piece of text that is handled as one: a word, a part of a word, a sign or a single character.",
        ("token", "tokens"),
        ("home", "tokenizers"),
    ),
    Term(
        "vocabulary",
        "A *vocabulary* is the list of all tokens that are known.",
        ("vocabulary", "vocabularies"),
        ("tokenizers", "one_hot", "vocabularies"),
    ),
    Term(
        "id",
        "An *id* is the number of a token in the vocabulary.",
        ("id", "ids"),
        ("home", "words_as_numbers", "embedding_layer"),
    ),
    Term(
        "seed",
        "A *seed* is the number that random numbers start from: the same seed gives the same numbers again.",
        ("seed", "seeds"),
        ("words_as_numbers", "words_in_space", "traps"),
    ),
    Term(
        "vector",
        "A *vector* is a row of numbers in a fixed order.",
        ("vector", "vectors"),
        ("vectors_with_meaning", "similar_words"),
    ),
    Term(
        "one-hot",
        "A *one-hot* vector has a single 1, in the column of its token's id, and zeros everywhere else.",
        ("one-hot", "one-hot vector", "one-hot vectors"),
        ("one_hot", "embedding_layer"),
    ),
    Term(
        "embedding",
        "An *embedding* is a vector that was learned from text and stands for a token; an *embedding table* has one in "
        "each of its rows.",
        ("embedding", "embeddings"),
        ("home", "small_network", "language_model", "embedding_layer"),
    ),
    Term(
        "GloVe",
        "*GloVe* is an embedding table of single words, learned from how people use them in Wikipedia and news.",
        ("glove",),
        ("home", "vectors_with_meaning", "sources"),
    ),
    Term(
        "dimension",
        "A *dimension* is one of the places in a vector: a vector of 50 numbers has 50 dimensions.",
        ("dimension", "dimensions"),
        ("home", "similar_words", "words_in_space"),
    ),
    Term(
        "projection",
        "A *projection* turns vectors of many dimensions into points of two or three, which can be drawn.",
        ("projection", "projections", "projected"),
        ("words_in_space", "whole_table", "traps"),
    ),
    Term(
        "cosine",
        "The *cosine* of two vectors measures the angle between them: 1 when they point the same way, 0 at right "
        "angles, −1 when they point opposite ways.",
        ("cosine", "cosines"),
        ("one_hot", "similar_words"),
    ),
    Term(
        "feature",
        "A *feature* is something that can be true of a word: a cat has a tail.",
        ("feature", "features"),
        ("vectors_with_meaning",),
    ),
    Term(
        "weight",
        "A *weight* is a number that a network multiplies with; training changes it.",
        ("weight", "weights"),
        ("small_network", "language_model"),
    ),
    Term(
        "hidden unit",
        "A *hidden unit* is a number in the middle of a network: the sum of what comes in, each times a weight.",
        ("hidden unit", "hidden units"),
        ("small_network",),
    ),
    Term(
        "softmax",
        "A *softmax* turns scores into shares of a whole: the higher the score, the larger the share, and together "
        "they are 100%.",
        ("softmax",),
        ("vectors_with_meaning", "small_network"),
    ),
    Term(
        "loss",
        "The *loss* is a number for how wrong the guesses of a network are; training makes it smaller.",
        ("loss", "losses"),
        ("small_network", "word2vec", "language_model"),
    ),
    Term(
        "spread",
        "The *spread* of points says how far they lie from their middle.",
        ("spread",),
        ("analogies", "words_in_space", "axes"),
    ),
    Term(
        "PCA",
        "*PCA* keeps the directions, called components, in which the words spread most.",
        ("pca",),
        ("words_in_space", "whole_table"),
    ),
    Term(
        "perplexity",
        "The *perplexity* of t-SNE is about how many neighbours each point takes into account.",
        ("perplexity", "perplexities"),
        ("words_in_space", "traps"),
    ),
    Term(
        "epoch",
        "An *epoch* is one pass of the training through the whole text.",
        ("epoch", "epochs"),
        ("word2vec",),
    ),
    Term(
        "batch",
        "A *batch* is what a network reads in one step: some pieces of text, or some ids.",
        ("batch", "batches"),
        ("language_model", "embedding_layer", "lookup_or_matmul"),
    ),
    Term(
        "logit",
        "A *logit* is the score that a network gives to one possible answer, before a softmax makes shares of the "
        "scores.",
        ("logit", "logits"),
        ("language_model",),
    ),
    Term(
        "unembedding",
        "The *unembedding* is the end of a language model: it compares a vector with each row of a table, and so gives "
        "each token its score, the logit.",
        ("unembedding", "unembeddings"),
        ("back_to_token",),
    ),
    Term(
        "logit lens",
        "The *logit lens* lets the unembedding read the vectors after an earlier layer, as if that were the last.",
        ("logit lens",),
        ("back_to_token",),
    ),
    Term(
        "gradient",
        "The *gradient* says for each number of a network how the loss would change if that number grew a little; "
        "training then moves the number the way that makes the loss smaller.",
        ("gradient", "gradients"),
        ("small_network", "language_model", "embedding_layer"),
    ),
)
_BY_NAME = {term.name: term for term in TERMS}
_BY_FORM = {form: term for term in TERMS for form in term.forms}
_FORMS = "|".join(sorted(map(re.escape, _BY_FORM), key=len, reverse=True))  # the longest first
_USE = re.compile(rf"{_LEFT_ALONE}|(?<![\w-])(?P<form>{_FORMS})(?![\w-])", re.IGNORECASE | re.DOTALL)


def term(name: str) -> Term:
    """The term called ``name``; KeyError where there is none."""
    return _BY_NAME[name]


def sentence(name: str, *links: str) -> str:
    """What the term called ``name`` means, for the place where a lesson uses it first.

    Args:
        name: Of a term.
        links: Names of terms in the sentence that the page uses here first, to be linked.

    >>> sentence("vector")
    'A *vector* is a row of numbers in a fixed order.'
    """
    return linked(term(name).sentence, *links) if links else term(name).sentence


def used_in(text: str) -> list[str]:
    """Names of the terms that are written in ``text``, each once, in the order of their first use.

    >>> used_in("An idea: `token` is code, but vectors and ids are none; the Vector is named already.")
    ['vector', 'id']
    """
    forms = (match["form"] for match in _USE.finditer(text) if match["form"])
    return list(dict.fromkeys(_BY_FORM[form.lower()].name for form in forms))


def linked(text: str, *names: str, page: str = ADDRESS) -> str:
    """The app's own ``text`` with the first use of each term as a link into the glossary, its meaning on hovering.

    Args:
        text: Markdown that has no heading; code and links in it stay as they are.
        names: The terms to link, by default all.
        page: Address of the glossary, "" on its own page.

    >>> linked("Two vectors, and a vector more.")
    'Two [vectors](glossary#vector "A vector is a row of numbers in a fixed order."), and a vector more.'
    """
    waiting = set(names or _BY_NAME)

    def link(match: re.Match[str]) -> str:
        form = match["form"]
        found = _BY_FORM[form.lower()] if form else None
        if found is None or found.name not in waiting:
            return match[0]
        waiting.discard(found.name)
        return f'[{form}]({page}#{found.anchor} "{found.sentence.replace("*", "")}")'

    return _USE.sub(link, text)
