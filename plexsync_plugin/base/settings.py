"""Stash's plugin settings -> one frozen `Settings` object, once per reading (docs/config.md).

Stash shows an untouched switch as off and an untouched number as 0 (docs/facts/stash.md section 8), so `0`, `""`, null
and missing mean the default, and only a stored `false` turns off what is on by default. Numbers may come as text and text
as numbers. What makes no sense is a `SettingsError` that names the setting.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

import pydantic

from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.names import NameList, parse_names
from plexsync_plugin.base.rules import (
    CollectionRule,
    PathRule,
    check_title_format,
    parse_collections,
    parse_path_map,
    parse_paths,
)

PLEX_PORT = 32400

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off"}


def _text(value: Any) -> str:
    return _typed(value).strip()


def _typed(value: Any) -> str:
    if isinstance(value, (dict, list, bool)):
        raise ValueError("is not text")  # noqa: TRY004 - pydantic turns a ValueError into its own error
    return str(value)


def _secret(value: Any) -> str:
    """Refuse a token with characters that cannot travel in a header."""
    text = _text(value)
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError("has a space or a character that no token has; copy it again")
    return text


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("is neither on nor off")


def _number(value: Any) -> float:
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        raise ValueError("is not a number") from None
    if isinstance(value, bool) or not 0 < number < 1e9:
        raise ValueError("is not a number above zero")
    return number


def _whole(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError("is not a whole number")
    return int(number)


def _names(value: Any) -> NameList:
    return parse_names(_text(value))


def _address(value: Any) -> str:
    """The address put right: spaces, a missing scheme or port, a trailing slash and `/web/index.html#!/...` are
    forgiven."""
    text = _text(value)
    bare = "://" not in text
    try:
        parts = urlsplit(f"http://{text}" if bare else text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not an address") from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", host):
        raise ValueError("is not an address")
    name = f"[{host}]" if ":" in host else host
    if port is None and bare:
        port = PLEX_PORT
    path = re.sub(r"/+(web(/.*)?)?$", "", parts.path)
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}{path}"


def _hours(value: Any) -> float:
    """Hours between two runs; -1 means never."""
    return -1.0 if str(value).strip() in ("-1", "-1.0") else _number(value)


def _rules(value: Any) -> tuple[PathRule, ...]:
    return parse_path_map(_text(value))


def _collections(value: Any) -> tuple[CollectionRule, ...]:
    return parse_collections(_typed(value))  # a space at the end belongs to the last prefix


def _paths(value: Any) -> tuple[str, ...]:
    return parse_paths(_text(value))


def _format(value: Any) -> str:
    return check_title_format(_text(value))


Text = Annotated[str, pydantic.BeforeValidator(_text)]
Secret = Annotated[pydantic.SecretStr, pydantic.BeforeValidator(_secret)]
Switch = Annotated[bool, pydantic.BeforeValidator(_switch)]
Seconds = Annotated[float, pydantic.BeforeValidator(_number)]
Count = Annotated[int, pydantic.BeforeValidator(_whole)]
Names = Annotated[NameList, pydantic.BeforeValidator(_names)]
Address = Annotated[str, pydantic.BeforeValidator(_address)]
Hours = Annotated[float, pydantic.BeforeValidator(_hours)]
PathRules = Annotated[tuple[PathRule, ...], pydantic.BeforeValidator(_rules)]
CollectionRules = Annotated[tuple[CollectionRule, ...], pydantic.BeforeValidator(_collections)]
Paths = Annotated[tuple[str, ...], pydantic.BeforeValidator(_paths)]
TitleFormat = Annotated[str, pydantic.BeforeValidator(_format)]


class Settings(pydantic.BaseModel):
    """Seconds for all times."""

    model_config = pydantic.ConfigDict(frozen=True, extra="ignore")

    plex_url: Address
    plex_token: Secret
    plex_library: Names = NameList()
    enabled: Switch = True
    max_retries: Count = 5
    poll_interval: Seconds = 30.0
    strict_matching: Switch = True
    preserve_plex_edits: Switch = False
    connect_timeout: Seconds = 5.0
    read_timeout: Seconds = 30.0
    # Which scenes.
    only_organized: Switch = False
    require_tags: Names = NameList()
    exclude_tags: Names = NameList()
    include_paths: Paths = ()
    exclude_paths: Paths = ()
    take_back: Switch = False
    # Which fields, and how. A switch is named so that Stash's "off" is the default.
    title_format: TitleFormat = ""
    sort_title: TitleFormat = ""
    ignore_tags: Names = NameList()
    collections: CollectionRules = ()
    collection_posters: Switch = False
    content_rating: Text = ""
    performer_photos: Switch = False
    portrait_posters: Switch = False
    skip_title: Switch = False
    skip_studio: Switch = False
    skip_details: Switch = False
    skip_date: Switch = False
    skip_performers: Switch = False
    skip_tags: Switch = False
    skip_rating: Switch = False
    skip_director: Switch = False
    skip_code: Switch = False
    skip_poster: Switch = False
    skip_background: Switch = False
    # Matching.
    path_map: PathRules = ()
    scan_plex: Switch = False
    skip_unmatched: Switch = False
    # From Plex.
    watch_back: Switch = False
    watch_users: Names = parse_names("owner")
    ratings_back: Switch = False
    # By itself.
    reconcile_interval: Hours = 24.0
    index_interval: Hours = 24.0
    # What is told.
    obfuscate_paths: Switch = False


_REQUIRED = {
    "plex_url": "Put the address of your Plex server there, like http://192.168.1.5:32400.",
    "plex_token": "Put the token of your Plex server's owner there.",
}


def read_settings(stored: Mapping[str, Any]) -> Settings:
    """Settings from what Stash stores for the plugin. Raises SettingsError for the first that makes no sense."""
    known = {
        name: value
        for name, value in stored.items()
        if name in Settings.model_fields and not _untouched(value)
    }
    for name, advice in _REQUIRED.items():
        if name not in known:
            raise SettingsError(name, f"The setting {name} is empty. {advice}")
    try:
        return Settings(**known)
    except pydantic.ValidationError as error:
        raise _named(error, str(known["plex_token"]).strip()) from None


def _untouched(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return value is None or value == 0 or (isinstance(value, str) and value.strip() in ("", "0"))


def _named(error: pydantic.ValidationError, token: str) -> SettingsError:
    """A sentence that names the setting and what is typed there; never the token, into whichever setting it was put."""
    first = error.errors(include_url=False, include_context=False)[0]
    name = str(first["loc"][0])
    problem = _without(token, str(first["msg"]).removeprefix("Value error, "))
    shown = _shown_input(name, _without(token, str(first["input"])))
    default = Settings.model_fields[name].default
    advice = _REQUIRED.get(name) or f"Empty it for the default ({_shown_default(default)})."
    return SettingsError(name, f"The setting {name}{shown} {problem}. {advice}")


def _shown_input(name: str, text: str) -> str:
    """What was typed, where showing it helps and gives no secret away: people paste addresses with their token in
    them."""
    if name == "plex_token":
        return ""
    bare = re.split(r"[?#]", text)[0].rpartition("@")[2]
    return f", {bare[:60]!r},"


def _without(token: str, text: str) -> str:
    # No real token is shorter; one of a few characters would only garble the sentence.
    return text.replace(token, "***") if len(token) >= 8 else text


def _shown_default(default: Any) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"{default:g}" if isinstance(default, float) else str(default or "none")
