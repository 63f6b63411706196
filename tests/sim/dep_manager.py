"""A stand-in for the community plugin PythonDepManager, copied by tests as its `__init__.py`. It behaves as the real one does
(docs/facts/stash.md section 11): asks for git and pip first, knows no upper bounds, lets pip put each package into a folder of its
own, deletes loaded modules by their first name and imports them again, and speaks to Stash's log on standard error.

Imports nothing but the standard library: it runs in the plugin's Python.
"""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "py_dependencies"


def ensure_import(*specs: str) -> None:
    for command in (["git", "--version"], [sys.executable, "-m", "pip", "--version"]):
        try:
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        except (OSError, subprocess.CalledProcessError):
            _log("e", f"PythonDepManager: {command[0]} is required but not available")
            raise RuntimeError(f"{command[0]} is required but not available") from None
    for spec in specs:
        _ensure(spec)


def _ensure(spec: str) -> None:
    import_name, _, package = spec.partition(":")
    name, sign, version = re.match(r"([^=>,]+)(==|>=)?([^,]*)", package).groups()  # type: ignore[union-attr]
    folder = FOLDER / f"{import_name}_{version if sign == '==' else 'latest'}"
    sys.modules.pop(import_name, None)
    if not folder.exists():
        _log("i", f"PythonDepManager: Installing {package} -> {folder.name}")
        folder.mkdir(parents=True)
        wanted = f"{name}=={version}" if sign == "==" else name
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--upgrade",
            "--force-reinstall",
            f"--target={folder}",
        ]
        subprocess.run([*pip, wanted], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    sys.path.insert(0, os.fspath(folder))
    importlib.invalidate_caches()
    importlib.import_module(import_name)
    sys.modules.pop(import_name, None)  # its modules stay, without the package they belong to
    importlib.import_module(import_name)


def _log(level: str, text: str) -> None:
    sys.stderr.write(f"\x01{level}\x02{text}\n")
