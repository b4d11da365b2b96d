"""Byte pairs learned from the reader's text, merge by merge; a new sentence cut with them; real tokens undone."""

from components.lessons.language import own_tokenizer
from components.ui.columns import beside

picture, controls = beside()
with controls:
    learned = own_tokenizer.learn_from_text(picture)
if learned is None:
    own_tokenizer.show_undone()
else:
    with picture:
        n_merges = own_tokenizer.show_text(learned)
    with controls:
        own_tokenizer.ask_next_pair(learned, n_merges)
    own_tokenizer.show_growth(learned, n_merges)
    own_tokenizer.show_new_sentence(learned, n_merges)
    own_tokenizer.show_undone(learned.training.tokenizer(n_merges))
