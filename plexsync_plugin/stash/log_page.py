"""Sends a sentence of the detached worker to Stash's log page. Standard library alone.

The worker's own standard error goes nowhere, so it asks Stash to run the plugin's operation *say*, whose standard
error Stash reads (docs/facts/stash.md section 14). Plain urllib, because the package that is missing may
be stashapp-tools.
"""

import http.client
import json
import ssl
import urllib.request

from plexsync_plugin.stash.connection import PLUGIN_ID, StashConnection

TIMEOUT = 10.0  # seconds
_MUTATION = "mutation($id:ID!,$args:Map){runPluginOperation(plugin_id:$id,args:$args)}"


def say(connection: StashConnection, level: str, text: str) -> bool:
    """True when Stash took it. `level` is one of `base.stashlog.LEVELS`."""
    variables = {"id": PLUGIN_ID, "args": {"operation": "say", "level": level, "text": text}}
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if connection.cookie:
        headers["Cookie"] = f"session={connection.cookie}"
    if connection.api_key:
        headers["ApiKey"] = connection.api_key
    request = urllib.request.Request(
        f"{connection.address}/graphql",
        data=json.dumps({"query": _MUTATION, "variables": variables}).encode(),
        headers=headers,
        method="POST",
    )
    try:
        with opener().open(request, timeout=TIMEOUT) as response:
            answer = json.loads(response.read())
    except (OSError, ValueError, http.client.HTTPException):
        return False
    return isinstance(answer, dict) and not answer.get("errors")


def opener() -> urllib.request.OpenerDirector:
    # No proxy: this connection goes to Stash itself. Its certificate is normally self-signed
    # (docs/facts/stash.md section 2).
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
