"""What a result says of the machine that it was measured on: its kind, and nothing by which it could be known."""

import os
import platform
import sqlite3
import sys
from importlib import metadata
from pathlib import Path

PACKAGES = ("plexapi", "requests", "urllib3", "persist-queue", "pydantic", "Pillow")


def facts() -> dict[str, object]:
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_gb": _memory(),
        "load": _load(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _memory() -> int | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)
    except (AttributeError, ValueError):
        return None  # Windows


def _load() -> float | None:
    """Processes that wanted to run in the last minute: how much else the machine did."""
    try:
        return round(os.getloadavg()[0], 1)
    except (AttributeError, OSError):
        return None
