"""Numbers in sentences for a person."""


def count(number: int, noun: str) -> str:
    """As in: 1 scene, 5 scenes."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def wait(number: int, noun: str = "scene") -> str:
    """As in: 1 scene waits, 5 scenes wait."""
    return f"{count(number, noun)} {'waits' if number == 1 else 'wait'}"
