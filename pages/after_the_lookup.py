"""One row of the table, two vectors in two sentences."""
