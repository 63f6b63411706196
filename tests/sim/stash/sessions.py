"""Who a request comes from: the signed session cookie, the API key, the user name and password.

The cookie keeps nothing on the server (as Stash's): user, visited (plugin, hook) pairs and time of birth, signed.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from email.utils import formatdate
from http.cookies import CookieError, SimpleCookie
from typing import Any

from tests.sim.message import Request

COOKIE = "session"
_SIGNATURE = hashlib.sha256().digest_size * 2
Visited = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Identity:
    """user is "" for nobody; refreshed is the cookie to send back, None if the request carried no valid one."""

    user: str = ""
    visited: tuple[tuple[str, str], ...] = ()
    refreshed: str | None = None


class WrongKey(Exception):
    """An API key that is not the configured one: refused even where no password is set."""


class Sessions:
    def __init__(self) -> None:
        self.username = ""
        self.password = ""
        self.api_key = ""
        self.max_age = 3600
        self._secret = secrets.token_hex(32)

    @property
    def has_credentials(self) -> bool:
        return bool(self.username and self.password)

    def make_cookie(self, user: str, visited: Visited, age: float = 0) -> str:
        """`age` is how many seconds ago it was made."""
        payload = json.dumps({"user": user, "visited": visited, "at": time.time() - age})
        return base64.urlsafe_b64encode(f"{self._sign(payload)}{payload}".encode()).decode()

    def _sign(self, text: str) -> str:
        return hmac.new(self._secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _read_cookie(self, value: str) -> tuple[str, Visited] | None:
        try:
            text = base64.urlsafe_b64decode(value).decode()
        except ValueError:
            return None
        signature, signed = text[:_SIGNATURE], text[_SIGNATURE:]
        if not hmac.compare_digest(signature.encode(), self._sign(signed).encode()):
            return None
        payload = json.loads(signed)
        if self.max_age and time.time() - payload["at"] > self.max_age:
            return None
        return payload["user"], [(plugin, hook) for plugin, hook in payload["visited"]]

    def identify(self, request: Request) -> Identity:
        """Raises WrongKey. A key identifies the user; the cookie beside it still tells which hooks were visited."""
        sent = _first_session(request.headers.get("Cookie", ""))
        session = None if sent is None else self._read_cookie(sent)
        visited = tuple(session[1]) if session else ()
        key = request.headers.get("ApiKey") or dict(request.query).get("apikey")
        if key:
            if key != self.api_key:
                raise WrongKey
            return Identity(self.username, visited)
        if session is None:
            return Identity()
        return Identity(session[0], visited, self.make_cookie(session[0], session[1]))

    def set_cookie(self, value: str) -> str:
        """The header's value. A max_age of 0 gives a cookie without an end."""
        end = ""
        if self.max_age:
            expires = formatdate(time.time() + self.max_age, usegmt=True)
            end = f" Expires={expires}; Max-Age={self.max_age};"
        return f"{COOKIE}={value}; Path=/;{end} SameSite=Lax"

    def new_api_key(self) -> str:
        """Empty while no user name is set."""
        if not self.username:
            return ""
        self.api_key = f"{secrets.token_urlsafe(27)}.{secrets.token_urlsafe(60)}.{secrets.token_urlsafe(32)}"
        return self.api_key

    def dump(self) -> dict[str, Any]:
        return {
            "username": self.username,
            "password": self.password,
            "api_key": self.api_key,
            "max_age": self.max_age,
            "secret": self._secret,
        }

    def load(self, kept: dict[str, Any]) -> None:
        self.username, self.password = kept["username"], kept["password"]
        self.api_key, self.max_age, self._secret = kept["api_key"], kept["max_age"], kept["secret"]


def _first_session(header: str) -> str | None:
    """Go reads the first of several cookies with one name; SimpleCookie would keep the last."""
    for part in header.split(";"):
        try:
            jar = SimpleCookie(part.strip())
        except CookieError:
            continue
        if COOKIE in jar:
            return jar[COOKIE].value
    return None
