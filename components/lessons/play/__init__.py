"""Play with embeddings."""
