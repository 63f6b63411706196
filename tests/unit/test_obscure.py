"""What is left of paths, titles and addresses in a text for strangers."""

import pytest

from plexsync_plugin.base.obscure import obscured


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        ("read /data/My Videos/a scene.mp4 (12 bytes)", "My Videos", "(12 bytes)"),
        (r"D:\Videos\a.mkv is not there", "Videos", "is not there"),
        (r"\\nas\share\x y.avi", "nas", ".avi"),
        ("rule /data/private => /media", "private", "=> /media"),
        ("Plex at http://192.168.1.5:32400/identity answered 500", "192.168", "answered 500"),
        ("No item holds the file 'Secret name.mp4'.", "Secret", ".mp4>"),
        ("The title 'Secret name' is too long", "Secret", "is too long"),
        ('No item "Secret name" there', "Secret", "there"),
    ],
)
def test_private_parts_are_replaced_and_the_rest_stays(text: str, gone: str, left: str) -> None:
    assert gone not in obscured(text)
    assert left in obscured(text)


def test_equal_paths_stay_equal_and_others_differ() -> None:
    one, same, other = (obscured(f"at {path}") for path in ("/a/b c.mp4", "/a/b c.mp4", "/a/d.mp4"))
    assert one == same != other


@pytest.mark.parametrize(
    "text", ["synced scene=1 item=101 fields=title", "3 of 4, 1/2, and/or", "2026-01-02 03:04:05,678 INFO"]
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert obscured(text) == text
