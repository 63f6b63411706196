"""No secret in the log file; lines for Stash's log that its reader survives."""

import contextlib
import io
import logging
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plexsync_plugin.base import stashlog
from plexsync_plugin.base.log import Redaction, open_log

SECRET = "s3cretTokenOf20Chars"


# --- redaction ---


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"GET http://plex/?a=b&X-Plex-Token={SECRET}&c=d", "GET http://plex/?a=b&X-Plex-Token=***&c=d"),
        (f"X-Plex-Token: {SECRET}", "X-Plex-Token: ***"),
        (f"{{'X-Plex-Token': '{SECRET}', 'A': 'b'}}", "{'X-Plex-Token': '***', 'A': 'b'}"),
        (f'{{"plex_token": "{SECRET}"}}', '{"plex_token": "***"}'),
        (f"plex_token = {SECRET}", "plex_token = ***"),
        (f"x-plex-token={SECRET})", "x-plex-token=***)"),
        (f"ApiKey: {SECRET}", "ApiKey: ***"),
        (f"api_key={SECRET};", "api_key=***;"),
        (f"http://stash/image?apikey={SECRET}&t=1", "http://stash/image?apikey=***&t=1"),
        (f"Cookie: session={SECRET}; Path=/", "Cookie: session=***; Path=/"),
        (f"one X-Plex-Token=a{SECRET} two ApiKey=b{SECRET}", "one X-Plex-Token=*** two ApiKey=***"),
        ("a token, an api key and a session", "a token, an api key and a session"),
        ("scene=12 item=77 fields=title", "scene=12 item=77 fields=title"),
        ("", ""),
    ],
)
def test_secrets_are_known_by_their_names(text: str, shown: str) -> None:
    assert Redaction().text(text) == shown


def test_known_secrets_are_blanked_wherever_they_stand() -> None:
    redaction = Redaction()
    redaction.hide(SECRET, "other-secret")
    assert redaction.text(f"{SECRET}/other-secret/{SECRET}x") == "***/***/***x"


@pytest.mark.parametrize("short", ["", "a", "abc"])
def test_short_texts_are_no_secrets(short: str) -> None:
    redaction = Redaction()
    redaction.hide(short)
    assert redaction.text("abc abc") == "abc abc"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Redaction, Callable[[], str]]]:
    """The program's log in a file; the logging of the tests themselves is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    path = tmp_path / "worker.log"
    redaction = open_log(str(path))
    yield redaction, lambda: path.read_text("utf-8")
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_log_file_holds_no_secret_in_messages_arguments_or_tracebacks(
    opened: tuple[Redaction, Callable[[], str]],
) -> None:
    redaction, read = opened
    redaction.hide(SECRET)
    log = logging.getLogger("plexsync_plugin.test")
    log.info("plain %s and é", SECRET)
    log.warning("url=http://plex/?X-Plex-Token=%s", "unknown-secret")
    try:
        int(SECRET)
    except ValueError:
        log.exception("caught")
    written = read()
    assert SECRET not in written
    assert "unknown-secret" not in written
    assert "INFO plexsync_plugin.test plain *** and é" in written
    assert "Traceback" in written
    assert "ValueError: invalid literal for int() with base 10: '***'" in written


def test_log_file_is_quiet_about_debug_and_other_people_s_chatter(
    opened: tuple[Redaction, Callable[[], str]],
) -> None:
    _, read = opened
    logging.getLogger("plexsync_plugin.test").debug("hidden")
    logging.getLogger("urllib3.connectionpool").info("hidden")
    logging.getLogger("plexsync_plugin.test").info("shown")
    assert "hidden" not in read()
    assert "shown" in read()


def test_title_makes_no_entry_of_its_own_in_the_log_file(opened: tuple[Redaction, Callable[[], str]]) -> None:
    _, read = opened
    log = logging.getLogger("plexsync_plugin.test")
    log.info("scene=1 title=%s", "one\n2026-01-01 00:00:00,000 ERROR forged\x1b[2J\u202e")
    try:
        int("two\nlines")
    except ValueError:
        log.exception("caught")
    assert "\x1b" not in read()
    assert "\u202e" not in read()
    entries = [line for line in read().splitlines() if not line.startswith("  | ")]
    assert [entry.partition(" plexsync_plugin.test ")[2] for entry in entries] == [
        "scene=1 title=one",
        "caught",
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bits")
@pytest.mark.usefixtures("opened")
def test_log_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "worker.log").stat().st_mode) == 0o600


# --- Stash's log ---


def emitted(speak: Callable[[], None]) -> list[bytes]:
    """The lines that arrive on stderr."""
    raw = io.BytesIO()
    with contextlib.redirect_stderr(io.TextIOWrapper(raw, encoding="ascii")):
        speak()
        return raw.getvalue().splitlines()


@pytest.mark.parametrize(
    ("level", "letter"),
    [("trace", b"t"), ("debug", b"d"), ("info", b"i"), ("warning", b"w"), ("error", b"e")],
)
def test_line_has_the_prefix_of_its_level(level: str, letter: bytes) -> None:
    assert emitted(lambda: stashlog.write(level, "Zoë")) == [b"\x01" + letter + b"\x02Zo\xc3\xab"]


def test_unknown_level_is_a_bug() -> None:
    with pytest.raises(KeyError):
        stashlog.write("loud", "text")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [b""]),
        ("one", [b"one"]),
        ("one\ntwo\r\nthree\n", [b"one two three"]),
        ("one\u2028\x01e\x02two\x1b[31m", [rb"one \x01e\x02two\x1b[31m"]),
        ("lone \ud800", [rb"lone \ud800"]),
    ],
)
def test_text_is_one_line_whatever_it_holds(text: str, lines: list[bytes]) -> None:
    assert emitted(lambda: stashlog.write("info", text)) == [b"\x01i\x02" + line for line in lines]


@pytest.mark.parametrize("character", ["x", "é", "日", "👍"])
@pytest.mark.parametrize("shift", range(4))
def test_long_line_is_cut_at_eight_thousand_bytes_between_characters(character: str, shift: int) -> None:
    text = "a" * shift + character * 100_000
    (line,) = emitted(lambda: stashlog.write("error", text))
    shown = line.removeprefix(b"\x01e\x02")
    assert 8_000 - len(character.encode()) < len(shown) <= 8_000
    assert text.startswith(shown.decode())


@pytest.mark.parametrize(
    ("done", "shown"), [(0, b"0.0000"), (0.12345, b"0.1235"), (1, b"1.0000"), (-1, b"0.0000"), (7, b"1.0000")]
)
def test_progress_is_from_0_to_1(done: float, shown: bytes) -> None:
    assert emitted(lambda: stashlog.write_progress(done)) == [b"\x01p\x02" + shown]


class Broken(io.RawIOBase):
    """The pipe of a Stash that has gone."""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raise BrokenPipeError


def test_work_goes_on_when_stash_has_closed_the_pipe() -> None:
    before = sys.stderr
    with contextlib.redirect_stderr(io.TextIOWrapper(Broken())):  # type: ignore[type-var]
        stashlog.write("info", "nobody listens")
        stashlog.write_progress(0.5)
    assert sys.stderr is before


def test_paths_are_left_out_where_that_is_wanted() -> None:
    redaction = Redaction()
    said = "No Plex item holds the file /data/My Videos/a scene.mp4 (12 bytes)."
    assert redaction.text(said) == said
    redaction.obscure_paths = True
    assert "My Videos" not in redaction.text(said)
    assert redaction.text(said).endswith(".mp4> (12 bytes).")
