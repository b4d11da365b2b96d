"""How work that takes long is told how far it is, where nobody wants to know."""


def silent(fraction: float, words: str = "") -> None:
    """The ``report`` or ``on_progress`` of work that nobody watches."""
