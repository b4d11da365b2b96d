"""Positions of tokens: two sentences as strips of numbers, tables of places, and arrows turned by their places."""
