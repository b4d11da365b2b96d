"""A teacher's own lesson: pages in an order of their own, with words and a text for them, all in one link."""
