"""`python -m tools.lock` writes plexsync_plugin/locks/: for each Python the versions that PlexSync installs for itself, with
the hashes of every wheel that pip may choose for them on a supported platform.

requirements.txt says what may be used where it is found; the locks say what is installed. pip is asked for each Python and
platform what it would take (`--dry-run --report`), so nothing is downloaded. Needs a pip from 22.2 on and a package index.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from plexsync_plugin.base.requirements import OPTIONAL, requirements

LOCKS = Path(__file__).resolve().parents[1] / "plexsync_plugin" / "locks"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
AT_ONCE = 4  # calls of pip

_OLD_GLIBC = ("manylinux2014", *(f"manylinux_2_{minor}" for minor in range(5, 18)))
_NEW_GLIBC = (*_OLD_GLIBC, *(f"manylinux_2_{minor}" for minor in range(18, 40)))
_LIBRARIES = {
    "old glibc": _OLD_GLIBC,
    "glibc": _NEW_GLIBC,
    "old musl": ("musllinux_1_1",),
    "musl": ("musllinux_1_1", "musllinux_1_2"),
}
_LINUX = {
    machine: {
        f"{name} {machine}": tuple(f"{tag}_{machine}" for tag in tags) for name, tags in _LIBRARIES.items()
    }
    for machine in ("x86_64", "aarch64", "armv7l")
}
# By family: of the C libraries of one machine each may choose another wheel, and one that has none is no error.
PLATFORMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    **{f"Linux {machine}": found for machine, found in _LINUX.items()},
    "Windows": {"win_amd64": ("win_amd64",)},
    "Windows on ARM": {"win_arm64": ("win_arm64",)},
    "macOS on Intel": {"macosx x86_64": tuple(f"macosx_{version}_x86_64" for version in
                                              ("10_9", "10_12", "10_13", "10_15", "11_0", "12_0", "13_0"))},
    "macOS": {"macosx arm64": tuple(f"macosx_{version}_arm64" for version in ("11_0", "12_0", "13_0", "14_0"))},
}  # fmt: skip
NO_PICTURES = ("Linux armv7l",)  # Pillow has no wheels for it


@dataclass(frozen=True, slots=True, order=True)
class Wheel:
    name: str
    version: str
    file: str
    sha256: str
    needs: tuple[str, ...]

    @property
    def pin(self) -> str:
        return f"{self.name}=={self.version}"

    @property
    def compiled(self) -> bool:
        return not self.file.endswith("-none-any.whl")


class LockFailed(Exception):
    """pip found no wheels, or not all."""


def wheels(python: str, tags: Iterable[str], specs: Iterable[str], *, alone: bool = False) -> list[Wheel]:
    """What pip would install there; `alone`: without what the specs need. Raises LockFailed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [
            sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--dry-run", "--ignore-installed",
            "--only-binary", ":all:", "--target", folder, "--report", str(report), "--python-version", python,
        ]  # fmt: skip
        command += [word for tag in tags for word in ("--platform", tag)]
        command += ["--no-deps"] if alone else []
        result = subprocess.run([*command, *specs], capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise LockFailed(result.stderr.strip()[-500:])
        installs = json.loads(report.read_text(encoding="utf-8"))["install"]
    return sorted(_wheel(found) for found in installs)


def _wheel(found: Mapping[str, Mapping[str, object]]) -> Wheel:
    metadata = found["metadata"]
    download = json.loads(json.dumps(found["download_info"]))
    needs = metadata.get("requires_dist") or []
    return Wheel(
        name=canonical(str(metadata["name"])),
        version=str(metadata["version"]),
        file=str(download["url"]).rpartition("/")[2],
        sha256=str(download["archive_info"]["hashes"]["sha256"]),
        needs=tuple(str(need) for need in needs) if isinstance(needs, list) else (),
    )


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(python: str, specs: list[str], *, spared: tuple[str, ...] = ()) -> dict[str, list[Wheel]]:
    """Every wheel of every package, by pin. `spared` are families of platforms that need not have it. Raises LockFailed."""
    first = wheels(python, PLATFORMS["Linux x86_64"]["glibc x86_64"], specs)
    found: dict[str, set[Wheel]] = {wheel.pin: {wheel} for wheel in first}
    compiled = [wheel.pin for wheel in first if wheel.compiled]
    for family, kinds in PLATFORMS.items():
        for pin in compiled:
            there = [wheel for tags in kinds.values() for wheel in _or_none(python, tags, pin)]
            if not there and family not in spared:
                raise LockFailed(f"{pin} has no wheel for Python {python} on {family}")
            found[pin].update(there)
    _all_named(python, first)
    return {pin: sorted(found[pin]) for pin in sorted(found)}


def _or_none(python: str, tags: tuple[str, ...], pin: str) -> list[Wheel]:
    try:
        return wheels(python, tags, [pin], alone=True)
    except LockFailed:
        return []


def _all_named(python: str, chosen: list[Wheel]) -> None:
    """pip reads markers for the Python and the system it runs on itself; another's may ask for more. Raises LockFailed."""
    names = {wheel.name for wheel in chosen}
    for wheel in chosen:
        for text in wheel.needs:
            need = Requirement(text)
            for system in ("Linux", "Windows", "Darwin"):
                if _wanted(need, python, system) and canonical(need.name) not in names:
                    raise LockFailed(f"{wheel.pin} needs {need} on {system} with Python {python}")


def _wanted(need: Requirement, python: str, system: str) -> bool:
    if need.marker is None:
        return True
    return need.marker.evaluate(
        {
            "extra": "",
            "python_version": python,
            "python_full_version": f"{python}.0",
            "platform_system": system,
            "sys_platform": {"Linux": "linux", "Windows": "win32", "Darwin": "darwin"}[system],
            "os_name": "nt" if system == "Windows" else "posix",
        }
    )


def text(python: str, found: Mapping[str, list[Wheel]]) -> str:
    lines = [
        f"# What PlexSync installs for itself on Python {python}. Written by `python -m tools.lock`; do not edit."
    ]
    for pin, chosen in found.items():
        hashes = sorted({wheel.sha256 for wheel in chosen})
        lines.append(" \\\n    ".join([pin, *(f"--hash=sha256:{each}" for each in hashes)]))
    return "\n".join(lines) + "\n"


def files(python: str) -> Iterator[tuple[str, str]]:
    """Name and text of the locks of one Python."""
    needed = [need.text for need in requirements() if need.name not in OPTIONAL]
    pictures = [need.text for need in requirements() if need.name in OPTIONAL]
    yield f"python{python}.txt", text(python, locked(python, needed))
    yield f"python{python}-pictures.txt", text(python, locked(python, pictures, spared=NO_PICTURES))


def main() -> int:
    LOCKS.mkdir(exist_ok=True)
    try:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            made = list(threads.map(lambda python: list(files(python)), PYTHONS))
    except LockFailed as error:
        print(f"Not done: {error}")
        return 1
    for name, content in (pair for pairs in made for pair in pairs):
        (LOCKS / name).write_text(content, encoding="utf-8", newline="\n")
        print(f"{name}: {content.count('==')} packages, {content.count('--hash')} wheels")
    return 0


if __name__ == "__main__":
    sys.exit(main())
