"""Draws how costs grow, from the last result, as small SVG files that are the same whenever they are drawn from the same numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from tests.sim.process import ROOT

FOLDER = ROOT / "docs" / "performance"
TITLES = {
    "items": "Index: what one item costs, by the size of the library",
    "jobs": "Sync: what one scene costs at its first contact, by the number of scenes",
}
PANELS = (
    ("each", "milliseconds for one"),
    ("memory", "memory at most, MB"),
    ("file_each", "bytes of the file for one"),
)
COLOUR = "#2a6f97"


def draw(growth: Sequence[Mapping[str, Any]], folder: Path = FOLDER) -> list[Path]:
    """One file for items and one for jobs, where the result has them."""
    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "plexsync", "svg.fonttype": "none", "font.family": "sans-serif"})
    folder.mkdir(exist_ok=True)
    drawn = []
    for of, title in TITLES.items():
        rows = sorted((row for row in growth if row["of"] == of), key=lambda row: int(row["number"]))
        if rows:
            path = folder / f"growth-{of}.svg"
            _figure(title, rows).savefig(path, format="svg", metadata={"Date": None, "Creator": None})
            drawn.append(path)
    return drawn


def _figure(title: str, rows: Sequence[Mapping[str, Any]]) -> Figure:
    figure = Figure(figsize=(9, 2.8), layout="constrained")
    figure.suptitle(title, fontsize=11)
    numbers = [int(row["number"]) for row in rows]
    for axes, (name, label) in zip(figure.subplots(1, len(PANELS)), PANELS, strict=True):
        values = [_value(row, name) for row in rows]
        axes.plot(numbers, values, color=COLOUR, marker="o", linewidth=1.5)
        axes.set_xscale("log")
        axes.set_xticks(numbers, [f"{number:,}".replace(",", " ") for number in numbers])
        axes.minorticks_off()
        axes.set_ylim(0, max(values) * 1.2 or 1)
        axes.set_title(label, fontsize=9)
        axes.tick_params(labelsize=8)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    return figure


def _value(row: Mapping[str, Any], name: str) -> float:
    if name == "file_each":
        return float(row["file"]) * 1e6 / int(row["number"])
    return float(row[name] or 0.0)
