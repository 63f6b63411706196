"""Where and what to index, from the environment and the `.env` beside plex_sync.py. The environment wins.

The token is read here and nowhere shown: it goes into no log, option or error text.
"""

import codecs
import io
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import pydantic
from dotenv.parser import parse_stream

from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.names import NameList
from plexsync_plugin.base.settings import Address, Names, Secret

NAMES = ("PLEX_URL", "PLEX_TOKEN", "PLEX_LIBRARY_NAMES", "DB_PATH")
DEFAULT_DB_PATH = "./data/plex_collection.db"
REQUIRED = {
    "PLEX_URL": "Put the address of your Plex server there, like http://192.168.1.5:32400.",
    "PLEX_TOKEN": "Put the token of your Plex server's owner there.",
}
_OURS = re.compile(rf"\s*(?:export\s+)?({'|'.join(NAMES)})\b")


def _path(text: str) -> str:
    if any(ord(sign) < 32 for sign in text):
        raise ValueError(
            r"has a line break or a tab in it. Between double quotes \n and \t mean those: write / for \, or single quotes"
        )
    return text


class IndexSettings(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True)

    PLEX_URL: Address
    PLEX_TOKEN: Secret
    PLEX_LIBRARY_NAMES: Names = NameList()
    DB_PATH: Annotated[str, pydantic.AfterValidator(_path)] = DEFAULT_DB_PATH


def read_environment(folder: Path, environ: Mapping[str, str]) -> IndexSettings:
    """Raises SettingsError naming the first variable that is missing or makes no sense."""
    known = _known(folder, environ)
    for name, advice in REQUIRED.items():
        if name not in known:
            raise SettingsError(
                name, f"{name} is not set, neither in the environment nor in {_file(folder)}. {advice}"
            )
    try:
        return IndexSettings.model_validate(known)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name, problem = str(first["loc"][0]), str(first["msg"]).removeprefix("Value error, ")
        raise SettingsError(name, f"{name} {problem}. {REQUIRED.get(name, '')}".rstrip()) from None


def read_db_path(folder: Path, environ: Mapping[str, str]) -> str:
    """Absolute path of the index, for what asks Plex nothing and needs no other setting.

    The file `.env` is not looked at where the environment names the index: whatever is wrong with it does not matter then.
    """
    given = environ.get("DB_PATH", "").strip() or _known(folder, environ).get("DB_PATH", DEFAULT_DB_PATH)
    try:
        return resolved(folder, _path(given))
    except ValueError as error:
        raise SettingsError("DB_PATH", f"DB_PATH {error}.") from None


def _file(folder: Path) -> str:
    path = folder / ".env"
    return str(path) if path.exists() else f"{path} (there is no such file)"


def _known(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    given = {**_env_file(folder / ".env"), **{name: environ[name] for name in NAMES if name in environ}}
    return {name: value.strip() for name, value in given.items() if name in NAMES and value.strip()}


def _env_file(path: Path) -> dict[str, str]:
    """Of a file that another program may share. A line that names one of ours and cannot be read is not passed over."""
    found: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(_text(path))):
        named = _OURS.match(binding.original.string)
        if binding.error and named:
            raise SettingsError(
                named[1],
                f"{named[1]} in {path} (line {binding.original.line}) cannot be read: write {named[1]}=value.",
            )
        if binding.key is not None and binding.value is not None:
            found[binding.key] = binding.value
    return found


def _text(path: Path) -> str:
    if path.is_dir():
        raise SettingsError(
            ".env",
            f"{path} is a folder. Put a file there (Docker makes a folder where a file to mount is missing).",
        )
    try:
        data = path.read_bytes()
        # Windows PowerShell writes UTF-16 where a person sends text to a file.
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return data.decode("utf-16" if wide else "utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SettingsError(".env", f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeError as error:
        raise SettingsError(
            ".env", f"{path} cannot be read: it is not in UTF-8. Save it in that encoding."
        ) from error


def resolved(folder: Path, path: str) -> str:
    """An absolute path. What stands in `.env` or in its place is relative to the folder of plex_sync.py, wherever that is
    called from; what a person types, to the folder where they stand. Raises SettingsError."""
    found = os.path.realpath(folder / os.path.expanduser(path))
    if os.path.islink(found):  # what is resolved is no link, unless following it never ends
        raise SettingsError(path, f"{found} is a symbolic link that leads back to itself. Name another path.")
    return found
