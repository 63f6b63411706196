"""What `python plex_sync.py` says while it works and when it is ended: to a person, a pipe, a log file, or to nobody."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.index_runs import TOKEN, World, start_plex
from tests.integration.test_index_command_line import ROOT, CommandLine


@pytest.fixture
def command(tmp_path: Path) -> Iterator[CommandLine]:
    with start_plex(tmp_path) as plex:
        yield CommandLine(tmp_path / "a folder", World(plex, tmp_path))


def test_token_when_verbose_is_not_shown(command: CommandLine) -> None:
    command.settings()
    done = command("--verbose")
    assert done.returncode == 0
    assert "100%" in done.stderr
    assert "library=1 kind=MOVIE listed=3 of 3" in done.stderr
    assert TOKEN not in done.stdout + done.stderr


def test_progress_when_told_never_goes_back(command: CommandLine) -> None:
    command.settings()
    told = [int(found) for found in re.findall(r"^ *(\d+)%", command("--verbose").stderr, re.MULTILINE)]
    assert told == sorted(told)
    assert len(set(told)) > 10


def test_quiet_when_asked_for_tells_trouble_alone(command: CommandLine) -> None:
    command.settings()
    for options in (("--no-images",), ("--export", "csv"), ("--report", "a.html")):
        done = command("--quiet", *options)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    command.world.plex.down()
    away = command("--quiet")
    assert (away.returncode, away.stdout) == (3, "")
    assert "cannot be reached" in away.stderr
    command.world.plex.up()


def test_verdict_when_verbose_is_said_once(command: CommandLine) -> None:
    command.settings()
    done = command("--verbose", "--no-images")
    assert (done.stdout + done.stderr).count("15 added") == 1
    assert done.stderr.endswith("100% Done\n")


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal as a service manager does")
def test_run_when_ended_by_a_service_manager_says_so(command: CommandLine) -> None:
    command.settings()
    command.world.plex.control("set", {"latency_ms": 150})
    process = subprocess.Popen(
        [sys.executable, str(command.folder / "plex_sync.py"), "--no-parallel", "--no-images"],
        env=command.environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while process.poll() is None and not command.world.details():
            pass
        process.terminate()
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130
    assert said == "Interrupted. What was read is kept; the next run goes on from here.\n"


def test_run_when_nobody_reads_its_steps_any_more_goes_on(command: CommandLine) -> None:
    command.settings()
    process = subprocess.Popen(
        [sys.executable, str(command.folder / "plex_sync.py"), "--verbose", "--no-images"],
        env=command.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    process.stderr.close()
    assert process.stdout is not None
    assert "15 added" in process.stdout.read()
    process.stdout.close()
    assert process.wait(60) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
@pytest.mark.parametrize("stream", ["2>&-", "2>/dev/full", ">&- 2>&-"])
@pytest.mark.parametrize(("options", "code"), [("--verbose", 0), ("--library nope", 2), ("--nonsense", 2)])
def test_run_when_its_words_can_go_nowhere_does_its_work(
    command: CommandLine, stream: str, options: str, code: int
) -> None:
    """As under a service manager that closes the streams, or with a log on a disk that is full."""
    command.settings()
    script = f'"$0" "$1" --no-images {options} {stream}'
    started = ["sh", "-c", script, sys.executable, str(command.folder / "plex_sync.py")]
    assert subprocess.run(started, env=command.environment(), timeout=60, check=False).returncode == code


@pytest.mark.skipif(sys.platform == "win32", reason="sends an interrupt as a terminal does")
@pytest.mark.usefixtures("heard_interrupts")
def test_run_when_interrupted_says_so_and_keeps_what_was_read(command: CommandLine) -> None:
    command.settings()
    command.world.plex.control("set", {"latency_ms": 150})
    process = subprocess.Popen(
        [sys.executable, str(command.folder / "plex_sync.py"), "--no-parallel"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while process.poll() is None and not command.world.details():
            pass
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130
    assert "Interrupted" in said
    assert "Traceback" not in said
    assert Path(f"{command.world.db}.staging").exists()


def test_log_file_when_asked_for_has_each_step_and_no_token(command: CommandLine) -> None:
    command.settings()
    done = command("--log-file", "logs/index.log", "--no-images")
    assert (done.returncode, done.stderr) == (0, "")
    text = (command.stands / "logs" / "index.log").read_text("utf-8")
    assert "listed=3 of 3" in text
    assert "15 added" in text
    assert TOKEN not in text
    command.world.plex.down()
    assert command("--log-file", "logs/index.log").returncode == 3
    assert "cannot be reached" in (command.stands / "logs" / "index.log").read_text("utf-8")
    command.world.plex.up()


def test_log_file_when_it_cannot_be_written_is_said(command: CommandLine) -> None:
    command.settings()
    done = command("--log-file", ".")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="opens a terminal as POSIX has them")
def test_progress_when_on_a_terminal_is_a_bar(command: CommandLine) -> None:
    import pty

    command.settings()
    command.world.plex.control("set", {"latency_ms": 60})
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(command.folder / "plex_sync.py"), "--no-images"],
        env=command.environment() | {"TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # Linux ends a terminal so, when nobody writes to it any more
        while piece := os.read(ours, 4096):
            shown += piece
    os.close(ours)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"15 added" in out
    assert b"Reading" in shown
    assert b"\x1b[" in shown
