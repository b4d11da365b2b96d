"""What all tests share: one profile for properties, the same examples each time and however slow the machine."""

from hypothesis import settings

settings.register_profile("lab", deadline=None, max_examples=50, derandomize=True, database=None)
settings.load_profile("lab")
