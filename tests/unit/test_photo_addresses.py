"""Which addresses of performers' pictures Plex may be given."""

import pytest

from plexsync_plugin.worker.pictures.performer_photos import holds_secret, is_reachable


@pytest.mark.parametrize(
    ("address", "plex_url", "reachable"),
    [
        ("http://192.168.1.5:9999/performer/1/image?t=1", "http://192.168.1.9:32400", True),
        ("https://stash.home/performer/1/image?t=1", "https://plex.home", True),
        ("http://127.0.0.1:9999/performer/1/image", "http://127.0.0.1:32400", True),
        ("http://localhost:9999/performer/1/image", "http://[::1]:32400", True),
        ("http://127.0.0.1:9999/performer/1/image", "http://192.168.1.9:32400", False),
        ("http://[::1]:9999/performer/1/image", "http://plex:32400", False),
        ("http://127.8.8.8:9999/performer/1/image", "http://plex:32400", False),
        ("http://localhost:9999/performer/1/image", "http://plex:32400", False),
        ("ftp://192.168.1.5/performer/1/image", "http://plex:32400", False),
        ("/performer/1/image", "http://plex:32400", False),
    ],
)
def test_plex_gets_no_address_that_means_its_own_machine(
    address: str, plex_url: str, reachable: bool
) -> None:
    assert is_reachable(address, plex_url) is reachable


@pytest.mark.parametrize(
    ("address", "secret"),
    [
        ("http://stash/performer/1/image?t=1", False),
        ("http://stash/performer/1/image?t=1&apikey=abc", True),
        ("http://stash/performer/1/image?ApiKey=abc", True),
        ("http://user:word@stash/performer/1/image", True),
    ],
)
def test_address_with_a_key_is_known(address: str, secret: bool) -> None:
    assert holds_secret(address) is secret
