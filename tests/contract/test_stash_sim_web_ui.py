"""The simulated Stash hands out a plugin's scripts, styles and assets as the real one does (docs/facts/stash-ui.md, sections 2, 3, 12, 13)."""

import gzip
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from tests.sim.stash.client import StashProcess

YAML = """name: Shown
exec: [python3, nothing.py]
interface: raw
ui:
  javascript: [ui/one.js, ui/two.js, "https://elsewhere.example/three.js"]
  css: [ui/style.css]
  assets:
    /static-1: ui/assets
  csp:
    connect-src: ["http://plex.example:32400"]
"""
FILES = {
    "ui/one.js": "one();",
    "ui/two.js": "two();",
    "ui/style.css": "a { color: red }",
    "ui/assets/page.mjs": "export const page = 1;",
    "ui/assets/more/index.html": "",
    "ui/secret.txt": "not an asset",
}
PLUGIN = "/plugin/Shown"


@pytest.fixture(scope="module")
def stash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StashProcess]:
    config = tmp_path_factory.mktemp("config")
    folder = config / "plugins" / "Shown"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "Shown.yml").write_text(YAML, encoding="utf-8")
    with StashProcess(config) as process:
        yield process


def paths(stash: StashProcess, headers: dict[str, str] | None = None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = stash.post("{plugins{paths{javascript css}}}", headers=headers).json[
        "data"
    ]["plugins"][0]["paths"]
    return found


def test_plugin_tells_where_its_scripts_are(stash: StashProcess) -> None:
    assert paths(stash) == {
        "javascript": [f"{stash.url}/plugin/Shown/javascript", "https://elsewhere.example/three.js"],
        "css": [f"{stash.url}/plugin/Shown/css"],
    }


def test_addresses_follow_the_proxy_that_was_asked(stash: StashProcess) -> None:
    headers = {"Host": "stash.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/stash/"}
    assert paths(stash, headers)["css"] == ["https://stash.example/stash/plugin/Shown/css"]


def test_scripts_of_a_plugin_are_one_that_is_asked_for_anew_each_time(stash: StashProcess) -> None:
    answer = stash.send("GET", f"{PLUGIN}/javascript")
    assert answer.body == b"one();\ntwo();\n"
    assert answer.headers["content-type"] == "text/javascript"
    assert answer.headers["cache-control"] == "no-cache"
    again = stash.send("GET", f"{PLUGIN}/javascript", {"If-None-Match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    packed = stash.send("GET", f"{PLUGIN}/javascript", {"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.body) == answer.body
    assert stash.send("GET", f"{PLUGIN}/css").body == b"a { color: red }\n"


def test_asset_is_dated_and_not_told_how_long_it_holds(stash: StashProcess) -> None:
    answer = stash.send("GET", f"{PLUGIN}/assets/static-1/page.mjs?v=1")
    assert answer.body == b"export const page = 1;"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert {"cache-control", "etag", "content-security-policy"} & set(answer.headers) == set()
    changed = {"If-Modified-Since": answer.headers["last-modified"]}
    assert stash.send("GET", f"{PLUGIN}/assets/static-1/page.mjs", changed).status == 304
    older = {"If-Modified-Since": formatdate(0, usegmt=True)}
    assert stash.send("GET", f"{PLUGIN}/assets/static-1/page.mjs", older).status == 200


def test_asset_is_given_in_ranges(stash: StashProcess) -> None:
    answer = stash.send("GET", f"{PLUGIN}/assets/static-1/page.mjs", {"Range": "bytes=7-11"})
    assert (answer.status, answer.body) == (206, b"const")
    assert answer.headers["content-range"] == "bytes 7-11/22"


def test_prefix_of_assets_is_compared_as_text(stash: StashProcess) -> None:
    assert stash.send("GET", f"{PLUGIN}/assets/static-1page.mjs").body == b"export const page = 1;"


def test_folder_of_assets_shows_its_index_or_its_names(stash: StashProcess) -> None:
    assert b"page.mjs" in stash.send("GET", f"{PLUGIN}/assets/static-1/").body
    assert stash.send("GET", f"{PLUGIN}/assets/static-1/more/").body == b""


@pytest.mark.parametrize(
    "path",
    [
        "/plugin/Shown",
        "/plugin/Other/javascript",
        f"{PLUGIN}/page",
        f"{PLUGIN}/javascript/more",
        f"{PLUGIN}/assets/other/page.mjs",
        f"{PLUGIN}/assets/static-1/../secret.txt",
        f"{PLUGIN}/assets/static-1/%2e%2e/secret.txt",
        f"{PLUGIN}/assets/static-1/nothing.mjs",
        "/plugins/plexsync/a.mkv",
    ],
)
def test_what_is_not_there_answers_404(stash: StashProcess, path: str) -> None:
    assert stash.send("GET", path).status == 404


def test_disabled_plugin_hands_out_nothing(stash: StashProcess) -> None:
    switch = "mutation($m:BoolMap!){setPluginsEnabled(enabledMap:$m)}"
    stash.query(switch, {"m": {"Shown": False}})
    assert stash.send("GET", f"{PLUGIN}/javascript").status == 400
    stash.query(switch, {"m": {"Shown": True}})
    assert stash.send("GET", f"{PLUGIN}/javascript").status == 200


@pytest.mark.parametrize("path", ["/", "/plugins/plexsync", "/plugins/plexsync/", "/scenes/12", "/zzz"])
def test_every_other_address_is_the_page(stash: StashProcess, path: str) -> None:
    answer = stash.send("GET", path)
    assert answer.status == 200
    assert b'<base href="/">' in answer.body
    assert b"load_plugins.js" in answer.body


def test_page_has_the_policy_that_plugins_widen(stash: StashProcess) -> None:
    policy = stash.send("GET", "/scenes").headers["content-security-policy"]
    assert policy == (
        "default-src data: 'self' 'unsafe-inline'; connect-src data: 'self' ws: wss: http://plex.example:32400; "
        "img-src data: *; script-src 'self' http://www.gstatic.com https://www.gstatic.com 'unsafe-inline' 'unsafe-eval' "
        "https://elsewhere.example/three.js; style-src 'self' 'unsafe-inline'; media-src blob: 'self'; worker-src blob:; "
        "child-src 'none'; object-src 'none'; form-action 'self';"
    )


def test_page_stands_below_the_prefix_of_the_proxy(stash: StashProcess) -> None:
    assert b'<base href="/stash/">' in stash.send("GET", "/scenes", {"X-Forwarded-Prefix": "/stash"}).body


def test_files_of_the_page_are_kept_for_ever(stash: StashProcess) -> None:
    answer = stash.send("GET", "/assets/load_plugins.js")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_page_of_another_folder_takes_the_place_of_the_simulated_one(tmp_path: Path) -> None:
    folder = tmp_path / "ui"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<base href="/"><script src="assets/app.js">', encoding="utf-8")
    (folder / "assets" / "app.js").write_text("app();", encoding="utf-8")
    with StashProcess(tmp_path / "config", "--ui", str(folder)) as process:
        assert process.send("GET", "/plugins/x", {"X-Forwarded-Prefix": "/p"}).body == (
            b'<base href="/p/"><script src="assets/app.js">'
        )
        assert process.send("GET", "/assets/app.js").body == b"app();"
