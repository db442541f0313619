"""Odoo in processes of their own, which a test starts, watches and kills."""

import os
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300  # seconds
# What the database server needs to notice that a client is gone, and to roll back.
NOTICED = 1


def start(database, script):
    """A shell of Odoo on the database that runs `script`."""
    process = subprocess.Popen(
        [str(ROOT / "bin/odoo"), "shell", "-d", database, "--no-http", "--log-level=warn"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    process.stdin.write(script)
    process.stdin.close()
    return process


def finish(process):
    """Wait for the end, which must be a good one."""
    output = process.stdout.read()
    assert process.wait(PATIENCE) == 0, output
    assert "Traceback" not in output, output
    return output


def wait_for_line(process, text):
    """Read what the process prints up to a line with `text`."""
    seen = []
    for line in process.stdout:
        if text in line:
            return
        seen.append(line)
    raise AssertionError("".join(seen))


def kill(process):
    """Like a machine that loses power."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    time.sleep(NOTICED)


def query(database, sql):
    """The one value of a query, as text."""
    output = subprocess.run(
        ["psql", "-d", database, "-AtXqc", sql], check=True, capture_output=True, text=True
    )
    return output.stdout
