"""The same pages read over one connection and dropped. `python read_pages.py [parse]`: with `parse` each becomes a tree first.

Standard input: JSON, [address, token, [[target, headers], ...]]. Whole process, with what plexapi needs to read and no more.
"""

import json
import sys
from xml.etree import ElementTree

import requests

address, token, pages = json.load(sys.stdin)
parse = sys.argv[1:] == ["parse"]
with requests.Session() as session:
    session.trust_env = False
    session.headers["X-Plex-Token"] = token
    for target, headers in pages:
        body = session.get(address + target, headers=headers).content
        if parse:
            ElementTree.fromstring(body)
