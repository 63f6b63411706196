"""Run as a script of its own (base/proof.py): import what standard input names, say on standard output what fails.

Imports nothing of ours: what it proves is the import path that it is given, and no other.
"""

import json
import sys


def _failure() -> str:
    wanted = json.loads(sys.stdin.read())
    sys.path[:] = wanted["path"]
    for name in wanted["names"]:
        try:
            __import__(name)
        except Exception as error:  # noqa: BLE001 - foreign code that runs at its import may raise anything
            return f"importing {name} fails ({type(error).__name__}: {error})"
    return ""


if __name__ == "__main__":
    sys.stdout.write(_failure())
