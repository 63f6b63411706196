"""`python -m tools.matrix [PYTEST ARGUMENT ...]`: the tests on every Python from 3.11 to 3.14 that is found here, and the plugin's
start-up in Alpine where docker or podman can make one. Each Python has an environment of its own below `.matrix`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".matrix"
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
IMAGE = "python:3.12-alpine"
PLACES = ("~/.pyenv/versions/*/bin", "~/.local/share/uv/python/*/bin", "/opt/homebrew/bin", "/usr/local/bin")
PASSED, FAILED, NOT_THERE = "passed", "FAILED", "not found here"


def find(version: str) -> str | None:
    """A Python of this version, on the PATH or where the usual installers put one; it must be able to start."""
    name = f"python{version}"
    on_path = shutil.which(name)
    candidates = [on_path] if on_path else []
    for place in PLACES:
        parent, _, rest = os.path.expanduser(place).partition("*")
        folders = (
            [Path(parent, *found.parts[-1:], rest.strip("/")) for found in _below(parent)]
            if rest
            else [Path(parent)]
        )
        candidates += [str(folder / name) for folder in folders if (folder / name).is_file()]
    return next((each for each in candidates if _version(each) == version), None)


def _below(parent: str) -> Iterator[Path]:
    if os.path.isdir(parent):
        yield from sorted(Path(parent).iterdir(), reverse=True)


def _version(python: str) -> str:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    found = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return found.stdout.strip()


def run_tests(version: str, arguments: Sequence[str]) -> str:
    python = find(version)
    if python is None:
        return NOT_THERE
    environment = FOLDER / version
    own = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not own.exists():
        subprocess.run([python, "-m", "venv", str(environment)], check=True)
    install = [
        str(own),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        "requirements-dev.txt",
    ]
    subprocess.run(install, cwd=ROOT, check=True)
    done = subprocess.run([str(own), "-m", "pytest", *arguments], cwd=ROOT, check=False)
    return PASSED if done.returncode == 0 else FAILED


def start_in_alpine() -> str:
    program = shutil.which("docker") or shutil.which("podman")
    if program is None or subprocess.run([program, "info"], capture_output=True, check=False).returncode != 0:
        return "no docker or podman here"
    command = [
        program,
        "run",
        "--rm",
        "-v",
        f"{ROOT}:/plexsync:ro",
        "-w",
        "/plexsync",
        IMAGE,
        "python",
        "-B",
        "-m",
        "tools.start_up",
    ]
    return PASSED if subprocess.run(command, check=False).returncode == 0 else FAILED


def main(arguments: Sequence[str]) -> int:
    results = {f"Python {version}": run_tests(version, arguments) for version in VERSIONS}
    results["start in Alpine"] = start_in_alpine()
    for name, result in results.items():
        print(f"{name:16} {result}")
    return 1 if FAILED in results.values() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
