"""Where an item of Plex is shown: in Plex's own web page, which finds the way to the server by its identifier."""

from urllib.parse import quote

from plexsync_plugin.answers.page.shapes import ItemLink

_PAGE = "https://app.plex.tv/desktop/#!/server/{server}/details?key={key}"


def address(server: str, rating_key: int) -> str:
    """ "" where one of both is not known."""
    if not server or not rating_key:
        return ""
    return _PAGE.format(server=quote(server, safe=""), key=quote(f"/library/metadata/{rating_key}", safe=""))


def link(server: str, rating_key: int, title: str) -> ItemLink:
    return ItemLink(key=rating_key, title=title, url=address(server, rating_key))
