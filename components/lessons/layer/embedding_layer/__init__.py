"""The embedding layer: its input, step by step, the three ways compared, and more."""
