"""One operating-system lock on a file, which dies with its process. Standard library alone.

POSIX uses `flock`: it belongs to the open file, so a worker that inherits the descriptor inherits the lock.
`fcntl.lockf` would see such a lock as free (docs/architecture.md, "Processes"). Windows uses `msvcrt.locking`,
which belongs to the process and cannot be handed on.
"""

import os
import sys


class FileLock:
    def __init__(self, path: str, descriptor: "int | None" = None) -> None:
        """`descriptor`, when given, is an open file that already holds the lock (POSIX)."""
        self.path = path
        self._descriptor = descriptor

    @property
    def descriptor(self) -> "int | None":
        return self._descriptor

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def try_acquire(self) -> bool:
        """Take the lock if it is free; False when another process holds it. Raises OSError for a bad folder."""
        if self._descriptor is not None:
            return True
        descriptor = _opened(self.path)
        try:
            taken = _lock(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        if not taken:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        _unlock(descriptor)
        os.close(descriptor)

    def forget(self) -> None:
        """Close this process's copy of the descriptor; the process it was handed to keeps the lock (POSIX)."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


if sys.platform == "win32":
    import msvcrt

    def _opened(path: str) -> int:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _opened(path: str) -> int:
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as refused:
            import errno  # noqa: PLC0415 - no hook that may write needs it

            if refused.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
                raise
            # `flock` asks for no right to write: so a worker is there, and waits, while its disk is read-only.
            try:
                return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                raise refused from None

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
