"""Rooms: a class and its teacher, who answer the pages' questions together."""
