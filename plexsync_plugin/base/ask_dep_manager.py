"""Run as a script of its own (base/dep_manager.py): let PythonDepManager provide packages, say where it has put them.

It deletes loaded modules and imports them again, which leaves a process with halves of packages; here that harms nobody.
Reads a JSON document, writes one: `folders`, in the order of its import path, and `problem`.
"""

import contextlib
import importlib
import json
import sys


def _answer(wanted: "dict[str, list[str]]") -> "dict[str, object]":
    before = set(sys.path)
    sys.path += wanted["beside"]  # at the end: other plugins' folders are there too
    try:
        with contextlib.redirect_stdout(sys.stderr):
            importlib.import_module("PythonDepManager").ensure_import(*wanted["specs"])
    except Exception as error:  # noqa: BLE001 - another plugin's code; it raises plain Exception
        return {"folders": [], "problem": f"{type(error).__name__}: {error}"}
    added = [folder for folder in sys.path if folder not in before and folder not in wanted["beside"]]
    return {"folders": added, "problem": ""}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_answer(json.load(sys.stdin))))
