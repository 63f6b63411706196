"""Numbers in sentences for a person."""

_UNITS = ((86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute"))


def count(number: int, noun: str) -> str:
    """As in: 1 scene, 5 scenes."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def wait(number: int, noun: str = "scene") -> str:
    """As in: 1 scene waits, 5 scenes wait."""
    return f"{count(number, noun)} {'waits' if number == 1 else 'wait'}"


def span(seconds: float) -> str:
    """A length of time in its largest whole unit: 45 seconds, 12 minutes, 3 hours, 2 days."""
    for size, name in _UNITS:
        if seconds >= size:
            return count(int(seconds / size), name)
    return count(max(0, int(seconds)), "second")
