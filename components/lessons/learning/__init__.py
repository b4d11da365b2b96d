"""The chapter on training: its lessons, and what they share: corpora, runs, settings, what is seen of a run."""
