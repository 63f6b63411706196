"""What Stash says to a query, taken out of the bytes of its answer. Standard library alone (*say* and *wake* need it).

Something else may answer in Stash's place, or half of it: whatever comes, it is data or one of our errors.
"""

import json
from typing import Any

from plexsync_plugin.base.errors import StashBusy, StashRejected, StashUnauthorized

MOST_PIECES = 4_000_000  # values of an answer; each takes far more memory than its text
LONGEST_REASON = 300  # characters of what Stash says about a query that it refuses


def data_of(status: int, body: bytes) -> dict[str, Any]:
    """Raises StashUnauthorized, StashBusy and StashRejected."""
    if status in (401, 403) or 300 <= status < 400:
        raise StashUnauthorized("Stash does not accept this session any more.")
    if status >= 500:
        raise StashBusy(f"Stash answered {status}.")
    try:
        answer = read_json(body)
    except ValueError as error:
        raise StashRejected(f"Stash answered {status} with something that is not JSON.") from error
    if not isinstance(answer, dict):
        raise StashRejected(f"Stash answered {status} with something that is no answer to a query.")
    if answer.get("errors"):
        raise StashRejected(f"Stash refused a query: {_reason(answer['errors'])[:LONGEST_REASON]}")
    data = answer.get("data")
    if not isinstance(data, dict):
        raise StashRejected(f"Stash answered {status} without data.")
    return data


def read_json(body: bytes) -> Any:
    """Raises ValueError, also for what is too much, or nested too deeply, to be read."""
    if sum(body.count(mark) for mark in (b"{", b"[", b",")) > MOST_PIECES:
        raise ValueError("more values than are read")
    try:
        answer = json.loads(body.decode("utf-8", "replace"))
        return _without_surrogates(answer) if b"\\ud" in body or b"\\uD" in body else answer
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _without_surrogates(value: Any) -> Any:
    """Halves of characters can be stored and sent nowhere."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(entry) for entry in value]
    if isinstance(value, dict):
        return {_without_surrogates(name): _without_surrogates(entry) for name, entry in value.items()}
    return value


def _reason(problems: Any) -> str:
    first = problems[0] if isinstance(problems, list) else problems
    return str(first.get("message") if isinstance(first, dict) else first)
