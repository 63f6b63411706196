"""Stash's plugin manager over one local source: install, update, uninstall (docs/facts/stash.md section 10).

It works on the plugins folder, as Stash does from its job queue; reloading the plugins is the caller's.
"""

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import yaml

MANIFEST = "manifest"


class PackageRefused(Exception):
    """Stash would not install it."""


class PackageSource:
    """`folder` is the published source: `index.yml` and what it names. Packages go to `<plugins>/<local>/<id>`."""

    def __init__(self, folder: Path, plugins: Path, local: str = "community") -> None:
        self._folder = folder
        self._plugins = plugins / local

    def package(self, package_id: str) -> dict[str, Any]:
        entries = yaml.safe_load((self._folder / "index.yml").read_text(encoding="utf-8"))
        return next(dict(entry) for entry in entries if entry["id"] == package_id)

    def upgradable(self, package_id: str) -> bool:
        """By the date alone."""
        return str(self.package(package_id)["date"]) > str(self._manifest(package_id)["date"])

    def install(self, package_id: str) -> Path:
        """Also an update: what the old manifest lists goes first. Raises PackageRefused."""
        entry = self.package(package_id)
        package = self._folder / entry["path"]
        if hashlib.sha256(package.read_bytes()).hexdigest() != entry["sha256"]:
            raise PackageRefused("checksum mismatch")
        target = self._plugins / package_id
        if (target / MANIFEST).exists():
            self._delete_files(package_id)
        with zipfile.ZipFile(package) as members:
            names = [member.filename for member in members.infolist() if not member.is_dir()]
            for member in members.infolist():
                path = Path(members.extract(member, target))
                path.chmod((member.external_attr >> 16) & 0o777)
        manifest = {**{name: entry[name] for name in ("id", "name", "version", "date")}, "files": names}
        (target / MANIFEST).write_text(yaml.safe_dump(manifest), encoding="utf-8")
        return target

    def uninstall(self, package_id: str) -> None:
        """Folders that still hold something stay, without a word."""
        self._delete_files(package_id)
        target = self._plugins / package_id
        for folder in sorted((path for path in target.rglob("*") if path.is_dir()), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
        if not any(target.iterdir()):
            target.rmdir()

    def _delete_files(self, package_id: str) -> None:
        target = self._plugins / package_id
        for name in self._manifest(package_id)["files"]:
            (target / name).unlink(missing_ok=True)
        (target / MANIFEST).unlink()

    def _manifest(self, package_id: str) -> dict[str, Any]:
        text = (self._plugins / package_id / MANIFEST).read_text(encoding="utf-8")
        return dict(yaml.safe_load(text))
