"""Variants and phases that are compared, by name, and the devices that can compute them.

Three ways to the same rows of a table W [V, D] for ids [B]:

    nn.Embedding      W[ids]                                  copies B rows
    one-hot @ W       one_hot(ids) @ W                        B·V·D multiplications, nearly all by zero
    nn.Linear         one_hot(ids) @ weight.T, weight = W.T   the same product, as a layer
"""

from embeddings.common import InvalidInput, TooLarge, allowed_bytes, required

EMBEDDING = "nn.Embedding"
MATMUL = "one-hot @ W"
LINEAR = "nn.Linear"
VARIANTS = (EMBEDDING, MATMUL, LINEAR)
SPARSE = "nn.Embedding, sparse"  # the same lookup, whose gradient holds the rows used and no others

BUILD = "build one-hot"  # the phase both products need before they can start
FORWARD = "forward"
BACKWARD = "backward"  # the gradient of W alone, from that of the output
STEP = "optimiser step"  # plain gradient descent: W -= rate · gradient
PHASES = (BUILD, FORWARD, BACKWARD, STEP)

UNIFORM = "uniform"
REPEATED = "repeated"  # one id, B times
ZIPF = "zipf"  # id r is drawn in proportion to 1 / (r + 1), as words sorted by frequency nearly are
ID_DISTRIBUTIONS = (UNIFORM, REPEATED, ZIPF)

ITEM_BYTES = (("float32", 4), ("bfloat16", 2))
DTYPES = tuple(dtype for dtype, _ in ITEM_BYTES)

MAX_VOCABULARY = 1_000_000
MAX_DIMENSION = 4_096
MAX_BATCH = 8_192


def devices() -> tuple[str, ...]:
    """Where torch can compute on this machine: "cpu", and "cuda" or "mps" where it finds one."""
    with required():
        import torch

    found = ["cpu"]
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return tuple(found)


def check_device(device: str) -> None:
    """Raise InvalidInput unless torch finds ``device`` here."""
    if device not in devices():
        raise InvalidInput(f"torch finds no {device!r} here. It finds: {', '.join(devices())}.")


def refuse_too_large(what: str, needed: int, device: str = "cpu") -> None:
    """Raise TooLarge where ``needed`` bytes are more than may be used on ``device``."""
    allowed = allowed_bytes(device)
    if needed > allowed:
        raise TooLarge(what, needed, allowed)
