"""The `.env` beside plex_sync.py, as people and their editors write it."""

from pathlib import Path

import pytest

from indexer.command.environment import read_db_path, read_environment
from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.names import parse_names

WHOLE = "PLEX_URL=10.0.0.1\nPLEX_TOKEN=abc\n"


def refusal(folder: Path, text: str) -> SettingsError:
    (folder / ".env").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        read_environment(folder, {})
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_file_when_a_windows_editor_wrote_it_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / ".env").write_bytes(f"{WHOLE}PLEX_LIBRARY_NAMES=Fílme\n".encode(encoding))
    assert parse_names("Fílme") == read_environment(tmp_path, {}).PLEX_LIBRARY_NAMES


def test_file_when_its_encoding_is_another_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(f"{WHOLE}PLEX_LIBRARY_NAMES=Fílme\n".encode("cp1252"))
    with pytest.raises(SettingsError, match=r"not in UTF-8\. Save it"):
        read_environment(tmp_path, {})


def test_file_when_it_is_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(SettingsError, match="is a folder"):
        read_environment(tmp_path, {})


def test_file_when_there_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\.env \(there is no such file\)\. Put the address"):
        read_environment(tmp_path, {})


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("PLEX_URL: 10.0.0.1\nPLEX_TOKEN=abc\n", "PLEX_URL", 1),
        (f"{WHOLE}PLEX_LIBRARY_NAMES='Films\n", "PLEX_LIBRARY_NAMES", 3),
        (f'# mine\n{WHOLE}export DB_PATH="a.db\n', "DB_PATH", 4),
    ],
)
def test_line_when_it_cannot_be_read_is_named_without_its_value(
    tmp_path: Path, text: str, name: str, line: int
) -> None:
    error = refusal(tmp_path, text)
    assert error.setting == name
    assert f"(line {line}) cannot be read: write {name}=value." in str(error)
    assert "Films" not in str(error)


def test_line_when_it_is_another_programs_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"COMPOSE: [this\n{WHOLE}OTHER=\n", "utf-8")
    assert read_environment(tmp_path, {}).PLEX_URL == "http://10.0.0.1:32400"


@pytest.mark.parametrize("token", ["“abc”", "ab cd", "töken"])
def test_token_when_it_cannot_be_one_is_refused_and_not_shown(tmp_path: Path, token: str) -> None:
    error = refusal(tmp_path, f"PLEX_URL=10.0.0.1\nPLEX_TOKEN={token}\n")
    assert error.setting == "PLEX_TOKEN"
    assert "no token has" in str(error)
    assert token not in str(error)


def test_path_when_a_backslash_became_a_line_break_is_refused(tmp_path: Path) -> None:
    text = f'{WHOLE}DB_PATH="C:\\new\\plex.db"\n'
    assert "write / for" in str(refusal(tmp_path, text))
    with pytest.raises(SettingsError, match="DB_PATH has a line break"):
        read_db_path(tmp_path, {})
    (tmp_path / ".env").write_text(text.replace('"', "'"), "utf-8")
    assert read_environment(tmp_path, {}).DB_PATH == "C:\\new\\plex.db"


def test_path_when_it_names_a_home_that_is_not_there_is_taken_as_it_stands(tmp_path: Path) -> None:
    assert read_db_path(tmp_path, {"DB_PATH": "~nobody-of-this-name/a.db"}).startswith(str(tmp_path))


def test_file_when_broken_does_not_matter_where_the_environment_names_the_index(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"DB_PATH='a.db\nPLEX_URL=\xff\xfe\x00")
    assert read_db_path(tmp_path, {"DB_PATH": "b.db"}) == str(tmp_path / "b.db")
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        read_db_path(tmp_path, {"DB_PATH": " "})
