"""Which Stash a data folder belongs to: two with one folder would take each other's edits for their own.

It can happen where PLEXSYNC_DATA names the folder. Paths and ports tell no two containers apart, so each Stash is known by a
number in its own configuration folder, which moves with it; the data folder keeps the number of the Stash that came first.
Standard library alone: the hook imports this.
"""

import os

from plexsync_plugin.base.paths import DataFolder, shared

MARK = "plexsync.id"  # in Stash's configuration folder
OWNER = "stash.id"  # in the data folder
LONGEST = 5_000  # characters that are read


def refusal(folder: DataFolder, config_folder: str) -> str:
    """A sentence where the folder is another Stash's; "" where it is this one's, which it becomes if it was nobody's."""
    if not os.environ.get("PLEXSYNC_DATA") or os.path.abspath(config_folder or folder.root) == folder.root:
        return ""  # the folder is in Stash's own, or a command line was not told which Stash it works for
    path, number = folder.path(OWNER), _number(config_folder)
    mine = f"{number}\n{config_folder}"
    try:
        kept = _read(path) or _first(path, mine)
    except OSError:
        return ""  # what cannot be written there is told by those who have more to write
    if kept == mine:
        return ""
    owner, _, where = kept.partition("\n")
    if owner == number and not _is_copied(number, where, config_folder):
        _write(path, mine)  # this Stash has moved
        return ""
    return (
        f"{_whose(folder, where)} Give this Stash a folder of its own in PLEXSYNC_DATA, or empty that variable. If the other is no more, "
        f"delete the file {path}."
    )


def told_another(folder: DataFolder, told: str) -> str:
    """For a command line, which may stand where it sees no Stash's folders: a sentence where the Stash that answers tells of another
    configuration folder than the one that the data folder belongs to. "" too where either is not known."""
    where = _read(folder.path(OWNER)).partition("\n")[2]
    # Stash tells of its file as it was started with it, and makes the path that it gives to plugins absolute.
    if not where or not os.path.isabs(told) or os.path.normpath(where) == os.path.normpath(told):
        return ""
    return (
        f"{_whose(folder, where)} The one that answers has {told}. Let STASH_URL and PLEXSYNC_DATA name the same one; if it has moved, "
        "run any of PlexSync's tasks in it once."
    )


def _whose(folder: DataFolder, where: str) -> str:
    return f"The data folder {folder.root} belongs to another Stash, the one with the configuration folder {where}."


def _number(config_folder: str) -> str:
    """This Stash's own, drawn when it is first asked for; the folder's path where nothing may be written there."""
    path = os.path.join(config_folder, MARK)
    try:
        return _read(path) or _first(path, os.urandom(16).hex())
    except OSError:
        return os.path.abspath(config_folder)


def _is_copied(number: str, where: str, config_folder: str) -> bool:
    """Whether two configuration folders have this number: one was copied from the other."""
    return _read(os.path.join(where, MARK)) == number and not os.path.samefile(where, config_folder)


def _read(path: str) -> str:
    """ "" where there is no such file."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(LONGEST).strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _first(path: str, text: str) -> str:
    """Write the file unless another process was faster; what it holds then."""
    temporary = _written(path, text)
    try:
        os.link(temporary, path)  # fails where the file is there
    except FileExistsError:
        pass
    except OSError:  # a disk without links
        os.replace(temporary, path)
        return text
    os.remove(temporary)
    return _read(path)


def _write(path: str, text: str) -> None:
    os.replace(_written(path, text), path)


def _written(path: str, text: str) -> str:
    """A file beside that path, with this text."""
    temporary = f"{path}.{os.getpid()}"
    with open(temporary, "w", encoding="utf-8", errors="surrogateescape", opener=shared) as file:
        file.write(text)
    return temporary
