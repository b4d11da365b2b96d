"""The unembedding: which model is read, what its output makes of each layer, and what that costs."""
