"""What the plugin adds to Stash's page: two ways to its own, a tab of a scene, its settings; and that none of it can harm Stash."""

from collections.abc import Iterator

import pytest

pytest.importorskip(
    "playwright.sync_api", reason="The page inside Stash is not tested: Playwright is not installed."
)

from tests.browser import WHY_NOT, Site

pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def test_page_is_fetched_when_it_is_first_visited(site: Site) -> None:
    visit = site.blank()
    fetched: list[str] = []
    visit.page.on("request", lambda request: fetched.append(request.url))
    visit.page.goto(f"{site.address}/scenes", wait_until="networkidle")
    assert [url for url in fetched if "assets/0." in url] == []
    visit.page.get_by_role("link", name="PlexSync").click()
    visit.page.get_by_role("heading", name="PlexSync", level=1).wait_for()
    assert len([url for url in fetched if "/page.mjs?v=" in url]) == 1
    assert {url.split("/")[2] for url in fetched if url.startswith("http")} == {site.address.split("/")[2]}
    assert visit.errors == []
