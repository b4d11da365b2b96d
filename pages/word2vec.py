"""Random vectors become meaning: word2vec, watched while it learns."""

from components import corpus_choice, lessons, training_settings, word2vec_panels
from components.explained import explained

lessons.title(
    "word2vec",
    "How are these vectors made? By training. Begin with random numbers, and for each pair of words that stand near "
    "each other in a text move their vectors a little closer; move those of random pairs apart. Watch it happen.",
)
with explained():
    window = word2vec_panels.show_pairs()
    word2vec_panels.introduce_training()
    opened = corpus_choice.choose_corpus()
    settings = training_settings.word2vec_settings(window)
    if opened is not None:
        corpus_choice.show_facts(opened, settings["min_count"], "word2vec_min_count")
        word2vec_panels.show_training(opened, settings)
lessons.next_link("pages/word2vec.py")
