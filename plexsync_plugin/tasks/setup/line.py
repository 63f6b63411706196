"""One line of *Check Setup*."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`level` is good, note or problem; a problem's text ends with what to do."""

    level: str
    text: str


def good(text: str) -> Line:
    return Line(level="good", text=f"Good: {text}")


def note(text: str) -> Line:
    return Line(level="note", text=text)


def problem(text: str) -> Line:
    return Line(level="problem", text=f"Problem: {text}")
