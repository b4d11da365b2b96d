"""Embedding tables from the web: gensim-data's catalogue and the models of the Hugging Face Hub."""
