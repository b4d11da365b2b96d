"""A clock for tests."""


class Clock:
    """Time that passes only when told: seconds, ``now``."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now
