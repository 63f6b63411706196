"""Where PlexSync keeps what it knows (docs/architecture.md, "State on disk").

Standard library alone, and without pathlib, which would cost the hook 4 ms.
"""

import os


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
        if os.path.isdir(self.spool):
            return
        # The root is open to other users: dashboards pass through it to the index.
        if not os.path.isdir(self.root):
            os.makedirs(self.root)
            os.chmod(self.root, 0o755)  # whatever the umask says
        # The spool last: that it is there tells that everything is.
        for private in (self.queue, self.path("log"), self.spool):
            os.makedirs(private, mode=0o700, exist_ok=True)
