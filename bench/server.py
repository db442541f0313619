"""Odoo as ``make serve`` starts it, with worker processes, in a process group that can be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ODOO = Path(__file__).parents[1] / "bin" / "lib" / "odoo_main.py"
HOST = "127.0.0.1"
STARTING = 120  # seconds
PROBING = 0.1  # seconds


class Server:
    """``with Server(database, workers) as server``; ``server.kill()`` is a machine that loses power."""

    def __init__(self, database, workers):
        self.port, gevent = free_ports(2)
        self._command = [
            *(sys.executable, ODOO, "-d", database, f"--workers={workers}"),
            *(f"--http-port={self.port}", f"--gevent-port={gevent}", "--max-cron-threads=0"),
            "--log-level=error",
        ]
        self._process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_exception):
        self.kill()

    def start(self):
        self._process = subprocess.Popen(self._command, start_new_session=True)  # noqa: S603  # our own script
        deadline = time.monotonic() + STARTING
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError("The server ended; what it said stands above.")
            with socket.socket() as probe:
                if not probe.connect_ex((HOST, self.port)):
                    return
            time.sleep(PROBING)
        raise RuntimeError(f"The server does not answer on port {self.port}.")

    def kill(self):
        """All its processes at once, without a word."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def free_ports(count):
    """Ports that nobody listens on."""
    probes = [socket.socket() for _port in range(count)]
    for probe in probes:
        probe.bind((HOST, 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
