"""The recorded schemas, and whether a query is valid: against the running version's, and against the other one's as well.

PlexSync supports both, so a query that only one of them knows is refused; `both` off accepts what the running version accepts.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    build_schema,
    parse,
    validate,
)

VERSIONS = ("v0.30.1", "v0.27.2")
DATA = Path(__file__).resolve().parents[2] / "data" / "stash"


@lru_cache(maxsize=len(VERSIONS))
def load_schema(version: str) -> GraphQLSchema:
    text = (DATA / f"schema-{version}.graphql").read_text(encoding="utf-8")
    return build_schema(text, assume_valid=True)


class QueryRefused(Exception):
    """A query that does not parse or validate; `errors` has the form of Stash's answer."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


def _error(error: GraphQLError, code: str, origin: str = "") -> dict[str, Any]:
    """gqlparser's wording: double quotes, no "Syntax Error" before and no full stop after one."""
    message = re.sub(r"'([^' ]*)'", r'"\1"', error.message)
    if code == "GRAPHQL_PARSE_FAILED":
        message = message.removeprefix("Syntax Error: ").rstrip(".")
    row: dict[str, Any] = {"message": message + origin}
    if error.locations:
        row["locations"] = [{"line": each.line, "column": each.column} for each in error.locations]
    return row | {"extensions": {"code": code}}


class Schemas:
    def __init__(self, version: str) -> None:
        self.version = version
        self.both = True
        self.running = load_schema(version)

    def check(self, query: str) -> DocumentNode:
        """Raises QueryRefused."""
        return _check(query, self.version, self.both)


@lru_cache(maxsize=1000)
def _check(query: str, version: str, both: bool) -> DocumentNode:
    try:
        document = parse(query)
    except GraphQLSyntaxError as error:
        raise QueryRefused([_error(error, "GRAPHQL_PARSE_FAILED")]) from error
    for each in [version, *(other for other in VERSIONS if both and other != version)]:
        origin = "" if each == version else f" [in {each}]"
        errors = validate(load_schema(each), document)
        if errors:
            raise QueryRefused([_error(error, "GRAPHQL_VALIDATION_FAILED", origin) for error in errors])
    return document
