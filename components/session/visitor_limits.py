"""How much memory visitors may hold."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from embeddings.common import allowed_bytes

MB = 1_000_000
SETTING = "TOKEN_EMBEDDING_LAB_VISITOR_MEMORY"
MIN_TOTAL, DEFAULT_MAX = 128 * MB, 2_000 * MB
SHARE = 0.5  # of what one piece of work may allocate when the server starts
MAX_EACH = 256 * MB


@dataclass(frozen=True)
class VisitorLimits:
    """Bytes of own tables, uploaded files, and of what was computed.

    Attributes:
        max_total: Of all visitors together.
        max_each: Of one.
        max_away: Of all whose connection has closed and who may still come back.
    """

    max_total: int

    @property
    def max_each(self) -> int:
        return min(self.max_total // 2, MAX_EACH)

    @property
    def max_away(self) -> int:
        return self.max_total // 4


def limits(environment: Mapping[str, str] = os.environ) -> VisitorLimits:
    """What an operator has set in MB, or a quarter of the memory that is free.

    Raises:
        ValueError: The setting is no number of MB.
    """
    asked = environment.get(SETTING)
    if asked is None:
        return VisitorLimits(int(min(max(SHARE * allowed_bytes(), MIN_TOTAL), DEFAULT_MAX)))
    if not (asked.isascii() and asked.isdigit() and 16 <= int(asked) < 10_000_000):
        raise ValueError(f"{SETTING} must be a whole number of MB, at least 16, not {asked!r}.")
    return VisitorLimits(int(asked) * MB)
