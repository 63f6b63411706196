"""The same PUTs over one connection, each when the one before is answered. Prints the seconds from the first to the last.

Standard input: JSON, [address, token, [target, ...]].
"""

import json
import sys
import time

import requests

address, token, targets = json.load(sys.stdin)
with requests.Session() as session:
    session.trust_env = False
    session.headers["X-Plex-Token"] = token
    began = time.perf_counter()
    for target in targets:
        session.put(address + target, timeout=30).raise_for_status()
    print(time.perf_counter() - began)
