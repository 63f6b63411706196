"""What requirements.txt asks for, what this Python finds of it, and the lock with what is installed otherwise.

Standard library alone. Versions are compared by their numbers: the bounds are our own, and ask for no more.
"""

import importlib.metadata
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plexsync_plugin.base.spawn import PLUGIN_FOLDER

OPTIONAL = ("Pillow",)  # artwork only; no wheel for armv7, and no compiler in Stash's image
IMPORT_NAMES = {
    "persist-queue": "persistqueue",
    "stashapp-tools": "stashapi",
    "python-dotenv": "dotenv",
    "Pillow": "PIL",
    "typing-extensions": "typing_extensions",
}
REQUIREMENTS = os.path.join(PLUGIN_FOLDER, "requirements.txt")
LOCKS = os.path.join(PLUGIN_FOLDER, "plexsync_plugin", "locks")

_LINE = re.compile(r"^([A-Za-z0-9._-]+)\s*([<>=!~,.0-9\s]*)$")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    name: str
    bounds: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def text(self) -> str:
        return self.name + ",".join(sign + ".".join(map(str, version)) for sign, version in self.bounds)

    @property
    def import_name(self) -> str:
        return IMPORT_NAMES.get(self.name, self.name.lower())

    def met(self, path: Sequence[str] | None = None) -> bool:
        """Whether a fitting version is in `path`, the import path of this process if it is None."""
        version = found_version(self.name, path)
        return version is not None and self.allows(version)

    def allows(self, version: str) -> bool:
        return all(_within(_numbers(version), sign, bound) for sign, bound in self.bounds)


def found_version(name: str, path: Sequence[str] | None = None) -> str | None:
    """The version that an import would find first, as its metadata says."""
    where = list(sys.path if path is None else path)
    for found in importlib.metadata.distributions(name=name, path=where):
        return str(found.version)
    return None


def requirements(path: str = REQUIREMENTS) -> list[Requirement]:
    with open(path, encoding="utf-8") as file:
        return list(_parsed(file))


def needed() -> list[Requirement]:
    return [need for need in requirements() if need.name not in OPTIONAL]


def missing(path: Sequence[str] | None = None) -> list[Requirement]:
    """What must be there and is not in `path`, the import path of this process if it is None."""
    importlib.invalidate_caches()
    return [need for need in needed() if not need.met(path)]


def lock_file(*, pictures: bool = False) -> str | None:
    """The lock of this Python, or None: a Python that came after this PlexSync has none."""
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}{'-pictures' if pictures else ''}.txt"
    path = os.path.join(LOCKS, name)
    return path if os.path.isfile(path) else None


def locked_versions() -> dict[str, str]:
    """Version by canonical name, of the lock of this Python; nothing where it has none."""
    path = lock_file()
    if path is None:
        return {}
    with open(path, encoding="utf-8") as file:
        return {canonical(name): version for name, version in _PIN.findall(file.read())}


def canonical(name: str) -> str:
    """Package indexes, locks and installed packages spell one name in several ways (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _parsed(lines: Iterator[str]) -> Iterator[Requirement]:
    for line in lines:
        found = _LINE.match(line.partition("#")[0].strip())
        if found:
            bounds = re.findall(r"(>=|<)\s*([0-9.]+)", found.group(2))
            yield Requirement(
                name=found.group(1), bounds=tuple((sign, _numbers(text)) for sign, text in bounds)
            )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", re.split(r"[a-z+]", version)[0]))


def _within(version: tuple[int, ...], sign: str, bound: tuple[int, ...]) -> bool:
    return version >= bound if sign == ">=" else version < bound
