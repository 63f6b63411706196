"""The page of `--report` in a real browser, from a file and without a network: drawn, switched, and nothing of a title run."""

import json
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from indexer.answers.report import write_report
from tests.browser import PROGRAM
from tests.index_runs import FILMS, SECTIONS, World, movie_section

HOSTILE = "</script><img src=x onerror=alert(1)>"
LONG = "A library whose name is longer than any place that there is for it beside a bar"

# Stands before everything else in the page, so that nothing of it is missed.
# A film in each decade of a century, added over fifteen years; one of a resolution that takes next to no space.
CENTURY: list[dict[str, Any]] = [
    {
        "ratingKey": 700 + n,
        "title": f"Film {n}",
        "year": 1905 + 10 * n,
        "addedAt": 1_260_000_000 + n * 40_000_000,
        "Media": [
            {
                "id": 800 + n,
                "videoResolution": "sd" if n == 3 else "1080",
                "Part": [{"id": 900 + n, "file": f"/c/{n}.mkv", "size": 1 if n == 3 else 9_000_000_000}],
            }
        ],
    }
    for n in range(12)
]
DECADES = [f"{1900 + 10 * n}s" for n in range(12)]

WATCHER = """<script>
const seen = [];
addEventListener("error", (event) => seen.push(event.message || "an image"), true);
addEventListener("securitypolicyviolation", (event) => seen.push(event.blockedURI));
</script>"""
PROBE = """<script>
const charts = [...document.querySelectorAll("canvas")].map((canvas) => Chart.getChart(canvas));
const values = () => charts.map((chart) => JSON.stringify(chart.data.datasets[0].data));
const before = values();
document.querySelector("[data-unit=items]").click();
const after = values();
const libraries = charts[1];
document.documentElement.dataset.found = JSON.stringify({
  seen, charts: charts.length, switched: before.filter((text, place) => text !== after[place]).length,
  images: document.images.length, title: document.title, wider: document.documentElement.scrollWidth > innerWidth,
  described: [...document.querySelectorAll("canvas")].every((canvas) => canvas.getAttribute("aria-label").includes("items")),
  names: libraries.scales.y.ticks.map((tick) => tick.label),
  ink: Chart.defaults.color,
  slices: charts.filter((chart) => chart.config.type === "doughnut").map((chart) => [
    chart.legend.legendItems.length, Math.min(...chart.getDatasetMeta(0).data.map((arc) => arc.circumference)),
    chart.data.labels]),
  decades: charts[charts.length - 1].scales.x.ticks.map((tick) => tick.label),
  columns: [charts[0].getDatasetMeta(1).data.length, Math.min(...charts[0].getDatasetMeta(1).data.map((bar) => bar.width))],
  kept: charts[0].data.datasets[1].data.reduce((sum, value) => sum + value, 0),
});
</script>"""

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium here")


@pytest.fixture
def sections() -> list[dict[str, Any]]:
    films = [*FILMS, *CENTURY, {"ratingKey": 104, "title": HOSTILE, "duration": 9_000_000}]
    others = [
        movie_section(10 + n, f"{n} {LONG}", [{"ratingKey": 500 + n, "title": "One", "file": f"/m/{n}.mkv"}])
        for n in range(20)
    ]
    return [movie_section(1, HOSTILE, films), *SECTIONS[1:], *others]


def shown(world: World, folder: Path, width: int, *options: str) -> dict[str, Any]:
    """What a probe in the page finds when all of the page's own work is done."""
    write_report(str(world.db), str(folder / "report.html"), "2026-01-02T03:04:05Z")
    text = (folder / "report.html").read_text("utf-8")
    head, _, tail = text.partition("<style>")
    (folder / "probed.html").write_text(
        f"{head}{WATCHER}<style>{tail.replace('</body>', PROBE + '</body>')}", "utf-8"
    )
    done = subprocess.run(
        [
            str(PROGRAM), "--headless=new", "--no-sandbox", "--disable-gpu", "--proxy-server=127.0.0.1:1",
            f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=5000", f"--window-size={width},1500",
            *options, "--dump-dom", (folder / "probed.html").as_uri(),
        ],
        capture_output=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    (found,) = re.findall(r'<html [^>]*data-found="([^"]*)"', done.stdout)
    answer: dict[str, Any] = json.loads(unescape(found))
    return answer


@pytest.mark.parametrize("width", [1280, 390])
def test_page_when_opened_from_a_file_draws_and_switches(indexed: World, tmp_path: Path, width: int) -> None:
    found = shown(indexed, tmp_path, width)
    assert (found["seen"], found["images"], found["wider"]) == ([], 0, False)
    assert (found["charts"], found["switched"], found["described"]) == (7, 7, True)
    assert found["title"] == "Den – library report"
    assert len(found["names"]) == 23
    assert all(name.endswith("…") for name in found["names"] if "library whose" in name)


@pytest.mark.parametrize(("width", "most"), [(1280, 200), (390, 70)])
def test_charts_when_narrow_or_wide_show_every_part_so_that_it_is_seen(
    indexed: World, tmp_path: Path, width: int, most: int
) -> None:
    found = shown(indexed, tmp_path, width)
    for entries, smallest, names in found["slices"]:
        assert entries == len(names)
        assert smallest > 0.05  # radians
    assert found["decades"] == DECADES
    columns, thinnest = found["columns"]
    assert columns <= most
    assert thinnest >= 3  # pixels
    assert found["kept"] == indexed.value(
        "SELECT count(*) FROM items WHERE kind IN (1, 4, 10) AND addedAt IS NOT NULL"
    )


def test_page_when_dark_is_preferred_draws_for_it(indexed: World, tmp_path: Path) -> None:
    inks = [
        shown(indexed, tmp_path, 1280, f"--blink-settings=preferredColorScheme={n}")["ink"] for n in (0, 1)
    ]
    assert inks == ["#9aa8b7", "#5d6b7a"]
