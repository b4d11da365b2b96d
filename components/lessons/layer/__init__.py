"""The embedding layer."""
