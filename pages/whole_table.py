"""Every word of a table on one map: where they lie densely, and where one of them lies."""

from components import lessons, whole_table_panels
from components.explained import explained
from components.source_choice import choose_source

lessons.title(
    "The whole table",
    "Not fifty words, but all of them at once. Two components of PCA are computed from every row of the table; the "
    "shading counts all words, and as many as your browser can point at are drawn on top.",
)
with explained():
    table = choose_source()
    settings = whole_table_panels.choose(table)
    whole_table_panels.show(table, settings)
lessons.next_link("pages/whole_table.py")
