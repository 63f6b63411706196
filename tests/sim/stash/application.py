"""The simulated Stash as an application of the base server: sign-in, then GraphQL, pictures, or the user interface."""

import hmac
import posixpath
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from tests.sim.message import Request, Response
from tests.sim.stash.connection import watch_client
from tests.sim.stash.control import CONTROLS
from tests.sim.stash.graphql_answer import answer_graphql
from tests.sim.stash.images import answer_image
from tests.sim.stash.installation import Context, Installation
from tests.sim.stash.runner import Caller
from tests.sim.stash.sessions import Identity, WrongKey
from tests.sim.stash.web_addresses import base
from tests.sim.stash.web_ui import WebUI

_VARY = {"Vary": "Origin"}
_OPEN_PATHS = ("/login", "/css", "/assets")


class Stash:
    def __init__(self, stash: Installation, ui: Path | None = None) -> None:
        """`ui` is a folder with a page of its own (web_ui.py)."""
        self._stash = stash
        self._web_ui = WebUI(stash.plugins, ui)

    def answer(self, request: Request) -> Response:
        if request.path == "/healthz":
            return Response(headers={"Content-Type": "text/plain; charset=utf-8"}, body=b"")
        try:
            identity = self._stash.sessions.identify(request)
        except WrongKey:
            return _unauthorized()
        response = self._answer_for(request, identity)
        if identity.refreshed is not None:
            response.headers["Set-Cookie"] = self._stash.sessions.set_cookie(identity.refreshed)
        return response

    def _answer_for(self, request: Request, identity: Identity) -> Response:
        if self._stash.sessions.has_credentials and not identity.user:
            if request.path.startswith("/login") and request.method == "POST":
                return self._sign_in(request)
            if not request.path.startswith(_OPEN_PATHS):
                return _refuse(request)
        if request.path == "/graphql":
            return answer_graphql(self._context(request, identity), request)
        return answer_image(self._stash.library, request) or self._web_ui.answer(request)

    def _context(self, request: Request, identity: Identity) -> Context:
        caller = Caller(
            base=base(request),
            user=identity.user,
            visited=identity.visited,
            is_gone=watch_client(),
        )
        return Context(stash=self._stash, caller=caller)

    def _sign_in(self, request: Request) -> Response:
        form = parse_qs(request.body.decode("utf-8", "replace"))
        given = [form.get(name, [""])[0] for name in ("username", "password")]
        wanted = [self._stash.sessions.username, self._stash.sessions.password]
        if not hmac.compare_digest(repr(given).encode(), repr(wanted).encode()):
            message = b"Username or password is invalid\n"
            return Response(
                status=401, headers={"Content-Type": "text/plain; charset=utf-8", **_VARY}, body=message
            )
        cookie = self._stash.sessions.make_cookie(given[0], [])
        return Response(headers={"Set-Cookie": self._stash.sessions.set_cookie(cookie), **_VARY})

    def control(self, name: str, payload: Any) -> Any:
        if name not in CONTROLS:
            raise KeyError(f"no control {name}; there are {', '.join(sorted(CONTROLS))}")
        return CONTROLS[name](Context(stash=self._stash), payload or {})

    def dump_state(self) -> Any:
        return self._stash.dump()

    def load_state(self, state: Any) -> None:
        self._stash.load(state)


def _unauthorized() -> Response:
    return Response(status=401, headers={**_VARY, "Www-Authenticate": "FormBased"})


def _refuse(request: Request) -> Response:
    """GraphQL and files get 401, pages (and pictures, whose addresses have no ending) the way to the login page."""
    extension = posixpath.splitext(request.path)[1]
    if request.path == "/graphql" or extension not in {"", ".html"}:
        return _unauthorized()
    # Go encodes the path once for the address and once more as a value of the query.
    path, _, query = request.target.partition("?")
    address = f"/login?{urlencode({'returnURL': quote(path, safe='/%') + (f'?{query}' if query else '')})}"
    body = f'<a href="{address}">Found</a>.\n\n'.encode()
    headers = {"Content-Type": "text/html; charset=utf-8", "Location": address, **_VARY}
    return Response(status=302, headers=headers, body=body)
