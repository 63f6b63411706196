"""Pip alone: `python pip_alone.py FOLDER LOCK...` puts what each lock names into the folder, one call for each lock."""

import subprocess
import sys

target, *locks = sys.argv[1:]
for lock in locks:
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade",
         "--target", target, "--require-hashes", "-r", lock],
        check=True,
    )  # fmt: skip
