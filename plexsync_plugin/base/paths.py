"""Where PlexSync keeps what it knows (docs/architecture.md, "State on disk").

Owns which rights our files and folders get, whatever the umask says. Standard library alone, and without pathlib, which
would cost the hook 4 ms.
"""

import os
import stat


def make_shared(folder: str) -> None:
    """Make the folder, and those above it, so that others may look in and nobody else may write. Raises OSError.

    What is there already keeps its rights.
    """
    if os.path.isdir(folder):
        return
    above = os.path.dirname(folder)
    if above and above != folder:
        make_shared(above)
    try:
        os.mkdir(folder)
    except FileExistsError:
        return  # another process was faster
    os.chmod(folder, 0o755)


def private(path: str, flags: int) -> int:
    """An opener for `open`: a new file is nobody else's business."""
    return os.open(path, flags, 0o600)


def shared(path: str, flags: int) -> int:
    """An opener for `open`: nobody else may write to a new file."""
    return os.open(path, flags, 0o644)


def standing_at(path: str) -> "tuple[tuple[int, int], bool, bool]":
    """What stands there, by one reading: its `file_id`, whether it is a folder, and whether it is a file that holds nothing."""
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0), False, False
    kind = stat.S_IFMT(found.st_mode)
    return (found.st_dev, found.st_ino), kind == stat.S_IFDIR, kind == stat.S_IFREG and not found.st_size


def file_id(path: str) -> "tuple[int, int]":
    """Tells whether a name still stands for the same file. (0, 0): there is none. Standard library's numbers of device and file,
    which Windows has too; where a file system has none, all of its files are (its device, 0), and nothing is noticed."""
    return standing_at(path)[0]


def is_emptied(path: str) -> bool:
    """Whether a file is there and holds nothing."""
    return standing_at(path)[2]


class DataFolder:
    """The folder `<Stash config>/plexsync`, or what the environment variable PLEXSYNC_DATA names."""

    def __init__(self, root: str) -> None:
        self.root = os.path.abspath(root)

    @classmethod
    def of_stash(cls, config_folder: str) -> "DataFolder":
        return cls(os.environ.get("PLEXSYNC_DATA") or os.path.join(config_folder, "plexsync"))

    def path(self, *parts: str) -> str:
        return os.path.join(self.root, *parts)

    @property
    def queue(self) -> str:
        return self.path("queue")

    @property
    def inbox(self) -> str:
        return self.path("queue", "data.db")

    @property
    def spool(self) -> str:
        return self.path("queue", "spool")

    @property
    def worker_lock(self) -> str:
        return self.path("worker.lock")

    @property
    def install_lock(self) -> str:
        return self.path("install.lock")

    @property
    def client_id(self) -> str:
        return self.path("client_id")

    @property
    def packages(self) -> str:
        return self.path("packages")

    @property
    def state(self) -> str:
        return self.path("plexsync.db")

    @property
    def index(self) -> str:
        return self.path("plex_collection.db")

    @property
    def images(self) -> str:
        return self.path("assets", "images")

    @property
    def log(self) -> str:
        return self.path("log", "worker.log")

    def make(self) -> None:
        """Create the folder and its private parts; cheap when they exist. Raises OSError."""
        if os.path.isdir(self.spool) and os.path.isdir(self.path("log")):
            return
        # The folder is open to other users: dashboards pass through it to the index.
        make_shared(self.root)
        # The spool last: that it is there tells that everything was made; people delete logs.
        for private in (self.queue, self.path("log"), self.spool):
            os.makedirs(private, mode=0o700, exist_ok=True)
