"""The embedding table of a real language model: near rows, the same word in several rows, long and short rows."""

from components.lessons.language import real_table
from components.ui.errors import show_errors

with show_errors():
    table = real_table.open_smollm_table()
    found = real_table.show_neighbors(table)
    if found is not None:
        real_table.show_spellings(table, *found)
    real_table.show_lengths(table)
with show_errors():  # of another model, which is there where the large one is missing
    real_table.show_unused_rows()
