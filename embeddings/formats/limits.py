"""How large a file of vectors may be, and what is done about a word that stands in it twice."""

from dataclasses import dataclass, replace

from embeddings.common import InvalidInput, TooLarge, allowed_bytes, count_of


@dataclass(frozen=True)
class FileLimits:
    """What is read of a file; beyond it reading stops and nothing is kept.

    Attributes:
        max_words: Rows of the table, V.
        max_dimensions: Length of each vector, D.
        max_decompressed_bytes: Of a file once unpacked; the same for one that is not packed.
        max_matrix_bytes: Of the float32 table [V, D]; None for what ``allowed_bytes()`` says when asked.
        max_file_bytes: Of a file as it comes; None for any.
        longest_word: Characters of one word.
        keep_first: Of a word that stands twice keep the first row, as gensim does; else the file is refused.
    """

    max_words: int
    max_dimensions: int
    max_decompressed_bytes: int
    max_matrix_bytes: int | None
    max_file_bytes: int | None = None
    longest_word: int = 200
    keep_first: bool = False

    def for_now(self) -> "FileLimits":
        """The same with no more for the table than the memory that may be used now.

        Asked once for each file: while a table grows, what is free shrinks by what the table itself takes.
        """
        allowed = allowed_bytes()
        most = allowed if self.max_matrix_bytes is None else min(allowed, self.max_matrix_bytes)
        return replace(self, max_matrix_bytes=most)

    def check_size(self, words: int, dimension: int, name: str) -> None:
        """Pass a table [words, dimension] that may be read.

        Raises:
            InvalidInput: It has too many words or dimensions, or none.
            TooLarge: It would take too much memory.
        """
        if words < 1 or dimension < 1:
            raise InvalidInput(
                f"{name} holds no vectors: {count_of(words, 'word')} of {count_of(dimension, 'number')} each."
            )
        if dimension > self.max_dimensions:
            raise InvalidInput(
                f"The vectors in {name} have {dimension:,} numbers each; at most {self.max_dimensions:,} can be read."
            )
        if words > self.max_words:
            raise InvalidInput(f"{name} has more than {self.max_words:,} words. Keep the most frequent ones only.")
        needed = 4 * words * dimension
        allowed = allowed_bytes() if self.max_matrix_bytes is None else self.max_matrix_bytes
        if needed > allowed:
            raise TooLarge(
                f"The table in {name}, {count_of(words, 'word')} of {count_of(dimension, 'number')} each,",
                needed,
                allowed,
            )


# What a visitor brings: small, and theirs to put right. GloVe's longest word has 68 characters, of the 400,000 here.
UPLOAD = FileLimits(
    max_words=200_000,
    max_dimensions=4_096,
    max_decompressed_bytes=64_000_000,
    max_matrix_bytes=64_000_000,
    max_file_bytes=5 * 2**20,  # what Streamlit calls 5 MB
)
# What was published: large, and some of it, such as GloVe's Twitter vectors, does hold words twice.
DOWNLOAD = FileLimits(
    max_words=10_000_000,
    max_dimensions=10_000,
    max_decompressed_bytes=40_000_000_000,
    max_matrix_bytes=None,
    longest_word=10_000,
    keep_first=True,
)
