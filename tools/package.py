"""`python -m tools.package [FOLDER]` builds what Stash's plugin manager installs: PlexSync.zip, and index.yaml, its source index.

The same commit gives the same bytes. The index is published as `index.yml`; here its name ends in .yaml, because Stash takes
every .yml below its plugins folder for a plugin (docs/facts/stash.md sections 1 and 10).
"""

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
PACKED = (
    "PlexSync.yml",
    "plex_sync.py",
    "requirements.txt",
    "LICENSE",
    "CHANGELOG.md",
    "plexsync_plugin/",
    "indexer/",
)
SOURCES = ("plexsync_plugin/ui/src/", "plexsync_plugin/ui/tsconfig.json")  # what the built page is made of
ZIP, INDEX = "PlexSync.zip", "index.yaml"


def packed_files() -> list[str]:
    """What is in the repository and belongs to the plugin, as paths with `/`. Tests, caches and what lies about do not."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = listed.stdout.split("\0")
    return sorted(name for name in names if name.startswith(PACKED) and not name.startswith(SOURCES))


def commit_time() -> datetime:
    """Stash calls a package newer by its date alone. SOURCE_DATE_EPOCH, where it is set, stands for the commit's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        command = ["git", "log", "-1", "--format=%ct"]
        epoch = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    return datetime.fromtimestamp(int(epoch), tz=UTC)


def build(folder: Path, time: datetime, *, root: Path = ROOT, names: Sequence[str] | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / ZIP, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name in packed_files() if names is None else names:
            package.writestr(_entry(name, time), (root / name).read_bytes(), compresslevel=9)
    (folder / INDEX).write_text(_index(folder / ZIP, root, time), encoding="utf-8", newline="\n")


def _entry(name: str, time: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=time.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix: Stash keeps the mode
    entry.external_attr = 0o100644 << 16
    return entry


def _index(package: Path, root: Path, time: datetime) -> str:
    plugin = yaml.safe_load((root / "PlexSync.yml").read_text(encoding="utf-8"))
    entry = {
        "id": "PlexSync",
        "name": plugin["name"],
        "metadata": {"description": plugin["description"]},
        "version": str(plugin["version"]),
        "date": time.strftime("%Y-%m-%d %H:%M:%S"),
        "path": package.name,
        "sha256": hashlib.sha256(package.read_bytes()).hexdigest(),
    }
    text: str = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=10_000)
    return text


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else ROOT / "dist"
    build(folder, commit_time())
    print(f"{folder / ZIP}: {(folder / ZIP).stat().st_size} bytes\n{folder / INDEX}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
