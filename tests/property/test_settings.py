"""Nothing that can be stored stops the plugin from answering with settings or with one sentence naming a setting."""

from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.settings import Settings, read_settings

NAMES = sorted(Settings.model_fields)
TOKEN = "s3cretTokenOf20Chars"

plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
anything = st.recursive(
    plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)
typed = st.sampled_from(
    (
        "",
        "0",
        "on",
        "off",
        "5",
        "5,5",
        "-1",
        "Movies, Films",
        "{title}",
        "/a => /b",
        "studio, tag:x=y",
        "a;b",
        TOKEN,
    )
)
stored = st.dictionaries(st.sampled_from(NAMES), anything | typed)
hosts = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@given(stored)
def test_any_document_gives_settings_or_a_sentence_that_names_one(document: dict[str, object]) -> None:
    found = _read(document)
    if isinstance(found, SettingsError):
        assert found.setting in NAMES
        assert str(found).startswith(f"The setting {found.setting}")
        assert len(str(found)) < 1_000
    else:
        assert found.max_retries >= 1
        assert min(found.poll_interval, found.connect_timeout, found.read_timeout) > 0
        assert urlsplit(found.plex_url).hostname


@given(stored)
def test_no_sentence_shows_the_token(document: dict[str, object]) -> None:
    found = _read({**document, "plex_token": TOKEN})
    if isinstance(found, SettingsError):
        assert TOKEN not in str(found)
    else:
        assert TOKEN not in repr(found.plex_token)


@given(stored, st.dictionaries(st.text(), anything))
def test_unknown_settings_change_nothing(document: dict[str, object], more: dict[str, object]) -> None:
    unknown = {name: value for name, value in more.items() if name not in NAMES}
    assert repr(_read(document)) == repr(_read({**document, **unknown}))


def _read(document: dict[str, object]) -> Settings | SettingsError:
    try:
        return read_settings(document)
    except SettingsError as error:
        return error


@given(
    hosts, st.none() | st.integers(1, 65535), st.sampled_from(("", "/", "/web", "/web/index.html#!/x?y=z"))
)
def test_address_is_the_same_however_much_of_it_is_pasted(host: str, port: int | None, tail: str) -> None:
    place = host if port is None else f"{host}:{port}"
    expected = f"http://{host}:{port or 32400}"
    for pasted in (place, f" {place} ", f"{place}{tail}"):
        assert _address(pasted) == expected
    if port:
        assert _address(f"http://{place}{tail}") == expected
    assert _address(expected) == expected


def _address(pasted: str) -> str:
    return read_settings({"plex_url": pasted, "plex_token": TOKEN}).plex_url
