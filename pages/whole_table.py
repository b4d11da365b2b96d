"""Every word of a table on one map: where they lie densely, and where one of them lies."""

from components import lessons, whole_table_panels
from components.explained import explained
from components.inputs import word_setting
from components.source_choice import choose_source

lessons.title(
    "The whole table",
    "Not fifty words, but all of them at once. Two components of PCA are computed from every row of the table; the "
    "shading counts all words, and as many as your browser can point at are drawn on top.",
)
with explained():
    table = choose_source()
    settings = whole_table_panels.choose(table)
    word = word_setting("Find a word", "king", "whole_word", table)
    if word is not None:
        whole_table_panels.show(table, settings, word)
lessons.next_link("pages/whole_table.py")
