"""POST /graphql: from the bytes of a request to the bytes of the answer, with gqlgen's statuses and error forms."""

import json
from typing import Any

from tests.sim.message import Request, Response
from tests.sim.stash.execution import Execution, Resolvers, coerce_variables, select_operation
from tests.sim.stash.fields import FIELDS
from tests.sim.stash.gojson import dump
from tests.sim.stash.installation import Context
from tests.sim.stash.plugin_mutations import PLUGIN_MUTATIONS
from tests.sim.stash.queries import QUERIES
from tests.sim.stash.relation_mutations import RELATION_MUTATIONS
from tests.sim.stash.scene_mutations import SCENE_MUTATIONS
from tests.sim.stash.schema import QueryRefused

RESOLVERS: Resolvers = FIELDS | {
    "Query": QUERIES,
    "Mutation": SCENE_MUTATIONS | RELATION_MUTATIONS | PLUGIN_MUTATIONS,
}
_JSON = "application/json"
_GRAPHQL_JSON = "application/graphql-response+json"


def answer_graphql(context: Context, request: Request) -> Response:
    kind = _content_type(context, request)
    if request.method != "POST":
        return _encode(400, kind, {"errors": [{"message": "transport not supported"}], "data": None})
    try:
        asked = json.loads(request.body)
    except ValueError as error:
        message = (
            f"json request body could not be decoded: {error} body:{request.body.decode('utf-8', 'replace')}"
        )
        return _encode(400, kind, {"errors": [{"message": message}], "data": None})
    refused = context.stash.refused
    if refused is not None and refused[0] in (asked.get("query") or ""):
        return _encode(200, kind, {"errors": [{"message": refused[1]}], "data": None})
    try:
        return _encode(200, kind, _execute(context, asked))
    except QueryRefused as error:
        context.stash.log.write("Debug", f"query refused: {error}")
        status = 422 if kind == _JSON else 400
        return _encode(status, kind, {"errors": error.errors, "data": None})


def _execute(context: Context, asked: dict[str, Any]) -> dict[str, Any]:
    schemas = context.stash.schemas
    document = schemas.check(asked.get("query") or "")
    operation = select_operation(document, asked.get("operationName"))
    variables = coerce_variables(schemas.running, operation, asked.get("variables") or {})
    return Execution(schemas.running, document, operation, variables, RESOLVERS, context).run()


def _content_type(context: Context, request: Request) -> str:
    """gqlgen of v0.30.1 answers in the newer type to a client that accepts anything (docs/facts/stash-ui.md section 9)."""
    accepted = request.headers.get("Accept")
    if not accepted or context.stash.version == "v0.27.2":
        return _JSON
    for part in accepted.split(","):
        media = part.partition(";")[0].strip().lower()
        if media == _JSON:
            return _JSON
        if media in {_GRAPHQL_JSON, "*/*", "application/*"}:
            return _GRAPHQL_JSON
    return _GRAPHQL_JSON


def _encode(status: int, kind: str, answer: dict[str, Any]) -> Response:
    headers = {
        "Cache-Control": "no-store",
        "Content-Type": kind,
        "Vary": "Origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(status=status, headers=headers, body=dump(answer))
