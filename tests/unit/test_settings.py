"""What people and Stash's settings page store, and what it means (docs/config.md)."""

from typing import Any

import pytest

from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.names import NameList
from plexsync_plugin.base.settings import Settings, read_settings

TOKEN = "s3cretTokenOf20Chars"
NEEDED = {"plex_url": "http://plex:32400", "plex_token": TOKEN}

DEFAULTS: dict[str, Any] = {
    "plex_library": NameList(),
    "enabled": True,
    "max_retries": 5,
    "poll_interval": 30.0,
    "strict_matching": True,
    "preserve_plex_edits": False,
    "connect_timeout": 5.0,
    "read_timeout": 30.0,
}
OPTIONAL = sorted(set(Settings.model_fields) - set(NEEDED))
SWITCHES = sorted(name for name in OPTIONAL if isinstance(Settings.model_fields[name].default, bool))
NUMBERS = sorted(name for name in DEFAULTS if type(DEFAULTS[name]) in (int, float))


def read(**stored: Any) -> Settings:
    return read_settings({**NEEDED, **stored})


def refused(**stored: Any) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read(**stored)
    assert TOKEN not in str(caught.value)
    assert caught.value.setting in str(caught.value)
    return caught.value


# --- what is not there ---


def test_defaults_are_those_that_are_promised() -> None:
    settings = read()
    assert {name: getattr(settings, name) for name in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize("untouched", [None, "", "  ", 0, 0.0, "0", " 0 "], ids=repr)
@pytest.mark.parametrize("name", OPTIONAL)
def test_untouched_means_the_default(name: str, untouched: object) -> None:
    """Stash shows an untouched number as 0 and an untouched switch as off, and stores 0 and "" once looked at."""
    assert getattr(read(**{name: untouched}), name) == getattr(read(), name)


@pytest.mark.parametrize("untouched", [None, "", "  ", 0, "0"], ids=repr)
@pytest.mark.parametrize("name", ["plex_url", "plex_token"])
def test_empty_required_setting_is_named_with_what_to_do(name: str, untouched: object) -> None:
    error = refused(**{name: untouched})
    assert error.setting == name
    assert str(error).startswith(f"The setting {name} is empty. Put the ")


def test_nothing_stored_at_all_asks_for_the_address_first() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({})
    assert caught.value.setting == "plex_url"


def test_settings_of_other_versions_are_ignored() -> None:
    assert read(**{"a setting of tomorrow": {"deep": [1]}, "": None}) == read()


# --- switches ---


@pytest.mark.parametrize("stored", [False, "false", "False", " FALSE ", "off", "no"], ids=repr)
@pytest.mark.parametrize("name", ["enabled", "strict_matching"])
def test_only_a_stored_false_turns_off_what_is_on_by_default(name: str, stored: object) -> None:
    assert getattr(read(**{name: stored}), name) is False


@pytest.mark.parametrize("stored", [True, "true", "TRUE", " on ", "yes", 1, "1"], ids=repr)
@pytest.mark.parametrize("name", SWITCHES)
def test_switches_are_on_in_any_spelling(name: str, stored: object) -> None:
    assert getattr(read(**{name: stored}), name) is True


@pytest.mark.parametrize("stored", ["maybe", 2, -1, 0.5, "nein", [], {"on": True}], ids=repr)
@pytest.mark.parametrize("name", SWITCHES)
def test_switch_that_is_neither_on_nor_off_is_named(name: str, stored: object) -> None:
    error = refused(**{name: stored})
    assert error.setting == name
    default = "on" if name in ("enabled", "strict_matching") else "off"
    assert f"Empty it for the default ({default})." in str(error)


# --- numbers ---


@pytest.mark.parametrize(
    ("stored", "number"),
    [
        (7, 7.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        (0.5, 0.5),
        ("0.5", 0.5),
        ("0,5", 0.5),
        ("1e2", 100.0),
        (120, 120.0),
    ],
    ids=repr,
)
@pytest.mark.parametrize("name", ["poll_interval", "connect_timeout", "read_timeout"])
def test_seconds_come_as_numbers_or_text_with_point_or_comma(
    name: str, stored: object, number: float
) -> None:
    assert getattr(read(**{name: stored}), name) == number


@pytest.mark.parametrize("stored", [3, "3", 3.0, "3.0", "3,0"], ids=repr)
def test_max_retries_is_a_whole_number_however_it_is_typed(stored: object) -> None:
    value = read(max_retries=stored).max_retries
    assert value == 3
    assert isinstance(value, int)


@pytest.mark.parametrize(
    "stored",
    [-1, "-3", "five", "5 s", "1.2.3", "nan", "inf", "-inf", 1e12, True, False, [5], {"n": 5}, "0x10", "٫"],
    ids=repr,
)
@pytest.mark.parametrize("name", NUMBERS)
def test_number_that_makes_no_sense_is_named_and_shown(name: str, stored: object) -> None:
    error = refused(**{name: stored})
    assert error.setting == name
    assert repr(str(stored)) in str(error)
    assert f"Empty it for the default ({DEFAULTS[name]:g})." in str(error)


def test_half_an_attempt_is_refused() -> None:
    assert "is not a whole number" in str(refused(max_retries="2.5"))


def test_only_the_beginning_of_a_long_text_is_shown() -> None:
    assert len(str(refused(max_retries="x" * 100_000))) < 250


def test_first_of_several_mistakes_is_named() -> None:
    assert refused(max_retries="x", poll_interval="y").setting in ("max_retries", "poll_interval")


# --- text ---


@pytest.mark.parametrize(
    ("stored", "titles"),
    [
        ("Movies", ("Movies",)),
        (" Movies , Films für Ältere,,", ("Movies", "Films für Ältere")),
        (1917, ("1917",)),
        (",", ()),
    ],
)
def test_libraries_are_titles_between_commas(stored: object, titles: tuple[str, ...]) -> None:
    assert [piece for run in read(plex_library=stored).plex_library.runs for piece in run] == list(titles)


@pytest.mark.parametrize("stored", [["Movies"], {"a": 1}, True, False], ids=repr)
@pytest.mark.parametrize("name", ["plex_library", "plex_url", "plex_token"])
def test_text_that_is_none_is_named(name: str, stored: object) -> None:
    assert refused(**{name: stored}).setting == name


# --- the address ---


@pytest.mark.parametrize(
    ("stored", "address"),
    [
        ("http://192.168.1.5:32400", "http://192.168.1.5:32400"),
        ("  http://192.168.1.5:32400\n", "http://192.168.1.5:32400"),
        ("http://192.168.1.5:32400/", "http://192.168.1.5:32400"),
        ("http://192.168.1.5:32400//", "http://192.168.1.5:32400"),
        ("192.168.1.5", "http://192.168.1.5:32400"),
        ("192.168.1.5:32400", "http://192.168.1.5:32400"),
        ("192.168.1.5:1234/", "http://192.168.1.5:1234"),
        ("plex", "http://plex:32400"),
        ("Plex.Local/web", "http://plex.local:32400"),
        ("http://plex:32400/web", "http://plex:32400"),
        ("http://plex:32400/web/", "http://plex:32400"),
        ("http://plex:32400/web/index.html", "http://plex:32400"),
        (
            "http://plex:32400/web/index.html#!/media/abc/com.plexapp.plugins.library?source=1",
            "http://plex:32400",
        ),
        ("plex:32400/web/index.html#!/settings/server", "http://plex:32400"),
        (f"http://plex:32400/?X-Plex-Token={TOKEN}", "http://plex:32400"),
        ("HTTPS://Plex.Example.org", "https://plex.example.org"),
        ("http://proxy.example.org/plex/", "http://proxy.example.org/plex"),
        ("http://proxy.example.org/plex/web/index.html", "http://proxy.example.org/plex"),
        ("http://proxy.example.org/webplex", "http://proxy.example.org/webplex"),
        ("[::1]", "http://[::1]:32400"),
        ("[fe80::1]:1234", "http://[fe80::1]:1234"),
        ("http://[2001:db8::5]:32400/web", "http://[2001:db8::5]:32400"),
        (
            "https://192-168-1-5.0123456789abcdef.plex.direct:32400/",
            "https://192-168-1-5.0123456789abcdef.plex.direct:32400",
        ),
    ],
)
def test_address_is_forgiven_what_people_paste(stored: str, address: str) -> None:
    assert read(plex_url=stored).plex_url == address


@pytest.mark.parametrize(
    "stored",
    [
        "ftp://plex:32400",
        "http://",
        "://plex",
        "http://plex:port",
        "http://plex:99999",
        "plex:32400:1",
        "my plex server",
        "http://my plex:32400",
        "http://[::1",
        "::1",
        "/",
        "?",
    ],
)
def test_address_that_is_none_is_named_with_an_example(stored: str) -> None:
    error = refused(plex_url=stored)
    assert error.setting == "plex_url"
    assert "http://192.168.1.5:32400" in str(error)


# --- secrets ---


@pytest.mark.parametrize(
    "stored",
    [
        {"plex_url": f"ftp://plex/?X-Plex-Token={TOKEN}"},
        {"plex_url": f"ftp://plex/?X-Plex-Token={TOKEN}", "plex_token": "another"},
        {"plex_url": f"ftp://me:{TOKEN}@plex", "plex_token": "another"},
        {"max_retries": TOKEN},
        {"max_retries": "x" * 50 + TOKEN},
        {"enabled": TOKEN},
        {"collections": TOKEN},
        {"plex_token": [TOKEN]},
        {"plex_token": {"token": TOKEN}},
        {"plex_token": f"two {TOKEN}"},
    ],
    ids=str,
)
def test_no_error_shows_a_token_wherever_it_was_pasted(stored: dict[str, Any]) -> None:
    assert TOKEN[:10] not in str(refused(**stored))


def test_settings_do_not_show_the_token() -> None:
    settings = read()
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings.model_dump())
    assert settings.plex_token.get_secret_value() == TOKEN


@pytest.mark.parametrize(("stored", "token"), [(f" {TOKEN}\n", TOKEN), (12345, "12345")])
def test_token_is_forgiven_spaces_and_being_a_number(stored: object, token: str) -> None:
    assert read(plex_token=stored).plex_token.get_secret_value() == token


@pytest.mark.parametrize(
    "stored", ["two words", "line\nbreak", "Zoë", "токен", "a\x00b", "“quoted”"], ids=repr
)
def test_token_that_no_header_can_carry_is_named_and_not_shown(stored: str) -> None:
    error = refused(plex_token=stored)
    assert error.setting == "plex_token"
    assert stored not in str(error)


def test_settings_cannot_be_changed() -> None:
    settings = read()
    with pytest.raises(ValueError, match="frozen"):
        settings.enabled = False
