"""Blocks that know no lesson: fields, charts, guesses, code, downloads, errors."""
