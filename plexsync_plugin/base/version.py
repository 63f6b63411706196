"""Which version of PlexSync this is, as its PlexSync.yml says. Standard library alone."""

import os
import re


def read_version(plugin_folder: str) -> str:
    """ "" where the file is not there: in the middle of an update."""
    try:
        with open(os.path.join(plugin_folder, "PlexSync.yml"), encoding="utf-8") as file:
            found = re.search(r"^version: (\S+)", file.read(), re.MULTILINE)
    except OSError:
        return ""
    return found[1] if found else ""
