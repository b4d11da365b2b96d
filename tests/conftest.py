"""What all tests share: one profile for properties, the same examples each time and however slow the machine."""

from hypothesis import settings

settings.register_profile("lab", deadline=None, max_examples=50, derandomize=True, database=None)
settings.load_profile("lab")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Packed bytes hold the time at which they were packed; a test has the same name in every process."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None
