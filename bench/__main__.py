"""`make bench`: what things cost, as ratios within this run. Shows, and judges nothing: machines differ.

`python -m bench index --movies 200000` measures one thing alone, here with a library as large as it gets.
"""

import argparse
from collections.abc import Callable, Mapping

from bench import bulk_cost, edit_cost, hook_cost, index_cost, question_cost
from bench.measuring import Line, show


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument(
        "names", nargs="*", metavar="hook|edit|bulk|index|memory|questions", help="what to measure; none: all"
    )
    parser.add_argument("--movies", type=int, default=20_000, help="how many the index is measured with")
    options = parser.parse_args()
    measures: Mapping[str, tuple[str, Callable[[], list[Line]]]] = {
        "hook": ("Hook, whole process, median", hook_cost.measure),
        "edit": ("One edit", edit_cost.measure),
        "bulk": ("Many edits, Plex answering after 5 ms", bulk_cost.measure),
        "index": ("A library into the index", lambda: index_cost.measure(options.movies)),
        "questions": ("Questions, 200 000 items", lambda: question_cost.measure(200_000)),
        "memory": ("The memory that a library takes", lambda: index_cost.measure_memory(options.movies)),
    }
    if unknown := set(options.names) - set(measures):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(measures)}")
    for name in options.names or measures:
        title, measure = measures[name]
        show(title, measure())


if __name__ == "__main__":
    main()
