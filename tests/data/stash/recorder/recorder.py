"""A plugin for tests: writes its standard input, byte for byte, into a numbered file, then does what its mode says.

mode (an argument, or the file `mode` beside this one): error, slow, text, exit, stderr, long, child; anything else answers
{"output": {"ok": true}}. `pids` and `environment.json` beside it say who ran and with what.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def say(level: str, text: str) -> None:
    sys.stderr.write(f"\x01{level}\x02{text}\n")
    sys.stderr.flush()


def record(document: bytes) -> None:
    folder = HERE / "recorded"
    folder.mkdir(exist_ok=True)
    (folder / f"{time.time_ns():020d}-{os.getpid()}.json").write_bytes(document)
    with (HERE / "pids").open("a", encoding="utf-8") as stream:
        stream.write(f"{os.getpid()}\n")
    seen = {"cwd": os.getcwd(), "PYTHONPATH": os.environ.get("PYTHONPATH"), "executable": sys.executable}
    (HERE / "environment.json").write_text(json.dumps(seen), encoding="utf-8")


def choose_mode(arguments: dict[str, object]) -> str:
    beside = HERE / "mode"
    fallback = beside.read_text(encoding="utf-8").strip() if beside.exists() else "ok"
    return str(arguments.get("mode", fallback))


def print_levels() -> None:
    for level in "tdiwe":
        say(level, f"level {level}")
    say("p", "0.5")
    sys.stderr.write("no prefix\n")
    sys.stderr.write("\x01i\x02\n")
    sys.stderr.flush()


def print_a_long_line() -> None:
    """Raises BrokenPipeError once Stash's reader has given up."""
    say("i", "before")
    say("i", "x" * 70_000)
    time.sleep(0.3)
    say("i", "after")


def answer(mode: str) -> str:
    if mode == "error":
        return json.dumps({"error": "it broke"})
    if mode == "text":
        return "not JSON"
    if mode == "slow":
        say("p", str(2 / 30))
        time.sleep(30)
    if mode == "stderr":
        print_levels()
    if mode == "long":
        print_a_long_line()
    if mode == "child":
        # It inherits stdout, so Stash waits for it.
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1)"], stderr=subprocess.DEVNULL)
    return json.dumps({"output": {"ok": True}})


def main() -> int:
    document = sys.stdin.buffer.read()
    record(document)
    mode = choose_mode(json.loads(document)["args"])
    sys.stdout.write(answer(mode))
    sys.stdout.flush()
    return 3 if mode == "exit" else 0


if __name__ == "__main__":
    sys.exit(main())
