"""What a Python that is too old says, run by one where it is found."""

import json
import re
import subprocess

import pytest

from tests.sim.process import ROOT
from tools.matrix import find

SENTENCE = re.compile(r"PlexSync needs Python 3\.11 or newer; Stash runs \S+, which is 3\.\d+\. Set another one in Stash, "
                      r"Settings > System > Python executable path\.")  # fmt: skip


@pytest.fixture(params=["3.8", "3.9", "3.10"])
def old_python(request: pytest.FixtureRequest) -> str:
    python = find(request.param)
    if python is None:
        pytest.skip(f"no Python {request.param} here")
    return python


def test_entry_answers_stash_with_one_sentence(old_python: str) -> None:
    document = json.dumps({"args": {"hookContext": {"id": 1, "type": "Scene.Update.Post"}}})
    command = [old_python, "-B", str(ROOT / "plexsync_plugin" / "start.py")]
    done = subprocess.run(command, input=document.encode(), capture_output=True, check=True)
    assert done.stderr == b""
    assert SENTENCE.fullmatch(json.loads(done.stdout)["error"])


def test_index_command_says_so_too(old_python: str) -> None:
    done = subprocess.run(
        [old_python, "-B", str(ROOT / "plex_sync.py")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Not done: PlexSync needs Python 3.11 or newer" in done.stderr
    assert "Traceback" not in done.stderr
