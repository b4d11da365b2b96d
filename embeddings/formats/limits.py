"""How large a file of vectors may be, and what is done about a word that stands in it twice."""

from dataclasses import dataclass, replace

from embeddings import memory
from embeddings.errors import InvalidInput, TooLarge


@dataclass(frozen=True)
class Limits:
    """What is read of a file; beyond it reading stops and nothing is kept.

    Attributes:
        most_words: Rows of the table, V.
        most_dimensions: Length of each vector, D.
        most_decompressed_bytes: Of a file once unpacked; the same for one that is not packed.
        most_matrix_bytes: Of the float32 table [V, D]; None for what ``memory.allowed_bytes()`` says when asked.
        most_file_bytes: Of a file as it comes; None for any.
        keep_first: Of a word that stands twice keep the first row, as gensim does; else the file is refused.
    """

    most_words: int
    most_dimensions: int
    most_decompressed_bytes: int
    most_matrix_bytes: int | None
    most_file_bytes: int | None = None
    keep_first: bool = False

    def for_now(self) -> "Limits":
        """The same with the memory that may be used now in place of None.

        Asked once for each file: while a table grows, what is free shrinks by what the table itself takes.
        """
        return self if self.most_matrix_bytes is not None else replace(self, most_matrix_bytes=memory.allowed_bytes())

    def check_size(self, words: int, dimension: int, name: str) -> None:
        """Pass a table [words, dimension] that may be read.

        Raises:
            InvalidInput: It has too many words or dimensions, or none.
            TooLarge: It would take too much memory.
        """
        if words < 1 or dimension < 1:
            raise InvalidInput(f"{name} holds no vectors: {words:,} words of {dimension:,} numbers each.")
        if dimension > self.most_dimensions:
            raise InvalidInput(
                f"The vectors in {name} have {dimension:,} numbers each; at most {self.most_dimensions:,} can be read."
            )
        if words > self.most_words:
            raise InvalidInput(f"{name} has more than {self.most_words:,} words. Keep the most frequent ones only.")
        needed, allowed = 4 * words * dimension, self.for_now().most_matrix_bytes
        if needed > allowed:
            raise TooLarge(f"The table in {name}, {words:,} words of {dimension:,} numbers each,", needed, allowed)


# What a visitor brings: small, and theirs to put right.
UPLOAD = Limits(
    most_words=200_000,
    most_dimensions=4_096,
    most_decompressed_bytes=64_000_000,
    most_matrix_bytes=64_000_000,
    most_file_bytes=5 * 2**20,  # what Streamlit calls 5 MB
)
# What was published: large, and some of it, such as GloVe's Twitter vectors, does hold words twice.
DOWNLOAD = Limits(
    most_words=10_000_000,
    most_dimensions=10_000,
    most_decompressed_bytes=40_000_000_000,
    most_matrix_bytes=None,
    keep_first=True,
)
