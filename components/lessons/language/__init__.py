"""Embeddings inside a language model."""
