"""Where and what to index, from the environment and the `.env` beside plex_sync.py. The environment wins.

The token is read here and nowhere shown: it goes into no log, option or error text.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import pydantic
from dotenv import dotenv_values

from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.settings import Address, Names

NAMES = ("PLEX_URL", "PLEX_TOKEN", "PLEX_LIBRARY_NAMES", "DB_PATH")
DEFAULT_DB_PATH = "./data/plex_collection.db"
REQUIRED = {
    "PLEX_URL": "Put the address of your Plex server there, like http://192.168.1.5:32400.",
    "PLEX_TOKEN": "Put the token of your Plex server's owner there.",
}


class IndexSettings(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True)

    PLEX_URL: Address
    PLEX_TOKEN: pydantic.SecretStr
    PLEX_LIBRARY_NAMES: Names = ()
    DB_PATH: Annotated[str, pydantic.StringConstraints(min_length=1)] = DEFAULT_DB_PATH


def read_environment(folder: Path, environ: Mapping[str, str]) -> IndexSettings:
    """Raises SettingsError naming the first variable that is missing or makes no sense."""
    known = _known(folder, environ)
    for name, advice in REQUIRED.items():
        if name not in known:
            raise SettingsError(
                name, f"{name} is not set, neither in the environment nor in {folder / '.env'}. {advice}"
            )
    try:
        return IndexSettings.model_validate(known)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name, problem = str(first["loc"][0]), str(first["msg"]).removeprefix("Value error, ")
        raise SettingsError(name, f"{name} {problem}. {REQUIRED.get(name, '')}".rstrip()) from None


def read_db_path(folder: Path, environ: Mapping[str, str]) -> str:
    """Absolute path of the index, for what asks Plex nothing and needs no other setting."""
    return resolved(folder, _known(folder, environ).get("DB_PATH", DEFAULT_DB_PATH))


def _known(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    given = {**_env_file(folder / ".env"), **{name: environ[name] for name in NAMES if name in environ}}
    return {name: value.strip() for name, value in given.items() if name in NAMES and value.strip()}


def _env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        values = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise SettingsError(".env", f"{path} cannot be read: {error}.") from error
    return {name: value for name, value in values.items() if value is not None}


def resolved(folder: Path, path: str) -> str:
    """Relative paths mean the folder of plex_sync.py, wherever it is called from."""
    return str((folder / Path(path).expanduser()).resolve())
