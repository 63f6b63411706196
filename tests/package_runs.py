"""A Python without packages, and wheels of those that the tests run with: for tests that let the plugin install for itself."""

import base64
import hashlib
import importlib.metadata
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from plexsync_plugin.base.requirements import OPTIONAL, lock_file
from tests.sim.process import ROOT


def bare_python(folder: Path, *, pip: bool = True) -> Path:
    """A virtual environment with nothing in it but pip."""
    flags = [] if pip else ["--without-pip"]
    subprocess.run([sys.executable, "-m", "venv", *flags, str(folder)], check=True)
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


class Wheels:
    """`folder` holds a wheel of every locked package, made of what is installed here; `lay_locks` writes locks that fit them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        path = lock_file()
        assert path is not None
        names = re.findall(r"^([A-Za-z0-9._-]+)==", Path(path).read_text("utf-8"), re.MULTILINE)
        self._needed = [_wheel(name, folder) for name in names]
        self._pictures = [_wheel(name, folder) for name in OPTIONAL]

    def lay_locks(self, plugin: Path) -> None:
        locks = plugin / "plexsync_plugin" / "locks"
        shutil.rmtree(locks)
        locks.mkdir()
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        for name, wheels in (
            (f"python{version}.txt", self._needed),
            (f"python{version}-pictures.txt", self._pictures),
        ):
            lines = [f"{pin} --hash=sha256:{_sha256(path)}" for pin, path in wheels]
            (locks / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def lay_dep_manager(folder: Path) -> None:
    """The stand-in as Stash's plugin manager would install it."""
    folder.mkdir(parents=True)
    (folder / "PythonDepManager.yml").write_text("name: PythonDepManager\n", encoding="utf-8")
    shutil.copy2(ROOT / "tests" / "sim" / "dep_manager.py", folder / "__init__.py")


def _wheel(name: str, folder: Path) -> tuple[str, Path]:
    found = importlib.metadata.distribution(name)
    plain = re.sub(r"[-_.]+", "_", found.metadata["Name"]).lower()
    path = folder / f"{plain}-{found.version}-py3-none-any.whl"
    information = f"{plain}-{found.version}.dist-info"
    record = []
    with zipfile.ZipFile(path, "w") as wheel:
        for file in found.files or []:
            if (
                ".." in file.parts
                or file.suffix == ".pyc"
                or file.name in ("RECORD", "INSTALLER", "direct_url.json")
            ):
                continue
            inside = file.as_posix()
            if file.parts[0].endswith(".dist-info"):
                inside = "/".join([information, *file.parts[1:]])
            content = Path(str(file.locate())).read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{inside},sha256={digest},{len(content)}")
            wheel.writestr(inside, content)
        record.append(f"{information}/RECORD,,")
        wheel.writestr(f"{information}/RECORD", "\n".join(record) + "\n")
    return f"{found.metadata['Name']}=={found.version}", path


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
